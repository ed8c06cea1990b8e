"""ID tokens of providers, sent to the endpoint: every fault is refused, and keys can change."""

from __future__ import annotations

import base64
import json
import logging
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from accounts.models import User
from accounts.protocol import IdentityVerificationException
from accounts.providers import keys, published
from accounts.providers.oidc.endpoints import OidcIdpBaseEndpoint
from accounts.providers.refusal import Refused
from podium.endpoints.testing import call, serving
from tests.accounts import oidc_provider
from tests.accounts.oidc_provider import CLIENT, REDIRECT, SECRET, VERIFIER, Provider, ec_key, rsa_key

pytestmark = pytest.mark.django_db


class OidcIdpEndpoint(OidcIdpBaseEndpoint):
    """A callable subclass of the base."""


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with oidc_provider.running() as running, serving(OidcIdpEndpoint):
        settings.ACCOUNTS_OIDC = {
            "company": {
                "issuer": running.url,
                "client_ids": [CLIENT, "our-other-client"],
                "client_secret": SECRET,
                "redirect_uris": [REDIRECT],
            }
        }
        settings.ACCOUNTS_KEY_RETRY_SECONDS = 0.0
        yield running


def sign_in(token: str, **arguments: Any) -> Any:
    return call("oidcIdp.login", provider="company", id_token=token, **arguments)


def sign_in_with(code: str, **arguments: Any) -> Any:
    given = {"provider": "company", "code_verifier": VERIFIER, "redirect_uri": REDIRECT, **arguments}
    return call("oidcIdp.login_with_code", code=code, **given)


@pytest.fixture
def refused(caplog: pytest.LogCaptureFixture) -> Iterator[Any]:
    """refused(token, reason): no user is created, and the log has the reason without the token."""

    def refused(token: str, why: str, **arguments: Any) -> None:
        caplog.clear()
        with pytest.raises(IdentityVerificationException) as error:
            sign_in(token, **arguments)
        assert vars(error.value) == {"provider": "company"}
        assert why in caplog.text
        assert not token or token not in caplog.text
        assert not User.objects.exists()

    with caplog.at_level(logging.INFO, "podium.accounts"):
        yield refused


def test_a_good_token_signs_in(provider: Provider) -> None:
    success = sign_in(provider.token(name="Anna", email="anna@example.com", email_verified=True))
    user = User.objects.get()
    assert success.auth_user_id == user.pk
    assert (user.name, user.email) == ("Anna", "anna@example.com")
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid, account.user) == ("company", "anna-1", user)
    assert sign_in(provider.token()).auth_user_id == user.pk
    assert sign_in(provider.token(aud="our-other-client")).auth_user_id == user.pk
    assert sign_in(provider.token(aud=[CLIENT, "theirs"], azp=CLIENT)).auth_user_id == user.pk
    assert provider.count("/keys") == 1


def test_a_token_with_an_ec_key(provider: Provider) -> None:
    provider.keys = [ec_key("curve")]
    assert sign_in(provider.token()).token


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"iss": "https://evil.example"}, "is from 'https://evil.example'"),
        ({"iss": None}, "iss"),
        ({"aud": "another-app"}, "Audience"),
        ({"aud": None}, "aud"),
        ({"aud": [CLIENT, "another-app"]}, "made for None"),
        ({"aud": [CLIENT, "another-app"], "azp": "another-app"}, "made for 'another-app'"),
        ({"exp": int(time.time()) - 3600}, "expired"),
        ({"exp": None}, "exp"),
        ({"iat": int(time.time()) + 3600}, "not yet valid"),
        ({"iat": None}, "iat"),
        ({"nbf": int(time.time()) + 3600}, "not yet valid"),
        ({"sub": None}, "sub"),
        ({"sub": ""}, "subject is empty"),
        ({"sub": "x" * 192}, "too long"),
        ({"sub": "anna\0"}, "no plain text"),
        ({"sub": 7}, "Subject must be a string"),
    ],
)
def test_a_token_with_wrong_claims_is_refused(
    provider: Provider, refused: Any, claims: dict[str, Any], why: str
) -> None:
    refused(provider.token(**claims), why)


def test_clocks_may_differ_a_little(provider: Provider) -> None:
    now = int(time.time())
    assert sign_in(provider.token(exp=now - 10, iat=now + 10)).token


