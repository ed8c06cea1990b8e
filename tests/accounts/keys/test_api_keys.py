"""API keys: what they may do, for how long, and what ends them. tests/endpoints/test_entry.py has the entries."""

from __future__ import annotations

import json
import logging
import secrets
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.audit import audit
from accounts.data import deletion, erasure, export, merging
from accounts.keys import key_format, keys
from accounts.models import ApiKey, SecurityEvent, User
from accounts.sessions import identity_cache, sessions
from accounts.sign_in import ownership, reauthentication
from podium.core import clock, logs, observe
from podium.endpoints.calls import Call, Identity
from podium.endpoints.endpoint import Endpoint, allow_api_keys
from podium.endpoints.errors import ApiKeyRefused
from podium.endpoints.registry import registry
from podium.endpoints.testing import Caller, serving
from realtime import revocation
from realtime.revocation import Revoked
from tests.accounts.conftest import works

Later = Callable[..., None]


class OrdersEndpoint(Endpoint):
    @allow_api_keys
    async def named(self, call: Call) -> list[str]:
        assert call.identity is not None
        return [call.identity.api_key, call.identity.token_id, call.identity.user_id]

    async def closed(self, call: Call) -> None: ...


@pytest.fixture
def served() -> Iterator[None]:
    with serving(OrdersEndpoint):
        yield


@pytest.fixture
def owner(anna: User) -> User:
    anna.groups.add(*(Group.objects.create(name=name) for name in ("reader", "writer")))
    return anna


def scopes_of(key: str) -> list[str]:
    identity = sessions.look_up(key)
    assert identity is not None
    return sorted(identity.scopes)


def test_a_key_is_stored_as_a_digest_and_names_its_row(owner: User) -> None:
    issued = keys.create(owner, name=" shop ")
    assert key_format.PATTERN.fullmatch(issued.key) and key_format.looks_right(issued.key)
    assert keys.find(issued.key) == keys.find(str(issued.row.pk)) == issued.row
    stored = ApiKey.objects.values().get()
    assert stored["name"] == "shop"
    assert issued.key.rpartition("_")[2] not in repr(stored) + repr(issued)
    assert works(issued.key)


def test_a_key_has_the_chosen_scopes_and_never_more_than_its_owner(owner: User, later: Later) -> None:
    one, both = (
        keys.create(owner, name="shop", scopes=names).key for names in (["reader"], ["reader", "writer"])
    )
    assert (scopes_of(one), scopes_of(both)) == (["reader"], ["reader", "writer"])
    assert scopes_of(keys.create(owner, name="none").key) == []
    owner.groups.remove(Group.objects.get(name="reader"))
    assert (scopes_of(one), scopes_of(both)) == ([], ["writer"])
    with pytest.raises(keys.BadKey, match="does not have admin, reader"):
        keys.create(owner, name="shop", scopes=["writer", "reader", "admin"])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": " "}, "1 to 80"),
        ({"name": "x" * 81}, "1 to 80"),
        ({"name": "shop\x1b[2J"}, "printable"),
        ({"days": -1}, "number of days"),
        ({"days": 10**9}, "number of days"),
    ],
)
def test_wrong_input_is_refused(owner: User, given: dict[str, Any], told: str) -> None:
    with pytest.raises(keys.BadKey, match=told):
        keys.create(owner, **{"name": "shop", **given})
    assert not ApiKey.objects.exists()


def test_a_key_expires(owner: User, later: Later) -> None:
    key, forever = keys.create(owner, name="a", days=1).key, keys.create(owner, name="b", days=0).key
    later(hours=23)
    assert works(key) and works(forever)
    later(hours=2)
    assert not works(key) and works(forever)


def test_the_previous_key_works_for_the_hours_of_a_rotation(owner: User, later: Later) -> None:
    first = keys.create(owner, name="shop")
    second = keys.rotate(first.row, hours=2)
    assert second.row.pk == first.row.pk
    identity = sessions.look_up(first.key)
    assert identity is not None and identity.expires_at is not None  # which ends its streams
    assert identity.expires_at - clock.now() < timedelta(hours=2, seconds=1)
    assert works(first.key) and works(second.key)
    later(hours=1, minutes=59)
    assert works(first.key)
    later(minutes=2)
    assert not works(first.key) and works(second.key)


def test_a_rotation_can_end_the_previous_key_at_once_and_ends_the_one_before_it(owner: User) -> None:
    first = keys.create(owner, name="shop")
    assert works(first.key)  # and is cached
    second = keys.rotate(first.row, hours=0)
    assert not works(first.key) and works(second.key)
    third, fourth = keys.rotate(first.row), keys.rotate(first.row)
    assert [works(each.key) for each in (second, third, fourth)] == [False, True, True]


