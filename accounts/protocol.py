"""The models of accounts, generated from its model files by `python3 manage.py generate`. Do not edit."""

from __future__ import annotations

import datetime
import enum
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from podium.core import clock
from podium.database import base, fields
from podium.database.by_hand import register_model
from podium.database.constraints import ForeignKeyConstraint
from podium.database.fields import Column, Key
from podium.wire.classes import SerializableException, WireClass, WireEnum, WireField, register

from .protocol_types import UserProfileImageQuerySet, UserProfileQuerySet

if TYPE_CHECKING:
    from accounts.models import User

    from .protocol_types import UserProfileImageQ, UserProfileQ

__all__ = [
    "AccountDeletion",
    "AnonymousAccountBlockedException",
    "AnonymousAccountBlockedExceptionReason",
    "AuthStrategy",
    "AuthSuccess",
    "AuthUserBlockedException",
    "AuthUserModel",
    "AuthUserNotFoundException",
    "ConsentInfo",
    "DataExport",
    "Device",
    "EmailAccountLoginException",
    "EmailAccountLoginExceptionReason",
    "EmailAccountPasswordResetException",
    "EmailAccountPasswordResetExceptionReason",
    "EmailAccountRequestException",
    "EmailAccountRequestExceptionReason",
    "FacebookAccessTokenVerificationException",
    "FirebaseEmailNotVerifiedException",
    "FirebaseIdTokenVerificationException",
    "GitHubAccessTokenVerificationException",
    "GoogleIdTokenVerificationException",
    "IdentityVerificationException",
    "JwtTokenInfo",
    "MicrosoftAccessTokenVerificationException",
    "PasskeyChallengeExpiredException",
    "PasskeyChallengeNotFoundException",
    "PasskeyInfo",
    "PasskeyLoginRequest",
    "PasskeyPublicKeyNotFoundException",
    "PasskeyRefusedException",
    "PasskeyRefusedExceptionReason",
    "PasskeyRegistrationRequest",
    "ProfileException",
    "ProfileExceptionReason",
    "ReauthenticationException",
    "ReauthenticationExceptionReason",
    "RefreshTokenExpiredException",
    "RefreshTokenInvalidSecretException",
    "RefreshTokenMalformedException",
    "RefreshTokenNotFoundException",
    "SecondFactorException",
    "SecondFactorExceptionReason",
    "SecondFactorRequiredException",
    "SecondFactorStatus",
    "ServerSideSessionInfo",
    "SignInWhileAuthenticatedException",
    "TokenPair",
    "TotpSetup",
    "UserProfile",
    "UserProfileData",
    "UserProfileImage",
    "UserProfileModel",
]


class AuthStrategy(enum.Enum):
    """The kind of a token."""

    UNKNOWN = "unknown"
    """A kind that this version does not know."""
    JWT = "jwt"
    """A short-lived, signed access token, and a refresh token to get the next one."""
    SESSION = "session"
    """A key that the server looks up."""


class AnonymousAccountBlockedExceptionReason(enum.Enum):
    """The reason for not creating a guest account."""

    DENIED = "denied"
    """This server, or the given token, does not allow it."""
    TOO_MANY_ATTEMPTS = "tooManyAttempts"
    """Too many from this network: wait."""


class EmailAccountLoginExceptionReason(enum.Enum):
    """The reason for refusing a sign-in with e-mail address and password."""

    INVALID_CREDENTIALS = "invalidCredentials"
    """The address is unknown, or the password is wrong."""
    TOO_MANY_ATTEMPTS = "tooManyAttempts"
    """Too many tries for this address or from this network: wait."""
    UNKNOWN = "unknown"
    """A reason that this version does not know."""


class EmailAccountPasswordResetExceptionReason(enum.Enum):
    """The reason for the failure of a password reset by mail."""

    EXPIRED = "expired"
    """It took too long: start again."""
    INVALID = "invalid"
    """The code is wrong, or was already used."""
    POLICY_VIOLATION = "policyViolation"
    """The password does not comply with the rules."""
    TOO_MANY_ATTEMPTS = "tooManyAttempts"
    """Too many tries: start again later."""
    UNKNOWN = "unknown"
    """A reason that this version does not know."""


