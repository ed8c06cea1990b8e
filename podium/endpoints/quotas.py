"""Quotas of methods and REST resources: whose calls are counted, and the headers that report what is left.

Source of the headers: draft-ietf-httpapi-ratelimit-headers-10.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import get_args

from podium.core import clock
from podium.endpoints import rates, threads
from podium.endpoints.addresses import networks
from podium.endpoints.calls import Call, Identity
from podium.endpoints.conf import conf
from podium.endpoints.errors import TooManyCalls
from podium.endpoints.rates import By, Quota, Usage


def of_marks(marks: Sequence[tuple[str, By]]) -> tuple[Quota, ...]:
    """Return the quotas of a method or a class, the shortest window first; none if they have faults."""
    if faults(marks):
        return ()
    quotas = [Quota(text, by) for text, by in marks]
    return tuple(sorted(quotas, key=lambda each: each.rate.seconds))


def of_method(own: tuple[Quota, ...]) -> tuple[Quota, ...]:
    """Return a method's own quotas, or that of ENDPOINTS_RATE."""
    return own or _of_rate(conf.RATE)


@lru_cache(64)
def _of_rate(text: str) -> tuple[Quota, ...]:
    return (Quota(text),) if text else ()


def faults(marks: Sequence[tuple[str, By]]) -> list[str]:
    """Return the faults of the decorators of a method or a class."""
    found, seen = [], set()
    for text, by in marks:
        try:
            window = (by, rates.parse(text).seconds)
        except ValueError as error:
            found.append(f" @rate_limit: {error}")
            continue
        if by not in get_args(By):
            found.append(f" @rate_limit: by={by!r} is not valid; write 'user', 'key' or 'address'")
        elif window in seen:
            found.append(f" @rate_limit: two rates by {by} for the same time; remove one")
        seen.add(window)
    return found


async def count(name: str, call: Call, quotas: Sequence[Quota]) -> None:
    """Count a call of the method `name`. Raises TooManyCalls (429). One hop to a thread.

    A call that is refused for one quota does not count for those with a longer window.
    """
    call.usage = await threads.run(partial(take, name, quotas, call.identity, call.address))
    check(call.usage)


def take(name: str, quotas: Sequence[Quota], identity: Identity | None, address: str) -> list[Usage]:
    """Count a call from sync code, until a quota is used up. Two commands to the cache for each quota."""
    now, found = int(clock.now().timestamp()), []
    for quota in quotas:
        rate, subject = quota.rate, f"{quota.by}: {_subject(quota.by, identity, address)}"
        digest = hashlib.blake2b(subject.encode(), digest_size=16).hexdigest()
        key = f"endpoints.rate:{name}:{rate.seconds}:{now // rate.seconds}:{digest}"
        left = rate.calls - rates.add_one(key, rate.seconds)
        found.append(Usage(quota, left, rate.seconds - now % rate.seconds))
        if left < 0:
            break
    return found


def check(usage: Sequence[Usage]) -> None:
    """Raise TooManyCalls (429) if a quota is used up."""
    if usage and usage[-1].left < 0:
        raise TooManyCalls(retry_after=usage[-1].resets_after)


def headers(quotas: Sequence[Quota], usage: Sequence[Usage]) -> dict[str, str]:
    """Return the headers of an answer: what is allowed, and what is left."""
    policies = (f'"{each.name}";q={each.rate.calls};w={each.rate.seconds}' for each in quotas)
    limits = (f'"{each.quota.name}";r={max(each.left, 0)};t={each.resets_after}' for each in usage)
    return {"ratelimit-policy": ", ".join(policies), "ratelimit": ", ".join(limits)}


def _subject(by: By, identity: Identity | None, address: str) -> str:
    if identity is None or by == "address":
        return f"address {networks(address)[0]}"
    if by == "key" and identity.api_key:
        return f"key {identity.token_id or identity.api_key}"  # in tests a key has no id
    return f"user {identity.user_id}"
