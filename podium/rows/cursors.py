"""Cursors: the values of a page's last row in the columns of the order, as text that clients send back.

A cursor has only values that its client has seen. A changed one leads to another place in the same list, never to
other rows.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from django.db.models import Model

from podium.rows.asked import Order
from podium.rows.errors import CursorRefused
from podium.wire.codecs import codec, dumps, loads
from podium.wire.errors import WireError

MOST_CHARACTERS = 10_000


def write(order: Sequence[Order], row: Model) -> str:
    """Return the cursor after a row."""
    values = [codec(each.field.type).encode(getattr(row, each.field.attribute)) for each in order]
    return base64.urlsafe_b64encode(dumps([_names(order), *values])).decode().rstrip("=")


def read(order: Sequence[Order], text: str) -> list[Any]:
    """Return the values behind a cursor. Raises CursorRefused (400), also for a list with another order."""
    if len(text) > MOST_CHARACTERS:
        raise CursorRefused
    try:
        names, *values = loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if names != _names(order):
            raise CursorRefused
        return [codec(each.field.type).decode(value) for each, value in zip(order, values, strict=True)]
    except (binascii.Error, WireError, ValueError, TypeError):
        raise CursorRefused from None


def _names(order: Sequence[Order]) -> str:
    return ",".join(map(str, order))
