"""The sign-in methods, and those that are on (ACCOUNTS_SIGN_IN). A method that is off is off in calls and on pages.

docs/how-to/sign-in-providers.md
"""

from __future__ import annotations

from django.http import HttpRequest

from accounts.conf import conf
from accounts.providers import registry

EMAIL, ANONYMOUS, PASSKEY = "email", "anonymous", "passkey"


def every() -> list[str]:
    """All sign-in methods, with their names in ACCOUNTS_SIGN_IN."""
    return [EMAIL, ANONYMOUS, PASSKEY, *registry.every()]


def without_pages() -> set[str]:
    """The methods that work in apps only, not in browsers."""
    return {ANONYMOUS, *(name for name, each in registry.every().items() if not each.allauth_app)}


def is_on(method: str) -> bool:
    """Test whether users can sign in by this method."""
    return method in conf.SIGN_IN


def shown(request: HttpRequest) -> dict[str, dict[str, bool]]:
    """Context processor: `{% if sign_in.email %}` in templates."""
    return {"sign_in": {method: is_on(method) for method in every()}}
