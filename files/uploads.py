"""Uploads: reserve a place, receive the bytes, check them, make them a file; delete a file. No HTTP here."""

from __future__ import annotations

import logging
import re
import uuid
from datetime import timedelta
from typing import IO, Any, Protocol, cast

from django.core import signing
from django.core.files import File
from django.db import transaction
from django.db.models import Model, Q, QuerySet, Sum
from django.db.models.signals import post_delete
from django.dispatch import receiver

from accounts.models import User
from files.conf import conf
from files.errors import not_found, refused
from files.models import State, StoredFile, belongs_to
from files.protocol import FileExceptionReason as Reason
from podium.core import clock
from podium.core.ids import uuid7
from podium.core.storages import DirectStorage, storage

logger = logging.getLogger("podium.files")

NAME_LENGTH = 255
LEASE = timedelta(seconds=60)
"""If a server does not renew the lease for this long, it has stopped, and the client may send the bytes again."""
_BAD_IN_NAMES = re.compile(r"[/\\\x00-\x1f\x7f]")
_CONTENT_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}", re.ASCII)
"""Source: RFC 6838 section 4.2, limited to the column's length. Parameters (";charset=") are not accepted."""
_signer = signing.Signer(salt="files.upload")


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def start(
    *, owner: User, name: str, size: int, content_type: str, subject: Model | None = None
) -> StoredFile:
    """Reserve a place for a file. addresses.upload_description() says where to send its bytes.

    name          shown to users: 1-255 characters, no "/", no control characters
    size          bytes, 1 to FILES_MAX_BYTES
    content_type  "type/subtype", one of FILES_TYPES
    subject       the row that it belongs to: who may read the row may read the file. The rules are not asked here

    Returns a file in state PENDING, which expires after FILES_UPLOAD_MINUTES.
    Raises FileException: BAD_NAME, EMPTY, TOO_LARGE, TYPE_REFUSED, QUOTA_FULL, TOO_MANY_UPLOADS. One INSERT, one SUM.
    """
    name, content_type = name.strip(), content_type.strip().lower()
    _check(name, size, content_type)
    file_id = uuid7()
    with transaction.atomic():
        # Locked, because two uploads at the same time could both get the last free bytes.
        if User.objects.select_for_update().filter(pk=owner.pk).first() is None:
            raise refused(Reason.NOT_FOUND, "This user does not exist any more.")
        _check_room(owner, size)
        return StoredFile.objects.create(
            id=file_id,
            owner=owner,
            name=name,
            size=size,
            content_type=content_type,
            key=f"{owner.pk}/{file_id}",
            expires_at=clock.now() + timedelta(minutes=conf.UPLOAD_MINUTES),
            **({} if subject is None else belongs_to(subject)),
        )


def _check(name: str, size: int, content_type: str) -> None:
    if not name or len(name) > NAME_LENGTH or _BAD_IN_NAMES.search(name) or name in (".", ".."):
        raise refused(
            Reason.BAD_NAME, f'A name has 1 to {NAME_LENGTH} characters, without "/" and control characters.'
        )
    if size < 1:
        raise refused(Reason.EMPTY, "A file has at least one byte.")
    if size > conf.MAX_BYTES:
        raise refused(
            Reason.TOO_LARGE, f"The file has {size} bytes; this server accepts up to {conf.MAX_BYTES}."
        )
    if not _CONTENT_TYPE.fullmatch(content_type):
        raise refused(Reason.TYPE_REFUSED, 'The content type is not of the form "image/png".')
    group = content_type.partition("/")[0] + "/*"
    if conf.TYPES and content_type not in conf.TYPES and group not in conf.TYPES:
        raise refused(
            Reason.TYPE_REFUSED, f"{content_type} is not accepted; accepted are {', '.join(conf.TYPES)}."
        )


def _check_room(owner: User, size: int) -> None:
    held = StoredFile.objects.filter(Q(expires_at=None) | Q(expires_at__gt=clock.now()), owner=owner)
    unfinished = held.filter(expires_at__isnull=False).exclude(state=State.DELETED)
    if unfinished.count() >= conf.MAX_UNFINISHED:
        raise refused(
            Reason.TOO_MANY_UPLOADS,
            f"{conf.MAX_UNFINISHED} uploads are open. Finish them, or wait {conf.UPLOAD_MINUTES} minutes.",
        )
    used = held.aggregate(total=Sum("size"))["total"] or 0
    if used + size > conf.QUOTA_BYTES:
        left = max(0, conf.QUOTA_BYTES - used)
        raise refused(
            Reason.QUOTA_FULL, f"There is room for {left} more bytes. Delete files that you do not need."
        )


