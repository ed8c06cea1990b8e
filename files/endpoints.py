"""Methods for files. Each user can access only their own files."""

from __future__ import annotations

import uuid

from accounts.models import User
from files import addresses, uploads
from files.models import StoredFile
from files.protocol import FileInfo, UploadTicket
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint

MAX_LISTED = 500


class FilesEndpoint(Endpoint):
    """Upload, read, list and delete the caller's files."""

    require_login = True

    def start_upload(self, call: Call, name: str, size: int, content_type: str) -> UploadTicket:
        """Reserve a place for a file. Send the bytes as the description says, then finish_upload."""
        file = uploads.start(owner=_owner(call), name=name, size=size, content_type=content_type)
        assert file.expires_at is not None
        return UploadTicket(
            id=file.pk, description=addresses.upload_description(file), expires_at=file.expires_at
        )

    def finish_upload(self, call: Call, upload_id: uuid.UUID) -> FileInfo:
        """Check that the bytes are there, and make them a file."""
        return _info(uploads.finish(owner=_owner(call), upload_id=upload_id))

    def list_files(self, call: Call, *, limit: int = 100, before: uuid.UUID | None = None) -> list[FileInfo]:
        """The newest files; with `before`, those older than that one. At most 500 at a time."""
        files = uploads.files_of(_owner(call))
        if before is not None:
            files = files.filter(pk__lt=before)
        return [_info(file) for file in files[: max(0, min(limit, MAX_LISTED))]]

    def get_file(self, call: Call, file_id: uuid.UUID) -> FileInfo:
        """One file, with a new address."""
        return _info(uploads.file_of(_owner(call), file_id))

    def delete_file(self, call: Call, file_id: uuid.UUID) -> None:
        """Delete a file, or cancel an upload."""
        uploads.delete(owner=_owner(call), file_id=file_id)


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
        url=url,
        url_expires_at=expires_at,
    )
