"""The panel of scheduled calls on a user's page, if the app tasks is installed."""

from __future__ import annotations

from django.urls import reverse

from accounts.admin.display import link, on_one_line
from accounts.models import User
from accounts.staff import panels
from accounts.staff.panels import ROWS, Panel, panel
from tasks.models import Job, State


@panel("tasks.view_job", order=6)
def scheduled(user: User) -> Panel:
    waiting = Job.objects.filter(user_id=str(user.pk), state__in=[State.PENDING, State.RUNNING, State.FAILED])
    rows = [
        (
            link(reverse("admin:tasks_job_change", args=[each.pk]), each.task),
            each.state,
            on_one_line(each.run_at),
        )
        for each in waiting.order_by("-run_at")[:ROWS]
    ]
    more = panels.listing("tasks_job", user_id__exact=user.pk)
    return Panel(
        "Scheduled work", ["task", "state", "when"], rows, more=more, empty="No calls are waiting or failed."
    )
