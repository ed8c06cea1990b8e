"""An account belongs to the user who first proves its address. Everything that a stranger prepared before is removed.

Mallory signs up with Anna's address, or did so in an earlier version, and prepares the account for when Anna comes.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core.cache import cache
from django.db import DatabaseError, connections
from django.test import Client, RequestFactory

from accounts.data import deletion, export, merging
from accounts.models import Challenge, SecurityEvent, User
from accounts.protocol import EmailAccountLoginException, EmailAccountPasswordResetException
from accounts.providers.claims import Claims
from accounts.sessions import sessions
from accounts.sign_in import identities, ownership
from accounts.staff import actions
from podium.endpoints import testing
from podium.endpoints.calls import Call, Identity
from realtime import revocation
from tests.accounts.conftest import PASSWORD, works
from tests.accounts.users import work
from tests.accounts.webmail import code, link, subjects

pytestmark = pytest.mark.django_db(transaction=True)

ANNA, MALLORY = "anna@example.com", "mallory@example.net"
TRAP, NEW = "mallory's password 1", "another horse battery 8"
API = "/_allauth/browser/v1/"


def reset(address: str, password: str, browser: Client | None = None) -> bool:
    """Reset a password by a mailed link on the pages. Returns whether it worked."""
    browser = browser or Client()
    browser.post("/account/password/reset/", {"email": address})
    if not (path := link("reset", address)):
        return False
    form = browser.get(path, follow=True)
    if not form.redirect_chain:
        return False
    answer = browser.post(form.redirect_chain[-1][0], {"password1": password, "password2": password})
    return answer.status_code == 302


def sign_up(address: str, password: str, browser: Client | None = None) -> Client:
    browser = browser or Client()
    assert browser.post("/account/signup/", {"email": address, "password1": password}).status_code == 302
    return browser


def gets_in(address: str, password: str) -> bool:
    """Test whether an address and a password sign in on the pages, and assert the same for apps."""
    browser = Client()
    browser.post("/account/login/", {"login": address, "password": password})
    try:
        testing.call("emailIdp.login", email=address, password=password)
        in_app = True
    except EmailAccountLoginException:
        in_app = False
    assert in_app == ("_auth_user_id" in browser.session)
    return in_app


# The whole story ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["mandatory", "optional", "none"])
def test_an_attacker_who_signed_up_with_anothers_address_has_no_access(mode: str, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = mode
    mallory = sign_up(ANNA, TRAP)
    mallory.post("/account/email/", {"email": MALLORY, "action_add": ""})
    mallory.post(link("confirm", MALLORY) or "/account/email/")
    assert reset(ANNA, NEW)
    assert gets_in(ANNA, NEW)
    anna = User.objects.get(email=ANNA)
    reset(MALLORY, TRAP)
    assert not gets_in(MALLORY, TRAP)
    assert not gets_in(ANNA, TRAP)
    assert list(EmailAddress.objects.filter(user=anna).values_list("email", "verified")) == [(ANNA, True)]
    assert mallory.get("/account/email/").status_code == 302, "the session that was open has ended"


# All ways for Anna to prove that the address is hers ----------------------------------------------------------------


@dataclass
class Trap:
    """The things that Mallory prepared in an account with Anna's address."""

    user: User
    token: str
    browser: Client
    export: str
    ticket: str


@pytest.fixture
def trap(mailoutbox: Any) -> Trap:
    user = User.objects.create_user(ANNA, TRAP)
    EmailAddress.objects.create(user=user, email=ANNA, primary=True, verified=False)
    EmailAddress.objects.create(user=user, email=MALLORY, verified=True)
    EmailAddress.objects.create(user=user, email="third@example.net", verified=False)
    SocialAccount.objects.create(user=user, provider="google", uid="mallory-g")
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "x"})
    token = sessions.issue(user, method="google").token
    browser = Client()
    browser.force_login(user)
    request = testing.call("emailIdp.start_password_reset", email=MALLORY)
    ticket = testing.call(
        "emailIdp.verify_password_reset_code",
        password_reset_request_id=request,
        verification_code=code(MALLORY),
    )
    address, _ = export.address(user)
    return Trap(user, token, browser, address.removeprefix("http://127.0.0.1:8000"), ticket)


