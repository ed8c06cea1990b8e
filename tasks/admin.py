"""Admin pages of scheduled calls: inspect failures and run them again."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import display

from tasks import scheduling
from tasks.models import ScheduledCall


@admin.register(ScheduledCall)
class ScheduledCallAdmin(ModelAdmin):
    """Which calls failed, why, and run them again. The records themselves are read-only."""

    list_display = [
        "task",
        "shown_state",
        "reason",
        "run_at",
        "attempts_of",
        "took",
        "shown_user",
        "identifier",
        "last_line",
    ]
    list_filter = ["state", "reason", "recurring", "task"]
    search_fields = ["=id", "task", "=identifier", "=user_id"]
    search_help_text = "Task, or the whole id, identifier or user"
    date_hierarchy = "run_at"
    ordering = ["-run_at"]
    show_full_result_count = False
    list_per_page = 50
    actions = ["retry", "cancel"]
    readonly_fields = ["took", "shown_user", "traceback"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "task",
                    "state",
                    "reason",
                    "run_at",
                    "identifier",
                    "shown_user",
                    "recurring",
                    "slot",
                    "arguments",
                ]
            },
        ),
        (
            "Attempts",
            {
                "fields": [
                    "attempts",
                    "max_attempts",
                    "deaths",
                    "started_at",
                    "finished_at",
                    "took",
                    "traceback",
                ]
            },
        ),
        (
            "Delivery",
            {"fields": ["id", "created_at", "send_at", "sends", "message_id", "lease_until", "is_suspect"]},
        ),
    ]

    @display(  # type: ignore[untyped-decorator]
        description="state",
        ordering="state",
        label={
            "pending": "info",
            "running": "warning",
            "done": "success",
            "failed": "danger",
            "cancelled": "",
        },
    )
    def shown_state(self, call: ScheduledCall) -> tuple[str, str]:
        return call.state, call.get_state_display()

    @admin.display(description="attempts", ordering="attempts")
    def attempts_of(self, call: ScheduledCall) -> str:
        """The number of attempts, without those whose worker died: the call's own page shows these."""
        return f"{call.attempts - call.deaths} of {call.max_attempts}"

    @admin.display(description="took")
    def took(self, call: ScheduledCall) -> str | None:
        return f"{call.duration.total_seconds():.3f} s" if call.duration is not None else None

    @admin.display(description="user", ordering="user_id")
    def shown_user(self, call: ScheduledCall) -> str | None:
        return call.user_id or None

    @admin.display(description="last error")
    def last_line(self, call: ScheduledCall) -> str:
        lines = call.last_error.strip().splitlines()
        return lines[-1][:120] if lines else ""

    @admin.display(description="last error")
    def traceback(self, call: ScheduledCall) -> SafeString | None:
        if not call.last_error:
            return None
        return format_html('<pre style="white-space: pre-wrap; margin: 0">{}</pre>', call.last_error)

    @admin.action(description="Run again", permissions=["operate"])
    def retry(self, request: HttpRequest, calls: QuerySet[ScheduledCall]) -> None:
        count = scheduling.retry_calls(calls)
        self.message_user(request, f"{count} failed or cancelled calls will run again.")

    @admin.action(description="Cancel", permissions=["operate"])
    def cancel(self, request: HttpRequest, calls: QuerySet[ScheduledCall]) -> None:
        count = scheduling.cancel_calls(calls)
        self.message_user(request, f"{count} calls that had not started were cancelled.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ScheduledCall | None = None) -> bool:
        return False

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Who may run calls again and cancel them: whoever has Django's permission to change them."""
        return request.user.has_perm("tasks.change_scheduledcall")

    def has_delete_permission(self, request: HttpRequest, obj: ScheduledCall | None = None) -> bool:
        return False
