"""Settings of accounts, with unit and default. Those of a provider are in its folder (providers/<name>/setup.py).

Those of allauth (ACCOUNT_..., MFA_...) are in podium/settings.py.
"""

from __future__ import annotations

from podium.core.conf import AppSettings

RENAMED = {
    "TOKENS": "SESSION_STRATEGY",
    "TOKEN_DAYS": "SESSION_DAYS",
    "TOKEN_IDLE_DAYS": "SESSION_IDLE_DAYS",
    "TOKENS_PER_USER": "SESSIONS_PER_USER",
    "TOKEN_CACHE_SIZE": "SESSION_CACHE_SIZE",
    "TOKEN_CACHE_SECONDS": "SESSION_CACHE_SECONDS",
    "LIMITS": "THROTTLE_RATES",
    "HUMAN_CHECK": "CAPTCHA_BACKENDS",
    "HUMAN_ACTIONS": "CAPTCHA_ACTIONS",
    "HUMAN_SECRET": "CAPTCHA_SECRET",
    "HUMAN_HOSTNAMES": "CAPTCHA_HOSTNAMES",
    "HUMAN_URL": "CAPTCHA_URL",
}


class AccountsSettings(
    AppSettings, prefix="ACCOUNTS_", renamed={old: (new, "0.2.0") for old, new in RENAMED.items()}
):
    SIGN_IN: list[str] = ["email"]
    """Names of the sign-in methods that are on."""
    SESSION_STRATEGY: str = "session"
    """Result of a sign-in: "session", one key; "jwt", an access token for minutes and a refresh token."""
    ACCESS_TOKEN_MINUTES: int = 10
    """Minutes for which an access token works."""
    REFRESH_TOKEN_DAYS: int = 60
    """Days without use after which a sign-in with a refresh token ends."""
    REFRESH_TOKEN_MAX_DAYS: int = 365
    """Days after which such a sign-in ends however much it is used; 0: no such limit."""
    REFRESH_GRACE_SECONDS: int = 30
    """Time for which a repeated refresh token gets the same next one."""
    SESSION_DAYS: int = 90
    """Days after which a session ends; 0: no such limit."""
    SESSION_IDLE_DAYS: int = 60
    """Days without use after which a session ends; 0: no such limit."""
    BROWSER_IDLE_DAYS: int = 14
    """Days without use after which a browser session ends."""
    BROWSER_DAYS: int = 90
    """Days after which a browser session ends in any case."""
    STAFF_IDLE_MINUTES: int = 60
    """Minutes without use after which a browser session of staff, who may open the admin, ends."""
    STAFF_HOURS: int = 12
    """Hours after which a browser session of staff ends in any case."""
    SESSIONS_PER_USER: int = 50
    """Sessions that a user may have at a time; the oldest end when there are more."""
    SESSION_CACHE_SIZE: int = 10_000
    """Sessions that a process caches."""
    SESSION_CACHE_SECONDS: float = 5.0
    """Time for which it caches one: a sign-out takes effect after it even if its message is lost."""
    SUPERUSER_SCOPE: str = "admin"
    """The scope that superusers have, besides the names of their groups."""
    THROTTLE_RATES: dict[str, dict[str, str]] = {}
    """Rates that differ from the defaults, by action."""
    CODE_LENGTH: int = 8
    """Digits of a mailed code."""
    CODE_MINUTES: int = 10
    """Minutes for which a code works, and then the ticket that it gave."""
    CODE_TRIES: int = 3
    """Wrong codes until the user has to request a new one."""
    CAPTCHA_BACKENDS: list[str] = []
    """Dotted paths such as "accounts.throttling.captcha.turnstile"; one of them must accept the token."""
    CAPTCHA_ACTIONS: list[str] = ["registration", "anonymous", "password_reset"]
    """Actions that need a token."""
    CAPTCHA_SECRET: str = ""
    """The CAPTCHA's secret."""
    CAPTCHA_HOSTNAMES: list[str] = []
    """Sites whose tokens are accepted; empty: those of the CAPTCHA's own settings."""
    CAPTCHA_URL: str = ""
    """Address to ask instead of the CAPTCHA's own, for a self-hosted one."""
    SMS_BACKEND: str = ""
    """Dotted path of a function `(phone, text) -> None`, such as "accounts.notices.text_messages.twilio"; "": none."""
    SMS: dict[str, str] = {}
    """Settings of twilio: url, account, token, from."""
    ALLOW_DISPOSABLE: bool = False
    """True: users may sign up with addresses of throw-away mailboxes."""
    PASSWORD_MAX_LENGTH: int = 256
    """Characters of a password, at most. The minimum is PASSWORD_MIN_LENGTH of the environment."""
    BREACHED_PASSWORDS: str = ""
    """Path of a sorted list of SHA-1 from Pwned Passwords; "": none."""
    REQUIRE_SECOND_FACTOR: str = "nobody"
    """Users who must have a second factor: "nobody", "staff", "everybody"."""
    BREACHED_PASSWORDS_URL: str = ""
    """Service to ask, such as "https://api.pwnedpasswords.com/range/"; "": none."""
    PASSWORD_WORDS: list[str] = []
    """Names of the company, its products etc. that passwords must not be made of."""
    SECOND_FACTOR_MINUTES: int = 10
    """Minutes after the first factor in which the second may follow."""
    IMPERSONATION_MINUTES: int = 15
    """Minutes for which an operator may act as a user, from one push of the button."""
    NEW_DEVICE_MAIL: bool = False
    """True: users get a mail about a sign-in from an unknown device and network."""
    FRESH_MINUTES: int = 10
    """Minutes for which a sign-in counts as a recent proof of identity."""
    PASSKEY_RP_ID: str = ""
    """The domain that passkeys belong to, such as "example.com"."""
    PASSKEY_ORIGINS: list[str] = []
    """Origins where passkeys are used; empty: https at that domain, which iOS sends too."""
    PASSKEY_MINUTES: int = 5
    """Minutes for which a passkey's challenge works."""
    PASSKEY_USER_VERIFICATION: bool = False
    """True: a passkey needs a face, finger or PIN. False: these only make it count as two factors."""
    AUDIT_DAYS: int = 400
    """Days for which security events are kept; 0: for ever."""
    TRUSTED_PROVIDERS: list[str] = []
    """Providers that may vouch for any e-mail address: a sign-in opens the account with that address."""
    PROVIDER_SECONDS: float = 8.0
    """Time in which a provider must answer."""
    PROVIDER_ANSWER_BYTES: int = 256 * 1024
    """The largest answer of a provider, in bytes."""
    KEY_SECONDS: float = 3600.0
    """Time for which a provider's keys are used before they are fetched again."""
    DELETION_DAYS: int = 0
    """Days in which signing in restores a deleted account; 0: it is deleted at once."""
    EXPORT_MINUTES: int = 15
    """Minutes for which the address of an export works."""
    PICTURE_BYTES: int = 5 * 1024 * 1024
    """The largest uploaded picture, in bytes."""
    PICTURE_INPUT_PIXELS: int = 20_000_000
    """The largest uploaded picture, in pixels."""
    PICTURE_PIXELS: int = 512
    """Side of a stored picture, in pixels."""
    PICTURE_HOSTS: tuple[str, ...] | None = None
    """Hosts where providers keep pictures; ".x.com": all hosts below x.com. None: those that the providers name."""
    PICTURE_SECONDS: float = 10.0
    """Time in which a provider must send a picture."""
    KEY_RETRY_SECONDS: float = 60.0
    """Time between two fetches of a provider's keys, at least."""
    FIREBASE_SIGNER_KEYS: list[str] = []
    """`base64_signer_key` of the Firebase projects from which users moved here."""
    SERVERPOD_PEPPERS: list[str] = []
    """`emailSecretHashPepper` of the Serverpod from which users moved here, and its earlier ones."""
    SERVERPOD_SESSION_PEPPERS: list[str] = []
    """The same for `serverSideSessionKeyHashPepper`."""
    SERVERPOD_REFRESH_PEPPERS: list[str] = []
    """The same for `jwtRefreshTokenHashPepper`."""
    SERVERPOD_TABLES: bool = False
    """True: a Serverpod server uses this database too, or did before."""
    SERVERPOD_PASSWORD_SALTS: list[str] = ["serverpod password salt"]
    """`email_password_salt` of a Serverpod with the older module, and its earlier ones."""


conf = AccountsSettings()
