"""The documentation as a site: Sphinx makes HTML from Markdown that needs no network and no server.

The packages are the extra [docs]; nothing else of Podium imports them.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from podium.core.project import PACKAGES

NEEDED = ("sphinx", "myst_parser", "furo")
SETTINGS = Path(__file__).parent
"""The folder of conf.py."""
MARK = ".buildinfo"
"""A file that Sphinx writes into each site."""


class SiteError(Exception):
    """The site can't be built. The text has the reason and the solution."""


def build(pages: Path, site: Path) -> None:
    """Write the site of a folder of pages. An existing site is replaced.

    Raises SiteError: the packages are missing, the folder has other files, or pages have faults, each with its line.
    """
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise SiteError(
            f"The site needs {' and '.join(missing)}. Add the extra [docs] to Podium's line in requirements.txt, as in "
            "podium[docs], and install it."
        )
    _empty(site)
    with tempfile.TemporaryDirectory() as cache:
        command = [sys.executable, "-m", "sphinx", "--quiet", "--no-color", "--fail-on-warning"]
        command += ["-c", str(SETTINGS), "-d", cache, str(pages), str(site)]
        environment = {**os.environ, "PYTHONPATH": str(PACKAGES)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SiteError(f"The pages have faults:\n{(done.stderr or done.stdout).strip()}")


def _empty(site: Path) -> None:
    if not site.exists():
        return
    if not site.is_dir() or (any(site.iterdir()) and not (site / MARK).exists()):
        raise SiteError(f"{site} has other files. Choose another folder, or an empty one.")
    shutil.rmtree(site)
