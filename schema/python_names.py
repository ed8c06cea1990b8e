"""Names in generated Python. One that clashes with Python, Django or another gets `_field` at its end (a member `_`).

`createdAt` is `created_at`, a member `darkBlue` is `DARK_BLUE`. The wire and the database keep the model file's names.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from schema.names import snake_case

# A trailing underscore alone would not do: Django refuses it in a model's field (fields.E001).
RESERVED = frozenset(
    [
        # what a Django model has already: https://docs.djangoproject.com/en/5.2/ref/models/instances/
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
        # what an exception has
        "with_traceback",
        "add_note",
        # what the body of a generated class uses: a field of that name would hide it from those below
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
    """Names of fields to names of attributes, no two alike."""
    return _attribute_names(tuple(names))


@lru_cache(maxsize=4096)  # each class is asked for them a dozen times
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
    """Values of an enum to names of members, no two alike."""
    found: dict[str, str] = {}
    for name in names:
        member = snake_case(name).upper()
        while member in found.values():
            member += "_"
        found[name] = member
    return found
