"""What is stored of people: the user, and the tokens that apps and devices sign in with. The acts are in tokens.py.

User is the AuthUser of core/auth_user.spy.yaml, as pyproject.toml says; the other tables of model files are generated.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from accounts.conf import conf
from core import clock
from core.ids import uuid7
from database import fields

from .protocol import *

EMAIL_MAX_LENGTH = 254
"""Source: RFC 5321 section 4.5.3.1.3, less the angle brackets."""


class UserManager(BaseUserManager["User"]):
    """Makes users, and finds them by e-mail address whatever its case."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A new user; without a password one who can't sign in by password. Raises ValueError, IntegrityError.

        The address is taken as it is: signup.py is the door that checks it.
        """
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user who may do everything, in the admin too."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=normalize_email(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Signs in with an e-mail address, which is kept in lower case; scopes are the names of the groups."""

    id = fields.UUIDField(primary_key=True, default=uuid7, db_default=fields.RandomV7(), editable=False)
    email = models.EmailField("e-mail address", max_length=EMAIL_MAX_LENGTH, unique=True)
    name = models.CharField(max_length=150, blank=True, help_text="As others see it.")
    is_active = models.BooleanField(
        "active", default=True, help_text="Without this the person is blocked: signed out, and can't sign in."
    )
    is_staff = models.BooleanField("staff", default=False, help_text="May open this admin.")
    created_at = fields.DateTimeField("joined", default=clock.now, db_column="createdAt", editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "serverpod_auth_core_user"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="accounts_user_email_is_lower_case",
                violation_error_message="The e-mail address must be in lower case.",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = normalize_email(self.email)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = normalize_email(self.email)
        super().save(*args, **kwargs)

    @property
    def blocked(self) -> bool:
        """Whether the person is kept from signing in; what Django calls not active."""
        return not self.is_active

    @blocked.setter
    def blocked(self, value: bool) -> None:
        self.is_active = not value

    @property
    def scope_names(self) -> set[str]:
        """What the person may do: the names of the groups, and ACCOUNTS_SUPERUSER_SCOPE for a superuser. One SELECT.

        Of a person who is not stored: what was set, which nothing stores.
        """
        if self._state.adding:
            return set(self.__dict__.get("scope_names_given", ()))
        names = set(self.groups.values_list("name", flat=True))
        return names | {conf.SUPERUSER_SCOPE} if self.is_superuser else names

    @scope_names.setter
    def scope_names(self, value: set[str]) -> None:
        self.__dict__["scope_names_given"] = value

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.email


class Token(models.Model):
    """One sign-in of one device. The token itself is known to the client alone; here is its SHA-256."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    user_agent = models.CharField(
        "device", max_length=300, blank=True, help_text="What the client says it is."
    )
    created_at = models.DateTimeField("created", default=clock.now)
    last_used_at = models.DateTimeField("last used", default=clock.now, help_text="To the minute.")
    expires_at = models.DateTimeField("expires", null=True, blank=True, db_index=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user} on {self.user_agent or 'an unnamed device'}"


def normalize_email(email: str) -> str:
    """The one spelling of an address: lower case, as allauth keeps it, without blanks around it."""
    return email.strip().lower()
