from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from allauth.account.signals import user_signed_up

        from accounts import bearer, checks, identities, passkey_index, scopes, web_audit  # noqa: F401  OpenAPI, signals

        user_signed_up.connect(identities.announce_from_the_web, dispatch_uid="accounts.identities")
        web_audit.connect()
        passkey_index.add_to_model()
