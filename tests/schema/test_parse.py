"""Types as text."""

from __future__ import annotations

import pytest

from podium.wire.errors import SchemaError, WireError
from podium.wire.parse import parse_type
from podium.wire.types import RECORD, TypeRef

STRING, INT = TypeRef("String"), TypeRef("int")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("int", INT),
        (" int ? ", TypeRef("int", nullable=True)),
        ("List<String>", TypeRef("List", arguments=(STRING,))),
        ("Map<  String  , Note  ? > ?", TypeRef("Map", True, (STRING, TypeRef("Note", nullable=True)))),
        ("Vector(512)?", TypeRef("Vector", nullable=True, dimension=512)),
        ("module:auth:UserInfo", TypeRef("UserInfo", module="auth")),
        ("my_shared:Model", TypeRef("Model", module="my_shared")),
        ("package:a/src/b.dart:Model", TypeRef("Model", module="package:a/src/b.dart")),
        ("project:src/lib/a.dart:Model", TypeRef("Model", module="project:src/lib/a.dart")),
        ("(int,)", TypeRef(RECORD, arguments=(INT,))),
        ("(int,int,)", TypeRef(RECORD, arguments=(INT, INT))),
        ("(String id, {int? count})?", TypeRef(RECORD, True, (STRING,), (("count", TypeRef("int", True)),))),
        (
            "(  int  ,   {    String   named  ,  }  )",
            TypeRef(RECORD, arguments=(INT,), named=(("named", STRING),)),
        ),
        ("({int a})", TypeRef(RECORD, named=(("a", INT),))),
        ("Stream<(int, int)>", TypeRef("Stream", arguments=(TypeRef(RECORD, arguments=(INT, INT)),))),
        ("void", TypeRef("void")),
    ],
)
def test_a_type_is_read_and_spelled_back(text: str, expected: TypeRef) -> None:
    assert parse_type(text) == expected
    assert parse_type(str(expected)) == expected


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        ("", 0, 'there is no type; write one, e.g. "String"'),
        ("List", 0, 'List takes one type in "<>", e.g. List<String>'),
        ("List<int, int>", 0, 'List takes one type in "<>", e.g. List<String>'),
        ("Map<int>", 0, 'Map takes two types in "<>", e.g. Map<String, int>'),
        ("Note<int>", 0, 'Note takes no types in "<>"'),
        ("Map<int, List>", 9, 'List takes one type in "<>", e.g. List<String>'),
        ("List<int", 4, 'the "<" is not closed; write ">"'),
        ("(int, int", 0, 'the "(" is not closed; write ")"'),
        ("({int a)", 1, 'the "{" is not closed; write "}"'),
        ("({int})", 5, 'the field of type int needs a name, e.g. "int value"'),
        ("({int a, String a})", 17, 'the record has two fields "a"'),
        ("(int {int a})", 5, 'a "," is missing before "{"'),
        ("(int)", 0, "a record of one field is written with a comma: (int,)"),
        ("()", 0, "a record needs a field at least, e.g. (int,)"),
        ("dynamic?", 0, 'dynamic may always be null; write it without "?"'),
        ("Vector", 6, "the type needs its number of dimensions in parentheses, e.g. Vector(512)"),
        ("Vector(0)", 7, 'the dimensions must be a whole number from 1 on, not "0"'),
        ("Vector(5.5)", 7, 'the dimensions must be a whole number from 1 on, not "5.5"'),
        ("Invalid-Type", 7, 'unexpected "-Type" after the type Invalid'),
        ("int??", 4, 'unexpected "?" after the type int?'),
        ("<int>", 0, 'a type is expected, not "<int>"'),
        ("module:auth", 0, 'write "module:<where>:<class>"'),
        ("List<" * 40 + "int" + ">" * 40, 165, "the type is nested more than 32 deep"),
    ],
)
def test_an_invalid_type_is_reported_with_its_place(text: str, offset: int, message: str) -> None:
    with pytest.raises(SchemaError) as refused:
        parse_type(text)
    assert (refused.value.message, refused.value.offset) == (message, offset)


def test_an_error_on_the_wire_collects_its_path_from_the_inside_out() -> None:
    error = WireError("expected a string, not 5").below("title").below("[2]").below("notes")
    assert str(error) == error.message == "notes[2].title: expected a string, not 5"
