from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from allauth.account.signals import user_signed_up
        from allauth.socialaccount.signals import social_account_added, social_account_removed

        from accounts import (  # noqa: F401  they make themselves known
            bearer,
            checks,
            identities,
            impersonation,
            passkey_index,
            receivers,
            recovery_codes,
            rights_audit,
            scopes,
            web_audit,
            web_proofs,
        )

        user_signed_up.connect(identities.announce_from_the_web, dispatch_uid="accounts.identities")
        social_account_added.connect(identities.linked_on_the_web, dispatch_uid="accounts.identities")
        social_account_removed.connect(identities.unlinked_on_the_web, dispatch_uid="accounts.identities")
        web_audit.connect()
        web_proofs.connect()
        passkey_index.add_to_model()
        recovery_codes.install()
