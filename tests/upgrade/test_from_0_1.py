"""A project of 0.1's layout becomes one of today's, and the other way round."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import podium
from podium.core.project import PACKAGES
from podium.upgrade import from_0_1, journal, layout, pinned
from podium.upgrade.target import UpgradeError
from podium.upgrade.work import Work
from tests.upgrade import old_project

PIN = f"podium=={podium.__version__}"


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("old") / "shop"
    folder.mkdir()
    old_project.make(folder)
    return folder


@pytest.fixture(scope="module")
def work(project: Path) -> Work:
    return from_0_1.plan(project, PACKAGES, pinned.new_requirements(PIN, None, PACKAGES))


def test_the_layout_is_recognized(project: Path):
    assert layout.is_copy(project)
    assert not layout.is_copy(PACKAGES)


def test_podiums_own_files_are_removed(work: Work):
    for path in (
        "core/errors.py",
        "schema/wire.py",
        "accounts/models.py",
        "config/places.py",
        "example/models.py",
    ):
        assert path in work.removes
    assert not [path for path in work.removes if path.startswith("shop")]


def test_the_users_python_is_rewritten(work: Work):
    endpoints = work.writes["shop/endpoints.py"].decode()
    assert "import podium.database.fields\nfrom podium.core import clock\n" in endpoints
    assert "from podium.wire import classes as wire\n" in endpoints
    migration = work.writes["shop/migrations/0001_initial.py"].decode()
    assert '("title", podium.database.fields.TextField())' in migration
    assert "shop/models.py" not in work.writes


def test_changed_files_of_podium_are_moved_aside_with_the_difference(work: Work):
    assert work.writes["changed-in-0.1/core/clock.py"].endswith(b"# changed\n")
    assert work.writes["changed-in-0.1/core/clock.py.diff"].decode().endswith("+# changed\n")
    assert "core/clock.py" in work.removes
    assert "changed-in-0.1/accounts/mine.py" in work.writes
    assert "accounts/mine.py" in work.removes
    assert "core/mine.py" not in [*work.removes, *work.writes]
    notes = "\n".join(work.notes)
    assert (
        "changed-in-0.1/core/clock.py you changed it: the difference is in changed-in-0.1/core/clock.py.diff"
        in notes
    )
    assert (
        "changed-in-0.1/accounts/mine.py accounts is an installed package now: move this file to one of your apps"
        in notes
    )


def test_settings_are_rewritten_with_those_of_the_user(work: Work):
    settings = work.writes["config/settings.py"].decode()
    assert (
        "from podium.settings import *  # noqa: F403\nfrom podium.settings import INSTALLED_APPS, env\n"
        in settings
    )
    assert 'INSTALLED_APPS += ["shop"]\n' in settings
    assert 'TIME_ZONE = "Europe/Berlin"\n' in settings
    assert 'SHOP_CURRENCY = env.str("SHOP_CURRENCY", default="EUR")\n' in settings
    assert '# MIDDLEWARE.insert(0, "podium.server.nul.refuse_nul")\n' in settings
    assert len(settings.splitlines()) <= 40
    diff = work.writes["changed-in-0.1/config/settings.py.diff"].decode()
    assert '+TIME_ZONE = "Europe/Berlin"' in diff


def test_the_project_gets_the_files_of_a_new_one(work: Work):
    assert work.writes["manage.py"] == (PACKAGES / "manage.py").read_bytes()
    assert work.writes["config/urls.py"] == (PACKAGES / "config/urls.py").read_bytes()
    assert work.writes["requirements.txt"].decode().splitlines() == [
        PIN,
        "-c constraints.txt  # the versions that this Podium was tested with",
        "stripe==9.0",
    ]
    assert 'name = "example"' in work.writes["pyproject.toml"].decode()  # as the clients were named


def test_old_names_in_scripts_are_listed(work: Work):
    assert "shop.service:1 write podium.endpoints.http instead of endpoints.http" in work.notes
    assert not [note for note in work.notes if note.startswith("podium-")]


def test_without_commits_it_is_refused(project: Path, tmp_path: Path):
    with pytest.raises(UpgradeError, match="is not in a Git repository"):
        from_0_1.refuse_lost(tmp_path, force=False)
    from_0_1.refuse_lost(project, force=False)
    (project / "shop/new.py").touch()
    with pytest.raises(UpgradeError, match=r"not committed:\n\?\? shop/new.py\nGoing back"):
        from_0_1.refuse_lost(project, force=False)
    from_0_1.refuse_lost(project, force=True)
    (project / "shop/new.py").unlink()


def test_the_journal_takes_everything_back(project: Path, work: Work):
    before = {path: (project / path).read_bytes() for path in journal.walk(project)}
    kept = journal.Journal(project)
    kept.keep_generated()
    work.do(kept)
    (project / "clients").mkdir()
    (project / "clients/new.dart").write_text("made by generate")
    assert not (project / "core/errors.py").exists()
    assert journal.Journal(project).is_open  # as another process finds it after this one was killed
    journal.Journal(project).take_back()
    assert {path: (project / path).read_bytes() for path in journal.walk(project)} == before
    assert not journal.Journal(project).is_open
    assert not old_project.git(project, "status", "--porcelain")


ORDER = """
from shop.models import Order
from {clock} import now
print("created", Order.objects.create(title="Tea", placed_at=now()).pk)
"""
TITLES = "from shop.models import Order; print('titles', [order.title for order in Order.objects.all()])"


@pytest.mark.slow
def test_a_project_with_data_is_upgraded_and_goes_back(project: Path):
    """The upgrade runs in the environment of the tests: installing packages is the subject of test_upgrade.py."""
    manage(project, "generate")
    old_project.commit(project, "Generated")
    manage(project, "migrate")
    manage(project, "shell", "--no-imports", "-c", ORDER.format(clock="core.clock"))

    done = subprocess.run(
        [
            sys.executable,
            "-S",
            "-c",
            f"import sys; sys.path.insert(0, {str(PACKAGES)!r})\n{STEPS}",
            given(project),
        ],
        cwd=project,
        env=environment(PACKAGES),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout)
    assert result["done"] and not result["makemigrations"]
    assert "shop.0001_initial" not in result["waiting_migrations"]
    assert not (project / "core/errors.py").exists()
    assert 'INSTALLED_APPS += ["shop"]' in (project / "config/settings.py").read_text()
    assert "class Order" in (project / "clients/python/example_client/protocol.py").read_text()
    assert "titles ['Tea']" in manage(project, "shell", "--no-imports", "-c", TITLES, path=PACKAGES)
    old_project.commit(project, "Podium 0.2")

    old_project.git(project, "revert", "--no-edit", "HEAD")
    assert "titles ['Tea']" in manage(project, "shell", "--no-imports", "-c", TITLES)
    assert "no issues" in manage(project, "check")


STEPS = "from podium.upgrade import steps; sys.exit(steps.main(sys.argv[1:]))"


def given(project: Path) -> str:
    new = {"version": podium.__version__, "root": str(PACKAGES)}
    flags = {"dry_run": False, "json": True, "keep": False, "force": False}
    return json.dumps(
        {
            "project": str(project),
            "old": {"version": "0.1.0", "root": str(project)},
            "new": new,
            "pin": PIN,
            "wheel": None,
        }
        | flags
    )


def manage(project: Path, *words: str, path: Path | None = None) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=project,
        env=environment(path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def environment(path: Path | None) -> dict[str, str]:
    """A developer's, with no settings of the tests in it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {"PODIUM_VENV": "off"} | ({"PYTHONPATH": str(path)} if path else {})
