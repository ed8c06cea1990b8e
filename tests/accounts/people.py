"""What tests of people's data share: a storage of the test's own, pictures, tokens, and a worker that is no process."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from accounts import tokens
from accounts.models import User
from endpoints.calls import Identity
from files import storage
from tasks import queue
from tasks.models import ScheduledCall, State


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """Where the development storage keeps its bytes."""
    settings.STORAGES = {**settings.STORAGES, "default": storage.backend("", folder=str(tmp_path))}
    return tmp_path


def stored(folder: Path) -> list[Path]:
    """Every file that the storage keeps."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def photo(
    size: tuple[int, int] = (300, 200),
    kind: str = "JPEG",
    color: str = "red",
    mode: str = "RGB",
    **options: Any,
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, color).save(out, kind, **options)
    return out.getvalue()


def signed_in(user: User, method: str = "email") -> tuple[Identity, str]:
    """Who calls from a device that just signed in, and its token."""
    issued = tokens.issue(user, method=method)
    return Identity(str(user.pk), frozenset(), str(issued.row.pk)), issued.token


def work() -> None:
    """Run what is due, as a worker would."""
    for call in ScheduledCall.objects.filter(state=State.PENDING):
        queue.run(str(call.pk))


def failures() -> list[str]:
    return list(ScheduledCall.objects.exclude(last_error="").values_list("last_error", flat=True))
