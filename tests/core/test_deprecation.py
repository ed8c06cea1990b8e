"""Deprecated names: they work, and warn with the place and the replacement."""

from __future__ import annotations

import importlib
import sys
import warnings
from pathlib import Path

import pytest

from podium.core import deprecation
from podium.core.deprecation import PodiumDeprecationWarning
from podium.core.ids import uuid7

OLD = """\
from podium.core import deprecation

__getattr__ = deprecation.moved(__name__, {"make_id": "podium.core.ids.uuid7"}, since="0.3.0")
"""


@pytest.fixture
def old_module(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "an_old_module.py").write_text(OLD)
    (tmp_path / "a_user.py").write_text("import datetime\n\nfrom an_old_module import make_id\n")
    yield tmp_path
    for name in ("an_old_module", "a_user"):
        sys.modules.pop(name, None)


def test_an_old_name_is_the_new_one_and_warns_where_it_is_used(old_module: Path):
    with pytest.warns(PodiumDeprecationWarning) as caught:
        user = importlib.import_module("a_user")
    assert user.make_id is uuid7
    (warning,) = caught
    place = f"{old_module}/a_user.py:3"
    assert str(warning.message) == (
        f"{place} an_old_module.make_id is deprecated since 0.3.0 and will be removed in 0.5.0 or later. "
        "Use podium.core.ids.uuid7"
    )
    assert (warning.filename, warning.lineno) == (f"{old_module}/a_user.py", 3)


def test_an_attribute_that_never_was_is_an_error(old_module: Path):
    old = importlib.import_module("an_old_module")
    with pytest.raises(AttributeError, match="module 'an_old_module' has no attribute 'other'"):
        getattr(old, "other")  # noqa: B009


def test_commands_show_the_warnings():
    with warnings.catch_warnings(record=True) as caught:
        warnings.resetwarnings()
        warnings.simplefilter("ignore")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sys.warnoptions", [])
            deprecation.show()
        deprecation.warn("SETTING", "OTHER_SETTING", since="1.4.0")
    (warning,) = caught
    assert "1.6.0 or later. Use OTHER_SETTING" in str(warning.message)
