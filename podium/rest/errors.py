"""Errors over REST: one form for all of them, {"error": {"code", "message", "details"}}."""

from __future__ import annotations

import logging
from typing import Any

from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from podium.core.errors import PodiumError
from podium.database import failures
from podium.database.broken_rules import InvalidValue
from podium.wire.annotations import type_ref
from podium.wire.classes import SerializableException
from podium.wire.codecs import codec
from podium.wire.unreadable import UnreadableValue

logger = logging.getLogger("podium.rest")

INVALID, INVALID_FIELDS = "invalid", "Some fields are not right."


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER. Returns None for a bug: Django answers 500 and logs it."""
    error = failures.refusal(error) or error
    if isinstance(error, UnreadableValue):
        logger.error("%s %s: %s", context["request"].method, context["request"].path, error)
    if isinstance(error, PodiumError):
        return Response(body_of(error), status=error.status, headers=headers_of(error))
    if isinstance(error, SerializableException):
        details = codec(type_ref(type(error))).encode(error)
        body = _body(type(error).__name__, details.get("message", ""), details)
        return Response(body, status=status.HTTP_400_BAD_REQUEST)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, ValidationError):
        body = _body(INVALID, INVALID_FIELDS, response.data)
    else:
        detail = response.data["detail"]
        body = _body(detail.code, str(detail), {})
    response.data = body
    return response


def body_of(error: PodiumError) -> dict[str, Any]:
    """Return the body of the answer to an error, plain data."""
    if isinstance(error, InvalidValue):
        named = {error.details["field"]: [f"Expected {error.details['expected']}."]}
        return _body(INVALID, INVALID_FIELDS, named)
    details = {name: value for name, value in error.details.items() if name != "text"}  # that is the message
    return _body(error.code, error.message, details)


def headers_of(error: PodiumError) -> dict[str, str]:
    """Return the headers of the answer to an error."""
    found = {"WWW-Authenticate": "Bearer"} if error.status == status.HTTP_401_UNAUTHORIZED else {}
    names = {"retry_after": "Retry-After", "allow": "Allow"}
    return found | {names[name]: str(value) for name, value in error.details.items() if name in names}


def _body(code: str, message: str, details: Any) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "details": details}}
