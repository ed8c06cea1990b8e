"""The hand-written base of every client: values on the wire, calls, streams, uploads."""

from __future__ import annotations

from .auth import Auth, HasTokens, Storage, Tokens
from .calls import Timeout
from .client import SyncStream
from .errors import (
    BadRequestError,
    ClientError,
    ConnectionLost,
    ForbiddenError,
    HttpError,
    NetworkError,
    NoAnswerError,
    NotFoundError,
    ServerError,
    StreamClosed,
    StreamOverflow,
    StreamRefused,
    TooLargeError,
    TooManyRequestsError,
    UnauthorizedError,
    UploadRefused,
    WireError,
)
from .models import Model, ModelException
from .streams import MethodStream
from .validation import FieldFault, FieldValidation
from .wire import UNSET, Unset

__all__ = [
    "UNSET",
    "Auth",
    "BadRequestError",
    "ClientError",
    "ConnectionLost",
    "FieldFault",
    "FieldValidation",
    "ForbiddenError",
    "HasTokens",
    "HttpError",
    "MethodStream",
    "Model",
    "ModelException",
    "NetworkError",
    "NoAnswerError",
    "NotFoundError",
    "ServerError",
    "Storage",
    "StreamClosed",
    "StreamOverflow",
    "StreamRefused",
    "SyncStream",
    "Timeout",
    "Tokens",
    "TooLargeError",
    "TooManyRequestsError",
    "UnauthorizedError",
    "Unset",
    "UploadRefused",
    "WireError",
]
