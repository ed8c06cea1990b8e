"""The name of the clients' packages: `shop` makes shop_client in Dart and Python, and shop-client in npm."""

from __future__ import annotations

import re
from pathlib import Path

from podium.codegen.conf import conf
from podium.schema import pyproject

FORM = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
TAKEN = "serverpod"
"""Dart's client depends on serverpod_client and serverpod_auth_core_client; a package can't depend on its own name."""


def client_name(root: Path) -> str:
    """CLIENT_NAME, else the name in pyproject.toml, else the folder's. Raises ValueError if no package can have it."""
    if conf.NAME:
        name, source = conf.NAME, "CLIENT_NAME in config/settings.py"
    else:
        name, source = _declared(root), "the name in pyproject.toml"
    if not isinstance(name, str) or not FORM.fullmatch(name):
        raise ValueError(
            f"{name!r} is not a valid name for the clients ({source}): use lower-case letters, digits and single "
            'underscores, starting with a letter, such as "shop"'
        )
    if name.split("_")[0] == TAKEN:
        raise ValueError(
            f"{name!r} can't be the name of the clients ({source}): Serverpod's own packages, which the client for "
            "Dart uses, begin with it. Choose another name"
        )
    return name


def _declared(root: Path) -> str:
    """The name in pyproject.toml, else the folder's, as an identifier."""
    name = pyproject.read(root)[0].client_name or pyproject.project_name(root)
    return re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").lower() or "app"
