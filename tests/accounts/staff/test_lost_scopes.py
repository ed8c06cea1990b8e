"""A scope that a user loses ends the streams that need it, in every process; the user's other streams go on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client

from accounts.models import User
from accounts.sessions import sessions
from realtime import revocation
from realtime.revocation import Revoked
from tests import processes
from tests.processes import Server
from tests.realtime import client as sockets

pytestmark = pytest.mark.django_db(transaction=True)

WATCHING = """
import abc
import asyncio
from collections.abc import AsyncIterator
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from realtime import streams

streams.LOOK_AT_SCOPES_SECONDS = 3.0

class Watching(Endpoint, abc.ABC):
    async def watch(self, call: Call) -> AsyncIterator[str]:
        yield call.identity.user_id if call.identity else "nobody"
        await asyncio.Event().wait()

class OpenEndpoint(Watching):
    pass

class MembersEndpoint(Watching):
    require_login = True

class EditorsEndpoint(Watching):
    required_scopes = frozenset({"editor"})

class AdminsEndpoint(Watching):
    required_scopes = frozenset({"admin"})

class ChiefsEndpoint(Watching):
    required_scopes = frozenset({"admin", "editor"})
"""


@pytest.fixture
def anna(anna: User) -> User:
    """An editor and a superuser, whose scope is "admin"."""
    anna.groups.add(Group.objects.create(name="editor"), Group.objects.create(name="reader"))
    anna.is_superuser = True
    anna.save()
    return anna


@pytest.fixture
def heard() -> Iterator[list[Revoked]]:
    """The messages that this process announces."""
    found: list[Revoked] = []
    listener = lambda revoked: found.append(revoked)  # noqa: E731
    revocation.listen(listener)
    yield found
    revocation._listeners.remove(listener)


def editors() -> Group:
    return Group.objects.get(name="editor")


def remove_it(anna: User) -> None:
    anna.groups.remove(editors())


def clear_hers(anna: User) -> None:
    anna.groups.clear()


def set_others(anna: User) -> None:
    anna.groups.set([Group.objects.get(name="reader")])


def remove_her(anna: User) -> None:
    editors().user_set.remove(anna)


def clear_the_group(anna: User) -> None:
    editors().user_set.clear()


def set_its_members(anna: User) -> None:
    editors().user_set.set([User.objects.create_user("ben@example.com")])


def delete_the_group(anna: User) -> None:
    editors().delete()


def delete_groups(anna: User) -> None:
    Group.objects.filter(name__startswith="edit").delete()


def rename_the_group(anna: User) -> None:
    group = editors()
    group.name = "author"
    group.save()


def in_the_admin(path: str, **data: Any) -> None:
    admin = Client()
    admin.force_login(User.objects.create_superuser("root@example.com", "x"))
    answer = admin.post(path, data)
    assert answer.status_code == 302, answer.content


def save_her_page(anna: User) -> None:
    kept = [str(Group.objects.get(name="reader").pk)]
    in_the_admin(
        f"/admin/accounts/user/{anna.pk}/change/",
        **{"email": anna.email, "is_active": "on", "is_superuser": "on", "groups": kept, **_forms(anna)},
    )


def _forms(anna: User) -> dict[str, Any]:
    """The management data of the page's inline forms."""
    admin = Client()
    admin.force_login(User.objects.create_superuser("chief@example.com", "x"))
    form = admin.get(f"/admin/accounts/user/{anna.pk}/change/")
    found: dict[str, str] = {}
    for each in form.context["inline_admin_formsets"]:
        management = each.formset.management_form
        found |= {management.add_prefix(name): str(management[name].value()) for name in management.fields}
    return found


def delete_groups_in_the_admin(anna: User) -> None:
    in_the_admin(
        "/admin/auth/group/",
        action="delete_selected",
        post="yes",
        **{ACTION_CHECKBOX_NAME: [str(editors().pk)]},
    )


EDITOR_LOST = [
    remove_it,
    clear_hers,
    set_others,
    remove_her,
    clear_the_group,
    set_its_members,
    delete_the_group,
    delete_groups,
    rename_the_group,
    save_her_page,
    delete_groups_in_the_admin,
]


