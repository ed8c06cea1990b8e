"""allauth's adapter for second factors: secrets are encrypted at rest, keys belong to PASSKEY_RP_ID, and a passkey that
was added as a sign-in method does not become a second factor of the other methods.
"""

from __future__ import annotations

import base64
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts.conf import conf
from accounts.second_factor import factors
from accounts.second_factor.recovery_codes import HASHES, HashedRecoveryCodes

SECRET = "secret"
"""Key of the secret in the data of an authenticator app."""


class MFAAdapter(DefaultMFAAdapter):
    """The MFA_ADAPTER for allauth's pages, its headless API and the endpoints."""

    def encrypt(self, text: str) -> str:
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _keys().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise ImproperlyConfigured(
                "A second factor can't be read: it was stored with another SECRET_KEY. "
                "Add that key to SECRET_KEY_FALLBACKS."
            ) from None

    def is_mfa_enabled(self, user: AbstractBaseUser, types: Any = None) -> bool:
        if user.is_anonymous:
            return False
        due = factors.due(user)
        return bool(due if types is None else due.intersection(types))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "id": conf.PASSKEY_RP_ID} if conf.PASSKEY_RP_ID else entity


def reencrypt() -> int:
    """Encrypt all secrets with the current SECRET_KEY. Returns the number of authenticators. Safe to run twice."""
    count, types = 0, [factors.TOTP, factors.RECOVERY_CODES]
    for key in Authenticator.objects.filter(type__in=types).values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=key).first()
            if row is None:  # removed meanwhile
                continue
            _reencrypt(row)
            row.save(update_fields=["data"])
            count += 1
    return count


def _reencrypt(row: Authenticator) -> None:
    adapter = MFAAdapter()
    if row.type == factors.TOTP:
        row.data[SECRET] = adapter.encrypt(adapter.decrypt(row.data[SECRET]))
        return
    if HASHES not in row.data:  # stored by a version that could read the codes back
        HashedRecoveryCodes(row).hash_stored()
    row.data[HASHES] = [adapter.encrypt(adapter.decrypt(each)) for each in row.data[HASHES]]


def _keys() -> MultiFernet:
    """The keys: SECRET_KEY encrypts; SECRET_KEY_FALLBACKS can still decrypt."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (
        salted_hmac("accounts.mfa_adapter", "key", secret=secret, algorithm="sha256").digest()
        for secret in secrets
    )
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
