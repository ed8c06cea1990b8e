"""Operators who act as a user: every entry point refuses them unless it allows them, and only while they may."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from datetime import timedelta
from typing import Any, ClassVar

import httpx
import pytest
import websockets
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from asgiref.sync import async_to_sync
from django.contrib.auth.models import Group, Permission
from django.test import Client
from rest_framework.test import APIClient

from accounts.audit import audit
from accounts.data import merging
from accounts.models import Consent, SecurityEvent, Session, User
from accounts.sessions import sessions
from files.models import StoredFile
from podium.core import clock
from podium.endpoints import asgi, testing
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint, allow_impersonation, deprecated
from podium.endpoints.errors import ImpersonationRefused, ScopeMissing
from podium.endpoints.registry import registry
from realtime.streams import LOOK_AGAIN_SECONDS
from tests import processes
from tests.accounts.conftest import PASSWORD, Make, works
from tests.accounts.sessions.test_tokens import status
from tests.notes.models import Note
from tests.realtime import client as sockets

pytestmark = pytest.mark.django_db(transaction=True)

ALLOWED = {
    "anonymousIdp": set(),
    "emailIdp": {"hasAccount"},
    "greeting": {"hello"},
    "notebooks": {"listNotebooks"},
    "noteRows": {"count", "get", "list"},
    "notebookRows": {"count", "get", "list"},
    "notes": {"getNote", "listNotes", "statistics", "watchNotes"},
    "serverpod_auth_core.status": {"isSignedIn", "signOutDevice"},
    "serverpod_auth_core.userProfileInfo": {"get"},
    "userProfileEdit": {"get"},
    **{
        f"{name}Idp": {"hasAccount"}
        for name in ("apple", "facebook", "firebase", "gitHub", "google", "microsoft", "oidc", "passkey")
    },
}
"""All methods that operators who act as a user may call. Add a method here only if it is harmless."""


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root@example.com", PASSWORD)


@pytest.fixture
def olga() -> User:
    """An operator who has the right through a group."""
    user = User.objects.create_user("olga@example.com", PASSWORD, is_staff=True)
    support = Group.objects.create(name="support")
    support.permissions.add(the_right())
    user.groups.add(support)
    return user


@pytest.fixture
def acting(anna: User, olga: User) -> str:
    return sessions.impersonate(anna, operator=olga).token


def the_right() -> Permission:
    return Permission.objects.get(codename="impersonate_user")


def refusals() -> list[tuple[str, str, str]]:
    """Operator, user and method of each refusal in the audit log."""
    found = SecurityEvent.objects.filter(event="impersonation_refused").order_by("pk")
    return [(each.details["by"], str(each.user_id), each.details["method"]) for each in found]


def methods() -> Iterator[tuple[str, str, Any]]:
    for endpoint in registry().names():
        definition = next(
            each
            for each in registry().definitions()
            if not each.abstract and f"{each.module}.{each.name}".removeprefix(".") == endpoint
        )
        for method in definition.methods:
            yield endpoint, method.wire_name, registry().find(endpoint, method.wire_name)


def post(path: str, token: str, body: bytes = b"{}") -> int:
    """Send a POST to the ASGI application in this process. Returns the status."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "client": ("192.0.2.1", 1),
        "headers": [(b"authorization", f"Bearer {token}".encode())],
    }
    async_to_sync(asgi.application)(scope, receive, send)
    return int(sent[0]["status"])


# Closed by default ----------------------------------------------------------------------------------------------------


def test_exactly_these_methods_allow_impersonation() -> None:
    found: dict[str, set[str]] = {}
    for endpoint, method, entry in methods():
        if entry.allow_impersonation:
            found.setdefault(endpoint, set()).add(method)
    assert found == {endpoint: names for endpoint, names in ALLOWED.items() if names}


def test_every_other_method_refuses_an_operator(anna: User, olga: User) -> None:
    """A real request changes nothing: the refusal comes before arguments and limits are checked."""
    refused = []
    for endpoint, method, entry in methods():
        if entry.method.streams or entry.method.unauthenticated:
            continue
        answered = post(f"/{endpoint}/{method}", sessions.impersonate(anna, operator=olga).token)
        assert (answered == 403) != (method in ALLOWED.get(endpoint, ())), (endpoint, method, answered)
        if answered == 403:
            refused.append(f"{endpoint}.{method}")
    assert {"notes.createNote", "accountData.exportData", "emailIdp.finishRegistration"} <= set(refused)
    assert sorted(method for _, _, method in refusals()) == sorted(refused)
    assert {(operator, user) for operator, user, _ in refusals()} == {(str(olga.pk), str(anna.pk))}
    assert not (Note.objects.exists() or Consent.objects.exists() or StoredFile.objects.exists())