def token(file: StoredFile) -> str:
    """The signed token in the address of an upload through this server. It can't be forged."""
    return _signer.sign(str(file.pk))


def id_in(signed: str) -> uuid.UUID:
    """Return the id of a token's upload. Raises FileException (NOT_FOUND)."""
    try:
        return uuid.UUID(_signer.unsign(signed))
    except (signing.BadSignature, ValueError):
        raise not_found() from None


def open_upload(file_id: uuid.UUID) -> StoredFile:
    """Return an upload that may receive its bytes now, and whose owner is not blocked.

    Raises FileException: NOT_FOUND, EXPIRED, ALREADY_UPLOADED.
    """
    wanted = StoredFile.objects.filter(pk=file_id, owner__is_active=True)
    file = wanted.exclude(state=State.DELETED).first()
    if file is None:
        raise not_found()
    if file.state != State.PENDING and not (file.state == State.RECEIVING and _lease_ran_out(file)):
        raise refused(Reason.ALREADY_UPLOADED, "This address was used already; it works once.")
    _check_time(file)
    return file


def _lease_ran_out(file: StoredFile) -> bool:
    return file.lease_until is None or file.lease_until < clock.now()


def receive(file_id: uuid.UUID, body: Readable) -> None:
    """Receive the bytes of an upload, a chunk at a time. An interrupted upload may be tried again.

    Raises FileException: NOT_FOUND, EXPIRED, ALREADY_UPLOADED; TOO_LARGE or WRONG_SIZE if the size differs.
    """
    file = open_upload(file_id)
    lease = _Lease(file)
    try:
        storage().delete(file.key)  # bytes that a server left when it stopped during an upload
        storage().save(file.key, File(cast(IO[bytes], _Measured(file, body, lease)), name=file.key))
        lease.end(State.RECEIVED)
    except BaseException as error:  # also when the server stops: no partial file remains
        if lease.lost:
            raise
        storage().delete(file.key)
        if not StoredFile.objects.filter(pk=file_id).exists():
            raise not_found() from error  # deleted while its bytes arrived, which may have failed the storage
        lease.end(State.PENDING)
        raise


class _Lease:
    """The right of one request to receive an upload. Another request may take over an expired lease.

    Raises FileException: ALREADY_UPLOADED if another request holds it or took it over, NOT_FOUND if it was deleted.
    """

    def __init__(self, file: StoredFile) -> None:
        self.file_id = file.pk
        self.lost = False
        self.until = file.lease_until
        self._take(StoredFile.objects.filter(pk=file.pk, state=file.state, lease_until=file.lease_until))

    def renew(self) -> None:
        """Record that bytes still arrive. Writes to the database only when half of the time is over."""
        if self.until is not None and self.until - clock.now() < LEASE / 2:
            self._take(self._mine())

    def end(self, state: State) -> None:
        if not self._mine().update(state=state, lease_until=None):
            self._refuse()

    def _mine(self) -> QuerySet[StoredFile]:
        return StoredFile.objects.filter(
            pk=self.file_id, state=State.RECEIVING, lease_until=self.until, owner__is_active=True
        )

    def _take(self, rows: QuerySet[StoredFile]) -> None:
        until = clock.now() + LEASE
        if not rows.update(state=State.RECEIVING, lease_until=until):
            self._refuse()
        self.until = until

    def _refuse(self) -> None:
        if not StoredFile.objects.filter(pk=self.file_id).exists():
            raise not_found()
        self.lost = True
        raise refused(Reason.ALREADY_UPLOADED, "Someone else is sending to this address.")


class _Measured:
    """The bytes as they arrive. Raises FileException as soon as they are too many, too few or too late."""

    def __init__(self, file: StoredFile, body: Readable, lease: _Lease) -> None:
        self.file, self.body, self.lease = file, body, lease
        self.size = file.size
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        chunk = self.body.read(size if size > 0 else File.DEFAULT_CHUNK_SIZE)
        self.count += len(chunk)
        if self.count > self.size:
            raise refused(Reason.TOO_LARGE, f"More than the announced {self.size} bytes were sent.")
        if not chunk and self.count < self.size:
            raise refused(Reason.WRONG_SIZE, f"{self.count} bytes were sent; {self.size} were announced.")
        _check_time(self.file)
        self.lease.renew()
        return chunk


