"""`manage.py importusers`: from the file or database of another system to a sign-in here."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import bcrypt
import psycopg
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from accounts.imports import importing
from accounts.models import User
from accounts.passwords import hashers
from accounts.providers import registry
from accounts.sessions import sessions
from tests.accounts.conftest import works
from tests.accounts.passwords.test_hashers import FIREBASE, SIGNER_KEY, argon2id_by_the_reference_code
from tests.postgres import address

pytestmark = pytest.mark.django_db(transaction=True)

ANNA = UUID("0c0ffee0-0000-4000-8000-000000000001")
BEN = UUID("0c0ffee0-0000-4000-8000-000000000002")
CARA = UUID("0c0ffee0-0000-4000-8000-000000000003")
PASSWORD = "user1password"
BCRYPT = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
PARAMETERS = f"""\
hash_config {{
  algorithm: SCRYPT,
  base64_signer_key: {SIGNER_KEY},
  base64_salt_separator: Bw==,
  rounds: 8,
  mem_cost: 14,
}}
"""
STORED, SALT = FIREBASE.split("$")[5] + "==", FIREBASE.split("$")[4] + "=="
ANNA_OF_FIREBASE = {
    "localId": "kYi4EvWQlQTKSfnJ3dRSP6IH3ed2",
    "email": "Anna@Example.com",
    "emailVerified": True,
    "passwordHash": STORED,
    "salt": SALT,
    "displayName": "Anna",
    "photoUrl": "https://example.com/a.png",
    "createdAt": "1508893925000",
    "lastSignedInAt": "1508893926000",
    "customAttributes": '{"admin": true, "plan": "gold"}',
    "providerUserInfo": [
        {"providerId": "google.com", "rawId": "117", "email": "anna@example.com"},
        {"providerId": "password", "rawId": "anna@example.com"},
    ],
}
ANNA_OF_SUPABASE = {
    "id": str(ANNA),
    "email": "anna@example.com",
    "encrypted_password": BCRYPT,
    "email_confirmed_at": "2024-05-01 10:00:00+00",
    "created_at": "2024-05-01 09:00:00+00",
    "last_sign_in_at": "2024-06-01T09:00:00.5Z",
    "raw_user_meta_data": {"full_name": "Anna"},
    "raw_app_meta_data": {"provider": "email", "editor": True},
    "identities": [
        {"provider": "email", "provider_id": str(ANNA), "identity_data": {}},
        {"provider": "azure", "provider_id": "m-1", "identity_data": {"email": "anna@example.com"}},
        {"provider": "github", "id": "77", "identity_data": {}},
    ],
}
Write = Callable[..., Path]
Run = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def configured(settings: Any) -> None:
    settings.ACCOUNTS_FIREBASE_SIGNER_KEYS = [SIGNER_KEY]
    settings.ACCOUNTS_SERVERPOD_PEPPERS = ["a pepper"]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """write("users.json", entry, ...): a file of one JSON object a line; text is written unchanged."""

    def write(name: str, *entries: Any) -> Path:
        file = tmp_path / name
        lines = [each if isinstance(each, str) else json.dumps(each) for each in entries]
        file.write_text("\n".join(lines), encoding="utf-8")
        return file

    return write


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """run(file, "supabase", "--merge"): the command's report, with its exit status under "status"."""

    def run(file: Path | None, source: str, *options: str) -> dict[str, Any]:
        status, capsys_before = 0, capsys.readouterr()
        del capsys_before
        try:
            call_command(
                "importusers", *([str(file)] if file else []), "--from", source, "--format", "json", *options
            )
        except CommandError as error:
            status = error.returncode
        return {**json.loads(capsys.readouterr().out), "status": status}

    return run


