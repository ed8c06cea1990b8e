"""The part of the endpoints: each difference is counted and named."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import endpoints
from tests.conformance.corpus import Corpus
from tests.testserver import build

NOTES: dict[str, Any] = {
    "notes": {
        "class": "EndpointNotes",
        "extends": "EndpointRef",
        "methods": {
            "list": {
                "params": [{"kind": "named", "name": "limit", "required": False, "type": "int?"}],
                "returns": "Future<List<Note>>",
            },
            "count": {"params": [], "returns": "Future<int>"},
        },
    }
}


def test_agreements_are_counted_by_endpoint_and_method() -> None:
    assert endpoints.compare(NOTES, NOTES) == {"notes": "", "notes.list": "", "notes.count": ""}


@pytest.mark.parametrize(
    ("change", "name", "said"),
    [
        (lambda one: one.update(extends="EndpointBase"), "notes", "extends should be EndpointRef, is EndpointBase"),
        (lambda one: one["methods"].pop("count"), "notes.count", "is missing"),
        (
            lambda one: one["methods"].update(more={"params": [], "returns": "Future<int>"}),
            "notes.more",
            "should not be there",
        ),
        (
            lambda one: one["methods"]["list"]["params"][0].update(required=True),
            "notes.list",
            "params should be ({int? limit}), is ({required int? limit})",
        ),
        (
            lambda one: one["methods"]["count"].update(returns="Future<int?>"),
            "notes.count",
            "returns should be Future<int>, is Future<int?>",
        ),
        (lambda one: one["methods"]["count"].update(abstract=True), "notes.count", "abstract should be False, is True"),
    ],
)  # fmt: skip
def test_a_difference_is_named(change: Any, name: str, said: str) -> None:
    found = copy.deepcopy(NOTES)
    change(found["notes"])
    differences = {name: text for name, text in endpoints.compare(NOTES, found).items() if text}
    assert differences == {name: said}


def test_a_class_that_the_client_does_not_have_is_named() -> None:
    files = {"client.dart": "_p.Note a; _p.Badge b;", "note.dart": "abstract class Note implements _sp.X {}"}
    assert endpoints.unknown_names(files) == ["_p.Badge"]


def test_a_project_without_python_endpoints_is_left_out_with_a_note(tmp_path: Path) -> None:
    folder = tmp_path / "projects" / "shop"
    folder.mkdir(parents=True)
    (folder / "dart_api.json").write_text(json.dumps({"classes": {}, "enums": {}, "endpoints": NOTES}))
    result = endpoints.run(Corpus(tmp_path))
    assert result is not None and result.total == 0
    assert result.notes == ["shop: its 1 endpoints are not written in Python here"]


@pytest.mark.slow
@pytest.mark.skipif(not build.is_possible(), reason=build.MISSING)
def test_the_test_servers_endpoints_have_the_api_of_the_corpus() -> None:
    result = endpoints.run(Corpus(build.CORPUS, only=build.NAME))
    assert result is not None
    assert result.total > 500 and result.passed, result.disagreements
