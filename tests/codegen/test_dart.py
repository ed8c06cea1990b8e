"""The Dart client: it is valid Dart with the classes, methods and constructors that a Flutter developer expects."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tree_sitter import Node

from podium.codegen import dart
from podium.codegen.dart.breaks import WIDTH, broken
from podium.codegen.dart.client import class_name
from podium.endpoints.definitions import EndpointDefinition, MethodDefinition, ParameterDefinition
from podium.schema.definitions import Protocol
from podium.schema.project import load
from podium.wire.parse import parse_type
from podium.wire.types import TypeRef
from tests.codegen import language
from tests.conformance import dart_api
from tests.conformance.corpus import Corpus
from tests.notes import generated
from tests.schema.texts import load_texts

ROOT = Path(__file__).parent.parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
PACKAGES = ("serverpod_auth_core_client", "serverpod_auth_idp_client")


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    """The client of the tests' app, path -> text."""
    return generated.client("dart")


@pytest.fixture(scope="module")
def sources(files: dict[str, str]) -> dict[str, str]:
    """Its files of Dart."""
    return {path: text for path, text in files.items() if path.endswith(".dart")}


@pytest.fixture(scope="module")
def notes(sources: dict[str, str]) -> dict[str, Any]:
    """Its API."""
    return dart_api.read(sources)


@pytest.fixture(scope="module")
def lab() -> dict[str, str]:
    """A client of the whole model language and every shape of method."""
    return dart.emit(language.protocol(), language.endpoints(), package="lab_client", version="1.2.3")


def named(text: str, name: str, *, required: bool = False) -> dict[str, Any]:
    return {"kind": "named", "name": name, "required": required, "type": text}


def given(text: str, name: str) -> dict[str, Any]:
    return {"kind": "positional", "name": name, "required": True, "type": text}


# The tests' app ---------------------------------------------------------------------------------------------------


def test_the_client_is_valid_dart(notes: dict[str, Any]) -> None:
    assert len(notes["classes"]) > 10
    assert notes["syntax_errors"] == []


def test_invalid_dart_is_reported() -> None:
    assert dart_api.read({"a.dart": "class A {\n  int a = ;\n}\n"})["syntax_errors"] == ["a.dart:2"]


def test_a_model_has_the_constructor_of_its_fields(notes: dict[str, Any]) -> None:
    note = notes["classes"]["Note"]
    assert note["constructor"] == [
        named("int?", "id"),
        named("String", "title", required=True),
        named("String?", "body"),
        named("NoteColor?", "color"),
        named("List<String>", "tags", required=True),
        named("DateTime?", "remindAt"),
        named("bool?", "reminded"),
        named("int?", "notebookId"),
        named("Notebook?", "notebook"),
        named("DateTime?", "createdAt"),
    ]
    assert note["fields"]["body"] == "String"
    assert note["fields"]["notebook"] == "Notebook?"
    assert note["implements"] == ["ProtocolSerialization", "SerializableModel"]


def test_copy_with_takes_every_field_and_distinguishes_null_from_absent(files: dict[str, str]) -> None:
    text = files["lib/src/protocol/note.dart"]
    assert "  Note copyWith({\n    int? id,\n    String? title,\n" in text
    assert "    Object? remindAt = _Undefined,\n" in text
    assert "      remindAt: remindAt is DateTime? ? remindAt : this.remindAt,\n" in text
    assert "      title: title ?? this.title,\n" in text


def test_fields_of_the_server_are_absent(notes: dict[str, Any], sources: dict[str, str]) -> None:
    for name in ("Note", "Notebook"):
        entry = notes["classes"][name]
        assert "ownerId" not in entry["fields"]
        assert "ownerId" not in entry["toJson"]
        assert "ownerId" not in entry["toJsonForProtocol"]
    assert not [text for text in sources.values() if "ownerId" in text]


def test_an_endpoint_has_its_methods(notes: dict[str, Any]) -> None:
    endpoint = notes["endpoints"]["notes"]
    assert (endpoint["class"], endpoint["extends"]) == ("EndpointNotes", "EndpointRef")
    methods = endpoint["methods"]
    assert methods["createNote"] == {"params": [given("Note", "note")], "returns": "Future<Note>"}
    assert methods["listNotes"] == {"params": [named("int?", "limit")], "returns": "Future<List<Note>>"}
    assert methods["watchNotes"] == {"params": [], "returns": "Stream<Note>"}
    assert methods["remindMe"]["params"] == [given("int", "noteId"), given("Duration", "after")]
    assert methods["deleteNote"]["returns"] == "Future<void>"


def test_the_client_has_every_endpoint(notes: dict[str, Any]) -> None:
    client = notes["classes"]["Client"]
    assert client["extends"] == "ServerpodClientShared"
    assert client["fields"]["notes"] == "EndpointNotes"
    assert client["fields"]["accounts"] == "EndpointAccounts"
    callable_ = {name for name in notes["endpoints"] if not name.endswith("Base")}
    assert client["fields"].keys() - {"modules"} == callable_


