"""A project whose classes build on those of apps that are installed elsewhere, like Podium's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from podium.schema import apps, command
from podium.schema.apps import App
from podium.schema.generate import Result, generate
from podium.schema.project import load
from tests.schema.test_project import texts, write

PLATFORM = {
    "people/podium.toml": '[modules]\nclub = { models = "people/club", nickname = "c" }\n'
    '[models]\nMember = "people.models.Member"\n',
    "people/apps.py": "",
    "people/models.py": "class Member:\n    id = 1\n",
    "people/club/member.spy.yaml": "class: Member\ntable: member\nfields:\n  name: String\n",
    "people/badge.spy.yaml": "class: Badge\nfields:\n  of: module:club:Member\n",
    "papers/podium.toml": "",
    "papers/apps.py": "",
    "papers/paper.spy.yaml": "class: Paper\nfields:\n  title: String\n",
    "other/apps.py": "",  # an installed Django app without model files
}
NOTE = "class: Note\ntable: note\nfields:\n  by: module:c:Member?, relation\n  badge: Badge?, !persist\n"
PROJECT = {"shop/apps.py": "", "shop/note.spy.yaml": NOTE}


def places(tmp_path: Path) -> tuple[Path, Path]:
    """The folders of the project and of the packages."""
    project, packages = tmp_path / "project", tmp_path / "packages"
    project.mkdir()
    packages.mkdir()
    return write(project, PROJECT), write(packages, PLATFORM)


def generated(project: Path, platform: list[App]) -> Result:
    return generate(project, installed=platform)


def test_python_is_written_only_for_the_projects_apps(tmp_path: Path) -> None:
    project, packages = places(tmp_path)
    result = generated(project, apps.of_platform(project, packages=packages))
    assert texts(result.faults) == []
    assert {path.parent for path in result.written} == {project / "shop"}
    assert not list(packages.rglob("protocol*.py"))
    note = (project / "shop/protocol.py").read_text()
    assert 'fields.ForeignKey("people.Member", db_column="byId"' in note
    assert "from people.models import Member" in note and "from people.protocol import Badge" in note


def test_an_app_that_is_left_out_has_no_classes(tmp_path: Path) -> None:
    project, packages = places(tmp_path)
    platform = apps.of_platform(project, ["shop", "papers.apps.Config"], packages=packages)
    assert [app.name for app in platform] == ["papers"]
    [fault] = texts(load(project, apps=[*platform, *apps.of_project(project)])[1])[:1]
    assert fault.startswith('shop/note.spy.yaml:4:7: error: there is no module "c"')


def test_an_app_of_the_project_replaces_an_installed_one(tmp_path: Path) -> None:
    project, packages = places(tmp_path)
    (project / "people").mkdir()
    (project / "people/apps.py").touch()
    assert [app.name for app in apps.of_platform(project, packages=packages)] == ["papers"]


def test_a_clash_of_names_is_reported_with_both_places(tmp_path: Path) -> None:
    project, packages = places(tmp_path)
    write(project, {"shop/paper.spy.yaml": "class: Paper\n"})
    installed = apps.of_platform(project, ["people", "papers"], packages=packages)
    assert texts(generated(project, installed).faults) == [
        f'shop/paper.spy.yaml:1:8: error: "Paper" is already defined in {packages}/papers/paper.spy.yaml:1; '
        "choose another name"
    ]
    assert generated(project, apps.of_platform(project, ["people"], packages=packages)).faults == []
    assert generated(project, apps.of_platform(project, packages=packages)).faults == [], "it may be left out"


@pytest.mark.parametrize("name", ["club", "c", "society"])
def test_a_project_gives_a_module_another_nickname(tmp_path: Path, name: str) -> None:
    project, packages = places(tmp_path)
    write(
        project,
        {
            "pyproject.toml": '[tool.podium.modules]\nclub = { nickname = "society" }\n',
            "shop/note.spy.yaml": NOTE.replace("module:c:", f"module:{name}:"),
        },
    )
    faults = texts(generated(project, apps.of_platform(project, packages=packages)).faults)
    assert bool(faults) == (name == "c"), faults


def test_a_nickname_goes_to_the_module_that_the_project_gives_it_to(tmp_path: Path) -> None:
    project, packages = places(tmp_path)
    toml = '[tool.podium.modules]\nteam = { models = "shop/team", nickname = "c" }\n'
    note = "class: Note\nfields:\n  by: module:c:Coach\n  of: module:club:Member\n"
    write(
        project,
        {"pyproject.toml": toml, "shop/team/coach.spy.yaml": "class: Coach\n", "shop/note.spy.yaml": note},
    )
    assert texts(generated(project, apps.of_platform(project, packages=packages)).faults) == []


def test_a_faulty_podium_toml_is_named_with_its_line(tmp_path: Path) -> None:
    project, packages = places(tmp_path)
    write(packages, {"people/podium.toml": '[modules]\nclub = { models = "people/clubs" }\n'})
    faults = texts(generated(project, apps.of_platform(project, packages=packages)).faults)
    assert faults[0] == (
        "people/podium.toml:2:1: error: [modules] club names the folder people/clubs, which is not there"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n[modles]\n", '2:1: error: modles is not a valid key; did you mean "modules"?'),
        ("modul.club = {}\n", '1:1: error: modul is not a valid key; did you mean "modules"?'),
        ('name = "people"\n', "1:1: error: name is not a valid key; the valid keys are models, modules"),
    ],
)
def test_a_misspelt_key_of_a_podium_toml_is_named_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    project, packages = places(tmp_path)
    write(packages, {"people/podium.toml": text})
    result = generated(project, apps.of_platform(project, packages=packages))
    assert texts(result.faults)[0] == f"people/podium.toml:{said}"
    assert result.written == []


def test_checkmodels_knows_the_classes_of_installed_apps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project, packages = places(tmp_path)
    platform = apps.of_platform(project, packages=packages)
    assert command.main([str(project)], project=project, installed=platform) == 0
    assert command.main([str(project)], project=project) == 1
    assert capsys.readouterr().out == "1 model files are in order\n"
