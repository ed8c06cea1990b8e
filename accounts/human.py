"""Is it a person, or our own app, that wants an account or a mail? Asked of whom ACCOUNTS_HUMAN_CHECK names.

A check is any `(origin, action, token) -> bool`, where `origin` is the call, or the Django request of a page; the
token is what a CAPTCHA or an attestation of the device gave the client. Those for Turnstile, hCaptcha and reCAPTCHA are
below; docs/abuse.md shows one for Play Integrity.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.module_loading import import_string

from accounts import audit, limits
from accounts.conf import conf
from accounts.providers import web
from accounts.providers.refusal import Refused
from core.errors import PodiumError
from endpoints.calls import Call

logger = logging.getLogger("podium.accounts")

HEADER = "X-Human-Token"
FIELDS = ("cf-turnstile-response", "h-captcha-response", "g-recaptcha-response")
"""Where the widgets put the token in a page's form."""
TOKEN_LENGTH = 8192  # characters of a CAPTCHA's token, at most

Origin = Call | HttpRequest
Check = Callable[[Origin, str, str], bool]


class NotHuman(PodiumError):
    """Show that you are a person: send the token of the check as the header X-Human-Token, a new one with each call."""

    code = "accounts.not_human"


def check(origin: Origin, action: str, token: str = "") -> None:
    """Raises NotHuman where no check says yes, limits.TooMany. Without ACCOUNTS_HUMAN_CHECK nothing is asked.

    action  "registration", "anonymous" or "password_reset": ACCOUNTS_HUMAN_ACTIONS says which are asked about
    token   where the client sent it in another way than by its header or a field of a form
    """
    if not conf.HUMAN_CHECK or action not in conf.HUMAN_ACTIONS:
        return
    limits.count(origin, "human")
    token = token or _token_of(origin)
    checks: list[Check] = [import_string(path) for path in conf.HUMAN_CHECK]
    if not any(each(origin, action, token) for each in checks):
        call = origin if isinstance(origin, Call) else None
        request = origin if isinstance(origin, HttpRequest) else None
        audit.record("human_check_failed", call=call, request=request, action=action, token=bool(token))
        raise NotHuman


def _token_of(origin: Origin) -> str:
    if isinstance(origin, Call):
        return origin.headers.get(HEADER.lower(), "")
    given = [origin.headers.get(HEADER, ""), *(origin.POST.get(field, "") for field in FIELDS)]
    return next((each for each in given if each), "")


@dataclass(frozen=True)
class SiteVerify:
    """A CAPTCHA that is asked by a form with the secret and the token, as the three big ones are.

    least_score  what counts as a person, where the answer has a score from 0 (robot) to 1
    """

    url: str
    least_score: float = 0.0

    def __call__(self, origin: Origin, action: str, token: str) -> bool:
        if not token or len(token) > TOKEN_LENGTH:
            return False
        form = {"secret": conf.HUMAN_SECRET, "response": token}
        try:
            answer = web.object_of(web.post(conf.HUMAN_URL or self.url, form), self.url)
        except Refused as refused:  # fails closed: else robots would only have to keep it busy
            logger.error("who is a person can't be asked: %s", refused)
            return False
        if fault := self._fault(answer, action):
            logger.info("%s was refused: %s", action, fault)
        return not fault

    def _fault(self, answer: dict[str, object], action: str) -> str:
        """Why an answer is not good enough, or ""."""
        if answer.get("success") is not True:
            return f"{answer.get('error-codes')}"[:200]
        if conf.HUMAN_HOSTNAMES and answer.get("hostname") not in conf.HUMAN_HOSTNAMES:
            return f"the token is of {answer.get('hostname')!r}"[:200]
        if answer.get("action") not in (None, "", action):
            return f"the token is for {answer.get('action')!r}"[:200]
        score = answer.get("score")
        if self.least_score and isinstance(score, int | float) and score < self.least_score:
            return f"the score is {score}"
        return ""


turnstile = SiteVerify("https://challenges.cloudflare.com/turnstile/v0/siteverify")
hcaptcha = SiteVerify("https://api.hcaptcha.com/siteverify")
recaptcha = SiteVerify("https://www.google.com/recaptcha/api/siteverify", least_score=0.5)
