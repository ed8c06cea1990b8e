"""Admin pages of the call log: calls with caller, duration, queries and errors."""

from __future__ import annotations

import re
import uuid
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from accounts.models import User
from accounts.staff.panels import ROWS, Panel, listing, panel
from monitoring import slow_calls
from monitoring.conf import conf
from monitoring.models import BROKEN, CallLog, LogEntry, QueryLog
from podium.admin.menu import Item, Section
from podium.admin.read_only import ReadOnly

menu = Section(
    "Operations",
    [
        Item("admin:index", title="Overview", icon="monitoring"),
        Item("monitoring.CallLog", title="Calls", icon="call"),
    ],
)

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class QueryInline(ReadOnly, TabularInline):
    model = QueryLog
    hide_title = True
    fields = readonly_fields = ["order", "statement", "milliseconds", "error"]
    extra = 0

    @admin.display(description="statement")
    def statement(self, query: QueryLog) -> SafeString:
        return format_html('<code style="white-space: pre-wrap">{}</code>', query.sql)

    @admin.display(description="ms")
    def milliseconds(self, query: QueryLog) -> str:
        return f"{query.seconds * 1000:.1f}"


class LineInline(ReadOnly, TabularInline):
    model = LogEntry
    hide_title = True
    fields = readonly_fields = ["time", "level", "message"]
    extra = 0


class OutcomeFilter(admin.SimpleListFilter):
    title = "outcome"
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("failed", "failed or refused"),
            ("broken", "broken on our side"),
            ("slow", f"slow (over {conf.SLOW_SECONDS:g} s)"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[CallLog]) -> QuerySet[CallLog]:
        if self.value() == "failed":
            return queryset.exclude(error="")
        if self.value() == "broken":
            return queryset.filter(BROKEN)
        if self.value() == "slow":
            return slow_calls.of(queryset)
        return queryset


@admin.register(CallLog)
class CallLogAdmin(ReadOnly, ModelAdmin):
    """The call log: find slow and failed calls, and the users who made them."""

    list_display = [
        "began",
        "name",
        "kind",
        "user",
        "duration",
        "outcome",
        "query_count",
        "count",
        "short_error",
    ]
    list_filter = [OutcomeFilter, "kind"]
    search_fields = ["name__startswith", "=user_id"]
    search_help_text = "The beginning of a name (notes.list), or a user's key"
    date_hierarchy = "time"
    show_full_result_count = False
    list_per_page = 50
    fields: ClassVar[list[Any]] = [
        ("name", "kind"),
        ("began", "duration"),
        ("user", "status"),
        ("query_count", "query_milliseconds"),
        "count",
        "traceback",
        "server",
    ]
    inlines = [QueryInline, LineInline]

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> CallLog | None:
        call: CallLog | None = super().get_object(request, object_id, from_field)
        if call is not None:
            call.shown_user = _users({call.user_id}).get(call.user_id, call.user_id)  # type: ignore[attr-defined]
        return call

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Add the names of the users on this page, with one query."""
        changes = super().get_changelist_instance(request)
        users = _users({call.user_id for call in changes.result_list})
        for call in changes.result_list:
            call.shown_user = users.get(call.user_id, call.user_id)
        return changes

    @admin.display(description="time", ordering="time")
    def began(self, call: CallLog) -> str:
        return date_format(localtime(call.time), "M j, H:i:s")

    @admin.display(description="user", ordering="user_id")
    def user(self, call: CallLog) -> str | None:
        shown: str = getattr(call, "shown_user", call.user_id)
        return shown or None

    @admin.display(description="duration", ordering="seconds")
    def duration(self, call: CallLog) -> str:
        return f"{call.seconds:.2f} s" if call.seconds >= 1 else f"{call.seconds * 1000:.1f} ms"

    @admin.display(description="in queries")
    def query_milliseconds(self, call: CallLog) -> str:
        return f"{call.query_seconds * 1000:.1f} ms"

    @display(  # type: ignore[untyped-decorator]
        description="outcome",
        label={"ok": "success", "refused": "warning", "left": "info", "failed": "danger"},
    )
    def outcome(self, call: CallLog) -> tuple[str, str]:
        if not call.error:
            return "ok", str(call.status or "ok")
        if call.error.startswith("CancelledError"):
            return "left", "left"  # the client closed the stream, or disconnected
        return ("refused" if 400 <= call.status < 500 else "failed"), str(call.status or "failed")

    @admin.display(description="error")
    def short_error(self, call: CallLog) -> str:
        return call.error_line[:90]

    @admin.display(description="error")
    def traceback(self, call: CallLog) -> SafeString | str:
        if not call.error:
            return "none"
        return format_html('<pre style="white-space: pre-wrap; margin: 0">{}</pre>', call.error)


def _users(keys: set[str]) -> dict[str, str]:
    """Map users' keys to their names in the admin."""
    known = [uuid.UUID(key) for key in keys if UUID.fullmatch(key)]
    return {str(user.pk): str(user) for user in get_user_model().objects.filter(pk__in=known)}


@panel("monitoring.view_calllog")
def of_user(user: User) -> Panel:
    """The user's last failed calls, for the user's page."""
    failed = CallLog.objects.filter(user_id=str(user.pk)).exclude(error="").order_by("-time")[:ROWS]
    rows = [
        (
            date_format(localtime(call.time), "M j, H:i:s"),
            format_html(
                '<a class="text-primary-600 dark:text-primary-500 underline" href="{}">{}</a>',
                reverse("admin:monitoring_calllog_change", args=[call.pk]),
                call.name,
            ),
            call.status or "",
            call.error_line[:90],
        )
        for call in failed
    ]
    more = listing("monitoring_calllog", user_id__exact=user.pk)
    return Panel(
        "Calls",
        ["time", "name", "status", "error"],
        rows,
        note="The last that failed.",
        more=more,
        empty="None failed.",
    )
