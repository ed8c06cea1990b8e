"""Versions of rows over HTTP: ETag, If-None-Match and If-Match.

An ETag is `"VERSION-PARTS"`: the row's version, and a hash of the parts of the answer and of the versions of related
rows. So it is strong, as If-Match needs (RFC 9110 13.1.1): answers with the same ETag have the same bytes. If-Match
looks at the row's version alone: a client may have read other parts of the row, or a proxy that compresses may have
made the ETag weak (`W/"..."`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from podium.rest.resources import forms
from podium.rest.resources.errors import HeaderRefused, RowChanged
from podium.rest.resources.parameters import View
from podium.rows.versions import stored_versions, version_of

MATCH, NONE_MATCH = "if-match", "if-none-match"
TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
ANY = "*"


def etag(row: Any, view: View) -> str:
    """Return the ETag of a row that was read with its version, and of the related rows with theirs."""
    related = "".join(f",{each.pk}:{version_of(each)}" for each in forms.related_rows(row, view))
    parts = _shape(view)
    if view.expand:
        parts = _hash(parts + related)
    return f'"{version_of(row)}-{parts}"'


def etag_of(version: str, view: View) -> str:
    """Return the ETag of a row without related ones."""
    return f'"{version}-{_shape(view)}"'


def is_known(headers: Mapping[str, str], tag: str) -> bool:
    """Test whether the client has this answer already: If-None-Match, for reading."""
    tags = _tags(headers, NONE_MATCH)
    return tags is not None and (ANY in tags or tag.strip('"') in tags)


def check_read(headers: Mapping[str, str], tag: str) -> None:
    """Raise RowChanged (412) if the row that was read is not in a version of If-Match."""
    tags = _tags(headers, MATCH)
    if tags is not None and not _has(tags, tag.strip('"').partition("-")[0]):
        raise RowChanged


def condition(headers: Mapping[str, str]) -> Callable[[Sequence[Any]], None] | None:
    """Return the check of a locked row before it is changed; None without a condition. It raises RowChanged (412)."""
    match, none_match = _tags(headers, MATCH), _tags(headers, NONE_MATCH)
    if match is None and none_match is None:
        return None

    def check(rows: Sequence[Any]) -> None:
        (row,) = rows
        version = stored_versions(type(row), [row.pk])[row.pk]
        if (match is not None and not _has(match, version)) or (
            none_match is not None and _has(none_match, version)
        ):
            raise RowChanged

    return check


def refuse_conditions(headers: Mapping[str, str]) -> None:
    """Raise HeaderRefused (400) for a condition on a request about several rows, or on a new row."""
    for name, title in ((MATCH, "If-Match"), (NONE_MATCH, "If-None-Match")):
        if name in headers:
            raise HeaderRefused(text=f"{title} is for one row: send the request to its own address.")


def _tags(headers: Mapping[str, str], name: str) -> set[str] | None:
    """The tags of a header without quotes; None without the header. Raises HeaderRefused (400)."""
    text = headers.get(name)
    if text is None:
        return None
    if text.strip() == ANY:
        return {ANY}
    tags = {found[2] for found in TAG.finditer(text)}
    if not tags or TAG.sub("", text).strip(" \t,"):
        raise HeaderRefused(text=f'{name}: expected ETags, such as "12-ab", or *.')
    return tags


def _has(tags: set[str], version: str) -> bool:
    return ANY in tags or any(each.partition("-")[0] == version for each in tags)


@lru_cache(forms.VIEWS)
def _shape(view: View) -> str:
    """A hash of the fields with their types, so that an answer of older code is not taken for one of this."""
    return _hash(repr([(each.key, each.type) for each in (*view.fields, *view.expand)]))


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
