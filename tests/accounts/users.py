"""Helpers for tests of users' data: a temporary storage, pictures, tokens, and a worker without a process."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from accounts.models import User
from accounts.sessions import sessions
from podium.core import storages
from podium.endpoints.calls import Identity
from tasks import queue
from tasks.models import Job, State


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """The folder of the development storage."""
    settings.STORAGES = {**settings.STORAGES, "default": storages.backend("", folder=str(tmp_path))}
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
    """The identity of a device that just signed in, and its token."""
    issued = sessions.issue(user, method=method)
    return Identity(str(user.pk), frozenset(), str(issued.row.pk)), issued.token


def work() -> None:
    """Run the scheduled work that is due, as a worker would."""
    for call in Job.objects.filter(state=State.PENDING):
        queue.run(str(call.pk))


def failures() -> list[str]:
    return list(Job.objects.exclude(last_error="").values_list("last_error", flat=True))
