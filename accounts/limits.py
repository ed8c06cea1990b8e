"""How often something may be tried: from a network address, for an account, from a device; guesses ever slower.

Counted in Django's cache, so that all processes count together; without the cache nothing of it can be tried.
Two kinds:

- `count`: what may be done so many times an hour, as mails that are sent (LIMITS).
- `attempt` and `succeeded`: a guess. After a few wrong ones in a row each further one has to wait, twice as long each
  time, up to an hour. An address of the network has more of them than an account, since many people can share it.

A device from which the account's owner has signed in is not kept waiting by what others do to the account: nobody can
lock somebody out. Source: OWASP Authentication Cheat Sheet, "Account Lockout" and "Device cookies". What a client says
of its device can be made up, so it only ever frees from the limits of an account, and never from those of an address.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

from accounts import audit
from accounts.conf import conf
from accounts.web_request import CallRequest
from core import clock
from core.errors import PodiumError
from endpoints import rates
from endpoints.addresses import networks
from endpoints.calls import Call
from endpoints.errors import TooManyCalls

logger = logging.getLogger("podium.accounts")

LIMITS: dict[str, dict[str, str]] = {
    "registration": {"address": "30/h", "site": "120/h", "device": "10/h", "account": "5/h"},
    "password_reset": {"address": "30/h", "site": "120/h", "device": "10/h", "account": "5/h"},
    "anonymous": {"address": "60/h", "site": "240/h", "device": "20/h"},
    "human": {"address": "120/h", "site": "480/h"},
    "code": {"address": "300/h", "site": "1200/h", "device": "60/h"},
    "passkey": {"address": "1200/h", "site": "4800/h"},
    "provider": {"address": "60/m", "site": "240/m"},
    "text_message": {"address": "10/h", "site": "40/h", "device": "5/h", "account": "5/h"},
    "refresh": {"address": "6000/h", "site": "24000/h"},
}
"""How often, for whom: rates as in ENDPOINTS_RATE. ACCOUNTS_LIMITS says otherwise, action by action."""
FREE = {"address": 20, "site": 80, "account": 5, "device": 5}
"""Wrong guesses in a row that cost no time, by what they are counted for."""
LONGEST_DELAY_SECONDS = {"address": 300, "site": 300, "account": 3600, "device": 3600}
"""One guesser must not keep a whole office, or a mobile network behind one address, out for long."""
REMEMBERED_SECONDS = 86_400  # how long wrong guesses count
TURN_SECONDS = 60  # longer than tries that come together can be apart
KNOWN_SECONDS = 90 * 86_400  # how long a device is known after a sign-in

Origin = Call | HttpRequest


class TooMany(TooManyCalls):
    """Too many tries. Try again later."""

    code = "accounts.too_many_tries"

    @property
    def retry_after(self) -> int:
        """Seconds."""
        return int(self.details["retry_after"])


class LimitsUnavailable(PodiumError):
    """Signing in and up is not possible at the moment. Try again in a minute."""

    status = 503
    code = "accounts.limits_unavailable"


def count(origin: Origin, action: str, account: str = "") -> None:
    """Count one more of an action. A few commands to the cache.

    Raises TooMany (429) beyond its limits, LimitsUnavailable (503) without the cache.
    """
    limits = conf.LIMITS.get(action, LIMITS[action])
    now = int(clock.now().timestamp())
    with needing_the_cache():
        for kind, who in _whom(origin, account).items():
            if not (text := limits.get(kind)):
                continue
            rate = rates.parse(text)
            key = f"accounts.count:{action}:{kind}:{who}:{now // rate.seconds}"
            if _one_more(key, 2 * rate.seconds) > rate.calls:
                _tell(origin, action)
                raise TooMany(retry_after=rate.seconds - now % rate.seconds)


def attempt(origin: Origin, action: str, account: str = "", *, known: bool = True) -> None:
    """Before a guess is looked at: it counts as wrong until `succeeded` says otherwise.

    known  whether a device that is known to be the owner's is not kept waiting for what others try. False for what
           nobody can try who has not given the password: nobody is locked out by it

    Raises TooMany (429), after which it must not be looked at; LimitsUnavailable (503) without the cache.
    """
    with needing_the_cache():
        whom = {f"{action}:{kind}:{who}": kind for kind, who in _whom(origin, account, known=known).items()}
        now = clock.now().timestamp()
        waits = {name: cache.get(f"accounts.wait:{name}", 0.0) for name in whom}
        for until in waits.values():
            if until > now:
                _tell(origin, action)
                raise TooMany(retry_after=int(until - now) + 1)
        for name, kind in whom.items():
            _take_turn(name, kind, now, waits[name])


def _take_turn(name: str, kind: str, now: float, waited_until: float) -> None:
    """Count a guess; of those that come together after a wait, one is let through. Raises TooMany."""
    delay = _delay(kind, _one_more(f"accounts.guesses:{name}", REMEMBERED_SECONDS))
    if not delay:
        return
    if not cache.add(_turn(name, waited_until), True, timeout=TURN_SECONDS):
        _give_back(f"accounts.guesses:{name}")
        raise TooMany(retry_after=2)
    # It is kept longer than it holds: its end names the next turn.
    cache.set(f"accounts.wait:{name}", now + delay, timeout=REMEMBERED_SECONDS + 3600)


def succeeded(origin: Origin, action: str, account: str = "") -> None:
    """The guess was right: the account and the device begin anew, and the device is known from then on.

    The address only gets this one back: who guesses others' passwords must not begin anew by giving their own.
    """
    with needing_the_cache():
        for kind, who in _whom(origin, account, known=False).items():
            name = f"{action}:{kind}:{who}"
            if kind in ("account", "device"):
                cache.delete_many([f"accounts.guesses:{name}", f"accounts.wait:{name}", _turn(name, 0.0)])
            else:
                _give_back(f"accounts.guesses:{name}")
        if account:
            cache.set(_known(_request(origin), account), True, timeout=KNOWN_SECONDS)


def _tell(origin: Origin, action: str) -> None:
    """The audit log's line, once a minute for each address: who tries on and on must not fill the log."""
    request = _request(origin)
    network = _digest(networks(request.META.get("REMOTE_ADDR") or "")[0])
    if cache.add(f"accounts.told:{action}:{network}", True, timeout=60):
        audit.record("too_many_tries", request=request, action=action)


