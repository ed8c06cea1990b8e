"""The supervisor's parts that need no server."""

from __future__ import annotations

import asyncio
import errno
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from podium.server import notify, supervisor

ORPHANS = """
import asyncio, ctypes, subprocess, time
import psutil
from podium.server.supervisor import Children

async def main():
    ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: orphans come here, as to PID 1 of a container
    children = Children()
    children.watch()
    started = subprocess.Popen(["sh", "-c", "sleep 0.3 & sleep 0.2 & exit 7"])
    status = await children.ended(started.pid)
    started.returncode = status
    orphans = psutil.Process().children()
    until = time.monotonic() + 10
    while psutil.Process().children() and time.monotonic() < until:
        await asyncio.sleep(0.05)
    print(status, len(orphans), len(psutil.Process().children()))

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives orphans to another process than PID 1")
def test_orphans_are_reaped_as_pid_1_must() -> None:
    done = subprocess.run([sys.executable, "-c", ORPHANS], capture_output=True, text=True, check=True)
    assert done.stdout == "7 2 0\n"


def test_output_is_written_by_line_with_the_name_of_its_part(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    output = supervisor.Output("web")
    output.data_received(b"one\ntw")
    output.data_received(b"o\n" + b"x" * (supervisor.LONGEST_LINE + 1))
    output.data_received(b"rest")
    output.connection_lost(None)
    lines = capfdbinary.readouterr().out.splitlines()
    assert lines[:2] == [b"      web | one", b"      web | two"]
    assert [len(line) for line in lines[2:]] == [supervisor.LONGEST_LINE + 1 + 12, 4 + 12]


def test_ends_are_described_in_words() -> None:
    assert supervisor.described(3) == "with exit status 3"
    assert supervisor.described(-9) == "by signal SIGKILL"


def test_systemd_gets_the_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify.send("READY=1")  # without systemd it goes nowhere
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        notify.send("READY=1")
        assert systemd.recv(100) == b"READY=1"
        notify.send("RELOADING=1", monotonic=True)
        assert systemd.recv(100).startswith(b"RELOADING=1\nMONOTONIC_USEC=")


async def test_a_part_that_the_system_cannot_start_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def popen(*words: object, **options: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", popen)
    said: list[str] = []
    part = supervisor.Part("web", "web", [], 1, supervisor.Children(), said.append, lambda: None)
    part.start()
    async with asyncio.timeout(5):
        while not said:
            await asyncio.sleep(0.01)
    await part.stop()
    assert said == [
        "web ended because it could not start: Resource temporarily unavailable; it starts again in 1 s"
    ]
    assert [how for _, how in part.ends] == ["because it could not start: Resource temporarily unavailable"]
