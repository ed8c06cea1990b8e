"""`manage.py check --deploy` for many environments: packages and apps are loaded once, each check is a fork.

One check runs before the first fork, so that a fork finds all modules loaded.

Each line of the input is an environment as JSON, each line of the output `{"returncode": ..., "stderr": ...}`. A fork
reads the settings anew. The apps stay those of the first environment: what changes INSTALLED_APPS needs a real process.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
from tempfile import TemporaryFile
from typing import Any, NoReturn

COMMAND = ["manage.py", "check", "--deploy", "--fail-level", "ERROR"]


def main() -> None:
    import django
    from django.core.checks import run_checks

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    for module in ("podium.dev.commands", "config.urls"):
        importlib.import_module(module)
    run_checks(include_deployment_checks=True)
    gc.freeze()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()


def answer(environment: dict[str, str]) -> dict[str, Any]:
    with TemporaryFile() as output:
        child = os.fork()
        if child == 0:
            os.dup2(output.fileno(), sys.stderr.fileno())
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            check(environment)
        _, status = os.waitpid(child, 0)
        output.seek(0)
        return {"returncode": os.waitstatus_to_exitcode(status), "stderr": output.read().decode()}


def check(environment: dict[str, str]) -> NoReturn:
    from django.conf import settings
    from django.core.signals import setting_changed
    from django.utils.functional import empty

    from podium.dev import commands

    os.environ.clear()
    os.environ.update(environment, DJANGO_SETTINGS_MODULE="config.settings")
    del sys.modules["config.settings"], sys.modules["podium.settings"]
    settings._wrapped = empty
    setting_changed.send(None, setting="", value=None, enter=True)  # what apps remember of them is forgotten
    commands.run(COMMAND)
    sys.exit()


if __name__ == "__main__":
    main()
