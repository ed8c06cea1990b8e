"""Codes of authenticator apps are accepted once each. This replaces allauth's class, which remembers them too briefly.

With MFA_TOTP_TOLERANCE a code is accepted for the time steps beside its own, too. allauth remembers a used code for one
step, after which it would be accepted again. Source: RFC 6238 5.2.
"""

from __future__ import annotations

from allauth.mfa import app_settings

# Internal: no setting names the class of authenticator apps, so it is replaced where allauth looks it up.
from allauth.mfa.totp.internal import auth, flows
from django.core.cache import cache


class OnceOnlyTOTP(auth.TOTP):
    """The class that Authenticator.wrap() uses after `install`."""

    def _mark_code_used(self, code: str) -> bool:
        """Return False if the code was used before, at any time at which it is accepted."""
        steps = 2 * app_settings.TOTP_TOLERANCE + 1
        return cache.add(self._get_used_cache_key(code), "y", timeout=app_settings.TOTP_PERIOD * steps)


def install() -> None:
    """Make allauth's pages, its headless API and our endpoints use this class."""
    auth.TOTP = OnceOnlyTOTP  # Authenticator.wrap() looks it up there
    flows.TOTP = OnceOnlyTOTP
