"""The panels of accounts on a user's page. None of them shows secrets."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin.display import details, device, link, on_one_line
from accounts.keys import keys
from accounts.models import ApiKey, SecurityEvent, Session, User
from accounts.protocol import UserProfile
from accounts.staff import panels
from accounts.staff.panels import ROWS, Panel, panel


def act_address(user: User, act: str, **given: object) -> str:
    address = reverse("admin:accounts_user_act", args=[user.pk, act])
    return address + "".join(f"?{name}={value}" for name, value in given.items())


@panel("accounts.view_user", order=1)
def profile(user: User) -> Panel:
    stored = UserProfile.objects.select_related("image").filter(auth_user=user).first()
    scopes = ", ".join(sorted(user.scope_names)) or "none"
    name, full_name, picture = user.name or "none", "none", SafeString("none")
    if stored is not None:
        name, full_name = stored.user_name or name, stored.full_name or full_name
        picture = _picture(stored.image.url) if stored.image else picture
    columns = ["name", "full name", "picture", "scopes"]
    return Panel("Profile", columns, [(name, full_name, picture, scopes)], note="As apps see it.")


def _picture(url: object) -> SafeString:
    return format_html(
        '<img src="{}" alt="" width="64" height="64" class="rounded-default" referrerpolicy="no-referrer" '
        'loading="lazy">',
        url,
    )


@panel("accounts.view_user", order=2)
def identities(user: User) -> Panel:
    rows = [
        (each.provider, each.uid, each.extra_data.get("email") or "", on_one_line(each.last_login))
        for each in SocialAccount.objects.filter(user=user).order_by("provider", "pk")
    ]
    return Panel("Identities at providers", ["provider", "id there", "address there", "last sign-in"], rows)


@panel("accounts.view_user", order=3)
def second_factors(user: User) -> Panel:
    rows = [
        (each.get_type_display(), on_one_line(each.created_at), on_one_line(each.last_used_at))
        for each in Authenticator.objects.filter(user=user).order_by("type", "pk")
    ]
    return Panel("Second factors and passkeys", ["type", "added", "last used"], rows)


@panel("accounts.view_session", order=4)
def devices(user: User) -> Panel:
    chosen = Session.objects.filter(user=user).order_by("-last_used_at")
    rows = [
        (
            device(each.user_agent)[:80],
            each.method or "unknown",
            each.strategy,
            each.address or "unknown",
            on_one_line(each.last_used_at),
            link(act_address(user, "end-device", device=each.pk), "sign out"),
        )
        for each in chosen[: ROWS * 2]
    ]
    columns = ["device", "sign-in method", "strategy", "network address", "last used", ""]
    more = panels.listing("accounts_session", user__id__exact=user.pk)
    return Panel("Devices", columns, rows, more=more, empty="Not signed in on any device.")


@panel("accounts.view_apikey", order=5)
def api_keys(user: User) -> Panel:
    rows = [
        (
            link(reverse("admin:accounts_apikey_change", args=[each.pk]), each.name),
            ", ".join(sorted(each.scopes)) or "none",
            on_one_line(each.last_used_at),
            keys.state(each),
        )
        for each in ApiKey.objects.filter(owner=user)[:ROWS]
    ]
    more = panels.listing("accounts_apikey", owner__id__exact=user.pk)
    return Panel("API keys", ["name", "scopes", "last used", "state"], rows, more=more)


@panel("accounts.view_securityevent", order=5)
def events(user: User) -> Panel:
    rows = [
        (on_one_line(each.at), each.event, each.address, details(each.details)[:120])
        for each in SecurityEvent.objects.filter(user=user).order_by("-at")[:ROWS]
    ]
    more = panels.listing("accounts_securityevent", user__id__exact=user.pk)
    return Panel("Security events", ["time", "event", "network address", "details"], rows, more=more)
