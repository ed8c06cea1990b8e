"""The project's URLs, with those for a sign-up by passkey, which a setting adds at start."""

from __future__ import annotations

from allauth.account.views import SignupByPasskeyView
from allauth.headless.constants import Client
from django.urls import path

from accounts.web.headless_urls import PasskeySignUpView
from podium.server import urls

urlpatterns = [
    path("account/signup/passkey/", SignupByPasskeyView.as_view(), name="account_signup_by_passkey"),
    path(
        "_allauth/browser/v1/auth/webauthn/signup",
        PasskeySignUpView.as_api_view(client=Client.BROWSER),
        name="headless_signup_by_passkey",
    ),
    *urls.urlpatterns,
]
