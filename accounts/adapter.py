"""allauth's adapter: a call's address was found by the endpoints already, and a mail that fails undoes nothing."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts.web_request import CallRequest

logger = logging.getLogger("podium.accounts")


class AccountAdapter(DefaultAccountAdapter):
    """Behind ACCOUNT_ADAPTER: allauth's pages, its headless API and the endpoint alike."""

    def get_client_ip(self, request: HttpRequest) -> str:
        if isinstance(request, CallRequest):
            return str(request.META["REMOTE_ADDR"])
        return str(super().get_client_ip(request))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError):  # the person can ask for it again; who has an account stays hidden
            logger.exception("the mail %s could not be sent; see EMAIL_URL", template_prefix)
