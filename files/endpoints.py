"""Methods for files: those of the caller, and those of rows, by the access rules of the rows."""

from __future__ import annotations

import uuid

from accounts.models import User
from files import addresses, subjects, uploads
from files.models import StoredFile
from files.protocol import FileInfo, FileSubject, UploadTicket
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint

MAX_LISTED = 500


class FilesEndpoint(Endpoint):
    """Upload, read, list and delete files. A file belongs to its user, and may belong to a row."""

    # Without require_login: rows may be readable without signing in, and so are their files. Every method that is about
    # the caller's own files asks for the caller, which raises NotSignedIn (401).

    def start_upload(
        self, call: Call, name: str, size: int, content_type: str, *, subject: FileSubject | None = None
    ) -> UploadTicket:
        """Reserve a place for a file. Send the bytes as the description says, then finish_upload.

        `subject`: the row that the file will belong to, which the caller must be allowed to update.
        """
        owner = _owner(call)
        row = None if subject is None else subjects.find_row(subject, "update", call)
        file = uploads.start(owner=owner, name=name, size=size, content_type=content_type, subject=row)
        assert file.expires_at is not None
        return UploadTicket(
            id=file.pk, description=addresses.upload_description(file), expires_at=file.expires_at
        )

    def finish_upload(self, call: Call, upload_id: uuid.UUID) -> FileInfo:
        """Check that the bytes are there, and make them a file."""
        return _info(uploads.finish(owner=_owner(call), upload_id=upload_id))

    def list_files(
        self,
        call: Call,
        *,
        limit: int = 100,
        before: uuid.UUID | None = None,
        subject: FileSubject | None = None,
    ) -> list[FileInfo]:
        """The caller's newest files; with `before`, those older than that one. At most 500 at a time.

        With `subject`, the files of this row, of all users. Fails with 404 if the caller may not read it.
        """
        if subject is None:
            files = uploads.files_of(_owner(call))
        else:
            files = subjects.files_of(subjects.find_row(subject, "read", call))
        if before is not None:
            files = files.filter(pk__lt=before)
        return [_info(file) for file in files[: max(0, min(limit, MAX_LISTED))]]

    def get_file(self, call: Call, file_id: uuid.UUID) -> FileInfo:
        """One file of the caller, or of a row that the caller may read, with a new address."""
        return _info(subjects.file_to_read(file_id, call))

    def delete_file(self, call: Call, file_id: uuid.UUID) -> None:
        """Delete a file of the caller, or of a row that the caller may update; or cancel an upload."""
        uploads.remove(subjects.file_to_delete(file_id, call))


def _owner(call: Call) -> User:
    """The caller, with only the key set: no query."""
    return User(pk=uuid.UUID(call.user_id))


def _info(file: StoredFile) -> FileInfo:
    url, expires_at = addresses.download(file)
    return FileInfo(
        id=file.pk,
        name=file.name,
        size=file.size,
        content_type=file.content_type,
        created_at=file.created_at,
        subject=subjects.name_of(file),
        url=url,
        url_expires_at=expires_at,
    )
