"""Requests to providers: JSON over HTTPS, limited in time and size, without redirects. Every failure is a Refused."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from accounts.conf import conf
from accounts.providers.refusal import Refused

CHUNK_BYTES = 16 * 1024
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that may be reached without TLS: this machine, in development."""


def get(url: str, *, params: dict[str, str] | None = None, token: str = "") -> Any:
    """Fetch the JSON at an address; `token` is sent as a bearer token. Raises Refused, also for any status but 2xx."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return _ask("GET", url, params=params, headers=headers)


def get_text(url: str, *, headers: dict[str, str], seconds: float) -> str:
    """Fetch the text at an address. Raises Refused, also for any status but 2xx."""
    return _answer_of("GET", url, headers=headers, seconds=seconds).decode(errors="replace")


def post(url: str, form: dict[str, str], *, basic: tuple[str, str] | None = None) -> Any:
    """Send a form. Returns the JSON of the response, or None if it is empty. Raises Refused."""
    return _ask("POST", url, data=form, basic=basic)


def post_json(url: str, value: Any, *, basic: tuple[str, str] | None = None) -> Any:
    return _ask("POST", url, json=value, basic=basic)


def _ask(method: str, url: str, **given: Any) -> Any:
    body = _answer_of(method, url, **given)
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        raise Refused(f"{_place(url)} answered with something that is not JSON") from None


def _answer_of(
    method: str,
    url: str,
    *,
    headers: dict[str, str] | None = None,
    basic: tuple[str, str] | None = None,
    seconds: float | None = None,
    **given: Any,
) -> bytes:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in HERE):
        raise Refused(f"{_place(url)} is not an https address")
    sent = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
    seconds = conf.PROVIDER_SECONDS if seconds is None else seconds
    until = time.monotonic() + seconds
    try:
        with requests.request(
            method,
            url,
            headers=sent,
            auth=basic or _as_it_is,
            timeout=seconds,
            allow_redirects=False,
            stream=True,
            **given,
        ) as answer:
            body = _body(answer, until)
    except (requests.RequestException, HTTPError, OSError) as error:
        # The error's own text contains the address, with the token in its query.
        raise Refused(f"{_place(url)} could not be reached: {type(error).__name__}") from None
    if not 200 <= answer.status_code < 300:
        text = f"{_place(url)} answered with {answer.status_code}{_error_in(body)}"
        raise Refused(text, status=answer.status_code)
    return body


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Send no other credentials: otherwise an entry in the machine's .netrc would replace ours."""
    return request


def _body(answer: requests.Response, until: float) -> bytes:
    """Read the body in pieces, so that the time limit also stops very slow servers. Raises Refused."""
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise Refused(f"{_place(answer.url)} answered with an encoding that was not requested")
    body = b""
    while chunk := answer.raw.read1(CHUNK_BYTES):
        body += chunk
        if len(body) > conf.PROVIDER_ANSWER_BYTES:
            raise Refused(f"{_place(answer.url)} answered with more than {conf.PROVIDER_ANSWER_BYTES} bytes")
        if time.monotonic() > until:
            raise Refused(f"{_place(answer.url)} took too long")
    return body


def _place(url: str) -> str:
    """An address without its query, which may contain tokens."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}"


def _error_in(body: bytes) -> str:
    """The error code of OAuth (RFC 6749 5.2), as ": invalid_grant"; "" if there is none."""
    try:
        error = json.loads(body)["error"]
    except (ValueError, TypeError, KeyError):
        return ""
    return f": {error[:60]!r}" if isinstance(error, str) else ""


def text_of(answer: Any, name: str) -> str:
    """A string in a response; "" if it is missing."""
    value = answer.get(name) if isinstance(answer, dict) else None
    return value if isinstance(value, str) else ""


def object_of(answer: Any, url: str) -> dict[str, Any]:
    """Return a response that must be an object. Raises Refused."""
    if not isinstance(answer, dict):
        raise Refused(f"{_place(url)} answered with something that is not an object")
    return answer
