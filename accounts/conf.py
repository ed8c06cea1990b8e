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
    REFRESH_TOKEN_MAX_DAYS: int = 365  # after how long it ends however much it is used; 0: never for that
    REFRESH_GRACE_SECONDS: int = 30  # how long a repeated refresh token gets the same next one
    TOKEN_DAYS: int = 90  # how long a session holds; 0: until it is ended
    TOKEN_IDLE_DAYS: int = 60  # after how long without use a session ends; 0: not for that
    BROWSER_IDLE_DAYS: int = 14  # after how long without use a browser session ends
    BROWSER_DAYS: int = 90  # after how long a browser session ends in any case
    STAFF_IDLE_MINUTES: int = 60  # the same two limits for staff, who may open the admin
    STAFF_HOURS: int = 12
    TOKENS_PER_USER: int = 50  # sign-ins at a time; the oldest end when there are more
    TOKEN_CACHE_SIZE: int = 10_000  # tokens that a process remembers
    TOKEN_CACHE_SECONDS: float = 5.0  # how long at most, should the word of a sign-out get lost
    SUPERUSER_SCOPE: str = "admin"  # the scope that superusers have beside the names of their groups
    LIMITS: dict[str, dict[str, str]] = {}  # limits that shall differ from limits.LIMITS, action by action
    CODE_LENGTH: int = 8  # digits of a mailed code
    CODE_MINUTES: int = 10  # how long a code works, and then the ticket that it gave
    CODE_TRIES: int = 3  # wrong codes until another has to be asked for
    HUMAN_CHECK: list[
        str
    ] = []  # dotted paths of checks, one of which must say yes; as "accounts.human.turnstile"
    HUMAN_ACTIONS: list[str] = ["registration", "anonymous", "password_reset"]  # what they are asked about
    HUMAN_SECRET: str = ""  # of the CAPTCHA, to ask it with
    HUMAN_HOSTNAMES: list[str] = []  # sites whose tokens are taken; none: as the CAPTCHA's own settings say
    HUMAN_URL: str = ""  # where to ask instead, as for a CAPTCHA of one's own
    SMS_BACKEND: str = (
        ""  # dotted path of `(phone, text) -> None`, as "accounts.text_messages.twilio"; "": none
    )
    SMS: dict[str, str] = {}  # of twilio: url, account, token, from
    ALLOW_DISPOSABLE: bool = False  # may people sign up with addresses of services for throw-away mailboxes?
    PASSWORD_MAX_LENGTH: int = 256  # characters; the least is PASSWORD_MIN_LENGTH of the environment
    BREACHED_PASSWORDS: str = ""  # path of a sorted list of SHA-1 from Pwned Passwords; "": none
    REQUIRE_SECOND_FACTOR: str = "nobody"  # who must have a second factor: "nobody", "staff", "everybody"
    BREACHED_PASSWORDS_URL: str = ""  # service to ask, as "https://api.pwnedpasswords.com/range/"; "": none
    PASSWORD_WORDS: list[str] = []  # company and product names etc. that passwords must not be made of
    SECOND_FACTOR_MINUTES: int = 10  # how long after the first a second factor may be given
    IMPERSONATION_MINUTES: int = 15  # how long an operator may act as somebody, from one push of the button
    NEW_DEVICE_MAIL: bool = False  # is a person told by mail of a sign-in from an unknown device and network?
    FRESH_MINUTES: int = 10  # how long a sign-in counts as a recent proof of identity
    PASSKEY_RP_ID: str = ""  # the domain that passkeys belong to, as "example.com"
    PASSKEY_ORIGINS: list[str] = []  # where they are used; empty: https at that domain, which iOS sends too
    PASSKEY_MINUTES: int = 5  # how long a passkey's challenge works
    PASSKEY_USER_VERIFICATION: bool = (
        False  # whether a face, finger or PIN is needed, or only makes a passkey two factors
    )
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
    DELETION_DAYS: int = 0  # how long a deleted account can be had back by signing in; 0: it goes at once
    EXPORT_MINUTES: int = 15  # how long the address of an export works
    PICTURE_BYTES: int = 5 * 1024 * 1024  # of a picture as it comes, at most
    PICTURE_INPUT_PIXELS: int = 20_000_000  # of a picture as it comes, at most
    PICTURE_PIXELS: int = 512  # along each side of a picture as it is kept
    PICTURE_HOSTS: tuple[str, ...] = (  # where providers keep pictures; ".x.com": any host below x.com
        ".googleusercontent.com",
        ".githubusercontent.com",
        "graph.facebook.com",
        ".fbsbx.com",
        ".fbcdn.net",
    )
    PICTURE_SECONDS: float = 10.0  # for a provider to send a picture, at most
    KEY_RETRY_SECONDS: float = 60.0  # between two fetches of a provider's keys, at least
    FIREBASE_SIGNER_KEYS: list[str] = []  # base64_signer_key of the Firebase projects that people came from
    SERVERPOD_PEPPERS: list[
        str
    ] = []  # emailSecretHashPepper of the Serverpod that people came from, with its old ones


conf = AccountsSettings()
