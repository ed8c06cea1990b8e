"""The account of an identity: known, the caller's, that of an address, or a new one. In apps and browsers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts import signals
from accounts.models import SecurityEvent, Session, User
from accounts.protocol import (
    AuthUserBlockedException,
    SecondFactorRequiredException,
    SignInWhileAuthenticatedException,
)
from accounts.providers.claims import Claims
from accounts.providers.google import claims as google
from accounts.providers.google.endpoints import GoogleIdpBaseEndpoint
from accounts.providers.oidc.endpoints import OidcIdpBaseEndpoint
from accounts.providers.oidc.setup import OpenIDConnect
from accounts.sign_in import identities
from accounts.sign_in.identities import SignUpClosed
from podium.endpoints.calls import Call, Identity
from podium.endpoints.errors import NotSignedIn
from podium.endpoints.testing import call, serving
from tests.accounts import oidc_provider
from tests.accounts.conftest import PASSWORD, just_signed_in
from tests.accounts.oidc_provider import CLIENT, SECRET, Grant, Provider
from tests.accounts.sign_in.test_reauthentication import browser as signed_in_since

pytestmark = pytest.mark.django_db


class GoogleIdpEndpoint(GoogleIdpBaseEndpoint):
    module: ClassVar[str] = ""


class OidcIdpEndpoint(OidcIdpBaseEndpoint):
    """A callable subclass of the base."""


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Provider]:
    with oidc_provider.running() as running, serving(GoogleIdpEndpoint, OidcIdpEndpoint):
        monkeypatch.setattr(google, "KEYS_URL", f"{running.url}/keys")
        settings.ACCOUNTS_GOOGLE = {"client_ids": [CLIENT]}
        settings.ACCOUNTS_OIDC = {
            "company": {"issuer": running.url, "client_ids": [CLIENT], "client_secret": SECRET}
        }
        yield running


@pytest.fixture
def sign_in(provider: Provider) -> Any:
    """sign_in(sub, user=..., email=...): with Google, which vouches for the address."""

    def sign_in(sub: str = "anna-1", *, user: Any = None, **claims: Any) -> Any:
        told = {"iss": "https://accounts.google.com", "email_verified": True, **claims}
        user = just_signed_in(user) if isinstance(user, User) else user
        return call("googleIdp.login", user=user, id_token=provider.token(sub=sub, **told), access_token=None)

    return sign_in


def with_address(email: str, *, verified: bool) -> User:
    user = User.objects.create_user(email, PASSWORD)
    EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    return user


# Linking to the caller ----------------------------------------------------------------------------------------------


def test_an_identity_is_linked_to_a_signed_in_user(sign_in: Any) -> None:
    anna = User.objects.create_user("anna@example.com", PASSWORD)
    assert sign_in(user=anna, email="other@example.com").auth_user_id == anna.pk
    assert sign_in().auth_user_id == anna.pk
    anna.refresh_from_db()
    assert anna.email == "anna@example.com"
    assert anna.has_usable_password()
    assert User.objects.count() == 1


def test_a_user_without_name_and_address_gets_those_of_the_identity(sign_in: Any) -> None:
    guest = User.objects.create_user()
    sign_in(user=guest, email="Anna@gmail.com", name="Anna\n\0 Berg" + "g" * 200)
    guest.refresh_from_db()
    assert guest.email == "anna@gmail.com"
    assert guest.name == ("Anna Berg" + "g" * 200)[:150]
    assert EmailAddress.objects.get().verified


def test_an_identity_of_another_user_is_not_linked(sign_in: Any) -> None:
    sign_in()
    ben = User.objects.create_user("ben@example.com")
    with pytest.raises(SignInWhileAuthenticatedException):
        sign_in(user=ben)
    assert not SocialAccount.objects.filter(user=ben).exists()
    assert Session.objects.filter(user=ben).count() == 1  # the call's own


def test_a_user_deleted_meanwhile_is_not_signed_in(sign_in: Any) -> None:
    gone = User.objects.create_user()
    identity = Identity(str(gone.pk), frozenset())
    gone.delete()
    with pytest.raises(NotSignedIn):
        sign_in(user=identity)
    assert not User.objects.exists()


# Addresses ----------------------------------------------------------------------------------------------------------


def test_a_confirmed_address_that_the_provider_gives_out_opens_its_account(sign_in: Any) -> None:
    anna = with_address("anna@gmail.com", verified=True)
    assert sign_in(email="Anna@GMAIL.com").auth_user_id == anna.pk
    ben = with_address("ben@example.org", verified=True)
    assert sign_in("ben-2", email="ben@example.org", hd="example.org").auth_user_id == ben.pk
    assert list(SecurityEvent.objects.filter(event="identity_linked").values_list("user", flat=True)) == [
        ben.pk,
        anna.pk,
    ]


@pytest.mark.parametrize(
    ("email", "verified", "claims"),
    [
        ("anna@gmail.com", True, {"email_verified": False}),
        ("anna@gmail.com", True, {"email_verified": None}),
        ("anna@example.com", True, {}),  # the mailbox may have another owner since Google asked
        ("anna@gmail.com.evil.example", True, {}),
    ],
)
def test_other_addresses_open_no_account(sign_in: Any, email: str, verified: bool, claims: Any) -> None:
    there = with_address(email, verified=verified)
    success = sign_in(email=email, **claims)
    assert success.auth_user_id != there.pk
    newcomer = User.objects.get(pk=success.auth_user_id)
    there.refresh_from_db()
    assert (there.email, newcomer.email) == (email, None)
    assert there.check_password(PASSWORD)  # nothing happened to it
    assert not EmailAddress.objects.filter(user=newcomer).exists()


def test_a_claimed_address_opens_no_account_and_goes_to_its_owner(sign_in: Any) -> None:
    """A stranger signed up with Anna's address and waits for her."""
    stranger = with_address("anna@gmail.com", verified=False)
    anna = User.objects.get(pk=sign_in(email="anna@gmail.com").auth_user_id)
    stranger.refresh_from_db()
    assert (anna.email, stranger.email) == ("anna@gmail.com", None)
    assert list(EmailAddress.objects.values_list("user", "verified")) == [(anna.pk, True)]