@pytest.fixture
def firebase(write: Write, run: Run) -> Run:
    """firebase(entry, ...) imports an export with these entries."""

    def firebase(*entries: dict[str, Any], options: tuple[str, ...] = ()) -> dict[str, Any]:
        parameters = write("parameters.txt", PARAMETERS)
        file = write("users.json", json.dumps({"users": list(entries)}, indent=2))
        return run(file, "firebase", "--hash-parameters", str(parameters), *options)

    return firebase


def said(result: dict[str, Any]) -> list[str]:
    return [f"{each['place']}: {each['text']}" for each in result["said"]]


def signs_in(email: str, password: str = PASSWORD) -> bool:
    return authenticate(None, email=email, password=password) is not None


# Firebase -------------------------------------------------------------------------------------------------------------


def test_someone_of_firebase_signs_in_with_the_old_password(firebase: Run) -> None:
    result = firebase(ANNA_OF_FIREBASE)
    assert (result["status"], result["created"], result["said"]) == (0, 1, [])
    user = User.objects.get(email="anna@example.com")
    assert (user.name, user.is_active) == ("Anna", True)
    assert user.created_at == datetime(2017, 10, 25, 1, 12, 5, tzinfo=UTC)
    assert user.last_login == datetime(2017, 10, 25, 1, 12, 6, tzinfo=UTC)
    assert [group.name for group in user.groups.all()] == ["admin"]
    address = EmailAddress.objects.get()
    assert (address.email, address.user, address.verified, address.primary) == (user.email, user, True, True)
    assert set(SocialAccount.objects.filter(user=user).values_list("provider", "uid")) == {
        ("firebase", "kYi4EvWQlQTKSfnJ3dRSP6IH3ed2"),
        ("google", "117"),
    }
    assert not signs_in("anna@example.com", "wrong")
    assert User.objects.get().password.startswith("firebase$")
    assert signs_in("anna@example.com")
    assert User.objects.get().password.startswith("argon2$argon2id$")
    assert signs_in("anna@example.com")


def test_identities_of_providers_that_are_not_set_up_are_shown_and_do_no_more(firebase: Run) -> None:
    firebase(ANNA_OF_FIREBASE)
    browser = Client()
    browser.force_login(User.objects.get(), "allauth.account.auth_backends.AuthenticationBackend")
    page = browser.get("/account/3rdparty/")
    assert page.status_code == 200
    assert b"Firebase" in page.content
    answer = browser.post(
        "/_allauth/browser/v1/auth/provider/token",
        {"provider": "firebase", "process": "login", "token": {"id_token": "x", "client_id": "y"}},
        content_type="application/json",
    )
    assert answer.status_code == 400


def test_fields_without_a_place_are_kept_with_the_old_id(firebase: Run) -> None:
    firebase(ANNA_OF_FIREBASE | {"phoneNumber": "+4912345"})
    kept = SocialAccount.objects.get(provider="firebase").extra_data
    assert kept["phoneNumber"] == "+4912345"
    assert kept["photoUrl"] == "https://example.com/a.png"
    assert "passwordHash" not in kept


def test_a_blocked_user_stays_blocked(firebase: Run) -> None:
    firebase(ANNA_OF_FIREBASE | {"disabled": True})
    assert not User.objects.get().is_active


def test_a_second_factor_that_does_not_come_along_is_named(firebase: Run) -> None:
    result = firebase(ANNA_OF_FIREBASE | {"mfaInfo": [{"phoneInfo": "+49..."}]})
    assert (result["status"], result["note"]) == (0, 1)
    assert said(result) == ["entry 1: the second factor is not imported: it must be set up again"]


def test_a_damaged_password_is_named_and_the_user_comes_along(firebase: Run) -> None:
    result = firebase(ANNA_OF_FIREBASE | {"passwordHash": "***"})
    assert said(result) == ["entry 1: the password must be reset: its hash is damaged"]
    assert not User.objects.get().has_usable_password()


