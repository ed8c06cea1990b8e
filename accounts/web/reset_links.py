"""Keys in the mailed links that set a new password. Each key is for the address that it was mailed to.

A link proves only that address, so the address is part of the signed text. A new password, a sign-in or any change of
the account's addresses voids the key.
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.tokens import PasswordResetTokenGenerator

from accounts.models import User
from accounts.sign_in import ownership


def mailed_to(user: User, address: str) -> User:
    """Note where the next link for this user will be mailed."""
    user.__dict__["_reset_address"] = address
    return user


def proved_by_link(user: AbstractBaseUser) -> str:
    """The address that the last key checked for this user was mailed to, or ""."""
    return str(user.__dict__.get("_proved_by_link", ""))


class Keys(PasswordResetTokenGenerator):
    """The ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR for pages, the headless API and the admin."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        ownership.keep_given(user)
        rows = EmailAddress.objects.filter(user_id=user.pk).values_list("email", flat=True)
        address = user.__dict__.get("_reset_address") or user.email or ""
        return "|".join([super()._make_hash_value(user, timestamp), *sorted(rows), address])

    def check_token(self, user: Any, token: str | None) -> bool:
        """Check a key, and note the address that it proves for proved_by_link."""
        user.__dict__.pop("_proved_by_link", None)
        rows = EmailAddress.objects.filter(user_id=user.pk).values_list("email", flat=True)
        for address in dict.fromkeys([user.email or "", *rows]):
            if super().check_token(mailed_to(user, address), token):
                if address and ownership.holder(address) == user:
                    user.__dict__["_proved_by_link"] = address
                return True
        return False
