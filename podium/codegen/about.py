"""The data of a client for package registries, besides its name and version. No language, no text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class About:
    """The description of a package on pub.dev, npm and PyPI.

    description  a sentence
    license      an SPDX expression, e.g. "MIT"; "": none, so the tools refuse to publish the package
    repository   the address of its source; "" for none
    """

    description: str = "The client of a Podium server."
    license: str = ""
    repository: str = ""


PRIVATE = About()
