"""Calls as curl makes them, and the mails that `manage.py dev` keeps. No generated client, no Django."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, replace
from typing import Any

PASSWORD = "four-habits-a-day-7"
CODE = re.compile(r"^\d{8}$", re.MULTILINE)
MAIL_SECONDS = 30


@dataclass(frozen=True)
class Caller:
    """A caller of a server, signed in with a token or not."""

    url: str
    token: str = ""

    def call(self, method: str, **arguments: Any) -> Any:
        """Call `endpoint/method` and return its result. Raises urllib.error.HTTPError."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        body = json.dumps(arguments).encode()
        request = urllib.request.Request(f"{self.url}/{method}", data=body, headers=headers, method="POST")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or b"null")

    def status(self, method: str, **arguments: Any) -> int:
        """The status of a call."""
        try:
            self.call(method, **arguments)
        except urllib.error.HTTPError as refused:
            return refused.code
        return 200

    def sign_up(self, email: str) -> Caller:
        """The three calls of the tutorial, with the code from the mail."""
        request = self.call("emailIdp/startRegistration", email=email)
        code = CODE.search(self.mail(email, "code"))
        assert code
        token = self.call(
            "emailIdp/verifyRegistrationCode", accountRequestId=request, verificationCode=code[0]
        )
        made = self.call("emailIdp/finishRegistration", registrationToken=token, password=PASSWORD)
        return replace(self, token=made["token"])

    def mail(self, to: str, subject: str) -> str:
        """The text of the newest mail to this address with this in its subject; waits for it."""
        deadline = time.monotonic() + MAIL_SECONDS
        while True:
            with urllib.request.urlopen(f"{self.url}/mail/?format=json&to={to}", timeout=20) as answer:
                sent = json.loads(answer.read())["messages"]
            for each in sent:
                if subject in each["subject"]:
                    return str(each["text"])
            assert time.monotonic() < deadline, f"no mail to {to} about {subject!r}: {sent}"
            time.sleep(0.2)
