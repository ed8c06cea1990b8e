"""Part d: the classes and enums of the Dart client have the public API of the corpus. Reads Dart source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import tree_sitter
import tree_sitter_dart
from tree_sitter import Node

from podium.codegen import dart
from tests.conformance import own
from tests.conformance.corpus import Corpus
from tests.conformance.result import Result

Api = dict[str, Any]
WANTED = 0.99
"""The share of classes and enums that must agree."""
JSON_METHODS = ("toJson", "toJsonForProtocol")
PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_dart.language()))


def run(corpus: Corpus) -> Result | None:
    """Generate and compare each client, that of a module of Podium from its own models. None without data."""
    total = agree = 0
    lines: list[str] = []
    for project in corpus.projects:
        wanted = project.data("dart_api.json")
        if wanted is None:
            continue
        if own.has(project.name):
            files = own.client(project.name)
        elif project.errors:
            files = {}  # nothing of it agrees
            lines.append(f"{project.name}: {project.no_client}")
        else:
            files = dart.emit(project.loaded[0], [], package=f"{project.name}_client", version="1.0.0")
        found = compare(models_only(wanted), models_only(read(files)))
        total += len(found)
        agree += sum(1 for difference in found.values() if not difference)
        lines += [f"{project.name} {name}: {text}" for name, text in found.items() if text]
    if not total:
        return None
    percent = f"{100 * agree / total:.1f} %"
    return Result(
        "c", f"classes of the Dart client agree ({percent})", agree, total, round(total * WANTED), lines
    )


def models_only(api: Api) -> Api:
    """The entries from model files: no endpoints, no client, no hand-written classes."""
    classes = {
        name: one for name, one in api["classes"].items() if "SerializableModel" in one.get("implements", ())
    }
    return {"classes": classes, "enums": api["enums"]}


# Comparing --------------------------------------------------------------------------------------------------------


def compare(wanted: Api, found: Api) -> dict[str, str]:
    """Each entry by name -> its differences, "" if it agrees. Only keys in `wanted` are compared."""
    differences: dict[str, str] = {}
    for kind in wanted:
        if kind == "syntax_errors":
            continue
        for name in sorted(wanted[kind].keys() | found.get(kind, {}).keys()):
            one, other = wanted[kind].get(name), found.get(kind, {}).get(name)
            if one is None or other is None:
                differences[name] = "is missing" if other is None else "should not be there"
            else:
                differences[name] = "; ".join(_differences(one, other, ""))
    return differences


def _differences(wanted: Any, found: Any, path: str) -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(found, dict):
        # `fields` and `methods` are complete; an entry itself may lack keys that were not read
        whole = path in ("fields", "methods")
        for key in sorted(wanted.keys() | found.keys() if whole else wanted.keys()):
            where = f"{path}.{key}" if path else key
            if key not in wanted or key not in found:
                yield f"{where} {'should not be there' if key in found else 'is missing'}"
            else:
                yield from _differences(wanted[key], found[key], where)
    elif path in ("constructor", "params") or path.endswith(".params"):
        shown = [[_parameter_text(one) for one in side or ()] for side in (wanted, found)]
        if shown[0] != shown[1]:
            yield f"{path} should be ({', '.join(shown[0])}), is ({', '.join(shown[1])})"
    elif path in JSON_METHODS and not wanted:
        return  # an object on one line was not read
    elif _plain(wanted) != _plain(found):
        yield f"{path} should be {wanted}, is {found}"


def _plain(value: Any) -> Any:
    return normal(value) if isinstance(value, str) else value


def _parameter_text(parameter: Mapping[str, Any]) -> str:
    text = f"{normal(parameter['type'])} {parameter['name']}"
    text = f"required {text}" if parameter["required"] and parameter["kind"] == "named" else text
    return {"positional": text, "optional": f"[{text}]", "named": f"{{{text}}}"}[parameter["kind"]]


def normal(kind: str) -> str:
    """A type without import prefixes, spaces and redundant trailing commas."""
    text = re.sub(r"\b[a-z_]\w*\s*\.\s*(?=[A-Z])", "", " ".join(kind.split()))
    text = re.sub(r" ?([,(<{]) ?", r"\1", text)
    return re.sub(r",(?=[)}>])| (?=[)}>?])", "", text)


# Reading ----------------------------------------------------------------------------------------------------------


def read(files: Mapping[str, str]) -> Api:
    """The public API of Dart source, path -> text, in the structure of dart_api.json.

    Positional parameters are "positional", those in [] "optional", those in {} "named". Classes that start with "_" are
    left out. A class whose name starts with "Endpoint" is an endpoint, under its name on the wire if it has one.
    """
    api: Api = {"classes": {}, "endpoints": {}, "enums": {}, "syntax_errors": []}
    for path in sorted(files):
        if not path.endswith(".dart"):
            continue
        root = PARSER.parse(files[path].encode()).root_node
        api["syntax_errors"] += [f"{path}:{line}" for line in _broken(root)]
        for node in root.children:
            if node.type == "enum_declaration":
                name = _name(node)
                api["enums"][name] = {"name": name, "values": _enum_values(node)}
            elif node.type == "class_definition" and not (name := _name(node)).startswith("_"):
                is_endpoint = name.startswith("Endpoint") and _heritage(node, "superclass")
                if is_endpoint:
                    api["endpoints"][_wire_name(node) or name] = _endpoint(node)
                else:
                    api["classes"][name] = _class(node)
    return api


def _broken(node: Node) -> Iterator[int]:
    """Lines with invalid Dart."""
    if node.is_error or node.is_missing:
        yield node.start_point[0] + 1
    elif node.has_error:
        for child in node.children:
            yield from _broken(child)


def _text(node: Node | None) -> str:
    return (node.text or b"").decode() if node else ""


def _name(node: Node) -> str:
    return _text(node.child_by_field_name("name"))


def _all(node: Node, *types: str) -> list[Node]:
    return [child for child in node.children if child.type in types]


def _first(node: Node | None, *types: str) -> Node | None:
    found = _all(node, *types) if node else []
    return found[0] if found else None


def _inside(node: Node, *types: str) -> Iterator[Node]:
    """Nodes of these types at any depth."""
    for child in node.children:
        if child.type in types:
            yield child
        yield from _inside(child, *types)


def _heritage(node: Node, field: str) -> list[str]:
    """The names after `extends` or `implements`."""
    found = node.child_by_field_name(field)
    text = re.sub(r"^(extends|implements)\b", "", _text(found))
    return [normal(part) for part in text.split(",")] if text.strip() else []


def _members(node: Node) -> list[Node]:
    body = node.child_by_field_name("body")
    return body.children if body else []


def _enum_values(node: Node) -> list[str]:
    return [_name(child) for child in _members(node) if child.type == "enum_constant"]


def _class(node: Node) -> Api:
    name = _name(node)
    found: Api = {
        "name": name,
        "abstract": bool(_all(node, "abstract")),
        "sealed": bool(_all(node, "sealed")),
        "fields": _fields(node),
    }
    if extends := _heritage(node, "superclass"):
        found["extends"] = extends[0]
    if implements := _heritage(node, "interfaces"):
        found["implements"] = sorted(implements)
    signature = _constructor(node, name)
    if signature is not None:
        found["constructor"] = list(_parameters(signature, found["fields"]))
    for method, body in _methods(node):
        if _name(method) in JSON_METHODS and body:
            found[_name(method)] = _json_keys(body)
    return found


def _fields(node: Node) -> dict[str, str]:
    found: dict[str, str] = {}
    for member in _members(node):
        listed = _first(member, "initialized_identifier_list")
        if member.type != "declaration" or not listed or _all(member, "static"):
            continue
        kind = _before(member, listed)
        for each in _all(listed, "initialized_identifier"):
            if not (name := _text(_first(each, "identifier"))).startswith("_"):
                found[name] = kind
    return found


def _before(node: Node, end: Node) -> str:
    """The type that is written in a declaration before its names."""
    skipped = ("final_builtin", "const_builtin", "late", "static", "annotation", "covariant", "abstract")
    parts = [
        child for child in node.children if child.end_byte <= end.start_byte and child.type not in skipped
    ]
    if not parts:
        return ""
    text = (node.text or b"")[parts[0].start_byte - node.start_byte : parts[-1].end_byte - node.start_byte]
    return normal(text.decode())


def _constructor(node: Node, name: str) -> Node | None:
    """The unnamed constructor's signature: the factory, else the plain one."""
    for wanted in ("redirecting_factory_constructor_signature", "constructor_signature"):
        for member in _members(node):
            for signature in _all(member, wanted, wanted.replace("constructor_", "constant_constructor_")):
                if _text(signature).split("(")[0].split()[-1] == name:
                    return signature
    return None


