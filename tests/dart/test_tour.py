"""The tour of the README in Dart, with the client of the tests' app, against a real server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import processes
from tests.dart import libraries, packages, vm
from tests.notes import generated

TOUR = Path(__file__).parent / "tour_test.dart"

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("dart")]


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tour")
    found = libraries.write(folder, libraries.client(*generated.definitions(), "notes_client"))
    return packages.write(found | packages.given(), folder / "packages.json")


@pytest.mark.django_db(transaction=True)
def test_the_tour_of_the_readme(configuration: Path, tmp_path: Path) -> None:
    with processes.server(tmp_path) as server:
        assert "All tests passed!" in vm.run(TOUR, configuration, PODIUM_URL=f"{server.url}/")


def test_the_tour_fails_without_a_server(configuration: Path) -> None:
    with pytest.raises(AssertionError, match="ServerpodClientNetworkException"):
        vm.run(TOUR, configuration, PODIUM_URL="http://127.0.0.1:9/")
