"""Rewrite imports and dotted names in Python source, by positions of its syntax tree. All other bytes stay."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

DOTTED = re.compile(r"([a-z_]\w*(?:\.\w+)+)(:\w+)?")
"""A whole string that names something: "endpoints.http:Protocol"."""


@dataclass(frozen=True, slots=True)
class Change:
    """One rewritten place. `line` counts from 1."""

    line: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Note:
    """One place that a programmer has to check."""

    line: int
    text: str


@dataclass(slots=True)
class Rewritten:
    source: bytes
    changes: list[Change] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Names:
    """The names to rewrite.

    roots    first parts of names that can have moved
    modules  dotted old modules, packages too: other names stay
    new      old dotted name -> new one, None if it stays
    exists   tests whether a new module exists
    """

    roots: Collection[str]
    modules: Collection[str]
    new: Callable[[str], str | None]
    exists: Callable[[str], bool]

    def module_in(self, dotted: str) -> str | None:
        """The longest old module that a dotted name begins with."""
        parts = dotted.split(".")
        if parts[0] not in self.roots:
            return None
        heads = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
        return next((head for head in heads if head in self.modules), None)


def rewrite(source: bytes, names: Names) -> Rewritten:
    """Rewrite one file. A file that is not valid Python is returned unchanged, with a note."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        text = source.decode(encoding)
        tree = ast.parse(text)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        return Rewritten(source, notes=[Note(line, f"not valid Python, so it was not changed: {error}")])
    body = text.encode()  # the tree's positions are those of UTF-8 without a byte order mark
    found = _Finder(body, names)
    found.visit(tree)
    found.note_variables(tree)
    result = bytearray(body)
    for start, end, new in sorted(found.edits, reverse=True):
        result[start:end] = new.encode()
    by_line = sorted(found.changes, key=lambda change: change.line)
    rewritten = result.decode().encode(encoding) if found.edits else source
    return Rewritten(rewritten, by_line, sorted(found.notes, key=lambda note: note.line))


