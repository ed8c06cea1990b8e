"""The security event log: view, search and export as CSV. Nobody can add, change or delete events."""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from unfold.admin import ModelAdmin
from unfold.decorators import display

from accounts.admin.display import details, on_one_line
from accounts.models import SecurityEvent, User, normalize_email
from podium.admin.read_only import ReadOnly

GOOD = [
    "signed_in",
    "user_created",
    "password_reset",
    "second_factor_added",
    "user_unblocked",
    "address_confirmed",
]
BAD = [
    "password_wrong",
    "code_refused",
    "sign_in_blocked",
    "second_factor_wrong",
    "too_many_tries",
    "user_blocked",
]
COLOURS = {**dict.fromkeys(GOOD, "success"), **dict.fromkeys(BAD, "danger"), "impersonated": "warning"}


class EventFilter(admin.SimpleListFilter):
    title = "event"
    parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in _names()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SecurityEvent]) -> QuerySet[SecurityEvent]:
        return queryset.filter(event=self.value()) if self.value() else queryset


def _names() -> list[str]:
    """The names of recent events. Only the last thousand are read: reading all of them would scan the whole log."""
    lately = SecurityEvent.objects.order_by("-id").values_list("event", flat=True)[:1000]
    return sorted({*lately, *COLOURS})


@admin.register(SecurityEvent)
class SecurityEventAdmin(ReadOnly, ModelAdmin):
    """Security events: the user, the operator if there was one, and the origin."""

    list_display = ["time", "what", "user", "address", "device", "shown_details"]
    list_filter = [EventFilter, "at"]
    list_select_related = ["user"]
    date_hierarchy = "at"
    show_full_result_count = False
    list_per_page = 50
    search_fields = ["user__email"]  # enables the search field; see get_search_results
    search_help_text = "A complete e-mail address, network address, or user key"
    fields: ClassVar[list[str]] = ["at", "event", "user", "address", "user_agent", "shown_details"]
    readonly_fields = fields
    actions = ["export"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[SecurityEvent], search_term: str
    ) -> tuple[QuerySet[SecurityEvent], bool]:
        """Match whole words only: the log is long, and a search for parts of words would scan all of it."""
        term = search_term.strip().replace("\0", "")
        if not term:
            return queryset, False
        if "@" in term:
            address = normalize_email(term)
            owners = EmailAddress.objects.filter(email=address).values("user_id")
            found = User.objects.filter(Q(email=address) | Q(pk__in=owners)).values_list("pk", flat=True)
            return queryset.filter(Q(user_id__in=list(found)) | Q(details__account=address)), False
        try:
            key = uuid.UUID(term)
        except ValueError:
            return queryset.filter(address=term), False
        return queryset.filter(Q(user_id=key) | Q(details__by=str(key))), False

    @display(description="time", ordering="id")  # type: ignore[untyped-decorator]
    def time(self, event: SecurityEvent) -> str:
        return on_one_line(event.at)

    @display(description="event", ordering="event", label=COLOURS)  # type: ignore[untyped-decorator]
    def what(self, event: SecurityEvent) -> str:
        return event.event

    @display(description="device")  # type: ignore[untyped-decorator]
    def device(self, event: SecurityEvent) -> str:
        return event.user_agent[:40]

    @display(description="details")  # type: ignore[untyped-decorator]
    def shown_details(self, event: SecurityEvent) -> str:
        return details(event.details)

    @admin.action(description="Export as CSV", permissions=["view"])
    def export(self, request: HttpRequest, chosen: QuerySet[SecurityEvent]) -> StreamingHttpResponse:
        answer = StreamingHttpResponse(_csv(chosen), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="security-events.csv"'
        return answer


def _csv(events: QuerySet[SecurityEvent]) -> Iterator[str]:
    """Yield the CSV line by line."""
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(["time", "event", "user", "address", "device", "details"])
    columns = events.values_list("at", "event", "user_id", "address", "user_agent", "details")
    for at, event, user_id, address, agent, given in columns.iterator():
        row = [at.isoformat(), event, str(user_id or ""), address, agent, json.dumps(given)]
        writer.writerow([_harmless(each) for each in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()


def _harmless(cell: str) -> str:
    """Escape a cell: clients write parts of it, and a spreadsheet must not evaluate it as a formula."""
    return f"'{cell}" if cell[:1] in tuple("=+-@\t\r") and cell else cell
