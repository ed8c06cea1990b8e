"""An app's additions to its generated classes, in `<app>/mixins.py`. Read, never imported.

`class NoteMixin(NoteColumns)` becomes a base of Note: an abstract model with methods and options of Meta.
`class NoteQueries(NoteQuerySet)` becomes its `objects`.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from podium.schema.definitions import ClassDefinition, Definition, EnumDefinition, Fault, Position

FILE = "mixins.py"
SUFFIX = "Mixin"


@dataclass(frozen=True, slots=True)
class Addition:
    """The additions of mixins.py to one class.

    name       name of its mixin, e.g. "NoteMixin"; "" for none
    bases      the mixin's bases as written, e.g. ("NoteColumns",)
    assigned   names assigned in the mixin's body, e.g. {"objects"}
    meta       the same for the mixin's class Meta; None without one
    query_set  the app's own query set for it, e.g. "NoteQueries"; "" for none
    """

    name: str = ""
    bases: tuple[str, ...] = ()
    assigned: frozenset[str] = frozenset()
    meta: frozenset[str] | None = None
    query_set: str = ""


def read(
    folder: Path, app: str, definitions: Iterable[Definition]
) -> tuple[dict[str, Addition], list[Fault]]:
    """Read an app's additions by class, and the faults in them."""
    path = folder / FILE
    if not path.is_file():
        return {}, []
    file = f"{app}/{FILE}"
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        position = Position(file, error.lineno or 1, error.offset or 1)
        return {}, [Fault(position, f"this is not valid Python: {error.msg}")]
    own = {each.name: each for each in definitions if each.app == app and not _is_by_hand(each)}
    query_sets = {f"{name}QuerySet": name for name in own}
    found: dict[str, Addition] = {}
    faults: list[Fault] = []
    for node in (each for each in tree.body if isinstance(each, ast.ClassDef)):
        bases = tuple(ast.unparse(base) for base in node.bases)
        if node.name.endswith(SUFFIX):
            name = node.name.removesuffix(SUFFIX)
            mixin = _mixin(node, bases)
            if message := _fault(mixin, own[name]) if name in own else _unknown(node.name, list(own)):
                faults.append(Fault(Position(file, node.lineno, node.col_offset + 1), message))
            else:
                found[name] = replace(mixin, query_set=found.get(name, mixin).query_set)
        elif len(bases) == 1 and (name := query_sets.get(bases[0], "")):
            found[name] = replace(found.get(name, Addition()), query_set=node.name)
    return found, faults


def _is_by_hand(definition: Definition) -> bool:
    return isinstance(definition, ClassDefinition) and bool(definition.python)


def _mixin(node: ast.ClassDef, bases: tuple[str, ...]) -> Addition:
    meta = next((each for each in node.body if isinstance(each, ast.ClassDef) and each.name == "Meta"), None)
    return Addition(node.name, bases, assigned(node), None if meta is None else assigned(meta))


def assigned(node: ast.ClassDef) -> frozenset[str]:
    """The names assigned in a class's body."""
    names = {
        target.id
        for each in node.body
        if isinstance(each, ast.Assign)
        for target in each.targets
        if isinstance(target, ast.Name)
    }
    names |= {
        each.target.id
        for each in node.body
        if isinstance(each, ast.AnnAssign) and each.value is not None and isinstance(each.target, ast.Name)
    }
    return frozenset(names)


def _unknown(mixin: str, names: list[str]) -> str:
    near = difflib.get_close_matches(mixin.removesuffix(SUFFIX), names, n=1)
    hint = f"did you mean {near[0]}{SUFFIX}?" if near else "name it after the class that it adds to."
    return f"{mixin} belongs to no class of this app's model files; {hint}"


def _fault(mixin: Addition, definition: Definition) -> str:
    """The reason a mixin cannot be a base of its class; "" if it can."""
    if isinstance(definition, EnumDefinition):
        text = f"{mixin.name} goes with an enum and may have no base; write class {mixin.name}:"
        return text if mixin.bases else ""
    base = base_name(definition)
    if mixin.bases not in ((), (base,)):
        return f"{mixin.name} has the base {', '.join(mixin.bases)}; write class {mixin.name}({base}):"
    if definition.table and mixin.bases and "abstract" not in (mixin.meta or ()):
        return f"{mixin.name} would become a table of its own; give it a class Meta with abstract = True."
    if not mixin.bases and (mixin.meta is not None or "objects" in mixin.assigned):
        return f"{mixin.name} has a Meta or a manager, which only a model can bring; write class {mixin.name}({base}):"
    return ""


def base_name(definition: ClassDefinition) -> str:
    """The name of the generated base that gives `self` its fields in a mixin, for the type checker."""
    return f"{definition.name}{'Columns' if definition.table else 'Fields'}"
