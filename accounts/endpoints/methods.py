"""The sign-in methods that clients can call: those in ACCOUNTS_SIGN_IN.

A class of an app that extends the same base replaces the class here.
"""

from __future__ import annotations

from typing import ClassVar

from accounts.endpoints import core, idp_email, idp_passkey
from podium.endpoints.endpoint import replaceable


@replaceable
class EmailIdpEndpoint(idp_email.EmailIdpBaseEndpoint):
    """Signing up and in with an e-mail address."""

    module: ClassVar[str] = ""


@replaceable
class AnonymousIdpEndpoint(idp_email.AnonymousIdpBaseEndpoint):
    """Guest accounts. The user can add another sign-in method later."""

    module: ClassVar[str] = ""


@replaceable
class PasskeyIdpEndpoint(idp_passkey.PasskeyIdpBaseEndpoint):
    """Signing in with a passkey."""

    module: ClassVar[str] = ""


@replaceable
class JwtRefreshEndpoint(core.RefreshJwtTokensEndpoint):
    """Refreshing access tokens, if ACCOUNTS_SESSION_STRATEGY is "jwt"."""

    module: ClassVar[str] = ""


@replaceable
class UserProfileEditEndpoint(core.UserProfileEditBaseEndpoint):
    """Changing the caller's names and picture."""

    module: ClassVar[str] = ""