def test_a_method_without_a_credential_takes_none_from_an_operator(acting: str) -> None:
    """A refresh needs a refresh token. An operator has none, so nothing of theirs is extended."""
    unauthenticated = [
        (endpoint, method) for endpoint, method, entry in methods() if entry.method.unauthenticated
    ]
    assert unauthenticated == [("jwtRefresh", "refreshAccessToken")]
    for refresh_token in (acting, f"podium_refresh_{acting}", None):
        body = json.dumps({"refreshToken": refresh_token}).encode()
        assert post("/jwtRefresh/refreshAccessToken", acting, body) == 400
    assert Session.objects.count() == 1
    assert Session.objects.get().fixed_digest is None


@pytest.mark.parametrize("strategy", ["session", "jwt"])
def test_operators_can_not_add_a_sign_in_method(
    call: Make, anna: User, olga: User, strategy: str, settings: Any
) -> None:
    settings.ACCOUNTS_SESSION_STRATEGY = strategy
    EmailAddress.objects.create(user=anna, email="anna@example.com", verified=True, primary=True)
    acting = sessions.impersonate(anna, operator=olga).token
    attempts: list[tuple[str, dict[str, Any]]] = [
        ("emailIdp.login", {"email": "anna@example.com", "password": PASSWORD}),
        ("emailIdp.startPasswordReset", {"email": "anna@example.com"}),
        ("anonymousIdp.login", {}),
        ("secondFactor.startTotp", {}),
        ("accountData.exportData", {}),
        ("accountData.deleteAccount", {"password": PASSWORD}),
        ("serverpod_auth_core.status.signOutAllDevices", {}),
        ("files.startUpload", {"name": "a.txt", "size": 1, "contentType": "text/plain"}),
    ]
    for method, arguments in attempts:
        with pytest.raises(ImpersonationRefused):
            call(method, token=acting, **arguments)
    assert Session.objects.count() == 1
    assert not Authenticator.objects.exists()
    assert User.objects.get(pk=anna.pk).is_active


def test_the_refusal_names_operator_user_and_method_once_a_minute(call: Make, anna: User, olga: User) -> None:
    acting = sessions.impersonate(anna, operator=olga).token
    for _ in range(3):
        with pytest.raises(ScopeMissing):
            call("notes.deleteNote", token=acting, address="198.51.100.7", device="curl", noteId=1)
    event = SecurityEvent.objects.get(event="impersonation_refused")
    assert (event.user, event.address, event.user_agent) == (anna, "198.51.100.7", "curl")
    assert event.details == {"by": str(olga.pk), "method": "notes.deleteNote"}
    assert "impersonation_refused" in audit.EVENTS


def test_reads_are_open_and_say_what_the_user_has(call: Make, acting: str, anna: User) -> None:
    Note.objects.create(owner_id=anna.pk, title="Milk", tags=[])
    assert [note.title for note in call("notes.listNotes", token=acting)] == ["Milk"]
    assert call("serverpod_auth_core.userProfileInfo.get", token=acting).auth_user_id == anna.pk
    assert refusals() == []


def test_an_operator_ends_their_own_token_in_the_app(call: Make, acting: str, anna: User, olga: User) -> None:
    own = sessions.issue(anna).token
    call("serverpod_auth_core.status.signOutDevice", token=acting)
    assert (works(acting), works(own)) == (False, True)
    event = SecurityEvent.objects.get(event="signed_out")
    assert (event.user, event.details) == (anna, {"by": str(olga.pk)})


def test_an_apps_endpoint_opens_a_class_or_a_method() -> None:
    @allow_impersonation
    class CatalogueEndpoint(Endpoint):
        async def read(self, call: Call) -> str:
            return call.user_id

        @allow_impersonation
        @deprecated("use read")
        async def look(self, call: Call) -> str:
            return call.user_id

    class ShopEndpoint(CatalogueEndpoint):
        """Inherited methods stay open; declared or overridden methods are closed."""

        async def buy(self, call: Call) -> str:
            return call.user_id

        async def read(self, call: Call) -> str:
            return call.user_id

    anna, olga = str(uuid.uuid4()), str(uuid.uuid4())
    with testing.serving(CatalogueEndpoint, ShopEndpoint):
        caller = testing.Caller(anna, operator=olga)
        for name in ("catalogue.read", "catalogue.look", "shop.look"):
            assert caller.call(name) == anna
        for name in ("shop.buy", "shop.read"):
            with pytest.raises(ImpersonationRefused):
                caller.call(name)
            assert testing.Caller(anna).call(name) == anna
    assert [(operator, method) for operator, _, method in refusals()] == [
        (olga, "shop.buy"),
        (olga, "shop.read"),
    ]


