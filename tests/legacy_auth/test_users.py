"""Users of the legacy module and their accounts: one user for both."""

from __future__ import annotations

import io
import json
import secrets
from base64 import b64encode
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.legacy_auth.conftest import Legacy
from tests.legacy_auth.serverpod import CREATED, PASSWORD, LegacyUser

STATUS, USER, ADMIN = "serverpod_auth.status", "serverpod_auth.user", "serverpod_auth.admin"


@pytest.fixture
def nora(legacy: Legacy) -> LegacyUser:
    """A user whom Serverpod has created since the adoption."""
    email = f"{secrets.token_hex(6)}@example.com"
    number = legacy.database.user(email, name="Nora", imageUrl="https://old.example.com/nora.jpg")
    legacy.database.password(number, email)
    return LegacyUser(number, email, legacy.database.key(number, secrets.token_hex(20)))


def info(legacy: Legacy, key: str) -> dict[str, Any]:
    value = legacy.call(f"{STATUS}.getUserInfo", key).value
    assert isinstance(value, dict)
    return value


def row(legacy: Legacy, number: int) -> dict[str, Any]:
    """A row as Serverpod's server would read it."""
    found = legacy.database.one("SELECT to_jsonb(u) FROM serverpod_user_info u WHERE id = %s", number)
    assert isinstance(found, dict)
    return found


def picture() -> str:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(made, "PNG")
    return f"decode('{b64encode(made.getvalue()).decode()}', 'base64')"


def test_adoption_reports_its_rows_and_takes_over_new_ones_when_run_again(legacy: Legacy) -> None:
    assert "12 users of serverpod_user_info got an account, 0 joined an existing one" in legacy.said
    assert "5 keys of serverpod_auth_key stay valid" in legacy.said
    reset = legacy.users["reset"].number
    assert f"user {reset}: the password must be reset: its kind of hash is unknown" in legacy.said
    number = legacy.database.user("later@example.com", name="Later")
    legacy.database.key(number, "l" * 40)
    legacy.database.run(
        "UPDATE serverpod_user_info SET blocked = true WHERE id = %s", legacy.users["work"].number
    )
    legacy.manage("adopt")
    users = "SELECT email, is_active FROM serverpod_auth_core_user WHERE id = %s"
    found = legacy.database.connection.execute(users, [legacy.account_of(number)]).fetchone()
    assert found == ("later@example.com", True)
    work = legacy.database.connection.execute(
        users, [legacy.account_of(legacy.users["work"].number)]
    ).fetchone()
    assert work == ("work@firm.example", False)
    assert (
        legacy.call("operator.bringOver").value[0].startswith("0 users of serverpod_user_info got an account")
    )


def test_users_whom_serverpod_has_moved_itself_keep_that_account(legacy: Legacy) -> None:
    """Its package serverpod_auth_migration has linked them, in the table that Podium uses, too."""
    number = legacy.database.user(email := f"{secrets.token_hex(6)}@example.com", name="Mia")
    legacy.database.password(number, email)
    key = legacy.database.key(number, secrets.token_hex(20))
    account = legacy.database.one(
        """INSERT INTO serverpod_auth_core_user (id, "createdAt", "scopeNames", blocked, email, password)
        VALUES (gen_random_uuid(), now(), '[]', false, %s, '!') RETURNING id""",
        email,
    )
    legacy.database.run(
        'INSERT INTO serverpod_auth_migration_migrated_user ("oldUserId", "newAuthUserId") VALUES (%s, %s)',
        *(number, account),
    )
    assert legacy.call("operator.bringOver").value[0].startswith("0 users")
    assert legacy.account_of(number) == str(account)
    for each in (key, legacy.sign_in(email)):
        assert legacy.call("diary.number", each).value == number


def test_all_rows_of_serverpod_are_kept(legacy: Legacy) -> None:
    for table, count in {
        "serverpod_email_reset": 1,
        "serverpod_email_create_request": 1,
        "serverpod_email_failed_sign_in": 1,
        "serverpod_google_refresh_token": 1,
    }.items():
        assert legacy.database.one(f"SELECT count(*) FROM {table}") == count, table
    anna = row(legacy, legacy.users["anna"].number)
    assert (anna["fullName"], anna["scopeNames"]) == ("Anna Arendt", ["editor"])


