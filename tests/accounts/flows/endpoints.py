"""The app's endpoints: every sign-in method, and actions of operators that the tests need."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from accounts.endpoints import core, idp_email, idp_passkey
from accounts.models import Challenge, SecurityEvent, Session, User
from accounts.providers.apple.endpoints import AppleIdpBaseEndpoint
from accounts.providers.facebook.endpoints import FacebookIdpBaseEndpoint
from accounts.providers.firebase.endpoints import FirebaseIdpBaseEndpoint
from accounts.providers.github.endpoints import GitHubIdpBaseEndpoint
from accounts.providers.google.endpoints import GoogleIdpBaseEndpoint
from accounts.providers.microsoft.endpoints import MicrosoftIdpBaseEndpoint
from accounts.providers.oidc.endpoints import OidcIdpBaseEndpoint
from podium.core import clock
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from tasks.testing import run_scheduled


class EmailIdpEndpoint(idp_email.EmailIdpBaseEndpoint):
    pass


class AnonymousIdpEndpoint(idp_email.AnonymousIdpBaseEndpoint):
    pass


class GoogleIdpEndpoint(GoogleIdpBaseEndpoint):
    pass


class AppleIdpEndpoint(AppleIdpBaseEndpoint):
    pass


class FirebaseIdpEndpoint(FirebaseIdpBaseEndpoint):
    pass


class GitHubIdpEndpoint(GitHubIdpBaseEndpoint):
    pass


class MicrosoftIdpEndpoint(MicrosoftIdpBaseEndpoint):
    pass


class FacebookIdpEndpoint(FacebookIdpBaseEndpoint):
    pass


class OidcIdpEndpoint(OidcIdpBaseEndpoint):
    pass


class PasskeyIdpEndpoint(idp_passkey.PasskeyIdpBaseEndpoint):
    pass


class JwtRefreshEndpoint(core.RefreshJwtTokensEndpoint):
    pass


class UserProfileEditEndpoint(core.UserProfileEditBaseEndpoint):
    pass


class WatchEndpoint(Endpoint):
    """A stream for the tests."""

    require_login: ClassVar[bool] = True

    async def watch(self, call: Call) -> AsyncIterator[str]:
        """Yield the caller's id, and then wait until the stream ends."""
        yield call.user_id
        await asyncio.Event().wait()


class LabEndpoint(Endpoint):
    """Actions that otherwise need time or an operator."""

    def expire(self, call: Call, request_id: UUID) -> None:
        """Expire a mailed code."""
        Challenge.objects.filter(pk=request_id).update(expires_at=clock.now() - timedelta(seconds=1))

    def block(self, call: Call, user_id: UUID) -> None:
        """Block a user, like the admin's check box."""
        user = User.objects.get(pk=user_id)
        user.is_active = False
        user.save()

    def age_sign_ins(self, call: Call, user_id: UUID) -> None:
        """Move the last refresh and the creation of a user's sign-ins a day into the past."""
        day = timedelta(days=1)
        for token in Session.objects.filter(user_id=user_id):
            token.created_at -= day
            token.rotated_at = token.rotated_at and token.rotated_at - day
            token.save(update_fields=["created_at", "rotated_at"])

    def events_of(self, call: Call, user_id: UUID) -> list[str]:
        """The events of a user in the audit log, oldest first."""
        return list(
            SecurityEvent.objects.filter(user_id=user_id).order_by("id").values_list("event", flat=True)
        )

    def work(self, call: Call) -> int:
        """Run the scheduled work now, as a worker does."""
        return run_scheduled()

    def exists(self, call: Call, user_id: UUID) -> bool:
        """Test whether the account exists."""
        return User.objects.filter(pk=user_id).exists()