def test_an_exception_can_be_caught_by_its_class(notes: dict[str, Any]) -> None:
    assert "SerializableException" in notes["classes"]["NoteNotFoundException"]["implements"]
    assert notes["enums"]["NoteColor"]["values"] == ["yellow", "blue", "red"]


# The whole language -----------------------------------------------------------------------------------------------


def test_the_whole_language_becomes_valid_dart(lab: dict[str, str]) -> None:
    api = dart_api.read(lab)
    assert api["syntax_errors"] == []
    assert "Hidden" not in api["classes"]
    assert "secret" not in api["classes"]["Everything"]["fields"]
    assert "other_name" in api["classes"]["Everything"]["toJson"]
    assert api["classes"]["Shape"]["sealed"]


def test_a_sealed_family_is_one_library(lab: dict[str, str]) -> None:
    root = lab["lib/src/protocol/shape.dart"]
    assert "part 'circle.dart';\npart 'polygon.dart';\npart 'square.dart';\n" in root
    assert "part of 'shape.dart';\n" in lab["lib/src/protocol/circle.dart"]
    assert "export 'circle.dart';" not in lab["lib/src/protocol/protocol.dart"]


def test_a_concrete_endpoint_calls_under_its_own_name(lab: dict[str, str]) -> None:
    api = dart_api.read(lab)
    assert api["endpoints"]["EndpointBase"]["methods"]["ping"].get("abstract")
    assert api["endpoints"]["close"]["extends"] == "EndpointBase"
    text = lab["lib/src/protocol/client.dart"]
    assert "caller.callServerEndpoint<String>('close', 'ping', {})" in text
    assert "'base'" not in text


def extended() -> dict[str, Any]:
    """The API of a module's endpoint and its subclasses."""
    text, number = TypeRef("String"), TypeRef("int")
    ping = MethodDefinition("ping", "ping", text)
    endpoints = [
        EndpointDefinition("base", "BaseEndpoint", module="lab_module", methods=[ping]),
        EndpointDefinition(
            "base",
            "BaseEndpoint",
            methods=[replace(ping, doc="In other words.")],
            parent="BaseEndpoint",
            parent_module="lab_module",
        ),
        EndpointDefinition("part", "PartEndpoint", methods=[ping], abstract=True, parent="BaseEndpoint"),
        EndpointDefinition("less", "LessEndpoint", methods=[], parent="BaseEndpoint"),
        EndpointDefinition(
            "other", "OtherEndpoint", methods=[replace(ping, returns=number)], parent="BaseEndpoint"
        ),
    ]
    files = dart.emit(language.protocol(), endpoints, package="lab_client", version="1.2.3")
    return dart_api.read(files) | {"text": files["lib/src/protocol/client.dart"]}


def test_a_subclass_of_a_modules_endpoint_extends_the_class_of_its_package() -> None:
    api = extended()
    assert api["endpoints"]["base"]["extends"] == "EndpointBase"
    assert "class EndpointBase extends _m_lab_module.EndpointBase {" in api["text"]
    assert api["endpoints"].keys() == {"base", "EndpointPart", "less", "other"}


def test_a_modules_class_in_a_signature_is_the_class_of_its_package() -> None:
    """The wire uses the module's package, models its nickname."""
    protocol = language.protocol()
    protocol.modules = {"lab": protocol.modules["lab_module"]}
    method = MethodDefinition(
        "make", "make", TypeRef("List", arguments=(TypeRef("Badge", module="lab_module"),))
    )
    files = dart.emit(
        replace(protocol, definitions=[]),
        [EndpointDefinition("badges", "BadgesEndpoint", methods=[method])],
        package="lab_client",
        version="1.2.3",
    )
    assert "Future<List<_m_lab.Badge>> make()" in files["lib/src/protocol/client.dart"]


def test_a_different_doc_of_a_method_is_not_a_different_shape() -> None:
    assert "  /// In other words.\n  @override\n  Future<String> ping()" in extended()["text"]


def test_an_abstract_endpoint_has_the_methods_of_its_parent() -> None:
    part = extended()["endpoints"]["EndpointPart"]
    assert part["extends"] == "EndpointBase"
    assert part["methods"] == {"ping": {"params": [], "returns": "Future<String>", "abstract": True}}


@pytest.mark.parametrize("name", ["less", "other"])
def test_an_endpoint_that_hides_or_changes_a_method_extends_nothing(name: str) -> None:
    assert extended()["endpoints"][name]["extends"] == "EndpointRef"


