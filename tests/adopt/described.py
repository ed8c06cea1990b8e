"""Databases as Serverpod creates them, with rows: of each version of Serverpod, and with each of its auth modules.

Each folder of `databases` is one, modelled on a public project whose migrations gave the facts (tables, columns, types,
indexes, keys, versions); models, SQL and rows are our own, and fewer.

about.toml   shows: what is special; serverpod: the version; legacy: it has the module serverpod_auth, and its integers
             are columns of this type; chat: it has the module serverpod_chat; idp: it has the newer auth modules, with
             accounts of these kinds; needs: an extension; written: a statement on what the change below brings; adds:
             without that change it fails
models       the project's model files
tables.sql   its tables and rows. %(ben)s is Ben's id in serverpod_auth, %(user)s that in serverpod_auth_core
after        a model file as somebody changes it after the move
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "databases"
VERSIONS = {
    "1.1": "",
    "2.0": "20240516151843329",
    "2.9": "20240516151843329",
    "3.0": "20250825102336032-v3-0-0",
    "3.2": "20251208110333922-v3-0-0",
}
"""Serverpod's releases -> the version of its own tables in serverpod_migrations, a table that 1.1 does not have."""


@dataclass(frozen=True)
class Described:
    name: str
    shows: str
    serverpod: str
    written: str
    legacy: str = ""
    idp: Collection[str] = ()
    chat: bool = False
    needs: str = ""
    adds: bool = True

    @property
    def folder(self) -> Path:
        return FOLDER / self.name

    @property
    def models(self) -> dict[str, str]:
        return _files(self.folder / "models")

    @property
    def after(self) -> dict[str, str]:
        return _files(self.folder / "after")

    @property
    def tables(self) -> str:
        return (self.folder / "tables.sql").read_text()


def databases() -> list[Described]:
    """All of them, by name."""
    return [
        Described(path.parent.name, **tomllib.loads(path.read_text()))
        for path in sorted(FOLDER.glob("*/about.toml"))
    ]


def _files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir())}