def test_a_token_counts_once(provider: Provider, caplog: pytest.LogCaptureFixture) -> None:
    token = provider.token(nonce="mine")
    assert sign_in(token, nonce="mine").token
    head, _, signature = token.rpartition(".")
    respelt = signature[:-1] + chr(
        ord(signature[-1]) + 1
    )  # the same bytes: the last character has unused bits
    for again in (token, f"{head}.{respelt}"):
        with pytest.raises(IdentityVerificationException):
            sign_in(again, nonce="mine")
    assert caplog.text.count("was used before") == 2
    assert sign_in(provider.token(nonce="mine"), nonce="mine").token


def test_the_nonce_must_be_the_apps_own(provider: Provider, refused: Any) -> None:
    refused(provider.token(), "another nonce", nonce="mine")
    refused(provider.token(nonce="theirs"), "another nonce", nonce="mine")
    assert sign_in(provider.token(nonce="mine"), nonce="mine").token


def test_a_signature_that_is_not_the_providers_is_refused(provider: Provider, refused: Any) -> None:
    refused(provider.token(key=rsa_key("first")), "Signature verification failed")
    header, claims, signature = provider.token().split(".")
    told = json.loads(base64.urlsafe_b64decode(claims + "=="))
    other = base64.urlsafe_b64encode(json.dumps({**told, "sub": "ben"}).encode()).rstrip(b"=").decode()
    refused(f"{header}.{other}.{signature}", "Signature verification failed")


def forged(algorithm: str, claims: dict[str, Any], secret: bytes) -> str:
    """Tokens that PyJWT refuses to make: HMAC with a public key as its secret, or no signature."""
    import hashlib
    import hmac

    def part(value: bytes) -> bytes:
        return base64.urlsafe_b64encode(value).rstrip(b"=")

    signed = (
        part(json.dumps({"alg": algorithm, "kid": "first"}).encode())
        + b"."
        + part(json.dumps(claims).encode())
    )
    signature = hmac.new(secret, signed, hashlib.sha256).digest() if secret else b""
    return (signed + b"." + part(signature)).decode()


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "HS512"])
def test_algorithms_without_a_public_key_are_refused(
    provider: Provider, refused: Any, algorithm: str
) -> None:
    now = int(time.time())
    claims = {"iss": provider.url, "aud": CLIENT, "sub": "anna-1", "iat": now, "exp": now + 600}
    public = (
        provider.keys[0].private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    secret = b"" if algorithm.lower() == "none" else public
    refused(forged(algorithm, claims, secret), f"signed with '{algorithm}'")


def test_a_secret_key_among_the_published_ones_is_passed_over(provider: Provider, refused: Any) -> None:
    secret = base64.urlsafe_b64encode(b"s" * 32).decode()
    symmetric = {"kty": "oct", "kid": "first", "k": secret, "use": "sig", "alg": "HS256"}
    provider.answers["/keys"] = {"keys": [symmetric, ec_key("other").jwk()]}
    refused(provider.token(), "has no key 'first'")


def test_a_key_for_another_algorithm_is_refused(provider: Provider, refused: Any) -> None:
    provider.answers["/keys"] = {"keys": [provider.keys[0].jwk(alg="RS512")]}
    refused(provider.token(), "alg value is not allowed")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "a.b", "é.é.é", "e30.e30.", "x" * 20_000])
def test_an_invalid_token_is_refused(provider: Provider, refused: Any, token: str) -> None:
    refused(token, "the token")


@pytest.mark.parametrize("key_id", [None, 5, "unknown", "\n" * 300])
def test_a_key_id_that_is_not_published_is_refused(provider: Provider, refused: Any, key_id: Any) -> None:
    token = provider.token()
    if key_id != 5:
        import jwt

        key = provider.keys[0]
        now = int(time.time())
        claims = {"iss": provider.url, "aud": CLIENT, "sub": "anna-1", "iat": now, "exp": now + 600}
        token = jwt.encode(claims, key.private, "RS256", headers={"kid": key_id} if key_id else None)
        refused(token, "has no key" if key_id else "does not name its key")
        return
    header = base64.urlsafe_b64encode(b'{"alg":"RS256","kid":5}').rstrip(b"=").decode()
    refused(f"{header}.{token.partition('.')[2]}", "the token")


