"""The public keys of a provider (RFC 7517), by their ids. A key works for as long as it is published."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jwt
from jwt import PyJWK

from accounts.providers import web
from accounts.providers.published import Published
from accounts.providers.refusal import Refused, shown

ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""Only algorithms with a public key: never "none", and never HS256, whose secret would be the public key."""
MAX_KEYS = 100


@dataclass(frozen=True, slots=True)
class Key:
    """A key, with its issuer if the provider names one (Microsoft does)."""

    key: PyJWK
    algorithm: str
    issuer: str


class KeySet:
    """The keys at one address, shared by all threads of a process."""

    def __init__(self, url: str) -> None:
        self._published = Published(url, _read)

    def find(self, key_id: str) -> Key:
        """The key with this id. Raises Refused. Sends a request if the id is new or the keys are old."""
        found = self._published.get(lambda keys: key_id not in keys).get(key_id)
        if found is None:
            raise Refused(f"{self._published.url} has no key {shown(key_id)}")
        return found


def _read(answer: Any) -> dict[str, Key]:
    """Return the usable keys of a JWK set by their ids. Raises Refused."""
    listed = answer.get("keys") if isinstance(answer, dict) else None
    if not isinstance(listed, list) or len(listed) > MAX_KEYS:
        raise Refused("a provider's keys are not a valid JWK set, or are too many")
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
            continue  # of an unsupported kind; others in the set may be supported
        if key.algorithm_name in ALGORITHMS:
            found[each["kid"]] = Key(key, key.algorithm_name, web.text_of(each, "issuer"))
    if not found:
        raise Refused("a provider publishes no usable key")
    return found


@lru_cache(maxsize=100)
def key_set(url: str) -> KeySet:
    """The keys at this address, which comes from the code or the settings, never from a client."""
    return KeySet(url)
