"""The classes of row methods, from a model's field rules: NoteWhere, NoteOrder, NoteExpand, NoteField, NotePage.

They are described once, here. `register` makes them Python classes and known to the codecs; client generation reads the
same descriptions (podium/codegen/row_classes.py).
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field, make_dataclass, replace
from functools import cache
from typing import Any, Literal

from django.db.models import Model

from podium.access.fields import field_rules
from podium.access.rules import condition_of, models, rules_of, when_added
from podium.rows import operators
from podium.rows.operators import IN, IS_NULL, RANGES, Operator
from podium.wire import classes as wire
from podium.wire.annotations import value_type
from podium.wire.classes import WireClass, WireEnum, WireField
from podium.wire.names import snake_case
from podium.wire.parse import parse_type
from podium.wire.types import TypeRef
from podium.wire.types.ref import LIST

DESCENDING = "Desc"
"""The suffix of the values of an order that begin with the greatest."""


PAGE_NEXT = replace(value_type(str), nullable=True)
"""The type of a page's cursor."""


def page_rows(model: TypeRef) -> TypeRef:
    """Return the type of a page's rows."""
    return TypeRef(LIST, arguments=(model,))


@dataclass(frozen=True, slots=True)
class WhereField:
    """A field of a model's filter: `createdAtGte`."""

    key: str
    of: WireField
    operator: Operator

    @property
    def attribute(self) -> str:
        return snake_case(self.key)

    def type(self, column: TypeRef) -> TypeRef:
        """Return the type of the value, from the column's, in whatever way that names classes."""
        if self.operator is IS_NULL:
            return replace(value_type(bool), nullable=True)
        if self.operator is IN:
            return TypeRef(LIST, arguments=(column.required(),), nullable=True)
        return replace(column, nullable=True)


@dataclass(frozen=True, slots=True)
class RowClasses:
    """The classes of a model's row methods: their names without a module's prefix, and what is in them.

    where    the fields of <Model>Where
    order    the values of <Model>Order -> the fields to sort by
    expand   the relations of <Model>Expand; there is no such enum without one
    fields   the fields of <Model>Field, which an update names; there is no such enum without one
    """

    model: type[Model]
    name: str
    prefix: str
    where: tuple[WhereField, ...]
    order: dict[str, WireField]
    expand: tuple[WireField, ...]
    fields: tuple[WireField, ...]

    def enums(self) -> dict[str, tuple[str, list[str]]]:
        """Return the enums: name -> documentation and values."""
        found = {"Order": ("An order of a list.", list(self.order))}
        if self.expand:
            found["Expand"] = ("Related rows to load with a row.", [each.key for each in self.expand])
        if self.fields:
            found["Field"] = ("Fields that an update changes.", [each.key for each in self.fields])
        return {f"{self.name}{suffix}": each for suffix, each in found.items()}

    @property
    def where_doc(self) -> str:
        return "Filters of a list; all that are given must hold."

    @property
    def page_doc(self) -> str:
        return "A page of a list, and the cursor of the next page, null on the last."

    def names(self) -> list[str]:
        """Return the names of all classes."""
        return [f"{self.name}Where", f"{self.name}Page", *self.enums()]


def ruled(entry: Literal["client", "rest"]) -> list[type[Model]]:
    """The models that are open to generated clients, or to REST: with rules for it, and a class that clients know."""
    return [each for each in models() if _is_open(each, entry)]


def _is_open(model: type[Model], to: str) -> bool:
    rules, entry = rules_of(model), wire.by_python.get(model)
    is_open = any(condition_of(model, action) is not None for action in ("read", "create"))
    return (
        rules is not None
        and to in rules.entries
        and is_open
        and isinstance(entry, WireClass)
        and not entry.server_only
    )


@cache
def row_classes(model: type[Model]) -> RowClasses:
    """Return the descriptions of a model's classes."""
    entry = wire.by_python[model]
    prefix, _, name = entry.name.rpartition(".")
    found = field_rules(model)
    keys = {each.attname for each in model._meta.concrete_fields if each.primary_key or each.is_relation}
    where = tuple(
        WhereField(f"{each.key}{operator.name[:1].upper()}{operator.name[1:]}", each, operator)
        for each in found.filter
        for operator in operators.of_field(each.type).values()
        if operator not in RANGES or each.attribute not in keys  # nobody asks for the keys above 7
    )
    order = {key: each for each in found.filter for key in (each.key, each.key + DESCENDING)}
    can_update = condition_of(model, "update") is not None
    return RowClasses(model, name, prefix, where, order, found.expand, found.update if can_update else ())


when_added.append(row_classes.cache_clear)


@dataclass(frozen=True, slots=True)
class PythonClasses:
    """The Python classes; None for an enum that does not exist."""

    where: type[Any]
    page: type[Any]
    order: type[enum.Enum]
    expand: type[enum.Enum] | None
    fields: type[enum.Enum] | None


def register(model: type[Model]) -> PythonClasses:
    """Make the Python classes of a model's row methods, and register them with the codecs."""
    described = row_classes(model)
    enums = {name: _enum(name, values, doc, model) for name, (doc, values) in described.enums().items()}
    where = _class(
        f"{described.name}Where",
        described.where_doc,
        model,
        [
            WireField(each.key, each.attribute, str(each.type(parse_type(each.of.type))))
            for each in described.where
        ],
    )
    page = _class(
        f"{described.name}Page",
        described.page_doc,
        model,
        [
            WireField("rows", "rows", str(page_rows(TypeRef(described.name, module=described.prefix)))),
            WireField("next", "next", str(PAGE_NEXT)),
        ],
    )
    dot = f"{described.prefix}." if described.prefix else ""
    wire.register([WireClass(dot + each.name, each.python, each.fields) for each in (where, page)])
    wire.register([WireEnum(dot + name, python, "byName") for name, python in enums.items()])
    return PythonClasses(
        where.python,
        page.python,
        enums[f"{described.name}Order"],
        enums.get(f"{described.name}Expand"),
        enums.get(f"{described.name}Field"),
    )


def _class(name: str, doc: str, model: type[Model], fields: Sequence[WireField]) -> WireClass:
    made = make_dataclass(
        name,
        [(each.attribute, Any, field(default=None)) for each in fields],
        kw_only=True,
        namespace={"__doc__": doc, "__module__": model.__module__, "made_for_rows": True},
    )
    return WireClass(name, made, fields)


def _enum(name: str, values: Sequence[str], doc: str, model: type[Model]) -> type[enum.Enum]:
    members = [(snake_case(each).upper(), each) for each in values]
    make: Any = enum.Enum  # which a type checker knows only with literal members
    made = make(name, members, module=model.__module__)
    made.__doc__ = doc
    made.made_for_rows = True
    return made  # type: ignore[no-any-return]
