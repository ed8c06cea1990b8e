"""Names in generated Python. One that clashes gets the suffix `_field` (a member `_`).

`createdAt` is `created_at`, a member `darkBlue` is `DARK_BLUE`. The wire and the database keep the model file's names.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from podium.wire.names import snake_case

# Not a trailing underscore: Django refuses it in a model's field (fields.E001).
RESERVED = frozenset(
    [
        # attributes of every Django model: https://docs.djangoproject.com/en/5.2/ref/models/instances/
        "objects",
        "pk",
        "save",
        "asave",
        "save_base",
        "delete",
        "adelete",
        "check",
        "clean",
        "clean_fields",
        "full_clean",
        "validate_unique",
        "validate_constraints",
        "from_db",
        "refresh_from_db",
        "arefresh_from_db",
        "get_deferred_fields",
        "serializable_value",
        "prepare_database_save",
        "get_constraints",
        "unique_error_message",
        "date_error_message",
        "self",
        "args",
        "kwargs",
        # attributes of exceptions
        "with_traceback",
        "add_note",
        # names used in the body of a generated class: a field of that name would hide them from later fields
        "fields",
        "field",
        "models",
        "indexes",
        "clock",
        "uuid",
        "uuid7",
        "datetime",
        "property",
        *("int", "float", "bool", "str", "bytes", "list", "set", "dict", "tuple"),
    ]
)


def attribute_names(names: Iterable[str]) -> Mapping[str, str]:
    """Map names of fields to unique names of attributes."""
    return _attribute_names(tuple(names))


@lru_cache(maxsize=4096)  # called a dozen times for each class
def _attribute_names(names: tuple[str, ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        attribute = re.sub("_+", "_", snake_case(name)).strip("_") or "field"
        if (
            keyword.iskeyword(attribute)
            or attribute in RESERVED
            or attribute in taken
            or attribute[0].isdigit()
        ):
            attribute = f"{attribute}_field"
        while attribute in taken:
            attribute = f"{attribute}_field"
        taken.add(attribute)
        found[name] = attribute
    return MappingProxyType(found)


def member_names(names: Iterable[str]) -> dict[str, str]:
    """Map values of an enum to unique names of members."""
    found: dict[str, str] = {}
    for name in names:
        member = snake_case(name).upper()
        while member in found.values():
            member += "_"
        found[name] = member
    return found
