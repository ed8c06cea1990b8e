"""A complete, separate installation for tests: Postgres, Valkey, web servers, a worker and the scheduler.

    with Stack() as stack, stack.load("read_sync", "read_fast") as load:
        stack.postgres.kill()
        time.sleep(3)
        stack.postgres.start()
        back = time.monotonic()
        time.sleep(3)
    assert load.failures(begun_after=back + 1) == []

Every component has start, kill, terminate, pause, resume and restart (tests/outages/components.py); Postgres and
Valkey have disconnect. The endpoints and tasks are those of tests/outages/app, tests/endpoints/sample_app,
tests/tasks/sample_tasks and tests/realtime/chat.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from podium.core import project
from tests.outages.components import Beat, Component, Postgres, Valkey, Web, Worker, remove
from tests.outages.load import Kind, Load

SETTINGS = "tests.outages.settings"
PREPARE_SECONDS = 300


class Stack:
    """An installation in a temporary folder. Everything ends with the block, or with this process.

    web_servers, workers, beats  number of each; the first ones are `web`, `worker` and `beat`
    settings                     the settings module of all processes
    environment                  additional variables for all processes, for example TASKS_...="2"
    """

    def __init__(
        self,
        *,
        web_servers: int = 1,
        workers: int = 1,
        beats: int = 1,
        settings: str = SETTINGS,
        **environment: str,
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="podium-outages-"))
        self.folder.chmod(0o755)  # Postgres's user keeps its data there
        self.postgres = Postgres(self.folder)
        self.valkey = Valkey(self.folder)
        self.environment = {**os.environ, **self._addresses(settings), **environment}
        self.webs = [Web(_name("web", at), self.folder, self.environment) for at in range(web_servers)]
        self.workers = [Worker(_name("worker", at), self.folder, self.environment) for at in range(workers)]
        self.beats = [Beat(_name("beat", at), self.folder, self.environment) for at in range(beats)]
        self.token = ""
        """The access token of a superuser."""

    def _addresses(self, settings: str) -> dict[str, str]:
        media = self.folder / "media"
        media.mkdir()
        return {
            "DJANGO_SETTINGS_MODULE": settings,
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DEBUG": "true",
            "ALLOWED_HOSTS": "*",
            "MEDIA_ROOT": str(media),
            "EMAIL_URL": "dummymail://",
        }

    @property
    def web(self) -> Web:
        return self.webs[0]

    @property
    def worker(self) -> Worker:
        return self.workers[0]

    @property
    def beat(self) -> Beat:
        return self.beats[0]

    @property
    def components(self) -> list[Component]:
        """All components, in their starting order."""
        return [self.postgres, self.valkey, *self.webs, *self.workers, *self.beats]

    def start(self) -> None:
        """Start everything, with a migrated database. Takes about 30 s on a small machine."""
        self.postgres.start()
        self.valkey.start()
        self.postgres.create_database()
        self.token = self.run("tests.outages.prepare")
        self.restore()

    def restore(self) -> None:
        """Resume paused components and start stopped ones. Return when all of them work."""
        for component in self.components:
            component.resume()
            component.start(wait=component in (self.postgres, self.valkey))
        for component in self.components:
            component.wait_until_ready()

    def run(self, *words: str) -> str:
        """Run a Python module in the stack's environment: run("manage", "check"). Return its output."""
        result = subprocess.run(
            [sys.executable, "-m", *words],
            env=self.environment,
            cwd=project.ROOT,
            capture_output=True,
            text=True,
            timeout=PREPARE_SECONDS,
            check=False,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout + (result.stderr if words[0] == "manage" else "")

    def load(self, *kinds: str | tuple[str, Kind], per_second: float = 5) -> Load:
        """Calls of the given kinds for as long as a block runs. tests/outages/load.py lists the kinds."""
        return Load(self.web.url, kinds, per_second=per_second, token=self.token)

    def logs(self) -> str:
        """The output of all components since their last start."""
        return "\n".join(f"--- {each.name}\n{each.new_log}" for each in self.components)

    def close(self) -> None:
        """Stop everything and delete the folder."""
        for component in [*self.beats, *self.workers, *self.webs]:
            component.resume()
            component.terminate(wait=False)
        for component in reversed(self.components):
            component.close()
        remove(self.folder)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            sys.stdout.write(self.logs())
        self.close()


def _name(kind: str, at: int) -> str:
    return kind if at == 0 else f"{kind}{at + 1}"


def wait_until(true: Callable[[], object], seconds: float = 60, *, what: str = "it") -> float:
    """Wait for something that other processes do. Return the seconds it took.

    The longer it takes, the less often it looks: the question is a call, and shares the processor with the answer.
    """
    started = time.monotonic()
    while not true():
        passed = time.monotonic() - started
        assert passed < seconds, f"{what} did not happen within {seconds} s"
        time.sleep(min(0.1 + passed / 20, 0.5))
    return time.monotonic() - started
