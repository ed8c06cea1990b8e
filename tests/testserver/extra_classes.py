"""The corpus' classes written by hand: each has a value, of which clients get all or a part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self


@dataclass
class CustomClass:
    """On the wire only its value."""

    value: str

    def to_json(self) -> Any:
        return self.value

    @classmethod
    def from_json(cls, data: Any) -> Self:
        return cls(data)


@dataclass
class CustomClass2:
    """On the wire an object with another key."""

    value: str

    def to_json(self) -> Any:
        return {"text": self.value}

    @classmethod
    def from_json(cls, data: Any) -> Self:
        return cls(data["text"])


class ExternalCustomClass(CustomClass):
    """A class of another package."""


@dataclass
class FreezedCustomClass:
    """A class like those of the package `freezed`."""

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
        return {"serverSideValue": self.server_side_value, "value": self.value}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(data.get("serverSideValue"), data.get("value"))


class CustomClassWithProtocolSerialization(CustomClassWithoutProtocolSerialization):
    """Clients get its `value` alone."""

    def to_json_for_clients(self) -> dict[str, Any]:
        return {"value": self.value}


class CustomClassWithProtocolSerializationMethod(CustomClassWithoutProtocolSerialization):
    """In Dart it has the method but not the interface, so clients get all of it."""


@dataclass
class ProtocolCustomClass:
    """Clients get its `value` alone."""

    value: str | None
    server_only_value: str | None

    def to_json(self) -> dict[str, Any]:
        return {"value": self.value, "serverOnlyValue": self.server_only_value}

    def to_json_for_clients(self) -> dict[str, Any]:
        return {"value": self.value}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(data.get("value"), data.get("serverOnlyValue"))
