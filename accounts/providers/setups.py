"""How providers are set up: ACCOUNTS_GOOGLE and its like, dicts whose keys are the fields here. No Django in here.

for_allauth() makes of the same what allauth's pages need, so that people are the same ones in apps and browsers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar, TypeVar

from accounts.providers.refusal import Refused


@dataclass(frozen=True, kw_only=True)
class Setup:
    """A field without a default must be set."""

    setting: ClassVar[str] = ""
    name: ClassVar[str] = ""


@dataclass(frozen=True, kw_only=True)
class Google(Setup):
    setting, name = "GOOGLE", "Google"

    client_ids: Sequence[str]  # that of the web application first; it is the one codes are redeemed with
    client_secret: str = ""  # of the first
    redirect_uris: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Apple(Setup):
    setting, name = "APPLE", "Apple"

    bundle_ids: Sequence[str] = ()  # of the apps on iOS and macOS
    service_id: str = ""  # for Android and the web
    team_id: str = ""
    key_id: str = ""
    private_key: str = ""  # the text of the .p8 file
    redirect_uri: str = ""  # where Apple sends browsers, for Android and the web
    android_package: str = ""
    web_redirect_uri: str = ""  # the web app's page that takes the sign-in over

    @property
    def client_ids(self) -> list[str]:
        return [each for each in (self.service_id, *self.bundle_ids) if each]

    @property
    def redeems(self) -> bool:
        return bool(self.team_id and self.key_id and self.private_key)


@dataclass(frozen=True, kw_only=True)
class Firebase(Setup):
    setting, name = "FIREBASE", "Firebase"

    project_ids: Sequence[str]
    require_verified_email: bool = False


@dataclass(frozen=True, kw_only=True)
class GitHub(Setup):
    setting, name = "GITHUB", "GitHub"

    client_id: str
    client_secret: str
    redirect_uris: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Microsoft(Setup):
    setting, name = "MICROSOFT", "Microsoft"

    client_id: str
    client_secret: str = ""  # needed for the web
    redirect_uris: Sequence[str] = ()
    tenants: Sequence[str] = ("common",)  # "common", "organizations", "consumers", or ids of tenants


@dataclass(frozen=True, kw_only=True)
class Facebook(Setup):
    setting, name = "FACEBOOK", "Facebook"

    app_id: str
    app_secret: str


@dataclass(frozen=True, kw_only=True)
class OpenIDConnect(Setup):
    """One of ACCOUNTS_OIDC, a dict of these by the name that apps and the database call the provider."""

    setting, name = "OIDC", "OpenID Connect"

    issuer: str
    client_ids: Sequence[str]
    client_secret: str = ""
    redirect_uris: Sequence[str] = ()


ALL: tuple[type[Setup], ...] = (Google, Apple, Firebase, GitHub, Microsoft, Facebook)
BUILT_IN = frozenset(each.setting.lower() for each in ALL)

S = TypeVar("S", bound=Setup)


def read(kind: type[S], given: Mapping[str, Any]) -> S:
    """A provider's setup. Raises Refused where something that it needs is missing."""
    if wrong := faults(kind, given):
        raise Refused(f"{kind.name} is not set up: {' '.join(wrong)}")
    return kind(**given)


def faults(kind: type[Setup], given: Mapping[str, Any]) -> list[str]:
    """What is wrong with a setup, a sentence each."""
    known = {each.name: each for each in fields(kind)}
    found = [f"{name!r} is no setting of it." for name in given if name not in known]
    for each in known.values():
        value = given.get(each.name)
        if each.default is MISSING and not value:
            found.append(f"{each.name!r} is missing.")
        elif isinstance(value, str) and each.name.endswith("s") and "Sequence" in str(each.type):
            found.append(f"{each.name!r} is a text; write a list.")
    if kind is Apple and not (given.get("bundle_ids") or given.get("service_id")):
        found.append("'bundle_ids' or 'service_id' is missing.")
    return found


def for_allauth(
    *,
    google: Mapping[str, Any],
    apple: Mapping[str, Any],
    github: Mapping[str, Any],
    microsoft: Mapping[str, Any],
    facebook: Mapping[str, Any],
    oidc: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """SOCIALACCOUNT_PROVIDERS: the providers that are set up, and that have a secret where browsers need one."""
    found: dict[str, Any] = {}
    if not faults(Google, google) and google.get("client_secret"):
        g = Google(**google)
        found["google"] = _app(g.client_ids[0], g.client_secret)
    if not faults(Apple, apple) and Apple(**apple).service_id and Apple(**apple).redeems:
        a = Apple(**apple)
        found["apple"] = _app(
            ",".join(a.client_ids), a.key_id, key=a.team_id, settings={"certificate_key": a.private_key}
        )
        del found["apple"]["OAUTH_PKCE_ENABLED"]
    if not faults(GitHub, github):
        h = GitHub(**github)
        found["github"] = _app(h.client_id, h.client_secret)
    if not faults(Microsoft, microsoft) and microsoft.get("client_secret"):
        m = Microsoft(**microsoft)
        found["microsoft"] = _app(m.client_id, m.client_secret, settings={"tenant": m.tenants[0]})
    if not faults(Facebook, facebook):
        f = Facebook(**facebook)
        found["facebook"] = {**_app(f.app_id, f.app_secret), "METHOD": "oauth2"}
    apps = [_oidc_app(name, each) for name, each in oidc.items() if not faults(OpenIDConnect, each)]
    if apps:
        found["openid_connect"] = {"APPS": apps}
    return found


def _oidc_app(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    o = OpenIDConnect(**given)
    settings = {"server_url": o.issuer, "oauth_pkce_enabled": True}
    return {
        **{"provider_id": name, "name": name, "client_id": o.client_ids[0], "secret": o.client_secret},
        "settings": settings,
    }


def _app(client_id: str, secret: str, **more: Any) -> dict[str, Any]:
    return {"APPS": [{"client_id": client_id, "secret": secret, **more}], "OAUTH_PKCE_ENABLED": True}
