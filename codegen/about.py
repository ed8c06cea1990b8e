"""What a registry of packages wants to know of a client beside its name and version. No language, no text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class About:
    """What pub.dev, npm and PyPI show.

    description  a sentence
    license      an SPDX expression, e.g. "MIT"; "": nobody may have the package, and the tools refuse to publish it
    repository   the address of its source; "" for none
    """

    description: str = "The client of a Podium server."
    license: str = ""
    repository: str = ""


PRIVATE = About()