def test_a_scope_is_asked_for_beside_it() -> None:
    class BooksEndpoint(Endpoint):
        required_scopes: ClassVar[frozenset[str]] = frozenset({"editor"})

        @allow_impersonation
        async def read(self, call: Call) -> str:
            return call.user_id

    with testing.serving(BooksEndpoint):
        with pytest.raises(ScopeMissing):
            testing.Caller("anna", operator="olga").call("books.read")
        assert testing.Caller("anna", ["editor"], operator="olga").call("books.read") == "anna"


async def test_streams_in_tests_are_refused_too() -> None:
    class ClockEndpoint(Endpoint):
        async def tick(self, call: Call) -> AsyncIterator[int]:
            yield 1

    with testing.serving(ClockEndpoint):
        async with aclosing(testing.Caller("anna", operator="olga").stream("clock.tick")) as values:
            with pytest.raises(ImpersonationRefused):
                await anext(values)
        async with aclosing(testing.Caller("anna").stream("clock.tick")) as values:
            assert await anext(values) == 1


# Other entry points ---------------------------------------------------------------------------------------------------


def test_rest_is_open_to_reads_alone(acting: str, anna: User, olga: User) -> None:
    note = Note.objects.create(owner_id=anna.pk, title="Milk", tags=[])
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {acting}")
    page = f"/api/notes/{note.pk}/"
    assert [each["title"] for each in api.get("/api/notes/").json()["results"]] == ["Milk"]
    assert api.get(page).status_code == 200
    for answer in (
        api.post("/api/notes/", {"title": "Left behind"}, format="json"),
        api.patch(page, {"title": "Changed"}, format="json"),
        api.put(page, {"title": "Changed", "tags": []}, format="json"),
        api.delete(page),
    ):
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "endpoints.impersonation_refused"
    assert [each.title for each in Note.objects.all()] == ["Milk"]
    assert refusals()[0] == (str(olga.pk), str(anna.pk), "POST /api/notes/")
    assert len(refusals()) == 4
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {sessions.issue(anna).token}")
    assert api.delete(page).status_code == 204


