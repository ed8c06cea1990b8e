"""The command itself, on a corpus of a few files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conformance.__main__ import main


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    files = {
        "projects/shop/project.json": json.dumps(
            {
                "name": "shop",
                "models": "models",
                "modules": {"shop_auth": {"nickname": "auth", "models": "modules/auth"}},
                "shared_packages": {"shop_shared": "shared"},
                "extra_classes": {"money": ["Money"]},
            }
        ),
        "projects/shop/models/order.spy.yaml": "class: Order\ntable: order\nfields:\n  price: Money\n  kind: Kind\n"
        "  owner: module:auth:User?, relation\n",
        "projects/shop/modules/auth/user.spy.yaml": "class: User\ntable: user\nfields:\n  kind: Kind\n",
        "projects/shop/shared/kind.spy.yaml": "enum: Kind\nvalues: [big]\n",
        "validation/cases.json": json.dumps(
            [
                {
                    "id": "1",
                    "about": "x",
                    "accepted": True,
                    "files": [{"file": "a.spy.yaml", "yaml": "class: A\n"}],
                },
                {
                    "id": "2",
                    "about": "x",
                    "accepted": False,
                    "files": [{"file": "a.spy.yaml", "yaml": "class: a\n"}],
                },
            ]
        ),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_a_corpus_that_agrees_passes(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(corpus)]) == 0
    out = capsys.readouterr().out
    assert "model files accepted: 3 of 3  ok" in out
    assert "validation cases agree: 2 of 2  ok" in out


def test_a_refused_model_file_fails_and_is_named(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "projects/shop/models/bad.spy.yaml").write_text("class: Bad\nfields:\n  a: Monye\n")
    assert main([str(corpus), "--format", "json", "--only", "shop"]) == 1
    results = json.loads(capsys.readouterr().out)
    assert [(one["part"], one["agree"], one["total"], one["passed"]) for one in results] == [
        ("a1", 3, 4, False)
    ]
    assert results[0]["disagreements"] == [
        'shop: bad.spy.yaml:3:6: error: there is no type "Monye"; did you mean "Money"?'
    ]


def test_a_case_that_disagrees_fails(corpus: Path) -> None:
    path = corpus / "validation/cases.json"
    path.write_text(path.read_text().replace("true", "false"))
    assert main([str(corpus)]) == 1


def test_a_folder_with_nothing_to_compare_is_no_success(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 2
