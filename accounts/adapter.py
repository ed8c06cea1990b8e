"""allauth's adapters: a call's address was found by the endpoints already, a mail that fails undoes nothing, and who
comes from another provider is who it would be in an app.
"""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import Provider, ProviderAccount
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from accounts import audit, identities, limits
from accounts.models import User, normalize_email
from accounts.web_request import CallRequest

logger = logging.getLogger("podium.accounts")


class AccountAdapter(DefaultAccountAdapter):
    """Behind ACCOUNT_ADAPTER: allauth's pages, its headless API and the endpoint alike."""

    def get_client_ip(self, request: HttpRequest) -> str:
        if isinstance(request, CallRequest):
            return str(request.META["REMOTE_ADDR"])
        return str(super().get_client_ip(request))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Before a password is looked at, by whatever door: the limits on guesses, instead of allauth's own."""
        try:
            limits.attempt(request, "login", _account(credentials))
        except limits.TooMany:
            audit.record("too_many_passwords", request=request, account=_account(credentials))
            raise self.validation_error("too_many_login_attempts") from None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None:
            limits.succeeded(request, "login", _account(credentials))
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        account = _account(credentials)
        user = User.objects.filter(email=account).first() if "\0" not in account else None
        audit.record("password_wrong", user=user, request=request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError):  # the person can ask for it again; who has an account stays hidden
            logger.exception("the mail %s could not be sent; see EMAIL_URL", template_prefix)


def _account(credentials: dict[str, Any]) -> str:
    return normalize_email(str(credentials.get("email") or credentials.get("username") or ""))


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Behind SOCIALACCOUNT_ADAPTER: in browsers the same rules as in apps (identities.py)."""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        user.name = str(data.get("name") or " ".join(each for each in parts if each))[:150]
        return user

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """Whose account the provider's word for an address opens."""
        for each in sociallogin.email_addresses:
            claims = self._claims(sociallogin, each)
            if (user := identities.owner_of(claims)) is not None:
                return user, each.email
        return None

    def _claims(self, sociallogin: SocialLogin, address: EmailAddress) -> identities.Claims:
        return identities.Claims(
            provider=sociallogin.account.provider,
            subject=sociallogin.account.uid,
            email=address.email,
            email_verified=bool(address.verified),
            raw=sociallogin.account.extra_data,
        )

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """Also one that is not set up here: people have brought its identities along, and pages list them."""
        try:
            return super().get_provider(request, provider, client_id=client_id)
        except (ImproperlyConfigured, SocialApp.DoesNotExist):
            return ProviderElsewhere(request, provider)


class ProviderElsewhere(Provider):
    """A name, and no way to sign in on the pages."""

    uses_apps = False
    account_class = ProviderAccount

    def __init__(self, request: HttpRequest, name: str) -> None:
        super().__init__(request)
        self.id, self.name = name, name.capitalize()