def _methods(node: Node) -> Iterator[tuple[Node, Node | None]]:
    """Each method's signature, and its body; None if it is abstract."""
    members = _members(node)
    for position, member in enumerate(members):
        signature = _first(member, "function_signature")
        if signature and member.type in ("method_signature", "declaration") and not _all(member, "static"):
            following = members[position + 1] if position + 1 < len(members) else None
            yield signature, following if following and following.type == "function_body" else None


def _parameters(signature: Node, fields: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    listed = _first(signature, "formal_parameter_list")
    for child in listed.children if listed else []:
        if child.type == "formal_parameter":
            yield _parameter(child, "positional", required=True, fields=fields)
        elif child.type == "optional_formal_parameters":
            kind = "named" if _all(child, "{") else "optional"
            required = False
            for part in child.children:
                if part.type == "required":
                    required = True
                elif part.type == "formal_parameter":
                    given = required or bool(_all(part, "required"))
                    yield _parameter(part, kind, required=given, fields=fields)
                    required = False


def _parameter(node: Node, kind: str, *, required: bool, fields: Mapping[str, str]) -> dict[str, Any]:
    name = node.child_by_field_name("name") or list(_inside(node, "identifier"))[-1]
    written = re.sub(r"^(@\w+(\('[^']*'\))?\s+)*(required\s+)?", "", _text(node))
    text = written[: written.rindex(_text(name))]
    given = fields.get(_text(name), "") if text.strip().startswith(("this", "super")) else normal(text)
    return {"kind": kind, "name": _text(name), "required": required, "type": given.strip()}


def _json_keys(body: Node) -> list[str]:
    """The keys of the object that a method returns, sorted; not those of objects inside."""
    literal = next(_inside(body, "set_or_map_literal"), None)
    keys: set[str] = set()
    for entry in literal.children if literal else []:
        pair = entry if entry.type == "pair" else entry.child_by_field_name("consequence")
        if pair is not None and pair.type == "pair":
            keys.add(_text(pair.child_by_field_name("key")).strip("'\""))
    return sorted(keys)


def _wire_name(node: Node) -> str:
    """The value of an endpoint's `name` getter."""
    members = _members(node)
    for position, member in enumerate(members):
        getter = _first(member, "getter_signature")
        if getter and _name(getter) == "name" and position + 1 < len(members):
            literal = next(_inside(members[position + 1], "string_literal"), None)
            return _text(literal).strip("'\"")
    return ""


def _endpoint(node: Node) -> Api:
    methods = {}
    for signature, body in _methods(node):
        listed = _first(signature, "formal_parameter_list")
        name = signature.child_by_field_name("name")
        returns = _before(signature, name) if listed and name else ""
        methods[_name(signature)] = {
            "params": list(_parameters(signature, {})),
            "returns": returns,
        } | ({} if body else {"abstract": True})
    return {
        "class": _name(node),
        "extends": (_heritage(node, "superclass") or [""])[0],
        "methods": methods,
    }
