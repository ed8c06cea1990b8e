from __future__ import annotations

from tests.newcomer.installed import installed

__all__ = ["installed"]
