"""docs/how-to/add-a-type.md followed exactly: its files in a project, and the results on every side.

No file of Podium is edited. The tests have the order of the page and build on one project.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from podium.codegen.typescript import compile
from tests.adopt.checkout import Checkout, database_url
from tests.conformance.database import scratch
from tests.postgres import server

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-type.md"
TEXT = PAGE.read_text("utf-8")
FILES = dict(re.findall(r"^`([^`]+)`:\n\n(?:<!--.*?-->\n\n)?```\w+\n(.*?)^```$", TEXT, re.M | re.S))
COMMANDS = re.findall(r"^python3 manage.py (.+)$", TEXT, re.M)
[MESSAGE] = re.findall(r"^```text\n(.*)\n```$", TEXT, re.M)
ORANGE = 0xFFFF8800


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """A project with the page's files, before its commands."""
    folder = tmp_path_factory.mktemp("shop")
    with scratch(server()) as database:
        shop = Checkout(folder, "shop", database_url(database.info))
        for name, text in FILES.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        yield shop


@pytest.fixture(scope="module")
def answers(shop: Checkout) -> dict[str, Any]:
    """The page's commands, then calls: each command's output, and the answers in order."""
    assert COMMANDS == ["generate", "makemigrations", "migrate"]
    generated = shop.run("generate")
    assert generated.returncode == 0, generated.stderr
    red, orange = 0xFFFF0000, {"name": "Pen", "color": ORANGE}
    first, second, *called = shop.steps(
        {"command": ["makemigrations", "shop"]},
        {"command": ["migrate", "shop"]},  # the other apps' tables take long, and are not needed
        {"post": "products/add", "json": orange},
        {"post": "products/add", "json": {"name": "Cup", "color": red}},
        {"post": "products/colors", "json": {}},
        {"post": "products/add", "json": {"name": "Hat", "color": "red"}},
        {"command": ["spectacular"]},
    )
    assert [first["status"], second["status"]] == [0, 0], [first, second]
    return {"calls": called[:-1], "openapi": called[-1]["output"]}


def test_the_page_has_a_file_for_each_side() -> None:
    assert sorted(FILES) == [
        "dart/shop_shared/lib/color.dart",
        "dart/shop_shared/pubspec.yaml",
        "shop/color.py",
        "shop/columns.py",
        "shop/endpoints.py",
        "shop/product.spy.yaml",
        "shop/wire_types.py",
    ]


def test_a_wrong_default_is_reported_as_on_the_page(shop: Checkout) -> None:
    model = shop.folder / "shop" / "product.spy.yaml"
    right = model.read_text()
    model.write_text(right.replace("'#ff8800'", "'orange'"))
    done = shop.run("checkmodels")
    model.write_text(right)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == MESSAGE


def test_python_has_its_class_and_the_migration_its_column(shop: Checkout, answers: dict[str, Any]) -> None:
    text = (shop.folder / "shop" / "protocol.py").read_text()
    assert (
        "color: Column[Color] = ColorField(default=Color(4294936576), db_default=Color(4294936576))" in text
    )
    assert (
        'accents: Column[list[Color] | None] = fields.JSONField("List<Color>", null=True, blank=True)' in text
    )
    assert "from shop.color import Color\n" in text and "from shop.columns import ColorField\n" in text
    types = (shop.folder / "shop" / "protocol_types.py").read_text()
    assert "    color__in: Iterable[Color] | Expression\n" in types
    [migration] = (shop.folder / "shop" / "migrations").glob("0001_*.py")
    assert "default=shop.color.Color(4294936576)" in migration.read_text()


def test_values_go_through_calls_and_the_database(answers: dict[str, Any]) -> None:
    pen, cup, colors, refused = answers["calls"]
    assert pen == {
        "status": 200,
        "json": {"__className__": "Product", "id": 1, "name": "Pen", "color": ORANGE, "accents": [ORANGE]},
    }
    assert cup["json"]["color"] == 0xFFFF0000
    assert colors == {"status": 200, "json": [ORANGE, 0xFFFF0000]}
    assert refused["status"] == 400
    assert "expected Color as a number from 0 to 0xFFFFFFFF, got a string" in refused["text"]


def test_openapi_describes_it(answers: dict[str, Any]) -> None:
    assert "description: A color as ARGB." in answers["openapi"]
    assert "maximum: 4294967295" in answers["openapi"]


def test_typescript_has_a_number_and_compiles(shop: Checkout, answers: dict[str, Any]) -> None:
    source = shop.folder / "clients" / "typescript" / "src"
    models = (source / "protocol.ts").read_text()
    assert "color: number" in models and "accents: number[] | null" in models
    assert "wire.int" in models and "4294936576" in models
    endpoints = (source / "endpoints.ts").read_text()
    assert "add(name: string, color: number" in endpoints
    assert "wire.list(wire.int)" in endpoints
    for text in (models, endpoints):
        assert compile.javascript(text) and compile.declarations(text)


def test_the_python_client_has_a_number_and_reads_one(shop: Checkout, answers: dict[str, Any]) -> None:
    [package] = (shop.folder / "clients" / "python").glob("*_client")
    code = (
        f"from {package.name} import Product\n"
        "from dataclasses import asdict\n"
        f"import json; from {package.name}.runtime.models import of\n"
        "pen = of(Product).decode({'__className__': 'Product', 'name': 'Pen', 'color': 7, 'accents': [1, 2]})\n"
        "new = Product(name='Cup')\n"
        "print(json.dumps([pen.color, pen.accents, new.color, of(Product).encode(pen)['color']]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=package.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [7, [1, 2], ORANGE, 7]


def test_dart_has_the_class_of_its_package(shop: Checkout, answers: dict[str, Any]) -> None:
    [package] = (shop.folder / "clients").glob("dart")
    source = package / "lib" / "src" / "protocol"
    model = next(source.rglob("product.dart")).read_text()
    assert "import 'package:shop_shared/color.dart' as _x_shop_shared__color;" in model
    assert "_x_shop_shared__color.Color color" in model
    assert "color ?? const _x_shop_shared__color.Color(4294936576)" in model
    protocol = (source / "protocol.dart").read_text()
    assert "if (t == _x_shop_shared__color.Color) {" in protocol
    assert "return _x_shop_shared__color.Color.fromJson(data) as T;" in protocol
    assert '  shop_shared: "any"\n' in (package / "pubspec.yaml").read_text()


FAULTS = {
    "TYPES = (COLOR,)\n": ("types = (COLOR,)\n", "the module has no tuple TYPES of its types"),
    'name="Color"': ('name="Uri"', 'there is a wire type "Uri" already; choose another name'),
    "import re\n": (
        "import ree\n",
        "the types cannot be imported: ModuleNotFoundError: No module named 'ree'",
    ),
    "def encode(": ("def encode((", "this is not valid Python: "),
}


@pytest.mark.parametrize("right", FAULTS)
def test_a_fault_in_the_definition_is_reported_with_its_line(shop: Checkout, right: str) -> None:
    wrong, message = FAULTS[right]
    path = shop.folder / "shop" / "wire_types.py"
    text = path.read_text()
    path.write_text(text.replace(right, wrong))
    # Python takes what it compiled for a file of the same size and second, here the one of another fault.
    os.utime(path, (list(FAULTS).index(right),) * 2)
    done = shop.run("checkmodels")
    path.write_text(text)
    [line, *_] = done.stderr.splitlines()
    number = 1 if right.startswith("TYPES") else text[: text.index(right)].count("\n") + 1
    assert line.startswith(f"shop/wire_types.py:{number}:1: error: {message}"), line
