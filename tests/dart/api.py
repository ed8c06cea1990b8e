"""The public API of the stand-in as a Dart program that compiles only if serverpod_client has all of it.

For each public function, method and constructor the program assigns serverpod_client's of that name to a
variable of the stand-in's type, and for each class its value to a variable of the parent. The compiler then
compares: the original may take more optional arguments and return a narrower type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import tree_sitter
import tree_sitter_dart
from tree_sitter import Node

HEAD = """import 'dart:async';
import 'dart:collection';
import 'dart:io';
import 'dart:typed_data';

import 'package:serverpod_client/serverpod_client.dart';

"""
PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_dart.language()))
LIBRARY = "serverpod_client.dart"
FUNCTIONS = ("function_signature", "getter_signature")
CONSTRUCTORS = ("constructor_signature", "constant_constructor_signature", "factory_constructor_signature")


def program(lib: Path) -> str:
    """The program for the package with this `lib` folder."""
    declared = [
        one for path, hidden in _exported(lib) for one in _declarations(path) if _name(one) not in hidden
    ]
    classes = {_name(one): one for one in declared if one.type == "class_definition"}
    checks = [line for one in declared for line in _checks(one, classes)]
    return HEAD + "\n".join(checks) + "\n\nvoid main() {}\n"


def _exported(lib: Path) -> Iterator[tuple[Path, set[str]]]:
    """The files of the public library, and the names that it hides from each."""
    found = re.findall(
        r"^export '(src/[^']+)'(?: hide ([\w, ]+))?;", (lib / LIBRARY).read_text("utf-8"), re.M
    )
    for path, hidden in found:
        yield lib / path, set(hidden.split(", "))


def _declarations(path: Path) -> Iterator[Node]:
    root = PARSER.parse(path.read_bytes()).root_node
    assert not root.has_error, f"{path} has Dart syntax that the tests' parser does not know"
    yield from (one for one in root.children if one.is_named and not _name(one).startswith("_"))


def _checks(one: Node, classes: dict[str, Node]) -> Iterator[str]:
    """The lines that use a declaration."""
    name = _name(one)
    if one.type == "function_signature":
        yield f"{_type(one, {})} function_{name} = {name};"
    elif one.type == "static_final_declaration_list":
        yield f"const Object constant_{name} = {name};"
    elif one.type == "enum_declaration":
        values = [f"{name}.{_name(each)}" for each in _inside(_body(one)) if each.type == "enum_constant"]
        yield f"const List<{name}> values_{name} = [{', '.join(values)}];"
    elif one.type in ("class_definition", "extension_declaration"):
        parameters = _text(_first(one, "type_parameters"))
        of = re.match(r"extension [^{]* on ([^{]+) {", _text(one))
        on = of[1] if of else name + re.sub(r" extends [^,>]+", "", parameters)
        yield f"void check_{name}{parameters}({on} it) {{"
        yield from (f"  {line}" for line in _member_checks(one, name, classes))
        yield "}"


def _member_checks(one: Node, name: str, classes: dict[str, Node]) -> Iterator[str]:
    above = re.sub(r"^extends |with .*", "", _text(one.child_by_field_name("superclass"))).split()
    interfaces = _text(one.child_by_field_name("interfaces")).removeprefix("implements ").split(", ")
    for number, other in enumerate(filter(None, [" ".join(above), *interfaces])):
        yield f"{other} above{number} = it;"
    fields = _fields(one, classes)
    of = f"{name}(it)" if one.type == "extension_declaration" else "it"
    for member in _inside(_body(one)):
        if member.type not in ("declaration", "method_signature"):
            continue
        static = any(child.type == "static" for child in member.children)
        if signature := _first(member, *FUNCTIONS):
            used = f"{name if static else of}.{_name(signature)}"
            kind = _type(signature, fields)
            yield from _use(_name(signature), kind, used)
        elif signature := _first(member, *CONSTRUCTORS):
            abstract = any(child.type in ("abstract", "sealed") for child in one.children)
            called = _text(signature).removeprefix("const ").removeprefix("factory ").split("(")[0]
            if not (abstract or "._" in called):
                constructor = called.partition(".")[2] or "new"
                kind = _type(signature, fields, returns=name)
                yield from _use(f"make_{constructor}", kind, f"{name}.{constructor}")
        elif listed := _first(member, "initialized_identifier_list"):
            for field in map(_name, _inside(listed)):
                yield from _use(field, fields.get(field, ""), f"{of}.{field}")
                if _can_be_set(member) and not field.startswith("_"):
                    yield f"it.{field} = it.{field};"


def _use(name: str, kind: str, used: str) -> Iterator[str]:
    if kind and not name.startswith("_"):
        yield f"{kind} {name} = {used};"


def _type(signature: Node, fields: dict[str, str], *, returns: str = "") -> str:
    """The type of a function, or of a getter's value."""
    before = signature.child_by_field_name("name")
    written = _text(signature)[: before.start_byte - signature.start_byte] if before else ""
    result = returns or re.sub(r"\bget $", "", written).strip() or "dynamic"
    if signature.type == "getter_signature":
        return result
    parameters = _text(_first(signature, "type_parameters"))
    listed = _first(signature, "formal_parameter_list")
    return f"{result} Function{parameters}({', '.join(_parameters(listed, fields))})"