def test_without_the_signer_key_in_the_settings_nothing_begins(
    firebase: Run, settings: Any, write: Write
) -> None:
    settings.ACCOUNTS_FIREBASE_SIGNER_KEYS = []
    parameters = write("parameters.txt", PARAMETERS)
    file = write("users.json", json.dumps({"users": [ANNA_OF_FIREBASE]}))
    with pytest.raises(CommandError, match="FIREBASE_SIGNER_KEYS") as refused:
        call_command("importusers", str(file), "--from", "firebase", "--hash-parameters", str(parameters))
    assert refused.value.returncode == 2
    assert SIGNER_KEY not in str(refused.value)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--from", "firebase"], "a file or --database"),
        (["x.json", "--from", "firebase"], "--hash-parameters"),
        (["x.csv", "--from", "firebase"], "--format=json"),
        (["x.json", "--from", "supabase", "--database", "postgresql:///x"], "either a file or --database"),
        (["--from", "firebase", "--database", "postgresql:///x"], "no database"),
        (["x.json", "--from", "supabase", "--hash-parameters", "y"], "for Firebase"),
        (["x.json", "--from", "supabase", "--tables", "old"], "for Serverpod"),
    ],
)
def test_words_that_make_no_sense_together(words: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message) as refused:
        call_command("importusers", *words)
    assert refused.value.returncode == 2


# Supabase -------------------------------------------------------------------------------------------------------------


def test_someone_of_supabase_keeps_the_id_and_signs_in(write: Write, run: Run) -> None:
    result = run(write("users.json", ANNA_OF_SUPABASE), "supabase")
    assert (result["status"], result["created"], result["said"]) == (0, 1, [])
    user = User.objects.get(pk=ANNA)
    assert (user.email, user.name) == ("anna@example.com", "Anna")
    assert [group.name for group in user.groups.all()] == ["editor"]
    assert set(SocialAccount.objects.values_list("provider", "uid")) == {
        ("microsoft", "m-1"),
        ("github", "77"),
    }
    assert not signs_in("anna@example.com", "wrong")
    assert signs_in("anna@example.com")
    assert User.objects.get().password.startswith("argon2$")


