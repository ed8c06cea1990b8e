"""The README's tour with the generated Python client: python tour.py URL. Fails by exit code."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from datetime import timedelta

import httpx
from example_client import (
    AsyncClient,
    Client,
    Note,
    NoteNotFoundException,
    UnauthorizedError,
)


async def tour(url: str) -> None:
    async with AsyncClient(url) as client:
        assert await client.greeting.hello("World") == "Hello World"
        await refused(client)
        success = await client.anonymous_idp.login()
        client.auth.set(success.token)
        me = await client.modules.serverpod_auth_core.user_profile_info.get()
        assert me.auth_user_id == success.auth_user_id
        assert [device.current for device in await client.accounts.list_devices()] == [True]
        await notes(client)
        await upload(client)
        await client.modules.serverpod_auth_core.status.sign_out_device()
        await refused(client)
    sync_client(url)


async def refused(client: AsyncClient) -> None:
    try:
        await client.notes.list_notes()
    except UnauthorizedError:
        return
    raise AssertionError("listing notes without a sign-in was not refused")


async def notes(client: AsyncClient) -> None:
    async with client.notes.watch_notes() as watched:
        first = asyncio.ensure_future(anext(watched))
        await asyncio.sleep(0.5)  # the stream opens meanwhile
        note = await client.notes.create_note(Note(title="Milk"))
        assert (await first).id == note.id
        assert note.id is not None
        assert (await client.notes.get_note(note.id)).title == "Milk"
        assert len(await client.notes.list_notes(limit=10)) == 1
        assert (await client.notes.update_note(replace(note, title="Oat milk"))).title == "Oat milk"
        assert (await anext(watched)).title == "Oat milk"
        try:
            await client.notes.get_note(2**40)
        except NoteNotFoundException as error:
            assert error.note_id == 2**40
        else:
            raise AssertionError("a missing note was found")
        await client.notes.remind_me(note.id, timedelta(seconds=2))
        assert (await anext(watched)).reminded
    await client.notes.delete_note(note.id)


async def upload(client: AsyncClient) -> None:
    data = b"eggs, flour, milk\n"
    ticket = await client.files.start_upload("list.txt", len(data), "text/plain")
    await client.upload(ticket.description, data)
    file = await client.files.finish_upload(ticket.id)
    async with httpx.AsyncClient() as web:
        assert (await web.get(file.url)).content == data


def sync_client(url: str) -> None:
    with Client(url) as client:
        client.auth.set(client.anonymous_idp.login().token)
        assert client.notes.list_notes() == []


asyncio.run(tour(sys.argv[1]))
print("tour done")