class EmailAccountRequestExceptionReason(enum.Enum):
    """The reason for the failure of a sign-up with an e-mail address."""

    EXPIRED = "expired"
    """It took too long: start again."""
    INVALID = "invalid"
    """The code is wrong, or was already used."""
    POLICY_VIOLATION = "policyViolation"
    """The password does not comply with the rules."""
    TOO_MANY_ATTEMPTS = "tooManyAttempts"
    """Too many tries: start again later."""
    UNKNOWN = "unknown"
    """A reason that this version does not know."""


class PasskeyRefusedExceptionReason(enum.Enum):
    """The reason for refusing a passkey."""

    INVALID = "invalid"
    """The signature, origin or counter from the device is invalid. Only the server's log has the details."""
    SIGN_IN_AGAIN = "signInAgain"
    """The account has a second factor: sign in again, then add the passkey within a few minutes."""
    ALREADY_KNOWN = "alreadyKnown"
    """This passkey is already known here."""
    TOO_MANY_ATTEMPTS = "tooManyAttempts"
    """Too many challenges for this network: wait."""
    UNKNOWN = "unknown"
    """A reason that this version does not know."""


class ProfileExceptionReason(enum.Enum):
    """The reason for not changing a profile."""

    BAD_NAME = "badName"
    """A name is one line of at most 150 characters."""
    PICTURE_TOO_LARGE = "pictureTooLarge"
    """The picture has more bytes or more pixels than this server accepts."""
    NO_PICTURE = "noPicture"
    """The picture is not a valid JPEG, PNG, WebP or GIF."""
    UNKNOWN = "unknown"


class ReauthenticationExceptionReason(enum.Enum):
    """The reason for which the caller's identity is not proved."""

    REQUIRED = "required"
    """The sign-in is too old, and no password came with the call."""
    INVALID_CREDENTIALS = "invalidCredentials"
    """The password, or the code of the second factor, is wrong."""
    SECOND_FACTOR_REQUIRED = "secondFactorRequired"
    """The password is right; the code of the second factor is missing."""
    TOO_MANY_ATTEMPTS = "tooManyAttempts"
    """Too many tries: wait."""
    UNKNOWN = "unknown"


class SecondFactorExceptionReason(enum.Enum):
    """The reason for refusing a request about a second factor."""

    INVALID = "invalid"
    """The code, the password or the passkey is wrong, or the code was already used."""
    EXPIRED = "expired"
    """The sign-in or the set-up took too long, or had too many wrong codes: start again."""
    TOO_MANY_ATTEMPTS = "tooManyAttempts"
    """Too many wrong codes for this account: wait."""
    PROOF_REQUIRED = "proofRequired"
    """A code of the second factor, the password, or (without either) a sign-in of the last few minutes is needed."""
    EMAIL_NOT_CONFIRMED = "emailNotConfirmed"
    """The e-mail address must be confirmed first, so that its owner can't be locked out."""
    NOT_SET_UP = "notSetUp"
    """The account has no such second factor."""
    UNKNOWN = "unknown"
    """A reason that this version does not know."""


class UserProfile(base.Model):
    """The stored profile of a user. Apps get it as [UserProfileModel]."""

    id: Key[uuid.UUID] = fields.UUIDField(primary_key=True, db_default=fields.RandomV7())
    auth_user_id: uuid.UUID
    auth_user: Column[User] = fields.ForeignKey("accounts.User", db_column="authUserId", related_name="+")
    """The user whose profile it is."""
    user_name: Column[str | None] = fields.TextField(null=True, blank=True, db_column="userName")
    """A first name or nickname."""
    full_name: Column[str | None] = fields.TextField(null=True, blank=True, db_column="fullName")
    email: Column[str | None] = fields.TextField(null=True, blank=True)
    """Confirmed by the user, and in lower case."""
    created_at: Column[datetime.datetime] = fields.DateTimeField(
        default=clock.now, db_default=fields.Now(), db_column="createdAt"
    )
    """The time when the profile was created."""
    image_id: uuid.UUID | None
    image: Column[UserProfileImage | None] = fields.ForeignKey(
        "UserProfileImage", null=True, blank=True, db_column="imageId", related_name="+"
    )
    """The current picture."""

    objects: ClassVar[UserProfileQuerySet] = UserProfileQuerySet.as_manager()
    Q: ClassVar[type[UserProfileQ]]

    class Meta:
        db_table = "serverpod_auth_core_profile"
        constraints = [
            ForeignKeyConstraint(
                fields=["auth_user"],
                to="accounts.User",
                name="serverpod_auth_core_profile_fk_0",
                on_delete="cascade",
            ),
            ForeignKeyConstraint(
                fields=["image"], to="UserProfileImage", name="serverpod_auth_core_profile_fk_1"
            ),
            models.UniqueConstraint(
                fields=["auth_user"], name="serverpod_auth_profile_user_profile_email_auth_user_id"
            ),
        ]


