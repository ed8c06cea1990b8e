"""A change that makemigrations stops at, reported with its place in a model file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from podium.database import model_files
from podium.database.temporary_names import Taken
from podium.schema.definitions import Definition, EnumDefinition, EnumValue, Field, Protocol
from podium.wire.types import TypeRef


@dataclass(frozen=True)
class Loss:
    """A change that could lose data or alters the meaning of stored values.

    text          continues `what`, "column note.body": "is dropped"; a sentence if the change `alters`
    rows          "3 rows: id 1, 2, 3", if the database was queried
    alters        loses nothing, but alters the meaning of stored values
    definition    the enum or class of model files that it comes from, if that is not the table's; value: an enum's
                  value, or a class's field
    """

    app: str
    table: str
    column: str
    text: str
    rows: str = ""
    alters: bool = False
    definition: str = ""
    value: str = ""

    @property
    def what(self) -> str:
        return f"column {self.table}.{self.column}" if self.column else f"table {self.table}"

    @property
    def in_rows(self) -> str:
        return f" ({self.rows})" if self.rows else ""


def of_taken(taken: Taken) -> Loss | None:
    """Tables or columns that swap names: the rows follow the class or field, which may not be intended."""
    if not taken.is_known:
        return None
    if taken.field:
        text = f"goes from {taken.field} to {taken.new_field}: columns are renamed, and each field keeps its values"
        return Loss(taken.app, taken.table, taken.column, text, alters=True)
    text = f"goes from {taken.model} to {taken.new_model}: tables are renamed, and each class keeps its rows"
    return Loss(taken.app, taken.table, "", text, alters=True)


def summary(found: Sequence[Loss]) -> str:
    """The effect of these changes: "could lose data", "alter what stored values mean", or both."""
    alters = ["alter what stored values mean"] if any(loss.alters for loss in found) else []
    loses = ["could lose data"] if not all(loss.alters for loss in found) else []
    return " or ".join(loses + alters)


def describe(found: Sequence[Loss]) -> str:
    """A line for each loss, with its place in the model file; one line for all columns of an enum or class."""
    roots = {loss.app: model_files.root_of(loss.app) for loss in found}
    protocols = {root: model_files.load(root) for root in set(roots.values())}
    lines: dict[tuple[str, str], list[Loss]] = {}
    for loss in found:
        place = _place(loss, protocols[roots[loss.app]])
        lines.setdefault((place, loss.text if loss.definition else f"{loss.what} {loss.text}"), []).append(
            loss
        )
    return "\n".join(_line(place, same) for (place, _), same in lines.items())


def _line(place: str, same: Sequence[Loss]) -> str:
    [first, *_] = same
    if not first.definition:
        colon = ":" if first.alters else ""
        return f"  {place}: {first.what}{colon} {first.text}{first.in_rows}"
    columns = ", ".join(f"{loss.table}.{loss.column}{loss.in_rows}" for loss in same)
    return f"  {place}: column{'s' if len(same) > 1 else ''} {columns}: {first.text}"


def _place(loss: Loss, protocol: Protocol) -> str:
    """The place in a model file, "example/note.spy.yaml:3"; the app if no model file has the table."""
    if loss.definition and (source := _find(protocol, loss.definition)):
        at = _part(source, loss.value) or source
        return f"{source.position.file}:{at.position.line}"
    definition = protocol.find_table(loss.table)
    if definition is None:
        return loss.app
    field = next((one for one in definition.fields if loss.column and one.column == loss.column), definition)
    return f"{definition.position.file}:{field.position.line}"


def _part(definition: Definition, name: str) -> EnumValue | Field | None:
    """An enum's value, or a class's field by its key."""
    if isinstance(definition, EnumDefinition):
        return next((value for value in definition.values if value.name == name), None)
    return next((field for field in definition.fields if field.json_key == name), None)


def _find(protocol: Protocol, name: str) -> Definition | None:
    """An enum or class by its name on the wire."""
    module, _, short = name.rpartition(".")
    return protocol.find(TypeRef(short, module=module)) or protocol.named(short)
