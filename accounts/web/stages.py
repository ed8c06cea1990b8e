"""allauth's sign-in stage that requires a confirmed address: for new accounts, in every verification mode."""

from __future__ import annotations

from typing import Any

from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.stages import EmailVerificationStage

from accounts.sign_in import ownership


class ConfirmAddress(EmailVerificationStage):
    """Skip accounts whose address is proved and accounts without one: there is nothing to confirm."""

    def handle(self) -> tuple[Any, bool]:
        user = self.login.user
        if user is not None and not ownership.is_unproved(user):
            return None, True
        if self.login.signup:  # also one that only looks like a sign-up: the address is taken
            self.login.email_verification = EmailVerificationMethod.MANDATORY
        answer: tuple[Any, bool] = super().handle()
        return answer
