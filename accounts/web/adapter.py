"""allauth's adapters, for its pages and its headless API.

- The client's address is the one that the endpoints use.
- A failed mail does not undo anything.
- A sign-in with a provider leads to the same user as in an app.
- Proofs of addresses go through ownership.py.
"""

from __future__ import annotations

import copy
import logging
import re
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter

# Internal: the public decorator reauthentication_required is for views, and this is a method of the adapter.
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import Provider, ProviderAccount
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts import signals
from accounts.audit import audit
from accounts.cache import LimitsUnavailable
from accounts.models import User, normalize_email
from accounts.notices import notices, text_messages
from accounts.providers.claims import Claims
from accounts.requests import NO_ADDRESS, CallRequest
from accounts.sign_in import identities, methods, ownership
from accounts.sign_in.ownership import Shown
from accounts.throttling import captcha, disposable, throttling
from accounts.web import proofs, reauthentication, reset_links
from accounts.web.identities import PROVED

logger = logging.getLogger("podium.accounts")

SIGN_IN_FIRST = gettext_lazy(
    "The address is not confirmed yet. Sign in to the account first, then follow the link again."
)
PASSWORDS_OFF = gettext_lazy("Signing in with a password is off on this server.")
ACTIONS = {
    "signup": "registration",
    "reset_password": "password_reset",
    "request_password_reset": "password_reset",
}
"""Actions for the limits, by words in the names of pages."""


