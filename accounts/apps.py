from typing import Any

from django.apps import AppConfig
from django.core.signals import setting_changed


class AccountsConfig(AppConfig):
    name = "accounts"
    automatic_admin = False  # its tables hold credentials

    def ready(self) -> None:
        # Imported for their side effects: receivers, checks and signals.
        from accounts import checks, receivers  # noqa: F401
        from accounts.audit import pages
        from accounts.providers import registry
        from accounts.second_factor import recovery_codes, totp
        from accounts.serverpod import deleting, mirror, users  # noqa: F401
        from accounts.sign_in import passkey_index
        from accounts.staff import impersonation, rights_audit, scopes  # noqa: F401
        from accounts.web import identities, proofs

        registry.every()  # before the checks of settings: an app's provider declares a setting
        setting_changed.connect(_look_again, dispatch_uid="accounts.sign_in.methods")
        for each in (pages, identities, proofs):
            each.connect()
        passkey_index.add_to_model()
        recovery_codes.install()
        totp.install()


def _look_again(*, setting: str, **_: Any) -> None:
    """Rebuild the list of served sign-in methods after a test's override."""
    if setting == "ACCOUNTS_SIGN_IN":
        from podium.endpoints import registry

        registry.forget()
