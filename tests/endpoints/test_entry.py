"""Every rule for calls, through every entry: HTTP, the socket, the test helpers and REST give the same answer."""

from __future__ import annotations

import base64
import dataclasses
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission

from accounts.keys import keys
from accounts.models import SecurityEvent, User
from accounts.sessions import identity_cache, sessions
from podium.core import clock, observe
from podium.core.errors import PodiumError
from podium.endpoints.calls import CredentialExpired
from podium.endpoints.errors import (
    ApiKeyRefused,
    BadAuthorizationHeader,
    BadRequest,
    EndpointNotFound,
    ImpersonationRefused,
    InvalidArguments,
    MethodNotFound,
    NotSignedIn,
    ScopeMissing,
    SignInUnfinished,
    TooManyCalls,
)
from podium.endpoints.registry import Entry, Registry, instead
from podium.endpoints.signals import impersonation_refused
from tests.endpoints.entry_rules import ENDPOINTS, ENTRIES

pytestmark = pytest.mark.django_db(transaction=True)

Given = Callable[[pytest.MonkeyPatch, Any], str | None]
"""Prepares a credential: an Authorization header, or None without one."""


@dataclass(frozen=True)
class NotHere:
    """The rule does not apply to an entry. reason: why."""

    reason: str


Outcome = str | type[PodiumError] | NotHere


@dataclass(frozen=True)
class Rule:
    """A call and its outcome, which is the same through every entry but those in `but`.

    given     prepares the caller's credential
    outcome   the caller that the method sees, or the error
    but       the outcome at an entry that differs, or the reason why the rule does not apply there
    fields    the fields of Entry that the rule tests
    """

    name: str
    endpoint: str
    given: Given
    outcome: Outcome
    arguments: Mapping[str, Any] = field(default_factory=dict)
    but: Mapping[str, Outcome] = field(default_factory=dict)
    fields: frozenset[str] = frozenset()

    def expected(self, entry: str) -> Outcome:
        return self.but.get(entry, self.outcome)


# Credentials ----------------------------------------------------------------------------------------------------------


def user(name: str, **more: Any) -> User:
    return User.objects.create_user(f"{name}@example.com", **more)


def bearer(token: str) -> str:
    return f"Bearer {token}"


def nobody(patch: pytest.MonkeyPatch, settings: Any) -> None:
    return None


def anna(patch: pytest.MonkeyPatch, settings: Any) -> str:
    return bearer(sessions.issue(user("anna")).token)


def header(text: str) -> Given:
    return lambda patch, settings: text


def by_basic(patch: pytest.MonkeyPatch, settings: Any) -> str:
    return f"Basic {base64.b64encode(sessions.issue(user('anna')).token.encode()).decode()}"


def revoked(patch: pytest.MonkeyPatch, settings: Any) -> str:
    issued = sessions.issue(user("anna"))
    sessions.revoke(sessions.own(str(issued.row.pk)))
    return bearer(issued.token)


def blocked(patch: pytest.MonkeyPatch, settings: Any) -> str:
    anna = user("anna")
    issued = sessions.issue(anna)
    User.objects.filter(pk=anna.pk).update(is_active=False)  # without a signal: the sign-in stays
    return bearer(issued.token)


def expired(patch: pytest.MonkeyPatch, settings: Any) -> str:
    """An expired access token of a sign-in that is still valid."""
    settings.ACCOUNTS_SESSION_STRATEGY = "jwt"
    issued = sessions.issue(user("anna"))
    now = clock.now() + timedelta(minutes=11)
    patch.setattr(clock, "now", lambda: now)
    return bearer(issued.token)


def with_scopes(*names: str) -> Given:
    def given(patch: pytest.MonkeyPatch, settings: Any) -> str:
        anna = user("anna")
        anna.groups.add(*(Group.objects.create(name=name) for name in names))
        return bearer(sessions.issue(anna).token)

    return given


def unfinished(patch: pytest.MonkeyPatch, settings: Any) -> str:
    settings.ACCOUNTS_REQUIRE_SECOND_FACTOR = "everybody"
    return anna(patch, settings)


