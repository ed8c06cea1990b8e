"""Attacks on both servers on one database: unverified addresses, and scopes and data that should be gone."""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group

from accounts.data import erasure
from accounts.models import User
from accounts.providers.claims import Claims
from accounts.serverpod import users as serverpod_users
from accounts.sessions import sessions
from accounts.sign_in import identities, ownership
from realtime import revocation
from tests.accounts.conftest import Make
from tests.adopt import auth_tables
from tests.adopt.conftest import execute
from tests.adopt.steps import OLD, by_google, login, origin
from tests.adopt.their_server import TheirServer

VICTIM = "victim@gmail.com"


def by_provider(provider: str, uid: str) -> uuid.UUID:
    """Sign in with a provider that gives no address."""
    signed_in: uuid.UUID = identities.sign_in(origin(), Claims(provider=provider, subject=uid)).auth_user_id
    return signed_in


def attacker(theirs: TheirServer, provider: str, email: str = VICTIM) -> uuid.UUID:
    """A user of Serverpod whose provider let them choose any address. Serverpod copies it to the profile."""
    user = theirs.user()
    created = "createdAt" if provider == "facebook" else "created"
    theirs.insert(
        f"idp_{provider}_account",
        **{"authUserId": user, "email": email, "userIdentifier": "a-1", created: OLD},
    )
    execute('UPDATE serverpod_auth_core_profile SET email = %s WHERE "authUserId" = %s', [email, user])
    return user


@pytest.mark.parametrize("provider", ["firebase", "microsoft", "facebook"])
@pytest.mark.parametrize("at_once", [True, False], ids=["adopted", "at first use"])
def test_an_address_that_a_provider_has_not_verified_is_not_proved(
    theirs: TheirServer, provider: str, at_once: bool
) -> None:
    """Otherwise its owner would get into the account of the user who entered it first."""
    user = attacker(theirs, provider)
    if at_once:
        serverpod_users.everyone()
    assert by_provider(provider, "a-1") == user
    assert ownership.owner(VICTIM) is None
    assert by_google("g-1", VICTIM).auth_user_id != user
    serverpod_users.everyone()
    assert {str(row.user_id) for row in EmailAddress.objects.filter(email=VICTIM)} != {str(user)}


@pytest.mark.parametrize("provider", ["google", "github"])
def test_an_address_that_a_provider_has_verified_is_proved(theirs: TheirServer, provider: str) -> None:
    user = attacker(theirs, provider)
    serverpod_users.everyone()
    assert ownership.owner(VICTIM) == User.objects.get(pk=user)


def test_a_claimed_address_does_not_become_proved_through_serverpods_tables(theirs: TheirServer) -> None:
    user = User.objects.create_user(VICTIM)
    EmailAddress.objects.create(user=user, email=VICTIM, primary=True)
    SocialAccount.objects.create(user=user, provider="google", uid="g-1", extra_data={})
    SocialAccount.objects.create(user=user, provider="github", uid="h-1", extra_data={"email": VICTIM})
    serverpod_users.everyone()
    assert ownership.owner(VICTIM) is None


def test_a_scope_that_is_taken_away_is_gone_from_the_sign_ins_there(
    call: Make, ben: uuid.UUID, theirs: TheirServer, settings: Any
) -> None:
    theirs.scopes(ben, "admin", "reader")
    login(call)
    settings.ACCOUNTS_SESSION_STRATEGY = "jwt"
    login(call)
    narrow = theirs.session(ben)
    User.objects.get(pk=ben).groups.remove(Group.objects.get(name="admin"))
    for table in ("session", "jwt_refresh_token"):
        rows = execute(
            f'SELECT "scopeNames" AS names FROM serverpod_auth_core_{table} ORDER BY "scopeNames"::text'
        )
        found = [json.loads(row["names"]) if isinstance(row["names"], str) else row["names"] for row in rows]
        assert ["reader"] in found and all("admin" not in each for each in found), table
    assert theirs.knows_session(narrow) == ben


def test_a_scope_that_serverpod_takes_away_ends_the_streams_that_need_it(
    call: Make, ben: uuid.UUID, theirs: TheirServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs.scopes(ben, "admin", "reader")
    token = login(call).token
    lost: set[str] = set()
    monkeypatch.setattr(revocation, "end_streams", lambda **ended: lost.update(ended["scopes"]))
    theirs.scopes(ben, "editor", "reader")
    session = theirs.session(ben, scopes='["editor"]')
    identity = sessions.look_up(token)
    assert identity is not None and identity.scopes == {"editor", "reader"}
    assert lost == {"admin"}
    [row] = execute(
        'SELECT "scopeNames"::text AS names FROM serverpod_auth_core_session WHERE id = %s',
        [uuid.UUID(bytes=base64.urlsafe_b64decode(session)[3:19])],
    )
    assert row["names"] == '["editor"]'


def test_a_deleted_user_leaves_no_address_in_serverpods_tables(
    call: Make, ben: uuid.UUID, theirs: TheirServer
) -> None:
    login(call)
    for sql in auth_tables.ATTEMPTS:
        execute(sql)
    try:
        for email in ("ben@example.com", "other@example.com"):
            theirs.insert("idp_email_account_request", email=email, challengeId=uuid.uuid4())
            theirs.insert(
                "idp_rate_limited_request_attempt",
                **{"domain": "email", "source": "login", "nonce": email, "ipAddress": "192.0.2.1"},
                attemptedAt=OLD,
            )
        erasure.delete(User.objects.get(pk=ben))
        assert [
            row["email"] for row in execute("SELECT email FROM serverpod_auth_idp_email_account_request")
        ] == ["other@example.com"]
        left = execute("SELECT nonce FROM serverpod_auth_idp_rate_limited_request_attempt")
        assert [row["nonce"] for row in left] == ["other@example.com"]
    finally:
        execute(
            "DROP TABLE serverpod_auth_idp_email_account_request, serverpod_auth_idp_rate_limited_request_attempt"
        )
