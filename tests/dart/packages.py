"""Dart packages for the VM, and their configuration as `dart pub get` would write it.

`DART_PACKAGES` names the real packages: a folder with a folder for each, or the package_config.json of `dart pub get`.
Without it the stand-ins are used.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.dart import vm

GIVEN = "DART_PACKAGES"
STAND_INS = Path(__file__).parent / "stand_in"


def given() -> dict[str, Path]:
    """The packages to test with, name -> folder."""
    place = os.environ.get(GIVEN)
    return found([STAND_INS]) | (true(Path(place)) if place else {})


def true(place: Path) -> dict[str, Path]:
    """The packages of a folder of packages, or of a package_config.json."""
    packages = _configured(place) if place.is_file() else found([place])
    if "serverpod_client" not in packages:
        raise SystemExit(f"{GIVEN}: there is no package serverpod_client in {place}")
    return packages


def found(folders: Iterable[Path], depth: int = 1) -> dict[str, Path]:
    """The packages in these folders by name; for a duplicate name the later one is used. depth: levels of folders."""
    packages = {}
    for folder in folders:
        for level in range(1, depth + 1):
            for pubspec in sorted(folder.glob("*/" * level + "pubspec.yaml")):
                packages[name(pubspec)] = pubspec.parent.resolve()
    return packages


def name(pubspec: Path) -> str:
    """The package that a pubspec.yaml declares. Raises ValueError."""
    declared = re.search(r"^name:\s*(\w+)", pubspec.read_text("utf-8"), re.MULTILINE)
    if not declared:
        raise ValueError(f"{pubspec}: it has no line with the package's name")
    return declared[1]


def write(packages: Mapping[str, Path], file: Path) -> Path:
    """Write them as a package configuration, version 2."""
    listed = [
        {
            "name": name,
            "rootUri": folder.resolve().as_uri(),
            "packageUri": "lib/",
            "languageVersion": _language(folder / "pubspec.yaml"),
        }
        for name, folder in sorted(packages.items())
    ]
    file.write_text(json.dumps({"configVersion": 2, "packages": listed}, indent=1), "utf-8")
    return file


def _configured(file: Path) -> dict[str, Path]:
    listed = json.loads(file.read_text("utf-8"))["packages"]
    return {one["name"]: _folder(file, one["rootUri"]) for one in listed}


def _folder(file: Path, address: str) -> Path:
    """A package's folder; its address may be relative to the file."""
    parts = urlsplit(address)
    path = Path(unquote(parts.path))
    return path if parts.scheme == "file" else (file.parent / path).resolve()


def _language(pubspec: Path) -> str:
    """The version of Dart that a package requires, or the VM's if that is lower."""
    text = pubspec.read_text("utf-8") if pubspec.exists() else ""
    asked = re.search(r"^\s+sdk:[^\d\n]*(\d+)\.(\d+)", text, re.MULTILINE)
    own = (int(asked[1]), int(asked[2])) if asked else vm.version()
    return "{}.{}".format(*min(own, vm.version()))
