"""Files that belong to a row, their subject: who may read the row may read the file, by the access rules of the row.

The owner of a file may always read it. A row whose model has no rules opens its files to nobody else.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from files import uploads
from files.errors import not_found
from files.models import State, StoredFile, belongs_to
from files.protocol import FileSubject
from podium.access import Caller, RowNotFound, require, visible
from podium.access.callers import By, caller
from podium.access.conditions import Action
from podium.access.rows import when_gone
from podium.endpoints.errors import NotSignedIn
from podium.wire import classes as wire


def attach(file: StoredFile, row: Model, by: By) -> None:
    """Make a caller's file, or unfinished upload, belong to a row that the caller may update.

    It then belongs to no other row. Raises RowNotFound (404), and FileException (NOT_FOUND) for a file of another user.
    """
    asking = caller(by)
    require("update", row, asking)
    columns = belongs_to(row)
    files = StoredFile.objects.filter(_owned(asking), pk=file.pk).exclude(state=State.DELETED)
    if not files.update(**columns):
        raise not_found()
    for name, value in columns.items():
        setattr(file, name, value)


def files_of(row: Model) -> QuerySet[StoredFile]:
    """Return the finished files of a row, newest first, without those of blocked users. The rules are not asked."""
    files = StoredFile.objects.filter(**belongs_to(row), state=State.READY, owner__is_active=True)
    return files.order_by("-id")


def readable(files: QuerySet[StoredFile], by: By) -> list[StoredFile]:
    """Return those of the files that a caller may read, if they are finished.

    One query, and one for each model of rows.
    """
    return _permitted(files.filter(state=State.READY), "read", caller(by))


def file_to_read(file_id: uuid.UUID, by: By) -> StoredFile:
    """Return a finished file for a caller who may read it. Raises FileException (NOT_FOUND), NotSignedIn (401)."""
    found = readable(StoredFile.objects.filter(pk=file_id), by)
    if found:
        return found[0]
    raise NotSignedIn if caller(by) is None else not_found()


def file_to_delete(file_id: uuid.UUID, by: By) -> StoredFile:
    """Return a file for a caller who may delete it: its owner, or, if it is finished, who may update its row.

    Raises FileException (NOT_FOUND), NotSignedIn (401).
    """
    asking = caller(by)
    if asking is None:
        raise NotSignedIn
    found = _permitted(StoredFile.objects.filter(pk=file_id).exclude(state=State.DELETED), "update", asking)
    if not found:
        raise not_found()
    return found[0]


def find_row(subject: FileSubject, action: Action, by: By) -> Model:
    """Return the row that a client names, only with its key, if the caller may do this with it. Raises RowNotFound."""
    entry = wire.registered.get(subject.model)
    if isinstance(entry, wire.WireClass) and not entry.server_only and issubclass(entry.python, Model):
        key = _key(entry.python, subject.key)
        found: list[Model] = list(visible(entry.python, by, action).filter(pk__in=[key]).only("pk"))
        if found:
            return found[0]
    raise RowNotFound(model=subject.model[:100], key=subject.key[:100])


def name_of(file: StoredFile) -> FileSubject | None:
    """Return the row of a file as clients name it; None without one, and for a class that clients do not know."""
    model = _model(file.subject_type_id) if file.subject_type_id else None
    entry = wire.by_python.get(model) if model else None
    if not isinstance(entry, wire.WireClass) or entry.server_only or file.subject_key is None:
        return None
    return FileSubject(model=entry.name, key=file.subject_key)


# Who may --------------------------------------------------------------------------------------------------------------


def _permitted(files: QuerySet[StoredFile], action: Action, by: Caller | None) -> list[StoredFile]:
    """Return the caller's own files, and the finished ones of active users whose row the caller may act on."""
    of_rows = Q(subject_type__isnull=False, state=State.READY, owner__is_active=True)
    found = list(files.filter(_owned(by) | of_rows))
    others = [file for file in found if by is None or str(file.owner_id) != by.user_id]
    allowed = _allowed(others, action, by)
    closed = {file.pk for file in others if (file.subject_type_id, file.subject_key) not in allowed}
    return [file for file in found if file.pk not in closed]


def _owned(by: Caller | None) -> Q:
    return Q(owner_id=by.user_id) if by else Q(pk__in=[])


def _allowed(
    files: Iterable[StoredFile], action: Action, by: Caller | None
) -> set[tuple[int | None, str | None]]:
    """Return the rows of files that the caller may act on, as type and key. One query for each type."""
    keys = defaultdict(set)
    for file in files:
        keys[file.subject_type_id].add(file.subject_key)
    found: set[tuple[int | None, str | None]] = set()
    for type_id, texts in keys.items():
        model = _model(type_id)
        if model is not None:
            wanted = {_key(model, text) for text in texts} - {None}
            rows = visible(model, by, action).filter(pk__in=wanted)
            found |= {(type_id, str(key)) for key in rows.values_list("pk", flat=True)}
    return found


def _model(type_id: int | None) -> type[Model] | None:
    """Return a model by the key of its content type, which is cached; None if its app is not installed any more."""
    return ContentType.objects.get_for_id(type_id).model_class() if type_id else None


def _key(model: type[Model], text: str | None) -> Any:
    """Return a key from its text; None for a text that can't be one."""
    try:
        return model._meta.pk.to_python(text)
    except (ValidationError, ValueError):
        return None


# Rows that are gone ---------------------------------------------------------------------------------------------------


def _delete_of(model: type[Model], keys: Collection[Any]) -> None:
    """Delete the files of rows that are gone."""
    kind = ContentType.objects.get_for_model(model)
    texts = [str(key) for key in keys]
    files = StoredFile.objects.filter(subject_type=kind, subject_key__in=texts).exclude(state=State.DELETED)
    for file in files:
        uploads.remove(file)


when_gone.append(_delete_of)


def delete_orphans() -> int:
    """Delete the files whose row is gone, with their bytes. Return their number. One query for each model of rows."""
    count = 0
    attached = StoredFile.objects.filter(subject_type__isnull=False).exclude(state=State.DELETED)
    for kind in ContentType.objects.filter(pk__in=attached.values("subject_type")):
        model = kind.model_class()
        if model is None:
            continue  # its app is not installed now: whether the rows exist is unknown
        row = model._base_manager.filter(pk=Cast(OuterRef("subject_key"), model._meta.pk))
        orphans = attached.filter(~Exists(row), subject_type=kind)
        for key in list(orphans.values_list("pk", flat=True)):
            with transaction.atomic():
                file = orphans.filter(pk=key).select_for_update(of=("self",)).first()
                if file is not None:  # it was not attached to another row meanwhile
                    uploads.remove(file)
                    count += 1
    return count
