"""OrderedSet: a set in insertion order."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from podium.wire.ordered import OrderedSet


def test_values_are_in_insertion_order() -> None:
    values = OrderedSet([30, 1, 20, 1])
    assert list(values) == [30, 1, 20]
    values.add(7)
    values.add(1)
    values.discard(30)
    values.discard(99)
    values.add(30)
    assert list(values) == [1, 20, 7, 30]
    values.remove(20)
    assert list(values) == [1, 7, 30] and len(values) == 3
    with pytest.raises(KeyError):
        values.remove(20)
    assert (values.pop(), list(values)) == (1, [7, 30])
    values.clear()
    assert list(values) == [] and not values
    with pytest.raises(KeyError):
        values.pop()


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda one: one | {7}, [30, 1, 20, 7]),
        (lambda one: one | OrderedSet([9, 8, 1]), [30, 1, 20, 9, 8]),
        (lambda one: one & {20, 30}, [30, 20]),
        (lambda one: one - {1}, [30, 20]),
        (lambda one: one ^ {1, 7}, [30, 20, 7]),
        (lambda one: one.union([9, 8], [7]), [30, 1, 20, 9, 8, 7]),
        (lambda one: one.union(iter([9, 8])), [30, 1, 20, 9, 8]),
        (lambda one: one.intersection([20, 30]), [30, 20]),
        (lambda one: one.difference([1]), [30, 20]),
        (lambda one: one.symmetric_difference([1, 7]), [30, 20, 7]),
        (lambda one: one.copy(), [30, 1, 20]),
        (copy.copy, [30, 1, 20]),
        (copy.deepcopy, [30, 1, 20]),
        (lambda one: pickle.loads(pickle.dumps(one)), [30, 1, 20]),
    ],
)
def test_derived_sets_are_ordered_too(make: Callable[[Any], Any], found: list[int]) -> None:
    values = OrderedSet([30, 1, 20])
    made = make(values)
    assert (type(made), list(made)) == (OrderedSet, found)
    assert set(made) == set(found)
    made.add(1000)
    assert list(values) == [30, 1, 20]


def test_changes_in_place_keep_the_order() -> None:
    values = OrderedSet([30, 1, 20])
    values |= OrderedSet([9, 8])
    values.update([7], iter([6]))
    assert list(values) == [30, 1, 20, 9, 8, 7, 6]
    values -= {1}
    values &= {30, 20, 9, 7, 6}
    values ^= OrderedSet([9, 5])
    assert list(values) == [30, 20, 7, 6, 5] and type(values) is OrderedSet
    values.difference_update([30])
    values.intersection_update([6, 7, 20])
    values.symmetric_difference_update([6, 4])
    assert list(values) == [20, 7, 4]


def test_it_is_a_set_in_every_other_respect() -> None:
    values = OrderedSet([3, 1])
    assert isinstance(values, set) and values == {1, 3} and {1, 3} == values
    assert values <= {1, 2, 3} and values.isdisjoint([2]) and 3 in values
    assert repr(values) == "OrderedSet({3, 1})"
    assert {2} | values == {1, 2, 3}
    with pytest.raises(TypeError):
        values | [1]  # type: ignore[operator]
    with pytest.raises(TypeError):
        values |= [1]  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        hash(values)
