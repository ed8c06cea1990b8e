"""Serverpod projects in a folder: the database that each one's last migration describes, and its model files.

For older projects (before migrations, Serverpod 1.1) it is the file generated/tables.pgsql.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

SUFFIXES = (".spy.yaml", ".spy.yml", ".spy")
PLAIN = ("lib/src/models", "lib/src/protocol")
"""Folders whose plain .yaml files are model files, too."""


@dataclass(frozen=True)
class Project:
    """A server's folder, and the SQL of its last migration."""

    server: Path
    definition: Path

    @property
    def name(self) -> str:
        return self.server.name

    @property
    def app(self) -> str:
        """The name of its app here."""
        return re.sub(r"\W+", "_", self.name.removesuffix("_server")).lower()

    def models(self) -> dict[str, str]:
        """Its model files, by their paths below lib, under names that Podium reads."""
        lib = self.server / "lib"
        found = {}
        for path in sorted(lib.rglob("*")):
            inside = path.relative_to(lib).as_posix()
            is_plain = path.suffix in (".yaml", ".yml") and f"lib/{inside}".startswith(PLAIN)
            if (
                path.is_file()
                and "/generated/" not in f"/{inside}"
                and (is_plain or path.name.endswith(SUFFIXES))
            ):
                name = inside if inside.endswith(SUFFIXES) else f"{inside.rpartition('.')[0]}.spy.yaml"
                found[name.replace("src/", "", 1)] = path.read_text(encoding="utf-8-sig")
        return found

    @property
    def definitions(self) -> list[Path]:
        """The SQL files that make its database."""
        framework = self.definition.with_name("tables-serverpod.pgsql")  # before migrations, it was separate
        return [framework, self.definition] if framework.exists() else [self.definition]

    def nicknames(self) -> dict[str, str]:
        """Module -> the name that its model files have for it, from config/generator.yaml."""
        path = self.server / "config" / "generator.yaml"
        given = yaml.safe_load(path.read_text()) or {} if path.exists() else {}
        modules = given.get("modules") or {}
        return {name: (about or {}).get("nickname", name) for name, about in modules.items()}


def projects(folder: Path) -> Iterator[Project]:
    """All of them below a folder, in the order of their paths."""
    servers = {path.parent.parent.parent for path in folder.rglob("migrations/*/definition.sql")}
    servers |= {path.parent.parent for path in folder.rglob("generated/tables.pgsql")}
    for server in sorted(servers):
        old = server / "generated" / "tables.pgsql"
        definitions = sorted(server.glob("migrations/*/definition.sql"))
        yield Project(server, definitions[-1] if definitions else old)
