"""The files of `manage.py deploy init`: templates in the folder `files`, with this project's values."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from django.apps import apps

from podium.core import project
from podium.endpoints.conf import conf as endpoints
from podium.schema import pyproject

FILES = Path(__file__).parent / "files"
PLACE = re.compile(r"\{\{ (\w+) \}\}")
NO_FILES_BYTES = 1024 * 1024
"""The largest body at the proxy of a project without the app `files`."""

_IMAGE = {"Dockerfile": "Dockerfile", ".dockerignore": "dockerignore", ".env.production.example": "env"}
TARGETS: Mapping[str, Mapping[str, str]] = {
    "docker": _IMAGE,
    "compose": {
        **_IMAGE,
        "compose.yaml": "compose.yaml",
        "deploy/Caddyfile": "Caddyfile",
        "deploy/backup-compose.sh": "backup-compose.sh",
    },
    "systemd": {
        ".env.production.example": "env",
        "deploy/{{ project }}.service": "app.service",
        "deploy/{{ project }}-backup.service": "backup.service",
        "deploy/{{ project }}-backup.timer": "backup.timer",
        "deploy/backup.sh": "backup.sh",
        "deploy/Caddyfile": "Caddyfile",
        "deploy/nginx.conf": "nginx.conf",
    },
}
"""For each target, the files in the project and their templates."""


class FilesExist(Exception):
    """Some files already exist with other content."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(names)
        self.names = names


@dataclass
class Written:
    """The names of files that were written, or would be, and of those that were up to date."""

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


def render(target: str) -> dict[str, str]:
    """Return the content of each file by its path in the project."""
    values = _values()
    return {
        _fill(name, values): _fill((FILES / template).read_text(), values)
        for name, template in TARGETS[target].items()
    }


def write(files: Mapping[str, str], folder: Path, *, force: bool, dry_run: bool) -> Written:
    """Write all files or none. Raises FilesExist for other content, unless `force`; OSError."""
    result, others = Written(), []
    for name, content in files.items():
        path = folder / name
        if not path.exists():
            result.written.append(name)
        elif path.read_text() == content:
            result.unchanged.append(name)
        else:
            result.written.append(name)
            others.append(name)
    if others and not force:
        raise FilesExist(others)
    for name in [] if dry_run else result.written:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[name])
        if path.suffix == ".sh":
            path.chmod(0o755)
    return result


def service_name() -> str:
    """The name of images, units and users: the project's, in lower case and with hyphens."""
    name = re.sub(r"[^a-z0-9]+", "-", pyproject.project_name(project.ROOT).lower()).strip("-")
    return name if name[:1].isalpha() else f"app-{name}".strip("-")


def _values() -> dict[str, str]:
    name = service_name()
    return {
        "project": name,
        "variable": name.replace("-", "_"),
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "file_bytes": str(_file_bytes()),
        "head_seconds": f"{endpoints.HEAD_SECONDS:g}",
        "stall_seconds": f"{endpoints.STALL_SECONDS:g}",
        "ping_seconds": f"{import_module('realtime.conf').conf.PING_SECONDS:g}",
    }


def _file_bytes() -> int:
    if not apps.is_installed("files"):
        return max(NO_FILES_BYTES, endpoints.MAX_BODY_BYTES)
    return int(import_module("files.conf").conf.MAX_BYTES)


def _fill(text: str, values: Mapping[str, str]) -> str:
    return PLACE.sub(lambda found: values[found[1]], text)
