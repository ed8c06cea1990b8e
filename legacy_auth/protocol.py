"""The models of legacy_auth, generated from its model files by `python3 manage.py generate`. Do not edit."""

from __future__ import annotations

import datetime
import enum
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from podium.database import base, fields, indexes
from podium.database.constraints import ForeignKeyConstraint
from podium.database.fields import Column, Key
from podium.wire.classes import WireClass, WireEnum, WireField, register

from .protocol_types import (
    AuthKeyQuerySet,
    EmailAuthQuerySet,
    EmailCreateAccountRequestQuerySet,
    EmailFailedSignInQuerySet,
    EmailResetQuerySet,
    GoogleRefreshTokenQuerySet,
    MigratedUserQuerySet,
    UserImageQuerySet,
    UserInfoQuerySet,
)

if TYPE_CHECKING:
    from accounts.models import User

    from .protocol_types import (
        AuthKeyQ,
        EmailAuthQ,
        EmailCreateAccountRequestQ,
        EmailFailedSignInQ,
        EmailResetQ,
        GoogleRefreshTokenQ,
        MigratedUserQ,
        UserImageQ,
        UserInfoQ,
    )

__all__ = [
    "AppleAuthInfo",
    "AuthKey",
    "AuthenticationFailReason",
    "AuthenticationResponse",
    "EmailAuth",
    "EmailCreateAccountRequest",
    "EmailFailedSignIn",
    "EmailPasswordReset",
    "EmailReset",
    "GoogleRefreshToken",
    "MigratedUser",
    "UserImage",
    "UserInfo",
    "UserInfoPublic",
    "UserSettingsConfig",
]


class AuthenticationFailReason(enum.Enum):
    """Why a sign-in failed."""

    INVALID_CREDENTIALS = "invalidCredentials"
    USER_CREATION_DENIED = "userCreationDenied"
    INTERNAL_ERROR = "internalError"
    TOO_MANY_FAILED_ATTEMPTS = "tooManyFailedAttempts"
    BLOCKED = "blocked"


class AuthKey(base.Model):
    """The key of one signed-in device. Clients send its number and the key itself; here is a hash."""

    id: Key[int] = models.BigAutoField(primary_key=True)
    user_id: Column[int] = fields.IntegerField(db_column="userId")
    """The number of the user."""
    hash: Column[str] = fields.TextField()
    """SHA-256 of the salt and the key, in hexadecimal."""
    key: str | None = fields.Transient()
    """The key itself, which is known at the sign-in only."""
    scope_names: Column[list[str]] = fields.JSONField("List<String>", db_column="scopeNames")
    """The scopes of calls with this key."""
    method: Column[str] = fields.TextField()
    """The sign-in method, such as "email" or "google"."""

    objects: ClassVar[AuthKeyQuerySet] = AuthKeyQuerySet.as_manager()
    Q: ClassVar[type[AuthKeyQ]]

    class Meta:
        db_table = "serverpod_auth_key"
        indexes = [
            indexes.Index(fields=["user_id"], name="serverpod_auth_key_userId_idx"),
        ]


class EmailAuth(base.Model):
    """An e-mail address and a password, as Serverpod stored them. Podium reads the hash when it takes the user over."""

    id: Key[int] = models.BigAutoField(primary_key=True)
    user_id: Column[int] = fields.IntegerField(db_column="userId")
    """The number of the user."""
    email: Column[str] = fields.TextField()
    hash: Column[str] = fields.TextField()
    """The password's hash; empty once the user has a newer one in Podium."""

    objects: ClassVar[EmailAuthQuerySet] = EmailAuthQuerySet.as_manager()
    Q: ClassVar[type[EmailAuthQ]]

    class Meta:
        db_table = "serverpod_email_auth"
        constraints = [
            models.UniqueConstraint(fields=["email"], name="serverpod_email_auth_email"),
        ]


class EmailCreateAccountRequest(base.Model):
    """A sign-up that waits for its mailed code. Serverpod's rows stay; Podium keeps its own elsewhere, without the code."""

    id: Key[int] = models.BigAutoField(primary_key=True)
    user_name: Column[str] = fields.TextField(db_column="userName")
    email: Column[str] = fields.TextField()
    hash: Column[str] = fields.TextField()
    verification_code: Column[str] = fields.TextField(db_column="verificationCode")

    objects: ClassVar[EmailCreateAccountRequestQuerySet] = EmailCreateAccountRequestQuerySet.as_manager()
    Q: ClassVar[type[EmailCreateAccountRequestQ]]

    class Meta:
        db_table = "serverpod_email_create_request"
        constraints = [
            models.UniqueConstraint(fields=["email"], name="serverpod_email_auth_create_account_request_idx"),
        ]


