"""The rules for the values of fields, from model files. The server checks them too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class FieldFault:
    """A value that breaks a rule of its field.

    field     the field's name on the wire, as in the server's answers
    rule      "length", "range", "pattern", "email" or "url"
    message   a sentence in English; in another language, choose one by the field or the rule
    """

    field: str
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


@dataclass(frozen=True)
class FieldRule:
    """One rule, with the message for values that break it."""

    name: str
    message: str
    accepts: Callable[[Any], bool]
    min: float | None = None
    max: float | None = None


@dataclass(frozen=True)
class FieldValidation(Generic[T]):
    """The rules for one field; `field` is its name on the wire."""

    field: str
    rules: Sequence[FieldRule]

    def fault(self, value: T | None) -> FieldFault | None:
        """The first rule that the value breaks. None breaks none."""
        if value is None:
            return None
        broken = next((rule for rule in self.rules if not rule.accepts(value)), None)
        return FieldFault(self.field, broken.name, broken.message) if broken else None

    def message(self, value: T | None) -> str | None:
        """The message for a form; None if the value is valid."""
        found = self.fault(value)
        return found.message if found else None

    @property
    def min_length(self) -> float | None:
        """The least number of characters (code points), items or bytes."""
        return self._named("length").min

    @property
    def max_length(self) -> float | None:
        return self._named("length").max

    @property
    def min(self) -> float | None:
        """The least number."""
        return self._named("range").min

    @property
    def max(self) -> float | None:
        return self._named("range").max

    def _named(self, name: str) -> FieldRule:
        return next((rule for rule in self.rules if rule.name == name), _NONE)


_NONE = FieldRule("", "", lambda value: True)


def length_rule(message: str, *, min: int | None = None, max: int | None = None) -> FieldRule:
    """The number of characters (code points), items or bytes."""
    return FieldRule("length", message, lambda value: _is_within(len(value), min, max), min, max)


def range_rule(message: str, *, min: float | None = None, max: float | None = None) -> FieldRule:
    """A number between two others, both included; never NaN."""
    return FieldRule("range", message, lambda value: _is_within(value, min, max), min, max)


def form_rule(name: str, message: str, pattern: str) -> FieldRule:
    """The form of a text: pattern, email or url."""
    return FieldRule(name, message, lambda value: re.fullmatch(pattern, value) is not None)


def faults(found: Iterable[FieldFault | None]) -> list[FieldFault]:
    """The faults among these."""
    return [fault for fault in found if fault is not None]


def _is_within(value: float, least: float | None, most: float | None) -> bool:
    is_number = value == value
    return is_number and (least is None or value >= least) and (most is None or value <= most)
