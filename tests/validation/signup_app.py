"""An app whose fields have every rule, for the tests of validation."""

from __future__ import annotations

from pathlib import Path

from podium.schema import generate
from podium.schema.definitions import Protocol
from podium.schema.project import load_models
from tests import extra_app

FOLDER = Path(__file__).parent / "signup"
NAME = "tests.validation.signup"


def install() -> None:
    extra_app.install(NAME)


def protocol() -> Protocol:
    found, faults = load_models(FOLDER, name="signup", app="signup")
    assert list(map(str, faults)) == []
    return found


def sources() -> dict[Path, str]:
    """The generated modules of the app: path -> text."""
    return {FOLDER / name: text for name, text in generate.emit(protocol(), "signup").items()}


if __name__ == "__main__":
    for path, text in sources().items():
        path.write_text(text, encoding="utf-8")
