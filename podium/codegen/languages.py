"""The languages of clients: each package in this folder that has an `emit`. A new language is listed nowhere else."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from podium.codegen.about import PRIVATE, About
from podium.endpoints.definitions import EndpointDefinition
from podium.schema import definitions

HOME = __name__.rpartition(".")[0]


class Language(Protocol):
    """The functions that the package of a language has."""

    def emit(
        self,
        protocol: definitions.Protocol,
        endpoints: list[EndpointDefinition],
        *,
        package: str,
        version: str,
        about: About = PRIVATE,
    ) -> dict[str, str]:
        """Return the files of the client, relative path -> text."""

    def package_name(self, project: str) -> str:
        """Return the name of a project's client, as the language spells it: shop_client."""


@cache
def every() -> Mapping[str, Language]:
    """All languages by name, which is that of the package."""
    folders = [each.name for each in pkgutil.iter_modules(import_module(HOME).__path__) if each.ispkg]
    packages = {name: import_module(f"{HOME}.{name}") for name in folders}
    return {name: cast(Language, package) for name, package in packages.items() if hasattr(package, "emit")}
