"""Settings of apps: unknown names, old names and values of a wrong type are reported."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from accounts import checks as accounts_checks
from accounts.conf import conf as accounts_conf
from monitoring.conf import conf
from podium.core.environment import Environment
from podium.server import app_settings


def test_the_settings_of_this_project_are_valid() -> None:
    assert app_settings.faults() == []


def test_a_misspelt_name_is_reported_with_the_right_one(settings: Any) -> None:
    settings.FILES_MAX_BYTE = 3
    [fault] = app_settings.faults()
    assert (fault.id, fault.hint) == ("podium.W021", "Did you mean FILES_MAX_BYTES?")


@pytest.mark.parametrize(
    ("name", "value", "form"),
    [
        ("FILES_MAX_BYTES", "20MB", "a whole number"),
        ("FILES_MAX_BYTES", True, "a whole number"),
        ("FILES_MAX_BYTES", 1.5, "a whole number"),
        ("ACCOUNTS_SIGN_IN", "email", "a list"),
        ("CLIENT_NAME", 42, "a text in quotes"),
        ("ACCOUNTS_GOOGLE", ["id"], "a dict"),
        ("MONITORING_ENABLED", "no", "True or False"),
    ],
)
def test_a_value_of_another_type_is_reported_without_a_text_that_may_be_secret(
    settings: Any, name: str, value: Any, form: str
) -> None:
    setattr(settings, name, value)
    [fault] = app_settings.faults()
    assert fault.id == "podium.E021"
    assert fault.msg.startswith(f"{name} is ") and fault.msg.endswith(f"it must be {form}.")
    assert not isinstance(value, str) or value not in fault.msg


@pytest.mark.parametrize(
    ("name", "value", "choices"),
    [("READS", "Fast", '"fast" or "orm"')],
)
def test_a_value_that_is_not_one_of_the_choices_is_reported(
    settings: Any, name: str, value: str, choices: str
) -> None:
    setattr(settings, name, value)
    assert [fault.msg for fault in app_settings.faults()] == [f"{name} is {value!r}; it must be {choices}."]


def test_other_spellings_of_the_same_type_are_valid(settings: Any) -> None:
    settings.ACCOUNTS_SIGN_IN = ("email",)
    settings.MONITORING_SLOW_SECONDS = 2
    assert app_settings.faults() == []


def test_a_setting_is_read_under_its_old_name_and_reported(settings: Any) -> None:
    assert conf.RECORDS_PER_METHOD == 20
    settings.MONITORING_ALIKE = 7
    assert conf.RECORDS_PER_METHOD == 7
    [fault] = app_settings.faults()
    assert (fault.id, fault.msg) == (
        "podium.W022",
        "MONITORING_ALIKE is deprecated since 0.2.0 and will be removed in 0.4.0 or later. "
        "Use MONITORING_RECORDS_PER_METHOD.",
    )
    settings.MONITORING_RECORDS_PER_METHOD = 3
    assert conf.RECORDS_PER_METHOD == 3


def test_an_old_name_is_reported_with_its_place(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType("a_project")
    module.__file__ = str(tmp_path / "settings.py")
    Path(module.__file__).write_text("DEBUG = True\nMONITORING_ALIKE = 7\n")
    monkeypatch.setitem(sys.modules, "a_project", module)
    settings.MONITORING_ALIKE = 7
    settings.SETTINGS_MODULE = "a_project"  # last: a further override would hide it
    [fault] = app_settings.faults()
    assert fault.msg.startswith(f"{tmp_path}/settings.py:2 MONITORING_ALIKE is deprecated")


def test_a_value_of_another_type_is_reported_under_the_old_name(settings: Any) -> None:
    settings.MONITORING_ALIKE = "many"
    assert {fault.id for fault in app_settings.faults()} == {"podium.E021", "podium.W022"}


def test_an_old_name_overrides_a_default_of_the_platform(settings: Any) -> None:
    assert accounts_conf.CAPTCHA_BACKENDS == []  # set by podium/settings.py
    settings.ACCOUNTS_HUMAN_CHECK = ["shop.checks.robots"]
    assert accounts_conf.CAPTCHA_BACKENDS == ["shop.checks.robots"]
    settings.ACCOUNTS_CAPTCHA_BACKENDS = ["shop.checks.robots_too"]
    assert accounts_conf.CAPTCHA_BACKENDS == ["shop.checks.robots_too"]


def test_a_variable_is_read_under_its_old_name(monkeypatch: pytest.MonkeyPatch) -> None:
    env = Environment(renamed={"SIZES": ("WIDTHS", "0.2.0"), "LOUD": ("VERBOSE", "0.2.0")})
    monkeypatch.setenv("SIZES", "1, 2")
    monkeypatch.setenv("LOUD", "yes")
    assert env.list("WIDTHS", default=[]) == ["1", "2"]
    assert env.bool("VERBOSE", default=False) is True
    monkeypatch.setenv("WIDTHS", "3")
    monkeypatch.setenv("VERBOSE", "no")
    assert env.list("WIDTHS", default=[]) == ["3"]
    assert env.bool("VERBOSE", default=True) is False


def test_an_old_name_of_a_variable_is_reported_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUMAN_CHECK", "shop.checks.robots")
    monkeypatch.setattr("podium.core.project.ROOT", tmp_path)
    sentence = (
        "HUMAN_CHECK is deprecated since 0.2.0 and will be removed in 0.4.0 or later. Use CAPTCHA_BACKENDS."
    )
    [fault] = app_settings.faults()
    assert (fault.id, fault.msg) == ("podium.W022", f"environment: {sentence}")
    (tmp_path / ".env").write_text("DEBUG=1\n\nHUMAN_CHECK=shop.checks.robots\n")
    [fault] = app_settings.faults()
    assert fault.msg == f".env:3 {sentence}"


def test_an_old_action_of_the_throttle_rates_is_reported(settings: Any) -> None:
    settings.ACCOUNTS_THROTTLE_RATES = {"human": {"address": "8/h"}}
    [fault] = accounts_checks.throttle_rates_are_valid(None)
    assert fault.id == "accounts.W005"
    assert fault.msg.startswith("ACCOUNTS_THROTTLE_RATES['human'] is deprecated since 0.2.0")
    assert fault.msg.endswith("Use ACCOUNTS_THROTTLE_RATES['captcha'].")
