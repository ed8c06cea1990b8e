"""The models of accounts, generated from its model files by `python3 manage.py generate`. Do not edit."""

from __future__ import annotations

import datetime
import enum
import uuid
from dataclasses import dataclass

from schema.wire import SerializableException, WireClass, WireEnum, WireField, register

__all__ = [
    "AuthSuccess",
    "SignInException",
    "SignInExceptionReason",
    "SignUpException",
    "SignUpExceptionReason",
    "UserProfile",
]


class SignInExceptionReason(enum.Enum):
    """Why a sign-in was refused."""

    INVALID_CREDENTIALS = "invalidCredentials"
    """Either the address or the password is wrong."""
    TOO_MANY_ATTEMPTS = "tooManyAttempts"
    """Too many tries for this account or from this network address."""
    EMAIL_NOT_VERIFIED = "emailNotVerified"
    """The e-mail address must be confirmed first; a mail was sent."""
    SECOND_FACTOR_REQUIRED = "secondFactorRequired"
    """The account has a second factor: sign in on the web."""
    BLOCKED = "blocked"
    """The account was blocked."""
    UNKNOWN = "unknown"


class SignUpExceptionReason(enum.Enum):
    """Why a sign-up gave no token."""

    INVALID_EMAIL = "invalidEmail"
    """That is no e-mail address."""
    EMAIL_TAKEN = "emailTaken"
    """Someone has an account with this address."""
    INVALID_PASSWORD = "invalidPassword"
    """The password breaks a rule; the message says which."""
    VERIFICATION_REQUIRED = "verificationRequired"
    """Not refused: a mail was sent, whose link has to be followed before the first sign-in."""
    TOO_MANY_ATTEMPTS = "tooManyAttempts"
    """Too many tries from this network address."""
    CLOSED = "closed"
    """This server takes no new accounts."""
    UNKNOWN = "unknown"


@dataclass(kw_only=True)
class AuthSuccess:
    """What a client gets when it signed in or up: the token to send from now on."""

    auth_strategy: str
    """How the token works: "session", kept by the server and ended at once when revoked."""
    token: str
    """To send with each call, as "Authorization: Bearer <token>"."""
    token_expires_at: datetime.datetime | None = None
    """When the token stops working, if ever."""
    refresh_token: str | None = None
    """For strategies that have one; a "session" has none."""
    auth_user_id: uuid.UUID
    """The user that signed in."""
    scope_names: set[str]
    """What the user may do."""


@dataclass(kw_only=True)
class UserProfile:
    """A person, as that person sees himself or herself."""

    auth_user_id: uuid.UUID
    email: str
    email_verified: bool
    """Whether the address is known to be the person's own."""
    name: str
    """As others see it; empty when none was given."""
    scope_names: set[str]
    created_at: datetime.datetime


@dataclass(kw_only=True, eq=False)
class SignInException(SerializableException):
    """The sign-in was refused."""

    reason: SignInExceptionReason
    message: str
    """What is wrong and what to do, in words."""


@dataclass(kw_only=True, eq=False)
class SignUpException(SerializableException):
    """The sign-up was refused, or has to wait for the e-mail address to be confirmed."""

    reason: SignUpExceptionReason
    message: str
    """What is wrong and what to do, in words."""


register(
    [
        WireEnum(
            "SignInExceptionReason", SignInExceptionReason, "byName", default=SignInExceptionReason.UNKNOWN
        ),
        WireEnum(
            "SignUpExceptionReason", SignUpExceptionReason, "byName", default=SignUpExceptionReason.UNKNOWN
        ),
        WireClass(
            "AuthSuccess",
            AuthSuccess,
            [
                WireField("authStrategy", "auth_strategy", "String"),
                WireField("token", "token", "String"),
                WireField("tokenExpiresAt", "token_expires_at", "DateTime?"),
                WireField("refreshToken", "refresh_token", "String?"),
                WireField("authUserId", "auth_user_id", "UuidValue"),
                WireField("scopeNames", "scope_names", "Set<String>"),
            ],
        ),
        WireClass(
            "UserProfile",
            UserProfile,
            [
                WireField("authUserId", "auth_user_id", "UuidValue"),
                WireField("email", "email", "String"),
                WireField("emailVerified", "email_verified", "bool"),
                WireField("name", "name", "String"),
                WireField("scopeNames", "scope_names", "Set<String>"),
                WireField("createdAt", "created_at", "DateTime"),
            ],
        ),
        WireClass(
            "SignInException",
            SignInException,
            [
                WireField("reason", "reason", "SignInExceptionReason"),
                WireField("message", "message", "String"),
            ],
        ),
        WireClass(
            "SignUpException",
            SignUpException,
            [
                WireField("reason", "reason", "SignUpExceptionReason"),
                WireField("message", "message", "String"),
            ],
        ),
    ]
)