def test_types_on_streams_are_known_by_their_names(lab: dict[str, str]) -> None:
    protocol = lab["lib/src/protocol/protocol.dart"]
    assert "if (data is List<_p.Point>) {\n      return 'List<Point>';\n    }" in protocol
    assert "if (className == 'List<Point>') {" in protocol


def test_records_and_values_of_any_class_are_encoded_before_they_are_sent(lab: dict[str, str]) -> None:
    text = " ".join(lab["lib/src/protocol/client.dart"].split())
    assert "'value': _p.Protocol().mapRecordToJson(value)" in text
    assert "'value': _p.Protocol().dynamicToJson(value)" in text


@pytest.mark.parametrize(
    ("kind", "newer"),
    [
        ("GeographyPoint", True),
        ("Map<String, List<GeographyPolygon>>?", True),
        ("(int, {GeographyLineString line})", True),
        ("Stream<GeographyGeometryCollection>", True),
        ("Vector(3)", False),
    ],
)
@pytest.mark.parametrize("where", ["returns", "parameter", "field"])
def test_geographies_ask_for_a_newer_serverpod_client(kind: str, newer: bool, where: str) -> None:
    """In methods too: serverpod_client has them since the betas of 4.0."""
    stream = kind.startswith("Stream<")
    ref = parse_type(kind.removeprefix("Stream<").removesuffix(">") if stream else kind)
    ref = TypeRef("Stream", arguments=(ref,)) if stream else ref
    if where == "field":
        inside = ref.arguments[0] if stream else ref
        protocol, endpoints = load_texts({"a.spy.yaml": f"class: A\nfields:\n  at: {inside}\n"})[0], []
    else:
        given = (ParameterDefinition("at", "at", ref, "positional", True),) if where == "parameter" else ()
        returns = ref if where == "returns" else TypeRef("void")
        method = MethodDefinition("go", "go", returns, given, streams=stream)
        protocol, endpoints = Protocol("a"), [EndpointDefinition("lab", "LabEndpoint", methods=[method])]
    pubspec = dart.emit(protocol, endpoints, package="a_client", version="1.0.0")["pubspec.yaml"]
    assert f'  serverpod_client: "{">=4.0.0-0" if newer else ">=3.4.0"} <5.0.0"\n' in pubspec


MAPS = [
    ("Map<int, String>", True),
    ("Map<String?, int>?", True),
    ("List<Map<Color, int>>", True),
    ("Map<String, Set<Map<bool, int>?>>", True),
    ("Map<String, Map<String, int>>", False),
    ("Set<List<int>>", False),
]


@pytest.mark.parametrize(("kind", "mapped"), MAPS)
@pytest.mark.parametrize("streams", [False, True])
def test_maps_without_text_as_keys_are_encoded_before_they_are_sent(
    kind: str, mapped: bool, streams: bool
) -> None:
    """Dart's own encoder writes an empty one as {}."""
    ref = parse_type(kind)
    kinds = [TypeRef("Stream", arguments=(ref,)), ref] if streams else [ref]
    method = MethodDefinition(
        "echo",
        "echo",
        kinds[0],
        tuple(
            ParameterDefinition(f"v{n}", f"v{n}", each, "positional", True) for n, each in enumerate(kinds)
        ),
        streams=streams,
    )
    endpoint = EndpointDefinition("lab", "LabEndpoint", methods=[method])
    files = dart.emit(language.protocol(), [endpoint], package="lab_client", version="1.0.0")
    last = f"v{len(kinds) - 1}"
    client = " ".join(files["lib/src/protocol/client.dart"].split())
    assert (f"'{last}': _p.Protocol().mapContainerToJson({last})" in client) is mapped
    if streams:
        protocol = files["lib/src/protocol/protocol.dart"]
        assert ("Map<String, dynamic> wrapWithClassName(" in protocol) is mapped


# The corpus -------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not CORPUS.is_dir(), reason="there is no corpus beside this checkout")
def test_the_clients_of_real_projects_are_valid_dart_with_their_api() -> None:
    corpus = Corpus(CORPUS)
    for project in corpus.projects:
        protocol, _ = project.loaded
        assert (
            dart_api.read(dart.emit(protocol, [], package="x_client", version="1.0.0"))["syntax_errors"] == []
        )
    result = dart_api.run(corpus)
    assert result is not None
    assert result.passed, result.disagreements


def test_a_difference_is_reported(lab: dict[str, str]) -> None:
    api = dart_api.models_only(dart_api.read(lab))
    assert not any(dart_api.compare(api, api).values())
    other = dart_api.models_only(
        dart_api.read({path: text.replace("int y", "int z") for path, text in lab.items()})
    )
    told = dart_api.compare(api, other)["Point"]
    assert "fields.y is missing; fields.z should not be there" in told


