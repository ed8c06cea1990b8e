"""Settings of legacy_auth, with unit and default. Most have the names of Serverpod's AuthConfig."""

from __future__ import annotations

from podium.core.conf import AppSettings


class LegacyAuthSettings(AppSettings, prefix="LEGACY_AUTH_"):
    KEY_SALT: str = ""
    """`authKeySalt` of Serverpod's config/passwords.yaml; "": the salt that Serverpod uses without it."""
    RESET_CODE_LENGTH: int = 12
    """Digits of a mailed code for a new password. The code alone identifies the account, so it must be long."""
    USER_CAN_SEE_USER_NAME: bool = True
    """True: users see their user name."""
    USER_CAN_SEE_FULL_NAME: bool = True
    """True: users see their full name."""
    USER_CAN_EDIT_USER_NAME: bool = True
    """True: users may change their user name."""
    USER_CAN_EDIT_FULL_NAME: bool = False
    """True: users may change their full name."""
    USER_CAN_EDIT_USER_IMAGE: bool = True
    """True: users may change their picture."""
    SIDE_BY_SIDE: bool = False
    """True: Serverpod still runs on this database, so its password hashes are kept up to date."""


conf = LegacyAuthSettings()