def finish(*, owner: User, upload_id: uuid.UUID) -> StoredFile:
    """Make a file of an upload whose bytes have arrived. A second call returns the same file.

    Raises FileException: NOT_FOUND, EXPIRED, NOT_UPLOADED, WRONG_SIZE. One HEAD on the storage.
    """
    file = StoredFile.objects.filter(pk=upload_id, owner=owner).exclude(state=State.DELETED).first()
    if file is None:
        raise not_found()
    if file.state == State.READY:
        return file
    _check_time(file)
    direct = isinstance(storage(), DirectStorage)
    if file.state != State.RECEIVED and not (direct and file.state == State.PENDING):
        raise _not_uploaded()
    try:
        size = storage().size(file.key)
    except FileNotFoundError:
        raise _not_uploaded() from None
    if size != file.size:
        storage().delete(file.key)
        StoredFile.objects.filter(pk=file.pk).update(state=State.PENDING)
        raise refused(Reason.WRONG_SIZE, f"{size} bytes arrived; {file.size} were announced. Send it again.")
    ready = StoredFile.objects.filter(pk=file.pk, state=file.state)
    if not ready.update(state=State.READY, expires_at=None):
        return finish(owner=owner, upload_id=upload_id)  # another finish, or the clean-up, came first
    file.refresh_from_db()
    return file


def files_of(owner: User) -> QuerySet[StoredFile]:
    """A user's finished files, newest first."""
    return StoredFile.objects.filter(owner=owner, state=State.READY).order_by("-id")


def file_of(owner: User, file_id: uuid.UUID) -> StoredFile:
    """One finished file of a user. Raises FileException (NOT_FOUND)."""
    file = files_of(owner).filter(pk=file_id).first()
    if file is None:
        raise not_found()
    return file


def delete(*, owner: User, file_id: uuid.UUID) -> None:
    """Delete a user's file or unfinished upload, with its bytes. Raises FileException (NOT_FOUND)."""
    file = StoredFile.objects.filter(owner=owner, pk=file_id).exclude(state=State.DELETED).first()
    if file is None:
        raise not_found()
    remove(file)


def remove(file: StoredFile) -> None:
    """Delete a file or an unfinished upload, with its bytes.

    An upload address of the storage itself can't be revoked: until it expires, its holder could send bytes again that
    would not be counted. So the hidden row stays until then, and its size still counts.
    """
    address_ends = file.created_at + timedelta(
        minutes=conf.UPLOAD_MINUTES + 1
    )  # it was signed a moment later
    if isinstance(storage(), DirectStorage) and address_ends > clock.now():
        StoredFile.objects.filter(pk=file.pk).update(state=State.DELETED, expires_at=address_ends)
        transaction.on_commit(lambda: _try_delete(file.key))
    else:
        file.delete()


def delete_unfinished(*, older_than: timedelta = timedelta(hours=1), dry_run: bool = False) -> int:
    """Delete uploads that expired longer ago than this, with their bytes. Return their number."""
    late = StoredFile.objects.filter(expires_at__lt=clock.now() - older_than)
    if dry_run:
        return late.count()
    count, _ = late.delete()
    return count


@receiver(post_delete, sender=StoredFile)
def _delete_bytes(instance: StoredFile, **kwargs: Any) -> None:
    """Delete the bytes when the deletion of the row commits, whether by a call, in the admin or with its owner."""
    transaction.on_commit(lambda: _try_delete(instance.key))


def _try_delete(key: str) -> None:
    try:
        storage().delete(key)
    except Exception:  # the storage is another machine: its failure must not undo what was committed
        logger.exception("the bytes of %s could not be deleted from the storage", key)


def _check_time(file: StoredFile) -> None:
    if file.expires_at is not None and file.expires_at <= clock.now():
        raise refused(
            Reason.EXPIRED, f"The upload was open for {conf.UPLOAD_MINUTES} minutes. Start a new one."
        )


def _not_uploaded() -> Exception:
    return refused(
        Reason.NOT_UPLOADED, "The bytes have not arrived. Send them as the description says, then finish."
    )