@contextmanager
def needing_the_cache() -> Iterator[None]:
    """Raise LimitsUnavailable if the cache fails. Without limits a guesser could wait for an outage, or cause one."""
    try:
        yield
    except RedisError:
        logger.exception("nobody can sign in or up: the cache, which counts the tries, can't be reached")
        raise LimitsUnavailable from None


def _one_more(key: str, seconds: int) -> int:
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two
        cache.set(key, 1, timeout=seconds)
        return 1


def _give_back(key: str) -> None:
    try:
        cache.decr(key)
    except ValueError:  # it was forgotten meanwhile
        return


def _delay(kind: str, guesses: int) -> int:
    """Seconds to wait after so many wrong guesses in a row."""
    too_many = guesses - FREE[kind]
    return min(2 ** min(too_many, 12), LONGEST_DELAY_SECONDS[kind]) if too_many > 0 else 0


def _whom(origin: Origin, account: str, *, known: bool = True) -> dict[str, str]:
    """Whom an action is counted for, as digests: addresses do not stand in the cache. The widest come first.

    known  leave the account out where the device is known to be its owner's
    """
    request = _request(origin)
    network, site = networks(request.META.get("REMOTE_ADDR") or "")
    whom = {"site": _digest(site)} if site else {}
    whom["address"] = _digest(network)
    if device := request.headers.get("X-Device-Id"):
        whom["device"] = _digest(device)
    if account and not (known and cache.get(_known(request, account))):
        whom["account"] = _digest(account)
    return whom


def _request(origin: Origin) -> HttpRequest:
    return origin if isinstance(origin, HttpRequest) else CallRequest(origin)


def _turn(name: str, waited_until: float) -> str:
    return f"accounts.turn:{name}:{waited_until}"


def _known(request: HttpRequest, account: str) -> str:
    """The key that says that an account's owner has signed in on this device: by its id, or what looks alike there."""
    alike = f"{request.META.get('REMOTE_ADDR')} {request.headers.get('User-Agent', '')}"
    return f"accounts.known:{_digest(account)}:{_digest(request.headers.get('X-Device-Id') or alike)}"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()