class EmailFailedSignIn(base.Model):
    """A wrong password. Serverpod's rows stay; Podium counts guesses elsewhere."""

    id: Key[int] = models.BigAutoField(primary_key=True)
    email: Column[str] = fields.TextField()
    time: Column[datetime.datetime] = fields.DateTimeField()
    ip_address: Column[str] = fields.TextField(db_column="ipAddress")

    objects: ClassVar[EmailFailedSignInQuerySet] = EmailFailedSignInQuerySet.as_manager()
    Q: ClassVar[type[EmailFailedSignInQ]]

    class Meta:
        db_table = "serverpod_email_failed_sign_in"
        indexes = [
            indexes.Index(fields=["email"], name="serverpod_email_failed_sign_in_email_idx"),
            indexes.Index(fields=["time"], name="serverpod_email_failed_sign_in_time_idx"),
        ]


class EmailReset(base.Model):
    """A new password that waits for its mailed code. Serverpod's rows stay; Podium keeps its own elsewhere, without the
    code.
    """

    id: Key[int] = models.BigAutoField(primary_key=True)
    user_id: Column[int] = fields.IntegerField(db_column="userId")
    """The number of the user."""
    verification_code: Column[str] = fields.TextField(db_column="verificationCode")
    expiration: Column[datetime.datetime] = fields.DateTimeField()

    objects: ClassVar[EmailResetQuerySet] = EmailResetQuerySet.as_manager()
    Q: ClassVar[type[EmailResetQ]]

    class Meta:
        db_table = "serverpod_email_reset"
        constraints = [
            models.UniqueConstraint(
                fields=["verification_code"], name="serverpod_email_reset_verification_idx"
            ),
        ]


class GoogleRefreshToken(base.Model):
    """Google's token for reading a user's data later. Serverpod's rows stay; Podium creates none."""

    id: Key[int] = models.BigAutoField(primary_key=True)
    user_id: Column[int] = fields.IntegerField(db_column="userId")
    """The number of the user."""
    refresh_token: Column[str] = fields.TextField(db_column="refreshToken")

    objects: ClassVar[GoogleRefreshTokenQuerySet] = GoogleRefreshTokenQuerySet.as_manager()
    Q: ClassVar[type[GoogleRefreshTokenQ]]

    class Meta:
        db_table = "serverpod_google_refresh_token"
        constraints = [
            models.UniqueConstraint(fields=["user_id"], name="serverpod_google_refresh_token_userId_idx"),
        ]


class MigratedUser(base.Model):
    """The account of a user of the legacy module. The table is that of Serverpod's own migration to its new modules, so
    users that it has migrated already have their account.
    """

    id: Key[int] = models.BigAutoField(primary_key=True)
    old_user_id: int
    old_user: Column[UserInfo] = fields.ForeignKey("UserInfo", db_column="oldUserId", related_name="+")
    """The user by their number."""
    new_auth_user_id: uuid.UUID
    new_auth_user: Column[User] = fields.ForeignKey(
        "accounts.User", db_column="newAuthUserId", related_name="+"
    )
    """The account."""

    objects: ClassVar[MigratedUserQuerySet] = MigratedUserQuerySet.as_manager()
    Q: ClassVar[type[MigratedUserQ]]

    class Meta:
        db_table = "serverpod_auth_migration_migrated_user"
        constraints = [
            ForeignKeyConstraint(
                fields=["old_user"],
                to="UserInfo",
                name="serverpod_auth_migration_migrated_user_fk_0",
                on_delete="cascade",
            ),
            ForeignKeyConstraint(
                fields=["new_auth_user"],
                to="accounts.User",
                name="serverpod_auth_migration_migrated_user_fk_1",
                on_delete="cascade",
            ),
            models.UniqueConstraint(fields=["old_user"], name="serverpod_auth_migration_migrated_user_old"),
            models.UniqueConstraint(
                fields=["new_auth_user"], name="serverpod_auth_migration_migrated_user_new"
            ),
        ]


