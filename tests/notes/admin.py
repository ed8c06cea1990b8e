"""Notes and notebooks in the admin."""

from __future__ import annotations

from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from tests.notes.models import Note, Notebook


class NoteInline(TabularInline):
    model = Note
    fields = ["title", "color", "reminded"]
    extra = 0
    show_change_link = True


@admin.register(Notebook)
class NotebookAdmin(ModelAdmin):
    """Notebooks and their notes."""

    list_display = ["name", "owner_id", "created_at"]
    search_fields = ["name", "=owner_id"]
    date_hierarchy = "created_at"
    inlines = [NoteInline]


@admin.register(Note)
class NoteAdmin(ModelAdmin):
    """Notes, their owners, and pending reminders."""

    list_display = ["title", "color", "notebook", "owner_id", "remind_at", "reminded", "created_at"]
    list_filter = ["color", "reminded"]
    search_fields = ["title", "body", "=owner_id"]
    date_hierarchy = "created_at"
    list_select_related = ["notebook"]
    show_full_result_count = False
