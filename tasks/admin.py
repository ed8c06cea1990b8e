"""Admin pages of jobs: inspect failures and run them again."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import display

from podium.admin.menu import Item, Section
from podium.admin.read_only import ReadOnly
from tasks import scheduling
from tasks.models import Job

menu = Section(
    "Operations",
    [
        Item("tasks.Job", title="Jobs", icon="schedule"),
        Item("django_celery_beat.PeriodicTask", title="Recurring", icon="event_repeat"),
    ],
)


@admin.register(Job)
class JobAdmin(ReadOnly, ModelAdmin):
    """Jobs with the reasons of failures, and actions to run them again. The records are read-only."""

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
    def shown_state(self, job: Job) -> tuple[str, str]:
        return job.state, job.get_state_display()

    @admin.display(description="attempts", ordering="attempts")
    def attempts_of(self, job: Job) -> str:
        """The number of attempts, without those whose worker died: the job's own page shows these."""
        return f"{job.attempts - job.deaths} of {job.max_attempts}"

    @admin.display(description="took")
    def took(self, job: Job) -> str | None:
        return f"{job.duration.total_seconds():.3f} s" if job.duration is not None else None

    @admin.display(description="user", ordering="user_id")
    def shown_user(self, job: Job) -> str | None:
        return job.user_id or None

    @admin.display(description="last error")
    def last_line(self, job: Job) -> str:
        lines = job.last_error.strip().splitlines()
        return lines[-1][:120] if lines else ""

    @admin.display(description="last error")
    def traceback(self, job: Job) -> SafeString | None:
        if not job.last_error:
            return None
        return format_html('<pre style="white-space: pre-wrap; margin: 0">{}</pre>', job.last_error)

    @admin.action(description="Run again", permissions=["operate"])
    def retry(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        count = scheduling.retry_jobs(jobs)
        self.message_user(request, f"{count} failed or cancelled jobs will run again.")

    @admin.action(description="Cancel", permissions=["operate"])
    def cancel(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        count = scheduling.cancel_jobs(jobs)
        self.message_user(request, f"{count} jobs that had not started were cancelled.")

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Test for Django's permission to change jobs, which running again and cancelling need."""
        return request.user.has_perm("tasks.change_job")
