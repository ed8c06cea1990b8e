"""What is stored of people: the user, the sign-ins of devices, what waits for an answer, what matters for security.

User is the AuthUser of core/auth_user.spy.yaml, as pyproject.toml says; the other tables of model files are generated.
The acts are in tokens.py, challenges.py and audit.py.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from core import clock
from core.ids import uuid7
from database import fields

from .protocol import *

EMAIL_MAX_LENGTH = 254
"""Source: RFC 5321 section 4.5.3.1.3, less the angle brackets."""


class UserManager(BaseUserManager["User"]):
    """Makes users, and finds them by e-mail address whatever its case."""

    use_in_migrations = True

    def create_user(self, email: str | None = None, password: str | None = None, **fields: Any) -> User:
        """A new user; without a password one who can't sign in by password. Raises IntegrityError.

        The address is taken as it is: signup.py is the door that checks it. None: somebody without one.
        """
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user who may do everything, in the admin too. Raises ValueError without an address to sign in with."""
        if not email:
            raise ValueError("A superuser needs an e-mail address.")
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=normalize_email(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The e-mail address, if there is one, is kept in lower case; scopes are the names of the groups."""

    id = fields.UUIDField(primary_key=True, default=uuid7, db_default=fields.RandomV7(), editable=False)
    email = models.EmailField(
        "e-mail address", max_length=EMAIL_MAX_LENGTH, unique=True, null=True, blank=True, default=None
    )  # NULL and not "" where there is none: many have none, and the others differ
    name = models.CharField(max_length=150, blank=True, help_text="As others see it.")
    is_active = models.BooleanField(
        "active", default=True, help_text="Without this the person is blocked: signed out, and can't sign in."
    )
    is_staff = models.BooleanField("staff", default=False, help_text="May open this admin.")
    created_at = fields.DateTimeField("joined", default=clock.now, db_column="createdAt", editable=False)

    scope_names = fields.JSONField("Set<String>", db_column="scopeNames", default=set, editable=False)
    is_blocked = models.GeneratedField(
        expression=models.ExpressionWrapper(models.Q(is_active=False), output_field=models.BooleanField()),
        output_field=models.BooleanField(),
        db_column="blocked",
        db_persist=True,
    )
    """These two are for who reads the table as Serverpod made it: what is true stands in the groups and `is_active`."""

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "serverpod_auth_core_user"
        permissions: ClassVar = [
            ("impersonate_user", "Can act as a user for minutes"),
            ("export_user", "Can download all data of a user"),
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
        super().save(*args, **kwargs)

    @property
    def blocked(self) -> bool:
        """Whether the person is kept from signing in; what Django calls not active."""
        return not self.is_active

    @blocked.setter
    def blocked(self, value: bool) -> None:
        self.is_active = not value

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class Strategy(models.TextChoices):
    """How a token works, as AuthStrategy names it on the wire."""

    SESSION = "session", "a key that is looked up"
    JWT = "jwt", "signed, with a refresh token"


class Token(models.Model):
    """One sign-in of one device. Its secrets are known to the client alone; here are their SHA-256.

    A session has one secret, the token itself. A sign-in with a refresh token has two: a fixed one, which tells that
    the refresh token was made here, and one that changes with each use.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    strategy = models.CharField(max_length=10, choices=Strategy, default=Strategy.SESSION, editable=False)
    method = models.CharField("way in", max_length=40, blank=True, help_text='By which way in, as "email".')
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    fixed_digest = models.BinaryField(max_length=32, null=True, editable=False)
    previous_digest = models.BinaryField(max_length=32, null=True, editable=False)
    rotated_at = models.DateTimeField(null=True, editable=False)
    user_agent = models.CharField(
        "device", max_length=300, blank=True, help_text="What the client says it is."
    )
    address = models.CharField("network address", max_length=45, blank=True, help_text="Of the sign-in.")
    created_at = models.DateTimeField("created", default=clock.now)
    last_used_at = models.DateTimeField("last used", default=clock.now, help_text="To the minute.")
    expires_at = models.DateTimeField("expires", null=True, blank=True, db_index=True)
    operator = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        null=True,
        related_name="issued_tokens",
        editable=False,
        help_text="The operator who acts as the user with this token, as long as they have the right to.",
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user} on {self.user_agent or 'an unnamed device'}"


class Challenge(models.Model):
    """Something to be answered within a time and a few tries: a mailed code, a passkey's challenge, a second factor.

    The answer is not stored, only its keyed digest, or a password hash of that digest if the answer is short.
    The acts are in challenges.py.
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
    """One line of the audit log: who did what that matters for security, from where. Written by audit.py alone."""

    at = models.DateTimeField(default=clock.now, db_index=True)
    event = models.CharField(max_length=40, help_text='As "signed_in", "password_wrong".')
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
    """That a person agreed to a version of something: never changed but to note that it was taken back."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    document = models.CharField(max_length=80, help_text='To what, as "terms", "newsletter".')
    version = models.CharField(max_length=40)
    given_at = models.DateTimeField("given", default=clock.now)
    withdrawn_at = models.DateTimeField("taken back", null=True, blank=True)
    address = models.CharField("network address", max_length=45, blank=True, help_text="From where.")

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
