"""Keys of the legacy module: those in phones since 2023, new ones, and their revocation."""

from __future__ import annotations

import json
from base64 import b64encode

import httpx
import pytest

from tests.legacy_auth.conftest import Legacy
from tests.legacy_auth.serverpod import PASSWORD, key_hash
from tests.realtime.client import connect

STATUS = "serverpod_auth.status"


def test_a_key_of_serverpod_works_in_a_header_and_in_the_body(legacy: Legacy) -> None:
    anna = legacy.users["anna"]
    for call in (legacy.call, legacy.call_as_before):
        assert call("diary.number", anna.key).value == anna.number
        assert call("diary.numberLater", anna.key).value == anna.number
        info = call(f"{STATUS}.getUserInfo", anna.key).value
        assert info == {
            "__className__": "serverpod_auth.UserInfo",
            "id": anna.number,
            "userIdentifier": "anna@example.com",
            "userName": "Anna",
            "fullName": "Anna Arendt",
            "email": "anna@example.com",
            "created": "2023-05-06T07:08:09.000Z",
            "imageUrl": "https://old.example.com/serverpod/user_images/1-1.jpg",
            "scopeNames": ["editor"],
            "blocked": False,
        }


@pytest.mark.parametrize(
    "change", ["wrong secret", "wrong number", "no secret", "nothing", "half", "long", "not a number"]
)
def test_an_invalid_key_has_no_user(legacy: Legacy, change: str) -> None:
    number, _, secret = legacy.users["anna"].key.partition(":")
    key = {
        "wrong secret": f"{number}:{secret[:-1]}x",
        "wrong number": f"{legacy.users['root'].key.partition(':')[0]}:{secret}",
        "no secret": f"{number}:",
        "nothing": ":",
        "half": number,
        "long": f"{'9' * 19}:{secret}",
        "not a number": f"x{number}:{secret}",
    }[change]
    for call in (legacy.call, legacy.call_as_before):
        assert call("diary.number", key).status == 401
        assert call(f"{STATUS}.isSignedIn", key).value is False  # not 401: the app must show its sign-in
        assert call(f"{STATUS}.getUserInfo", key).value is None
        assert call(f"{STATUS}.getUserInfo", key).status == 200
        assert call(f"{STATUS}.signOutDevice", key).status == 200


def test_a_key_in_the_query_is_ignored(legacy: Legacy) -> None:
    answer = httpx.post(
        f"{legacy.server.url}/diary/number", params={"auth": legacy.users["anna"].key}, json={}
    )
    assert answer.status_code == 401


def test_a_header_takes_precedence_over_the_body(legacy: Legacy) -> None:
    body = {"method": "number", "auth": legacy.users["anna"].key}
    answer = httpx.post(f"{legacy.server.url}/diary", json=body, headers={"authorization": "Basic eDp5"})
    assert answer.status_code == 401


def test_scopes_are_those_of_the_key_and_of_the_user(legacy: Legacy) -> None:
    assert legacy.call("editors.edit", legacy.users["anna"].key).value is True
    narrow = legacy.users["narrow"]
    assert legacy.call("editors.edit", narrow.key).status == 403
    assert legacy.call("editors.edit", legacy.sign_in(narrow.email)).value is True
    assert legacy.call("editors.edit", legacy.users["root"].key).status == 403


async def test_a_stream_takes_a_key(legacy: Legacy) -> None:
    anna = legacy.users["anna"]
    async with connect(legacy.server.socket) as client:
        stream = await client.open("diary.numbers", auth=f"Basic {b64encode(anna.key.encode()).decode()}")
        assert await stream.answer() == "success"
        assert await stream.value() == anna.number


def test_keys_of_blocked_users_are_not_valid(legacy: Legacy) -> None:
    assert legacy.call("diary.number", legacy.users["blocked"].key).status == 401


def test_a_new_key_is_a_row_that_serverpod_could_read(legacy: Legacy) -> None:
    anna = legacy.users["anna"]
    number, _, secret = legacy.sign_in(anna.email).partition(":")
    row = legacy.database.connection.execute(
        'SELECT "userId", hash, "scopeNames", method FROM serverpod_auth_key WHERE id = %s', [number]
    ).fetchone()
    assert row == (anna.number, key_hash(secret), ["editor"], "email")


def test_signing_out_ends_this_key_or_all(legacy: Legacy) -> None:
    number = legacy.database.user("leaves@example.com", name="Leaves")
    legacy.database.password(number, "leaves@example.com")
    unused = legacy.database.key(number, "u" * 40)  # Serverpod created it, and no call has used it
    first, second, third = (legacy.sign_in("leaves@example.com") for _ in range(3))
    assert legacy.call(f"{STATUS}.signOutDevice", first).status == 200
    assert legacy.call("diary.number", first).status == 401
    assert (
        legacy.database.one("SELECT count(*) FROM serverpod_auth_key WHERE id = %s", first.partition(":")[0])
        == 0
    )
    assert legacy.call("diary.number", second).value == number
    assert legacy.call_as_before(f"{STATUS}.signOut", second).status == 200
    for key in (second, third, unused):
        assert legacy.call("diary.number", key).status == 401
    assert legacy.database.one('SELECT count(*) FROM serverpod_auth_key WHERE "userId" = %s', number) == 0


def test_a_key_that_serverpod_makes_or_ends_later_counts_at_once(legacy: Legacy) -> None:
    anna = legacy.users["anna"]
    key = legacy.database.key(anna.number, "later" * 8, scopes=["editor"])
    assert legacy.call("diary.number", key).value == anna.number
    legacy.database.run("DELETE FROM serverpod_auth_key WHERE id = %s", int(key.partition(":")[0]))
    assert legacy.call("diary.number", key).status == 401
    digest = bytes.fromhex(key_hash("later" * 8))
    assert legacy.database.one("SELECT count(*) FROM accounts_token WHERE digest = %s", digest) == 0


def test_keys_are_among_the_devices_and_end_there(legacy: Legacy) -> None:
    number = legacy.database.user("devices@example.com", name="Devices")
    legacy.database.password(number, "devices@example.com")
    first, second = legacy.sign_in("devices@example.com"), legacy.sign_in("devices@example.com")
    devices = legacy.call("accounts.listDevices", second).value
    assert [(each["method"], each["name"]) for each in devices] == [("email", "Dart/3.5 (dart:io)")] * 2
    other = next(each["id"] for each in devices if not each["current"])
    assert legacy.call("accounts.endDevice", second, deviceId=other).value is True
    assert legacy.call("diary.number", first).status == 401
    assert legacy.call("diary.number", second).value == number


def test_keys_that_were_adopted_prove_nothing_recent(legacy: Legacy) -> None:
    """A found phone must not change how its owner signs in, even right after the adoption."""
    anna = legacy.users["anna"]
    other = legacy.call("accounts.listDevices", legacy.sign_in(anna.email)).value[0]["id"]
    refused = legacy.call("accounts.endDevice", anna.key, deviceId=other)
    assert refused.status == 400
    assert "ReauthenticationException" in json.dumps(refused.value)


def test_current_tokens_work_alongside_keys(legacy: Legacy) -> None:
    anna = legacy.users["anna"]
    success = legacy.call("emailIdp.login", email=anna.email, password=PASSWORD).value
    answer = httpx.post(
        f"{legacy.server.url}/diary/number", json={}, headers={"authorization": f"Bearer {success['token']}"}
    )
    assert answer.json() == anna.number
