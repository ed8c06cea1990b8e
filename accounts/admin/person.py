"""The panels of accounts on a person's page. Secrets are on none of them."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import panels
from accounts.admin.shown import details, device, link, on_one_line
from accounts.models import SecurityEvent, Token, User
from accounts.panels import ROWS, Panel, panel
from accounts.protocol import UserProfile
from tasks.models import ScheduledCall, State


def act_address(person: User, act: str, **given: object) -> str:
    address = reverse("admin:accounts_user_act", args=[person.pk, act])
    return address + "".join(f"?{name}={value}" for name, value in given.items())


@panel("accounts.view_user", order=1)
def profile(person: User) -> Panel:
    stored = UserProfile.objects.select_related("image").filter(auth_user=person).first()
    scopes = ", ".join(sorted(person.scope_names)) or "none"
    name, full_name, picture = person.name or "none", "none", SafeString("none")
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
def identities(person: User) -> Panel:
    rows = [
        (each.provider, each.uid, each.extra_data.get("email") or "", on_one_line(each.last_login))
        for each in SocialAccount.objects.filter(user=person).order_by("provider", "pk")
    ]
    return Panel("Identities at providers", ["provider", "id there", "address there", "last sign-in"], rows)


@panel("accounts.view_user", order=3)
def second_factors(person: User) -> Panel:
    rows = [
        (each.get_type_display(), on_one_line(each.created_at), on_one_line(each.last_used_at))
        for each in Authenticator.objects.filter(user=person).order_by("type", "pk")
    ]
    return Panel("Second factors and passkeys", ["type", "added", "last used"], rows)


@panel("accounts.view_token", order=4)
def devices(person: User) -> Panel:
    chosen = Token.objects.filter(user=person).order_by("-last_used_at")
    rows = [
        (
            device(each.user_agent)[:80],
            each.method or "unknown",
            each.strategy,
            each.address or "unknown",
            on_one_line(each.last_used_at),
            link(act_address(person, "end-device", device=each.pk), "sign out"),
        )
        for each in chosen[: ROWS * 2]
    ]
    columns = ["device", "way in", "strategy", "network address", "last used", ""]
    more = panels.listing("accounts_token", user__id__exact=person.pk)
    return Panel("Devices", columns, rows, more=more, empty="Signed in on none.")


@panel("accounts.view_securityevent", order=5)
def events(person: User) -> Panel:
    rows = [
        (on_one_line(each.at), each.event, each.address, details(each.details)[:120])
        for each in SecurityEvent.objects.filter(user=person).order_by("-at")[:ROWS]
    ]
    more = panels.listing("accounts_securityevent", user__id__exact=person.pk)
    return Panel("Security events", ["time", "event", "network address", "details"], rows, more=more)


@panel("tasks.view_scheduledcall", order=6)
def scheduled(person: User) -> Panel:
    waiting = ScheduledCall.objects.filter(
        user_id=str(person.pk), state__in=[State.PENDING, State.RUNNING, State.FAILED]
    )
    rows = [
        (
            link(reverse("admin:tasks_scheduledcall_change", args=[each.pk]), each.task),
            each.state,
            on_one_line(each.run_at),
        )
        for each in waiting.order_by("-run_at")[:ROWS]
    ]
    more = panels.listing("tasks_scheduledcall", user_id__exact=person.pk)
    return Panel("Scheduled work", ["task", "state", "when"], rows, more=more, empty="None waits or failed.")
