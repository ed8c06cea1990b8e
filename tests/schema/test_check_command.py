"""`checkmodels` for users and programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from podium.schema.command import main


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for app in ("colors", "notes"):
        (tmp_path / app).mkdir()
        (tmp_path / app / "apps.py").touch()
    (tmp_path / "colors" / "color.spy.yaml").write_text("enum: Color\nvalues: [red]\n")
    (tmp_path / "notes" / "note.spy.yaml").write_text("class: Note\nfields:\n  color: Color\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_valid_model_files_are_counted(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], project=project) == 0
    assert capsys.readouterr() == ("2 model files are in order\n", "")


def test_faults_go_to_stderr_and_the_command_fails(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "notes" / "bad.spy.yaml").write_text("class: Bad\nfields:\n  color: Colour\n")
    assert main([], project=project) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        'notes/bad.spy.yaml:3:10: error: there is no type "Colour"; did you mean "Color"?\n'
        "1 error in 3 model files\n"
    )


def test_programs_get_rows(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--format", "json"], project=project) == 0
    assert json.loads(capsys.readouterr().out) == []
    (project / "notes" / "bad.spy.yaml").write_text("class: Bad\nfields:\n  snake_case: int\n  a: in\n")
    assert main(["--format", "json"], project=project) == 1
    rows = json.loads(capsys.readouterr().out)
    assert [(row["file"], row["line"], row["column"], row["severity"]) for row in rows] == [
        ("notes/bad.spy.yaml", 3, 3, "info"),
        ("notes/bad.spy.yaml", 4, 6, "error"),
    ]
    assert rows[1]["message"] == 'there is no type "in"; did you mean "int"?'


def test_one_app_is_checked_with_the_others_in_mind(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "colors" / "bad.spy.yaml").write_text("class: bad\n")
    assert main(["notes"], project=project) == 0
    assert main(["colors"], project=project) == 1
    assert capsys.readouterr().err.startswith("colors/bad.spy.yaml:1:8: error: ")


def test_a_plain_folder_is_checked_alone(
    project: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path_factory.mktemp("plain")
    (folder / "a.spy.yaml").write_text("class: A\nfields:\n  color: Color\n")
    assert main([str(folder)], project=project) == 1
    assert f'{folder}/a.spy.yaml:3:10: error: there is no type "Color"' in capsys.readouterr().err


@pytest.mark.parametrize("folder", ["nowhere", "."])
def test_a_folder_with_nothing_to_check_fails(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main([folder], project=tmp_path)
    assert ended.value.code == 2
    assert folder in capsys.readouterr().err


def test_the_options_of_generate_change_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--check", "--models-only", "--client", "dart", "--client", "python"]
    assert main(words, project=project) == 0
    assert capsys.readouterr() == ("2 model files are in order\n", "")


def test_a_model_file_with_a_plain_name_is_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "notes" / "lost.yaml").write_text("# of old\nclass: Lost\n")
    (project / "notes" / "settings.yaml").write_text("classes: 5\n")
    assert main([], project=project) == 0
    out, err = capsys.readouterr()
    assert out == "2 model files are in order\n"
    assert err == "notes/lost.yaml:1:1: warning: this model file is not read; rename it to lost.spy.yaml\n"