def by_reset_link(trap: Trap) -> None:
    assert reset(ANNA, NEW)


def by_reset_link_in_the_headless_api(trap: Trap) -> None:
    page = Client()
    assert page.post(API + "auth/password/request", {"email": ANNA}, "application/json").status_code == 200
    key = link("reset", ANNA).rstrip("/").rpartition("/")[2]
    data = {"key": key, "password": NEW}
    assert page.post(API + "auth/password/reset", data, "application/json").status_code == 401


def by_reset_code_in_the_headless_api(trap: Trap, settings: Any) -> None:
    settings.ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
    page = Client()
    assert page.post(API + "auth/password/request", {"email": ANNA}, "application/json").status_code == 401
    data = {"key": code(ANNA), "password": NEW}
    assert page.post(API + "auth/password/reset", data, "application/json").status_code == 401
    settings.ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = False


def by_reset_link_of_an_operator(trap: Trap) -> None:
    root = User.objects.create_superuser("root@example.com", PASSWORD)
    operator = Client()
    operator.force_login(root)
    operator.post(f"/admin/accounts/user/{trap.user.pk}/act/password-reset/", {"reason": "asked"})
    browser = Client()
    form = browser.get(link("reset", ANNA), follow=True).redirect_chain[-1][0]
    assert browser.post(form, {"password1": NEW, "password2": NEW}).status_code == 302


def by_reset_code_in_an_app(trap: Trap) -> None:
    request = testing.call("emailIdp.start_password_reset", email=ANNA)
    ticket = testing.call(
        "emailIdp.verify_password_reset_code", password_reset_request_id=request, verification_code=code(ANNA)
    )
    testing.call("emailIdp.finish_password_reset", finish_password_reset_token=ticket, new_password=NEW)


def confirmation(address: str) -> str:
    """The key in the confirmation mail for an address that somebody signed up with or added."""
    return str(EmailConfirmationHMAC(EmailAddress.objects.get(email=address)).key)


def by_confirmation_link(trap: Trap) -> None:
    browser = Client()
    answer = browser.post(f"/account/confirm-email/{confirmation(ANNA)}/")
    form = browser.get(answer["Location"], follow=True).redirect_chain[-1][0]
    assert browser.post(form, {"password1": NEW, "password2": NEW}).status_code == 302


def by_confirmation_in_the_headless_api(trap: Trap) -> None:
    data = {"key": confirmation(ANNA)}
    assert Client().post(API + "auth/email/verify", data, "application/json").status_code == 401
    assert reset(ANNA, NEW)


DOORS: list[Callable[..., None]] = [
    by_reset_link,
    by_reset_link_in_the_headless_api,
    by_reset_code_in_the_headless_api,
    by_reset_link_of_an_operator,
    by_reset_code_in_an_app,
    by_confirmation_link,
    by_confirmation_in_the_headless_api,
]


