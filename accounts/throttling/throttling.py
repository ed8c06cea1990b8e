"""Limits on tries: by network address, account and device. Each wrong guess makes the next ones slower.

Counted in Django's cache, so that all processes count together. Without the cache no try is allowed.
Two kinds:

- `count`: actions with a limit an hour, such as sending mails (RATES).
- `attempt` and `succeeded`: guesses. After a few wrong ones in a row each further one has to wait, twice as long each
  time, up to an hour. A network address may make more of them than an account, since many users can share it.

A device from which the account's owner has signed in does not wait because of other guessers: nobody can lock out an
owner. Source: OWASP Authentication Cheat Sheet, "Account Lockout" and "Device cookies". A client can invent its
device, so the device lifts only limits of an account, never those of a network address.
"""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

from accounts.audit import audit
from accounts.cache import needing_the_cache
from accounts.conf import conf
from accounts.requests import CallRequest
from podium.core import clock
from podium.endpoints import rates
from podium.endpoints.addresses import networks
from podium.endpoints.calls import Call
from podium.endpoints.errors import TooManyCalls

RATES: dict[str, dict[str, str]] = {
    "registration": {"address": "30/h", "site": "120/h", "device": "10/h", "account": "5/h"},
    "password_reset": {"address": "30/h", "site": "120/h", "device": "10/h", "account": "5/h"},
    "anonymous": {"address": "60/h", "site": "240/h", "device": "20/h"},
    "captcha": {"address": "120/h", "site": "480/h"},
    "code": {"address": "300/h", "site": "1200/h", "device": "60/h"},
    "passkey": {"address": "1200/h", "site": "4800/h"},
    "provider": {"address": "60/m", "site": "240/m"},
    "text_message": {"address": "10/h", "site": "40/h", "device": "5/h", "account": "5/h"},
    "refresh": {"address": "6000/h", "site": "24000/h"},
}
"""Default rates by action and subject, as in ENDPOINTS_RATE. ACCOUNTS_THROTTLE_RATES overrides them by action."""
RENAMED_ACTIONS = {"human": "captcha"}
"""Old names in ACCOUNTS_THROTTLE_RATES, deprecated since 0.2.0 -> actions."""
FREE = {"address": 20, "site": 80, "account": 5, "device": 5}
"""Wrong guesses in a row without a wait, by subject."""
LONGEST_DELAY_SECONDS = {"address": 300, "site": 300, "account": 3600, "device": 3600}
"""One guesser must not lock out a whole office, or a mobile network behind one address, for long."""
REMEMBERED_SECONDS = 86_400  # how long wrong guesses count
TURN_SECONDS = 60  # longer than the time between simultaneous tries
KNOWN_SECONDS = 90 * 86_400  # how long a device is known after a sign-in

Origin = Call | HttpRequest


class TooMany(TooManyCalls):
    """Too many tries. Try again later."""

    code = "accounts.too_many_tries"


def count(origin: Origin, action: str, account: str = "") -> None:
    """Count one more of an action. A few commands to the cache.

    Raises TooMany (429) beyond its limits, LimitsUnavailable (503) without the cache.
    """
    limits = _rates(action)
    now = int(clock.now().timestamp())
    with needing_the_cache():
        for kind, digest in _subjects(origin, account).items():
            if not (text := limits.get(kind)):
                continue
            rate = rates.parse(text)
            key = f"accounts.count:{action}:{kind}:{digest}:{now // rate.seconds}"
            if _one_more(key, 2 * rate.seconds) > rate.calls:
                _tell(origin, action)
                raise TooMany(retry_after=rate.seconds - now % rate.seconds)


def _rates(action: str) -> dict[str, str]:
    given = conf.THROTTLE_RATES
    names = [action, *(old for old, new in RENAMED_ACTIONS.items() if new == action)]
    return next((given[name] for name in names if name in given), RATES[action])


