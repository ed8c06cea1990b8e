"""Types that apps add, in the clients: classes of a library, values that are converted, imports of the app's own."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NewType

import pytest

from podium.codegen import dart, python, typescript
from podium.endpoints.definitions import EndpointDefinition
from podium.schema import app_types
from podium.schema.apps import App
from podium.schema.definitions import Protocol
from podium.wire.annotations import value_type
from podium.wire.codecs import codec, decode_dynamic, encode_dynamic
from podium.wire.errors import WireError
from podium.wire.types import (
    Column,
    Dart,
    Default,
    Pair,
    Python,
    PythonClient,
    TypeRef,
    TypeScript,
    WireType,
    mismatch,
    registry,
)
from tests.codegen.language import _method
from tests.dart import libraries, packages, vm
from tests.dart.conftest import dart as dart_vm
from tests.schema.texts import load_texts
from tests.wire.test_add_a_type import FILES

__all__ = ["dart_vm"]

MODELS = {
    "pen.spy.yaml": "class: Pen\nfields:\n  tint: Tint, default=7\n  other: Tint?\n  all: List<Tint>\n"
    "  byName: Map<String, Tint>\n"
}
PAINT = """
class Tint {
  const Tint(this.value);

  static Tint of(int value) => Tint(value);

  final int value;

  int toNumber() => value;
}
"""
MAIN = """
import 'dart:convert';
import 'package:pen_client/pen_client.dart';
import 'package:paint/tint.dart';
import 'package:shop_shared/color.dart';

void main() {
  final pen = Pen.fromJson(jsonDecode('{"tint": 1, "all": [2], "byName": {"a": 3}}'));
  final made = Pen(all: [const Tint(4)], byName: {});
  final listed = Protocol().deserialize<List<Tint>>([5]);
  final cup = Product(name: 'Cup', accents: [const Color(6)]);
  final streamed = jsonDecode(Protocol().encodeWithType(const Color(8)));
  print(jsonEncode([pen, cup, pen.other?.value, made.tint.value, made.copyWith().all.single.value,
    listed.single.value, streamed, Protocol().deserializeByClassName(streamed) == const Color(8)]));
}
"""


@dataclass(frozen=True)
class Tint:
    value: int


def _encode(value: Any) -> int:
    if isinstance(value, Tint):
        return value.value
    raise mismatch("Tint", value)


TINT = WireType(
    name="Tint",
    other_names=("hue",),
    python=Python(annotation=Tint, text="Tint", module="paint.tint", value="Tint({})"),
    codec=Pair(_encode, lambda data: Tint(int(data))),
    default=lambda text: Default("literal", int(text)),
    column=Column(field="podium.database.fields.IntegerField"),
    dart=Dart(
        type="Tint",
        library="package:paint/tint.dart",
        pubspec="^1.2.0",
        read="{type}.of({} as int)",
        write="toNumber()",
        value="const {type}({})",
    ),
    typescript=TypeScript(
        type="Tint",
        codec="tintCodec",
        imports=('import { Tint, tintCodec } from "paint";',),
        value="new Tint({})",
    ),
    python_client=PythonClient(
        type="Tint", codec="TINT", imports=("from paint import TINT, Tint",), value="Tint({})"
    ),
    openapi={"type": "integer"},
    samples=(Tint(1),),
)


@pytest.fixture(autouse=True)
def tint() -> Iterator[None]:
    """Register the type while a test runs."""
    registry.add(TINT)
    yield
    registry.remove(TINT)


@pytest.fixture
def protocol() -> Protocol:
    found, faults = load_texts(MODELS)
    assert faults == []
    return found


@pytest.fixture
def endpoints() -> list[EndpointDefinition]:
    methods = [
        _method("mix", "Tint", "Tint one", "[Tint? other]", "List<Tint> all", "Map<String, Tint?> named"),
        _method("plain", "Tint?", "List<int> numbers"),
    ]
    return [EndpointDefinition("paint", "PaintEndpoint", methods=methods)]


def test_signatures_and_codecs_know_it() -> None:
    assert value_type(list[Tint | None]) == codec("List<Tint?>").type
    assert codec("Set<Tint>").decode([1, 2]) == {Tint(1), Tint(2)}
    written = encode_dynamic([Tint(3)])
    assert written["data"] == [{"className": "Tint", "data": 3}]
    assert decode_dynamic(written) == [Tint(3)]
    with pytest.raises(WireError, match="expected Tint, got a whole number"):
        codec("Tint").encode(3)


def test_it_is_unknown_once_removed() -> None:
    built = codec("Tint")
    registry.remove(TINT)
    try:
        with pytest.raises(WireError, match="a known class, but Tint is not registered"):
            codec("Tint").encode(Tint(3))
        assert codec("Tint") is not built
    finally:
        registry.add(TINT)


@pytest.mark.parametrize("name", ["Tint", "int", "List", "dynamic", "Stream"])
def test_a_name_that_is_taken_is_refused_and_nothing_is_added(name: str) -> None:
    new = replace(TINT, name="Hue", python=replace(TINT.python, annotation=NewType("Hue", int)))
    taken = replace(TINT, name=name)
    with pytest.raises(registry.Taken, match=f'there is a wire type "{name}" already'):
        registry.add(new, taken)
    assert registry.named("Hue") is None


def test_a_python_class_of_another_type_is_refused() -> None:
    with pytest.raises(
        registry.Taken, match=r'int is the Python class of "int"; write NewType\("Hue", int\)'
    ):
        registry.add(replace(TINT, name="Hue", python=replace(TINT.python, annotation=int)))
    assert registry.named("Hue") is None


def test_model_files_cannot_define_it_and_get_it_as_a_hint() -> None:
    _, [fault] = load_texts({"tint.spy.yaml": "class: Tint\nfields:\n  a: int\n"})
    assert '"Tint" is a name of the language itself' in fault.message
    _, [fault] = load_texts({"pen.spy.yaml": "class: Pen\nfields:\n  a: hue\n"})
    assert "write Tint" in fault.message


def test_typescript_and_python_have_the_imports_of_the_type(
    protocol: Protocol, endpoints: list[EndpointDefinition]
) -> None:
    files = typescript.emit(protocol, endpoints, package="pen-client", version="1.0.0")
    for name in ("src/protocol.ts", "src/endpoints.ts"):
        assert files[name].count('import { Tint, tintCodec } from "paint";\n') == 1
    assert "new Tint(7)" in files["src/protocol.ts"]
    assert "wire.list(tintCodec)" in files["src/endpoints.ts"]
    files = python.emit(protocol, endpoints, package="pen-client", version="1.0.0")
    for name in ("protocol.py", "endpoints.py"):
        assert files[f"pen_client/{name}"].count("from paint import TINT, Tint\n") == 1
    assert "tint: Tint = Tint(7)" in files["pen_client/protocol.py"]
    assert "wire.list_of(TINT)" in files["pen_client/endpoints.py"]


def test_dart_converts_arguments_that_have_no_to_json(
    protocol: Protocol, endpoints: list[EndpointDefinition]
) -> None:
    files = dart.unbroken(protocol, endpoints, package="pen_client", version="1.0.0")
    client = files["lib/src/protocol/client.dart"]
    assert "'one': one.toNumber()" in client
    assert "'other': other?.toNumber()" in client
    assert "'all': all.toJson(valueToJson: (v) => v.toNumber())" in client
    assert "'numbers': numbers}" in client
    assert '  paint: "^1.2.0"\n' in files["pubspec.yaml"]
    own = dart.unbroken(load_texts({})[0], [], package="empty", version="1.0.0")
    assert "paint" not in "".join(own.values())


@pytest.fixture
def color(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Register the type of the how-to page in an app; yields the page's model file."""
    app = tmp_path / "shop"
    app.mkdir()
    for name, text in {"shop/__init__.py": "", **FILES}.items():
        if name.endswith(".py"):
            (tmp_path / name).write_text(text)
    monkeypatch.setattr(app_types, "_added", {})
    monkeypatch.setattr(sys, "path", [*sys.path])
    assert app_types.read(tmp_path, [App(app)]) == []
    assert app_types.read(tmp_path, [App(app)]) == []  # they are registered already
    yield {"product.spy.yaml": FILES["shop/product.spy.yaml"]}
    registry.remove(*sys.modules["shop.wire_types"].TYPES)
    for name in [each for each in sys.modules if each == "shop" or each.startswith("shop.")]:
        del sys.modules[name]


