"""The project's models and those of its modules as Django apps. Pure functions; the Python is schema.generate's.

Each package is an app of its own, since the generated modules import each other by their packages' names. Every
definition's `app` is its package's name.
"""

from __future__ import annotations

from schema import generate
from schema.definitions import Protocol

MODELS = '"""Starts with the generated models; what goes with them is yours to add."""\n\nfrom .protocol import *\n'


def emit(protocol: Protocol, *, typed: bool = True) -> dict[str, str]:
    """What is generated, relative path -> text: `<package>/protocol.py` and what goes with it (see generate.emit)."""
    return {
        f"{package.name}/{name}": text
        for package in (protocol, *protocol.modules.values())
        for name, text in generate.emit(package, package.name, typed=typed).items()
        if text
    }


def starters(protocol: Protocol) -> dict[str, str]:
    """What makes apps of these, relative path -> text; the user's to change, so only to be written where missing."""
    files = {"__init__.py": "", "models.py": MODELS}
    return {f"{package}/{name}": text for package in packages(protocol) for name, text in files.items()}


def packages(protocol: Protocol) -> list[str]:
    """The names of the apps."""
    return [protocol.name, *(module.name for module in protocol.modules.values())]