def test_accounts_have_what_serverpod_knew(legacy: Legacy) -> None:
    anna, fire, nameless = (legacy.users[name] for name in ("anna", "fire", "nameless"))
    stored = 'SELECT name, email, "createdAt", is_active FROM serverpod_auth_core_user WHERE id = %s'
    found = legacy.database.connection.execute(stored, [legacy.account_of(anna.number)]).fetchone()
    assert found[:2] == ("Anna", "anna@example.com")  # type: ignore[index]
    assert found[2].replace(tzinfo=None) == CREATED.replace(tzinfo=None)  # type: ignore[index]
    proved = "SELECT verified FROM account_emailaddress WHERE user_id = %s"
    assert legacy.database.one(proved, legacy.account_of(anna.number)) is True
    assert (
        legacy.database.one(proved, legacy.account_of(fire.number)) is False
    )  # Firebase's addresses may be invented
    assert legacy.database.one(proved, legacy.account_of(nameless.number)) is None


def test_a_new_account_gets_a_number_when_it_is_needed(legacy: Legacy) -> None:
    success = legacy.call("anonymousIdp.login").value
    headers = {"authorization": f"Bearer {success['token']}"}
    before = legacy.database.one("SELECT max(id) FROM serverpod_user_info")
    for _ in range(2):
        number = httpx.post(f"{legacy.server.url}/diary/number", json={}, headers=headers).json()
        assert number > before
    assert legacy.account_of(number) == success["authUserId"]
    told = httpx.post(f"{legacy.server.url}/{STATUS}/getUserInfo", json={}, headers=headers).json()
    assert (told["userIdentifier"], told["userName"]) == (
        success["authUserId"],
        "",
    )  # clients before 2.0 need a text


def test_users_change_their_profile(legacy: Legacy, nora: LegacyUser) -> None:
    for method, good, bad in (
        ("changeUserName", "Nora B", ["", "  ", "x" * 200]),
        ("changeFullName", "Nora Berg", ["", "a\nb"]),
    ):
        argument = "userName" if method == "changeUserName" else "fullName"
        for value in bad:
            assert legacy.call(f"{USER}.{method}", nora.key, **{argument: value}).value is False
        assert legacy.call(f"{USER}.{method}", nora.key, **{argument: good}).value is True
        assert info(legacy, nora.key)[argument] == good
        assert row(legacy, nora.number)[argument] == good
        assert legacy.call(f"{USER}.{method}", **{argument: good}).status == 401
    assert (
        info(legacy, nora.key)["imageUrl"] == "https://old.example.com/nora.jpg"
    )  # names are changed separately
    profile = legacy.call("serverpod_auth_core.userProfileInfo.get", nora.key).value
    assert (profile["userName"], profile["fullName"]) == ("Nora B", "Nora Berg")  # as new apps see it


def test_users_change_their_picture(legacy: Legacy, nora: LegacyUser) -> None:
    assert (
        legacy.call(f"{USER}.setUserImage", nora.key, image="decode('bm8gcGljdHVyZQ==', 'base64')").value
        is False
    )
    assert info(legacy, nora.key)["imageUrl"] == "https://old.example.com/nora.jpg"
    for version in (1, 2):
        assert legacy.call(f"{USER}.setUserImage", nora.key, image=picture()).value is True
        url = info(legacy, nora.key)["imageUrl"]
        assert httpx.get(url).headers["content-type"] == "image/webp"
        stored = 'SELECT max(version) FROM serverpod_user_image WHERE "userId" = %s AND url = %s'
        assert legacy.database.one(stored, nora.number, url) == version
    assert legacy.call(f"{USER}.removeUserImage", nora.key).value is True
    assert "imageUrl" not in info(legacy, nora.key)
    assert row(legacy, nora.number)["imageUrl"] is None


def test_a_picture_of_serverpod_can_be_removed(legacy: Legacy, nora: LegacyUser) -> None:
    assert legacy.call(f"{USER}.removeUserImage", nora.key).value is True
    assert "imageUrl" not in info(legacy, nora.key)


def test_the_settings_of_the_profile(legacy: Legacy) -> None:
    for key in (None, legacy.users["anna"].key):
        assert legacy.call(f"{STATUS}.getUserSettingsConfig", key).value == {
            "__className__": "serverpod_auth.UserSettingsConfig",
            "canSeeUserName": True,
            "canSeeFullName": True,
            "canEditUserName": True,
            "canEditFullName": True,
            "canEditUserImage": True,
        }


