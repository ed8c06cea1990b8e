"""Metadata of the clients' packages for registries: the settings' values, and no accidental publication."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
import yaml

from podium.codegen import dart, python, typescript
from podium.codegen.about import PRIVATE, About
from tests.schema.texts import load_texts

SAID = About('Notes: "shared" ones, für all.', "MIT", "https://example.com/notes")


def dart_says(about: About) -> dict[str, Any]:
    files = dart.emit(load_texts({})[0], [], package="notes_client", version="1.2.3", about=about)
    return yaml.safe_load(files["pubspec.yaml"])


def npm_says(about: About) -> dict[str, Any]:
    files = typescript.emit(load_texts({})[0], [], package="notes-client", version="1.2.3", about=about)
    return json.loads(files["package.json"])


def python_says(about: About) -> dict[str, Any]:
    files = python.emit(load_texts({})[0], [], package="notes_client", version="1.2.3", about=about)
    return tomllib.loads(files["pyproject.toml"])["project"]


@pytest.mark.parametrize("says", [dart_says, npm_says, python_says])
def test_every_package_has_the_values_of_the_settings(says: Any) -> None:
    found = says(SAID)
    assert (found["version"], found["description"]) == ("1.2.3", SAID.description)
    assert found["name"] in ("notes_client", "notes-client")


def test_each_registry_finds_the_license_and_the_repository() -> None:
    assert dart_says(SAID)["repository"] == SAID.repository
    npm = npm_says(SAID)
    assert (npm["license"], npm["repository"]["url"]) == ("MIT", SAID.repository)
    project = python_says(SAID)
    assert (project["license"], project["urls"]["Repository"]) == ("MIT", SAID.repository)


def test_only_a_package_with_a_license_can_be_published() -> None:
    assert dart_says(PRIVATE)["publish_to"] == "none"
    assert npm_says(PRIVATE)["private"]
    assert "Private :: Do Not Upload" in python_says(PRIVATE)["classifiers"]
    assert "publish_to" not in dart_says(SAID)
    assert "private" not in npm_says(SAID)
    assert "Private :: Do Not Upload" not in python_says(SAID)["classifiers"]


def test_npm_knows_the_place_of_every_file() -> None:
    found = npm_says(PRIVATE)
    assert found["exports"]["."] == {"types": found["types"], "default": found["main"]}
    assert found["engines"] == {"node": ">=20"}
