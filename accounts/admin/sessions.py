"""The devices on which users are signed in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display

from accounts.admin.display import on_one_line
from accounts.models import Session
from accounts.sessions import sessions
from accounts.staff import actions as operators
from accounts.staff.rights import may_change
from podium.admin.read_only import ReadOnly


@admin.register(Session)
class TokenAdmin(ReadOnly, ModelAdmin):
    """Signed-in devices. The action that ends one also ends its streams and writes to the audit log."""

    list_display = ["user", "way_in", "device", "address", "began", "last_used", "ends"]
    list_filter = ["strategy", "method"]
    fields: ClassVar[list[str]] = [
        "user",
        "way_in",
        "strategy",
        "device",
        "address",
        "created_at",
        "last_used_at",
        "rotated_at",
        "expires_at",
    ]
    readonly_fields = fields
    search_fields = ["user__email", "user_agent", "=address"]
    search_help_text = "E-mail address, device, or a complete network address"
    list_select_related = ["user"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    list_per_page = 50
    actions = ["end"]

    def has_end_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("accounts.delete_session"))

    @display(description="sign-in method", ordering="method", label={sessions.IMPERSONATION: "warning"})  # type: ignore[untyped-decorator]
    def way_in(self, token: Session) -> tuple[str, str]:
        return token.method, token.method or "unknown"

    @display(description="device", ordering="user_agent")  # type: ignore[untyped-decorator]
    def device(self, token: Session) -> str:
        return token.user_agent[:60] or "unnamed"

    @display(description="signed in", ordering="created_at")  # type: ignore[untyped-decorator]
    def began(self, token: Session) -> str:
        return on_one_line(token.created_at)

    @display(description="last used", ordering="last_used_at")  # type: ignore[untyped-decorator]
    def last_used(self, token: Session) -> str:
        return on_one_line(token.last_used_at)

    @display(description="ends", ordering="expires_at")  # type: ignore[untyped-decorator]
    def ends(self, token: Session) -> str:
        return on_one_line(token.expires_at)

    @admin.action(description="Sign these devices out", permissions=["end"])
    def end(self, request: HttpRequest, chosen: QuerySet[Session]) -> None:
        within = [each for each in chosen.select_related("user") if may_change(request.user, each.user)]
        count = operators.end_devices(within, request=request)
        self.message_user(request, f"{count} devices are signed out")
