"""CAPTCHAs and attestations before an account is made or a mail is sent: the functions in ACCOUNTS_CAPTCHA_BACKENDS.

Such a function is `(origin, action, token) -> bool`, where `origin` is the call, or the Django request of a page; the
token is from a CAPTCHA or an attestation of the device. Those for Turnstile, hCaptcha and reCAPTCHA are
below; docs/how-to/add-a-captcha.md shows one for Play Integrity.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.module_loading import import_string

from accounts.audit import audit
from accounts.conf import conf
from accounts.providers import web
from accounts.providers.refusal import Refused
from accounts.throttling import throttling
from podium.core.errors import PodiumError
from podium.endpoints.calls import Call

logger = logging.getLogger("podium.accounts")

HEADER, OLD_HEADER = "X-Captcha-Token", "X-Human-Token"
"""The old name of the header, sent by apps built before 0.2.0."""
FIELDS = ("cf-turnstile-response", "h-captcha-response", "g-recaptcha-response")
"""The form fields in which the widgets send the token."""
TOKEN_LENGTH = 8192  # characters of a CAPTCHA's token, at most

Origin = Call | HttpRequest
Check = Callable[[Origin, str, str], bool]


class CaptchaFailed(PodiumError):
    """Complete the CAPTCHA: send its token in the header X-Captcha-Token, a new one with each call."""

    code = "accounts.not_human"


def check(origin: Origin, action: str, token: str = "") -> None:
    """Check the token. Without ACCOUNTS_CAPTCHA_BACKENDS, no token is needed.

    action  "registration", "anonymous" or "password_reset": ACCOUNTS_CAPTCHA_ACTIONS says which need one
    token   if the client sent it in another way than in its header or a field of a form

    Raises CaptchaFailed if no backend accepts the token, throttling.TooMany.
    """
    if not conf.CAPTCHA_BACKENDS or action not in conf.CAPTCHA_ACTIONS:
        return
    throttling.count(origin, "captcha")
    token = token or _token_of(origin)
    checks: list[Check] = [import_string(path) for path in conf.CAPTCHA_BACKENDS]
    if not any(each(origin, action, token) for each in checks):
        call = origin if isinstance(origin, Call) else None
        request = origin if isinstance(origin, HttpRequest) else None
        audit.record("human_check_failed", call=call, request=request, action=action, token=bool(token))
        raise CaptchaFailed


def _token_of(origin: Origin) -> str:
    if isinstance(origin, Call):
        return origin.headers.get(HEADER.lower()) or origin.headers.get(OLD_HEADER.lower(), "")
    headers = (origin.headers.get(name, "") for name in (HEADER, OLD_HEADER))
    given = [*headers, *(origin.POST.get(field, "") for field in FIELDS)]
    return next((each for each in given if each), "")


@dataclass(frozen=True)
class SiteVerify:
    """A CAPTCHA that is verified by sending a form with the secret and the token, as the three big ones are.

    least_score  the lowest accepted score, if the response has one, from 0 (robot) to 1
    """

    url: str
    least_score: float = 0.0

    def __call__(self, origin: Origin, action: str, token: str) -> bool:
        if not token or len(token) > TOKEN_LENGTH:
            return False
        form = {"secret": conf.CAPTCHA_SECRET, "response": token}
        try:
            answer = web.object_of(web.post(conf.CAPTCHA_URL or self.url, form), self.url)
        except Refused as refused:  # fails closed: otherwise robots would only have to overload it
            logger.error("the CAPTCHA service can't be reached: %s", refused)
            return False
        if fault := self._fault(answer, action):
            logger.info("%s was refused: %s", action, fault)
        return not fault

    def _fault(self, answer: dict[str, object], action: str) -> str:
        """The fault of a response, or ""."""
        if answer.get("success") is not True:
            return f"{answer.get('error-codes')}"[:200]
        if conf.CAPTCHA_HOSTNAMES and answer.get("hostname") not in conf.CAPTCHA_HOSTNAMES:
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