@pytest.mark.slow
@pytest.mark.usefixtures("dart_vm")
def test_dart_compiles_and_reads_what_it_wrote(
    color: dict[str, str], endpoints: list[EndpointDefinition], tmp_path: Path
) -> None:
    methods = [
        _method("both", "Color", "Color one"),
        _method("stream", "Stream<Color>", "Stream<Color> colors"),
    ]
    endpoints = [*endpoints, EndpointDefinition("shop", "ShopEndpoint", methods=methods)]
    made = libraries.client(load_texts(MODELS | color)[0], endpoints, "pen_client")
    shared = {name.removeprefix("dart/shop_shared/"): text for name, text in FILES.items() if "dart/" in name}
    made |= {"paint": {"lib/tint.dart": PAINT}, "shop_shared": shared}
    written = libraries.write(tmp_path / "dart", made)
    main = tmp_path / "main.dart"
    main.write_text(MAIN)
    configuration = packages.write(written | packages.given(), tmp_path / "packages.json")
    pen, product, *rest = json.loads(vm.run(main, configuration))
    assert pen == {"__className__": "Pen", "tint": 1, "all": [2], "byName": {"a": 3}}
    assert product == {"__className__": "Product", "name": "Cup", "color": 0xFFFF8800, "accents": [6]}
    assert rest == [None, 7, 4, 5, {"className": "Color", "data": 8}, True]


def test_a_reference_to_a_class_of_a_module_is_another_type() -> None:
    assert registry.find(TypeRef("Tint")) is TINT
    assert registry.find(TypeRef("Tint", module="auth")) is None