def test_administrators_block_and_unblock(legacy: Legacy, nora: LegacyUser) -> None:
    root, anna = legacy.users["root"], legacy.users["anna"]
    for method in ("getUserInfo", "blockUser", "unblockUser"):
        assert legacy.call(f"{ADMIN}.{method}", userId=nora.number).status == 401
        assert legacy.call(f"{ADMIN}.{method}", anna.key, userId=nora.number).status == 403
    assert legacy.call(f"{ADMIN}.getUserInfo", root.key, userId=nora.number).value["email"] == nora.email
    assert legacy.call(f"{ADMIN}.getUserInfo", root.key, userId=10**9).value is None
    assert legacy.call("diary.number", nora.key).value == nora.number
    assert legacy.call(f"{ADMIN}.blockUser", root.key, userId=nora.number).value is None
    assert legacy.call("diary.number", nora.key).status == 401
    assert row(legacy, nora.number)["blocked"] is True
    assert (
        legacy.database.one('SELECT count(*) FROM serverpod_auth_key WHERE "userId" = %s', nora.number) == 0
    )
    assert legacy.call(f"{ADMIN}.blockUser", root.key, userId=nora.number).status == 409
    assert legacy.call(f"{ADMIN}.blockUser", root.key, userId=root.number).status == 403
    assert legacy.call(f"{ADMIN}.blockUser", root.key, userId=10**9).status == 400
    assert legacy.call(f"{ADMIN}.unblockUser", root.key, userId=nora.number).status == 200
    legacy.sign_in(nora.email)
    event = "SELECT details->>'by' FROM accounts_securityevent WHERE event = 'changed_by_operator' AND user_id = %s"
    assert legacy.database.one(event, legacy.account_of(nora.number)) == legacy.account_of(root.number)


def test_changes_of_scopes_by_operators_reach_keys_and_rows(legacy: Legacy, nora: LegacyUser) -> None:
    assert legacy.call("editors.edit", nora.key).status == 403
    assert legacy.call("operator.giveScope", email=nora.email, scope="editor").status == 200
    assert legacy.call("editors.edit", nora.key).value is True
    assert info(legacy, nora.key)["scopeNames"] == row(legacy, nora.number)["scopeNames"] == ["editor"]
    assert legacy.call("operator.takeScope", email=nora.email, scope="editor").status == 200
    assert legacy.call("editors.edit", nora.key).status == 403
    assert row(legacy, nora.number)["scopeNames"] == []


def test_a_deleted_user_leaves_nothing(legacy: Legacy, nora: LegacyUser) -> None:
    assert legacy.call("diary.number", nora.key).value == nora.number
    assert legacy.call("operator.delete", email=nora.email).status == 200
    assert legacy.call("diary.number", nora.key).status == 401
    assert legacy.database.one("SELECT count(*) FROM serverpod_user_info WHERE id = %s", nora.number) == 0
    for table in ("serverpod_auth_key", "serverpod_email_auth", "serverpod_user_image"):
        query = f'SELECT count(*) FROM {table} WHERE "userId" = %s'
        assert legacy.database.one(query, nora.number) == 0, table


def test_a_row_that_an_app_still_needs_stays_without_the_user(legacy: Legacy, nora: LegacyUser) -> None:
    legacy.database.run(
        "CREATE TABLE IF NOT EXISTS entry (owner bigint REFERENCES serverpod_user_info(id) ON DELETE NO ACTION)"
    )
    legacy.database.run("INSERT INTO entry VALUES (%s)", nora.number)
    assert legacy.call("diary.number", nora.key).value == nora.number
    assert legacy.call("operator.delete", email=nora.email).status == 200
    left = row(legacy, nora.number)
    assert (left["userIdentifier"], left["email"], left["userName"], left["blocked"]) == (
        *(f"deleted-{nora.number}", None),
        *("", True),
    )
    assert legacy.call("diary.number", nora.key).status == 401
    assert (
        legacy.call("operator.bringOver").value[0].startswith("0 users")
    )  # and does not get an account again


def test_merged_users_have_the_number_of_the_remaining_account(legacy: Legacy, nora: LegacyUser) -> None:
    anna = legacy.users["moved"]
    assert legacy.call("diary.number", nora.key).value == nora.number
    assert legacy.call("operator.merge", keep=anna.email, gone=nora.email).status == 200
    assert legacy.database.one("SELECT count(*) FROM serverpod_user_info WHERE id = %s", nora.number) == 0
    assert legacy.call("diary.number", legacy.sign_in(anna.email)).value == anna.number


def test_an_export_has_the_rows_of_the_module(legacy: Legacy, nora: LegacyUser) -> None:
    assert legacy.call("diary.number", nora.key).value == nora.number
    exported = json.loads(
        legacy.call("operator.export", email=nora.email, file="serverpod_auth/user_info.json").value
    )
    assert exported[0]["id"] == nora.number
    assert PASSWORD not in json.dumps(exported)
