"""Admin pages of files and unfinished uploads, with owner and size. Files can't be edited here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.db.models import Count, Sum
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import ModelAdmin
from unfold.decorators import display

from accounts.models import User
from accounts.staff.panels import ROWS, Panel, listing, panel
from files import addresses
from files.models import State, StoredFile
from podium.admin.menu import Item, Section

menu = Section("Files", [Item("files.StoredFile", title="Files", icon="attach_file")])

COLOURS = {
    State.READY: "success",
    State.PENDING: "info",
    State.RECEIVING: "info",
    State.RECEIVED: "warning",
    State.DELETED: "danger",
}


@admin.register(StoredFile)
class StoredFileAdmin(ModelAdmin):
    """Files and their owners. Deleting one here also deletes its bytes."""

    list_display = ["name", "owner", "bytes", "content_type", "row", "progress", "created_at", "expires_at"]
    list_filter = ["state", "content_type"]
    search_fields = ["=id", "name", "owner__email"]
    date_hierarchy = "created_at"
    list_select_related = ["owner", "subject_type"]
    show_full_result_count = False
    fields = [
        "name",
        "owner",
        "bytes",
        "content_type",
        "row",
        "progress",
        "key",
        "created_at",
        "expires_at",
        "address",
    ]
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description="size", ordering="size")  # type: ignore[untyped-decorator]
    def bytes(self, file: StoredFile) -> str:
        return filesizeformat(file.size)

    @display(description="belongs to")  # type: ignore[untyped-decorator]
    def row(self, file: StoredFile) -> str | None:
        """The row that the file belongs to, with a link to its page. No query."""
        if file.subject_type is None:
            return None
        model, text = file.subject_type.model_class(), f"{file.subject_type.name} {file.subject_key}"
        if model is None or not self.admin_site.is_registered(model):
            return text
        page = f"{self.admin_site.name}:{model._meta.app_label}_{model._meta.model_name}_change"
        return format_html('<a href="{}">{}</a>', reverse(page, args=[quote(str(file.subject_key))]), text)

    @display(description="state", ordering="state", label=COLOURS)  # type: ignore[untyped-decorator]
    def progress(self, file: StoredFile) -> str:
        return file.state

    @display(description="address")  # type: ignore[untyped-decorator]
    def address(self, file: StoredFile) -> str:
        if file.state != State.READY:
            return "none until the upload is finished"
        url, _ = addresses.download(file)
        return format_html('<a href="{}" rel="noreferrer">open</a>', url)


@panel("files.view_storedfile")
def of_user(user: User) -> Panel:
    """A user's files, for the user's page."""
    files = StoredFile.objects.filter(owner=user)
    total = files.aggregate(count=Count("pk"), size=Sum("size", default=0))
    return Panel(
        "Files",
        ["name", "size", "type", "state"],
        [
            (file.name, filesizeformat(file.size), file.content_type, file.state)
            for file in files.order_by("-id")[:ROWS]
        ],
        note=f"{total['count']} files, {filesizeformat(total['size'])}",
        more=listing("files_storedfile", owner__id__exact=user.pk),
    )
