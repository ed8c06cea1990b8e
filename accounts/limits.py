"""How often something may be tried: from a network address, for an account, from a device; guesses ever slower.

Counted in Django's cache, so that all processes count together. Two kinds:

- `count`: what may be done so many times an hour, as mails that are sent (ACCOUNTS_LIMITS).
- `attempt` and `succeeded`: a guess. After a few wrong ones in a row each further one has to wait, twice as long each
  time, up to an hour. An address of the network has more of them than an account, since many people can share it.
  A device from which the account's owner has signed in is not kept waiting by what others try: nobody can lock
  somebody out. Source: OWASP Authentication Cheat Sheet, "Account Lockout" and "Device cookies".
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterator

from django.core.cache import cache
from django.http import HttpRequest

from accounts.conf import conf
from accounts.web_request import CallRequest
from core import clock
from endpoints import rates
from endpoints.calls import Call

FREE = {"address": 20, "account": 5, "device": 5}
"""Wrong guesses in a row that cost no time, by what they are counted for."""
LONGEST_DELAY_SECONDS = 3600
REMEMBERED_SECONDS = 86_400  # how long wrong guesses count
KNOWN_SECONDS = 90 * 86_400  # how long a device is known after a sign-in

Origin = Call | HttpRequest


class TooMany(Exception):
    """Too many tries. What the client is told is the matter of the way in. retry_after: seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after = retry_after


def count(origin: Origin, action: str, account: str = "") -> None:
    """Count one more of an action. Raises TooMany beyond ACCOUNTS_LIMITS[action]. A few commands to the cache."""
    now = int(clock.now().timestamp())
    for kind, who in _counted_for(origin, account):
        if not (text := conf.LIMITS.get(action, {}).get(kind)):
            continue
        rate = rates.parse(text)
        key = f"accounts.count:{action}:{kind}:{who}:{now // rate.seconds}"
        cache.add(key, 0, timeout=2 * rate.seconds)
        if cache.incr(key) > rate.calls:
            raise TooMany(rate.seconds - now % rate.seconds)


def attempt(origin: Origin, action: str, account: str = "") -> None:
    """Before a guess is looked at: it counts as wrong until `succeeded` says otherwise. Raises TooMany."""
    counted = dict(_counted_for(origin, account))
    if account and cache.get(_known(account, counted["device"])):
        del counted["account"]
    now = clock.now().timestamp()
    for kind, who in counted.items():
        if (until := cache.get(f"accounts.wait:{action}:{kind}:{who}", 0)) > now:
            raise TooMany(int(until - now) + 1)
    for kind, who in counted.items():
        key = f"accounts.guesses:{action}:{kind}:{who}"
        cache.add(key, 0, timeout=REMEMBERED_SECONDS)
        if delay := _delay(cache.incr(key) - FREE[kind]):
            cache.set(f"accounts.wait:{action}:{kind}:{who}", now + delay, timeout=delay)


def succeeded(origin: Origin, action: str, account: str = "") -> None:
    """The guess was right: the account and the device begin anew, and the device is known from then on.

    The address only gets this one back: who guesses others' passwords must not begin anew by giving their own.
    """
    counted = dict(_counted_for(origin, account))
    if account:
        cache.set(_known(account, counted["device"]), True, timeout=KNOWN_SECONDS)
    for kind, who in counted.items():
        if kind == "address":
            _give_back(f"accounts.guesses:{action}:{kind}:{who}")
        else:
            cache.delete_many([f"accounts.{what}:{action}:{kind}:{who}" for what in ("guesses", "wait")])


def _give_back(key: str) -> None:
    try:
        cache.decr(key)
    except ValueError:  # it was forgotten meanwhile
        return


def _delay(too_many: int) -> int:
    """Seconds to wait after so many wrong guesses beyond the free ones."""
    return min(2 ** min(too_many, 12), LONGEST_DELAY_SECONDS) if too_many > 0 else 0


def _counted_for(origin: Origin, account: str) -> Iterator[tuple[str, str]]:
    """Whom an action is counted for, as digests: addresses do not stand in the cache."""
    request = origin if isinstance(origin, HttpRequest) else CallRequest(origin)
    network = _network(request.META.get("REMOTE_ADDR") or "")
    device = request.headers.get("X-Device-Id") or f"{network} {request.headers.get('User-Agent', '')}"
    yield "address", _digest(network)
    yield "device", _digest(device)
    if account:
        yield "account", _digest(account)


def _network(address: str) -> str:
    """An address as far as one line has it: of IPv6 the first 64 bits, which a line has all addresses of (RFC 6177)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def _known(account: str, device: str) -> str:
    return f"accounts.known:{_digest(account)}:{device}"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
