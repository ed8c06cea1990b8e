"""serverpod_client has the API of the stand-in: for DART_PACKAGES; without it the check tests itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dart import api, packages, vm

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("dart")]

LIB = packages.STAND_INS / "serverpod_client" / "lib"


def compiles(text: str, folder: Path) -> None:
    """Compile; fail the test with the compiler's messages."""
    program = folder / "check.dart"
    program.write_text(text)
    vm.run(program, packages.write(packages.given(), folder / "packages.json"))


def test_serverpod_client_has_the_api_of_the_stand_in(tmp_path: Path) -> None:
    text = api.program(LIB)
    assert text.count(";\n") > 150
    compiles(text, tmp_path)


def test_a_missing_api_of_serverpod_client_is_found(tmp_path: Path) -> None:
    text = api.program(LIB)
    for right, wrong in {
        "int statusCode =": "String statusCode =",
        "Function({bool force})": "Function({int force})",
        "it.uploadByteData": "it.uploadBytes",
    }.items():
        assert right in text
        text = text.replace(right, wrong)
    with pytest.raises(AssertionError) as failed:
        compiles(text, tmp_path)
    assert all(name in str(failed.value) for name in ("statusCode", "refreshAuthKey", "uploadBytes"))
