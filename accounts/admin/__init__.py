"""Users in the admin: profiles, sessions, rights, security events, and actions on accounts."""

from __future__ import annotations

from accounts.admin import (  # noqa: F401  they register themselves
    access,
    api_keys,
    events,
    scopes,
    sessions,
    user_panels,
    users,
)
from accounts.admin.access.permissions import VIEW
from accounts.jobs import INSTALLED
from podium.admin.menu import Item, Section

if INSTALLED:
    from accounts.admin import jobs  # noqa: F401

menu = Section(
    "Users",
    [
        Item("accounts.User", icon="person"),
        Item("auth.Group", title="Scopes", icon="shield_person"),
        Item("accounts.Session", title="Devices", icon="devices"),
        Item("accounts.ApiKey", title="API keys", icon="key"),
        Item("accounts.SecurityEvent", icon="policy"),
        Item("admin:access", title="Access rules", icon="rule", permission=VIEW),
    ],
)
pages = access.urls
