"""The rules for the values of fields: `length`, `range`, `pattern`, `email`, `url`. No HTTP, no Django.

A rule gives the same verdict in Python, in Postgres (podium/database/constraints.py) and in the clients. Null passes.
docs/how-to/validate-fields.md has the definitions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from podium.wire import patterns
from podium.wire.types.binary import BYTE_DATA
from podium.wire.types.ref import TEXT

EMAIL = (
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+"
)
"""The form of browsers' `<input type=email>`, with a dot in the domain and at most 64 characters before the @.

Source: https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address
"""
URL = (
    r"https?://[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\.?"
    r"(:[0-9]{1,5})?([/?#][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*)?"
)
"""http or https, a name or an IPv4 address, a port, and the characters of RFC 3986; no user, no IPv6 address."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule for the values of one field."""

    name: ClassVar[str] = ""

    def accepts(self, value: Any) -> bool:
        """Return whether a value of the field's type obeys the rule."""
        raise NotImplementedError

    def expected(self, value: Any = "") -> str:
        """The end of "expected ...", for a value like this one."""
        raise NotImplementedError

    def found(self, value: Any) -> str:
        """The end of "got ...". Never the value itself, which may be a secret."""
        return "another value"

    def schema(self, value: Any = "") -> dict[str, Any]:
        """The keywords of JSON Schema, for a value like this one."""
        return {}

    def message(self, value: Any = "") -> str:
        """A sentence for users, for a value like this one."""
        return f"Expected {self.expected(value)}."

    def arguments(self) -> dict[str, Any]:
        """The arguments that make an equal rule."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in given.items() if value is not None}

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """The form in which Django writes the rule to a migration."""
        return f"{__name__}.{type(self).__name__}", (), self.arguments()


@dataclass(frozen=True, slots=True)
class Length(Rule):
    """The number of characters (code points), of items, or of bytes."""

    name: ClassVar[str] = "length"
    min: int | None = None
    max: int | None = None

    def accepts(self, value: Any) -> bool:
        count = len(value)
        return (self.min is None or count >= self.min) and (self.max is None or count <= self.max)

    def expected(self, value: Any = "") -> str:
        number = self.max if self.max is not None else self.min
        what = unit(value)[:-1] if number == 1 else unit(value)
        if self.min == self.max:
            return f"exactly {self.max} {what}"
        if self.max is None:
            return f"at least {self.min} {what}"
        return f"at most {self.max} {what}" if not self.min else f"{self.min} to {self.max} {what}"

    def found(self, value: Any) -> str:
        return f"{len(value)}"

    def schema(self, value: Any = "") -> dict[str, Any]:
        if isinstance(value, bytes):
            return {}  # the text in JSON is longer
        suffix = "Length" if isinstance(value, str) else "Items"
        return {f"{name}{suffix}": number for name, number in self.arguments().items()}


@dataclass(frozen=True, slots=True)
class Range(Rule):
    """A number between two others, both included. NaN is outside of every range."""

    name: ClassVar[str] = "range"
    min: int | float | None = None
    max: int | float | None = None

    def accepts(self, value: Any) -> bool:
        if value != value:
            return False
        return (self.min is None or value >= self.min) and (self.max is None or value <= self.max)

    def expected(self, value: Any = "") -> str:
        if self.max is None:
            return f"a number of at least {self.min}"
        return (
            f"a number of at most {self.max}"
            if self.min is None
            else f"a number from {self.min} to {self.max}"
        )

    def found(self, value: Any) -> str:
        return "another number"

    def schema(self, value: Any = "") -> dict[str, Any]:
        return {f"{name}imum": number for name, number in self.arguments().items()}


@dataclass(frozen=True, slots=True)
class FormRule(Rule):
    """A rule for the form of a text."""

    @property
    def portable(self) -> str:
        """The regular expression for Postgres and clients; see podium/wire/patterns.py."""
        return patterns.compiled(self._pattern()).portable

    def accepts(self, value: Any) -> bool:
        return patterns.compiled(self._pattern()).matches(value)

    def found(self, value: Any) -> str:
        return "another text"

    def _pattern(self) -> str:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Pattern(FormRule):
    """A text that a regular expression fits as a whole."""

    name: ClassVar[str] = "pattern"
    pattern: str = ""

    def expected(self, value: Any = "") -> str:
        return f"a text of the form {self.pattern}"

    def schema(self, value: Any = "") -> dict[str, Any]:
        return {"pattern": self.portable}

    def _pattern(self) -> str:
        return self.pattern


@dataclass(frozen=True, slots=True)
class Email(FormRule):
    """An email address."""

    name: ClassVar[str] = "email"

    def expected(self, value: Any = "") -> str:
        return "an email address"

    def schema(self, value: Any = "") -> dict[str, Any]:
        return {"format": "email"}

    def _pattern(self) -> str:
        return EMAIL


@dataclass(frozen=True, slots=True)
class Url(FormRule):
    """The address of a web page: http or https."""

    name: ClassVar[str] = "url"

    def expected(self, value: Any = "") -> str:
        return "an address that starts with https:// or http://"

    def schema(self, value: Any = "") -> dict[str, Any]:
        return {"format": "uri"}

    def _pattern(self) -> str:
        return URL


RULES: Mapping[str, type[Rule]] = {rule.name: rule for rule in (Length, Range, Email, Url, Pattern)}
"""In the order in which they are checked: a text that is too long is not compared with a pattern."""


def sample(type_name: str) -> Any:
    """A value of a type that rules are for, to describe values that are not known."""
    return {TEXT: "", BYTE_DATA.name: b""}.get(type_name, [])


def unit(value: Any) -> str:
    """The things that `length` counts in a value."""
    return "characters" if isinstance(value, str) else "bytes" if isinstance(value, bytes) else "items"
