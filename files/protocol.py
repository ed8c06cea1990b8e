"""The models of files, generated from its model files by `python3 manage.py generate`. Do not edit."""

from __future__ import annotations

import datetime
import enum
import uuid
from dataclasses import dataclass

from schema.wire import SerializableException, WireClass, WireEnum, WireField, register

__all__ = [
    "FileException",
    "FileExceptionReason",
    "FileInfo",
    "UploadTicket",
]


class FileExceptionReason(enum.Enum):
    """Why something can't be done with a file."""

    NOT_FOUND = "notFound"
    """There is no such file or upload, or it is someone else's."""
    BAD_NAME = "badName"
    """A name must have 1 to 255 characters, without "/" and control characters."""
    EMPTY = "empty"
    """A file must have at least one byte."""
    TOO_LARGE = "tooLarge"
    """The file is larger than this server accepts."""
    TYPE_REFUSED = "typeRefused"
    """Files of this type are not accepted."""
    QUOTA_FULL = "quotaFull"
    """There is no room left for this person's files."""
    TOO_MANY_UPLOADS = "tooManyUploads"
    """This person has too many unfinished uploads."""
    NOT_UPLOADED = "notUploaded"
    """The bytes have not arrived yet."""
    WRONG_SIZE = "wrongSize"
    """What arrived has another size than was announced."""
    ALREADY_UPLOADED = "alreadyUploaded"
    """The upload has been received already; an address works once."""
    EXPIRED = "expired"
    """The upload was not finished in time."""
    UNKNOWN = "unknown"


@dataclass(kw_only=True)
class FileInfo:
    """A file of the person who asks."""

    id: uuid.UUID
    name: str
    """As people see it."""
    size: int
    """In bytes."""
    content_type: str
    """For example "image/png"."""
    created_at: datetime.datetime
    url: str
    """Where to read it, without further credentials, until urlExpiresAt."""
    url_expires_at: datetime.datetime


@dataclass(kw_only=True)
class UploadTicket:
    """A place that was reserved for a file."""

    id: uuid.UUID
    """To finish the upload with."""
    description: str
    """How to send the bytes, as JSON: hand it to FileUploader, or do what it says."""
    expires_at: datetime.datetime
    """When the place is given up."""


@dataclass(kw_only=True, eq=False)
class FileException(SerializableException):
    """What was asked about a file can't be done."""

    reason: FileExceptionReason
    message: str
    """What is wrong and what to do, in words."""


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
                WireField("url", "url", "Uri"),
                WireField("urlExpiresAt", "url_expires_at", "DateTime"),
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