# Layout -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (
            "      place: jsonSerialization['place'] == null ? null : _p.Protocol().deserialize<_p.Place>(x['place']),",
            "      place: jsonSerialization['place'] == null\n          ? null\n"
            "          : _p.Protocol().deserialize<_p.Place>(x['place']),",
        ),
        (
            "  Future<int> add(int firstNumber, int secondNumber, {int? third, required List<String> words});",
            "  Future<int> add(\n    int firstNumber,\n    int secondNumber, {\n    int? third,\n"
            "    required List<String> words,\n  });",
        ),
        (
            "  Future<void> signOutOfEverything() => caller.callServerEndpoint<void>('accounts', 'signOut', {});",
            "  Future<void> signOutOfEverything() =>\n"
            "      caller.callServerEndpoint<void>('accounts', 'signOut', {});",
        ),
        (
            "  _PointImpl({required int horizontal, required int vertical}) : super._(horizontal: horizontal);",
            "  _PointImpl({required int horizontal, required int vertical})\n"
            "    : super._(horizontal: horizontal);",
        ),
        (
            "    return 'a, string (with brackets, that is much too long) => to fit, and stays as it is, $as, it is';",
            "    return 'a, string (with brackets, that is much too long) => to fit, and stays as it is, $as, it is';",
        ),
    ],
)  # fmt: skip
def test_a_long_line_is_broken_as_dart_format_does(line: str, wanted: str) -> None:
    assert broken(line) == wanted


def shape(node: Node) -> list[Any]:
    """A syntax tree without its text, and without commas, since broken lists have one more."""
    return [node.type, *(shape(child) for child in node.children if child.type != ",")]


def test_broken_lines_mean_the_same(lab: dict[str, str]) -> None:
    flat = dart.unbroken(language.protocol(), language.endpoints(), package="lab_client", version="1.2.3")
    for path in lab:
        if path.endswith(".dart"):
            before, after = (
                dart_api.PARSER.parse(text.encode()).root_node for text in (flat[path], lab[path])
            )
            assert shape(before) == shape(after), path


def test_an_expression_in_parentheses_does_not_become_a_record() -> None:
    line = f"      side: (jsonSerialization['{'long' * 15}'] as num?)?.toDouble(),"
    assert broken(line) == line.replace("side: ", "side:\n          ")


def test_the_lines_of_a_client_fit(sources: dict[str, str]) -> None:
    long = [
        line
        for text in sources.values()
        for line in text.splitlines()
        if len(line) > WIDTH and not line.lstrip().startswith("//")
    ]
    assert long == []


# Modules of the project ---------------------------------------------------------------------------------------------


def test_classes_of_the_modules_come_from_their_packages(
    notes: dict[str, Any], files: dict[str, str], sources: dict[str, str]
) -> None:
    pubspec = files["pubspec.yaml"]
    text = "".join(sources.values())
    packages = set(re.findall(r"'package:(\w+)/", text))
    assert packages == {"serverpod_client", "notes_client", *PACKAGES}
    for package in PACKAGES:
        assert f"\n  {package}: any\n" in pubspec
    protocol, _ = load(ROOT)
    of_modules = {one.name for module in protocol.modules.values() for one in module.definitions}
    assert "AuthSuccess" in of_modules
    assert not of_modules & (notes["classes"].keys() | notes["enums"].keys())
    assert notes["classes"]["Modules"]["fields"] == {
        "serverpod_auth_core": "Caller",
        "serverpod_auth_idp": "Caller",
    }
    prefixed = set(re.findall(r"\b_m_serverpod_auth_\w+\.(\w+)", text))
    _, endpoints = generated.definitions()
    extended = {class_name(one.class_name) for one in endpoints if f"{one.module}_client" in PACKAGES}
    assert "EndpointEmailIdpBase" in extended
    assert prefixed - of_modules - extended - {"Caller", "Protocol"} == set()


def test_an_endpoint_extends_that_of_its_module() -> None:
    """`class EmailIdpEndpoint(EmailIdpBaseEndpoint)`, as apps write it."""
    base = EndpointDefinition(
        "emailIdpBase", "EmailIdpBaseEndpoint", module="serverpod_auth_idp", abstract=True
    )
    own = EndpointDefinition(
        "emailIdp", "EmailIdpEndpoint", parent=base.class_name, parent_module="serverpod_auth_idp"
    )
    for one in (base, own):
        success = TypeRef("AuthSuccess", module="serverpod_auth_core")
        one.methods.append(MethodDefinition("login", "login", success))
    protocol, _ = load(ROOT)
    client = dart.emit(protocol, [base, own], package="x_client", version="1.0.0")[
        "lib/src/protocol/client.dart"
    ]
    assert "class EndpointEmailIdp extends _m_serverpod_auth_idp.EndpointEmailIdpBase {" in client
    assert "class EndpointEmailIdpBase" not in client
    assert "Future<_m_serverpod_auth_core.AuthSuccess> login()" in client
