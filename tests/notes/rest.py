"""Notes as a REST resource, for programs without a generated client: the same operations and access rules."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.permissions import SAFE_METHODS
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ModelViewSet

from podium.rest.routers import router
from podium.rest.serializers import WireSerializer
from tests.notes import access, notes
from tests.notes.models import Note


class NoteSerializer(WireSerializer):
    class Meta:
        model = Note
        read_only = ["reminded", "created_at"]


class NoteViewSet(ModelViewSet[Note]):
    """The notes of the user who is signed in."""

    queryset = Note.objects.none()  # for OpenAPI, which asks without a user
    serializer_class = NoteSerializer
    impersonation_methods = SAFE_METHODS

    def get_queryset(self) -> QuerySet[Note]:
        return access.notes_of(str(self.request.user.pk))

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        note = Note(**serializer.validated_data)
        serializer.instance = notes.create(str(self.request.user.pk), note)

    def perform_update(self, serializer: BaseSerializer[Any]) -> None:
        note = serializer.instance
        assert note is not None  # DRF updates what it found
        for name, value in serializer.validated_data.items():
            setattr(note, name, value)
        serializer.instance = notes.update(str(self.request.user.pk), note)


router.register("notes", NoteViewSet, basename="note")