def test_a_user_without_a_confirmed_address_is_not_opened(sign_in: Any) -> None:
    root = User.objects.create_superuser("root@gmail.com", PASSWORD)
    assert sign_in(email="root@gmail.com").auth_user_id != root.pk


def test_a_trusted_providers_word_opens_any_account(sign_in: Any, provider: Provider, settings: Any) -> None:
    anna = with_address("anna@example.com", verified=True)
    token = provider.token(email="anna@example.com", email_verified=True)
    other = call("oidcIdp.login", provider="company", id_token=token)
    assert other.auth_user_id != anna.pk
    User.objects.exclude(pk=anna.pk).delete()
    settings.ACCOUNTS_TRUSTED_PROVIDERS = ["company"]
    token = provider.token(email="anna@example.com", email_verified=True)
    assert call("oidcIdp.login", provider="company", id_token=token).auth_user_id == anna.pk
    unmarked = provider.token(sub="ben-2", email="ben@example.com")
    ben = User.objects.get(pk=call("oidcIdp.login", provider="company", id_token=unmarked).auth_user_id)
    assert ben.email == "ben@example.com"


@pytest.mark.parametrize(
    "email", ["", "x", "a@b", "anna@gmail.com\n", " Anna@gmail.com ", "x" * 250 + "@gmail.com"]
)
def test_addresses_that_are_none_are_passed_over(sign_in: Any, email: str) -> None:
    user = User.objects.get(pk=sign_in(email=email).auth_user_id)
    assert user.email in (None, "anna@gmail.com")
    assert (user.email is None) == (email.strip().lower() != "anna@gmail.com")


# Unlinking and deleting ---------------------------------------------------------------------------------------------


def test_the_blocked_and_those_with_a_second_factor_are_stopped(sign_in: Any) -> None:
    sign_in()
    user = User.objects.get()
    Session.objects.all().delete()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    with pytest.raises(SecondFactorRequiredException):
        sign_in()
    User.objects.update(is_active=False)
    with pytest.raises(AuthUserBlockedException):
        sign_in()
    assert not Session.objects.exists()


