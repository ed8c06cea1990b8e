"""The public keys of a provider (RFC 7517): fetched when needed, kept for a while, asked for again at a new key's id.

While the provider can't be reached the keys that are known go on working, for a day at most.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jwt
from jwt import PyJWK

from accounts.conf import conf
from accounts.providers import web
from accounts.providers.refusal import Refused, shown

ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""With a public key, all of them: never "none", never HS256, whose secret would be the public key."""
MAX_KEYS = 100
STALE_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Key:
    """A key, with the issuer it is for where the provider says so (Microsoft does)."""

    key: PyJWK
    algorithm: str
    issuer: str


class KeySet:
    """The keys at one address, shared by all threads of a process."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._keys: dict[str, Key] = {}
        self._fetched = self._tried = float("-inf")
        self._lock = threading.Lock()

    def find(self, key_id: str) -> Key:
        """The key with this id. Raises Refused. A request when the keys are old, or the id is new.

        An unknown id makes for no more than one request in ACCOUNTS_KEY_RETRY_SECONDS, whoever invents ids.
        """
        with self._lock:  # one fetches, the others wait for that
            now = time.monotonic()
            known = self._keys.get(key_id)
            old = now - self._fetched > conf.KEY_SECONDS
            if (known is None or old) and now - self._tried > conf.KEY_RETRY_SECONDS:
                self._tried = now
                self._fetch(now)
            elif now - self._fetched > STALE_SECONDS:
                self._keys = {}
            known = self._keys.get(key_id)
        if known is None:
            raise Refused(f"{self.url} has no key {shown(key_id)}")
        return known

    def _fetch(self, now: float) -> None:
        try:
            self._keys = _read(web.get(self.url))
            self._fetched = now
        except Refused:
            if not self._keys or now - self._fetched > STALE_SECONDS:
                self._keys = {}
                raise


def _read(answer: Any) -> dict[str, Key]:
    """The usable keys of a JWK set by their ids. Raises Refused."""
    listed = answer.get("keys") if isinstance(answer, dict) else None
    if not isinstance(listed, list) or len(listed) > MAX_KEYS:
        raise Refused("a provider's keys are no JWK set, or too many")
    found = {}
    for each in listed:
        if (
            not isinstance(each, dict)
            or each.get("use", "sig") != "sig"
            or not isinstance(each.get("kid"), str)
        ):
            continue
        try:
            key = PyJWK.from_dict(each)
        except (jwt.PyJWTError, ValueError, TypeError, KeyError):
            continue  # of a kind that is not known here; others of the set may be
        if key.algorithm_name in ALGORITHMS:
            found[each["kid"]] = Key(key, key.algorithm_name, web.text_of(each, "issuer"))
    if not found:
        raise Refused("a provider publishes no key that can be used")
    return found


@lru_cache(maxsize=100)
def key_set(url: str) -> KeySet:
    """The keys at this address, which comes from the code or the settings."""
    return KeySet(url)
