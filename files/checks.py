"""Checks of the settings of files at start."""

from __future__ import annotations

import re
from typing import Any

from django.core.checks import CheckMessage, Error, register

from files.conf import conf

_TYPE = re.compile(r"[a-z0-9.+-]+/([a-z0-9.+-]+|\*)")
_RUNS_CODE = re.compile(r"html|xml|svg|javascript|ecmascript|pdf|\*")


@register
def check_types(**kwargs: Any) -> list[CheckMessage]:
    """Check that FILES_TYPES has valid types, and FILES_INLINE_TYPES only types that can't run code in a browser."""
    found: list[CheckMessage] = []
    for given in conf.TYPES:
        if not _TYPE.fullmatch(given):
            hint = 'Write "image/png" or "image/*".'
            found.append(
                Error(f"FILES_TYPES: {given!r} is not a valid content type.", hint=hint, id="files.E001")
            )
    for given in conf.INLINE_TYPES:
        if not _TYPE.fullmatch(given) or _RUNS_CODE.search(given):
            found.append(
                Error(
                    f"FILES_INLINE_TYPES: a browser that shows {given!r} may run code in it.",
                    hint="Remove it: browsers then save such files instead of showing them.",
                    id="files.E002",
                )
            )
    return found