@pytest.mark.parametrize("lose", EDITOR_LOST)
def test_every_loss_of_a_scope_is_announced_with_its_user(
    anna: User, heard: list[Revoked], lose: Callable[[User], None]
) -> None:
    lose(anna)
    hers = [each for each in heard if each.user_id == str(anna.pk)]
    assert {name for each in hers for name in each.scopes} - {"reader"} == {"editor"}
    assert all(each.scopes and not each.token_id for each in hers)
    assert [each for each in heard if each not in hers] == []


def test_a_superuser_s_scope_is_lost_with_the_right(anna: User, heard: list[Revoked]) -> None:
    anna.is_superuser = False
    anna.save()
    assert heard == [Revoked(str(anna.pk), scopes=frozenset({"admin"}))]


def test_nothing_is_announced_for_scopes_that_stay_or_come(anna: User, heard: list[Revoked]) -> None:
    anna.groups.add(Group.objects.create(name="admin"), Group.objects.create(name="author"))
    heard.clear()
    anna.groups.remove(Group.objects.get(name="admin"))  # she has it as a superuser too
    anna.name = "Anna"
    anna.save()
    assert heard == []


def test_calls_have_the_scopes_that_are_left_at_once(anna: User) -> None:
    issued = sessions.issue(anna)

    async def scopes() -> frozenset[str]:
        identity = await sessions.resolve(issued.token)
        assert identity is not None
        return identity.scopes

    assert "editor" in asyncio.run(scopes())
    anna.groups.remove(editors())
    assert asyncio.run(scopes()) == {"reader", "admin"}


# A server in another process ------------------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path, settings: Any) -> Iterator[Server]:
    (tmp_path / "watching").mkdir()
    (tmp_path / "watching" / "endpoints.py").write_text(WATCHING)
    (tmp_path / "served.py").write_text(
        f"from tests.settings import *\nREALTIME_PREFIX = {settings.REALTIME_PREFIX!r}\n"
        "INSTALLED_APPS += ['watching']\n"
    )
    with processes.server(tmp_path, DJANGO_SETTINGS_MODULE="served", PYTHONPATH=str(tmp_path)) as running:
        yield running


def take_the_right_without_a_signal(anna: User) -> None:
    User.objects.filter(pk=anna.pk).update(is_superuser=False)


def on_a_thread(lose: Callable[[User], None], anna: User) -> None:
    try:
        lose(anna)
    finally:
        connection.close()


async def opened(client: sockets.Client, name: str, token: str) -> str:
    """Open a stream and return its id."""
    stream = await client.open(f"{name}.watch", auth=f"Bearer {token}")
    assert (await stream.answer(), bool(await stream.value())) == ("success", True)
    return stream.head["cid"]


async def ended(client: sockets.Client, *, among: dict[str, str]) -> str:
    """The name of the next stream that ends, which it does with an error."""
    kind, data = await client.receive()
    assert (kind, data["cr"]) == ("cmsc", "error")
    return among[data["cid"]]


@pytest.mark.slow
def test_in_other_processes_the_streams_that_need_it_end_and_no_others(anna: User, server: Server) -> None:
    token = sessions.issue(anna).token

    async def watch() -> None:
        async with sockets.connect(server.socket) as client:
            names = {
                await opened(client, name, token): name
                for name in ("open", "members", "editors", "admins", "chiefs")
            }
            await asyncio.to_thread(on_a_thread, remove_it, anna)
            async with asyncio.timeout(2):
                assert {await ended(client, among=names) for _ in range(2)} == {"editors", "chiefs"}
            again = await client.open("editors.watch", auth=f"Bearer {token}")
            assert await again.answer() == "authorizationDeclined"
            await asyncio.to_thread(on_a_thread, take_the_right_without_a_signal, anna)
            assert await ended(client, among=names) == "admins"
            await client.send("ping")
            assert (await client.receive())[0] == "pong", "the streams that need no scope go on"

    asyncio.run(watch())