class UserImage(base.Model):
    """One picture that a user has had."""

    id: Key[int] = models.BigAutoField(primary_key=True)
    user_id: Column[int] = fields.IntegerField(db_column="userId")
    """The number of the user."""
    version: Column[int] = fields.IntegerField()
    """1 for the first picture, and one more for each that came later."""
    url: Column[str] = fields.TextField()
    """The address of the picture."""

    objects: ClassVar[UserImageQuerySet] = UserImageQuerySet.as_manager()
    Q: ClassVar[type[UserImageQ]]

    class Meta:
        db_table = "serverpod_user_image"
        indexes = [
            indexes.Index(fields=["user_id", "version"], name="serverpod_user_image_user_id"),
        ]


class UserInfo(base.Model):
    """A user as apps of the legacy module know them, by a number. For the user alone: it has the e-mail address. Others
    get [UserInfoPublic].
    """

    id: Key[int] = models.BigAutoField(primary_key=True)
    user_identifier: Column[str] = fields.TextField(db_column="userIdentifier")
    """Unique: the e-mail address, or the id that Apple or Firebase gives the user."""
    user_name: Column[str | None] = fields.TextField(null=True, blank=True, db_column="userName")
    """A first name or nickname. Never null on the wire, since clients before 2.0 can't read null."""
    full_name: Column[str | None] = fields.TextField(null=True, blank=True, db_column="fullName")
    email: Column[str | None] = fields.TextField(null=True, blank=True)
    created: Column[datetime.datetime] = fields.DateTimeField()
    """The time when the account was created."""
    image_url: Column[str | None] = fields.TextField(null=True, blank=True, db_column="imageUrl")
    """The address of the user's picture."""
    scope_names: Column[list[str]] = fields.JSONField("List<String>", db_column="scopeNames")
    """The user's scopes."""
    blocked: Column[bool] = fields.BooleanField()
    """True if the user can't sign in."""

    objects: ClassVar[UserInfoQuerySet] = UserInfoQuerySet.as_manager()
    Q: ClassVar[type[UserInfoQ]]

    class Meta:
        db_table = "serverpod_user_info"
        constraints = [
            models.UniqueConstraint(fields=["user_identifier"], name="serverpod_user_info_user_identifier"),
        ]
        indexes = [
            indexes.Index(fields=["email"], name="serverpod_user_info_email"),
        ]


@dataclass(kw_only=True)
class AppleAuthInfo:
    """The data that an app gets from Sign in with Apple."""

    user_identifier: str
    """Apple's id of the user."""
    email: str | None = None
    """Apple tells it at the first sign-in only."""
    full_name: str
    nickname: str
    identity_token: str
    """The ID token, signed by Apple."""
    authorization_code: str


@dataclass(kw_only=True)
class AuthenticationResponse:
    """The outcome of a sign-in."""

    success: bool
    key: str | None = None
    """The new key. The client sends `keyId:key` with its calls."""
    key_id: int | None = None
    user_info: UserInfo | None = None
    fail_reason: AuthenticationFailReason | None = None
    """Why the sign-in failed."""


@dataclass(kw_only=True)
class EmailPasswordReset:
    """The user whose password a mailed code can set."""

    user_name: str | None = None
    email: str


@dataclass(kw_only=True)
class UserInfoPublic:
    """The part of a user that others may see."""

    id: int | None = None
    """The number of the user, if others may know it."""
    user_name: str | None = None
    full_name: str | None = None
    created: datetime.datetime
    """The time when the account was created."""
    image_url: str | None = None
    """The address of the user's picture."""


@dataclass(kw_only=True)
class UserSettingsConfig:
    """What users may see and change of their profile: the LEGACY_AUTH settings."""

    can_see_user_name: bool
    can_see_full_name: bool
    can_edit_user_name: bool
    can_edit_full_name: bool
    can_edit_user_image: bool


