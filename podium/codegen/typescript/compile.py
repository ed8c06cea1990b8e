"""Compile client code in TypeScript to JavaScript and declarations, without Node: it only removes types.

It reads the syntax of TypeScript's `erasableSyntaxOnly`, where types can be removed. Each exported declaration must
state its type or have a value that shows it. Anything else raises Unsupported.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

_parser = Parser(Language(tree_sitter_typescript.language_typescript()))

ERASED = frozenset(
    [
        "type_annotation",
        "omitting_type_annotation",
        "opting_type_annotation",
        "type_predicate_annotation",
        "asserts_annotation",
        "type_parameters",
        "type_arguments",
        "implements_clause",
        "accessibility_modifier",
        "override_modifier",
        "index_signature",
        "method_signature",
        "abstract_method_signature",
        "function_signature",
        "interface_declaration",
        "type_alias_declaration",
    ]
)
"""Nodes that are only for types."""
WORDS = frozenset(["abstract", "readonly", "declare"])
TYPE_CLAUSES = frozenset(["as_expression", "satisfies_expression", "non_null_expression"])
FIELDS = frozenset(
    ["public_field_definition", "required_parameter", "optional_parameter", "variable_declarator"]
)


class Unsupported(Exception):
    """A part of the source that can't be compiled here; the message has its line."""

    def __init__(self, node: Node, text: str) -> None:
        super().__init__(f"line {node.start_point.row + 1}: {text}: {_text(node)[:80]}")


@cache
def javascript(source: str) -> str:
    """Return the source without its types. Raises Unsupported for a syntax error."""
    data = source.encode()
    kept, end = [], 0
    for start, stop in sorted(set(_cuts(_parse(source)))):
        if start >= end:
            kept.append(data[end:start])
        end = max(end, stop)
    lines = b"".join([*kept, data[end:]]).decode().split("\n")
    return "\n".join(line.rstrip() for line in lines)


def _parse(source: str) -> Node:
    root = _parser.parse(source.encode()).root_node
    if root.has_error:
        raise Unsupported(root, "a syntax error")
    return root


def _text(node: Node | None) -> str:
    return node.text.decode() if node is not None and node.text is not None else ""


def _has(node: Node, word: str) -> bool:
    return any(each.type == word for each in node.children)


# JavaScript -----------------------------------------------------------------------------------------------------------


def _cuts(node: Node) -> Iterator[tuple[int, int]]:
    """The ranges of bytes that are only for types."""
    if _is_for_types(node):
        following = node.next_sibling
        comma = following is not None and following.type in (",", ";") and node.type != "type_annotation"
        yield node.start_byte, following.end_byte if comma and following else node.end_byte
        return
    if node.type in TYPE_CLAUSES:
        yield node.children[0].end_byte, node.end_byte
        yield from _cuts(node.children[0])
        return
    for child in node.children:
        if child.type in WORDS and node.type != "pair":
            yield child.start_byte, child.end_byte + 1
        elif child.type in "?!" and node.type in FIELDS:
            yield child.start_byte, child.end_byte
        else:
            yield from _cuts(child)


def _is_for_types(node: Node) -> bool:
    if node.type == "public_field_definition":
        return _has(node, "declare") or _has(node, "abstract")
    if node.type == "export_statement":
        declared = node.child_by_field_name("declaration")
        return _has(node, "type") or (declared is not None and declared.type in ERASED)
    if node.type in ("import_statement", "import_specifier", "export_specifier"):
        return _has(node, "type")
    return node.type in ERASED


# Declarations ---------------------------------------------------------------------------------------------------------


@cache
def declarations(source: str) -> str:
    """Return the `.d.ts` of the source. Raises Unsupported for an exported value without a type."""
    root = _parse(source)
    overloaded = {
        _text(each.child_by_field_name("name"))
        for statement in root.children
        for each in (statement, *statement.children)
        if each.type == "function_signature"
    }
    written = [text for each in root.children if (text := _declared(each, overloaded))]
    return "".join(f"{text}\n" for text in [*written, "export {};"])


def _declared(node: Node, overloaded: set[str]) -> str:
    if node.type in ("import_statement", "interface_declaration", "type_alias_declaration"):
        return _text(node)
    if node.type == "comment":
        return _text(node) if _text(node).startswith("/**") else ""
    if node.type in ("class_declaration", "abstract_class_declaration"):
        return "declare " + _class(node)
    if node.type == "export_statement":
        declared = node.child_by_field_name("declaration")
        return _text(node) if declared is None else _exported(declared, overloaded)
    return ""  # not visible outside


def _exported(node: Node, overloaded: set[str]) -> str:
    match node.type:
        case "interface_declaration" | "type_alias_declaration":
            return f"export {_text(node)}"
        case "class_declaration" | "abstract_class_declaration":
            return f"export declare {_class(node)}"
        case "function_signature":
            return f"export declare {_text(node)}"
        case "function_declaration" | "generator_function_declaration":
            name = _text(node.child_by_field_name("name"))
            return "" if name in overloaded else f"export declare function {name}{_signature(node)};"
        case "lexical_declaration":
            return "\n".join(
                f"export declare {_text(node.children[0])} {_text(each.child_by_field_name('name'))}{_type_of(each)};"
                for each in node.named_children
                if each.type == "variable_declarator"
            )
    raise Unsupported(node, "an export without a declaration")


