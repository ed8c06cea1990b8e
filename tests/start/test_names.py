from __future__ import annotations

import tomllib

import pytest
from django.apps import apps
from django.urls import get_resolver

from podium.core.project import PACKAGES
from podium.dev import names
from podium.endpoints.checks import first_segments


@pytest.mark.parametrize("name", ["shop", "order_items", "app2", "a"])
def test_ordinary_names_can_be_used(name: str) -> None:
    assert names.problem(name) == ""


@pytest.mark.parametrize(
    ("name", "reason", "near"),
    [
        ("My-Shop", "is not a valid name", "my_shop"),
        ("myShop", "is not a valid name", "my_shop"),
        ("2048", "is not a valid name", "app_2048"),
        ("_shop", "is not a valid name", "shop"),
        ("shop__cart", "is not a valid name", "shop_cart"),
        ("größe", "is not a valid name", "gr_e"),
        ("", "is not a valid name", "app"),
        ("../shop", "is not a valid name", "shop"),
        ("a" * 41, "has 41 characters", "a" * 40),
        ("lambda", "a Python keyword", "lambda_app"),
        ("match", "a Python keyword", "match_app"),
        ("switch", "a Dart keyword", "switch_app"),
        ("podium", "the framework's own package", "podium_app"),
        ("config", "a project's settings", "config_app"),
        ("manage", "manage.py", "manage_app"),
        ("tests", "a folder of tests", "tests_app"),
        ("clients", "the generated clients", "clients_app"),
        ("serverpod", "the client for Dart uses", "my_serverpod"),
        ("accounts", "one of Podium's apps", "accounts_app"),
        ("tasks", "one of Podium's apps", "tasks_app"),
        ("mail", "pages below /mail/", "mail_app"),
        ("sessions", "has this label", "sessions_app"),
        ("calendar", "standard library", "calendar_app"),
        ("test", "an installed package has this name", "test_app"),
        ("django", "an installed package has this name", "django_app"),
        ("yaml", "an installed package has this name", "yaml_app"),
    ],
)
def test_other_names_are_refused_with_the_reason_and_one_that_works(
    name: str, reason: str, near: str
) -> None:
    problem = names.problem(name)
    assert problem.startswith(f'"{name}" ')
    assert reason in problem
    assert problem.endswith(f"For example: {near}")
    assert names.problem(near) == ""


def test_all_labels_of_apps_that_podium_installs_are_refused() -> None:
    platform = [each.label for each in apps.get_app_configs() if not each.name.startswith("tests.")]
    assert [label for label in platform if not names.problem(label)] == []


def test_all_apps_of_the_wheel_are_refused() -> None:
    pyproject = tomllib.loads((PACKAGES / "pyproject.toml").read_text())
    packages = set(pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    assert packages == {*names.PLATFORM_APPS, "podium"}


def test_all_first_segments_of_pages_are_refused() -> None:
    pages = [name for name in first_segments(get_resolver().url_patterns) if names.FORM.fullmatch(name)]
    assert "admin" in pages
    assert [name for name in pages if not names.problem(name)] == []
