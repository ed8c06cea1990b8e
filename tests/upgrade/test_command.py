"""`podium upgrade`: what it refuses, and what it plans for a project that pins Podium."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from podium.core.project import PACKAGES
from podium.upgrade import command, migrations, pinned, steps, target
from podium.upgrade.journal import Journal
from podium.upgrade.target import Podium, UpgradeError


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(
        tmp_path,
        {
            "manage.py": "old",
            "config/settings.py": "",
            "requirements.txt": "podium==0.2.0  # the pin\nstripe\n",
        },
    )
    return tmp_path


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def test_it_runs_without_any_installed_package():
    code = f"import sys; sys.path.insert(0, {str(PACKAGES)!r}); from podium.upgrade import command, steps"
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "is not in a Podium project"),
        (
            {"manage.py": "", "config/urls.py": "", "podium/__init__.py": ""},
            "is Podium's own repository. Upgrade it with git",
        ),
        (
            {"manage.py": "", "config/urls.py": "", "requirements.txt": "django"},
            "does not pin Podium. Add a line",
        ),
    ],
)
def test_a_folder_without_a_project_is_refused(tmp_path, monkeypatch, capsys, files, message):
    write(tmp_path, files)
    monkeypatch.chdir(tmp_path)
    assert command.main(["0.2.1"]) == 1
    assert message in capsys.readouterr().err


def test_a_pin_that_is_a_file_needs_a_target(project, tmp_path):
    write(project, {"requirements.txt": "./podium-0.2.0-py3-none-any.whl[s3]\n"})
    with pytest.raises(
        UpgradeError, match=r"Name the version to upgrade to: podium upgrade \./podium-X\.Y\.Z"
    ):
        target.find("", project, tmp_path / "staging")


@pytest.mark.parametrize("text", ["podium==0.2.0 --hash=sha256:1", "podium==0.2.0 \\\n    --hash=sha256:1"])
def test_a_pin_with_hashes_is_left_to_the_user(project, tmp_path, text):
    write(project, {"requirements.txt": f"{text}\nstripe\n"})
    with pytest.raises(UpgradeError, match="Change the line and its hashes yourself"):
        target.find("0.2.1", project, tmp_path / "staging")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("podium-0.2.1-py3-none-any.whl", b"no zip", "is not a valid wheel: it can't be unpacked"),
        ("django-5.2-py3-none-any.whl", b"", "is not a wheel of Podium"),
        ("nothing-here", None, "nothing-here can't be pinned"),
    ],
)
def test_a_target_that_is_not_podium_is_refused(project, tmp_path, name, content, message):
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UpgradeError, match=message):
        target.find(str(file), project, tmp_path / "staging")


@pytest.mark.parametrize(
    ("old", "pin", "new"),
    [
        ("podium==0.2.0", "podium==0.2.1", "podium==0.2.1"),
        ("podium[s3]==0.2.0", "podium==0.2.1", "podium[s3]==0.2.1"),
        ("podium[s3,test]==0.2.0", "podium @ git+https://h/p@v1", "podium[s3,test] @ git+https://h/p@v1"),
        (
            "./podium-0.2.0-py3-none-any.whl[s3]",
            "./podium-0.2.1-py3-none-any.whl",
            "./podium-0.2.1-py3-none-any.whl[s3]",
        ),
        ("podium[s3]==0.2.0", "podium[azure]==0.2.1", "podium[azure]==0.2.1"),
    ],
)
def test_extras_stay(old, pin, new):
    assert target._with_extras(pin, old) == new


def test_files_as_the_old_version_wrote_them_are_replaced_and_others_stay(project, tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, text in ((old, "old"), (new, "new")):
        write(folder / pinned.TEMPLATE, {"manage.py": text, "config/urls.py": f"{text}\n"})
        write(folder, {"podium/constraints.txt": f"{text}==1\n"})
    write(project, {"config/urls.py": "mine\n", "constraints.txt": "old==1\n"})
    work = pinned.plan(project, old, new, "podium==0.2.1", None)
    assert work.writes == {
        "requirements.txt": b"podium==0.2.1  # the pin\nstripe\n",
        "constraints.txt": b"new==1\n",
        "manage.py": b"new",
    }
    (note,) = work.notes
    assert note.startswith("config/urls.py: you changed it") and note.endswith("-old\n+new\n")


OLD_WHEEL, NEW_WHEEL = "podium-0.2.0-py3-none-any.whl", "podium-0.2.1-py3-none-any.whl"


@pytest.mark.parametrize(
    ("old", "new", "removed"),
    [
        (f"./{OLD_WHEEL}", NEW_WHEEL, [OLD_WHEEL]),
        (f"{OLD_WHEEL}[s3]", "", [OLD_WHEEL]),
        (f"./{OLD_WHEEL}", OLD_WHEEL, []),
        (f"../{OLD_WHEEL}", NEW_WHEEL, []),
        ("podium==0.2.0", NEW_WHEEL, []),
    ],
)
def test_the_wheel_of_the_old_pin_is_removed(project, tmp_path, old, new, removed):
    write(project, {"requirements.txt": f"{old}\n", OLD_WHEEL: "old"})
    write(tmp_path / "given", {new or "none": "new"})
    wheel = tmp_path / "given" / new if new else None
    work = pinned.plan(project, tmp_path / "a", tmp_path / "b", f"./{new}" if new else "podium==0.2.1", wheel)
    assert work.removes == removed
    journal = Journal(project)
    work.do(journal)
    left = {OLD_WHEEL} - set(removed) | ({new} - {""})
    assert {path.name for path in project.glob("*.whl")} == left
    journal.take_back()
    assert (project / OLD_WHEEL).read_text() == "old" and not (project / NEW_WHEEL).exists()


MANAGE = """\
import pathlib, sys
calls = pathlib.Path("calls")
calls.write_text((calls.read_text() if calls.exists() else "") + sys.argv[1] + "\\n")
sys.exit({statuses}[len(calls.read_text().split()) - 1])
"""


@pytest.mark.parametrize(
    ("statuses", "message"),
    [
        ([0, 1, 0], "Generating failed with Podium 0.2.1, so everything was restored"),
        ([0, 1, 1], "the packages of Podium 0.2.0 could not be\ninstalled again"),
        ([1, 1], "the packages of Podium 0.2.0 could not be\ninstalled again"),
    ],
)
def test_a_failure_to_install_the_old_version_again_is_reported(
    project, tmp_path, monkeypatch, capfd, statuses, message
):
    monkeypatch.delenv("PODIUM_VENV", raising=False)
    write(project, {"manage.py": MANAGE.format(statuses=statuses)})
    (old, new) = ({"version": version, "root": str(tmp_path / version)} for version in ("0.2.0", "0.2.1"))
    write(tmp_path / "0.2.1", {"podium/CHANGELOG.md": ""})
    monkeypatch.setattr(migrations, "refuse_lost", lambda *given, **options: None)
    flags = dict.fromkeys(["dry_run", "json", "keep", "force"], False)
    given = {"project": str(project), "old": old, "new": new, "pin": "podium==0.2.1", "wheel": None, **flags}
    assert steps.main([json.dumps(given)]) == 1
    said = capfd.readouterr().err
    assert message in said and said.count("restored") == 1
    assert target.pinned(project) == "podium==0.2.0"
    assert len((project / "calls").read_text().split()) == len(statuses)


def test_going_back_is_refused_while_the_database_has_newer_migrations(project, tmp_path, monkeypatch):
    old, new = Podium("0.2.1", tmp_path / "old"), Podium("0.2.0", tmp_path / "new")
    write(old.root, {"files/migrations/0001_initial.py": "", "files/migrations/0002_more.py": ""})
    write(new.root, {"files/migrations/0001_initial.py": ""})
    shown = "[X]  files.0001_initial\n[X]  files.0002_more\n"
    monkeypatch.setattr(migrations, "_manage", lambda *words: shown)
    with pytest.raises(UpgradeError, match=r"  python3 manage\.py migrate files 0001\n"):
        migrations.refuse_lost(project, old, new, force=False)
    shown = "[X]  files.0001_initial\n[ ]  files.0002_more\n"
    migrations.refuse_lost(project, old, new, force=False)
    migrations.refuse_lost(project, new, old, force=False)  # forward there is nothing to lose
    monkeypatch.setattr(migrations, "_manage", lambda *words: None)
    with pytest.raises(UpgradeError, match="can't be asked whether it has them"):
        migrations.refuse_lost(project, old, new, force=False)
    migrations.refuse_lost(project, old, new, force=True)


def test_changes_of_a_killed_upgrade_are_taken_back_first(project, monkeypatch, capsys):
    journal = Journal(project)
    journal.write("requirements.txt", b"podium==9\n")
    journal.write("new/file.py", b"")
    monkeypatch.chdir(project)
    monkeypatch.setattr(target, "installed", lambda folder: (_ for _ in ()).throw(UpgradeError("stop here")))
    assert command.main(["0.2.1"]) == 1
    assert "The last upgrade was interrupted. Its changes were reverted." in capsys.readouterr().err
    assert target.pinned(project) == "podium==0.2.0"
    assert not (project / "new").exists()


def test_a_journal_that_was_killed_while_it_ended_is_closed(project, monkeypatch):
    journal = Journal(project)
    journal.write("requirements.txt", b"podium==9\n")
    monkeypatch.setattr("podium.upgrade.journal.shutil.rmtree", lambda folder, **options: None)
    journal.end()
    assert not Journal(project).is_open
    assert target.pinned(project) == "podium==9"


def test_a_second_upgrade_at_the_same_time_is_refused(project, monkeypatch, capsys):
    monkeypatch.chdir(project)
    with command.only_one(project):
        assert command.main(["0.2.1"]) == 1
    assert "Another upgrade of" in capsys.readouterr().err


STEPS = """
import pathlib, time
def main(words):
    pathlib.Path("started").touch()
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        time.sleep(1)  # restores
        pathlib.Path("restored").touch()
    return 130
"""
GOES_ON = """
import argparse, pathlib, sys
from podium.upgrade import command
from podium.upgrade.target import Podium, Target
project = pathlib.Path(sys.argv[1])
podium = Podium("0.2.1", project / "new")
flags = argparse.Namespace(dry_run=False, json=False, keep=False, force=False)
with command.only_one(project) as lock:
    sys.exit(command.go_on(flags, project, podium, Target(podium, "", None), podium.root, lock))
"""


def test_after_ctrl_c_everything_is_restored_before_it_ends(project):
    write(project, {"new/podium/__init__.py": "", "new/podium/upgrade/__init__.py": ""})
    write(project, {"new/podium/upgrade/steps.py": STEPS})
    with subprocess.Popen(
        [sys.executable, "-c", GOES_ON, str(project)],
        env={**os.environ, "PYTHONPATH": str(PACKAGES)},
        start_new_session=True,
    ) as process:
        until = time.monotonic() + 30
        while not (project / "started").exists() and time.monotonic() < until:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does it
        assert process.wait(30) == 130
    assert (project / "restored").exists()