def test_a_rotation_renews_a_key_but_not_the_previous_one(owner: User, later: Later) -> None:
    first = keys.create(owner, name="shop", days=1)
    later(hours=23)
    second = keys.rotate(first.row, hours=24, days=30)
    later(hours=2)
    assert not works(first.key) and works(second.key)
    later(days=31)
    assert not works(second.key)
    with pytest.raises(keys.BadKey, match="has ended"):
        keys.rotate(first.row, days=30)
    with pytest.raises(keys.BadKey, match="number of hours"):
        keys.rotate(first.row, hours=10**6)


def test_a_revoked_key_ends_at_once_and_can_not_be_rotated(owner: User) -> None:
    issued, other = keys.create(owner, name="shop"), keys.create(owner, name="bank")
    previous, issued = issued.key, keys.rotate(issued.row)
    assert works(issued.key) and works(previous)
    assert keys.revoke(issued.row) and not keys.revoke(issued.row)
    assert not works(issued.key) and not works(previous) and works(other.key)
    with pytest.raises(keys.BadKey, match="has ended"):
        keys.rotate(issued.row)


def test_every_process_forgets_a_key_and_ends_its_streams(owner: User) -> None:
    """realtime.revocation informs the listeners of all processes: tests/realtime has that."""
    heard: list[Revoked | None] = []
    issued, gone = keys.create(owner, name="shop"), keys.create(owner, name="bank")
    revocation.listen(heard.append)
    try:
        keys.rotate(issued.row)
        keys.revoke(issued.row)
        id = gone.row.pk
        gone.row.delete()
    finally:
        revocation._listeners.remove(heard.append)
    expected = [issued.row.pk, issued.row.pk, id]
    assert heard == [Revoked(str(owner.pk), str(each)) for each in expected]


def block(user: User) -> None:
    user.is_active = False
    user.save()
    user.is_active = True
    user.save()


def merge(user: User) -> None:
    merging.merge(User.objects.create_user("ben@example.com"), user)


@pytest.mark.parametrize("end", [block, merge, erasure.delete, deletion.request, ownership.strip])
def test_keys_end_with_their_owner(owner: User, end: Callable[[User], Any]) -> None:
    issued = keys.create(owner, name="shop")
    assert works(issued.key)
    end(owner)
    assert not works(issued.key)
    identity_cache.cache.forget(None)
    assert not works(issued.key)


def test_a_blocked_owner_ends_keys_without_a_signal_too(owner: User) -> None:
    issued = keys.create(owner, name="shop")
    User.objects.update(is_active=False)
    assert not works(issued.key)
    with pytest.raises(keys.BadKey, match="blocked"):
        keys.create(User.objects.get(), name="shop")


def test_keys_outlast_a_new_password_and_a_sign_out(owner: User) -> None:
    issued = keys.create(owner, name="shop")
    owner.set_password("another horse battery 7")
    owner.save()
    sessions.revoke_all(owner)
    assert works(issued.key)


def wrong_secret(key: str) -> str:
    start = f"{key[:-72]}{secrets.token_hex(32)}"
    return start + key_format._checksum(start)


def test_wrong_keys_are_refused_alike_and_mistyped_ones_without_a_query(owner: User) -> None:
    key = keys.create(owner, name="shop").key
    assert not works(wrong_secret(key)) and not works(key_format.make(uuid.uuid4()))
    with CaptureQueriesContext(connection) as queries:
        for text in (
            key[:-1],
            key + "0",
            key.upper(),
            key[:-1] + ("0" if key[-1] != "0" else "1"),
            "podium_key_",
        ):
            assert sessions.look_up(text) is None
    assert len(queries) == 0


def test_the_last_use_is_written_once_a_minute(owner: User, later: Later) -> None:
    issued = keys.create(owner, name="shop")
    assert keys.find(issued.key).last_used_at is None  # type: ignore[union-attr]

    def used() -> Any:
        sessions.look_up(issued.key)
        return ApiKey.objects.get().last_used_at

    first = used()
    later(seconds=30)
    assert used() == first
    later(seconds=40)
    assert used() - first > timedelta(seconds=60)


