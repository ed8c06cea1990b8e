"""A storage in a temporary folder, users, and a client that knows only the description of an upload.

Users are committed: calls run on threads, with database connections of their own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client

from accounts.models import User
from podium.core import storages
from tests.access import teams_app

teams_app.install()
Send = Callable[..., HttpResponseBase]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """The folder of the development storage."""
    settings.STORAGES = {**settings.STORAGES, "default": storages.backend("", folder=str(tmp_path))}
    return tmp_path


@pytest.fixture
def anna(transactional_db: None) -> User:
    return User.objects.create_user("anna@example.com")


@pytest.fixture
def ben(transactional_db: None) -> User:
    return User.objects.create_user("ben@example.com")


@pytest.fixture
def send(settings: Any) -> Send:
    """send(description, bytes): do what an upload description says, through Django."""

    def send(description: str, body: bytes, **headers: str) -> HttpResponseBase:
        said = json.loads(description)
        assert said["type"] == "binary"
        path = said["url"].removeprefix(settings.PUBLIC_URL)
        kind = said["headers"]["Content-Type"]
        return Client().generic(said["method"], path, body, content_type=kind, headers=headers)

    return send


def stored(folder: Path) -> list[Path]:
    """Every file that the storage keeps."""
    return [path for path in folder.rglob("*") if path.is_file()]