class UserProfileImage(base.Model):
    """A picture of a user."""

    id: Key[uuid.UUID] = fields.UUIDField(primary_key=True, db_default=fields.RandomV7())
    user_profile_id: uuid.UUID
    user_profile: Column[UserProfile] = fields.ForeignKey(
        "UserProfile", db_column="userProfileId", related_name="+"
    )
    """The profile that it belongs to."""
    created_at: Column[datetime.datetime] = fields.DateTimeField(
        default=clock.now, db_default=fields.Now(), db_column="createdAt"
    )
    """The time when it was stored."""
    storage_id: Column[str] = fields.TextField(db_column="storageId")
    """The name of the storage."""
    path: Column[str] = fields.TextField()
    """The path in that storage."""
    url: Column[str] = fields.UriField()
    """The public address."""

    objects: ClassVar[UserProfileImageQuerySet] = UserProfileImageQuerySet.as_manager()
    Q: ClassVar[type[UserProfileImageQ]]

    class Meta:
        db_table = "serverpod_auth_core_profile_image"
        constraints = [
            ForeignKeyConstraint(
                fields=["user_profile"],
                to="UserProfile",
                name="serverpod_auth_core_profile_image_fk_0",
                on_delete="cascade",
            ),
        ]


@dataclass(kw_only=True)
class AccountDeletion:
    """An account that its owner asked to delete."""

    deletes_at: datetime.datetime
    """The time of the deletion. A sign-in before then keeps the account, unless it is deleted at once."""


@dataclass(kw_only=True)
class AuthSuccess:
    """The result of a sign-in or sign-up: the token for further calls."""

    auth_strategy: str
    """The kind of token, a name of AuthStrategy; a text, so that an app may have kinds of its own."""
    token: str
    """The token to send with each call, as "Authorization: Bearer <token>"."""
    token_expires_at: datetime.datetime | None = None
    """The time at which the token expires, in UTC; null if it does not expire by age."""
    refresh_token: str | None = None
    """Gets a new token before the old one expires; null if there is none."""
    auth_user_id: uuid.UUID
    """The signed-in user."""
    scope_names: set[str]
    """The scopes of the token."""


@dataclass(kw_only=True)
class AuthUserModel:
    """A user who can sign in, as other code sees it."""

    id: uuid.UUID
    created_at: datetime.datetime
    """The time when the account was created."""
    scope_names: set[str]
    """The scopes of the user."""
    blocked: bool
    """Whether the user may not sign in."""


@dataclass(kw_only=True)
class ConsentInfo:
    """A user's consent to a document; it may be withdrawn."""

    document: str
    """The document, named by the app: "terms", "newsletter"."""
    version: str
    """The version of the document."""
    given_at: datetime.datetime
    withdrawn_at: datetime.datetime | None = None
    """null if the consent was not withdrawn."""


@dataclass(kw_only=True)
class DataExport:
    """The address of an export of a user's data."""

    url: str
    """The address of a ZIP file. Anybody who has it can read the file: open it, do not store it."""
    expires_at: datetime.datetime
    """The time when the address stops working."""


@dataclass(kw_only=True)
class Device:
    """A device on which a user is signed in."""

    id: uuid.UUID
    name: str
    """The device as the client reports it: its User-Agent."""
    method: str
    """The sign-in method, as "email"."""
    address: str
    """The network address of the sign-in."""
    created_at: datetime.datetime
    last_used_at: datetime.datetime
    """The time of the last use, to the minute."""
    expires_at: datetime.datetime | None = None
    """The time when the sign-in ends if it is not used; null if it does not end by age."""
    current: bool
    """Whether this is the calling device."""


@dataclass(kw_only=True)
class JwtTokenInfo:
    """One sign-in that has a refresh token, as its owner sees it."""

    id: uuid.UUID
    auth_user_id: uuid.UUID
    """The user who signed in."""
    scope_names: set[str]
    """The scopes of the sign-in."""
    extra_claims_json: str | None = None
    """Further claims of its access tokens, as a JSON object."""
    last_updated_at: datetime.datetime
    """The time of its last access token."""
    created_at: datetime.datetime
    """The time when it was created."""
    method: str
    """The sign-in method, as "email"."""


