"""Model files from texts in tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from podium.schema.definitions import Fault, Protocol
from podium.schema.project import load_models


def load_texts(
    texts: Mapping[str, str],
    *,
    modules: Mapping[str, Protocol] | None = None,
    extra: Mapping[str, str] | None = None,
) -> tuple[Protocol, list[Fault]]:
    """Write the texts (path -> text) to a folder and load it."""
    with TemporaryDirectory() as written:
        for name, text in texts.items():
            path = Path(written) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        return load_models(Path(written), name="project", modules=modules, extra=extra)
