from __future__ import annotations

import pytest

from podium.dev import settings_file


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('INSTALLED_APPS += ["shop"]\n', 'INSTALLED_APPS += ["shop", "orders"]\n'),
        ("INSTALLED_APPS += []\n", 'INSTALLED_APPS += ["orders"]\n'),
        ('INSTALLED_APPS += ["shop",]  # "x"]\n', 'INSTALLED_APPS += ["shop", "orders",]  # "x"]\n'),
        (
            'INSTALLED_APPS += [\n    "shop",  # first\n    "café",\n]\n',
            'INSTALLED_APPS += [\n    "shop",  # first\n    "café",\n    "orders",\n]\n',
        ),
        ('INSTALLED_APPS += [\n    "shop"\n]\n', 'INSTALLED_APPS += [\n    "shop",\n    "orders"\n]\n'),
        ('INSTALLED_APPS = [*PODIUM, "ä"]; X = ["y"]\n', 'INSTALLED_APPS = [*PODIUM, "ä", "orders"]; X = ["y"]\n'),
        ('INSTALLED_APPS: list[str] = ["a"]\n', 'INSTALLED_APPS: list[str] = ["a", "orders"]\n'),
        (
            'INSTALLED_APPS += ["a"]\nINSTALLED_APPS += ["b"]\n',
            'INSTALLED_APPS += ["a"]\nINSTALLED_APPS += ["b", "orders"]\n',
        ),
    ],
)  # fmt: skip
def test_an_app_is_added_to_the_last_list(text: str, expected: str) -> None:
    assert settings_file.with_app(text, "orders") == expected


@pytest.mark.parametrize(
    "text", ["", "INSTALLED_APPS = podium.apps()\n", "if X:\n    INSTALLED_APPS += []\n"]
)
def test_a_file_without_a_list_is_left_alone(text: str) -> None:
    with pytest.raises(settings_file.UnknownForm):
        settings_file.with_app(text, "orders")
