"""What clients of this app may call: every way in that there is, and what the tests do in an operator's place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from accounts.endpoints import core, idp_email, idp_passkey, idp_social
from accounts.models import Challenge, SecurityEvent, Token, User
from core import clock
from endpoints.calls import Call
from endpoints.endpoint import Endpoint
from tasks.testing import run_scheduled


class EmailIdpEndpoint(idp_email.EmailIdpBaseEndpoint):
    pass


class AnonymousIdpEndpoint(idp_email.AnonymousIdpBaseEndpoint):
    pass


class GoogleIdpEndpoint(idp_social.GoogleIdpBaseEndpoint):
    pass


class AppleIdpEndpoint(idp_social.AppleIdpBaseEndpoint):
    pass


class FirebaseIdpEndpoint(idp_social.FirebaseIdpBaseEndpoint):
    pass


class GitHubIdpEndpoint(idp_social.GitHubIdpBaseEndpoint):
    pass


class MicrosoftIdpEndpoint(idp_social.MicrosoftIdpBaseEndpoint):
    pass


class FacebookIdpEndpoint(idp_social.FacebookIdpBaseEndpoint):
    pass


class OidcIdpEndpoint(idp_social.OidcIdpBaseEndpoint):
    pass


class PasskeyIdpEndpoint(idp_passkey.PasskeyIdpBaseEndpoint):
    pass


class RefreshJwtTokensEndpoint(core.RefreshJwtTokensEndpoint):
    pass


class UserProfileEditEndpoint(core.UserProfileEditBaseEndpoint):
    pass


class WatchEndpoint(Endpoint):
    """Something to have a stream on."""

    require_login: ClassVar[bool] = True

    async def watch(self, call: Call) -> AsyncIterator[str]:
        """Say who watches, and then nothing for as long as it may."""
        yield call.user_id
        await asyncio.Event().wait()


class LabEndpoint(Endpoint):
    """What takes time or an operator elsewhere."""

    def expire(self, call: Call, request_id: UUID) -> None:
        """Let a mailed code's time run out."""
        Challenge.objects.filter(pk=request_id).update(expires_at=clock.now() - timedelta(seconds=1))

    def block(self, call: Call, user_id: UUID) -> None:
        """Do what the admin's check box does."""
        user = User.objects.get(pk=user_id)
        user.is_active = False
        user.save()

    def age_sign_ins(self, call: Call, user_id: UUID) -> None:
        """Let a day go by since the last refresh of a person's sign-ins, and since they were made."""
        day = timedelta(days=1)
        for token in Token.objects.filter(user_id=user_id):
            token.created_at -= day
            token.rotated_at = token.rotated_at and token.rotated_at - day
            token.save(update_fields=["created_at", "rotated_at"])

    def events_of(self, call: Call, user_id: UUID) -> list[str]:
        """What the audit log has of a person, in the order in which it happened."""
        return list(
            SecurityEvent.objects.filter(user_id=user_id).order_by("id").values_list("event", flat=True)
        )

    def work(self, call: Call) -> int:
        """Do what a worker does, now."""
        return run_scheduled()

    def exists(self, call: Call, user_id: UUID) -> bool:
        """Whether there is an account."""
        return User.objects.filter(pk=user_id).exists()
