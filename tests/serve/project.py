"""A project in a temporary folder, as a user has one, and `manage.py serve` in it: as another user than root."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import psutil

from podium.dev import services
from podium.server import deployment
from tests.outages.components import Postgres, Valkey, free_port
from tests.outages.stack import wait_until

CHECKOUT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 120
STOP_SECONDS = 60

SETTINGS = """
from podium.settings import *
from podium.settings import INSTALLED_APPS

INSTALLED_APPS += ["shop"]
TASKS_SWEEP_SECONDS = 1
TASKS_RESEND_SECONDS = 2
MONITORING_CHECK_EVERY_SECONDS = 0.2
MONITORING_HEARTBEAT_SECONDS = 1
"""
ENDPOINTS = """
import asyncio
import os

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from shop.tasks import write
from tasks.scheduling import schedule


class ShopEndpoint(Endpoint):
    async def wait(self, call: Call, path: str, seconds: float) -> str:
        with open(path, "w") as file:
            file.write("began")
        await asyncio.sleep(seconds)
        return "answered"

    def schedule(self, call: Call, path: str, seconds: float) -> None:
        schedule(write, path=path, seconds=seconds)

    async def version(self, call: Call) -> int:
        return 1

    async def user(self, call: Call) -> int:
        return os.getuid()
"""
TASKS = """
import time

from tasks.scheduling import task


@task
def write(*, path: str, seconds: float) -> None:
    for line in ("began", "ended"):
        with open(path, "w") as file:
            file.write(line)
        time.sleep(seconds)
"""


def python_for(account: services.Account, folder: Path) -> tuple[str, list[str]]:
    """A Python that this user can start, and the folder of this Python's packages.

    Where root's own Python is closed to others, it is a copy, with the compiled modules: the user can't write them, so
    each process would compile the standard library again.
    """
    if account.uid is None or starts(sys.executable, account):
        return sys.executable, []
    shutil.copytree(
        sys.base_prefix,
        folder / "python",
        symlinks=True,
        copy_function=link,
        ignore=shutil.ignore_patterns("site-packages", "test", "share", "include", "*.a"),
    )
    return str(folder / "python" / "bin" / "python3"), [sysconfig.get_path("purelib")]


def link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk
        shutil.copy2(source, target)


def starts(python: str, account: services.Account) -> bool:
    try:
        done = subprocess.run([python, "-c", ""], user=account.uid, group=account.gid, cwd="/", check=False)
    except PermissionError:
        return False
    return done.returncode == 0


class Project:
    """The project's folder, with a Postgres and a Valkey of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "shop-server"
        for part in ("manage.py", "config"):
            copy = shutil.copytree if (CHECKOUT / part).is_dir() else shutil.copy
            self.folder.mkdir(exist_ok=True)
            copy(CHECKOUT / part, self.folder / part)
        self.write("config/settings.py", SETTINGS)
        self.write("shop/__init__.py", "")
        self.write("shop/endpoints.py", ENDPOINTS)
        self.write("shop/tasks.py", TASKS)
        self.data = folder / "data"
        self.data.mkdir()
        self.postgres = Postgres(folder)
        self.valkey = Valkey(folder)
        self.account = services.account()
        self.python, self.packages = python_for(self.account, folder)
        if self.account.uid is not None and self.account.gid is not None:
            os.chown(self.data, self.account.uid, self.account.gid)
        self._prepare_as_the_image_is()

    def _prepare_as_the_image_is(self) -> None:
        """Run what the Dockerfile runs in the project: as root, without settings. `serve` then can't write there."""
        text = deployment.render("docker")["Dockerfile"].replace("\\\n", "")
        command = re.findall(r"^RUN (python3 manage.py .+)$", text, re.MULTILINE)[-1]
        environment = self.environment(
            DATABASE_URL="", REDIS_URL="", SECRET_KEY="", PYTHONDONTWRITEBYTECODE=""
        )
        command = command.replace("python3 ", f"{self.python} ")
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert (self.folder / "static" / "podium").is_dir()
        assert not (self.folder / ".podium").exists(), "the key of development stays in the image"

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    def environment(self, **more: str) -> dict[str, str]:
        """Of a production server, without anything of the test run."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return {
            **kept,
            "LD_LIBRARY_PATH": str(Path(self.python).parent.parent / "lib"),
            "HOME": str(self.data),
            "PYTHONPATH": os.pathsep.join([str(CHECKOUT), *self.packages]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PODIUM_VENV": "off",
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "127.0.0.1",
            "PUBLIC_URL": "https://api.example.com",
            "DEFAULT_FROM_EMAIL": "shop@example.com",
            "EMAIL_URL": "dummymail://",
            "ENDPOINTS_TRUSTED_PROXIES": "1",
            "SECURE_SSL_REDIRECT": "false",
            "MEDIA_ROOT": str(self.data / "media"),
            **more,
        }

    def manage(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [self.python, "manage.py", *words],
            **self._place(more),
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )

    def serve(self, *words: str, **more: str) -> Serve:
        """Start the server, and wait until all of it is ready."""
        return Serve(self, words, self._place(more))

    def _place(self, more: Mapping[str, str]) -> dict[str, Any]:
        account = self.account
        return {
            "cwd": self.folder,
            "env": self.environment(**more),
            "user": account.uid,
            "group": account.gid,
            "extra_groups": account.extra_groups,
        }

    def close(self) -> None:
        self.valkey.close()
        self.postgres.close()


class Serve:
    """A running `manage.py serve`; `log` holds what it printed."""

    def __init__(self, project: Project, words: tuple[str, ...], place: dict[str, Any]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = project.folder / f"serve-{self.port}.log"
        with self.log.open("wb") as output:
            self.process = psutil.Popen(
                [project.python, "manage.py", "serve", f"--bind=127.0.0.1:{self.port}", *words],
                **place,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.wait_for("serve | ready at", START_SECONDS)

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, text: str, seconds: float = 60, *, times: int = 1) -> None:
        def printed() -> bool:
            assert self.process.poll() is None or text in self.output, self.output
            return self.output.count(text) >= times

        wait_until(printed, seconds, what=f"{text!r} in the log:\n{self.output}")

    def parts(self) -> dict[str, psutil.Process]:
        """The processes of the roles, without their own children; several web servers are web0, web1."""
        found: dict[str, psutil.Process] = {}
        for child in self.process.children():
            words = child.cmdline()
            if "podium.server.part" in words:
                role = words[words.index("podium.server.part") + 1]
                found[role if role not in found else f"{role}{len(found)}"] = child
        return found

    def everything(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]

    def call(self, method: str, /, **arguments: object) -> object:
        answer = httpx.post(f"{self.url}/shop/{method}", json=arguments, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def readyz(self) -> httpx.Response:
        return httpx.get(f"{self.url}/readyz?full", timeout=10)

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def wait(self) -> int:
        """Wait for its end. Return the exit status."""
        return int(self.process.wait(STOP_SECONDS))

    def close(self) -> None:
        everything = self.everything() if self.process.is_running() else []
        for each in everything:
            with_suppressed_kill(each)
        psutil.wait_procs(everything, 10)


def with_suppressed_kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def ended(processes: list[psutil.Process], seconds: float) -> bool:
    """Return whether all processes end within that time. Those that don't are killed."""
    until = time.monotonic() + seconds
    while (alive := [each for each in processes if is_alive(each)]) and time.monotonic() < until:
        time.sleep(0.05)
    for each in alive:
        with_suppressed_kill(each)
    return not alive


def is_alive(process: psutil.Process) -> bool:
    """A zombie has ended, and waits for this machine's first process."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
