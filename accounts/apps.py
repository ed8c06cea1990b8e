from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from allauth.account.signals import user_signed_up

        from accounts import bearer, checks, identities, scopes  # noqa: F401  OpenAPI, checks and signals learn of them

        user_signed_up.connect(identities.announce_from_the_web, dispatch_uid="accounts.identities")
