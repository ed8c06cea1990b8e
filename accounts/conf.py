"""The settings of accounts, with unit and default. allauth's own (ACCOUNT_..., MFA_...) stand in config/settings.py."""

from __future__ import annotations

from core.conf import AppSettings


class AccountsSettings(AppSettings, prefix="ACCOUNTS_"):
    TOKEN_DAYS: int = 90  # how long a sign-in holds; 0: until it is ended
    TOKENS_PER_USER: int = 50  # sign-ins at a time; the oldest end when there are more
    TOKEN_CACHE_SIZE: int = 10_000  # tokens that a process remembers
    TOKEN_CACHE_SECONDS: float = 5.0  # how long at most, should the word of a sign-out get lost
    SUPERUSER_SCOPE: str = "admin"  # the scope that superusers have beside the names of their groups
    FIREBASE_SIGNER_KEYS: list[str] = []  # base64_signer_key of the Firebase projects that people came from
    SERVERPOD_PEPPERS: list[
        str
    ] = []  # emailSecretHashPepper of the Serverpod that people came from, with its old ones


conf = AccountsSettings()