register(
    [
        WireEnum("serverpod_auth.AuthenticationFailReason", AuthenticationFailReason, "byIndex"),
        WireClass(
            "serverpod_auth.AuthKey",
            AuthKey,
            [
                WireField("id", "id", "int?"),
                WireField("userId", "user_id", "int"),
                WireField("hash", "hash", "String"),
                WireField("key", "key", "String?"),
                WireField("scopeNames", "scope_names", "List<String>"),
                WireField("method", "method", "String"),
            ],
        ),
        WireClass(
            "serverpod_auth.EmailAuth",
            EmailAuth,
            [
                WireField("id", "id", "int?"),
                WireField("userId", "user_id", "int"),
                WireField("email", "email", "String"),
                WireField("hash", "hash", "String"),
            ],
        ),
        WireClass(
            "serverpod_auth.EmailCreateAccountRequest",
            EmailCreateAccountRequest,
            [
                WireField("id", "id", "int?"),
                WireField("userName", "user_name", "String"),
                WireField("email", "email", "String"),
                WireField("hash", "hash", "String"),
                WireField("verificationCode", "verification_code", "String"),
            ],
        ),
        WireClass(
            "serverpod_auth.EmailFailedSignIn",
            EmailFailedSignIn,
            [
                WireField("id", "id", "int?"),
                WireField("email", "email", "String"),
                WireField("time", "time", "DateTime"),
                WireField("ipAddress", "ip_address", "String"),
            ],
        ),
        WireClass(
            "serverpod_auth.EmailReset",
            EmailReset,
            [
                WireField("id", "id", "int?"),
                WireField("userId", "user_id", "int"),
                WireField("verificationCode", "verification_code", "String"),
                WireField("expiration", "expiration", "DateTime"),
            ],
        ),
        WireClass(
            "serverpod_auth.GoogleRefreshToken",
            GoogleRefreshToken,
            [
                WireField("id", "id", "int?"),
                WireField("userId", "user_id", "int"),
                WireField("refreshToken", "refresh_token", "String"),
            ],
        ),
        WireClass(
            "serverpod_auth.MigratedUser",
            MigratedUser,
            [
                WireField("id", "id", "int?"),
                WireField("oldUserId", "old_user_id", "int"),
                WireField("oldUser", "old_user", "module:serverpod_auth:UserInfo?", relation="one"),
                WireField("newAuthUserId", "new_auth_user_id", "UuidValue"),
                WireField(
                    "newAuthUser", "new_auth_user", "module:serverpod_auth_core:AuthUser?", relation="one"
                ),
            ],
            server_only=True,
        ),
        WireClass(
            "serverpod_auth.UserImage",
            UserImage,
            [
                WireField("id", "id", "int?"),
                WireField("userId", "user_id", "int"),
                WireField("version", "version", "int"),
                WireField("url", "url", "String"),
            ],
        ),
        WireClass(
            "serverpod_auth.UserInfo",
            UserInfo,
            [
                WireField("id", "id", "int?"),
                WireField("userIdentifier", "user_identifier", "String"),
                WireField("userName", "user_name", "String?"),
                WireField("fullName", "full_name", "String?"),
                WireField("email", "email", "String?"),
                WireField("created", "created", "DateTime"),
                WireField("imageUrl", "image_url", "String?"),
                WireField("scopeNames", "scope_names", "List<String>"),
                WireField("blocked", "blocked", "bool"),
            ],
        ),
        WireClass(
            "serverpod_auth.AppleAuthInfo",
            AppleAuthInfo,
            [
                WireField("userIdentifier", "user_identifier", "String"),
                WireField("email", "email", "String?"),
                WireField("fullName", "full_name", "String"),
                WireField("nickname", "nickname", "String"),
                WireField("identityToken", "identity_token", "String"),
                WireField("authorizationCode", "authorization_code", "String"),
            ],
        ),
        WireClass(
            "serverpod_auth.AuthenticationResponse",
            AuthenticationResponse,
            [
                WireField("success", "success", "bool"),
                WireField("key", "key", "String?"),
                WireField("keyId", "key_id", "int?"),
                WireField("userInfo", "user_info", "module:serverpod_auth:UserInfo?"),
                WireField("failReason", "fail_reason", "module:serverpod_auth:AuthenticationFailReason?"),
            ],
        ),
        WireClass(
            "serverpod_auth.EmailPasswordReset",
            EmailPasswordReset,
            [
                WireField("userName", "user_name", "String?"),
                WireField("email", "email", "String"),
            ],
        ),
        WireClass(
            "serverpod_auth.UserInfoPublic",
            UserInfoPublic,
            [
                WireField("id", "id", "int?"),
                WireField("userName", "user_name", "String?"),
                WireField("fullName", "full_name", "String?"),
                WireField("created", "created", "DateTime"),
                WireField("imageUrl", "image_url", "String?"),
            ],
        ),
        WireClass(
            "serverpod_auth.UserSettingsConfig",
            UserSettingsConfig,
            [
                WireField("canSeeUserName", "can_see_user_name", "bool"),
                WireField("canSeeFullName", "can_see_full_name", "bool"),
                WireField("canEditUserName", "can_edit_user_name", "bool"),
                WireField("canEditFullName", "can_edit_full_name", "bool"),
                WireField("canEditUserImage", "can_edit_user_image", "bool"),
            ],
        ),
    ]
)
