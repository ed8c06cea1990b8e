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


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("projects/shop/project.json", "[]", "shop: project.json:1:1: error: expected an object"),
        ("projects/shop/project.json", '{"name": null}', 'shop: project.json:1:1: error: "name" must be a text'),
        (
            "projects/shop/project.json",
            '{"modules": {"auth": 3}}',
            'shop: project.json:1:1: error: "modules" must be an object of modules, each with "nickname" and "models"',
        ),
        ("projects/shop/project.json", '{"shared_packages": [1]}', '"shared_packages" must be an object of folders'),
        ("projects/shop/project.json", '{"extra_classes": {"a": 3}}', '"extra_classes" must be an object of lists'),
        ("projects/shop/dart_api.json", "[1]", "shop: dart_api.json:1:1: error: expected an object"),
        ("validation/cases.json", '[{"id": 1}]', "cases.json: case 1 must have id, about, accepted, and files"),
        ("validation/cases.json", "{", "cases.json: this is not JSON"),
    ],
)  # fmt: skip
def test_invalid_data_is_reported(
    corpus: Path, name: str, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (corpus / name).write_text(text)
    assert main([str(corpus)]) == 1
    assert said in capsys.readouterr().out


def test_a_folder_with_nothing_to_compare_fails(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 2


FAULTY = {
    "projects/ill/project.json": json.dumps({"name": "ill", "modules": {"gone": {"models": "nowhere"}}}),
    "projects/ill/models/a.spy.yaml": "class: A\ntable: a\nfields:\n  b: Bee\n  c: module:x:C?, relation\n",
    "projects/ill/models/b.spy.yaml": "clas: [\n",
    "projects/ill/dart_api.json": json.dumps(
        {"classes": {"A": {"implements": ["SerializableModel"], "fields": {}}}, "enums": {}}
    ),
    "projects/torn/project.json": "{",
    "projects/torn/database.json": "[",
    "projects/torn/models/a.spy.yaml": "class: A\n",
}


def test_faults_of_a_project_are_reported_and_the_others_continue(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in FAULTY.items():
        (corpus / name).parent.mkdir(parents=True, exist_ok=True)
        (corpus / name).write_text(text)
    assert main([str(corpus), "--format", "json"]) == 1
    found = {one["part"]: one for one in json.loads(capsys.readouterr().out)}
    said = [line for line in found["a1"]["disagreements"]]
    assert [line.partition(": error: ")[0] for line in said] == [
        "ill: project.json:1:1",
        "ill: a.spy.yaml:4:6",
        "ill: a.spy.yaml:5:6",
        "ill: b.spy.yaml:2:1",
        "torn: project.json:1:1",
        "torn: database.json:1:1",
    ]
    assert said[0].endswith(f"there is no folder {corpus}/projects/ill/nowhere")
    assert (found["a1"]["agree"], found["a1"]["total"]) == (4, 9)
    assert (found["a2"]["agree"], found["a2"]["total"]) == (5, 5), "shop is still generated"
    assert found["c"]["disagreements"][0] == (
        "ill: nothing is generated, since its model files have errors (4)"
    )
    assert (found["c"]["agree"], found["c"]["total"]) == (0, 1)
    assert found["b"]["passed"]


@pytest.mark.parametrize("order", [["one", "two"], ["two", "one"]])
def test_a_module_sees_the_other_modules(
    order: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "projects" / "shop"
    files = {
        "models/a.spy.yaml": "class: A\ntable: a\nfields:\n  b: module:second:B?, relation\n",
        "two/b.spy.yaml": "class: B\ntable: b\nfields:\n  c: module:first:C?, relation\n  d: module:one:C?\n",
        "one/c.spy.yaml": "class: C\ntable: c\n",
    }
    nicknames = {"one": "first", "two": "second"}
    modules = {name: {"nickname": nicknames[name], "models": name} for name in order}
    files["project.json"] = json.dumps({"name": "shop", "modules": modules})
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    assert main([str(tmp_path)]) == 0, capsys.readouterr().out
    modules["three"] = {"nickname": "first", "models": "models"}
    (folder / "project.json").write_text(json.dumps({"name": "shop", "modules": modules}))
    assert main([str(tmp_path)]) == 1
    assert "the modules one and three have the same name or nickname" in capsys.readouterr().out
