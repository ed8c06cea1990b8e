"""Modules that are imported at their first use."""

from __future__ import annotations

import sys

from podium.core import lazy


def test_a_module_is_imported_at_its_first_use() -> None:
    module = lazy.Module("colorsys")
    sys.modules.pop("colorsys", None)
    assert module.rgb_to_hsv(1, 1, 1) == (0, 0, 1)
    assert "colorsys" in sys.modules
