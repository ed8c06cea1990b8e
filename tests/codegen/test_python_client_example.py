"""The example's Python client against the real server."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import importlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from codegen import python
from tests import processes
from tests.codegen import example_server


@pytest.fixture
def example(tmp_path: Path) -> Iterator[Any]:
    protocol, endpoints = example_server.definitions()
    for path, text in python.emit(protocol, endpoints, package="example-app-client", version="1.0.0").items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    sys.path.insert(0, str(tmp_path))
    try:
        yield importlib.import_module("example_app_client")
    finally:
        sys.path.remove(str(tmp_path))


@pytest.mark.slow
@pytest.mark.usefixtures("transactional_db")
def test_an_app_in_python_works_with_the_example(example: Any, tmp_path: Path) -> None:
    with processes.server(tmp_path) as running:
        host = f"{running.url}/"
        with example.Client(host) as client:
            _call(example, client)
        asyncio.run(_listen(example, host))


def _call(example: Any, client: Any) -> None:
    assert client.greeting.hello("Ada") == "Hello Ada"
    with pytest.raises(example.UnauthorizedError):
        client.notes.list_notes()
    with pytest.raises(example.serverpod_auth_idp_module.EmailAccountLoginException) as refused:
        client.email_idp.login(email=f"nobody-{time.time()}@example.com", password="wrong")
    assert refused.value.reason.value == "invalidCredentials"
    client.auth.set(client.anonymous_idp.login().token)
    made = client.notes.create_note(example.Note(title="Milk", tags=["shop"], color=example.NoteColor.RED))
    moment = datetime.datetime(2030, 1, 1, 0, 0, 0, 123456, tzinfo=datetime.UTC)
    changed = client.notes.update_note(dataclasses.replace(made, title="Tea", remind_at=moment))
    assert client.notes.list_notes(limit=1) == [changed]
    assert (changed.id, changed.title, changed.remind_at) == (made.id, "Tea", moment)
    assert client.notes.statistics().by_color == {example.NoteColor.RED: 1}
    with pytest.raises(example.NoteNotFoundException) as missing:
        client.notes.get_note(0)
    assert missing.value.note_id == 0
    with pytest.raises(example.ForbiddenError):
        client.notes_admin.count_all_notes()


async def _listen(example: Any, host: str) -> None:
    async with example.AsyncClient(host) as client:
        client.auth.set((await client.anonymous_idp.login()).token)
        stream = client.notes.watch_notes()
        waiting = asyncio.ensure_future(anext(stream))
        for _ in range(50):  # the server subscribes some time after it accepted the stream
            await client.notes.create_note(example.Note(title="Heard", tags=[]))
            if (await asyncio.wait([waiting], timeout=0.2))[0]:
                break
        assert (await waiting).title == "Heard"
        await client.modules.serverpod_auth_core.status.sign_out_device()
        with pytest.raises(example.StreamClosed):
            while True:
                await anext(stream)
        with pytest.raises(example.StreamRefused, match="authenticationFailed"):
            await anext(client.notes.watch_notes())
