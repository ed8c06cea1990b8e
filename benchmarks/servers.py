"""Start a server, load it with wrk, compare medians: shared by the benchmarks. Needs wrk (Debian: apt install wrk)."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
CONNECTIONS = 32
READY_SECONDS = 60
UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


@dataclass(frozen=True)
class Request:
    """The request that is repeated. body: None for GET."""

    path: str
    body: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Load:
    """A server's results under load. p99: seconds."""

    per_second: float
    p99: float


@dataclass(frozen=True)
class Server:
    """A running server: its address and its main process."""

    url: str
    process: subprocess.Popen[bytes]


def uvicorn(application: str, port: int, *options: str) -> list[str]:
    """The command that serves an ASGI application ("module:name")."""
    command = [sys.executable, "-m", "uvicorn", application, "--port", str(port)]
    return [*command, "--log-level", "warning", "--no-access-log", *options]


@contextlib.contextmanager
def served(
    application: str,
    *options: str,
    workers: int,
    environment: Mapping[str, str] = {},
    factory: bool = False,
) -> Iterator[str]:
    """Run an ASGI application on uvicorn; yields its address. factory: the name is a function's."""
    port = free_port()
    command = uvicorn(
        application, port, "--workers", str(workers), *options, *(["--factory"] if factory else [])
    )
    with running(command, port, environment) as server:
        yield server.url


@contextlib.contextmanager
def running(command: list[str], port: int, environment: Mapping[str, str] = {}) -> Iterator[Server]:
    """Run a server on a port; yields it once it answers."""
    process = subprocess.Popen(command, cwd=PROJECT, env={**os.environ, **environment}, stdout=sys.stderr)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_it_answers(url, process)
        yield Server(url, process)
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"The server at {url} ended during its start; see above.")
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except urllib.error.HTTPError:
            return  # an answer, if only a 404
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"The server at {url} has not answered for {READY_SECONDS} s.")


def load(url: str, request: Request, seconds: int) -> Load:
    """Load one path. Raises SystemExit unless every answer is a 2xx or 3xx."""
    if not shutil.which("wrk"):
        raise SystemExit("wrk is missing. On Debian and Ubuntu: apt install wrk")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        if request.body is not None:
            script.write(f"wrk.method = 'POST'\nwrk.body = [[{request.body}]]\n")
            script.write("wrk.headers['Content-Type'] = 'application/json'\n")
        for name, value in request.headers:
            script.write(f"wrk.headers['{name}'] = '{value}'\n")
        script.flush()
        output = subprocess.run(
            [
                "wrk",
                "--latency",
                "-t1",
                f"-c{CONNECTIONS}",
                f"-d{seconds}s",
                "-s",
                script.name,
                url + request.path,
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(f"Not all answers from {url}{request.path} succeeded:\n{output}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", output)
    slowest = re.search(r"99%\s+([\d.]+)(us|ms|s|m)\b", output)
    if rate is None or slowest is None:
        raise SystemExit(f"wrk printed no result:\n{output}")
    return Load(float(rate[1]), float(slowest[1]) * UNITS[slowest[2]])
