"""A fresh copy of the project on what looks like a bare machine: an empty HOME, no environment, no services."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
READY_SECONDS = 400  # the first start fetches and installs all packages
STOP_SECONDS = 60
# What a machine needs to reach its package registries, and nothing else of this environment.
PASSED_ON = re.compile(
    r"(?i)^(pip_|npm_config_|https?_proxy$|no_proxy$|ssl_cert|requests_ca|node_extra_ca|lang$)"
)


class Checkout:
    """A copy of what git has here, with its own HOME, and what is run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "podium"
        self.home = folder / "home"
        self.home.mkdir(parents=True)
        self.python = Path(sys.base_prefix) / "bin" / "python3"
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for name in filter(None, listed.split("\0")):
            if (PROJECT / name).is_file():
                target = self.folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(PROJECT / name, target)

    @staticmethod
    def passed_on() -> dict[str, str]:
        """The part of this environment that reaches the package registries."""
        passed_on = {name: value for name, value in os.environ.items() if PASSED_ON.match(name)}
        npm = Path.home() / ".npmrc"  # a machine's way to its registry may stand there
        return {**passed_on, "NPM_CONFIG_USERCONFIG": str(npm)} if npm.exists() else passed_on

    def environment(self, **more: str) -> dict[str, str]:
        return {**self.passed_on(), "HOME": str(self.home), "PATH": "/usr/local/bin:/usr/bin:/bin", **more}

    def manage(
        self, *arguments: str, python: Path | None = None, **more: str
    ) -> subprocess.CompletedProcess[str]:
        """Run `manage.py` to its end."""
        return subprocess.run(
            [python or self.python, "manage.py", *arguments],
            cwd=self.folder,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            check=False,
            timeout=READY_SECONDS,
        )


class Development:
    """A running `manage.py dev`, with what it has printed so far."""

    def __init__(self, checkout: Checkout, port: int | None = None) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.output = ""
        self.process = subprocess.Popen(
            [checkout.python, "manage.py", "dev", "--port", str(self.port)],
            cwd=checkout.folder,
            env=checkout.environment(PYTHONUNBUFFERED="1"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.output += line

    def wait_for(self, text: str, *, since: int = 0, seconds: float = READY_SECONDS) -> None:
        """Wait until it has printed `text` after the first `since` characters."""
        deadline = time.monotonic() + seconds
        while text not in self.output[since:]:
            if self.process.poll() is not None:
                self._reader.join()
                assert text in self.output[since:], f"dev ended before it said {text!r}:\n{self.output}"
            assert time.monotonic() < deadline, (
                f"dev has not said {text!r} within {seconds} s:\n{self.output}"
            )
            time.sleep(0.05)

    def ready(self) -> Development:
        self.wait_for("Podium is ready")
        return self

    @property
    def admin_password(self) -> str:
        match = re.search(r"with the password (\S+)", self.output)
        assert match, f"no admin password in:\n{self.output}"
        return match[1]

    def interrupt(self) -> int:
        """Ctrl-C; gives the exit code."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(STOP_SECONDS)
        self._reader.join()
        return code

    def kill(self) -> None:
        """kill -9, of the command alone."""
        self.process.kill()
        self.process.wait()
        self._reader.join(STOP_SECONDS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
