"""The models of files, generated from its model files by `python3 manage.py generate`. Do not edit."""

from __future__ import annotations

import datetime
import enum
import uuid
from dataclasses import dataclass

from podium.wire.classes import SerializableException, WireClass, WireEnum, WireField, register

__all__ = [
    "FileException",
    "FileExceptionReason",
    "FileInfo",
    "FileSubject",
    "UploadTicket",
]


class FileExceptionReason(enum.Enum):
    """The reason why a file operation was refused."""

    NOT_FOUND = "notFound"
    """There is no such file or upload, or it belongs to another user."""
    BAD_NAME = "badName"
    """A name must have 1 to 255 characters, without "/" and control characters."""
    EMPTY = "empty"
    """A file must have at least one byte."""
    TOO_LARGE = "tooLarge"
    """The file is larger than this server accepts."""
    TYPE_REFUSED = "typeRefused"
    """Files of this type are not accepted."""
    QUOTA_FULL = "quotaFull"
    """There is no room left for this user's files."""
    TOO_MANY_UPLOADS = "tooManyUploads"
    """This user has too many unfinished uploads."""
    NOT_UPLOADED = "notUploaded"
    """The bytes have not arrived yet."""
    WRONG_SIZE = "wrongSize"
    """The size of the received bytes differs from the announced size."""
    ALREADY_UPLOADED = "alreadyUploaded"
    """The upload has been received already; an address works once."""
    EXPIRED = "expired"
    """The upload was not finished in time."""
    UNKNOWN = "unknown"


@dataclass(kw_only=True)
class FileInfo:
    """A file that the caller may read."""

    id: uuid.UUID
    name: str
    """The name that users see."""
    size: int
    """In bytes."""
    content_type: str
    """For example "image/png"."""
    created_at: datetime.datetime
    subject: FileSubject | None = None
    """The row that it belongs to: users who may read the row may read the file."""
    url: str
    """The address to read it, without further credentials, until urlExpiresAt."""
    url_expires_at: datetime.datetime


@dataclass(kw_only=True)
class FileSubject:
    """The row that a file belongs to."""

    model: str
    """The name of its class, for example "Note"."""
    key: str
    """Its key as text, for example "5"."""


@dataclass(kw_only=True)
class UploadTicket:
    """A reserved upload."""

    id: uuid.UUID
    """The id to finish the upload with."""
    description: str
    """Instructions for sending the bytes, as JSON: pass it to FileUploader, or follow it."""
    expires_at: datetime.datetime
    """When the reservation expires."""


@dataclass(kw_only=True, eq=False)
class FileException(SerializableException):
    """A file operation was refused."""

    reason: FileExceptionReason
    message: str
    """The problem and what to do, as a sentence."""


register(
    [
        WireEnum("FileExceptionReason", FileExceptionReason, "byName", default=FileExceptionReason.UNKNOWN),
        WireClass(
            "FileInfo",
            FileInfo,
            [
                WireField("id", "id", "UuidValue"),
                WireField("name", "name", "String"),
                WireField("size", "size", "int"),
                WireField("contentType", "content_type", "String"),
                WireField("createdAt", "created_at", "DateTime"),
                WireField("subject", "subject", "FileSubject?"),
                WireField("url", "url", "Uri"),
                WireField("urlExpiresAt", "url_expires_at", "DateTime"),
            ],
        ),
        WireClass(
            "FileSubject",
            FileSubject,
            [
                WireField("model", "model", "String"),
                WireField("key", "key", "String"),
            ],
        ),
        WireClass(
            "UploadTicket",
            UploadTicket,
            [
                WireField("id", "id", "UuidValue"),
                WireField("description", "description", "String"),
                WireField("expiresAt", "expires_at", "DateTime"),
            ],
        ),
        WireClass(
            "FileException",
            FileException,
            [
                WireField("reason", "reason", "FileExceptionReason"),
                WireField("message", "message", "String"),
            ],
        ),
    ]
)