def finished(patch: pytest.MonkeyPatch, settings: Any) -> str:
    header = unfinished(patch, settings)
    Authenticator.objects.create(user=User.objects.get(), type=Authenticator.Type.TOTP, data={"secret": "x"})
    return header


def operator(patch: pytest.MonkeyPatch, settings: Any) -> str:
    """An operator, olga, who acts as anna."""
    olga = user("olga", is_staff=True)
    olga.user_permissions.add(Permission.objects.get(codename="impersonate_user"))
    return bearer(sessions.impersonate(user("anna"), operator=User.objects.get(pk=olga.pk)).token)


def api_key(*scopes: str) -> Callable[[pytest.MonkeyPatch, Any], str]:
    """A program, shop, with an API key of anna, who has the scopes reader and writer."""

    def given(patch: pytest.MonkeyPatch, settings: Any) -> str:
        anna = user("anna")
        anna.groups.add(*(Group.objects.create(name=name) for name in ("reader", "writer")))
        return bearer(keys.create(anna, name="shop", scopes=scopes).key)

    return given


def api_key_by_basic(patch: pytest.MonkeyPatch, settings: Any) -> str:
    _, _, key = api_key()(patch, settings).partition(" ")
    return f"Basic {base64.b64encode(key.encode()).decode()}"


def revoked_api_key(patch: pytest.MonkeyPatch, settings: Any) -> str:
    header = api_key()(patch, settings)
    keys.revoke_all(User.objects.get())
    return header


def unfinished_api_key(patch: pytest.MonkeyPatch, settings: Any) -> str:
    settings.ACCOUNTS_REQUIRE_SECOND_FACTOR = "everybody"
    return api_key()(patch, settings)


# The table ------------------------------------------------------------------------------------------------------------

NO_ARGUMENTS = NotHere("a view reads its own input, with a serializer")
NO_MARK = NotHere("a view has permissions, throttles and authentication classes of REST framework instead")
NO_NAMES = NotHere("views have URLs")
BEARER_ONLY = "401 not_authenticated"
DEAD = "401 authentication_failed"

