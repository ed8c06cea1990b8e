from __future__ import annotations

import pytest

from podium.core.project import PACKAGES
from podium.dev import app_faults, checks, settings_file
from tests.start.conftest import Project

INSTALLED = ["podium.server", "accounts", "shop"]


def found(project: Project, installed: list[str] | None = None) -> list[str]:
    return [str(fault) for fault in app_faults.find(project.folder, installed or INSTALLED)]


def test_a_complete_project_has_no_faults(project: Project) -> None:
    assert found(project) == []
    assert found(project, ["shop.apps.ShopConfig"]) == []


def test_a_folder_with_model_files_that_is_not_installed_is_reported(project: Project) -> None:
    assert found(project, ["accounts"]) == [
        "config/settings.py:6:1: warning: shop/ has model files but is not installed, so it has no tables, endpoints "
        'or admin pages; add "shop" to INSTALLED_APPS'
    ]


@pytest.mark.parametrize(
    "models",
    ["", "from django.db import models\n", "from .protocol_types import *\n", None],
)
def test_models_without_the_import_are_an_error(project: Project, models: str | None) -> None:
    path = project.folder / "shop" / "models.py"
    path.unlink() if models is None else path.write_text(models)
    assert found(project) == [
        "shop/models.py:1:1: error: Django does not see the classes of the model files; shop/models.py needs the line: "
        "from .protocol import *"
    ]


@pytest.mark.parametrize(
    "models",
    [
        "from .protocol import Note\n",
        "from shop.protocol import *\n",
        "import shop.protocol as p\n",
        "def broken(:\n",
    ],
)
def test_models_with_another_form_of_the_import_are_complete(project: Project, models: str) -> None:
    (project.folder / "shop" / "models.py").write_text(models)
    assert found(project) == []


def test_a_package_of_models_may_import_in_any_module(project: Project) -> None:
    folder = project.folder / "shop"
    (folder / "models").mkdir()
    (folder / "models.py").rename(folder / "models" / "notes.py")
    (folder / "models" / "notes.py").write_text("from shop.protocol import *\n")
    assert found(project) == []


def test_a_missing_apps_py_is_an_error_where_the_app_is_installed(project: Project) -> None:
    (project.folder / "shop" / "apps.py").unlink()
    [fault] = found(project)
    assert fault.startswith(
        "shop/note.spy.yaml:1:1: error: this model file is not read, because shop/apps.py is missing"
    )
    assert 'class ShopConfig(AppConfig): name = "shop"' in fault
    assert [each.split()[1] for each in found(project, ["accounts"])] == ["warning:", "warning:"]


def test_an_app_that_is_listed_twice_is_an_error_with_its_line(project: Project) -> None:
    settings = project.folder / "config" / "settings.py"
    line = len(settings.read_text().splitlines()) + 2
    settings.write_text(settings.read_text() + 'INSTALLED_APPS += [\n    "shop",\n]\n')
    assert found(project, [*INSTALLED, "shop"]) == [
        f'config/settings.py:{line}:1: error: INSTALLED_APPS has "shop" twice; remove all but one'
    ]


def test_folders_that_are_not_apps_are_left_alone(project: Project) -> None:
    for name in ("tests", "clients", ".hidden", "node_modules"):
        (project.folder / name).mkdir()
        (project.folder / name / "x.spy.yaml").write_text("class: X\n")
    (project.folder / "static").mkdir()
    assert found(project) == []


def test_check_reports_them_too(project: Project, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.BASE_DIR = project.folder  # type: ignore[attr-defined]
    settings.INSTALLED_APPS = ["accounts"]  # type: ignore[attr-defined]
    assert checks.apps_are_complete(None) == []  # the settings of a test run may leave out what they like
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    [warning] = checks.apps_are_complete(None)
    assert warning.id == "podium.W020"
    assert warning.msg.startswith("config/settings.py:6 shop/ has model files")


def test_this_checkout_has_no_faults() -> None:
    listed = settings_file.listed((PACKAGES / settings_file.FILE).read_text())
    assert app_faults.find(PACKAGES, [name for name, _ in listed]) == []


@pytest.mark.slow
def test_commands_stop_at_an_incomplete_app_before_django_loads(project: Project) -> None:
    (project.folder / "shop" / "models.py").write_text("")
    done = project.manage("makemigrations")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[0].startswith("shop/models.py:1:1: error")
    assert list((project.folder / "shop" / "migrations").glob("0002*")) == []
