"""A language of clients is one folder of podium/codegen/: no list names it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from podium import codegen
from podium.codegen import languages

LOGO = """
def package_name(project):
    return f"{project}-logo"


def emit(protocol, endpoints, *, package, version, about=None):
    return {f"{package}.logo": f"version {version}"}
"""


@pytest.fixture
def logo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder `logo` is beside those of the other languages, and one without an emitter."""
    for name, text in (("logo", LOGO), ("help", "")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(text)
    monkeypatch.setattr(codegen, "__path__", [*codegen.__path__, str(tmp_path)])
    languages.every.cache_clear()
    yield
    languages.every.cache_clear()
    for name in ("logo", "help"):
        sys.modules.pop(f"podium.codegen.{name}", None)
        vars(codegen).pop(name, None)


def test_a_language_is_found_by_its_folder(logo: None) -> None:
    found = languages.every()
    assert list(found) == ["dart", "python", "typescript", "logo"]
    package = found["logo"].package_name("shop")
    assert found["logo"].emit(None, [], package=package, version="2") == {"shop-logo.logo": "version 2"}  # type: ignore[arg-type]


def test_each_language_spells_the_name_of_a_package() -> None:
    names = {name: each.package_name("my_shop") for name, each in languages.every().items()}
    assert names == {"dart": "my_shop_client", "python": "my_shop_client", "typescript": "my-shop-client"}
