"""Turn checked definitions into the text of each app's protocol_types.py: typed queries on its tables.

Django's lookups are keywords built from names (`notebook__name__icontains`), so each class with a table has a
TypedDict of its own, for its query set's methods and its Q. They go one relation deep, and for equality two; for more,
write Django's Q, which type checkers do not check.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from podium.schema import emit_imports
from podium.schema.definitions import ClassDefinition, EnumDefinition, Field, Protocol
from podium.schema.emit_columns import key_name, other_side, parent_type
from podium.schema.emit_fields import Context, class_name, python_type
from podium.schema.mixins import Addition, base_name
from podium.schema.source import INDENT, annotated, docstring, exploded, string
from podium.wire.types import TypeRef, registry

MARK = "generated from its model files by `python3 manage.py generate`. Do not edit."

# Source of the lookups: https://docs.djangoproject.com/en/5.2/ref/models/querysets/#field-lookups
ORDER_LOOKUPS = ["gt", "gte", "lt", "lte"]
TEXT_LOOKUPS = [
    "iexact",
    "contains",
    "icontains",
    "startswith",
    "istartswith",
    "endswith",
    "iendswith",
    "regex",
    "iregex",
]
DATE_LOOKUPS = ["date", "date__gt", "date__gte", "date__lt", "date__lte"]
DATE_PARTS = ["year", "month", "day", "week_day", "hour", "minute"]
JSON_LOOKUPS = {
    "contains": "Any",
    "contained_by": "Any",
    "has_key": "str",
    "has_keys": "Iterable[str]",
    "has_any_keys": "Iterable[str]",
}

TYPING = ["Any", "Literal", "Never", "Self", "TypeAlias", "TypedDict", "Unpack"]

CHECKED = {
    "podium.database.fields": ("Column", "Key"),
    "podium.reads.queries": ("Expression", "RelatedObjects"),
}
"""Imports for the type checker only."""

METHODS = """\
def filter(self, *conditions: models.Q, **lookups: Unpack[{0}Lookups]) -> Self: ...
def exclude(self, *conditions: models.Q, **lookups: Unpack[{0}Lookups]) -> Self: ...
def get(self, *conditions: models.Q, **lookups: Unpack[{0}Lookups]) -> {0}: ...
async def aget(self, *conditions: models.Q, **lookups: Unpack[{0}Lookups]) -> {0}: ...
def create(self, **values: Unpack[{0}Values]) -> {0}: ...
async def acreate(self, **values: Unpack[{0}Values]) -> {0}: ...
def update(self, **values: Unpack[{0}Values]) -> int: ...
async def aupdate(self, **values: Unpack[{0}Values]) -> int: ...
def order_by(self, *fields: {0}Order | Expression) -> Self: ...
def values(self, *fields: {0}Field, **named: Expression) -> models.QuerySet[{0}, dict[str, Any]]: ...
def values_list(
    self, *fields: {0}Field | Expression, flat: bool = False, named: bool = False
) -> models.QuerySet[{0}, Any]: ...
def only(self, *fields: {0}Field) -> Self: ...
def defer(self, *fields: {0}Field) -> Self: ...
def select_related(self, *relations: {0}Parent) -> Self: ...
def prefetch_related(self, *relations: {0}Relation | models.Prefetch[Any]) -> Self: ...
"""

CONDITION = """\
class {0}Q(models.Q):
    def __init__(self, *conditions: models.Q, **lookups: Unpack[{0}Lookups]) -> None: ...