@dataclass(kw_only=True)
class PasskeyInfo:
    """A passkey or security key, as its owner sees it."""

    id: int
    name: str
    way_in: bool
    """True: only a sign-in method. False: added as a second factor, so that sign-ins by password require it."""
    created_at: datetime.datetime
    last_used_at: datetime.datetime | None = None


@dataclass(kw_only=True)
class PasskeyLoginRequest:
    """A device's answer to a challenge, for a sign-in."""

    challenge_id: uuid.UUID
    """The id of the answered challenge."""
    key_id: bytes
    """The credential's id."""
    authenticator_data: bytes
    client_data_json: bytes
    """The client data as JSON, as the device signed it."""
    signature: bytes


@dataclass(kw_only=True)
class PasskeyRegistrationRequest:
    """A new passkey, with the answer to a challenge."""

    challenge_id: uuid.UUID
    """The id of the answered challenge."""
    key_id: bytes
    """The credential's id."""
    client_data_json: bytes
    """The client data as JSON, as the device signed it."""
    attestation_object: bytes
    """The attestation: CBOR with the public key."""


@dataclass(kw_only=True)
class SecondFactorStatus:
    """The caller's second factors."""

    required: bool
    """Whether a sign-in requires a second factor."""
    demanded: bool
    """Whether this server requires a second factor of this user. Until it is set up, other calls are refused (403)."""
    totp: bool
    """Whether an authenticator app is set up."""
    recovery_codes_left: int
    passkeys: list[PasskeyInfo]
    """Passkeys and security keys."""


@dataclass(kw_only=True)
class ServerSideSessionInfo:
    """One sign-in that has a key, as its owner sees it."""

    id: uuid.UUID
    auth_user_id: uuid.UUID
    """The user who signed in."""
    scope_names: set[str]
    """The scopes of the sign-in."""
    created: datetime.datetime
    """The time when it was created."""
    last_used: datetime.datetime
    """The time of its last use, to the minute."""
    expires_at: datetime.datetime | None = None
    """The time when it ends; null if it does not end by age."""
    expire_after_unused_for: datetime.timedelta | None = None
    """The time without use after which it ends; null if there is no such limit."""
    method: str
    """The sign-in method, as "email"."""


@dataclass(kw_only=True)
class TokenPair:
    """A refresh token and the access token that came with it."""

    refresh_token: str
    """Store it unchanged."""
    access_token: str
    """A JSON Web Token."""


@dataclass(kw_only=True)
class TotpSetup:
    """The secret for an authenticator app; it takes effect after `secondFactor.confirmTotp`."""

    secret: str
    """The secret to type in, in base 32."""
    uri: str
    """The address for a QR code, or to open on the same phone: `otpauth://totp/...`."""


@dataclass(kw_only=True)
class UserProfileData:
    """The values of a new profile."""

    user_name: str | None = None
    """A first name or nickname."""
    full_name: str | None = None
    email: str | None = None
    """In lower case."""


@dataclass(kw_only=True)
class UserProfileModel:
    """A user's profile, as apps see it."""

    auth_user_id: uuid.UUID
    """The user whose profile it is."""
    user_name: str | None = None
    """A first name or nickname."""
    full_name: str | None = None
    email: str | None = None
    """In lower case."""
    image_url: str | None = None
    """The address of the picture."""


@dataclass(kw_only=True, eq=False)
class AnonymousAccountBlockedException(SerializableException):
    """The guest account was not created."""

    reason: AnonymousAccountBlockedExceptionReason


@dataclass(kw_only=True, eq=False)
class AuthUserBlockedException(SerializableException):
    """The account is blocked."""


@dataclass(kw_only=True, eq=False)
class AuthUserNotFoundException(SerializableException):
    """There is no such account."""


@dataclass(kw_only=True, eq=False)
class EmailAccountLoginException(SerializableException):
    """The sign-in with e-mail address and password was refused."""

    reason: EmailAccountLoginExceptionReason


@dataclass(kw_only=True, eq=False)
class EmailAccountPasswordResetException(SerializableException):
    """The password reset by mail failed."""

    reason: EmailAccountPasswordResetExceptionReason


@dataclass(kw_only=True, eq=False)
class EmailAccountRequestException(SerializableException):
    """The sign-up with an e-mail address failed."""

    reason: EmailAccountRequestExceptionReason


