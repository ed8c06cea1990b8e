"""Generated clients for the code of the pages: of new projects that have the models and endpoints of the pages.

Nothing of them is served; `tests/newcomer` starts such projects and runs their tests.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from podium.dev import startproject
from tests.docs.blocks import blocks
from tests.docs.pages import DOCS
from tests.newcomer import howto, tutorial

PROVIDER = DOCS / "how-to" / "add-a-sign-in-provider.md"
NAMED = re.compile(r"\A# (shop/\S+\.py)\n")
"""The first line of a block of that page: the file's name."""
ALL_METHODS = """
INSTALLED_APPS += ["shop", "allauth.socialaccount.providers.discord"]
ACCOUNTS_SIGN_IN = ["email", "anonymous", "passkey", "oidc", "discord"]
ACCOUNTS_DISCORD = {"client_id": "of-the-app", "client_secret": "a-secret", "redirect_uris": ["com.example.app://auth"]}
"""
"""Each sign-in method whose endpoint a page calls."""


def write_notes(folder: Path) -> Path:
    """The project of the how-to pages, with every sign-in method that they use. Returns the folder of its clients."""
    project = _started("notes", folder)
    howto.type_in(project)
    for block in blocks(PROVIDER):
        if named := NAMED.match(block.text):
            path = project / named[1]
            path.parent.mkdir(exist_ok=True)
            path.write_text(block.text, "utf-8")
    with (project / "config" / "settings.py").open("a") as settings:
        settings.write(ALL_METHODS)
    return _generated(project)


def write_habits(folder: Path) -> Path:
    """The project of the tutorial at its end. Returns the folder of its clients."""
    project = _started("habits", folder)
    for section in tutorial.sections().values():
        for command in section.commands_of("rm "):
            for name in shlex.split(command)[1:]:
                (project / name).unlink()
        section.type_in(project)
    return _generated(project)


def _started(name: str, folder: Path) -> Path:
    startproject.write(name, folder / name, podium="0.1.0")  # the pin: nothing is installed
    return folder / name


def _generated(project: Path) -> Path:
    assert startproject.make_clients(project) == 0, f"{project}: `manage.py generate` failed"
    return project / "clients"