def attempt(origin: Origin, action: str, account: str = "", *, known: bool = True) -> None:
    """Start a guess: it counts as wrong until `succeeded` is called.

    known  whether the owner's known device is exempt from waiting for other guessers. False for guesses
           that need the password first: these lock nobody out

    Raises TooMany (429), after which the guess must not be checked; LimitsUnavailable (503) without the cache.
    """
    with needing_the_cache():
        subjects = {
            f"{action}:{kind}:{digest}": kind
            for kind, digest in _subjects(origin, account, known=known).items()
        }
        now = clock.now().timestamp()
        waits = {name: cache.get(f"accounts.wait:{name}", 0.0) for name in subjects}
        for until in waits.values():
            if until > now:
                _tell(origin, action)
                raise TooMany(retry_after=int(until - now) + 1)
        for name, kind in subjects.items():
            _take_turn(name, kind, now, waits[name])


def _take_turn(name: str, kind: str, now: float, waited_until: float) -> None:
    """Count a guess. Of simultaneous ones after a wait, one passes. Raises TooMany."""
    delay = _delay(kind, _one_more(f"accounts.guesses:{name}", REMEMBERED_SECONDS))
    if not delay:
        return
    if not cache.add(_turn(name, waited_until), True, timeout=TURN_SECONDS):
        _give_back(f"accounts.guesses:{name}")
        raise TooMany(retry_after=2)
    # Kept longer than the wait lasts: its end names the next turn.
    cache.set(f"accounts.wait:{name}", now + delay, timeout=REMEMBERED_SECONDS + 3600)


def succeeded(origin: Origin, action: str, account: str = "") -> None:
    """Record a correct guess: the account and the device start again from zero, and the device is known from then on.

    The network address gets back only this guess: an attacker must not reset its count with their own password.
    """
    with needing_the_cache():
        for kind, digest in _subjects(origin, account, known=False).items():
            name = f"{action}:{kind}:{digest}"
            if kind in ("account", "device"):
                cache.delete_many([f"accounts.guesses:{name}", f"accounts.wait:{name}", _turn(name, 0.0)])
            else:
                _give_back(f"accounts.guesses:{name}")
        if account:
            cache.set(_known(_request(origin), account), True, timeout=KNOWN_SECONDS)


def _tell(origin: Origin, action: str) -> None:
    """Write to the audit log, once a minute for each address, so that repeated tries do not fill it."""
    request = _request(origin)
    network = _digest(networks(request.META.get("REMOTE_ADDR") or "")[0])
    if cache.add(f"accounts.told:{action}:{network}", True, timeout=60):
        audit.record("too_many_tries", request=request, action=action)


def _one_more(key: str, seconds: int) -> int:
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key)
    except ValueError:  # expired between the two commands
        cache.set(key, 1, timeout=seconds)
        return 1


def _give_back(key: str) -> None:
    try:
        cache.decr(key)
    except ValueError:  # expired meanwhile
        return


def _delay(kind: str, guesses: int) -> int:
    """Seconds to wait after so many wrong guesses in a row."""
    too_many = guesses - FREE[kind]
    return min(2 ** min(too_many, 12), LONGEST_DELAY_SECONDS[kind]) if too_many > 0 else 0


def _subjects(origin: Origin, account: str, *, known: bool = True) -> dict[str, str]:
    """The subjects of an action, as digests: the cache holds no addresses. The widest come first.

    known  omit the account if the device is known to be its owner's
    """
    request = _request(origin)
    network, site = networks(request.META.get("REMOTE_ADDR") or "")
    found = {"site": _digest(site)} if site else {}
    found["address"] = _digest(network)
    if device := request.headers.get("X-Device-Id"):
        found["device"] = _digest(device)
    if account and not (known and cache.get(_known(request, account))):
        found["account"] = _digest(account)
    return found


def _request(origin: Origin) -> HttpRequest:
    return origin if isinstance(origin, HttpRequest) else CallRequest(origin)


def _turn(name: str, waited_until: float) -> str:
    return f"accounts.turn:{name}:{waited_until}"


def _known(request: HttpRequest, account: str) -> str:
    """The key that marks a device of an account's owner: by its id, or by its address and client."""
    alike = f"{request.META.get('REMOTE_ADDR')} {request.headers.get('User-Agent', '')}"
    return f"accounts.known:{_digest(account)}:{_digest(request.headers.get('X-Device-Id') or alike)}"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()
