"""The purpose of columns, by their names: titles, long texts, secrets. For `__str__` and the admin."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from django.db import models

from podium.database import fields

TITLES = ("title", "name", "display_name", "full_name", "label", "subject", "headline", "caption")
"""Columns that name a row, in order of preference; also as the end of a longer name, such as `product_name`."""
LONG = re.compile(
    r"(^|_)(body|text|content|contents|description|notes?|message|comments?|bio|biography|summary|details|html|markdown"
    r"|prompt|instructions|remarks?|abstract|transcript|query|script|template)$"
)
"""Columns with text of several lines."""
SECRET = re.compile(r"(^|_)(password|passphrase|secret|tokens?|hash|salt|api_key|private_key|otp|pin)(_|$)")
"""Columns that neither lists nor forms show."""
SHOWN_CHARACTERS = 80

Field = models.Field[Any, Any]


def is_text(field: Field) -> bool:
    """Return whether a column holds text of the language's type String."""
    return isinstance(field, models.TextField | models.CharField) and not isinstance(field, fields.UriField)


def is_long(field: Field) -> bool:
    """Return whether a column's text usually has more than one line."""
    return LONG.search(field.name) is not None


def is_secret(field: Field) -> bool:
    """Return whether a column holds a secret: `password_hash`, `api_key`."""
    return is_text(field) and SECRET.search(field.name) is not None


@cache
def title(model: type[models.Model]) -> str:
    """The column that names a row: `title` or similar, else the first text. "" if there is no text."""
    texts = [each for each in model._meta.concrete_fields if is_text(each) and not is_secret(each)]
    names = [each.name for each in texts]
    for wanted in TITLES:
        found = [name for name in names if name == wanted or name.endswith(f"_{wanted}")]
        if found:
            return min(found, key=len)
    return next((each.name for each in texts if not is_long(each)), names[0] if names else "")


def plural(name: str) -> str:
    """The plural of an English noun; Django would only add an "s": entries, boxes."""
    if name.endswith(("ies", "news")):
        return name
    if re.search("[^aeiou]y$", name):
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "z", "ch", "sh")) else f"{name}s"


def label(row: models.Model) -> str:
    """A row in one short line: its title, else "Note 12". Makes no query."""
    value = row.__dict__.get(title(type(row)))  # a deferred column is not loaded
    if isinstance(value, str) and (line := one_line(value)):
        return line
    kind = str(row._meta.verbose_name)
    return f"{kind[:1].upper()}{kind[1:]}" + ("" if row.pk is None else f" {row.pk}")


def one_line(text: str) -> str:
    """The first line of a text that is not blank, cut to 80 characters."""
    line = next(iter(text.strip().splitlines()), "")
    return line if len(line) <= SHOWN_CHARACTERS else f"{line[: SHOWN_CHARACTERS - 1].rstrip()}…"
