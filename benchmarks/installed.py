"""Install peers, which Podium itself does not need, at their first use into a cache outside the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "podium-benchmarks"
PYTHON = ("fastapi", "asyncpg", "channels_redis")
NODE = ("parse-server",)


def python_packages() -> Path:
    """The folder for PYTHONPATH."""
    folder = CACHE / "python"
    if not all((folder / name).is_dir() for name in PYTHON):
        _say(PYTHON, folder)
        _run([sys.executable, "-m", "pip", "install", "-q", "--target", str(folder), *PYTHON])
    return folder


def parse_server() -> list[str]:
    """The command that starts Parse Server. Needs Node and npm."""
    if not (shutil.which("node") and shutil.which("npm")):
        raise SystemExit("Parse Server needs Node 20 and npm. Leave it out with --without-parse.")
    program = CACHE / "node_modules" / "parse-server" / "bin" / "parse-server"
    if not program.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        _say(NODE, CACHE)
        _run(["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(CACHE), *NODE])
    return ["node", str(program)]


def _say(packages: tuple[str, ...], folder: Path) -> None:
    print(f"Installing {', '.join(packages)} into {folder}, once.", file=sys.stderr)


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=sys.stderr)
