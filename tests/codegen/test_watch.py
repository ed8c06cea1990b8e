"""`generate --watch`: it follows changes, survives faults, ends on Ctrl-C."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
NOTE = "class: Note\nfields:\n  title: String\n"


class Watching:
    """A running command, and its output so far."""

    def __init__(self, *words: object) -> None:
        # A job in the background ignores interrupts from the start, and its children would too.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        self.process = subprocess.Popen(
            [sys.executable, PROJECT / "manage.py", "generate", *map(str, words), "--watch"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        signal.signal(signal.SIGINT, before)
        self.printed = ""
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed += line

    def wait(self, what: Callable[[], object]) -> None:
        until = time.monotonic() + 30
        while not what():
            assert time.monotonic() < until and self.process.poll() is None, self.printed
            time.sleep(0.02)

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(10)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self.reader.join(10)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "note.spy.yaml").write_text(NOTE)
    return folder


@pytest.fixture
def watching(models: Path, tmp_path: Path) -> Iterator[Watching]:
    command = watch(models, tmp_path)
    yield command
    command.end()


def watch(models: Path, folder: Path) -> Watching:
    command = Watching("--models", models, "--target", "python", "--out", folder / "out", "--name", "app")
    command.wait(lambda: "Watching" in command.printed)
    return command


def test_changes_new_files_and_deleted_ones_are_followed(
    watching: Watching, models: Path, tmp_path: Path
) -> None:
    protocol = tmp_path / "out" / "app_client" / "protocol.py"
    assert "title: str" in protocol.read_text()
    (models / "note.spy.yaml").write_text(NOTE + "  body: String?\n")
    watching.wait(lambda: "body: str" in protocol.read_text())
    (models / "tag.spy.yaml").write_text("class: Tag\nfields:\n  name: String\n")
    watching.wait(lambda: "class Tag" in protocol.read_text())
    (models / "tag.spy.yaml").unlink()
    watching.wait(lambda: "class Tag" not in protocol.read_text())
    assert watching.interrupt() == 0


def test_a_fault_is_shown_and_fixed(watching: Watching, models: Path, tmp_path: Path) -> None:
    protocol = tmp_path / "out" / "app_client" / "protocol.py"
    before = protocol.read_text()
    (models / "note.spy.yaml").write_text("class: Note\nfields:\n  title: Sting\n")
    watching.wait(lambda: "note.spy.yaml:3:" in watching.printed)
    assert protocol.read_text() == before
    (models / "note.spy.yaml").write_text("class: Note\nfields:\n  heading: String\n")
    watching.wait(lambda: "heading: str" in protocol.read_text())


def test_it_begins_with_faulty_files_too(models: Path, tmp_path: Path) -> None:
    (models / "note.spy.yaml").write_text("class: Note\nfields:\n  title: Sting\n")
    command = watch(models, tmp_path)
    (models / "note.spy.yaml").write_text(NOTE)
    command.wait((tmp_path / "out" / "app_client" / "protocol.py").exists)
    assert command.interrupt() == 0
    command.end()