def _parameters(listed: Node | None, fields: dict[str, str]) -> Iterator[str]:
    for child in listed.children if listed else []:
        if child.type == "formal_parameter":
            yield _parameter(child, fields)[0]
        elif child.type == "optional_formal_parameters":
            named = child.children[0].type == "{"
            parts = []
            required = ""
            for part in child.children:
                if part.type == "required":
                    required = "required "
                elif part.type == "formal_parameter":
                    kind, name = _parameter(part, fields)
                    own = "required " if _text(part).startswith("required ") else required
                    parts.append(f"{own}{kind} {name}" if named else kind)
                    required = ""
            yield f"{{{', '.join(parts)}}}" if named else f"[{', '.join(parts)}]"


def _parameter(node: Node, fields: dict[str, str]) -> tuple[str, str]:
    """The type and name of a parameter. One that initializes a field has the field's type."""
    written = _text(node).removeprefix("required ")
    if into := re.match(r"(?:this|super)\.(\w+)", written):
        return fields[into[1]], into[1]
    kind, _, name = written.rpartition(" ")
    return kind, name


def _fields(one: Node, classes: dict[str, Node]) -> dict[str, str]:
    """The fields of a class and its parents, with their types."""
    above = re.match(r"extends (\w+)", _text(one.child_by_field_name("superclass")))
    found = _fields(classes[above[1]], classes) if above and above[1] in classes else {}
    for member in _inside(_body(one)):
        if listed := _first(member, "initialized_identifier_list"):
            kind = _text(member)[: listed.start_byte - member.start_byte]
            kind = re.sub(r"^(?:(?:late|final|var) )+", "", kind).strip()
            found |= dict.fromkeys(map(_name, _inside(listed)), kind)
    return found


def _can_be_set(member: Node) -> bool:
    return not any(child.type in ("final_builtin", "const_builtin") for child in member.children)


def _body(one: Node) -> Node | None:
    return one.child_by_field_name("body") or _first(one, "class_body", "extension_body", "enum_body")


def _inside(node: Node | None) -> list[Node]:
    return [child for child in node.children if child.is_named] if node else []


def _first(node: Node, *types: str) -> Node | None:
    return next((child for child in node.children if child.type in types), None)


def _text(node: Node | None) -> str:
    return " ".join((node.text or b"").decode().split()) if node else ""


def _name(node: Node) -> str:
    named = node.child_by_field_name("name") or _first(node, "static_final_declaration", "identifier")
    return _text(named).split(" ")[0]
