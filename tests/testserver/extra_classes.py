"""The corpus' classes written by hand: a value each, and what of it clients get."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self


@dataclass
class CustomClass:
    """On the wire its value alone, or in an object."""

    value: str

    def to_json(self) -> Any:
        return {"value": self.value}

    @classmethod
    def from_json(cls, data: Any) -> Self:
        return cls(data if isinstance(data, str) else data["value"])


class CustomClass2(CustomClass):
    """The same by another name."""


class ExternalCustomClass(CustomClass):
    """One of another package."""


@dataclass
class FreezedCustomClass:
    """As the package `freezed` makes them."""

    first_name: str
    last_name: str
    age: int

    def to_json(self) -> dict[str, Any]:
        return {"firstName": self.first_name, "lastName": self.last_name, "age": self.age}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(data["firstName"], data["lastName"], data["age"])


@dataclass
class CustomClassWithoutProtocolSerialization:
    """Clients get all of it."""

    server_side_value: str | None = None
    value: str | None = None

    def to_json(self) -> dict[str, Any]:
        given = {"serverSideValue": self.server_side_value, "value": self.value}
        return {name: value for name, value in given.items() if value is not None}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(data.get("serverSideValue"), data.get("value"))


class CustomClassWithProtocolSerialization(CustomClassWithoutProtocolSerialization):
    """Clients get its `value` alone."""

    def to_json_for_clients(self) -> dict[str, Any]:
        return {} if self.value is None else {"value": self.value}


class CustomClassWithProtocolSerializationMethod(CustomClassWithoutProtocolSerialization):
    """In Dart it has such a method without the interface that makes it count, so clients get all of it."""


class ProtocolCustomClass(CustomClassWithProtocolSerialization):
    """Clients get its `value` alone."""
