"""Large modules that a command loads only if it needs them."""

from __future__ import annotations

import subprocess
import sys

from podium.core import lazy
from tests import processes

LARGE = ["redis", "valkey", "drf_spectacular.plumbing"]
PROGRAM = f"""
import sys
from podium.dev import commands
from podium.server import asgi
print([name for name in {LARGE} if name in sys.modules])
"""


def test_a_module_is_imported_at_its_first_use() -> None:
    module = lazy.Module("colorsys")
    sys.modules.pop("colorsys", None)
    assert "colorsys" not in sys.modules
    assert module.rgb_to_hsv(1, 1, 1) == (0, 0, 1)
    assert "colorsys" in sys.modules


def test_a_loaded_project_has_not_imported_what_it_may_not_need() -> None:
    """They would take half a second of a processor in each command."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=processes.environment(DJANGO_SETTINGS_MODULE="tests.settings"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "[]\n", done.stdout + done.stderr
