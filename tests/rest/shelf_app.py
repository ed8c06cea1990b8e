"""An app with a column of each type, and with constraints, for the tests of REST."""

from __future__ import annotations

from pathlib import Path

from podium.schema import generate
from podium.schema.project import load_models
from tests import extra_app

FOLDER = Path(__file__).parent / "shelf"
NAME = "tests.rest.shelf"


def install() -> None:
    extra_app.install(NAME)


def sources() -> dict[Path, str]:
    """The generated modules of the app: path -> text."""
    protocol, faults = load_models(FOLDER, name="shelf", app="shelf")
    assert [str(fault) for fault in faults if fault.severity == "error"] == []
    return {FOLDER / name: text for name, text in generate.emit(protocol, "shelf").items()}


if __name__ == "__main__":
    for path, text in sources().items():
        path.write_text(text, encoding="utf-8")
