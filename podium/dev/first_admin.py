"""The admin account of development, created if there is none. Its password is kept in .podium/."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.auth import get_user_model

from podium.dev import paths


def password() -> str | None:
    """Create an administrator if there is none. Return the password if the one generated here is still valid."""
    if "email" not in settings.ACCOUNTS_SIGN_IN:  # sign-in by password is off
        return None
    users = get_user_model().objects
    kept = paths.folder() / "admin_password"
    admin = users.filter(email=paths.ADMIN_EMAIL).first()
    if admin is None and not users.filter(is_superuser=True).exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(12))
        admin = users.create_superuser(email=paths.ADMIN_EMAIL, password=kept.read_text())
    if admin is None or not kept.exists() or not admin.check_password(kept.read_text()):
        return None
    return kept.read_text()
