"""The project's models and those of its modules as Django apps. Pure functions; podium.schema.generate emits Python.

Each package is an app of its own, since the generated modules import each other by their packages' names. Every
definition's `app` is its package's name.
"""

from __future__ import annotations

from podium.schema import generate
from podium.schema.definitions import Protocol

MODELS = '"""The generated models; add your own code below."""\n\nfrom .protocol import *\n'


def emit(protocol: Protocol, *, typed: bool = True) -> dict[str, str]:
    """The generated files, relative path -> text: `<package>/protocol.py` and others (see generate.emit)."""
    return {
        f"{package.name}/{name}": text
        for package in (protocol, *protocol.modules.values())
        for name, text in generate.emit(package, package.name, typed=typed).items()
        if text
    }


def starters(protocol: Protocol) -> dict[str, str]:
    """The files that make apps of these, relative path -> text. Users edit them, so write only missing ones."""
    files = {"__init__.py": "", "models.py": MODELS}
    return {f"{package}/{name}": text for package in packages(protocol) for name, text in files.items()}


def packages(protocol: Protocol) -> list[str]:
    """The names of the apps."""
    return [protocol.name, *(module.name for module in protocol.modules.values())]
