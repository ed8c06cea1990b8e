"""Stored data: users, sign-ins of devices, API keys, challenges, security events and consents.

User is the AuthUser of core/auth_user.spy.yaml, as podium.toml says. The other tables of model files are generated.
Writers are in sessions/, keys/, sign_in/challenges.py, audit/audit.py and data/consents.py.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.db.models.functions import Lower

from accounts.passwords.legacy_hashers import is_kept
from podium.core import clock
from podium.core.ids import uuid7
from podium.database import fields

from .protocol import *

EMAIL_MAX_LENGTH = 254
"""Source: RFC 5321 section 4.5.3.1.3, without the angle brackets."""
NO_PASSWORD = UNUSABLE_PASSWORD_PREFIX
"""The value of the column if another server inserted the user's row."""


class UserManager(BaseUserManager["User"]):
    """Creates users, and finds them by e-mail address in any case."""

    use_in_migrations = True

    def create_user(self, email: str | None = None, password: str | None = None, **fields: Any) -> User:
        """Create a user. Without a password, the user can't sign in with one. Raises IntegrityError.

        Stores the address as given: sign_in/email.py checks it first. None: a user without an address.
        """
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a user with all permissions, including the admin. Raises ValueError without an address."""
        if not email:
            raise ValueError("A superuser needs an e-mail address.")
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=normalize_email(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A user. The e-mail address, if there is one, is stored in lower case. Scopes are the names of the groups.

    A Serverpod server can use the same table. It inserts only id, createdAt, scopeNames and blocked, so each
    other column has a default in the database.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7, db_default=fields.RandomV7(), editable=False)
    email = models.EmailField(
        "e-mail address", max_length=EMAIL_MAX_LENGTH, unique=True, null=True, blank=True, default=None
    )  # NULL, not "", if there is none: the column is unique
    name = models.CharField(
        max_length=150, blank=True, default="", db_default="", help_text="As others see it."
    )
    is_active = models.BooleanField(
        "active",
        default=True,
        db_default=True,
        help_text="If unset, the user is blocked: signed out, and unable to sign in.",
    )
    is_staff = models.BooleanField("staff", default=False, db_default=False, help_text="May open this admin.")
    is_superuser = models.BooleanField(
        "superuser status",
        default=False,
        db_default=False,
        help_text="Designates that this user has all permissions without explicitly assigning them.",
    )
    password = models.CharField("password", max_length=128, default="", db_default=NO_PASSWORD)
    created_at = fields.DateTimeField("joined", default=clock.now, db_column="createdAt", editable=False)

    scope_names = fields.JSONField("Set<String>", db_column="scopeNames", default=set, editable=False)
    is_blocked = models.BooleanField(default=False, db_column="blocked", editable=False)
    """Equal to `not is_active`: a trigger keeps the two equal, whichever of them a statement sets."""

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "serverpod_auth_core_user"
        permissions: ClassVar = [
            ("impersonate_user", "Can act as a user for minutes"),
            ("export_user", "Can download all data of a user"),
            ("view_access", "Can see what the access rules answer"),
            ("view_as_user", "Can see rows as a user sees them"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="accounts_user_email_is_lower_case",
                violation_error_message="The e-mail address must be in lower case.",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or str(self.pk)

    def clean(self) -> None:
        super().clean()
        self.email = normalize_email(self.email or "") or None

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = normalize_email(self.email or "") or None
        self.is_blocked = not self.is_active
        super().save(*args, **kwargs)

    @property
    def blocked(self) -> bool:
        """Test whether the user may not sign in. The opposite of Django's `is_active`."""
        return not self.is_active

    @blocked.setter
    def blocked(self, value: bool) -> None:
        self.is_active = not value

    def check_password(self, raw_password: str | None) -> bool:
        """Test a password. A correct one is hashed again if its hash is not of the first kind in PASSWORD_HASHERS."""
        if is_kept(self.password):
            return check_password(raw_password, self.password)
        return super().check_password(raw_password)

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class Strategy(models.TextChoices):
    """The kinds of tokens, as AuthStrategy names them on the wire."""

    SESSION = "session", "a key that is looked up"
    JWT = "jwt", "signed, with a refresh token"


