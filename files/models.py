"""Stored files: owner, row, state, and the key of the bytes in the storage. uploads.py has the operations."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from podium.core import clock, left_out
from podium.core.ids import uuid7

left_out.require_installed("files")


class State(models.TextChoices):
    """The state of an upload. It is a file only when it is READY."""

    PENDING = "pending"
    RECEIVING = "receiving", "receiving: its bytes are arriving through this server"
    RECEIVED = "received", "received, not yet finished by the client"
    READY = "ready"
    DELETED = "deleted", "deleted; its size counts until its upload address expires"


class StoredFile(models.Model):
    """A user's file, or the upload that becomes one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255, help_text="As users see it.")
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    content_type = models.CharField(max_length=127)
    key = models.CharField(max_length=200, unique=True, help_text="Its name in the storage.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    subject_type = models.ForeignKey(
        ContentType,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        db_index=False,  # the first column of files_subject_idx
        related_name="+",
        help_text="The model of the row that it belongs to.",
    )
    subject_key = models.CharField(
        max_length=255, null=True, blank=True, help_text="The key of the row that it belongs to, as text."
    )
    subject = GenericForeignKey("subject_type", "subject_key")
    created_at = models.DateTimeField("created", default=clock.now)
    expires_at = models.DateTimeField(
        "expires", null=True, blank=True, help_text="When an unfinished upload is deleted."
    )
    lease_until = models.DateTimeField(
        "receiving until",
        null=True,
        blank=True,
        help_text="Renewed while bytes arrive. After this time, the client may send them again.",
    )

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["owner", "-id"], name="files_owner_idx"),
            models.Index(
                fields=["subject_type", "subject_key", "-id"],
                name="files_subject_idx",
                condition=Q(subject_type__isnull=False),
            ),
            models.Index(
                fields=["expires_at"], name="files_unfinished_idx", condition=Q(expires_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name


def belongs_to(row: models.Model) -> dict[str, Any]:
    """Return the columns of the files of a stored row, for `filter`, `create` and `update`."""
    if row.pk is None:
        raise ValueError(f"The {type(row).__name__} is not stored: save it before a file belongs to it.")
    return {"subject_type": ContentType.objects.get_for_model(row), "subject_key": str(row.pk)}
