from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest
import yaml

import podium
from podium.core.project import PACKAGES
from podium.dev import pins, startproject, template
from tests.start.conftest import PIN, Project


def test_a_project_named_as_ours_is_ours_byte_for_byte(tmp_path: Path) -> None:
    made = Project(tmp_path / "copy", "example").files()
    ours = {
        path.relative_to(PACKAGES).as_posix(): path.read_bytes()
        for place in ("config", "example")
        for path in (PACKAGES / place).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    ours["manage.py"] = (PACKAGES / "manage.py").read_bytes()
    ours["constraints.txt"] = (PACKAGES / "podium" / "constraints.txt").read_bytes()
    assert {name: made.get(name) for name in ours} == ours
    more = {name for name in made.keys() - ours.keys() if not name.startswith("clients/")}
    assert more == {"requirements.txt", *template.PROJECT_FILES.values()}


def test_a_project_has_its_own_name_everywhere(project: Project) -> None:
    files = project.files()
    own = {
        name: data.decode()
        for name, data in files.items()
        if name.startswith(("shop/", "config/", "pyproject"))
    }
    assert [name for name, text in own.items() if "example" in text.lower()] == []
    assert 'INSTALLED_APPS += ["shop"]' in own["config/settings.py"]
    assert len(own["config/settings.py"].splitlines()) <= 40
    assert tomllib.loads(own["pyproject.toml"])["project"]["name"] == "shop"
    for name, text in own.items():
        if name.endswith(".py"):
            ast.parse(text)
    assert [name for name, data in files.items() if b"{{" in data.replace(b"${{", b"")] == []


def test_the_template_has_no_word_that_a_name_would_replace_by_mistake() -> None:
    texts = template.folder(template.APP).items()
    assert [name for name, text in texts if "for example" in text.lower() or "example." in text] == []


def test_the_first_line_of_the_requirements_pins_podium(project: Project) -> None:
    lines = project.files()["requirements.txt"].decode().splitlines()
    assert lines[0] == f"podium=={PIN}"
    assert lines[1].startswith("-c constraints.txt")


def test_the_workflow_runs_the_tests_and_the_checks(project: Project) -> None:
    workflow = yaml.safe_load(project.files()[".github/workflows/check.yml"])
    steps = workflow["jobs"]["check"]["steps"]
    assert [step["run"].split()[2] for step in steps if "run" in step] == [
        "test", "check", "generate", "makemigrations",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["Shop", "accounts", "podium"])
def test_a_reserved_name_is_refused_and_nothing_is_written(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert startproject.main([name, str(tmp_path / "new"), "--podium", PIN]) == 1
    assert f'"{name}" ' in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_empty_is_refused_and_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert startproject.main(["shop", str(tmp_path), "--podium", PIN]) == 1
    assert "is not empty (mine.txt)" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "shop").write_text("mine")
    assert "is a file" in startproject.occupied(tmp_path / "shop")


def test_a_fresh_git_repository_is_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert startproject.occupied(tmp_path) == ""


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ("0.2.0", "podium==0.2.0"),
        ("0.3.0rc1", "podium==0.3.0rc1"),
        ("podium==0.2.0", "podium==0.2.0"),
        ("podium[s3]==0.2.0", "podium[s3]==0.2.0"),
        ("git+https://git.test/podium@v0.2.0", "podium @ git+https://git.test/podium@v0.2.0"),
        ("https://files.test/podium-0.2.0-py3-none-any.whl", "podium @ https://files.test/podium-0.2.0-py3-none-any.whl"),
    ],
)  # fmt: skip
def test_podium_is_pinned_by_a_version_or_an_address(given: str, line: str, tmp_path: Path) -> None:
    assert pins.pin(given, tmp_path) == line


def test_a_wheel_is_copied_next_to_the_requirements(tmp_path: Path) -> None:
    wheel = tmp_path / "podium-0.2.0-py3-none-any.whl"
    wheel.write_bytes(b"wheel")
    assert pins.pin(str(wheel), tmp_path / "shop") == "./podium-0.2.0-py3-none-any.whl"
    assert (tmp_path / "shop" / wheel.name).read_bytes() == b"wheel"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("nonsense", "can't be pinned"),
        ("/nowhere/podium-1-py3-none-any.whl", "no such file"),
        (str(Path(__file__)), "can't be pinned"),
    ],
)
def test_anything_else_is_refused_before_a_file_is_written(
    given: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert startproject.main(["shop", str(tmp_path / "shop"), "--podium", given]) == 1
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_wheel_of_another_package_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other-1-py3-none-any.whl"
    other.touch()
    with pytest.raises(pins.PinError, match="not a wheel of Podium"):
        pins.pin(str(other), tmp_path)


def test_without_a_pin_a_checkout_builds_its_own_wheel(tmp_path: Path) -> None:
    assert Path(pins.origin()) == PACKAGES
    assert pins.pin("", tmp_path) == f"./podium-{podium.__version__}-py3-none-any.whl"
    assert len(list(tmp_path.glob("*.whl"))) == 1
