"""What is stored of files: who has which, and where its bytes are. The acts are in uploads.py."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core import clock
from core.ids import uuid7


class State(models.TextChoices):
    """How far an upload has come. Only what is READY is a file to anyone but its uploader."""

    PENDING = "pending"
    RECEIVING = "receiving", "receiving: its bytes are coming in, through this server"
    RECEIVED = "received", "received, not yet finished by the client"
    READY = "ready"
    DELETED = "deleted", "deleted; its upload address has not run out yet, so its room is still taken"


class StoredFile(models.Model):
    """A file of a person, or the upload that is to become one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255, help_text="As people see it.")
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    content_type = models.CharField(max_length=127)
    key = models.CharField(max_length=200, unique=True, help_text="Its name in the storage.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField("created", default=clock.now)
    expires_at = models.DateTimeField(
        "expires", null=True, blank=True, help_text="When an unfinished upload goes away."
    )
    lease_until = models.DateTimeField(
        "receiving until",
        null=True,
        blank=True,
        help_text="Renewed while bytes come in; then anyone may send anew.",
    )

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["owner", "-id"], name="files_owner_idx"),
            models.Index(
                fields=["expires_at"], name="files_unfinished_idx", condition=Q(expires_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name