@pytest.mark.parametrize("door", DOORS)
def test_any_proof_of_the_address_removes_what_was_prepared(
    door: Callable[..., None], trap: Trap, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[revocation.Revoked | None] = []
    monkeypatch.setattr(revocation, "_listeners", [*revocation._listeners, ended.append])
    door(trap, *([settings] if "settings" in door.__annotations__ else []))
    user = trap.user
    addresses = EmailAddress.objects.exclude(user__is_staff=True)
    assert list(addresses.values_list("user", "email", "verified", "primary")) == [
        (user.pk, ANNA, True, True)
    ]
    assert not SocialAccount.objects.exists()
    assert not Authenticator.objects.exists()
    assert not works(trap.token)
    assert revocation.Revoked(str(user.pk)) in ended, "its open streams"
    assert trap.browser.get("/account/email/").status_code == 302
    assert not UserSession.objects.filter(session_key=trap.browser.session.session_key or "").exists()
    assert Client().get(trap.export).status_code == 404, "the address of a copy of all data"
    with pytest.raises(EmailAccountPasswordResetException):
        testing.call(
            "emailIdp.finish_password_reset", finish_password_reset_token=trap.ticket, new_password=TRAP
        )
    assert not reset(MALLORY, TRAP)
    assert not gets_in(ANNA, TRAP)
    assert gets_in(ANNA, NEW)
    assert SecurityEvent.objects.filter(event="account_taken_over", user=user).count() == 1
    assert "Your account was reset" in subjects(ANNA)
    assert "Your account was reset" in subjects(MALLORY)
    assert "Your account was reset" not in subjects("third@example.net")


def test_a_later_reset_removes_nothing(trap: Trap) -> None:
    by_reset_link(trap)
    EmailAddress.objects.create(user=trap.user, email="anna@example.org", verified=True)
    SocialAccount.objects.create(user=trap.user, provider="google", uid="anna-g")
    Authenticator.objects.create(user=trap.user, type=Authenticator.Type.WEBAUTHN, data={"name": "y"})
    assert reset(ANNA, "a third horse battery 9")
    assert reset("anna@example.org", "a fourth horse battery 9")
    assert EmailAddress.objects.count() == 2
    assert SocialAccount.objects.exists() and Authenticator.objects.exists()


def test_a_key_that_was_mailed_elsewhere_proves_only_its_own_address(trap: Trap) -> None:
    """Both links are for the same account. The one to Mallory's mailbox proves nothing about Anna's."""
    Client().post("/account/password/reset/", {"email": MALLORY})
    browser = Client()
    form = browser.get(link("reset", MALLORY), follow=True).redirect_chain[-1][0]
    browser.post(form, {"password1": TRAP, "password2": TRAP})
    assert not EmailAddress.objects.get(email=ANNA).verified
    by_reset_link(trap)
    assert [each.email for each in EmailAddress.objects.all()] == [ANNA]


def test_a_link_that_was_mailed_before_opens_nothing_after(trap: Trap) -> None:
    Client().post("/account/password/reset/", {"email": MALLORY})
    waiting = link("reset", MALLORY)
    key = confirmation("third@example.net")
    by_reset_link(trap)
    assert b"invalid" in Client().get(waiting).content.lower()
    Client().post(f"/account/confirm-email/{key}/")
    assert [each.email for each in EmailAddress.objects.all()] == [ANNA]


def test_a_code_that_waits_in_an_open_session_is_void(trap: Trap, settings: Any) -> None:
    settings.ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
    mallory = Client()
    mallory.post(API + "auth/password/request", {"email": MALLORY}, "application/json")
    data = {"key": code(MALLORY), "password": TRAP}
    by_reset_code_in_an_app(trap)
    assert mallory.post(API + "auth/password/reset", data, "application/json").status_code == 409
    assert gets_in(ANNA, NEW)


def test_a_confirmation_by_code_that_waits_in_an_open_session_is_void(settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    settings.ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = True
    mallory = sign_up(ANNA, TRAP)
    assert mallory.get("/account/confirm-email/").status_code == 200
    by_reset_code_in_an_app(None)  # type: ignore[arg-type]
    mallory.post("/account/confirm-email/", {"action": "change", "email": MALLORY})
    mallory.post("/account/confirm-email/", {"code": code(MALLORY) or "x"})
    assert "_auth_user_id" not in mallory.session
    assert [each.email for each in EmailAddress.objects.all()] == [ANNA]


# A claim blocks nobody ----------------------------------------------------------------------------------------------


def claims_as_further(address: str) -> User:
    """Add Anna's address to Mallory's own account."""
    mallory = User.objects.create_user(MALLORY, TRAP)
    EmailAddress.objects.create(user=mallory, email=MALLORY, primary=True, verified=True)
    browser = Client()
    browser.post("/account/login/", {"login": MALLORY, "password": TRAP})
    browser.post("/account/email/", {"email": address, "action_add": ""})
    assert EmailAddress.objects.filter(user=mallory, email=address, verified=False).exists()
    return mallory


@pytest.mark.parametrize("by_code", [False, True])
def test_anna_signs_up_on_the_page_though_her_address_is_claimed_elsewhere(
    mailoutbox: Any, settings: Any, by_code: bool
) -> None:
    mallory = claims_as_further(ANNA)
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = by_code
    mailoutbox.clear()
    anna = sign_up(ANNA, PASSWORD)
    assert "_auth_user_id" not in anna.session
    if by_code:
        anna.post("/account/confirm-email/", {"code": code(ANNA)})
    else:
        anna.post(link("confirm", ANNA))
    assert anna.session["_auth_user_id"] == str(User.objects.get(email=ANNA).pk)
    assert not EmailAddress.objects.filter(user=mallory, email=ANNA).exists()
    assert gets_in(ANNA, PASSWORD)


def test_a_link_in_a_mail_puts_nobody_into_anothers_account(mailoutbox: Any) -> None:
    """Anna gets a mail that asks her to confirm her address for Mallory's account, and follows the link."""
    mallory = claims_as_further(ANNA)
    answer = Client().post(link("confirm", ANNA), follow=True)
    assert "Sign in to the account first" in answer.content.decode()
    data = {"key": link("confirm", ANNA).rstrip("/").rpartition("/")[2]}
    assert Client().post(API + "auth/email/verify", data, "application/json").status_code != 200
    assert not EmailAddress.objects.get(user=mallory, email=ANNA).verified
    assert not reset(ANNA, NEW)
    assert not gets_in(ANNA, TRAP)


def test_a_users_further_address_is_confirmed_while_signed_in(anna: User, mailoutbox: Any) -> None:
    browser = Client()
    browser.post("/account/login/", {"login": ANNA, "password": PASSWORD})
    SocialAccount.objects.create(user=anna, provider="google", uid="anna-g")
    browser.post("/account/email/", {"email": "anna@example.org", "action_add": ""})
    browser.post(link("confirm", "anna@example.org"))
    rows = EmailAddress.objects.order_by("email").values_list("email", "verified", "primary")
    assert list(rows) == [(ANNA, True, True), ("anna@example.org", True, False)]
    assert SocialAccount.objects.exists()
    assert gets_in("anna@example.org", PASSWORD)


def test_an_app_and_a_provider_take_a_merely_claimed_address(trap: Trap) -> None:
    told = Claims(provider="google", subject="anna-g", email=ANNA, email_verified=True)
    identities.sign_in(Call("googleIdp", "login", None, address="192.0.2.1"), told)
    anna = User.objects.get(email=ANNA)
    assert anna.pk != trap.user.pk
    assert list(EmailAddress.objects.filter(email=ANNA).values_list("user", "verified")) == [(anna.pk, True)]
    trap.user.refresh_from_db()
    assert trap.user.email == MALLORY, "the account stays Mallory's own"
    assert not gets_in(ANNA, TRAP)


def test_a_providers_word_in_the_account_that_claims_the_address_takes_it_over(trap: Trap) -> None:
    """A user who signed up on the page and never answered the mail links a provider that has verified the address."""
    token = sessions.issue(trap.user, method="email")
    inside = Identity(str(trap.user.pk), frozenset(), str(token.row.pk))
    told = Claims(provider="google", subject="anna-g", email=ANNA, email_verified=True)
    renewed = identities.sign_in(Call("googleIdp", "login", inside, address="192.0.2.1"), told)
    assert list(SocialAccount.objects.values_list("uid", flat=True)) == ["anna-g"]
    assert [each.email for each in EmailAddress.objects.all()] == [ANNA]
    assert works(renewed.token)
    assert not works(trap.token)


# Honest users -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["mandatory", "optional", "none"])
def test_confirming_in_the_browser_of_the_sign_up_signs_in_with_the_password(
    mode: str, settings: Any, mailoutbox: Any
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = mode
    browser = sign_up(ANNA, PASSWORD)
    browser.post(link("confirm", ANNA))
    assert browser.session["_auth_user_id"] == str(User.objects.get().pk)
    assert browser.get("/account/email/").status_code == 200
    assert gets_in(ANNA, PASSWORD)
    assert subjects(ANNA) == ["Please Confirm Your Email Address"], "nothing was removed"


def test_the_same_by_a_code(settings: Any, mailoutbox: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    browser = sign_up(ANNA, PASSWORD)
    assert browser.get("/account/confirm-email/").status_code == 200
    browser.post("/account/confirm-email/", {"code": code(ANNA)})
    assert browser.get("/account/email/").status_code == 200
    assert gets_in(ANNA, PASSWORD)


def test_the_same_in_the_headless_api(mailoutbox: Any) -> None:
    page = Client()
    data = {"email": ANNA, "password": PASSWORD}
    assert page.post(API + "auth/signup", data, "application/json").status_code == 401
    key = {"key": link("confirm", ANNA).rstrip("/").rpartition("/")[2]}
    assert page.post(API + "auth/email/verify", key, "application/json").status_code == 200
    assert page.get(API + "auth/session").status_code == 200
    assert gets_in(ANNA, PASSWORD)


def test_confirming_in_another_browser_sets_the_password_there(mailoutbox: Any) -> None:
    first, other = sign_up(ANNA, PASSWORD), Client()
    answer = other.post(link("confirm", ANNA))
    assert not gets_in(ANNA, PASSWORD), "the password may be a stranger's"
    form = other.get(answer["Location"], follow=True).redirect_chain[-1][0]
    assert other.post(form, {"password1": NEW, "password2": NEW}).status_code == 302
    assert gets_in(ANNA, NEW)
    assert first.get("/account/email/").status_code == 302


def test_an_address_that_staff_gave_is_proved(mailoutbox: Any) -> None:
    root = User.objects.create_superuser("root@example.com", PASSWORD)
    Authenticator.objects.create(
        user=root, type=Authenticator.Type.WEBAUTHN, data={"name": "x", "way_in": True}
    )
    browser = Client()
    browser.post("/account/login/", {"login": root.email, "password": PASSWORD})
    assert browser.get("/account/email/").status_code == 200
    assert EmailAddress.objects.get(user=root).verified
    assert reset("root@example.com", NEW)
    assert Authenticator.objects.filter(user=root).exists()
    assert gets_in("root@example.com", NEW)


# Merging ------------------------------------------------------------------------------------------------------------


def test_a_merge_does_not_copy_sign_in_methods_of_a_stranger(trap: Trap) -> None:
    EmailAddress.objects.filter(email=MALLORY).delete()
    anna = User.objects.create_user("anna@example.org", PASSWORD)
    EmailAddress.objects.create(user=anna, email=anna.email, primary=True, verified=True)
    kept = merging.merge(anna, trap.user)
    assert not SocialAccount.objects.exists() and not Authenticator.objects.exists()
    assert [each.email for each in EmailAddress.objects.all()] == ["anna@example.org"]
    assert kept.check_password(PASSWORD)


def test_a_merge_ends_the_sign_in_methods_of_an_account_without_an_owner(trap: Trap) -> None:
    EmailAddress.objects.filter(email=MALLORY).delete()
    anna = User.objects.create_user("anna@example.org", PASSWORD)
    SocialAccount.objects.create(user=anna, provider="google", uid="anna-g")
    kept = merging.merge(trap.user, anna)
    assert list(SocialAccount.objects.values_list("uid", flat=True)) == ["anna-g"]
    assert (kept.email, kept.check_password(PASSWORD)) == ("anna@example.org", True)
    assert not works(trap.token)
    assert not ownership.is_unproved(kept)


def test_challenges_of_the_account_end_with_its_strangers(trap: Trap) -> None:
    assert Challenge.objects.filter(user=trap.user).exists()
    by_reset_link(trap)
    assert not Challenge.objects.filter(user=trap.user).exists()


def test_an_operator_who_confirms_an_address_gives_the_account_to_its_owner(trap: Trap) -> None:
    request = RequestFactory().post("/")
    request.user = User.objects.create_superuser("root@example.com", PASSWORD)
    actions.confirm_address(trap.user, ANNA, request=request, reason="seen")
    assert list(EmailAddress.objects.filter(user=trap.user).values_list("email", "verified")) == [
        (ANNA, True)
    ]
    assert not SocialAccount.objects.exists() and not works(trap.token)


def test_addresses_that_staff_were_given_are_proved_by_the_migration() -> None:
    """allauth stored them as not confirmed when their owners opened its pages."""
    root = User.objects.create_superuser("root@example.com", PASSWORD)
    anna = User.objects.create_user(ANNA, PASSWORD)
    for user in (root, anna):
        EmailAddress.objects.create(user=user, email=user.email)
    migration = importlib.import_module("accounts.migrations.0011_staffs_addresses_are_proved")
    migration.confirm(apps, None)
    rows = EmailAddress.objects.order_by("email").values_list("email", "verified", "primary")
    assert list(rows) == [(ANNA, False, False), ("root@example.com", True, True)]


def test_a_deletion_that_a_stranger_asked_for_is_called_off(trap: Trap, settings: Any, later: Any) -> None:
    settings.ACCOUNTS_DELETION_DAYS = 14
    deletion.request(trap.user)
    later(days=1)
    assert reset(ANNA, NEW)
    assert deletion.due_at(User.objects.get(email=ANNA)) is None
    later(days=15)
    work()
    assert User.objects.filter(email=ANNA).exists()


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run acts at the same time; return their results, or the types of the exceptions they raise."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        barrier.wait(60)
        try:
            return act()
        except (ownership.Owned, DatabaseError) as error:
            return type(error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def claimant(name: str, *, address: str | None) -> User:
    user = User.objects.create_user(address, name=name)
    EmailAddress.objects.create(user=user, email=ANNA, primary=True)
    return user


def test_of_two_proofs_at_once_in_two_accounts_one_counts() -> None:
    for number in range(5):
        User.objects.all().delete()
        first, second = claimant("first", address=ANNA), claimant("second", address=None)
        outcomes = at_once(partial(ownership.prove, first, ANNA), partial(ownership.prove, second, ANNA))
        assert sorted(map(str, outcomes)) == sorted([str(ownership.Owned), "None"]), (number, outcomes)
        assert EmailAddress.objects.get(email=ANNA).verified
        assert User.objects.filter(email=ANNA).count() == 1


def test_of_a_mailed_link_and_a_provider_at_once_one_counts(mailoutbox: Any) -> None:
    for number in range(3):
        User.objects.all().delete()
        cache.clear()
        mailoutbox.clear()
        sign_up(ANNA, PASSWORD)
        path, browser = link("confirm", ANNA), Client()
        claims = Claims(
            provider="google", subject="anna-g", email=ANNA, email_verified=True, raw={"hd": "example.com"}
        )
        call = Call("googleIdp", "login", None, address="192.0.2.1")
        outcomes = at_once(partial(browser.post, path), partial(identities.sign_in, call, claims))
        assert not any(isinstance(each, type) for each in outcomes), (number, outcomes)
        assert EmailAddress.objects.get(email=ANNA).verified
        assert User.objects.filter(email=ANNA).count() == 1