@dataclass(kw_only=True, eq=False)
class FacebookAccessTokenVerificationException(SerializableException):
    """Facebook's token is invalid. Only the server's log has the reason."""


@dataclass(kw_only=True, eq=False)
class FirebaseEmailNotVerifiedException(SerializableException):
    """This server only accepts Firebase accounts with a confirmed e-mail address."""


@dataclass(kw_only=True, eq=False)
class FirebaseIdTokenVerificationException(SerializableException):
    """Firebase's token is invalid. Only the server's log has the reason."""


@dataclass(kw_only=True, eq=False)
class GitHubAccessTokenVerificationException(SerializableException):
    """GitHub's token is invalid. Only the server's log has the reason."""


@dataclass(kw_only=True, eq=False)
class GoogleIdTokenVerificationException(SerializableException):
    """Google's token is invalid. Only the server's log has the reason."""


@dataclass(kw_only=True, eq=False)
class IdentityVerificationException(SerializableException):
    """A token or code of an identity provider is invalid. Only the server's log has the reason."""

    provider: str
    """The provider, as "apple" or a name of ACCOUNTS_OIDC."""


@dataclass(kw_only=True, eq=False)
class MicrosoftAccessTokenVerificationException(SerializableException):
    """Microsoft's token is invalid. Only the server's log has the reason."""


@dataclass(kw_only=True, eq=False)
class PasskeyChallengeExpiredException(SerializableException):
    """The challenge has expired: request another one."""


@dataclass(kw_only=True, eq=False)
class PasskeyChallengeNotFoundException(SerializableException):
    """There is no such challenge, or it was already answered."""


@dataclass(kw_only=True, eq=False)
class PasskeyPublicKeyNotFoundException(SerializableException):
    """No user has this passkey."""


@dataclass(kw_only=True, eq=False)
class PasskeyRefusedException(SerializableException):
    """A passkey was refused, at a sign-in or when adding it."""

    reason: PasskeyRefusedExceptionReason


@dataclass(kw_only=True, eq=False)
class ProfileException(SerializableException):
    """A profile could not be changed."""

    reason: ProfileExceptionReason
    message: str
    """What is wrong and what to do, in words."""


@dataclass(kw_only=True, eq=False)
class ReauthenticationException(SerializableException):
    """A change of sign-in methods, or an action that cannot be undone, needs a recent proof of identity: sign in again, or send the password."""

    reason: ReauthenticationExceptionReason
    message: str
    """What is wrong and what to do, in words."""
    methods: list[str]
    """The accepted proofs of this account: always "signIn", and "password", "secondFactor"."""


@dataclass(kw_only=True, eq=False)
class RefreshTokenExpiredException(SerializableException):
    """The refresh token was not used for too long: sign in again."""


@dataclass(kw_only=True, eq=False)
class RefreshTokenInvalidSecretException(SerializableException):
    """The successor of the refresh token was already used. The sign-in has been ended, because somebody else may have the token."""


@dataclass(kw_only=True, eq=False)
class RefreshTokenMalformedException(SerializableException):
    """The text is not a valid refresh token."""


@dataclass(kw_only=True, eq=False)
class RefreshTokenNotFoundException(SerializableException):
    """The refresh token's sign-in has been ended."""


@dataclass(kw_only=True, eq=False)
class SecondFactorException(SerializableException):
    """A request about a second factor was refused."""

    reason: SecondFactorExceptionReason


@dataclass(kw_only=True, eq=False)
class SecondFactorRequiredException(SerializableException):
    """The first factor was correct. The account has a second one: call `secondFactor.finishSignIn`."""

    token: str
    """The token to send with the second factor, within a few minutes."""
    methods: list[str]
    """The account's second factors: "totp", "recovery_codes", "webauthn"."""


@dataclass(kw_only=True, eq=False)
class SignInWhileAuthenticatedException(SerializableException):
    """Somebody is signed in already: sign out first."""


