"""A user's picture at a provider, fetched once, after a sign-in of a user without a picture.

Only from hosts in ACCOUNTS_PICTURE_HOSTS, also for redirects: no claim can make this server request other hosts.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Collection
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from accounts.conf import conf
from accounts.models import User
from accounts.profile import profile
from accounts.protocol import ProfileException
from accounts.providers import registry

logger = logging.getLogger("podium.accounts")

REDIRECTS = 3
HOST = re.compile(r"[a-z0-9.-]+")
"""For other addresses ("a.x\\.y.com") the HTTP client might request a different host than the one checked here."""
CHUNK_BYTES = 64 * 1024


class NotFetched(Exception):
    """The picture can't be fetched; the text is for the log."""


def allowed(url: str) -> bool:
    """Test whether this server may fetch a picture: an https address of a provider's host, without a user name."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme != "https" or not HOST.fullmatch(host) or parts.username is not None:
        return False
    return any(host == each or (each[:1] == "." and host.endswith(each)) for each in _hosts())


def _hosts() -> Collection[str]:
    if conf.PICTURE_HOSTS is None:
        return [host for each in registry.every().values() for host in each.picture_hosts]
    hosts: Collection[str] = conf.PICTURE_HOSTS
    return hosts


def fetch(user_id: Any, url: str) -> bool:
    """Fetch a picture and set it, unless the user has one by now. Returns whether it was set."""
    user = User.objects.filter(pk=user_id).first()
    if user is None or profile.has_picture(user_id):
        return False
    try:
        profile.set_picture(user, _bytes(url))
    except (NotFetched, ProfileException) as failed:
        logger.info("the picture of a provider was not taken: %s", failed)
        return False
    return True


def _bytes(url: str) -> bytes:
    """Download the data at an address. Raises NotFetched."""
    until = time.monotonic() + conf.PICTURE_SECONDS
    for _ in range(1 + REDIRECTS):
        if not allowed(url):
            raise NotFetched(f"{urlsplit(url).netloc} is not among ACCOUNTS_PICTURE_HOSTS")
        try:
            with requests.get(
                url,
                timeout=conf.PICTURE_SECONDS,
                allow_redirects=False,
                stream=True,
                headers={"Accept": "image/*", "Accept-Encoding": "identity"},
            ) as answer:
                if answer.is_redirect:
                    url = urljoin(url, answer.headers["Location"])
                    continue
                if answer.status_code != 200:
                    raise NotFetched(f"{urlsplit(url).netloc} answered with {answer.status_code}")
                return _body(answer, until)
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise NotFetched(f"{urlsplit(url).netloc}: {type(error).__name__}") from None
    raise NotFetched("too many redirects")


def _body(answer: requests.Response, until: float) -> bytes:
    body = b""
    while chunk := answer.raw.read1(CHUNK_BYTES):
        body += chunk
        if len(body) > conf.PICTURE_BYTES:
            raise NotFetched(f"more than {conf.PICTURE_BYTES} bytes")
        if time.monotonic() > until:
            raise NotFetched(f"it took more than {conf.PICTURE_SECONDS} s")
    return body