"""


def emit(protocol: Protocol, app: str, additions: Mapping[str, Addition] | None = None) -> str:
    """The text of `<app>/protocol_types.py`; "" for an app that has no tables and adds nothing to its classes."""
    classes = _classes(Context(protocol, app, additions or {}))
    tables = [(context, each) for context, each in classes if each.table]
    extended = [(context, each) for context, each in classes if context.addition(each).bases]
    if not tables and not extended:
        return ""
    found: emit_imports.Names = {}
    blocks = [_query_set(each) for _, each in tables]
    typed = [_extendable(context, each, found) for context, each in extended]
    lookups = _Lookups(found)
    typed += [block for context, each in tables for block in _types(context, each, lookups, found)]
    body = "\n\n".join(_indented(block) for block in typed)
    alternatives = [
        f"{INDENT}{base_name(each)} = {'models.Model' if each.table else 'object'}" for _, each in extended
    ]
    otherwise = "else:\n" + "\n".join(alternatives) + "\n" if alternatives else ""
    code = "\n\n\n".join([*blocks, f"if TYPE_CHECKING:\n\n{body}\n"])
    return _head(app, code, otherwise, found) + code + otherwise


def bare(protocol: Protocol, app: str) -> str:
    """The run-time part for a process that only makes DDL of the models: query sets without types."""
    tables = [each for _, each in _classes(Context(protocol, app)) if each.table]
    lines = [f"class {each.name}QuerySet(QuerySet): ..." for each in tables]
    return "\n".join(["from podium.reads.queries import QuerySet", *lines, ""])


def _classes(context: Context) -> list[tuple[Context, ClassDefinition]]:
    """The generated classes, by name."""
    found = [(one, each) for one, each in context.of_app() if isinstance(each, ClassDefinition)]
    return sorted((each for each in found if not each[1].python), key=lambda each: each[1].name)


def _head(app: str, body: str, otherwise: str, found: emit_imports.Names) -> str:
    code = emit_imports.code_alone(body)
    standard = [line for line in emit_imports.standard_lines(code) if line != "import enum"]
    if emit_imports.uses(code, "Iterable"):
        standard.append("from collections.abc import Iterable")
    typing = [name for name in TYPING if emit_imports.uses(code, name)]
    standard.append(f"from typing import {', '.join(['TYPE_CHECKING', *typing])}")
    groups = ["\n".join(standard)]
    if "models." in code + otherwise:
        groups.append("from django.db import models")
    if emit_imports.uses(code, "QuerySet"):
        groups.append("from podium.reads.queries import QuerySet")
    for source, names in CHECKED.items():
        found[source] = {name for name in names if emit_imports.uses(code, name)}
    groups.append("if TYPE_CHECKING:\n" + "\n\n".join(emit_imports.lines(found, indent=1)))
    return (
        f'"""Typed queries of {app}, {MARK}"""\n\n'
        "# mypy: disable-error-code=override\n"
        "# pyright: reportIncompatibleMethodOverride=false\n\n"
        "from __future__ import annotations\n\n" + "\n\n".join(groups) + "\n\n\n"
    )


def _indented(text: str) -> str:
    return "\n".join(INDENT + line if line else "" for line in text.split("\n"))


# Query sets ---------------------------------------------------------------------------------------------------------


def _query_set(definition: ClassDefinition) -> str:
    name = definition.name
    methods = _indented(_indented(METHODS.format(name).rstrip()))
    return (
        f"class {name}QuerySet(QuerySet[{string(name)}]):\n"
        f"{docstring(f'Queries of {name}; type checkers refuse unknown fields.', indent=1)}\n\n"
        f"{INDENT}if TYPE_CHECKING:\n\n{methods}"
    )


def _types(
    context: Context, definition: ClassDefinition, all_lookups: _Lookups, found: emit_imports.Names
) -> list[str]:
    name = definition.name
    emit_imports.named(context, TypeRef(name), found, here=".protocol")
    lookups = [annotated(each, kind) for each, kind in all_lookups.of_class(context, definition).items()]
    fields = _fields(context, definition)
    order = [string(sign + each) for each in fields for sign in ("", "-")] + [string("?")]
    parents, relations = _relations(context, definition)
    return [
        f"class {name}Lookups(TypedDict, total=False):\n" + "\n".join(lookups),
        CONDITION.format(name).rstrip(),
        f"class {name}Values(TypedDict, total=False):\n" + "\n".join(_values(context, definition, found)),
        _literal(f"{name}Field", map(string, fields)),
        _literal(f"{name}Order", order),
        _literal(f"{name}Parent", map(string, parents)),
        _literal(f"{name}Relation", map(string, relations)),
        f"class {name}Related({name}QuerySet, RelatedObjects[{name}]):\n"
        + docstring(f"The {name} objects related to another object.", indent=1),
    ]


def _literal(name: str, values: Iterable[str]) -> str:
    """A type alias of these strings; without any it accepts nothing."""
    listed = list(values)
    if not listed:
        return f"{name}: TypeAlias = Never"
    line = f"{name}: TypeAlias = Literal[{', '.join(listed)}]"
    if len(line) + len(INDENT) <= 110:
        return line
    return exploded(f"{name}: TypeAlias = Literal", (INDENT + each for each in listed), indent=0)


def _values(context: Context, definition: ClassDefinition, found: emit_imports.Names) -> Iterable[str]:
    """The arguments of create and update: the columns and the objects of foreign keys."""
    attributes = context.attributes(definition)
    for field in _columns(context, definition):
        emit_imports.named(context, field.type, found, here=".protocol")
        yield annotated(attributes[field.name], _or_expression(python_type(context, field.type)))
        if field.foreign_key:
            name = key_name(definition, field, attributes)
            yield annotated(name, _or_expression(parent_type(context, field)))


def _columns(context: Context, definition: ClassDefinition) -> list[Field]:
    """The fields for queries; of a hand-written model, those that are columns there too."""
    columns = [field for field in definition.fields if field.column and field.relation is None]
    if definition.python:
        attributes = context.attributes(definition)
        return [field for field in columns if attributes[field.name] in definition.python_fields]
    return columns


def _optional(kind: str) -> str:
    return kind if kind == "Any" else f"{kind} | None"


def _or_expression(kind: str) -> str:
    if kind == "Any":
        return kind
    return f"{kind.removesuffix(' | None')} | Expression" + (" | None" if kind.endswith(" | None") else "")


# Names --------------------------------------------------------------------------------------------------------------


def _own_fields(context: Context, definition: ClassDefinition) -> list[str]:
    attributes = context.attributes(definition)
    names = []
    for field in _columns(context, definition):
        names.append(attributes[field.name])
        if field.foreign_key:
            names.append(key_name(definition, field, attributes))
    return names


def _fields(context: Context, definition: ClassDefinition) -> list[str]:
    """The fields for order_by, values and only: the class's own, and those of directly related classes."""
    names = ["pk", *_own_fields(context, definition)]
    for side in _sides(context, definition):
        if side.other:
            names += [f"{side.name}__{each}" for each in _own_fields(side.context, side.other)]
    return names


