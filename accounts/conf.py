"""The settings of accounts, with unit and default. allauth's own (ACCOUNT_..., MFA_...) stand in config/settings.py."""

from __future__ import annotations

from typing import Any

from core.conf import AppSettings


class AccountsSettings(AppSettings, prefix="ACCOUNTS_"):
    TOKENS: str = (
        "session"  # what a sign-in gives: "session", one key; "jwt", one for minutes and one to refresh it
    )
    ACCESS_TOKEN_MINUTES: int = 10  # how long an access token works
    REFRESH_TOKEN_DAYS: int = 60  # after how long without use a sign-in with a refresh token ends
    REFRESH_GRACE_SECONDS: int = (
        30  # how long a refresh token that was used may be used again, as after a lost answer
    )
    TOKEN_DAYS: int = 90  # how long a session holds; 0: until it is ended
    TOKEN_IDLE_DAYS: int = 0  # after how long without use a session ends; 0: not for that
    TOKENS_PER_USER: int = 50  # sign-ins at a time; the oldest end when there are more
    TOKEN_CACHE_SIZE: int = 10_000  # tokens that a process remembers
    TOKEN_CACHE_SECONDS: float = 5.0  # how long at most, should the word of a sign-out get lost
    SUPERUSER_SCOPE: str = "admin"  # the scope that superusers have beside the names of their groups
    LIMITS: dict[str, dict[str, str]] = {  # how often, for whom: rates as in ENDPOINTS_RATE
        "registration": {"address": "30/h", "device": "10/h", "account": "5/h"},
        "password_reset": {"address": "30/h", "device": "10/h", "account": "5/h"},
        "anonymous": {"address": "60/h", "device": "20/h"},
    }
    CODE_LENGTH: int = 8  # digits of a mailed code
    CODE_MINUTES: int = 15  # how long a code works, and then the ticket that it gave
    CODE_TRIES: int = 3  # wrong codes until another has to be asked for
    ANONYMOUS_CHECK: str = (
        ""  # dotted path of `(call, token) -> bool`: may an account without a name be made?
    )
    SECOND_FACTOR_MINUTES: int = 10  # how long after the first a second factor may be given
    IMPERSONATION_MINUTES: int = 15  # how long an operator may act as somebody, from one push of the button
    AUDIT_DAYS: int = 400  # how long security events are kept; 0: for ever
    GOOGLE: dict[str, Any] = {}  # providers: their keys are the fields in providers/setups.py
    APPLE: dict[str, Any] = {}
    FIREBASE: dict[str, Any] = {}
    GITHUB: dict[str, Any] = {}
    MICROSOFT: dict[str, Any] = {}
    FACEBOOK: dict[str, Any] = {}
    OIDC: dict[str, dict[str, Any]] = {}  # others that speak OpenID Connect, by a name for each
    TRUSTED_PROVIDERS: list[
        str
    ] = []  # those whose word for any e-mail address opens the account with that address
    PROVIDER_SECONDS: float = 8.0  # for an answer of a provider, at most
    PROVIDER_ANSWER_BYTES: int = 256 * 1024  # of an answer of a provider, at most
    KEY_SECONDS: float = 3600.0  # how long a provider's keys are used before they are fetched again
    KEY_RETRY_SECONDS: float = 60.0  # between two fetches of a provider's keys, at least
    FIREBASE_SIGNER_KEYS: list[str] = []  # base64_signer_key of the Firebase projects that people came from
    SERVERPOD_PEPPERS: list[
        str
    ] = []  # emailSecretHashPepper of the Serverpod that people came from, with its old ones


conf = AccountsSettings()
