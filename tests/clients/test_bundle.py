"""Bundles of the TypeScript client contain the code an app uses, and the types that may arrive undeclared."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from podium.codegen import typescript
from podium.endpoints.definitions import EndpointDefinition
from tests.codegen import language
from tests.codegen.test_typescript import ROOT, compiled, compiler
from tests.schema.texts import load_texts

__all__ = ["compiler"]

FOLDER = ROOT / "build" / "esbuild"
ESBUILD = "esbuild@0.25.12"
MODELS = {
    "meal.spy.yaml": "class: Meal\nfields:\n  name: String\n  diet: Diet\n",
    "diet.spy.yaml": "enum: Diet\ndefault: any\nvalues:\n  - any\n  - vegan\n",
    "dish.spy.yaml": "class: Dish\nsealed: true\nfields:\n  next: Dish?\n",
    "soup.spy.yaml": "class: Soup\nextends: Dish\nfields:\n  litres: double\n",
    "cake.spy.yaml": "class: Cake\nextends: Dish\nfields:\n  slices: int\n",
    "burnt.spy.yaml": "exception: BurntException\nfields:\n  message: String\n",
}
WORDS = {
    "Meal": ["MealEndpoint", '"cookMeal"', '"Meal"', '"Diet"'],
    "Dish": ["DishEndpoint", '"cookDish"', '"Dish"', '"Soup"', '"Cake"'],
}
"""Text in compiled code that only one of the two endpoints needs."""


@pytest.fixture(scope="module")
def esbuild() -> Path:
    """The bundler, installed once into build/."""
    program = FOLDER / "node_modules" / ".bin" / "esbuild"
    if not program.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        npm = shutil.which("npm", path=f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}")
        assert npm, "npm is missing: install requirements-dev.txt, which has Node"
        install = [npm, "install", "--no-save", "--no-audit", "--no-fund", "--prefix", str(FOLDER), ESBUILD]
        subprocess.run(install, check=True, capture_output=True, timeout=300)
    return program


@pytest.fixture(scope="module")
def kitchen(compiler: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A client whose two endpoints have no model in common; returns its index.js."""
    return compiled(compiler, tmp_path_factory.mktemp("kitchen"), _files(MODELS))


def _files(models: dict[str, str]) -> dict[str, str]:
    protocol, faults = load_texts(models)
    assert not faults, [str(fault) for fault in faults]
    endpoints = [
        EndpointDefinition(name.lower(), f"{name}Endpoint", methods=[language._method(f"cook{name}", name)])
        for name in WORDS
    ]
    return typescript.emit(protocol, endpoints, package="kitchen", version="1.0.0")


def bundled(esbuild: Path, client: Path, code: str) -> str:
    """The text of a bundle of an app with this code, with names unchanged."""
    entry = client.parent.parent / "app.js"
    entry.write_text(code)
    done = subprocess.run(
        [str(esbuild), "--bundle", "--format=esm", "--external:node:*", "--log-level=error", str(entry)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("used", WORDS)
def test_endpoints_and_models_that_an_app_does_not_use_are_not_in_its_bundle(
    esbuild: Path, kitchen: Path, used: str
) -> None:
    code = f'import {{ BaseClient, {used}Endpoint }} from "./dist/index.js";\n'
    call = f'console.log(await new {used}Endpoint(new BaseClient("http://a")).cook{used}());\n'
    text = bundled(esbuild, kitchen, code + call)
    (other,) = WORDS.keys() - {used}
    assert [word for word in WORDS[used] if word not in text] == []
    assert [word for word in WORDS[other] if word in text] == []
    assert '"BurntException"' in text  # any method may raise it


@pytest.mark.slow
def test_the_whole_client_keeps_the_types_of_its_methods(esbuild: Path, kitchen: Path) -> None:
    text = bundled(
        esbuild, kitchen, 'import { Client } from "./dist/index.js";\nconsole.log(new Client("http://a"));\n'
    )
    assert [word for words in WORDS.values() for word in words if word not in text] == []


@pytest.mark.slow
def test_an_app_that_imports_nothing_gets_nothing(esbuild: Path, kitchen: Path) -> None:
    assert bundled(esbuild, kitchen, 'import "./dist/index.js";\n').strip() == ""


@pytest.mark.slow
def test_a_model_that_a_dynamic_value_may_contain_stays(
    compiler: list[str], esbuild: Path, tmp_path: Path
) -> None:
    models = {
        **MODELS,
        "meal.spy.yaml": "class: Meal\nfields:\n  name: String\n  diet: Diet\n  extra: dynamic\n",
    }
    client = compiled(compiler, tmp_path, _files(models))
    code = 'import { BaseClient, MealEndpoint } from "./dist/index.js";\n'
    text = bundled(esbuild, client, f'{code}console.log(new MealEndpoint(new BaseClient("http://a")));\n')
    assert '"Soup"' in text
    assert "DishEndpoint" not in text
