"""Notes as a REST resource, for those who do not use a generated client. The same acts, the same rules of access."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.permissions import SAFE_METHODS
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ModelViewSet

from example import access, notes
from example.models import Note
from rest.routers import router
from rest.serializers import WireSerializer


class NoteSerializer(WireSerializer):
    class Meta:
        model = Note
        read_only = ["reminded", "created_at"]


class NoteViewSet(ModelViewSet[Note]):
    """The notes of the person who is signed in."""

    queryset = Note.objects.none()  # for OpenAPI, which asks without a person
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