def test_keys_change_while_the_old_ones_are_published(provider: Provider, refused: Any) -> None:
    old, new = provider.keys[0], rsa_key("second")
    sign_in(provider.token())
    provider.keys = [new, old]
    assert sign_in(provider.token(key=new)).token
    assert sign_in(provider.token(key=old)).token
    assert provider.count("/keys") == 2
    User.objects.all().delete()
    third = rsa_key("third")
    provider.keys = [new, third]
    assert sign_in(provider.token(key=third)).token  # fetches, and with that forgets the old one
    User.objects.all().delete()
    refused(provider.token(key=old), "has no key 'first'")


def test_unknown_ids_ask_the_provider_no_more_than_once_in_a_while(
    provider: Provider, refused: Any, settings: Any
) -> None:
    settings.ACCOUNTS_KEY_RETRY_SECONDS = 60.0
    for number in range(5):
        refused(provider.token(headers={"kid": f"invented-{number}"}), "has no key")
    assert provider.count("/keys") == 1
    assert sign_in(provider.token()).token


def test_known_keys_work_while_the_provider_is_down(
    provider: Provider, refused: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    assert sign_in(provider.token()).token
    User.objects.all().delete()
    provider.down = True
    settings.ACCOUNTS_KEY_SECONDS = 0.0  # the keys are old at once
    assert sign_in(provider.token()).token
    User.objects.all().delete()
    refused(provider.token(headers={"kid": "new"}), "has no key")
    monkeypatch.setattr(published, "STALE_SECONDS", 0.0)
    refused(provider.token(), "answered with 503")
    monkeypatch.undo()
    provider.down = False
    assert sign_in(provider.token()).token


def test_without_keys_nobody_gets_in(provider: Provider, refused: Any) -> None:
    provider.answers["/keys"] = (500, {})
    refused(provider.token(), "answered with 500")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"{" + b" " * 300_000 + b"}", "more than 262144 bytes"),
        (b"not json", "not JSON"),
        ([], "not a valid JWK set"),
        ({"keys": "x"}, "not a valid JWK set"),
        ({"keys": [{"kid": str(number)} for number in range(101)]}, "too many"),
        (
            {"keys": [1, {}, {"kid": 1}, {"kid": "first", "kty": "RSA"}, {"kid": "first", "kty": "?"}]},
            "no usable key",
        ),
        ((302, {}), "answered with 302"),
    ],
)
def test_keys_that_make_no_sense_are_refused(provider: Provider, refused: Any, answer: Any, why: str) -> None:
    provider.answers["/keys"] = answer
    refused(provider.token(), why)


def test_a_provider_that_answers_slowly_is_given_up(provider: Provider, refused: Any, settings: Any) -> None:
    settings.ACCOUNTS_PROVIDER_SECONDS = 0.2

    def slow(*_: Any) -> Any:
        time.sleep(1)
        return {}

    provider.answers["/keys"] = slow
    began = time.monotonic()
    refused(provider.token(), "could not be reached: ReadTimeout")
    assert time.monotonic() - began < 0.9


def test_a_provider_that_is_not_there(provider: Provider, refused: Any, settings: Any) -> None:
    token = provider.token(iss="http://127.0.0.1:1")
    company = {**settings.ACCOUNTS_OIDC["company"], "issuer": "http://127.0.0.1:1"}
    settings.ACCOUNTS_OIDC = {"company": company}
    refused(token, "could not be reached: ConnectionError")


def test_a_provider_without_tls_is_not_asked(provider: Provider, refused: Any, settings: Any) -> None:
    company = {**settings.ACCOUNTS_OIDC["company"], "issuer": "http://idp.example.com"}
    settings.ACCOUNTS_OIDC = {"company": company}
    refused(provider.token(), "not an https address")


def test_a_configuration_of_another_issuer_is_refused(provider: Provider, refused: Any) -> None:
    provider.answers["/.well-known/openid-configuration"] = {"issuer": "https://evil.example"}
    refused(provider.token(), "is of the issuer 'https://evil.example'")


def test_the_configuration_is_kept_while_the_provider_is_down(provider: Provider, settings: Any) -> None:
    assert sign_in(provider.token()).token
    settings.ACCOUNTS_KEY_SECONDS = 0.0
    provider.down = True
    assert sign_in(provider.token()).token


