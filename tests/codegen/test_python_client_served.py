"""A generated Python client against the real server."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import time
from pathlib import Path
from typing import Any

import pytest

from tests import processes


@pytest.mark.slow
@pytest.mark.usefixtures("transactional_db")
def test_an_app_in_python_works_with_the_server(python_client: Any, tmp_path: Path) -> None:
    with processes.server(tmp_path) as running:
        host = f"{running.url}/"
        with python_client.Client(host) as client:
            _call(python_client, client)
            _rows(python_client, client)
        asyncio.run(_listen(python_client, host))


def _call(package: Any, client: Any) -> None:
    assert client.greeting.hello("Ada") == "Hello Ada"
    with pytest.raises(package.UnauthorizedError):
        client.notes.list_notes()
    with pytest.raises(package.serverpod_auth_idp_module.EmailAccountLoginException) as refused:
        client.email_idp.login(email=f"nobody-{time.time()}@example.com", password="wrong")
    assert refused.value.reason.value == "invalidCredentials"
    client.auth.set(client.anonymous_idp.login().token)
    made = client.notes.create_note(package.Note(title="Milk", tags=["shop"], color=package.NoteColor.RED))
    moment = datetime.datetime(2030, 1, 1, 0, 0, 0, 123456, tzinfo=datetime.UTC)
    changed = client.notes.update_note(dataclasses.replace(made, title="Tea", remind_at=moment))
    assert client.notes.list_notes(limit=1) == [changed]
    assert (changed.id, changed.title, changed.remind_at) == (made.id, "Tea", moment)
    assert client.notes.statistics().by_color == {package.NoteColor.RED: 1}
    with pytest.raises(package.NoteNotFoundException) as missing:
        client.notes.get_note(0)
    assert missing.value.note_id == 0
    with pytest.raises(package.ForbiddenError):
        client.notes_admin.count_all_notes()


def _rows(package: Any, client: Any) -> None:
    """Row methods, of the user whom `_call` signed in."""
    home = client.notebook_rows.create(package.Notebook(name="Home"))
    for title in ("a", "b", "c"):
        client.note_rows.create(package.Note(title=title, tags=[], notebook_id=home.id, reminded=True))
    asked: dict[str, Any] = {
        "where": package.NoteWhere(notebook_id=home.id),
        "expand": [package.NoteExpand.NOTEBOOK],
    }
    page = client.note_rows.list(**asked, order=package.NoteOrder.TITLE_DESC, limit=2)
    assert [(each.title, each.reminded, each.notebook.name) for each in page.rows] == [
        ("c", False, "Home"),
        ("b", False, "Home"),
    ]
    rest = client.note_rows.list(**asked, order=package.NoteOrder.TITLE_DESC, limit=2, after=page.next)
    assert ([each.title for each in rest.rows], rest.next) == (["a"], None)
    changed = dataclasses.replace(page.rows[0], title="x", body="y")
    stored = client.note_rows.update(changed, fields=[package.NoteField.TITLE])
    assert (stored.title, stored.body) == ("x", "")
    assert client.note_rows.count(where=package.NoteWhere(title_contains="X")) == 1
    client.note_rows.delete(stored.id)
    with pytest.raises(package.NotFoundError):
        client.note_rows.get(stored.id)


async def _listen(package: Any, host: str) -> None:
    async with package.AsyncClient(host) as client:
        client.auth.set((await client.anonymous_idp.login()).token)
        stream = client.notes.watch_notes()
        waiting = asyncio.ensure_future(anext(stream))
        for _ in range(50):  # the server subscribes some time after it accepted the stream
            await client.notes.create_note(package.Note(title="Heard", tags=[]))
            if (await asyncio.wait([waiting], timeout=0.2))[0]:
                break
        assert (await waiting).title == "Heard"
        await client.modules.serverpod_auth_core.status.sign_out_device()
        with pytest.raises(package.StreamClosed):
            while True:
                await anext(stream)
        with pytest.raises(package.StreamRefused, match="authenticationFailed"):
            await anext(client.notes.watch_notes())
