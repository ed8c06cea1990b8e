"""Forms for sign-up, password reset and sign-in codes, on pages and in the headless API.

They do not reveal which addresses have an account. A free and a taken address get the same response and cost the same
work, in every mode of ACCOUNT_EMAIL_VERIFICATION; only the mail differs. So an address must be proved before anybody
is signed in, even if the mode is "optional" or "none". ACCOUNT_PREVENT_ENUMERATION = False lets the form say that an
address is taken.
"""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings, signals
from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    BaseConfirmCodeForm,
    ConfirmEmailVerificationCodeForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    SignupForm,
)

# Internal: the public perform_login (allauth.account.utils) has no place for the state of a sign-up by passkey.
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.socialaccount.forms import SignupForm as ProviderSignupForm
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts.audit import audit
from accounts.models import User, normalize_email
from accounts.sign_in import ownership
from accounts.web import proofs, reset_links


class DiscreetAddress:
    """Treat an address as taken if it leads to an account. A claim of a further address blocks nobody."""

    account_already_exists: bool

    def validate_unique_email(self, value: str) -> str:
        adapter = get_adapter()
        self.account_already_exists = ownership.holder(normalize_email(value)) is not None
        if self.account_already_exists and not app_settings.PREVENT_ENUMERATION:
            raise adapter.validation_error("email_taken")
        return str(adapter.validate_unique_email(value))


class DiscreetSignUp(DiscreetAddress):
    """Mixin for allauth's sign-up forms and inputs."""

    cleaned_data: dict[str, Any]
    by_passkey = False

    def try_save(self, request: HttpRequest) -> tuple[User | None, Any]:
        """Return the new user, if any, and a response that does not depend on it."""
        trap = app_settings.SIGNUP_FORM_HONEYPOT_FIELD
        if trap and self.cleaned_data.get(trap):
            return None, get_adapter().respond_email_verification_sent(request, None)
        user = None
        if not self.account_already_exists:
            try:
                with transaction.atomic():
                    user = self.save(request)  # type: ignore[attr-defined]  # allauth's
                    ownership.claim(user)
            except IntegrityError:  # the address got an owner meanwhile
                user = None
        if user is None:
            self._work_all_the_same(request)
        return user, self._answer(request, user)

    def _work_all_the_same(self, request: HttpRequest) -> None:
        """Do the costly work of a real sign-up: a password hash and a line in the log."""
        if password := self.cleaned_data.get("password1") or self.cleaned_data.get("password"):
            make_password(password)
        there = ownership.holder(normalize_email(str(self.cleaned_data.get("email") or "")))
        audit.record("registration_started", user=there, request=request)

    def _answer(self, request: HttpRequest, user: User | None) -> Any:
        """Mail a link or code, or a notice that there is an account. The response says that a mail was sent."""
        if user is not None:
            proofs.signed_up(request, user)
            signals.user_signed_up.send(sender=User, request=request, user=user)
        address = str(self.cleaned_data.get("email") or "")
        # The "registration" limit applies here (adapter.py). With allauth's own limit, one mail in three minutes, a
        # user who adds this address to their account could keep the mail from its owner.
        ratelimit.clear(request, action="confirm_email", key=address)
        login = Login(
            user=user,
            email=address,
            redirect_url=get_next_redirect_url(request),
            signup=True,
        )
        if self.by_passkey:
            login.state["passkey_signup"] = True
        return perform_login(request, login)


class SignUpForm(DiscreetSignUp, SignupForm):
    """The sign-up page."""


class ProviderSignUpForm(DiscreetAddress, ProviderSignupForm):
    """The page after a provider's that asks for an address, if SOCIALACCOUNT_AUTO_SIGNUP is off."""

    def save(self, request: HttpRequest) -> User:
        user: User = super().save(request)
        ownership.claim(user)
        return user


class ResetForm(ResetPasswordForm):
    """The page that requests a link or code for a new password, for the one account that the address leads to."""

    def clean_email(self) -> str:
        email = normalize_email(str(super().clean_email()))  # the mail goes to the address that was looked up
        user = _active_holder(email)
        self.users = [reset_links.mailed_to(user, email)] if user is not None else []
        return email


class ConfirmCodeForm(ConfirmEmailVerificationCodeForm):
    """The page for the code that confirms an address. A proof in another account blocks it; a claim does not."""

    def clean_code(self) -> str:
        code = str(BaseConfirmCodeForm.clean_code(self))
        if ownership.owner(normalize_email(self.email)) not in (None, self.user):
            raise get_adapter().validation_error("email_taken")
        return code


class CodeForm(RequestLoginCodeForm):
    """The page that requests a sign-in code by mail (ACCOUNT_LOGIN_BY_CODE_ENABLED)."""

    def clean_email(self) -> str:
        email = normalize_email(str(super().clean_email() or ""))
        self._user = _active_holder(email) if email else None
        return email


def _active_holder(email: str) -> User | None:
    user = ownership.holder(normalize_email(email))
    return user if user is not None and user.is_active else None