RULES = [
    Rule("without a credential", "open", nobody, "nobody"),
    Rule(
        *("without a credential, for members", "members", nobody, NotSignedIn),
        but={"rest": BEARER_ONLY},
        fields=frozenset({"require_login"}),
    ),
    Rule("with a credential", "members", anna, "anna"),
    Rule("with a revoked credential", "open", revoked, "nobody", but={"rest": DEAD}),
    Rule("with a revoked credential, for members", "members", revoked, NotSignedIn, but={"rest": DEAD}),
    Rule("with an unknown credential", "members", header("Bearer made-up"), NotSignedIn, but={"rest": DEAD}),
    Rule("as a blocked user", "open", blocked, "nobody", but={"rest": DEAD}),
    Rule("as a blocked user, for members", "members", blocked, NotSignedIn, but={"rest": DEAD}),
    Rule("with an expired access token", "open", expired, CredentialExpired, but={"rest": DEAD}),
    Rule(
        *("with an expired access token, for members", "members", expired, CredentialExpired),
        but={"rest": DEAD},
    ),
    Rule(
        *("with an expired access token, optional", "optional", expired, "nobody"),
        but={"rest": NO_MARK},
        fields=frozenset({"credential_optional"}),
    ),
    Rule("with a revoked credential, optional", "optional", revoked, "nobody", but={"rest": NO_MARK}),
    Rule("with a credential, optional", "optional", anna, "anna", but={"rest": NO_MARK}),
    Rule("with an unfinished sign-in, optional", "optional", unfinished, "nobody", but={"rest": NO_MARK}),
    Rule("with an unfinished sign-in", "open", unfinished, SignInUnfinished),
    Rule(
        *("with an unfinished sign-in, allowed", "setUp", unfinished, "anna"),
        but={"rest": NO_MARK},
        fields=frozenset({"unfinished_allowed"}),
    ),
    Rule("with a finished sign-in", "open", finished, "anna"),
    Rule(
        *("without one of the scopes", "staff", with_scopes("reader"), ScopeMissing),
        fields=frozenset({"required_scopes"}),
    ),
    Rule("with the scopes", "staff", with_scopes("reader", "writer"), "anna"),
    Rule("without a credential, with scopes", "staff", nobody, NotSignedIn, but={"rest": BEARER_ONLY}),
    Rule("as an operator", "open", operator, ImpersonationRefused),
    Rule("as an operator, for members", "members", operator, ImpersonationRefused),
    Rule(
        *("as an operator, allowed", "reads", operator, "anna by olga"),
        fields=frozenset({"allow_impersonation"}),
    ),
    Rule("as an operator, optional", "optional", operator, ImpersonationRefused, but={"rest": NO_MARK}),
    Rule("with an API key", "open", api_key(), ApiKeyRefused),
    Rule("with an API key, for members", "members", api_key(), ApiKeyRefused),
    Rule("with an API key, for members with scopes", "staff", api_key("reader", "writer"), ApiKeyRefused),
    Rule(
        *("with an API key, allowed", "programs", api_key("reader"), "anna with shop"),
        fields=frozenset({"allow_api_keys"}),
    ),
    Rule("with an API key without the scope", "programs", api_key("writer"), ScopeMissing),
    Rule(
        *("with a revoked API key", "programs", revoked_api_key, NotSignedIn),
        but={"rest": DEAD},
    ),
    Rule("with an API key, unfinished", "programs", unfinished_api_key, SignInUnfinished),
    Rule("with an API key, optional", "optional", api_key(), ApiKeyRefused, but={"rest": NO_MARK}),
    Rule("with an API key, as an operator", "reads", api_key(), ApiKeyRefused),
    Rule("as an operator, for programs", "programs", operator, ImpersonationRefused),
    Rule("without a user, with an API key", "signIn", api_key(), "nobody", but={"rest": NO_MARK}),
    Rule("with an API key by Basic", "programs", api_key_by_basic, ScopeMissing, but={"rest": BEARER_ONLY}),
    *(
        Rule(
            *(f"with the header {text!r}", "members", header(text), BadAuthorizationHeader),
            but={"rest": DEAD if text == "Bearer a b" else BEARER_ONLY},
        )
        for text in ("", "anna", "Bearer", "Bearer a b", "Basic !!!", "Digest x")
    ),
    Rule("with a key by Basic", "members", by_basic, "anna", but={"rest": BEARER_ONLY}),
    Rule("without a user", "signIn", anna, "nobody", but={"rest": NO_MARK}),
    Rule("without a user, with a bad header", "signIn", header("Digest x"), "nobody", but={"rest": NO_MARK}),
    Rule("without a user, as an operator", "signIn", operator, "nobody", but={"rest": NO_MARK}),
    Rule("without an argument", "numbers", nobody, InvalidArguments, but={"rest": NO_ARGUMENTS}),
    Rule(
        *("with a wrong argument", "numbers", nobody, InvalidArguments, {"number": "five"}),
        but={"rest": NO_ARGUMENTS},
    ),
    Rule(
        *("with null for a number", "numbers", nobody, InvalidArguments, {"number": None}),
        but={"rest": NO_ARGUMENTS},
    ),
    Rule("with an argument", "numbers", nobody, "5", {"number": 5}, but={"rest": NO_ARGUMENTS}),
    Rule("an unknown endpoint", "nowhere", nobody, EndpointNotFound, but={"rest": NO_NAMES}),
    Rule("an unknown method", "empty", nobody, MethodNotFound, but={"rest": NO_NAMES}),
    Rule(
        *("a stream as a call, and a call as a stream", "swapped", nobody, BadRequest),
        but={"rest": NO_NAMES, "socket": MethodNotFound, "stream": MethodNotFound},
    ),
    Rule(
        *("beyond the rate", "seldom", nobody, TooManyCalls),
        fields=frozenset({"quotas"}),
    ),
    Rule(
        *("outside the call log", "silent", nobody, "nobody"),
        but={"rest": NotHere("REST requests are not in the call log")},
        fields=frozenset({"unlogged"}),
    ),
    Rule(
        *("beyond the size", "small", nobody, "413", {"text": "x" * 20_000}),
        but={
            "socket": "1009",
            "rest": NotHere("podium/server/limits.py limits the bodies of pages, before Django"),
            **{name: NotHere("tests send no bytes") for name in ("call", "acall", "stream")},
        },
    ),
]