register(
    [
        WireEnum("serverpod_auth_core.AuthStrategy", AuthStrategy, "byName", default=AuthStrategy.UNKNOWN),
        WireEnum(
            "serverpod_auth_idp.AnonymousAccountBlockedExceptionReason",
            AnonymousAccountBlockedExceptionReason,
            "byName",
        ),
        WireEnum(
            "serverpod_auth_idp.EmailAccountLoginExceptionReason",
            EmailAccountLoginExceptionReason,
            "byName",
            default=EmailAccountLoginExceptionReason.UNKNOWN,
        ),
        WireEnum(
            "serverpod_auth_idp.EmailAccountPasswordResetExceptionReason",
            EmailAccountPasswordResetExceptionReason,
            "byName",
            default=EmailAccountPasswordResetExceptionReason.UNKNOWN,
        ),
        WireEnum(
            "serverpod_auth_idp.EmailAccountRequestExceptionReason",
            EmailAccountRequestExceptionReason,
            "byName",
            default=EmailAccountRequestExceptionReason.UNKNOWN,
        ),
        WireEnum(
            "PasskeyRefusedExceptionReason",
            PasskeyRefusedExceptionReason,
            "byName",
            default=PasskeyRefusedExceptionReason.UNKNOWN,
        ),
        WireEnum(
            "ProfileExceptionReason", ProfileExceptionReason, "byName", default=ProfileExceptionReason.UNKNOWN
        ),
        WireEnum(
            "ReauthenticationExceptionReason",
            ReauthenticationExceptionReason,
            "byName",
            default=ReauthenticationExceptionReason.UNKNOWN,
        ),
        WireEnum(
            "SecondFactorExceptionReason",
            SecondFactorExceptionReason,
            "byName",
            default=SecondFactorExceptionReason.UNKNOWN,
        ),
        WireClass(
            "serverpod_auth_core.UserProfile",
            UserProfile,
            [
                WireField("id", "id", "UuidValue?"),
                WireField("authUserId", "auth_user_id", "UuidValue"),
                WireField("authUser", "auth_user", "module:serverpod_auth_core:AuthUser?", relation="one"),
                WireField("userName", "user_name", "String?"),
                WireField("fullName", "full_name", "String?"),
                WireField("email", "email", "String?"),
                WireField("createdAt", "created_at", "DateTime", has_default=True),
                WireField("imageId", "image_id", "UuidValue?"),
                WireField("image", "image", "module:serverpod_auth_core:UserProfileImage?", relation="one"),
            ],
        ),
        WireClass(
            "serverpod_auth_core.UserProfileImage",
            UserProfileImage,
            [
                WireField("id", "id", "UuidValue?"),
                WireField("userProfileId", "user_profile_id", "UuidValue"),
                WireField(
                    "userProfile", "user_profile", "module:serverpod_auth_core:UserProfile?", relation="one"
                ),
                WireField("createdAt", "created_at", "DateTime", has_default=True),
                WireField("storageId", "storage_id", "String"),
                WireField("path", "path", "String"),
                WireField("url", "url", "Uri"),
            ],
        ),
        WireClass(
            "AccountDeletion",
            AccountDeletion,
            [
                WireField("deletesAt", "deletes_at", "DateTime"),
            ],
        ),
        WireClass(
            "serverpod_auth_core.AuthSuccess",
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
            "serverpod_auth_core.AuthUserModel",
            AuthUserModel,
            [
                WireField("id", "id", "UuidValue"),
                WireField("createdAt", "created_at", "DateTime"),
                WireField("scopeNames", "scope_names", "Set<String>"),
                WireField("blocked", "blocked", "bool"),
            ],
        ),
        WireClass(
            "ConsentInfo",
            ConsentInfo,
            [
                WireField("document", "document", "String"),
                WireField("version", "version", "String"),
                WireField("givenAt", "given_at", "DateTime"),
                WireField("withdrawnAt", "withdrawn_at", "DateTime?"),
            ],
        ),
        WireClass(
            "DataExport",
            DataExport,
            [
                WireField("url", "url", "Uri"),
                WireField("expiresAt", "expires_at", "DateTime"),
            ],
        ),
        WireClass(
            "Device",
            Device,
            [
                WireField("id", "id", "UuidValue"),
                WireField("name", "name", "String"),
                WireField("method", "method", "String"),
                WireField("address", "address", "String"),
                WireField("createdAt", "created_at", "DateTime"),
                WireField("lastUsedAt", "last_used_at", "DateTime"),
                WireField("expiresAt", "expires_at", "DateTime?"),
                WireField("current", "current", "bool"),
            ],
        ),
        WireClass(
            "serverpod_auth_core.JwtTokenInfo",
            JwtTokenInfo,
            [
                WireField("id", "id", "UuidValue"),
                WireField("authUserId", "auth_user_id", "UuidValue"),
                WireField("scopeNames", "scope_names", "Set<String>"),
                WireField("extraClaimsJSON", "extra_claims_json", "String?"),
                WireField("lastUpdatedAt", "last_updated_at", "DateTime"),
                WireField("createdAt", "created_at", "DateTime"),
                WireField("method", "method", "String"),
            ],
        ),
        WireClass(
            "PasskeyInfo",
            PasskeyInfo,
            [
                WireField("id", "id", "int"),
                WireField("name", "name", "String"),
                WireField("wayIn", "way_in", "bool"),
                WireField("createdAt", "created_at", "DateTime"),
                WireField("lastUsedAt", "last_used_at", "DateTime?"),
            ],
        ),
        WireClass(
            "serverpod_auth_idp.PasskeyLoginRequest",
            PasskeyLoginRequest,
            [
                WireField("challengeId", "challenge_id", "UuidValue"),
                WireField("keyId", "key_id", "ByteData"),
                WireField("authenticatorData", "authenticator_data", "ByteData"),
                WireField("clientDataJSON", "client_data_json", "ByteData"),
                WireField("signature", "signature", "ByteData"),
            ],
        ),
        WireClass(
            "serverpod_auth_idp.PasskeyRegistrationRequest",
            PasskeyRegistrationRequest,
            [
                WireField("challengeId", "challenge_id", "UuidValue"),
                WireField("keyId", "key_id", "ByteData"),
                WireField("clientDataJSON", "client_data_json", "ByteData"),
                WireField("attestationObject", "attestation_object", "ByteData"),
            ],
        ),
        WireClass(
            "SecondFactorStatus",
            SecondFactorStatus,
            [
                WireField("required", "required", "bool"),
                WireField("demanded", "demanded", "bool"),
                WireField("totp", "totp", "bool"),
                WireField("recoveryCodesLeft", "recovery_codes_left", "int"),
                WireField("passkeys", "passkeys", "List<PasskeyInfo>"),
            ],
        ),
        WireClass(
            "serverpod_auth_core.ServerSideSessionInfo",
            ServerSideSessionInfo,
            [
                WireField("id", "id", "UuidValue"),
                WireField("authUserId", "auth_user_id", "UuidValue"),
                WireField("scopeNames", "scope_names", "Set<String>"),
                WireField("created", "created", "DateTime"),
                WireField("lastUsed", "last_used", "DateTime"),
                WireField("expiresAt", "expires_at", "DateTime?"),
                WireField("expireAfterUnusedFor", "expire_after_unused_for", "Duration?"),
                WireField("method", "method", "String"),
            ],
        ),
        WireClass(
            "serverpod_auth_core.TokenPair",
            TokenPair,
            [
                WireField("refreshToken", "refresh_token", "String"),
                WireField("accessToken", "access_token", "String"),
            ],
        ),
        WireClass(
            "TotpSetup",
            TotpSetup,
            [
                WireField("secret", "secret", "String"),
                WireField("uri", "uri", "String"),
            ],
        ),
        WireClass(
            "serverpod_auth_core.UserProfileData",
            UserProfileData,
            [
                WireField("userName", "user_name", "String?"),
                WireField("fullName", "full_name", "String?"),
                WireField("email", "email", "String?"),
            ],
        ),
        WireClass(
            "serverpod_auth_core.UserProfileModel",
            UserProfileModel,
            [
                WireField("authUserId", "auth_user_id", "UuidValue"),
                WireField("userName", "user_name", "String?"),
                WireField("fullName", "full_name", "String?"),
                WireField("email", "email", "String?"),
                WireField("imageUrl", "image_url", "Uri?"),
            ],
        ),
        WireClass(
            "serverpod_auth_idp.AnonymousAccountBlockedException",
            AnonymousAccountBlockedException,
            [
                WireField(
                    "reason", "reason", "module:serverpod_auth_idp:AnonymousAccountBlockedExceptionReason"
                ),
            ],
        ),
        WireClass(
            "serverpod_auth_core.AuthUserBlockedException",
            AuthUserBlockedException,
            [],
        ),
        WireClass(
            "serverpod_auth_core.AuthUserNotFoundException",
            AuthUserNotFoundException,
            [],
        ),
        WireClass(
            "serverpod_auth_idp.EmailAccountLoginException",
            EmailAccountLoginException,
            [
                WireField("reason", "reason", "module:serverpod_auth_idp:EmailAccountLoginExceptionReason"),
            ],
        ),
        WireClass(
            "serverpod_auth_idp.EmailAccountPasswordResetException",
            EmailAccountPasswordResetException,
            [
                WireField(
                    "reason", "reason", "module:serverpod_auth_idp:EmailAccountPasswordResetExceptionReason"
                ),
            ],
        ),
        WireClass(
            "serverpod_auth_idp.EmailAccountRequestException",
            EmailAccountRequestException,
            [
                WireField("reason", "reason", "module:serverpod_auth_idp:EmailAccountRequestExceptionReason"),
            ],
        ),
        WireClass(
            "serverpod_auth_idp.FacebookAccessTokenVerificationException",
            FacebookAccessTokenVerificationException,
            [],
        ),
        WireClass(
            "serverpod_auth_idp.FirebaseEmailNotVerifiedException",
            FirebaseEmailNotVerifiedException,
            [],
        ),
        WireClass(
            "serverpod_auth_idp.FirebaseIdTokenVerificationException",
            FirebaseIdTokenVerificationException,
            [],
        ),
        WireClass(
            "serverpod_auth_idp.GitHubAccessTokenVerificationException",
            GitHubAccessTokenVerificationException,
            [],
        ),
        WireClass(
            "serverpod_auth_idp.GoogleIdTokenVerificationException",
            GoogleIdTokenVerificationException,
            [],
        ),
        WireClass(
            "IdentityVerificationException",
            IdentityVerificationException,
            [
                WireField("provider", "provider", "String"),
            ],
        ),
        WireClass(
            "serverpod_auth_idp.MicrosoftAccessTokenVerificationException",
            MicrosoftAccessTokenVerificationException,
            [],
        ),
        WireClass(
            "serverpod_auth_idp.PasskeyChallengeExpiredException",
            PasskeyChallengeExpiredException,
            [],
        ),
        WireClass(
            "serverpod_auth_idp.PasskeyChallengeNotFoundException",
            PasskeyChallengeNotFoundException,
            [],
        ),
        WireClass(
            "serverpod_auth_idp.PasskeyPublicKeyNotFoundException",
            PasskeyPublicKeyNotFoundException,
            [],
        ),
        WireClass(
            "PasskeyRefusedException",
            PasskeyRefusedException,
            [
                WireField("reason", "reason", "PasskeyRefusedExceptionReason"),
            ],
        ),
        WireClass(
            "ProfileException",
            ProfileException,
            [
                WireField("reason", "reason", "ProfileExceptionReason"),
                WireField("message", "message", "String"),
            ],
        ),
        WireClass(
            "ReauthenticationException",
            ReauthenticationException,
            [
                WireField("reason", "reason", "ReauthenticationExceptionReason"),
                WireField("message", "message", "String"),
                WireField("methods", "methods", "List<String>"),
            ],
        ),
        WireClass(
            "serverpod_auth_core.RefreshTokenExpiredException",
            RefreshTokenExpiredException,
            [],
        ),
        WireClass(
            "serverpod_auth_core.RefreshTokenInvalidSecretException",
            RefreshTokenInvalidSecretException,
            [],
        ),
        WireClass(
            "serverpod_auth_core.RefreshTokenMalformedException",
            RefreshTokenMalformedException,
            [],
        ),
        WireClass(
            "serverpod_auth_core.RefreshTokenNotFoundException",
            RefreshTokenNotFoundException,
            [],
        ),
        WireClass(
            "SecondFactorException",
            SecondFactorException,
            [
                WireField("reason", "reason", "SecondFactorExceptionReason"),
            ],
        ),
        WireClass(
            "SecondFactorRequiredException",
            SecondFactorRequiredException,
            [
                WireField("token", "token", "String"),
                WireField("methods", "methods", "List<String>"),
            ],
        ),
        WireClass(
            "serverpod_auth_core.SignInWhileAuthenticatedException",
            SignInWhileAuthenticatedException,
            [],
        ),
    ]
)
register_model(
    "accounts.User",
    lambda model: WireClass(
        "serverpod_auth_core.AuthUser",
        model,
        [
            WireField("id", "id", "UuidValue?"),
            WireField("createdAt", "created_at", "DateTime", has_default=True),
            WireField("scopeNames", "scope_names", "Set<String>"),
            WireField("blocked", "blocked", "bool", has_default=True),
        ],
    ),
)
