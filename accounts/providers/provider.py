"""The base of a sign-in provider: its name, setting, checks, and its app in allauth. No models here.

podium/settings.py imports this module, so it must not import modules that need Django to be set up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, ClassVar, Self

from django.core.checks import CheckMessage, Error, Warning

from accounts.conf import conf
from accounts.providers.claims import Claims
from accounts.providers.refusal import Refused
from podium.core.conf import AppSettings
from podium.core.environment import Environment

HINT = "See docs/how-to/sign-in-providers.md."


@dataclass(frozen=True, kw_only=True)
class Provider:
    """A sign-in provider. The fields of a subclass are the keys of its setting; one without a default must be set.

    name        in ACCOUNTS_SIGN_IN, in identities and in the audit log; the setting is ACCOUNTS_<NAME>
    label       its name in messages
    settings    the object that declares the setting
    intended_by keys; any of them being set shows that the provider is meant to be used
    needs_redirect_uris  every sign-in in apps has a redirect address
    allauth_app the app of allauth that has the provider's pages; "": users can't sign in with it in browsers
    urls        a module with further pages of the provider
    views       beginnings of the names of these pages that are off if the provider is
    revocation  dotted path of `(user) -> bool`, called before a user is deleted; False if it has to be tried again
    verifies_addresses  False if users or organisations can enter any address there
    picture_hosts       where it keeps pictures of users; ".x.com" is any host below x.com
    names_elsewhere     its name in systems that users come from: {"firebase": "google.com"}
    """

    name: ClassVar[str]
    label: ClassVar[str]
    settings: ClassVar[AppSettings]
    intended_by: ClassVar[Sequence[str]] = ("client_id",)
    needs_redirect_uris: ClassVar[bool] = False
    allauth_app: ClassVar[str] = ""
    urls: ClassVar[str] = ""
    views: ClassVar[Sequence[str]] = ()
    revocation: ClassVar[str] = ""
    verifies_addresses: ClassVar[bool] = True
    picture_hosts: ClassVar[Sequence[str]] = ()
    names_elsewhere: ClassVar[Mapping[str, str]] = {}

    # Its setting

    @classmethod
    def setting(cls) -> str:
        return f"ACCOUNTS_{cls.name.upper()}"

    @classmethod
    def given(cls) -> Mapping[str, Any]:
        """The value of the setting."""
        value: Mapping[str, Any] = getattr(cls.settings, cls.name.upper())
        return value

    @classmethod
    def from_environment(cls, env: Environment) -> Mapping[str, Any]:
        """Read the setting's default from environment variables, such as GOOGLE_CLIENT_IDS for `client_ids`."""
        return {each.name: _read(env, f"{cls.name}_{each.name}".upper(), each) for each in fields(cls)}

    @classmethod
    def read(cls) -> Self:
        """Return the configured provider. Raises Refused if its setting is invalid."""
        return cls.of(cls.given())

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        if wrong := cls.faults(given):
            raise Refused(f"{cls.label} is not set up: {' '.join(wrong)}")
        return cls(**given)

    @classmethod
    def faults(cls, given: Mapping[str, Any]) -> list[str]:
        """Describe the faults of a setting's value, in a sentence each."""
        known = {each.name: each for each in fields(cls)}
        found = [f"unknown key {name!r}." for name in given if name not in known]
        for each in known.values():
            value = given.get(each.name)
            if each.default is MISSING and not value:
                found.append(f"{each.name!r} is missing.")
            elif isinstance(value, str) and each.name.endswith("s") and _is_list(each):
                found.append(f"{each.name!r} is a string; write a list.")
        return found

    # Its checks

    @classmethod
    def is_on(cls) -> bool:
        return cls.name in conf.SIGN_IN

    @classmethod
    def checks(cls) -> Iterator[CheckMessage]:
        """Check that the provider has its settings if it is on, and that it is on if it has them."""
        given = cls.given()
        if not cls.is_on():
            if any(given.get(key) for key in cls.intended_by):
                yield cls.not_listed(f"{cls.setting()}[{cls.intended_by[0]!r}]")
            return
        for fault in cls.faults(given):
            yield cls.error(f"{cls.setting()} is invalid: {fault}")
        if cls.needs_redirect_uris and not given.get("redirect_uris"):
            yield cls.error(
                f"'redirect_uris' of {cls.setting()} is empty: the addresses that {cls.label} may send users "
                "back to."
            )

    @classmethod
    def error(cls, text: str) -> Error:
        return Error(f"ACCOUNTS_SIGN_IN lists {cls.name!r}, but {text}", hint=HINT, id="accounts.E001")

    @classmethod
    def not_listed(cls, setting: str) -> Warning:
        return Warning(
            f"{setting} is set, but nobody can sign in with it: ACCOUNTS_SIGN_IN does not list {cls.name!r}.",
            hint=f"Add {cls.name!r} to ACCOUNTS_SIGN_IN, or unset it.",
            id="accounts.W004",
        )

    # Its identities

    @classmethod
    def identities(cls) -> Collection[str]:
        """The names that its identities have."""
        return [cls.name]

    @classmethod
    def gives_out(cls, claims: Claims, email: str) -> bool:
        """Test whether the address is the provider's own, so that its owner today is the user who signs in."""
        return False

    # Its pages

    @classmethod
    def on_pages(cls) -> dict[str, Any]:
        """The provider's part of SOCIALACCOUNT_PROVIDERS; {} if it lacks what browsers need."""
        given = cls.given()
        found = {} if cls.faults(given) else cls(**given).for_allauth()
        return {cls.name: found} if found else {}

    def for_allauth(self) -> dict[str, Any]:
        """The configuration of its app in allauth: `allauth_config`; {} if it lacks what browsers need."""
        return {}


def _is_list(key: Field[Any]) -> bool:
    return "Sequence" in str(key.type)


def _read(env: Environment, variable: str, key: Field[Any]) -> Any:
    """Read the environment variable of a key, which has the key's type and default."""
    default = None if key.default is MISSING else key.default
    if _is_list(key):
        return env.list(variable, default=list(default or []))
    if isinstance(default, bool):
        return env.bool(variable, default=default)
    return env.str(variable, default=default or "")


def allauth_config(client_id: str, secret: str, **more: Any) -> dict[str, Any]:
    """The configuration of a provider with one client and PKCE."""
    return {"APPS": [{"client_id": client_id, "secret": secret, **more}], "OAUTH_PKCE_ENABLED": True}
