"""The page of notes in the admin. Without this file, it is made from note.spy.yaml alone."""

from __future__ import annotations

from django.contrib import admin

from podium.admin.pages import ModelAdmin

from .models import Note


@admin.register(Note)
class NoteAdmin(ModelAdmin):
    """An option that is not set here comes from the model file."""

    list_display = ["title", "owner", "reminded", "created_at"]
