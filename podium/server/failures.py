"""Messages for the failures of commands that users can cause, instead of a traceback.

`--traceback` shows the traceback. podium/database/failures.py has the server's answers to clients.
"""

from __future__ import annotations

import linecache
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.migrations import exceptions as migrations
from django.db.migrations.executor import MigrationExecutor
from psycopg import errors

from podium.core import project
from podium.core.lazy import redis
from podium.database.failures import cause_of

TRACEBACK = "--traceback"
INTERRUPTED = 130
"""Exit status after Ctrl-C: 128 and the signal's number."""
SHOWING_CODE = frozenset(["shell", "test"])
"""Commands that run the user's own code: users need the traceback."""
OWN_FRAMES = ("manage.py", "podium/dev/", "podium/server/failures.py")
"""Files that every command passes through, so they are not the place of a fault."""


@contextmanager
def in_words(argv: Sequence[str]) -> Iterator[None]:
    """Exit with a message if a command fails."""
    if TRACEBACK in argv or (len(argv) > 1 and argv[1] in SHOWING_CODE):
        yield
        return
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # after `| head`: the output is no longer read
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:  # noqa: BLE001  the last place where a failure can be put in words
        sys.stderr.write(f"{message(error)}\n")
        sys.exit(1)


def message(error: BaseException) -> str:
    """The failure, where it is, and what to do."""
    migration = _migration(error)
    before = f"\nMigration {migration} failed: " if migration else ""  # `migrate` has not ended its line
    for kinds, words in _words():
        if isinstance(error, kinds) and (text := words(error)):
            return before + text
    place = _place(error)
    text = f"{place}: {_name(error)}" if place else _name(error)
    return f"{before}{text}\nTo see where this comes from, run the same command with {TRACEBACK}."


def block(error: BaseException) -> str:
    """The failure with its line of source, or with its traceback if it is not in the project's code."""
    for kinds, words in _words():
        if isinstance(error, kinds) and (text := words(error)):
            return f"Migration {name} failed: {text}" if (name := _migration(error)) else text
    place = _place(error)
    if not place:
        return "".join(traceback.format_exception(error)).rstrip()
    file, _, line = place.rpartition(":")
    source = linecache.getline(str(project.ROOT / file), int(line)).strip()
    text = f"{place}: {_name(error)}" + (f"\n    {source}" if source else "")
    return f"{text}\n{ADVICE_OF_PROGRAM[kind]}" if (kind := type(error)) in ADVICE_OF_PROGRAM else text


