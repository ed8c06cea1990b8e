"""Schemes of FILES_URL: found in podium/core/storages/ and in the storages.py of a project's app."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from podium.core import storages
from podium.core.project import PACKAGES

PAGE = (PACKAGES / "docs" / "how-to" / "files.md").read_text()
APP = "shop_with_storages"


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The page's example, as a module of an app."""
    [text] = re.findall(r"^```python\n# shop/storages\.py\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (tmp_path / APP).mkdir()
    (tmp_path / APP / "__init__.py").touch()
    (tmp_path / APP / "storages.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(storages, "_readers", {})
    for name in ("podium.core.storages.s3", f"{APP}.storages"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return [f"{APP}.storages"]


def test_an_app_adds_a_scheme(modules: list[str]) -> None:
    with pytest.raises(ImproperlyConfigured, match='the scheme is "gs", known is "s3"'):
        storages.backend("gs://pictures", folder="")
    made = storages.backend("gs://pictures", folder="", modules=modules)
    assert made["BACKEND"].endswith("GoogleCloudStorage")
    assert made["OPTIONS"] == {"bucket_name": "pictures"}


def test_a_scheme_is_registered_once(modules: list[str]) -> None:
    storages.backend("gs://pictures", folder="", modules=modules)
    with pytest.raises(ValueError, match="registers the scheme 'gs', too"):
        storages.register("gs")(lambda url: {})
