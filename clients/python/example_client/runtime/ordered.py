"""Sets with an order. No wire and no Django: the Python client has this file as well."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, TypeVar

T = TypeVar("T")


class OrderedSet(set[T]):
    """A set that is iterated in insertion order, like a set in Dart.

    Results of `|`, `&`, `-`, `^`, `copy()` and the like are ordered too: its own values come first.
    """

    __slots__ = ("_order",)

    def __init__(self, values: Iterable[T] = ()) -> None:
        self._order = dict.fromkeys(values)
        super().__init__(self._order)

    def __iter__(self) -> Iterator[T]:
        return iter(self._order)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (list(self),)

    def add(self, value: T, /) -> None:
        super().add(value)
        self._order.setdefault(value)

    def discard(self, value: Any, /) -> None:
        super().discard(value)
        self._order.pop(value, None)

    def remove(self, value: T, /) -> None:
        super().remove(value)
        del self._order[value]

    def pop(self) -> T:
        for value in self:
            self.remove(value)
            return value
        raise KeyError("pop from an empty set")

    def clear(self) -> None:
        super().clear()
        self._order.clear()

    def copy(self) -> OrderedSet[T]:
        return OrderedSet(self)

    def reorder(self, values: Iterable[T]) -> None:
        """Take the order of these values, which include all of the set's."""
        self._order = dict.fromkeys(value for value in values if value in self)


def _changing(name: str) -> Callable[..., Any]:
    """Wrap the set's mutating method of that name so that the order is kept up to date."""
    change = getattr(set, name)

    def changed(self: OrderedSet[Any], *others: Iterable[Any]) -> Any:
        # An iterator can be read only once; an operator takes only sets.
        given = others if name.startswith("__") else [list(other) for other in others]
        before = list(self)
        result = change(self, *given)
        if result is not NotImplemented:
            self.reorder(chain(before, *given))
        return result

    return changed


def _making(name: str) -> Callable[..., Any]:
    """Return a method that makes a new set by means of the mutating method of that name."""

    def made(self: OrderedSet[Any], *others: Iterable[Any]) -> Any:
        result = OrderedSet(self)
        done = getattr(result, name)(*others)
        return done if done is NotImplemented else result

    return made


MADE_BY = {
    "union": "update",
    "intersection": "intersection_update",
    "difference": "difference_update",
    "symmetric_difference": "symmetric_difference_update",
    "__or__": "__ior__",
    "__and__": "__iand__",
    "__sub__": "__isub__",
    "__xor__": "__ixor__",
}
"""Methods that make a new set -> the methods that change one in the same way."""

for _made, _change in MADE_BY.items():
    setattr(OrderedSet, _change, _changing(_change))
    setattr(OrderedSet, _made, _making(_change))