class Session(models.Model):
    """One sign-in of one device. Only the client knows its secrets; this row has their SHA-256.

    A session has one secret, the token itself. A sign-in with a refresh token has two: a fixed one, which shows that
    the refresh token was made here, and one that changes with each use.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    strategy = models.CharField(max_length=10, choices=Strategy, default=Strategy.SESSION, editable=False)
    method = models.CharField("sign-in method", max_length=40, blank=True, help_text='Such as "email".')
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    fixed_digest = models.BinaryField(max_length=32, null=True, editable=False)
    previous_digest = models.BinaryField(max_length=32, null=True, editable=False)
    rotated_at = models.DateTimeField(null=True, editable=False)
    user_agent = models.CharField(
        "device", max_length=300, blank=True, help_text="As reported by the client."
    )
    address = models.CharField("network address", max_length=45, blank=True, help_text="Of the sign-in.")
    created_at = models.DateTimeField("created", default=clock.now)
    last_used_at = models.DateTimeField("last used", default=clock.now, help_text="To the minute.")
    expires_at = models.DateTimeField("expires", null=True, blank=True, db_index=True)
    operator = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        null=True,
        related_name="issued_sessions",
        editable=False,
        help_text="The operator who acts as the user with this token, while they have the right to do so.",
    )

    class Meta:
        db_table = "accounts_token"  # the old name: servers of both versions run during a deployment
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user} on {self.user_agent or 'an unnamed device'}"


class ApiKey(models.Model):
    """A key with which a program calls as the user who owns it. Only the program knows it; this row has its SHA-256.

    It may do what its scopes allow, and never more than its owner. Written by keys/keys.py.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80, help_text="The program that uses the key.")
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    scopes = fields.JSONField("Set<String>", default=set)
    digest = models.BinaryField(max_length=32, editable=False)
    previous_digest = models.BinaryField(max_length=32, null=True, editable=False)
    previous_until = models.DateTimeField(
        "previous key works until", null=True, editable=False, help_text="After a rotation."
    )
    created_at = models.DateTimeField("created", default=clock.now)
    created_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The operator. Empty if it was a command.",
    )
    rotated_at = models.DateTimeField("rotated", null=True)
    last_used_at = models.DateTimeField("last used", null=True, help_text="To the minute.")
    expires_at = models.DateTimeField("expires", null=True)
    revoked_at = models.DateTimeField("revoked", null=True)

    class Meta:
        verbose_name = "API key"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class Challenge(models.Model):
    """A pending question with a time limit and few tries: a mailed code, a passkey's challenge, a second factor.

    The answer is not stored, only its keyed digest, or a password hash of that digest if the answer is short.
    Written by sign_in/challenges.py.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    digest = models.BinaryField(max_length=256, editable=False)
    data = models.JSONField(default=dict, blank=True)
    tries_left = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.kind} of {self.created_at:%Y-%m-%d %H:%M}"


class SecurityEvent(models.Model):
    """One line of the audit log: event, user and origin. Written only by audit/audit.py."""

    at = models.DateTimeField(default=clock.now, db_index=True)
    event = models.CharField(max_length=40, help_text='Such as "signed_in" or "password_wrong".')
    user = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="security_events"
    )
    address = models.CharField("network address", max_length=45, blank=True)
    user_agent = models.CharField("device", max_length=300, blank=True)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "-at"], name="accounts_event_of_user")]

    def __str__(self) -> str:
        return f"{self.event} at {self.at:%Y-%m-%d %H:%M}"


class Consent(models.Model):
    """A user's consent to a version of a document. The only change to a row is the time of its withdrawal."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    document = models.CharField(max_length=80, help_text='Such as "terms" or "newsletter".')
    version = models.CharField(max_length=40)
    given_at = models.DateTimeField("given", default=clock.now)
    withdrawn_at = models.DateTimeField("withdrawn", null=True, blank=True)
    address = models.CharField(
        "network address", max_length=45, blank=True, help_text="The caller's address."
    )

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "document"], name="accounts_consent_of_user")]

    def __str__(self) -> str:
        return f"{self.document} {self.version} of {self.user}"


def normalize_email(email: str) -> str:
    """The canonical spelling of an address: lower case, as allauth stores it, without surrounding whitespace.

    A domain that is not plain ASCII has many spellings of the same mailbox (wide letters, soft hyphens, punycode). All
    get the spelling to which IDNA maps them, which is also what Django does when it sends mail.
    """
    address = email.strip().lower()
    local, at, domain = address.rpartition("@")
    if len(address) > EMAIL_MAX_LENGTH or (domain.isascii() and "xn--" not in domain):
        return address
    try:
        return local + at + domain.encode("idna").decode("idna").lower()
    except UnicodeError:  # not a domain, or one that only a newer IDNA knows
        return address


def is_address(text: str) -> bool:
    """Test whether a text is an e-mail address that fits the columns for one."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= EMAIL_MAX_LENGTH and "\0" not in text