@dataclass(frozen=True)
class _Side:
    """One side of a relation, and the other class with the context of its fields."""

    name: str
    target: TypeRef
    one: bool
    context: Context
    other: ClassDefinition | None


def _sides(context: Context, definition: ClassDefinition) -> list[_Side]:
    attributes = context.attributes(definition)
    found = []
    for field in definition.fields:
        if field.foreign_key and field.column:
            name, target, one = key_name(definition, field, attributes), field.foreign_key.parent_class, True
        elif field.relation and not field.relation.owns_key:
            name, target, one = attributes[field.name], field.relation.target, field.relation.kind == "one"
        else:
            continue
        other = context.find(target)
        there = context.beside(target)
        found.append(_Side(name, target, one, there, other if isinstance(other, ClassDefinition) else None))
    return found


def _relations(context: Context, definition: ClassDefinition) -> tuple[list[str], list[str]]:
    """The relations for select_related (one object each) and for prefetch_related, both two deep."""
    parents: list[str] = []
    relations: list[str] = []
    for side in _sides(context, definition):
        further = _sides(side.context, side.other) if side.other else []
        relations += [side.name, *(f"{side.name}__{each.name}" for each in further)]
        if side.one:
            parents += [side.name, *(f"{side.name}__{each.name}" for each in further if each.one)]
    return parents, relations


# Lookups ------------------------------------------------------------------------------------------------------------