WORDS: dict[type[PodiumError], str] = {
    BadAuthorizationHeader: "authenticationFailed",
    CredentialExpired: "authenticationFailed",
    NotSignedIn: "authenticationFailed",
    ImpersonationRefused: "authorizationDeclined",
    ApiKeyRefused: "authorizationDeclined",
    ScopeMissing: "authorizationDeclined",
    SignInUnfinished: "authorizationDeclined",
    EndpointNotFound: "endpointNotFound",
    MethodNotFound: "endpointNotFound",
    InvalidArguments: "invalidArguments",
    TooManyCalls: "error",  # after it was opened
}
"""The answer on the socket to a stream that is refused."""

METHODS = {
    **dict.fromkeys(("http", "call", "acall"), "{}.who"),
    **dict.fromkeys(("socket", "stream"), "{}.watch"),
    "rest": "GET /{}/",
}
"""The names of the methods in the audit log."""


def shown(entry: str, outcome: Outcome) -> str:
    """The outcome as an entry shows it."""
    if isinstance(outcome, NotHere):
        return "not here"
    if isinstance(outcome, str):
        return outcome
    if entry == "socket":
        return WORDS[outcome]
    if entry in ("call", "acall", "stream"):
        return outcome.__name__
    code = "" if entry == "http" and outcome.status in (401, 403) else f" {outcome.code}"
    return f"{outcome.status}{code}"


@pytest.fixture(autouse=True)
def served(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.PODIUM_AUTHENTICATE = "accounts.sessions.sessions.resolve"
    settings.ROOT_URLCONF = "tests.endpoints.entry_rules"
    settings.REALTIME_FRAME_BYTES = 10_000
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}}
    identity_cache.cache.forget(None)
    with instead(Registry(ENDPOINTS)) as registry:
        assert registry.faults == []
        yield


@pytest.fixture
def audited() -> Iterator[list[str]]:
    """The methods for which the signal of a refused operator was sent."""
    methods: list[str] = []

    def note(method: str, **_: Any) -> None:
        methods.append(method)

    impersonation_refused.connect(note)
    yield methods
    impersonation_refused.disconnect(note)


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> list[observe.Span]:
    """The spans that the sinks got."""
    found: list[observe.Span] = []
    monkeypatch.setattr(observe, "_sinks", [found.append])
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_applies_at_every_entry(
    rule: Rule,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    audited: list[str],
    spans: list[observe.Span],
) -> None:
    authorization = rule.given(monkeypatch, settings)
    if "quotas" in rule.fields:
        for entry in ("call", "stream", "rest"):  # each is counted separately
            assert ENTRIES[entry](rule.endpoint, None, {}) == "nobody"
    here = [entry for entry in ENTRIES if not isinstance(rule.expected(entry), NotHere)]
    found = {entry: ENTRIES[entry](rule.endpoint, authorization, rule.arguments) for entry in here}
    assert found == {entry: shown(entry, rule.expected(entry)) for entry in here}
    assert audited == (
        [METHODS[entry].format(rule.endpoint) for entry in here]
        if rule.outcome is ImpersonationRefused
        else []
    )
    if "unlogged" in rule.fields:
        assert spans == []


def test_the_audit_log_names_the_operator_at_every_entry(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    authorization = operator(monkeypatch, settings)
    for enter in ENTRIES.values():
        enter("members", authorization, {})
    found = SecurityEvent.objects.filter(event="impersonation_refused").order_by("pk")
    assert [(each.details["by"], each.details["method"]) for each in found] == [
        (str(User.objects.get(email="olga@example.com").pk), METHODS[entry].format("members"))
        for entry in ("http", "socket", "rest")  # of the same method once a minute
    ]


def test_the_table_has_every_rule_of_a_method() -> None:
    """A new field of Entry needs a row: through every entry, or with the reason why it does not apply."""
    tested = {name for rule in RULES for name in rule.fields}
    not_rules = {"endpoint", "method", "function"}
    not_rules |= {"unchecked_results"}  # about rows in results: tests/access/test_results.py
    assert tested == {each.name for each in dataclasses.fields(Entry)} - not_rules


def test_the_table_names_its_entries() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))
    assert {entry for rule in RULES for entry in rule.but} <= set(ENTRIES)
