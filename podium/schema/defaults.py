"""Default values as model files write them: `default=10`, `default='text'`, `default=now`, `default=1d 2h`."""

from __future__ import annotations

from podium.wire.default import Default
from podium.wire.errors import SchemaError
from podium.wire.types import TypeRef, registry


def has_default(ref: TypeRef) -> bool:
    """Test whether a type that no model file defines may have a default; so may enums."""
    kind = registry.find(ref)
    return kind is not None and kind.default is not None


def parse_default(ref: TypeRef, text: str, *, in_database: bool = False) -> Default:
    """Parse `text` as a default value of a type that allows one.

    in_database  the option is `defaultPersist`, which also allows "serial" for numbers

    Raises SchemaError with the valid forms.
    """
    kind = registry.find(ref)
    assert kind is not None and kind.default is not None
    if kind.column.key == "serial" and text == "serial":
        if in_database:
            return Default("serial")
        raise SchemaError("only the database can count: write defaultPersist=serial")
    return kind.default(text)
