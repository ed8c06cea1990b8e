"""allauth's adapters: a call's address was found by the endpoints already, a mail that fails undoes nothing, and who
comes from another provider is who it would be in an app.
"""

from __future__ import annotations

import copy
import logging
import re
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import Provider, ProviderAccount
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest
from django.template.loader import render_to_string

from accounts import audit, disposable, human, identities, limits, text_messages
from accounts.models import User, normalize_email
from accounts.web_request import NO_ADDRESS, CallRequest

logger = logging.getLogger("podium.accounts")

ACTIONS = {
    "signup": "registration",
    "reset_password": "password_reset",
    "request_password_reset": "password_reset",
}
"""What is done at the pages whose names have these words in them."""


class AccountAdapter(DefaultAccountAdapter):
    """Behind ACCOUNT_ADAPTER: allauth's pages, its headless API and the endpoint alike."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """As endpoints/addresses.py found it; where there is none, all share one."""
        return str(request.META.get("REMOTE_ADDR") or NO_ADDRESS)

    def clean_email(self, email: str) -> str:
        """An address that somebody wants to have here, from now on."""
        if disposable.is_refused(email):
            raise ValidationError(
                "Give an address that lasts: this one is of a service for throw-away mailboxes."
            )
        match = getattr(self.request, "resolver_match", None)
        if match is not None and "socialaccount" not in match.view_name:  # there the provider has seen to it
            self._limit(match.view_name, normalize_email(email))
        return str(super().clean_email(email))

    def _limit(self, view: str, address: str) -> None:
        """On pages and in the headless API the same as in calls (email.py), counted together."""
        action = next((action for words, action in ACTIONS.items() if words in view), None)
        passed = self.request.__dict__.setdefault("_limits_passed", set())
        if action is None or (action, address) in passed:  # allauth comes here up to three times a request
            return
        try:
            human.check(self.request, action)
            limits.count(self.request, action, address)
        except (human.NotHuman, limits.TooMany, limits.LimitsUnavailable) as error:
            raise ValidationError(error.message) from None
        passed.add((action, address))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Before a password is looked at, by whatever door: the limits on guesses, instead of allauth's own."""
        try:
            limits.attempt(request, "login", _account(credentials))
        except limits.TooMany:
            raise self.validation_error("too_many_login_attempts") from None
        except limits.LimitsUnavailable as error:
            if isinstance(request, CallRequest):
                raise  # an app learns it by the status
            raise ValidationError(error.message) from None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None:
            limits.succeeded(request, "login", _account(credentials))
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        account = _account(credentials)
        user = User.objects.filter(email=account).first() if "\0" not in account else None
        audit.record("password_wrong", user=user, request=request)

    def send_verification_code_sms(
        self, user: AbstractBaseUser, phone: str, code: str, **kwargs: Any
    ) -> None:
        """allauth's hook, for projects whose users have phone numbers. Raises limits.TooMany, text_messages.NotSent."""
        if self.request is not None:  # a task has none
            limits.count(self.request, "text_message", phone)
        text_messages.send(phone, f"Your code: {code}")

    def render_mail(
        self, template_prefix: str, email: str | list[str], context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        """Every mail has an HTML part: its own, or its text in accounts/email/base_message.html."""
        made: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        if isinstance(made, EmailMultiAlternatives) and not made.alternatives:
            paragraphs = [each.strip() for each in re.split(r"\n\s*\n", str(made.body)) if each.strip()]
            known = {**context, "subject": made.subject, "paragraphs": paragraphs}
            made.attach_alternative(render_to_string("accounts/email/base_message.html", known), "text/html")
        return made

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError):  # the person can ask for it again; who has an account stays hidden
            logger.exception("the mail %s could not be sent; see EMAIL_URL", template_prefix)


def _account(credentials: dict[str, Any]) -> str:
    return normalize_email(str(credentials.get("email") or credentials.get("username") or ""))


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Behind SOCIALACCOUNT_ADAPTER: in browsers the same rules as in apps (identities.py)."""

    def serialize_instance(self, instance: Any) -> dict[str, Any]:
        """For the session, which keeps JSON: scopes are none yet of somebody who has no account yet."""
        kept = copy.copy(instance)
        kept.__dict__.pop("scope_names", None)
        given: dict[str, Any] = super().serialize_instance(kept)
        return given

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
