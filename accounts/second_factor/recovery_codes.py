"""Recovery codes, stored only as hashes. They replace allauth's, which can be read back.

Each code is hashed by Argon2id with a separate salt. The hash is encrypted like other secrets of second factors.
The codes themselves are shown once: an app gets them in the response that creates them, and pages show them within
ACCOUNTS_SECOND_FACTOR_MINUTES.
"""

from __future__ import annotations

import secrets

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator

# Internal: no setting names the class of recovery codes, so it is replaced where allauth looks it up.
from allauth.mfa.recovery_codes.internal import auth, flows
from allauth.mfa.utils import decrypt, encrypt
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.db import transaction

from accounts.conf import conf

HASHES = "hashes"
"""Key in the data of an authenticator: the encrypted hashes of the unused codes."""
HIDDEN = "****"


class HashedRecoveryCodes(auth.RecoveryCodes):
    """The class that Authenticator.wrap() uses after `install`."""

    instance: Authenticator

    @classmethod
    def activate(cls, user: AbstractBaseUser) -> HashedRecoveryCodes:
        """Return a user's codes, or create them. Creation takes half a second: Argon2id is meant to be slow."""
        known = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
        if known is not None:
            return cls(known)
        digits = app_settings.RECOVERY_CODE_DIGITS
        codes = [
            f"{secrets.randbelow(10**digits):0{digits}}" for _ in range(app_settings.RECOVERY_CODE_COUNT)
        ]
        made = Authenticator(
            user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES, data={HASHES: hashed(codes)}
        )
        made.save()
        wrapped = cls(made)
        made.shown_codes = codes
        cache.set(wrapped._key, encrypt(" ".join(codes)), timeout=conf.SECOND_FACTOR_MINUTES * 60)
        return wrapped

    def generate_codes(self) -> list[str]:
        """Return as many strings as codes were made: allauth only counts them."""
        if HASHES not in self.instance.data:
            return list(super().generate_codes())
        return [HIDDEN] * app_settings.RECOVERY_CODE_COUNT

    def get_unused_codes(self) -> list[str]:
        """Return the codes while they may be shown, afterwards a placeholder for each."""
        if HASHES not in self.instance.data:
            return list(super().get_unused_codes())
        left = len(self.instance.data[HASHES])
        if not hasattr(
            self.instance, "shown_codes"
        ):  # kept on the row: allauth wraps it more than once in a request
            kept = cache.get(self._key)
            self.instance.shown_codes = decrypt(kept).split() if kept else []
        shown: list[str] = self.instance.shown_codes
        return shown if len(shown) == left else [HIDDEN] * left

    def mark_as_viewed(self) -> None:
        """Forget the codes; this object still has them."""
        self.get_unused_codes()
        cache.delete(self._key)
        super().mark_as_viewed()

    @transaction.atomic
    def validate_code(self, code: str) -> bool:
        """Use up a code. Input that can't be one, like a code of an authenticator app, is refused without hashing."""
        self.instance = Authenticator.objects.select_for_update().get(pk=self.instance.pk)
        given = "".join(code.split()).replace("-", "")
        if len(given) != app_settings.RECOVERY_CODE_DIGITS or not given.isdigit():
            return False
        if HASHES not in self.instance.data:
            self.hash_stored()
        hashes = self.instance.data[HASHES]
        right = next((each for each in hashes if check_password(given, decrypt(each))), None)
        if right is None:
            return False
        hashes.remove(right)
        self.instance.save(update_fields=["data"])
        return True

    def hash_stored(self) -> None:
        """Replace readable codes that allauth stored with hashes."""
        kept = {name: value for name, value in self.instance.data.items() if name == "viewed_at"}
        self.instance.data = {HASHES: hashed(super().get_unused_codes()), **kept}
        self.instance.save(update_fields=["data"])

    @property
    def _key(self) -> str:
        return f"accounts.recovery_codes:{self.instance.pk}"


def hashed(codes: list[str]) -> list[str]:
    return [encrypt(make_password(each)) for each in codes]


def install() -> None:
    """Make allauth's pages, its headless API and our endpoints use this class."""
    auth.RecoveryCodes = HashedRecoveryCodes  # Authenticator.wrap() looks it up there
    flows.RecoveryCodes = HashedRecoveryCodes