class _Finder(ast.NodeVisitor):
    """Collects edits: byte offsets of the source and the new text."""

    def __init__(self, source: bytes, names: Names) -> None:
        self.source = source
        self.names = names
        self.edits: list[tuple[int, int, str]] = []
        self.changes: list[Change] = []
        self.notes: list[Note] = []
        self.imported: set[str] = set()  # roots bound by `import database.fields`
        self.starts = [0]
        for line in source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def visit_Module(self, node: ast.Module) -> None:
        for each in ast.walk(node):  # first, since a function above an import can use it
            if isinstance(each, ast.Import):
                self.imported |= {
                    alias.name.split(".")[0]
                    for alias in each.names
                    if not alias.asname and self.moved(alias.name)
                }
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            if new := self.moved(alias.name):
                start = self.offset(alias.lineno, alias.col_offset)
                self.edit(start, start + len(alias.name), alias.name, new, alias.lineno)
                self.note_missing(new, alias.lineno)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        if node.level or module.split(".")[0] not in self.names.roots:
            return
        groups: dict[str, list[str]] = {}
        for alias in node.names:
            parent, name = self.new_place(module, alias.name)
            if parent != module:
                self.note_missing(
                    f"{parent}.{name}" if self.is_module(module, alias) else parent, node.lineno
                )
            shown = alias.asname or (alias.name if name != alias.name else None)
            groups.setdefault(parent, []).append(f"{name} as {shown}" if shown else name)
        if groups == {module: [ast.unparse(alias) for alias in node.names]}:
            return
        old = ", ".join(ast.unparse(alias) for alias in node.names)
        if len(groups) == 1 and next(iter(groups.values())) == [ast.unparse(alias) for alias in node.names]:
            start = self.offset(node.lineno, node.col_offset)
            match = re.compile(rb"from[ \t\f\\\r\n]+").match(self.source, start)
            assert match, "a `from` import begins with `from`"
            self.edit(match.end(), match.end() + len(module), module, next(iter(groups)), node.lineno)
            return
        separator = "; " if self.shares_line(node) else "\n" + " " * node.col_offset
        text = separator.join(f"from {parent} import {', '.join(names)}" for parent, names in groups.items())
        start, end = self.span(node)
        self.edit(start, end, f"from {module} import {old}", text, node.lineno)

    def new_place(self, module: str, name: str) -> tuple[str, str]:
        """The module to import from now, and the name in it."""
        if f"{module}.{name}" in self.names.modules:
            new = self.moved(f"{module}.{name}")
            return (new.rpartition(".")[0], new.rpartition(".")[2]) if new else (module, name)
        if self.is_new(module, f"{module}.{name}"):
            return module, name
        new = self.names.new(f"{module}.{name}") if module in self.names.modules else None
        return (new.rpartition(".")[0], new.rpartition(".")[2]) if new else (module, name)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        dotted = _dotted(node)
        if dotted is None or dotted.split(".")[0] not in self.imported:
            self.generic_visit(node)
            return
        module = self.names.module_in(dotted)
        if module is None or (new := self.moved(module)) is None or self.is_new(module, dotted):
            return
        part: ast.expr = node
        while _dotted(part) != module and isinstance(part, ast.Attribute):
            part = part.value
        start, end = self.span(part)
        self.edit(start, end, module, new, part.lineno)

    def visit_Constant(self, node: ast.Constant) -> None:
        match = DOTTED.fullmatch(node.value) if isinstance(node.value, str) else None
        module = self.names.module_in(match[1]) if match else None
        if match is None or module is None or "." not in module:
            return
        new = self.moved(module)
        if new is None or self.is_new(module, match[1]):
            return
        start, end = self.span(node)
        if self.source[start:end].count(match[1].encode()) != 1:
            self.notes.append(Note(node.lineno, f"{match[1]} is now {new}{match[1][len(module) :]}"))
            return
        at = self.source.index(match[1].encode(), start, end)
        self.edit(at, at + len(module), module, new, node.lineno)
        self.note_missing(new, node.lineno)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Positions in f-strings are unreliable before Python 3.12."""
        chains = {_dotted(each) or "" for each in ast.walk(node) if isinstance(each, ast.Attribute)}
        used = {self.names.module_in(dotted) for dotted in chains if dotted.split(".")[0] in self.imported}
        for module in used:
            if module and "." in module and (new := self.moved(module)):
                self.notes.append(Note(node.lineno, f"in the f-string, {module} is now {new}"))

    def moved(self, module: str) -> str | None:
        """The new name of an old module; None if it stays."""
        if module not in self.names.modules:
            return None
        return self.names.new(module)

    def is_new(self, module: str, dotted: str) -> bool:
        """Test whether a name was rewritten before: `accounts.audit.audit`, where `accounts.audit` moved to."""
        new = self.moved(module) or ""
        return new.startswith(f"{module}.") and f"{dotted}.".startswith(f"{new}.")

    def note_variables(self, tree: ast.Module) -> None:
        """Report variables named like an imported package: their attributes may have been rewritten wrongly."""
        for node in ast.walk(tree):
            name = node.arg if isinstance(node, ast.arg) else node.id if isinstance(node, ast.Name) else ""
            stored = isinstance(node, ast.arg) or isinstance(getattr(node, "ctx", None), ast.Store)
            if stored and name in self.imported and isinstance(node, ast.arg | ast.Name):
                text = f"the variable {name} has the name of an imported package: check what was rewritten"
                self.notes.append(Note(node.lineno, text))

    def edit(self, start: int, end: int, old: str, new: str, line: int) -> None:
        self.edits.append((start, end, new))
        self.changes.append(Change(line, old, new.replace("\n", "; ")))

    def note_missing(self, module: str, line: int) -> None:
        if not self.names.exists(module):
            self.notes.append(Note(line, f"{module} does not exist in this version: replace it"))

    def is_module(self, package: str, alias: ast.alias) -> bool:
        return f"{package}.{alias.name}" in self.names.modules

    def shares_line(self, node: ast.stmt) -> bool:
        """Test whether there is code before or after a statement on its lines: `if x: from a import b`."""
        start, end = self.span(node)
        before = self.source[self.starts[node.lineno - 1] : start]
        after = self.source[end : self.starts[node.end_lineno or node.lineno]]
        return bool(before.strip() or after.lstrip().startswith(b";"))

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        end = self.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
        return self.offset(node.lineno, node.col_offset), end

    def offset(self, line: int, column: int) -> int:
        return self.starts[line - 1] + column


def _dotted(node: ast.expr | ast.AST) -> str | None:
    """`a.b.c` of an attribute chain on a name, else None."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None