def _class(node: Node) -> str:
    body = node.child_by_field_name("body")
    assert body is not None
    head = "".join(
        _text(each) + " " for each in node.children if each.type not in ("class_body", "decorator")
    )
    overloaded = {
        _text(each.child_by_field_name("name")) for each in body.children if each.type == "method_signature"
    }
    members = []
    for each in body.named_children:
        if text := _member(each, overloaded):
            members.append(text)
    lines = dict.fromkeys(members) if "#private;" in members else members
    return head + "{\n" + "".join(f"  {line}\n" for line in lines) + "}"


def _member(node: Node, overloaded: set[str]) -> str:
    if node.type == "comment":
        return _text(node) if _text(node).startswith("/**") else ""
    if node.type in ("method_signature", "abstract_method_signature", "index_signature"):
        return f"{_text(node)};"
    name = node.child_by_field_name("name")
    modifiers = [
        _text(each) for each in node.children if each.type in ("accessibility_modifier", "static", *WORDS)
    ]
    if _text(name).startswith("#"):
        return "#private;"
    if "private" in modifiers:
        return f"{' '.join(modifiers)} {_text(name)}{'()' if _text(name) == 'constructor' else ''};"
    prefix = "".join(f"{each} " for each in modifiers)
    if node.type == "public_field_definition":
        mark = "?" if _has(node, "?") else ""
        return f"{prefix}{_text(name)}{mark}{_type_of(node, readonly='readonly' in modifiers)};"
    if node.type == "method_definition":
        if _text(name) in overloaded:
            return ""
        kind = next((f"{each.type} " for each in node.children if each.type in ("get", "set")), "")
        untyped = kind == "set " or _text(name) == "constructor"
        return f"{prefix}{kind}{_text(name)}{_signature(node, untyped=untyped)};"
    if node.type == "class_static_block":
        return ""
    raise Unsupported(node, "a member that has no declaration")


def _signature(node: Node, *, untyped: bool = False, arrow: bool = False) -> str:
    """Type parameters, parameters and result of a function."""
    result = node.child_by_field_name("return_type")
    if result is None and not untyped:
        raise Unsupported(node, "a function without the type of its result")
    parameters = node.child_by_field_name("parameters")
    assert parameters is not None
    shown = ", ".join(map(_parameter, (each for each in parameters.named_children if each.type != "comment")))
    returned = "" if result is None else _text(result)
    if arrow:
        returned = " => " + returned.removeprefix(":").strip()
    return f"{_text(node.child_by_field_name('type_parameters'))}({shown}){returned}"


def _parameter(node: Node) -> str:
    pattern, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
    optional = "?" if value is not None or node.type == "optional_parameter" else ""
    return f"{_pattern(pattern)}{optional}{_type_of(node)}"


def _pattern(node: Node | None) -> str:
    """A parameter's name, or names, without default values."""
    if node is None or node.type not in ("object_pattern", "array_pattern"):
        return _text(node)
    names = ", ".join(
        _text(each.child_by_field_name("left") if each.type.endswith("assignment_pattern") else each)
        for each in node.named_children
        if each.type != "comment"
    )
    return f"{{ {names} }}" if node.type == "object_pattern" else f"[{names}]"


def _type_of(node: Node, *, readonly: bool = False) -> str:
    """The annotation of a declaration, or the type derived from its value."""
    annotation = node.child_by_field_name("type")
    if annotation is not None:
        return _text(annotation)
    value = node.child_by_field_name("value")
    if value is None:
        raise Unsupported(node, "a declaration without a type")
    return f": {_shown(value, readonly or node.type == 'variable_declarator')}"


def _shown(value: Node, literal: bool) -> str:
    """The type of a value; `literal`: as with `as const`."""
    match value.type:
        case "string" | "number":
            return _text(value) if literal else value.type
        case "true" | "false":
            return _text(value) if literal else "boolean"
        case "template_string":
            return "string"
        case "new_expression":
            arguments = _text(value.child_by_field_name("type_arguments"))
            return _text(value.child_by_field_name("constructor")) + arguments
        case "arrow_function":
            return _signature(value, arrow=True)
        case "as_expression":
            kind = value.children[-1]
            return _shown(value.children[0], True) if _text(kind) == "const" else _text(kind)
        case "object":
            return "{ " + "".join(_property(each, literal) for each in value.named_children) + "}"
    raise Unsupported(value, "a value that does not show its type")


def _property(node: Node, literal: bool) -> str:
    if node.type == "comment":
        return f"{_text(node)} "
    key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
    if key is None or value is None:
        raise Unsupported(node, "a property that does not show its type")
    return f"{'readonly ' if literal else ''}{_text(key)}: {_shown(value, literal)}; "