class AccountAdapter(DefaultAccountAdapter):
    """The ACCOUNT_ADAPTER for allauth's pages, its headless API and the endpoint."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy(
            "The email address and/or password you specified are not correct. If you have just signed up, follow the "
            "link in the mail first."
        ),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that podium.endpoints.addresses found, or one shared by all requests without any."""
        return str(request.META.get("REMOTE_ADDR") or NO_ADDRESS)

    def clean_email(self, email: str) -> str:
        """Check an address that a user wants to add here."""
        email = normalize_email(email)
        if not _is_deliverable(email):
            raise ValidationError(
                "Enter the address in its usual spelling, without quotes or special letters."
            )
        if disposable.is_refused(email):
            raise ValidationError(
                "Enter a permanent address: this one belongs to a service for throw-away mailboxes."
            )
        match = getattr(self.request, "resolver_match", None)
        if match is not None and "socialaccount" not in match.view_name:  # the provider has checked those
            self._limit(match.view_name, email)
        return str(super().clean_email(email))

    def _limit(self, view: str, address: str) -> None:
        """Apply the limits of calls (email.py) to pages and the headless API, counted together."""
        action = next((action for words, action in ACTIONS.items() if words in view), None)
        passed = self.request.__dict__.setdefault("_limits_passed", set())
        if action is None or (action, address) in passed:  # allauth calls this up to three times a request
            return
        try:
            captcha.check(self.request, action)
            throttling.count(self.request, action, address)
        except (captcha.CaptchaFailed, throttling.TooMany, LimitsUnavailable) as error:
            raise ValidationError(error.message) from None
        passed.add((action, address))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Apply the limits on guesses before any check of a password, instead of allauth's own."""
        if not methods.is_on(methods.EMAIL):
            raise ValidationError(PASSWORDS_OFF)
        try:
            throttling.attempt(request, "login", _account(credentials))
        except throttling.TooMany:
            raise self.validation_error("too_many_login_attempts") from None
        except LimitsUnavailable as error:
            if isinstance(request, CallRequest):
                raise  # an app needs the status
            raise ValidationError(error.message) from None
        signals.address_wanted.send(sender=User, address=_account(credentials))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Return the user if the password is right. It counts as wrong if nobody has proved the address.

        Otherwise a sign-up, then a sign-in with the same password, would reveal whether the address had an account.
        """
        if "email" in credentials:
            credentials["email"] = normalize_email(str(credentials["email"]))
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is None:
            return None
        ownership.keep_given(user)
        if not ownership.is_proved(user, _account(credentials)):
            self.authentication_failed(request, **credentials)
            return None
        throttling.succeeded(request, "login", _account(credentials))
        return user

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **options: Any) -> Any:
        ownership.keep_given(user)
        return super().pre_login(request, user, **options)

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.account.stages.EmailVerificationStage": "accounts.web.stages.ConfirmAddress"}
        return [ours.get(path, path) for path in super().get_login_stages()]

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirm an address after a correct mailed link or code. proofs.py handles the consequences."""
        with transaction.atomic():
            ownership.lock(email_address.email)
            if not proofs.may_confirm(request, email_address):
                self.add_message(request, messages.ERROR, message=str(SIGN_IN_FIRST))
                return False
            primary = bool(email_address.pk) and email_address.user.email == email_address.email
            email_address.__dict__["_was_primary"] = primary
            return bool(super().confirm_email(request, email_address))

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Go on to set a password if the link was followed in another browser than the one that signed up.

        Following the link proved the mailbox.
        """
        user = email_address.user
        inside = proofs.is_inside(self.request, user)
        if inside or not email_address.verified or user.has_usable_password():
            return str(super().get_email_verification_redirect_url(email_address))
        key = reset_links.Keys().make_token(reset_links.mailed_to(user, email_address.email))
        return reverse(
            "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key}
        )

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Set a password. A mailed link or code proves its address first.

        A first password is a new sign-in method. Without a link or code it needs a recent proof, as the others do.
        """
        request, address = self.request, proofs.proved_by_reset(self.request, user)
        if not address and request and request.user == user and not user.has_usable_password():
            raise_if_reauthentication_required(request, app="allauth.account")
        with transaction.atomic():
            if address and isinstance(user, User):
                shown = proofs.shown_by(request, user)
                ownership.prove(user, address, shown=shown, request=request)
            super().set_password(user, password)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Mail every proved address of the account, not only the primary one."""
        known = context or {}
        if template_prefix == "account/email/email_deleted":
            return  # proofs.py sends this notice, also to the removed address
        if notice := notices.FROM_ALLAUTH.get(template_prefix):
            notices.send(user, notice, request=self.request, **known)
            return
        for address in dict.fromkeys([*notices.addresses(user), *([email] if email else [])]):
            super().send_notification_mail(template_prefix, user, context, address)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        account = _account(credentials)
        user = User.objects.filter(email=account).first() if "\0" not in account else None
        audit.record("password_wrong", user=user, request=request)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for a proof before a change of sign-in methods. Second factors ask even right after a sign-in."""
        asked = bool(super().is_reauthentication_required(app=app, **kwargs))
        return asked and (reauthentication.is_needed(self.request) or app == "allauth.mfa")

    def send_verification_code_sms(
        self, user: AbstractBaseUser, phone: str, code: str, **kwargs: Any
    ) -> None:
        """Send a text message, for projects with phone numbers. Raises throttling.TooMany, text_messages.NotSent."""
        if self.request is not None:  # a task has no request
            throttling.count(self.request, "text_message", phone)
        text_messages.send(phone, f"Your code: {code}")

    def render_mail(
        self, template_prefix: str, email: str | list[str], context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        """Add an HTML part to every mail: its own, or its text in accounts/email/base_message.html."""
        made: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        if isinstance(made, EmailMultiAlternatives) and not made.alternatives:
            paragraphs = [each.strip() for each in re.split(r"\n\s*\n", str(made.body)) if each.strip()]
            known = {**context, "subject": made.subject, "paragraphs": paragraphs}
            made.attach_alternative(render_to_string("accounts/email/base_message.html", known), "text/html")
        return made

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        try:
            super().send_mail(template_prefix, email, context)
        except (
            SMTPException,
            OSError,
        ):  # the user can request it again; the response does not reveal whether there is an account
            logger.exception("the mail %s could not be sent; see EMAIL_URL", template_prefix)


def _is_deliverable(address: str) -> bool:
    """Test for an address that has one spelling and that most mail servers accept.

    A quoted mailbox has many spellings. Few servers accept letters other than ASCII before the @.
    """
    local, _, domain = address.rpartition("@")
    if not local.isascii() or '"' in local:
        return False
    try:
        return domain.isascii() or bool(domain.encode("idna"))
    except UnicodeError:
        return False


def _account(credentials: dict[str, Any]) -> str:
    return normalize_email(str(credentials.get("email") or credentials.get("username") or ""))


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """The SOCIALACCOUNT_ADAPTER: in browsers the same rules as in apps (identities.py)."""

    def serialize_instance(self, instance: Any) -> dict[str, Any]:
        """Serialize for the session, which stores JSON. A user without an account has no scopes yet."""
        kept = copy.copy(instance)
        kept.__dict__.pop("scope_names", None)
        given: dict[str, Any] = super().serialize_instance(kept)
        return given

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        user.name = str(data.get("name") or " ".join(each for each in parts if each))[:150]
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Use an address only if the provider verified it. A new account gets it if nobody else owns it, as in apps.

        So a sign-in with a provider never reveals that an address is taken, and never asks for one.
        """
        account = sociallogin.account
        if not sociallogin.is_existing and identities.brought(account.provider, account.uid):
            sociallogin.lookup()
        address = self._proved(sociallogin)
        if not sociallogin.is_existing:
            sociallogin.state[PROVED] = address if ownership.owner(address) is None else ""
            sociallogin.email_addresses, sociallogin.user.email = [], None
        elif address == sociallogin.user.email and ownership.is_unproved(sociallogin.user):
            seen = (sociallogin.account.provider, sociallogin.account.uid)
            shown = Shown(identities=frozenset([seen]))
            identities.take_word(sociallogin.user, address, shown, request=request)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        user: User = super().save_user(request, sociallogin, form)
        seen = (sociallogin.account.provider, sociallogin.account.uid)
        if (address := sociallogin.state.pop(PROVED, "")) and not user.email:
            identities.take_word(user, address, Shown(identities=frozenset([seen])), request=request)
        return user

    def _proved(self, sociallogin: SocialLogin) -> str:
        """The first address that the provider verified, or ""."""
        told = (
            identities.verified_email(self._claims(sociallogin, each)) for each in sociallogin.email_addresses
        )
        return next(filter(None, told), "")

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """The user whose account is opened by the provider's verified address."""
        for each in sociallogin.email_addresses:
            claims = self._claims(sociallogin, each)
            if (user := identities.owner_of(claims)) is not None:
                return user, each.email
        return None

    def _claims(self, sociallogin: SocialLogin, address: EmailAddress) -> Claims:
        return Claims(
            provider=sociallogin.account.provider,
            subject=sociallogin.account.uid,
            email=address.email,
            email_verified=bool(address.verified),
            raw=sociallogin.account.extra_data,
        )

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """Return also a provider that is not set up here: imported users have its identities, and pages list them."""
        try:
            return super().get_provider(request, provider, client_id=client_id)
        except (ImproperlyConfigured, SocialApp.DoesNotExist):
            return ProviderElsewhere(request, provider)


class ProviderElsewhere(Provider):
    """A provider with a name only, without sign-in on pages."""

    uses_apps = False
    account_class = ProviderAccount

    def __init__(self, request: HttpRequest, name: str) -> None:
        super().__init__(request)
        self.id, self.name = name, name.capitalize()

    def redirect(self, *args: Any, **kwargs: Any) -> HttpResponse:
        raise Http404("This provider is off, or not set up.")
