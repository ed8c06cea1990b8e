"""The traceback of a failure for the programmer, as an error of REST. Only in development."""

from __future__ import annotations

import json
import traceback
from typing import Any

from django.conf import settings

from podium.core import logs

CODE = "server_error"


def described(error: BaseException) -> dict[str, Any] | None:
    """Return {"error": {"code", "message", "details": {"traceback": lines}}}; None outside development."""
    if not (settings.DEBUG and getattr(settings, "DEVELOPMENT", False)):
        return None
    lines = logs.shown("".join(traceback.format_exception(error))).rstrip().splitlines()
    message = logs.shown(f"{type(error).__name__}: {error}")
    return {"error": {"code": CODE, "message": message, "details": {"traceback": lines}}}


def body(error: BaseException) -> bytes:
    """Return the same as JSON text, a line for each line of the traceback; empty outside development."""
    found = described(error)
    return b"" if found is None else json.dumps(found, indent=2, ensure_ascii=False).encode() + b"\n"
