"""docs/how-to/add-a-sign-in-provider.md: its blocks are an app, and its test passes with it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from accounts import checks
from accounts.profile import provider_pictures
from accounts.providers import registry
from accounts.providers.provider import Provider
from accounts.sign_in import methods
from podium.core.project import PACKAGES
from podium.endpoints import registry as endpoints

PAGE = (PACKAGES / "docs" / "how-to" / "add-a-sign-in-provider.md").read_text()
BLOCK = re.compile(r"^```python\n# (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = dict(BLOCK.findall(PAGE))
APP = "shop_with_discord"
"""The page's `shop`, under a name that no other test imports."""
_folder = TemporaryDirectory()


def write() -> None:
    root = Path(_folder.name)
    for path, text in BLOCKS.items():
        file = root / re.sub(r"^shop\b", APP, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(re.sub(r"\bshop\b", APP, text))
    for folder in (root / APP, root / APP / "tests"):
        (folder / "__init__.py").touch()


write()
sys.path.insert(0, _folder.name)
try:
    page = import_module(f"{APP}.tests.test_discord")
finally:
    sys.path.remove(_folder.name)
discord = page.discord
test_a_code_signs_in = page.test_a_code_signs_in


@pytest.fixture(autouse=True)
def installed(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The app of the page is installed.

    Unfold makes a new admin site whenever apps are installed. So the old one is kept, and in the URLs.
    """
    import_module(settings.ROOT_URLCONF)
    for module in (admin, admin.sites):
        monkeypatch.setattr(module, "site", module.site)
    monkeypatch.syspath_prepend(_folder.name)
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, APP, "allauth.socialaccount.providers.discord"]
    yield


def faults() -> str:
    found = [*checks.sign_in_methods_are_known(None), *checks.providers_are_set_up(None)]
    return "\n".join(str(each.msg) for each in found)


def test_a_provider_of_an_app_is_found_by_its_name(settings: Any) -> None:
    assert "discord" in methods.every()
    assert "discordIdp" not in endpoints.registry().names()
    settings.ACCOUNTS_SIGN_IN = ["email", "discord"]
    assert "discordIdp" in endpoints.registry().names()
    assert "ACCOUNTS_DISCORD is invalid: 'client_id' is missing." in faults()
    assert provider_pictures.allowed("https://cdn.discordapp.com/avatars/7/a.png")
    settings.INSTALLED_APPS = [each for each in settings.INSTALLED_APPS if each != APP]
    assert "discord" not in methods.every()
    assert "unknown sign-in methods 'discord'" in faults()


def test_it_has_its_part_in_allauths_settings(discord: None, settings: Any, db: None) -> None:
    assert settings.SOCIALACCOUNT_PROVIDERS["discord"]["APPS"] == [{"client_id": "id", "secret": "secret"}]
    assert faults() == ""
    assert Client().get("/account/login/").status_code == 200
    settings.ACCOUNTS_SIGN_IN = ["email"]
    assert "discord" not in settings.SOCIALACCOUNT_PROVIDERS
    assert "ACCOUNTS_DISCORD['client_id'] is set, but nobody can sign in with it" in faults()


def test_two_providers_of_one_name_are_an_error() -> None:
    class Other(Provider):
        name, label = "discord", "Other"

    with pytest.raises(ValueError, match=r"Other: .*Discord is also called 'discord'\. Rename one of them\."):
        registry.register(Other)
    assert registry.every()["discord"].label == "Discord"


def test_the_settings_of_the_page_are_python() -> None:
    compile(BLOCKS["config/settings.py"], "config/settings.py", "exec")
