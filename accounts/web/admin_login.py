"""The admin's sign-in page: with the same limits on tries as apps, and without bypassing a second factor."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.forms import AuthenticationForm

from accounts.models import normalize_email
from accounts.sign_in import methods


class LoginForm(AuthenticationForm):
    """E-mail and password. The same limits on tries apply (throttling.py)."""

    def clean(self) -> dict[str, Any]:
        if not methods.is_on(methods.EMAIL):
            raise ValidationError(format_html("Signing in with a password is off: {}.", self._elsewhere()))
        email, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if email and password:
            user = get_adapter().authenticate(self.request, email=normalize_email(email), password=password)
            if user is None:
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(user)
            self.user_cache = user
        return dict(self.cleaned_data)

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        super().confirm_login_allowed(user)
        if is_mfa_enabled(user):
            raise ValidationError(format_html("This account has a second factor: {}.", self._elsewhere()))

    def _elsewhere(self) -> SafeString:
        """A link to the sign-in page of accounts, which leads back."""
        target = self.request.GET.get("next") if self.request else None
        page = reverse("account_login", query={"next": target or reverse("admin:index")})
        return format_html('<a href="{}" class="underline">sign in here</a>', page)