def test_csv_is_read_as_json_is(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "users.csv"
    with file.open("w", newline="", encoding="utf-8-sig") as out:
        lines = csv.writer(out)
        lines.writerow(ANNA_OF_SUPABASE)
        lines.writerow([v if isinstance(v, str) else json.dumps(v) for v in ANNA_OF_SUPABASE.values()])
        lines.writerow(["too", "few"])
    result = run(file, "supabase")
    assert (result["status"], result["created"], result["refused"]) == (1, 1, 1)
    assert said(result)[0].startswith("line 3: unreadable")
    assert SocialAccount.objects.filter(user_id=ANNA).count() == 2
    assert signs_in("anna@example.com")


@pytest.mark.parametrize(
    ("until", "blocked"),
    [("2999-01-01 00:00:00+00", True), ("2020-01-01 00:00:00+00", False), ("infinity", True)],
)
def test_a_ban_holds_while_it_would_have(write: Write, run: Run, until: str, blocked: bool) -> None:
    result = run(write("users.json", ANNA_OF_SUPABASE | {"banned_until": until}), "supabase")
    assert User.objects.get().is_active is not blocked
    assert result["note"] == blocked


@pytest.mark.parametrize(
    ("stored", "kind"),
    [
        (f"$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk={SIGNER_KEY}${SALT}${STORED}", "firebase$"),
        (
            hashers.BCrypt().encode(PASSWORD, b"$2b$04$DCq7YPn5Rq63x1Lad4cll.").partition("$")[2],
            "bcrypt$$2b$04$",
        ),
    ],
)
def test_other_hashes_of_supabase(write: Write, run: Run, stored: str, kind: str) -> None:
    result = run(write("users.json", ANNA_OF_SUPABASE | {"encrypted_password": stored}), "supabase")
    assert result["said"] == []
    assert User.objects.get().password.startswith(kind)
    assert signs_in("anna@example.com")


@pytest.mark.parametrize(
    "stored",
    [
        "5f4dcc3b5aa765d61d8327deb882cf99",
        BCRYPT.replace("$04$", "$31$"),
        "$argon2id$v=19$m=99999999,t=9,p=1$YWFhYWFhYWE$YWFhYQ",
    ],
    ids=["MD5", "too much work for bcrypt", "too much memory for Argon2"],
)
def test_hashes_that_no_sign_in_could_check_are_left_out(write: Write, run: Run, stored: str) -> None:
    result = run(write("users.json", ANNA_OF_SUPABASE | {"encrypted_password": stored}), "supabase")
    assert (result["created"], result["note"]) == (1, 1)
    assert said(result)[0].startswith("line 1: the password must be reset: ")
    assert not User.objects.get().has_usable_password()


def test_users_that_can_not_be_imported_are_named_and_stop_no_other(write: Write, run: Run) -> None:
    anonymous = {"id": str(BEN), "is_anonymous": True}
    lines = [
        anonymous,
        "{broken",
        ANNA_OF_SUPABASE,
        {"id": "7", "email": "x@example.com"},
        {"id": str(CARA), "email": "nothing"},
        {"id": str(CARA), "email": "c@example.com", "created_at": "yesterday"},
        {"id": str(CARA), "email": "c@example.com", "deleted_at": "2024-01-01"},
        ANNA_OF_SUPABASE,
    ]
    result = run(write("users.json", *lines), "supabase")
    assert (result["status"], result["created"], result["refused"]) == (1, 1, 7)
    assert sorted(said(result)) == [
        "line 1: has no e-mail address, which is required here",
        "line 2: unreadable: broken JSON, or a row with more or fewer values than the heading",
        "line 4: '7' is not a valid UUID",
        "line 5: 'nothing' is not a valid e-mail address",
        "line 6: 'yesterday' is not a valid time",
        "line 7: the account was deleted",
        "line 8: the id is also used at line 3",
    ]
    assert User.objects.get().pk == ANNA


def test_a_file_that_breaks_off_says_where_and_keeps_what_came_before(
    write: Write, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 1)
    file = write("users.json", "[" + json.dumps(ANNA_OF_SUPABASE) + ', {"id": "')
    result = run(file, "supabase")
    assert result["status"] == 3
    assert "beyond entry 1" in result["stopped"]
    assert User.objects.get().pk == ANNA
    assert run(file.with_name("none.json"), "supabase")["stopped"].endswith("No such file or directory")


# Repeated runs, dry runs and existing users -------------------------------------------------------------------------


def test_a_dry_run_changes_nothing_and_says_the_same(write: Write, run: Run) -> None:
    file = write("users.json", ANNA_OF_SUPABASE, {"id": str(BEN)})
    dry = run(file, "supabase", "--dry-run")
    assert dry.pop("dry_run")
    assert not (User.objects.exists() or EmailAddress.objects.exists() or Group.objects.exists())
    wet = run(file, "supabase")
    assert not wet.pop("dry_run")
    assert dry == wet
    assert wet["created"] == 1


def test_a_second_run_changes_nothing(firebase: Run) -> None:
    assert firebase(ANNA_OF_FIREBASE)["created"] == 1
    again = firebase(ANNA_OF_FIREBASE)
    assert (again["status"], again["created"], again["unchanged"], again["said"]) == (0, 0, 1, [])
    assert (User.objects.count(), EmailAddress.objects.count(), SocialAccount.objects.count()) == (1, 1, 2)


def test_a_second_run_brings_what_is_newer_there(write: Write, run: Run) -> None:
    run(write("users.json", ANNA_OF_SUPABASE | {"email_confirmed_at": None}), "supabase")
    token = sessions.issue(User.objects.get()).token
    assert works(token)
    newer = ANNA_OF_SUPABASE | {
        "encrypted_password": bcrypt.hashpw(b"the new one", bcrypt.gensalt(4)).decode(),
        "banned_until": "2999-01-01",
        "identities": [{"provider": "google", "provider_id": "117", "identity_data": {}}],
    }
    assert run(write("users.json", newer), "supabase")["updated"] == 1
    user = User.objects.get()
    assert user.check_password("the new one")
    assert not user.is_active
    assert not works(token)
    assert EmailAddress.objects.get().verified
    assert SocialAccount.objects.filter(provider="google", user=user).exists()


def test_a_user_who_confirmed_the_address_since_does_not_share_the_account(write: Write, run: Run) -> None:
    """A stranger had signed up there with the address; its owner has since taken the account over."""
    run(write("users.json", ANNA_OF_SUPABASE | {"email_confirmed_at": None}), "supabase")
    strangers = {("microsoft", "m-1"), ("github", "77")}
    assert set(SocialAccount.objects.values_list("provider", "uid")) == strangers
    owners = ANNA_OF_SUPABASE | {
        "encrypted_password": "",
        "identities": [{"provider": "google", "provider_id": "117", "identity_data": {}}],
    }
    assert run(write("users.json", owners), "supabase")["updated"] == 1
    assert EmailAddress.objects.get().verified
    assert set(SocialAccount.objects.values_list("provider", "uid")) == {("google", "117")}
    assert not User.objects.get().has_usable_password()


def test_newer_data_stays(write: Write, run: Run) -> None:
    file = write("users.json", ANNA_OF_SUPABASE)
    run(file, "supabase")
    user = User.objects.get()
    user.set_password("set here")
    user.save()
    run(write("users.json", ANNA_OF_SUPABASE | {"last_sign_in_at": "2024-07-01"}), "supabase")
    assert User.objects.get().check_password("set here")
    User.objects.update(last_login=datetime(2024, 8, 1, tzinfo=UTC))
    result = run(write("users.json", ANNA_OF_SUPABASE | {"banned_until": "2999-01-01"}), "supabase")
    assert (result["status"], result["skipped"]) == (0, 1)
    assert said(result) == ["line 1: has signed in here since (2024-08-01 00:00 UTC)"]
    assert User.objects.get().is_active


def test_staff_are_not_changed_by_a_file(write: Write, run: Run) -> None:
    User.objects.create_superuser("anna@example.com", "set here", id=ANNA)
    result = run(write("users.json", ANNA_OF_SUPABASE), "supabase", "--merge")
    assert result["skipped"] == 1
    assert not SocialAccount.objects.exists()


def test_an_address_that_is_taken_is_named_and_merged_only_on_demand(firebase: Run) -> None:
    here = User.objects.create_user("anna@example.com", "set here")
    address = EmailAddress.objects.create(user=here, email=here.email, primary=True, verified=False)
    refused = firebase(ANNA_OF_FIREBASE)
    assert (refused["status"], refused["refused"]) == (1, 1)
    assert said(refused) == [
        f"entry 1: anna@example.com belongs to {here.pk} here already (--merge merges the two)"
    ]
    # A user who signed up here with somebody else's address does not get that user's identities.
    assert firebase(ANNA_OF_FIREBASE, options=("--merge",))["refused"] == 1
    EmailAddress.objects.filter(pk=address.pk).update(verified=True)
    # The same for somebody who signed up there with the address of a user here.
    assert firebase(ANNA_OF_FIREBASE | {"emailVerified": False}, options=("--merge",))["refused"] == 1
    assert not SocialAccount.objects.exists()
    merged = firebase(ANNA_OF_FIREBASE, options=("--merge",))
    assert (merged["status"], merged["merged"]) == (0, 1)
    assert "entry 1: scopes not granted by the merge: admin" in said(merged)
    assert set(SocialAccount.objects.filter(user=here).values_list("provider", flat=True)) == {
        "firebase",
        "google",
    }
    here.refresh_from_db()
    assert here.check_password("set here")
    assert not here.groups.exists()
    assert firebase(ANNA_OF_FIREBASE, options=("--merge",))["created"] == 0


def test_two_of_a_file_with_one_address(write: Write, run: Run) -> None:
    file = write(
        "users.json", ANNA_OF_SUPABASE, ANNA_OF_SUPABASE | {"id": str(BEN), "email": "ANNA@example.com"}
    )
    result = run(file, "supabase")
    assert (result["created"], result["refused"]) == (1, 1)
    assert said(result) == [
        f"line 2: anna@example.com belongs to {ANNA} here already (--merge merges the two)"
    ]
    assert run(file, "supabase", "--merge")["merged"] == 1
    assert SocialAccount.objects.get(provider="supabase", uid=str(BEN)).user_id == ANNA


def test_an_identity_belongs_to_one_user(write: Write, run: Run) -> None:
    ben = ANNA_OF_SUPABASE | {"id": str(BEN), "email": "ben@example.com"}
    result = run(write("users.json", ANNA_OF_SUPABASE, ben), "supabase")
    assert result["created"] == 2
    assert f"line 2: github 77 belongs to {ANNA} already, and is left out" in said(result)
    assert not SocialAccount.objects.filter(user_id=BEN).exists()


def test_a_user_that_the_database_refuses_stops_no_other(write: Write, run: Run) -> None:
    bad = ANNA_OF_SUPABASE | {
        "id": str(BEN),
        "email": "ben@example.com",
        "identities": [{"provider": "x" * 201, "provider_id": "1"}],
    }
    result = run(write("users.json", bad, ANNA_OF_SUPABASE), "supabase")
    assert (result["created"], result["refused"]) == (1, 1)
    assert said(result) == ["line 1: the database refuses it: value too long for type character varying(200)"]
    assert User.objects.get().pk == ANNA


def test_the_text_report(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="1 of 2 entries were refused") as refused:
        call_command(
            "importusers", str(write("users.json", ANNA_OF_SUPABASE, {"id": str(BEN)})), "--from", "supabase"
        )
    assert refused.value.returncode == 1
    assert capsys.readouterr().out.splitlines() == [
        "line 2: refused: has no e-mail address, which is required here",
        "1 created, 0 updated, 0 unchanged, 0 merged, 0 skipped, 1 refused.",
    ]


# Databases ------------------------------------------------------------------------------------------------------------

NEW_SERVERPOD = """
CREATE TABLE serverpod_auth_core_user (id uuid PRIMARY KEY, "createdAt" timestamp NOT NULL, "scopeNames" json NOT NULL,
    blocked boolean NOT NULL);
CREATE TABLE serverpod_auth_core_profile (id uuid PRIMARY KEY, "authUserId" uuid NOT NULL, "userName" text,
    "fullName" text, email text, "createdAt" timestamp NOT NULL, "imageId" uuid);
CREATE TABLE serverpod_auth_core_profile_image (id uuid PRIMARY KEY, "userProfileId" uuid NOT NULL, url text NOT NULL);
CREATE TABLE serverpod_auth_idp_email_account (id uuid PRIMARY KEY, "authUserId" uuid NOT NULL,
    "createdAt" timestamp NOT NULL, email text NOT NULL, "passwordHash" text NOT NULL);
CREATE TABLE serverpod_auth_idp_apple_account (id uuid PRIMARY KEY, "authUserId" uuid NOT NULL,
    "userIdentifier" text NOT NULL, "refreshToken" text NOT NULL, email text, "isEmailVerified" boolean);
CREATE TABLE serverpod_auth_idp_google_account (id uuid PRIMARY KEY, "authUserId" uuid NOT NULL,
    "userIdentifier" text NOT NULL, email text NOT NULL);
CREATE TABLE serverpod_auth_idp_passkey_account (id uuid PRIMARY KEY, "authUserId" uuid NOT NULL, "keyId" bytea);
"""
OLD_SERVERPOD = """
CREATE TABLE serverpod_user_info (id serial PRIMARY KEY, "userIdentifier" text NOT NULL, "userName" text,
    "fullName" text, email text, created timestamp NOT NULL, "imageUrl" text, "scopeNames" json NOT NULL,
    blocked boolean NOT NULL);
CREATE TABLE serverpod_email_auth (id serial PRIMARY KEY, "userId" bigint NOT NULL, email text NOT NULL,
    hash text NOT NULL);
"""
SUPABASE = """
CREATE TABLE auth.users (id uuid PRIMARY KEY, email text, encrypted_password text, email_confirmed_at timestamptz,
    confirmation_token text, created_at timestamptz, last_sign_in_at timestamptz, banned_until timestamptz,
    raw_user_meta_data jsonb, raw_app_meta_data jsonb, is_sso_user boolean DEFAULT false);
CREATE TABLE auth.identities (id uuid PRIMARY KEY, user_id uuid, provider text, provider_id text, identity_data jsonb);
CREATE TABLE auth.mfa_factors (id uuid PRIMARY KEY, user_id uuid, status text);
"""


@pytest.fixture
def other() -> Iterator[psycopg.Connection[Any]]:
    """A connection to a schema that represents the other system's database."""
    with psycopg.connect(address(), autocommit=True) as connection:
        for schema in ("other", "auth"):
            connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
            connection.execute(f"CREATE SCHEMA {schema}")
        connection.execute("SET search_path TO other")
        yield connection
        for schema in ("other", "auth"):
            connection.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
def from_database(run: Run) -> Run:
    def from_database(source: str, *options: str) -> dict[str, Any]:
        return run(None, source, "--database", f"{address()} options='-c search_path=other'", *options)

    return from_database


@pytest.fixture
def new_serverpod(other: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    other.execute(NEW_SERVERPOD)
    other.execute(
        f"""INSERT INTO serverpod_auth_core_user VALUES
            ('{ANNA}', '2025-01-02 03:04:05', '["serverpod.admin", "editor"]', false),
            ('{BEN}', '2025-01-02 03:04:05', '[]', true), ('{CARA}', '2025-01-02 03:04:05', '[]', false);
        INSERT INTO serverpod_auth_core_profile (id, "authUserId", "userName", "fullName", email, "createdAt") VALUES
            ('{ANNA}', '{ANNA}', 'anna', 'Anna Arendt', 'anna@example.com', now());
        INSERT INTO serverpod_auth_idp_google_account VALUES ('{ANNA}', '{ANNA}', '117', 'a.arendt@example.com');
        INSERT INTO serverpod_auth_idp_apple_account VALUES
            ('{BEN}', '{BEN}', '001.b', 'secret', 'ben@example.com', false);
        INSERT INTO serverpod_auth_idp_passkey_account VALUES ('{BEN}', '{BEN}', 'x');"""
    )
    stored = argon2id_by_the_reference_code(PASSWORD, "a pepper")
    other.execute(
        "INSERT INTO serverpod_auth_idp_email_account VALUES (%s, %s, now(), 'anna@example.com', %s)",
        [ANNA, ANNA, stored],
    )
    return other


def test_users_of_serverpod_from_its_database(new_serverpod: Any, from_database: Run) -> None:
    result = from_database("serverpod")
    assert (result["status"], result["created"], result["refused"]) == (1, 2, 1)
    assert said(result) == [
        "row 2: passkeys are not imported: they must be set up again",
        "row 3: has no e-mail address, which is required here",
    ]
    anna, ben = User.objects.get(pk=ANNA), User.objects.get(pk=BEN)
    assert (anna.name, anna.email, anna.is_active) == ("Anna Arendt", "anna@example.com", True)
    assert anna.created_at == datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert {group.name for group in anna.groups.all()} == {"serverpod.admin", "editor"}
    assert set(EmailAddress.objects.values_list("email", "verified", "primary")) == {
        ("anna@example.com", True, True),
        ("a.arendt@example.com", True, False),
        ("ben@example.com", False, True),
    }
    assert not ben.is_active
    apple = SocialAccount.objects.get(provider="apple")
    assert (apple.user, apple.uid, apple.extra_data) == (ben, "001.b", {"email": "ben@example.com"})
    assert not signs_in("anna@example.com", "wrong")
    assert signs_in("anna@example.com")
    assert User.objects.get(pk=ANNA).password.startswith("argon2$")
    assert from_database("serverpod")["created"] == 0


def test_users_of_the_older_serverpod_auth(other: psycopg.Connection[Any], from_database: Run) -> None:
    other.execute(OLD_SERVERPOD)
    other.execute(
        """INSERT INTO serverpod_user_info (id, "userIdentifier", "userName", email, created, "scopeNames", blocked)
        VALUES (7, 'anna@example.com', 'anna', 'anna@example.com', now(), '["editor"]', false),
               (8, '117', 'ben', 'ben@example.com', now(), '[]', false)"""
    )
    stored = hashlib.sha256(f"{PASSWORD}serverpod password salt:anna@example.com".encode()).hexdigest()
    other.execute(
        "INSERT INTO serverpod_email_auth (\"userId\", email, hash) VALUES (7, 'anna@example.com', %s), "
        "(8, 'ben@example.com', '5e884898da28047151d0e56f8dc62927')",
        [stored],
    )
    result = from_database("serverpod")
    assert (result["status"], result["created"]) == (0, 2)
    assert said(result) == ["row 2: the password must be reset: its kind of hash is unknown"]
    user = SocialAccount.objects.get(provider="serverpod", uid="7").user
    assert (user.email, user.name) == ("anna@example.com", "anna")
    assert signs_in("anna@example.com")
    assert from_database("serverpod")["created"] == 0


def test_the_query_that_is_printed_makes_the_file(
    new_serverpod: psycopg.Connection[Any], write: Write, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in registry.names_in("serverpod"):
        new_serverpod.execute(
            f"CREATE TABLE IF NOT EXISTS serverpod_auth_idp_{name}_account "
            '("authUserId" uuid, "userIdentifier" text, email text)'
        )
    call_command("importusers", "--from", "serverpod", "--print-query")
    rows = new_serverpod.execute(capsys.readouterr().out).fetchall()
    file = write("users.json", *(entry for (entry,) in rows))
    assert "secret" not in file.read_text()
    assert run(file, "serverpod")["created"] == 2
    assert signs_in("anna@example.com")


def test_users_of_supabase_from_its_database(other: psycopg.Connection[Any], from_database: Run) -> None:
    other.execute(SUPABASE)
    other.execute(
        "INSERT INTO auth.users (id, email, encrypted_password, email_confirmed_at, created_at, raw_user_meta_data) "
        "VALUES (%s, 'anna@example.com', %s, now(), now(), '{\"name\": \"Anna\"}')",
        [ANNA, BCRYPT],
    )
    other.execute(
        f"""INSERT INTO auth.identities VALUES ('{ANNA}', '{ANNA}', 'apple', '001.a', '{{"sub": "001.a"}}');
        INSERT INTO auth.mfa_factors VALUES ('{ANNA}', '{ANNA}', 'verified')"""
    )
    result = from_database("supabase")
    assert (result["status"], result["created"]) == (0, 1)
    assert said(result) == ["row 1: the second factor is not imported: it must be set up again"]
    assert SocialAccount.objects.get().uid == "001.a"
    assert signs_in("anna@example.com")


def test_a_database_that_is_another_or_none(other: Any, from_database: Run, run: Run) -> None:
    assert "neither serverpod_auth_core_user nor serverpod_user_info" in from_database("serverpod")["stopped"]
    result = run(None, "supabase", "--database", "postgres//user:hunter2@host/x")
    assert result["status"] == 3
    assert result["stopped"].startswith("Not a valid database URL")
    assert "hunter2" not in json.dumps(result)