def test_an_apps_rest_view_is_closed_until_it_is_opened(acting: str, anna: User, settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.accounts.rest_views"
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {acting}")
    assert [api.get(path).status_code for path in ("/closed/", "/opened/")] == [403, 200]
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {sessions.issue(anna).token}")
    assert [api.get(path).status_code for path in ("/closed/", "/opened/")] == [200, 200]


@pytest.mark.parametrize(
    "path",
    ["/account/email/", "/account/password/change/", "/account/data/", "/account/2fa/", "/admin/"],
)
def test_pages_do_not_know_the_token(acting: str, path: str) -> None:
    """A token never creates a cookie session."""
    answer = Client(headers={"Authorization": f"Bearer {acting}", "X-Session-Session": acting}).get(path)
    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_the_headless_api_does_not_know_the_token(acting: str, anna: User) -> None:
    browser = Client(headers={"Authorization": f"Bearer {acting}", "X-Session-Session": acting})
    for path in ("auth/session", "account/authenticators", "account/email", "auth/sessions"):
        assert browser.get(f"/_allauth/browser/v1/{path}").status_code == 401
    assert browser.get("/_allauth/app/v1/auth/session").status_code == 404
    assert browser.post("/account/data/export/").status_code == 302
    assert browser.post("/account/delete/", {"sure": "yes"}).status_code == 200  # the page that explains it
    anna.refresh_from_db()
    assert anna.is_active and not browser.session.keys()


# Loss of the operator's right -----------------------------------------------------------------------------------------


def block(olga: User) -> None:
    olga.is_active = False
    olga.save()


def take_staff(olga: User) -> None:
    olga.is_staff = False
    olga.save(update_fields=["is_staff"])


def new_password(olga: User) -> None:
    olga.set_password("another 1 battery staple")
    olga.save()


def end_browser(olga: User) -> None:
    session = UserSession.objects.create(user=olga, session_key="x", ip="192.0.2.1", user_agent="")
    session.end()


def sign_out(olga: User) -> None:
    browser = Client()
    browser.force_login(olga)
    assert browser.post("/admin/logout/").status_code == 200


def forget(olga: User) -> None:
    Group.objects.get(name="support").permissions.remove(the_right())


LOSSES: dict[str, Callable[[User], Any]] = {
    "blocked": block,
    "deleted": lambda olga: olga.delete(),
    "deleted by a query": lambda olga: User.objects.filter(pk=olga.pk).delete(),
    "no longer staff": take_staff,
    "out of the group": lambda olga: olga.groups.clear(),
    "put out of the group from its side": lambda olga: Group.objects.get(name="support").user_set.set([]),
    "the group lost the right": forget,
    "the right's groups were cleared": lambda olga: the_right().group_set.clear(),
    "the group is gone": lambda olga: Group.objects.all().delete(),
    "the right is gone": lambda olga: the_right().delete(),
    "a new password": new_password,
    "signed out everywhere": sessions.revoke_all,
    "the browser's session was ended": end_browser,
    "signed out of the admin": sign_out,
}
BESIDE_DJANGO: dict[str, Callable[[User], Any]] = {
    "blocked by an UPDATE": lambda olga: User.objects.filter(pk=olga.pk).update(is_active=False),
    "no longer staff by an UPDATE": lambda olga: User.objects.filter(pk=olga.pk).update(is_staff=False),
    "out of the group by a DELETE": lambda olga: User.groups.through.objects.all()._raw_delete("default"),
}
"""No signal reports these; the right is checked at each call."""


@pytest.mark.parametrize("loss", [*LOSSES, *BESIDE_DJANGO])
def test_the_token_ends_with_the_operators_right(anna: User, olga: User, acting: str, loss: str) -> None:
    own = sessions.issue(anna).token
    assert works(acting) and works(own)
    (LOSSES | BESIDE_DJANGO)[loss](olga)
    assert (works(acting), works(own)) == (False, True)
    left = Session.objects.filter(method=sessions.IMPERSONATION)
    assert left.exists() == (loss in BESIDE_DJANGO)


def test_a_right_given_directly_ends_it_too(anna: User) -> None:
    ruth = User.objects.create_user("ruth@example.com", is_staff=True)
    ruth.user_permissions.add(the_right())
    for take in (
        lambda: ruth.user_permissions.remove(the_right()),
        lambda: the_right().user_set.remove(ruth),
    ):
        ruth.user_permissions.set([the_right()])
        token = sessions.impersonate(anna, operator=ruth).token
        assert works(token)
        take()
        assert not works(token)
        assert not Session.objects.exists()


def test_a_former_superuser_loses_it(anna: User, root: User) -> None:
    token = sessions.impersonate(anna, operator=root).token
    assert works(token)
    root.is_superuser = False
    root.save()
    assert not works(token)


@pytest.mark.parametrize("got", ["is_staff", "is_superuser"])
def test_acting_ends_when_the_user_gets_more_rights(anna: User, olga: User, acting: str, got: str) -> None:
    setattr(anna, got, True)
    anna.save()
    assert not works(acting)
    assert not Session.objects.exists()


def test_the_rights_of_others_end_nothing(anna: User, acting: str, root: User) -> None:
    other = User.objects.create_user("other@example.com", is_staff=True)
    Group.objects.create(name="elsewhere").delete()
    other.is_staff = False
    other.save()
    new_password(other)
    sessions.revoke_all(root)
    other.delete()
    assert works(acting)


def test_the_button_in_the_admin_blocks_an_operator_with_their_tokens(
    anna: User, olga: User, root: User, acting: str
) -> None:
    browser = Client()
    browser.force_login(root)
    answer = browser.post(f"/admin/accounts/user/{olga.pk}/act/block/", {"reason": "left the company"})
    assert answer.status_code == 302
    assert not works(acting)


def test_an_operator_without_the_admin_gets_no_token(anna: User, olga: User) -> None:
    browser = Client()
    browser.force_login(olga)
    page = f"/admin/accounts/user/{anna.pk}/act/impersonate/"
    olga.user_permissions.add(Permission.objects.get(codename="view_user"))
    assert browser.post(page, {"reason": "x"}).status_code == 200
    assert Session.objects.get().operator == olga
    User.objects.filter(pk=olga.pk).update(is_staff=False)
    assert browser.post(page, {"reason": "x"}).status_code == 302
    assert Session.objects.count() == 1


def test_a_merge_hands_no_token_on(anna: User, olga: User, acting: str) -> None:
    keep = User.objects.create_superuser("keep@example.com")
    User.objects.filter(pk=olga.pk).update(is_staff=False)
    merging.merge(keep, User.objects.get(pk=olga.pk))
    assert not Session.objects.filter(method=sessions.IMPERSONATION).exists()
    assert not works(acting)


def test_a_token_without_an_operator_is_nobodys(anna: User, acting: str) -> None:
    """An example is a token made before operators were stored with tokens."""
    assert works(acting)
    Session.objects.update(operator=None)
    assert not works(acting)


def test_impersonations_push_out_no_sign_in_and_are_not_pushed_out(
    anna: User, acting: str, settings: Any
) -> None:
    settings.ACCOUNTS_SESSIONS_PER_USER = 1
    own = sessions.issue(anna).token
    assert works(acting) and works(own)


# Real servers ---------------------------------------------------------------------------------------------------------


WATCHING = """
from collections.abc import AsyncIterator
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from realtime import messages

class WatchingEndpoint(Endpoint):
    require_login = True

    async def everything(self, call: Call) -> AsyncIterator[str]:
        return messages.relay(f"watching.{call.user_id}")
"""

PREFIX = uuid.uuid4().hex
"""The bus of the server and of the tests that use it."""


@pytest.fixture(scope="module")
def served(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[processes.Server]:
    """A server in another process, with a stream that is closed to operators."""
    folder = tmp_path_factory.mktemp("impersonation")
    (folder / "watching").mkdir()
    (folder / "watching" / "endpoints.py").write_text(WATCHING)
    (folder / "served.py").write_text(
        f"from tests.settings import *\nREALTIME_PREFIX = {PREFIX!r}\n"
        "ACCOUNTS_SESSION_CACHE_SECONDS = 3600\nINSTALLED_APPS += ['watching']\n"
    )
    with processes.server(folder, DJANGO_SETTINGS_MODULE="served", PYTHONPATH=str(folder)) as running:
        yield running


@pytest.fixture
def server(served: processes.Server, settings: Any) -> processes.Server:
    """The server, with this test on its bus."""
    settings.REALTIME_PREFIX = PREFIX
    return served


@pytest.mark.slow
def test_over_the_wire_an_operator_reads_and_changes_nothing(
    anna: User, olga: User, acting: str, server: processes.Server
) -> None:
    assert status(server.port, acting) == 200
    answer = httpx.post(f"{server.url}/notes/createNote", headers={"Authorization": f"Bearer {acting}"})
    assert (answer.status_code, answer.content) == (403, b"")

    async def refused(token: str) -> list[str]:
        async with sockets.connect(server.socket) as client:
            found = []
            for name in ("notes.watchNotes", "watching.everything"):
                stream = await client.open(name, auth=f"Bearer {token}")
                found.append(await stream.answer())
            return found

    assert asyncio.run(refused(acting)) == ["success", "authorizationDeclined"]
    assert asyncio.run(refused(sessions.issue(anna).token)) == ["success", "success"]
    assert [method for _, _, method in refusals()] == ["notes.createNote", "watching.everything"]


@pytest.mark.slow
@pytest.mark.parametrize("loss", ["blocked", "the group lost the right", "blocked by an UPDATE"])
def test_calls_and_open_streams_in_other_processes_end(
    anna: User, olga: User, acting: str, server: processes.Server, loss: str
) -> None:
    """Reported changes end both at once. Others end calls at once, and streams at their next check."""
    seconds = LOOK_AGAIN_SECONDS + 10 if loss in BESIDE_DJANGO else 10.0

    async def watch() -> float:
        async with websockets.connect(server.socket) as connection:
            client = sockets.Client(connection)
            acted = await client.open("notes.watchNotes", auth=f"Bearer {acting}")
            assert await acted.answer() == "success"
            assert await asyncio.to_thread(status, server.port, acting) == 200
            await asyncio.sleep(LOOK_AGAIN_SECONDS + 2)  # the stream was checked again, and continues
            await client.send("ping")
            assert (await client.receive())[0] == "pong"
            await asyncio.to_thread((LOSSES | BESIDE_DJANGO)[loss], olga)
            since = time.monotonic()
            assert await asyncio.to_thread(status, server.port, acting) == 401
            async with asyncio.timeout(seconds):
                while (frame := json.loads(await connection.recv()))["type"] == "ping":
                    pass
            assert (frame["type"], frame["data"]["cr"]) == ("cmsc", "error")
            return time.monotonic() - since

    assert asyncio.run(watch()) < seconds


def test_an_impersonation_lasts_minutes(anna: User, acting: str, later: Any) -> None:
    row = Session.objects.get()
    assert row.expires_at is not None and row.expires_at - clock.now() <= timedelta(minutes=15)
    later(minutes=16)
    assert not works(acting)