@pytest.mark.parametrize("name", ["nobody", "google", "", "x\ny"])
def test_a_provider_that_is_not_set_up(
    provider: Provider, name: str, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ACCOUNTS_OIDC = {**settings.ACCOUNTS_OIDC, "google": settings.ACCOUNTS_OIDC["company"]}
    with pytest.raises(IdentityVerificationException):
        call("oidcIdp.login", provider=name, id_token=provider.token())
    assert "x\ny" not in caplog.text
    assert not User.objects.exists()


# Authorization codes -------------------------------------------------------------------------------------------------


def test_a_code_signs_in_once(provider: Provider) -> None:
    code = provider.code({"id_token": provider.token(nonce="n")})
    assert sign_in_with(code, nonce="n").token
    with pytest.raises(IdentityVerificationException):
        sign_in_with(code, nonce="n")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "asks"),
    [
        ({"code_verifier": "w" * 50}, 1),
        ({"code_verifier": "short"}, 0),
        ({"code_verifier": "ü" * 50}, 0),
        ({"redirect_uri": "https://evil.example/auth"}, 0),
        ({"redirect_uri": ""}, 0),
        ({"nonce": "another"}, 1),
        ({"code": ""}, 0),
        ({"code": "invented"}, 1),
        ({"code": "x" * 5000}, 0),
    ],
)
def test_a_code_with_something_wrong_is_refused(
    provider: Provider, caplog: pytest.LogCaptureFixture, wrong: dict[str, str], asks: int
) -> None:
    code = provider.code({"id_token": provider.token()})
    with pytest.raises(IdentityVerificationException):
        sign_in_with(**{"code": code, **wrong})
    assert provider.count("/token") == asks
    assert "was refused" in caplog.text
    assert code not in caplog.text
    assert SECRET not in caplog.text
    assert not User.objects.exists()


def test_a_code_of_another_redirect_is_refused(provider: Provider, settings: Any) -> None:
    other = "https://other.example.com/auth"
    company = {**settings.ACCOUNTS_OIDC["company"], "redirect_uris": [REDIRECT, other]}
    settings.ACCOUNTS_OIDC = {"company": company}
    with pytest.raises(IdentityVerificationException):
        sign_in_with(provider.code({"id_token": provider.token()}), redirect_uri=other)


def test_a_code_is_refused_with_the_wrong_secret(provider: Provider, settings: Any) -> None:
    settings.ACCOUNTS_OIDC = {"company": {**settings.ACCOUNTS_OIDC["company"], "client_secret": "guessed"}}
    with pytest.raises(IdentityVerificationException):
        sign_in_with(provider.code({"id_token": provider.token()}))


def test_a_token_that_came_with_a_code_is_verified_too(provider: Provider) -> None:
    answers: list[Any] = [{"id_token": provider.token(key=rsa_key("first"))}, {"id_token": 5}, {}, []]
    for answer in answers:
        with pytest.raises(IdentityVerificationException):
            sign_in_with(provider.code(answer))
    assert not User.objects.exists()


def test_an_account_at_the_provider_is_reported(provider: Provider) -> None:
    assert call("oidcIdp.has_account", provider="company") is False
    sign_in(provider.token())
    user = User.objects.get()
    assert call("oidcIdp.has_account", provider="company", user=user) is True
    assert call("oidcIdp.has_account", provider="other", user=user) is False


def test_only_so_many_addresses_are_kept() -> None:
    assert keys.key_set.cache_info().maxsize == 100


def test_a_key_that_is_known_waits_for_nobody(provider: Provider, settings: Any) -> None:
    """While a request for an unknown key hangs, known ones work."""
    assert sign_in(provider.token()).token
    asked, go_on = threading.Event(), threading.Event()

    def hang(*_: Any) -> Any:
        asked.set()
        go_on.wait(5)
        return (503, {})

    provider.answers["/keys"] = hang
    keyset = keys.key_set(f"{provider.url}/keys")

    def find() -> None:
        with pytest.raises(Refused):
            keyset.find("unknown")

    waiting = threading.Thread(target=find)
    waiting.start()
    assert asked.wait(5)
    began = time.monotonic()
    assert keyset.find("first").algorithm == "RS256"
    assert time.monotonic() - began < 2.5
    go_on.set()
    waiting.join()


def test_a_provider_that_is_down_is_not_asked_at_each_sign_in(
    provider: Provider, refused: Any, settings: Any
) -> None:
    settings.ACCOUNTS_KEY_RETRY_SECONDS = 60.0
    provider.down = True
    for _ in range(5):
        refused(provider.token(), "answered with 503")
    assert len(provider.asked) == 1
