"""Headless API views that take a stranger's address: allauth's views with the forms of sign_up.py."""

from __future__ import annotations

from allauth.account import app_settings
from allauth.headless.account import inputs, views
from allauth.headless.constants import Client
from allauth.headless.mfa.inputs import SignupWebAuthnInput
from allauth.headless.mfa.views import SignupWebAuthnView
from allauth.headless.socialaccount.inputs import SignupInput
from allauth.headless.socialaccount.views import ProviderSignupView
from allauth.mfa import app_settings as mfa_settings
from django.urls import path

from accounts.web import sign_up


class SignUpInput(sign_up.DiscreetSignUp, inputs.SignupInput):
    """Sign-up as JSON, for custom pages."""


class PasskeySignUpInput(sign_up.DiscreetSignUp, SignupWebAuthnInput):
    """Sign-up as JSON, with a passkey and no password."""

    by_passkey = True


class ResetInput(sign_up.ResetForm, inputs.RequestPasswordResetInput):
    """Password reset as JSON."""


class ProviderSignUpInput(sign_up.ProviderSignUpForm, SignupInput):
    """Sign-up as JSON after a provider's page, if SOCIALACCOUNT_AUTO_SIGNUP is off."""


class CodeInput(sign_up.CodeForm, inputs.RequestLoginCodeInput):
    """Request for a sign-in code as JSON."""


class SignUpView(views.SignupView):
    input_class = {"POST": SignUpInput}


class PasskeySignUpView(SignupWebAuthnView):
    input_class = {**SignupWebAuthnView.input_class, "POST": PasskeySignUpInput}


class ResetView(views.RequestPasswordResetView):
    input_class = ResetInput


class ProviderSignUpPage(ProviderSignupView):
    input_class = ProviderSignUpInput


class CodeView(views.RequestLoginCodeView):
    input_class = CodeInput


urlpatterns = [
    path("auth/signup", SignUpView.as_api_view(client=Client.BROWSER), name="headless_signup"),
    path(
        "auth/password/request",
        ResetView.as_api_view(client=Client.BROWSER),
        name="headless_request_password_reset",
    ),
    path(
        "auth/provider/signup",
        ProviderSignUpPage.as_api_view(client=Client.BROWSER),
        name="headless_provider_signup",
    ),
]
if mfa_settings.PASSKEY_SIGNUP_ENABLED:
    passkey = PasskeySignUpView.as_api_view(client=Client.BROWSER)
    urlpatterns.append(path("auth/webauthn/signup", passkey, name="headless_by_passkey"))
if app_settings.LOGIN_BY_CODE_ENABLED:
    code = CodeView.as_api_view(client=Client.BROWSER)
    urlpatterns.append(path("auth/code/request", code, name="headless_request_login_code"))