def test_a_server_that_is_closed_takes_those_it_knows(sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in()
    monkeypatch.setattr("accounts.web.adapter.AccountAdapter.is_open_for_signup", lambda *_: False)
    assert sign_in().token
    with pytest.raises(SignUpClosed):
        sign_in("ben-2")
    assert User.objects.count() == 1


def test_apps_hear_of_new_users_and_identities(sign_in: Any) -> None:
    heard: list[tuple[str, str, str]] = []

    def created(*, user: User, method: str, claims: Claims, **_: Any) -> None:
        heard.append(("created", method, claims.picture))

    def linked(*, user: User, method: str, claims: Claims, **_: Any) -> None:
        heard.append(("linked", method, claims.subject))

    signals.user_created.connect(created)
    signals.identity_linked.connect(linked)
    try:
        sign_in(picture="https://x.example/a.png")
        sign_in()
        sign_in("anna-2", user=User.objects.get())
    finally:
        signals.user_created.disconnect(created)
        signals.identity_linked.disconnect(linked)
    assert heard == [("created", "google", "https://x.example/a.png"), ("linked", "google", "anna-2")]


def test_an_error_in_a_receiver_undoes_the_sign_up(sign_in: Any) -> None:
    def refuse(**_: Any) -> None:
        raise SignUpClosed

    signals.user_created.connect(refuse)
    try:
        with pytest.raises(SignUpClosed):
            sign_in()
    finally:
        signals.user_created.disconnect(refuse)
    assert not User.objects.exists()
    assert not SocialAccount.objects.exists()


def test_two_first_sign_ins_at_once_make_one_user(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other sign-in finishes between this one's look-up and its INSERT."""
    claims = Claims(provider="google", subject="anna-1", email="anna@gmail.com", email_verified=True)
    context = Call("googleIdp", "login", None, address="192.0.2.1")
    real = identities._link

    def meanwhile(user: User, told: Claims) -> None:
        monkeypatch.setattr(identities, "_link", real)
        SocialAccount.objects.create(user=user, provider="google", uid="anna-1")
        real(user, told)

    monkeypatch.setattr(identities, "_link", meanwhile)
    assert identities.sign_in(context, claims).token
    assert User.objects.count() == SocialAccount.objects.count() == 1


@pytest.mark.parametrize("name", ["a\0b", "half \ud83d", "ganz 😀"])
def test_characters_that_postgres_cannot_keep_are_left_out(provider: Provider, name: str) -> None:
    claims = Claims(provider="google", subject="anna-1", name=name, raw={"name": name})
    identities.sign_in(Call("googleIdp", "login", None, address="192.0.2.1"), claims)
    assert SocialAccount.objects.get().extra_data == ({"name": name} if "😀" in name else {})
    assert User.objects.get().name == " ".join(name.replace("\0", " ").replace("\ud83d", " ").split())


# Browsers -----------------------------------------------------------------------------------------------------------


def browse(provider: Provider, browser: Client | None = None, **claims: Any) -> Client:
    """Sign in on allauth's pages, or link for a signed-in user. The provider's page is answered at once."""
    process = "connect" if browser else "login"
    browser = browser or Client()
    page = browser.post(f"/account/oidc/company/login/?process={process}")
    assert page.status_code == 302, page.content
    asked = {name: values[0] for name, values in parse_qs(urlsplit(page["Location"]).query).items()}
    assert page["Location"].startswith(f"{provider.url}/authorize?")
    told = {"sub": "anna-1", "name": "Anna", **claims}
    provider.answers["/userinfo"] = told
    code = "code-of-a-browser"
    answer = {"access_token": "a", "token_type": "bearer", "id_token": provider.token(**told)}
    provider.grants[code] = Grant(answer, CLIENT, asked["redirect_uri"], asked["code_challenge"])
    browser.get("/account/oidc/company/login/callback/", {"code": code, "state": asked["state"]})
    return browser


@pytest.fixture
def pages(provider: Provider, settings: Any) -> Provider:
    settings.SOCIALACCOUNT_PROVIDERS = OpenIDConnect.on_pages()
    return provider


def test_a_user_is_the_same_one_in_an_app_and_in_a_browser(pages: Provider) -> None:
    in_app = call("oidcIdp.login", provider="company", id_token=pages.token())
    browser = browse(pages)
    assert browser.session["_auth_user_id"] == str(in_app.auth_user_id)
    assert User.objects.count() == 1


def test_a_user_of_the_browser_signs_in_in_the_app(pages: Provider) -> None:
    heard = []

    def created(*, user: User, method: str, **_: Any) -> None:
        heard.append((user.name, method))

    signals.user_created.connect(created)
    try:
        browser = browse(pages, email="anna@example.com", email_verified=True)
    finally:
        signals.user_created.disconnect(created)
    user = User.objects.get()
    assert browser.session["_auth_user_id"] == str(user.pk)
    assert (user.name, user.email) == ("Anna", "anna@example.com")
    assert heard == [("Anna", "company")]
    assert call("oidcIdp.login", provider="company", id_token=pages.token()).auth_user_id == user.pk


@pytest.mark.parametrize(
    ("verified", "trusted", "opens"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_addresses_open_accounts_in_browsers_by_the_same_rule(
    pages: Provider, settings: Any, verified: bool, trusted: bool, opens: bool
) -> None:
    anna = with_address("anna@example.com", verified=verified)
    settings.ACCOUNTS_TRUSTED_PROVIDERS = ["company"] if trusted else []
    browser = browse(pages, email="anna@example.com", email_verified=True)
    assert (browser.session.get("_auth_user_id") == str(anna.pk)) is opens
    assert SocialAccount.objects.filter(user=anna).exists() is opens


def test_the_page_of_identities_shows_those_of_firebase_too(pages: Provider) -> None:
    call("oidcIdp.login", provider="company", id_token=pages.token())
    user = User.objects.get()
    SocialAccount.objects.create(user=user, provider="firebase", uid="f")
    browser = Client()
    browser.force_login(user)
    page = browser.get("/account/3rdparty/")
    assert page.status_code == 200
    assert b"Firebase" in page.content


def test_the_sign_in_page_names_the_providers_that_are_set_up(pages: Provider) -> None:
    page = Client().get("/account/login/").content
    assert b"/account/oidc/company/login/" in page
    assert b"/account/google/login/" not in page


@pytest.mark.parametrize("verified", [True, False])
@pytest.mark.parametrize("mode", ["mandatory", "optional", "none"])
def test_a_providers_page_does_not_tell_which_addresses_are_taken(
    pages: Provider, settings: Any, mode: str, verified: bool
) -> None:
    """A user of a provider may have entered any address in their account there."""
    settings.ACCOUNT_EMAIL_VERIFICATION = mode
    with_address("anna@example.com", verified=verified)
    for sub, email in [("mallory-1", "anna@example.com"), ("mallory-2", "free@example.com")]:
        browser = browse(pages, sub=sub, email=email, email_verified=False)
        user = User.objects.get(pk=browser.session["_auth_user_id"])
        assert (user.email, user.has_usable_password()) == (None, False)
        assert not EmailAddress.objects.filter(user=user).exists()


def test_a_providers_word_on_the_pages_takes_a_claimed_address_from_a_stranger(pages: Provider) -> None:
    stranger = with_address("anna@example.com", verified=False)
    browser = browse(pages, email="anna@example.com", email_verified=True)
    anna = User.objects.get(pk=browser.session["_auth_user_id"])
    stranger.refresh_from_db()
    assert (anna.email, stranger.email) == ("anna@example.com", None)
    assert list(EmailAddress.objects.values_list("user", "verified")) == [(anna.pk, True)]


def test_on_the_pages_a_providers_word_takes_over_an_account_that_was_nobodys(pages: Provider) -> None:
    """Anna's provider was linked to an account with her address, and nobody had confirmed the address."""
    user = with_address("anna@example.com", verified=False)
    SocialAccount.objects.create(user=user, provider="company", uid="anna-1")
    SocialAccount.objects.create(user=user, provider="google", uid="mallory-g")
    browser = browse(pages, email="anna@example.com", email_verified=True)
    assert browser.session["_auth_user_id"] == str(user.pk)
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert list(SocialAccount.objects.values_list("uid", flat=True)) == ["anna-1"]
    assert browser.get("/account/email/").status_code == 200


def test_a_provider_that_is_linked_on_the_pages_proves_the_address(pages: Provider) -> None:
    user = with_address("anna@example.com", verified=False)
    SocialAccount.objects.create(user=user, provider="google", uid="mallory-g")
    browser = signed_in_since(user, minutes=1)  # linking needs a recent proof
    browse(pages, browser, email="anna@example.com", email_verified=True)
    assert list(SocialAccount.objects.values_list("uid", flat=True)) == ["anna-1"]
    assert EmailAddress.objects.get().verified
    assert browser.get("/account/email/").status_code == 200