def test_a_use_does_not_wait_for_a_locked_row(owner: User) -> None:
    issued, found = keys.create(owner, name="shop"), []

    def use() -> None:
        found.append(sessions.look_up(issued.key))
        connections.close_all()

    with transaction.atomic():
        ApiKey.objects.select_for_update().get()
        thread = Thread(target=use)
        thread.start()
        thread.join(10)
        assert found and found[0] is not None
    assert ApiKey.objects.get().last_used_at is None


def test_methods_are_closed_to_keys_unless_opened(owner: User, served: None, call: Any) -> None:
    issued = keys.create(owner, name="shop", scopes=["reader"])
    assert call("orders.named", token=issued.key) == ["shop", str(issued.row.pk), str(owner.pk)]
    for method, arguments in {
        "orders.closed": {},
        "serverpod_auth_core.status.sign_out_all_devices": {},
        "accountData.export_data": {},
        "accountData.delete_account": {"password": "x"},
        "accounts.list_devices": {},
        "secondFactor.start_totp": {},
        "files.list_files": {},
    }.items():
        with pytest.raises(ApiKeyRefused):
            call(method, token=issued.key, **arguments)
    assert call("serverpod_auth_core.status.is_signed_in", token=issued.key) is True
    assert call("serverpod_auth_core.status.is_signed_in", token=wrong_secret(issued.key)) is False


def test_exactly_these_methods_of_the_platform_allow_keys() -> None:
    """Add a method here only if every key may call it, whatever its scopes."""
    endpoints = registry()
    allowed = {
        f"{endpoint}.{method.wire_name}"
        for each in endpoints.definitions()
        if endpoints.has(endpoint := f"{each.module}.{each.name}".removeprefix("."))
        for method in each.methods
        if endpoints.find(endpoint, method.wire_name).allow_api_keys
    }
    assert allowed == {"serverpod_auth_core.status.isSignedIn"}


def test_a_test_can_call_with_a_key(served: None) -> None:
    anna = uuid.uuid4()
    assert Caller(anna, api_key="shop").call("orders.named") == ["shop", "", str(anna)]
    with pytest.raises(ApiKeyRefused):
        Caller(anna, api_key="shop").call("orders.closed")


def test_a_key_does_not_prove_the_identity_of_a_guest(transactional_db: None) -> None:
    guest = User.objects.create_user()
    identity = Identity(str(guest.pk), api_key="shop")
    assert not reauthentication.is_proven(Call("orders", "who", identity), guest)
    assert reauthentication.is_proven(Call("orders", "who", Identity(str(guest.pk))), guest)


def test_the_call_log_and_the_audit_log_name_the_key(owner: User) -> None:
    operator = User.objects.create_superuser("olga@example.com")
    issued = keys.create(owner, name="shop", scopes=["reader"], days=0, by=operator)
    keys.rotate(issued.row)
    keys.revoke(issued.row)
    events = list(SecurityEvent.objects.filter(event__startswith="api_key").order_by("pk"))
    assert [each.event for each in events] == ["api_key_created", "api_key_rotated", "api_key_revoked"]
    named = {"api_key": "shop", "api_key_id": str(issued.row.pk)}
    created = {**named, "scopes": ["reader"], "expires_at": "never", "by": str(operator.pk)}
    assert events[0].details == created and events[2].details == named
    with observe.span("call", "orders.named") as span:
        Identity(str(owner.pk), token_id=str(issued.row.pk), api_key="shop").note_in(span)
    audit.record("asked", call=Call("orders", "named", Identity("7", token_id="8", api_key="shop")))
    assert SecurityEvent.objects.get(event="asked").details == {"api_key": "shop", "api_key_id": "8"}
    assert span.logs[0].message == f"Called with the API key 'shop' ({issued.row.pk})."


def test_an_export_has_the_keys_without_their_digests(owner: User) -> None:
    keys.create(owner, name="shop", scopes=["reader"])
    [entry] = [each for each in export.entries(owner) if each.name == "api_keys.json"]
    [exported] = json.loads(b"".join(entry.pieces))
    assert exported.keys() == {"name", "scopes", "created", "rotated", "last_used", "expires", "revoked"}
    assert (exported["name"], exported["scopes"]) == ("shop", ["reader"])


def test_no_log_shows_a_key(owner: User, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    issued = keys.create(owner, name="shop")
    sessions.look_up(issued.key)
    logging.getLogger("orders").error("refused: %s in %r", issued.key, {"key": issued.key})
    secret = issued.key.rpartition("_")[2]
    assert secret not in caplog.text
    assert f"podium_key_{issued.row.pk.hex}_***" in caplog.text
    token = sessions.issue(owner).token
    assert logs.redacted(f"a {token} b") == "a podium_*** b"