class _Lookups:
    """The keywords of filter, exclude and get, with the types of their values."""

    def __init__(self, found: emit_imports.Names) -> None:
        self.found = found
        self._owned: dict[tuple[str, str], dict[str, str]] = {}  # by class; related classes ask for them too

    def of_class(self, context: Context, definition: ClassDefinition) -> dict[str, str]:
        """The lookups of a class, its relations and the classes behind them."""
        lookups = dict(self._own(context, definition))
        for side in _sides(context, definition):
            self._import(context, side.target)
            lookups |= self._value(side.name, class_name(context, side.target), nullable=True)
            lookups |= {f"{side.name}__{name}": kind for name, kind in self._behind(side).items()}
        return lookups

    def _behind(self, side: _Side) -> dict[str, str]:
        """The lookups of a related class, and equality in the classes that it is related to."""
        if side.other is None:
            return {}
        lookups = dict(self._own(side.context, side.other))
        for further in _sides(side.context, side.other):
            self._import(side.context, further.target)
            lookups[further.name] = _or_expression(_optional(class_name(side.context, further.target)))
            if further.other:
                own = self._own(further.context, further.other)
                lookups |= {f"{further.name}__{name}": kind for name, kind in own.items() if "__" not in name}
        return lookups

    def _import(self, context: Context, kind: TypeRef) -> None:
        emit_imports.named(context, kind, self.found, here=".protocol")

    def _value(self, name: str, kind: str, *, nullable: bool) -> dict[str, str]:
        return {
            name: _or_expression(_optional(kind) if nullable else kind),
            f"{name}__in": f"Iterable[{kind}] | Expression",
            f"{name}__isnull": "bool",
        }

    def _own(self, context: Context, definition: ClassDefinition) -> dict[str, str]:
        key = (definition.module, definition.name)
        if key not in self._owned:
            self._owned[key] = self._of_columns(context, definition)
        return self._owned[key]

    def _of_columns(self, context: Context, definition: ClassDefinition) -> dict[str, str]:
        attributes = context.attributes(definition)
        lookups: dict[str, str] = {}
        for field in _columns(context, definition):
            if field.name == "id":
                lookups |= self._value("pk", python_type(context, field.type.required()), nullable=False)
            lookups |= self._column(context, attributes[field.name], field)
        return lookups

    def _column(self, context: Context, name: str, field: Field) -> dict[str, str]:
        is_enum = isinstance(context.find(field.type), EnumDefinition)
        known = registry.find(field.type)
        if not is_enum and known is None:
            return {name: "Any", f"{name}__isnull": "bool"} | {
                f"{name}__{lookup}": kind for lookup, kind in JSON_LOOKUPS.items()
            }
        self._import(context, field.type)
        kind = python_type(context, field.type.required())
        if known and known.column.accepts:
            kind += f" | {known.column.accepts}"
        lookups = self._value(name, kind, nullable=field.type.nullable)
        asked = known.column.lookups if known else ()
        if "order" in asked:
            lookups |= {f"{name}__{each}": f"{kind} | Expression" for each in ORDER_LOOKUPS}
            lookups[f"{name}__range"] = f"tuple[{kind} | Expression, {kind} | Expression]"
        if "text" in asked:
            lookups |= {f"{name}__{each}": "str | Expression" for each in TEXT_LOOKUPS}
        if "date" in asked:
            lookups |= {f"{name}__{each}": "datetime.date | Expression" for each in DATE_LOOKUPS}
            lookups |= {f"{name}__{each}": "int | Expression" for each in DATE_PARTS}
        return lookups


# The bases of mixins -------------------------------------------------------------------------------------------------


def _extendable(context: Context, definition: ClassDefinition, found: emit_imports.Names) -> str:
    """The fields of a class as a base for its mixin, so that the type checker knows `self.title` there."""
    attributes = context.attributes(definition)
    lines = [
        f"class {base_name(definition)}{'(models.Model)' if definition.table else ''}:",
        docstring(f"The fields of {definition.name}, for {definition.name}Mixin.", indent=1),
        "",
    ]
    for field in definition.fields:
        emit_imports.named(context, field.type, found, here=".protocol")
        name, kind = attributes[field.name], python_type(context, field.type)
        if not definition.table or not field.column or field.foreign_key:
            if not (definition.table and field.relation):
                lines.append(annotated(name, kind))
        elif field.name == "id":
            lines.append(annotated(name, f"Key[{kind.removesuffix(' | None')}]"))
        else:
            lines.append(annotated(name, f"Column[{kind}]"))
        if definition.table and field.foreign_key:
            emit_imports.named(context, field.foreign_key.parent_class, found, here=".protocol")
            key = key_name(definition, field, attributes)
            lines.append(annotated(key, f"Column[{parent_type(context, field)}]"))
        if definition.table and field.relation and not field.relation.owns_key:
            lines.append(other_side(context, field, name))
    return "\n".join(lines)