def _migration(error: BaseException) -> str:
    """The migration that failed, "shop.0002_note_size"; "" if none did."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if frame.f_code is MigrationExecutor.apply_migration.__code__:
            return str(frame.f_locals["migration"])
    return ""


def _name(error: BaseException) -> str:
    if isinstance(error, SyntaxError):  # its text repeats the place
        return f"{type(error).__name__}: {error.msg}"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _place(error: BaseException) -> str:
    """The innermost line of the project that the error passed: "shop/endpoints.py:3"."""
    if isinstance(error, SyntaxError) and error.filename:
        return _shown(error.filename, error.lineno or 1)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        shown = _shown(frame.filename, frame.lineno or 1)
        if not Path(shown).is_absolute() and not shown.startswith((*OWN_FRAMES, ".venv/", "<")):
            return shown
    return ""


def _shown(file: str, line: int) -> str:
    path = Path(file)
    inside = path.relative_to(project.ROOT) if path.is_relative_to(project.ROOT) else path
    return f"{inside}:{line}"


# Loading the project ------------------------------------------------------------------------------------------------


def _module(error: Any) -> str:
    """A missing package."""
    name = str(error.name or "")
    app, _, module = name.rpartition(".")
    if module in ("protocol", "protocol_types"):
        return f"{app}/{module}.py is missing. Run: python3 manage.py generate"
    if _place(error):
        return ""
    if not settings.configured:
        return f'DJANGO_SETTINGS_MODULE is "{os.environ["DJANGO_SETTINGS_MODULE"]}": {error}'
    for given in settings.INSTALLED_APPS:
        if f"{given}.".startswith(f"{name}."):
            return f'config/settings.py: INSTALLED_APPS has "{given}", but no package has this name.'
    return ""


# The database ---------------------------------------------------------------------------------------------------------


def _database(error: Any) -> str:
    cause = cause_of(error)
    if cause is None:
        return ""
    for kind, advice in ADVICE.items():
        if isinstance(cause, kind) and not (kind in OUT_OF_DATE and _migration(error)):
            return f"{_first_line(cause)}. {advice.format(**_given())}"
    if isinstance(cause, psycopg.OperationalError) and not cause.sqlstate:
        return _unreachable(str(cause))
    if isinstance(cause, psycopg.ProgrammingError) and not cause.sqlstate:
        return f"DATABASE_URL can't be used: {_first_line(cause)}"  # an option that libpq does not know
    place = "" if _migration(error) else _place(error)
    return f"{place}: {_first_line(cause)}" if place else _first_line(cause)


def _unreachable(text: str) -> str:
    reason = re.split(r"failed: |FATAL: +", text.splitlines()[0])[-1].strip().rstrip(".")
    hint = next(
        (hint for sign, hint in HINTS.items() if sign in text), "Is it running, and is the address right?"
    )
    return (
        "No connection to Postgres ({name} at {address}, DATABASE_URL): ".format(**_given())
        + f"{reason}. {hint}"
    )


def _given() -> dict[str, str]:
    given = connection.settings_dict
    port = f":{given['PORT']}" if given["PORT"] else ""
    return {
        "name": given["NAME"],
        "user": given["USER"],
        "address": f"{given['HOST'] or 'localhost'}{port}",
    }


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__


ADVICE_OF_PROGRAM: dict[type[BaseException], str] = {
    ModuleNotFoundError: "Correct the name, or add its package to requirements.txt.",
}
HINTS = {
    "password authentication failed": "Check the user and the password of DATABASE_URL.",
    "no password supplied": "Write the password into DATABASE_URL.",
    "no pg_hba.conf entry": "The server does not allow this user to connect from here: see its pg_hba.conf.",
    "role ": "Check the user of DATABASE_URL.",
    "database ": "Create it (createdb), or check the name in DATABASE_URL.",
    "SSL": "Check sslmode in DATABASE_URL.",
}
OUT_OF_DATE = (errors.UndefinedTable, errors.UndefinedColumn)
ADVICE: dict[type[psycopg.Error], str] = {
    **dict.fromkeys(OUT_OF_DATE, "Is the database up to date? python3 manage.py migrate"),
    errors.InsufficientPrivilege: (
        'The user "{user}" of DATABASE_URL may not do this in {name}. As the database\'s owner: '
        'ALTER DATABASE "{name}" OWNER TO "{user}", or give DATABASE_URL a user who may.'
    ),
    errors.ReadOnlySqlTransaction: (
        "{name} at {address} is read-only: it is a standby, or was set to read-only. "
        "Set DATABASE_URL to the address of the primary."
    ),
    errors.DiskFull: "The disk of Postgres at {address} is full. Free some space there.",
    errors.TooManyConnections: (
        "Postgres at {address} accepts no more connections: stop other processes, or raise max_connections."
    ),
    errors.LockNotAvailable: "Another session holds a lock on it. Try again, or end that session.",
    errors.QueryCanceled: "A statement took longer than the database allows (statement_timeout).",
    errors.DeadlockDetected: "Another session interfered. Run the same command again.",
    errors.SerializationFailure: "Another session interfered. Run the same command again.",
}


# Everything else ------------------------------------------------------------------------------------------------------


def _redis(error: Any) -> str:
    return (
        f"No connection to Redis (REDIS_URL): {_first_line(error)}. Is it running, and is the address right?"
    )


def _os(error: Any) -> str:
    """A file, a folder, a port, the disk."""
    if not error.strerror:
        return ""
    where = error.filename or _place(error)
    return f"{where}: {error.strerror}" if where else str(error.strerror)


def _words() -> Iterator[tuple[type[BaseException] | tuple[type[BaseException], ...], Callable[[Any], str]]]:
    """The kinds of errors, and the function that puts each in words. The first that fits is asked."""
    yield (CommandError, ImproperlyConfigured), str
    yield ModuleNotFoundError, _module
    yield (DatabaseError, psycopg.Error), _database
    yield (
        (
            migrations.AmbiguityError, migrations.BadMigrationError, migrations.CircularDependencyError,
            migrations.InconsistentMigrationHistory, migrations.InvalidBasesError, migrations.NodeNotFoundError,
        ),
        str,
    )  # fmt: skip
    yield redis.RedisError, _redis
    yield OSError, _os
