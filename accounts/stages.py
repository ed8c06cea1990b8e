"""allauth's stage of a sign-in at which the address must be confirmed: for new accounts in every mode."""

from __future__ import annotations

from typing import Any

from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.stages import EmailVerificationStage

from accounts import ownership


class ConfirmAddress(EmailVerificationStage):
    """Asks nothing of an account whose address is proved, or that has none: there is nothing to confirm."""

    def handle(self) -> tuple[Any, bool]:
        user = self.login.user
        if user is not None and not ownership.is_unproved(user):
            return None, True
        if self.login.signup:  # also one that only looks like it: the address is taken
            self.login.email_verification = EmailVerificationMethod.MANDATORY
        answer: tuple[Any, bool] = super().handle()
        return answer
