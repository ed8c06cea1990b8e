"""Rows under their rules: what a caller may see, and changes that are checked before and after, in one transaction.

The checks are SQL, of the row as it is stored: before a change the caller must be allowed to read the row and to change
it, and after it the changed row must be allowed, too. Otherwise the transaction is rolled back and nothing was changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from django.db import models, transaction
from django.db.models.expressions import DatabaseDefault

from podium.access.callers import By, Caller, caller
from podium.access.conditions import Action, Me
from podium.access.errors import RowNotFound, RowRefused, SignInNeeded
from podium.access.predicates import Predicate, both, predicate, settled
from podium.access.rules import rules_of

ModelT = TypeVar("ModelT", bound=models.Model)

when_gone: list[Callable[[type[models.Model], Collection[Any]], None]] = []
"""Called with a model and keys whose rows are gone, in the transaction of a deletion. Also called for the keys of new
rows if clients may choose them: the database may have deleted an earlier row of that key with another row."""


def visible(model: type[ModelT], by: By, action: Action = "read") -> models.QuerySet[ModelT]:
    """Return the rows that a caller may read, or may act on in another way, as a query set to filter further.

    by  a call, a Caller, or None for somebody who is not signed in
    """
    rows: models.QuerySet[ModelT] = model._default_manager.all()
    return settled(rows, allowed(model, action, caller(by)))


def allowed(model: type[models.Model], action: Action, by: Caller | None) -> Predicate:
    """Return the stored rows that a caller may act on: to update or delete a row, it must be visible as well."""
    found = predicate(model, action, by)
    return both(predicate(model, "read", by), found) if action in ("update", "delete") else found


def require(action: Action, row: models.Model, by: By) -> None:
    """Check that a caller may act on a stored row.

    Raises RowNotFound (404) if not, for rows that the caller may read as well as for others.
    """
    if row.pk is None or not visible(type(row), by, action).filter(pk=row.pk).exists():
        raise RowNotFound(model=type(row).__name__, key=row.pk)


def create(rows: Sequence[ModelT], by: By) -> list[ModelT]:
    """Store new rows, all or none, with the values that the rules fill in. Returns the same objects, with their keys.

    Signals are sent for a single row, not for several. Raises RowRefused (403), or SignInNeeded (401).
    """
    if not rows:
        return []
    asking, model = caller(by), type(rows[0])
    if predicate(model, "create", asking) is False:  # before the database could say which values are taken
        raise RowRefused(model=model.__name__) if asking else SignInNeeded
    for row in rows:
        fill(row, asking)
    with transaction.atomic():
        if len(rows) == 1:
            rows[0].save(force_insert=True)
        else:
            model._base_manager.bulk_create(rows)
        keys = [row.pk for row in rows]
        _check_after(model, "create", keys, asking)
        if rows[0]._meta.pk.has_default():
            _announce_gone(model, keys)
        _load_defaults(rows)
    return list(rows)


def update(
    model: type[ModelT],
    changes: Mapping[Any, Mapping[str, Any]],
    by: By,
    *,
    check: Callable[[Sequence[ModelT]], None] | None = None,
) -> list[ModelT]:
    """Change stored rows, all or none: key -> attributes with their new values. Returns the changed rows.

    check  is called with the rows once they are locked; what it raises prevents the change

    Raises RowNotFound (404) if a row is not there for the caller, RowRefused (403) if a changed row is not allowed.
    """
    asking = caller(by)
    with transaction.atomic():
        rows = _locked(model, "update", list(changes), asking)
        if check is not None:
            check(rows)
        names: set[str] = set()
        for row in rows:
            for name, value in changes[row.pk].items():
                setattr(row, name, value)
                names.add(name)
        if len(rows) == 1 and names:
            rows[0].save(update_fields=names)
        elif names:
            model._base_manager.bulk_update(rows, names)
        _check_after(model, "update", [row.pk for row in rows], asking)
    return rows


def delete(
    model: type[models.Model],
    keys: Sequence[Any],
    by: By,
    *,
    check: Callable[[Sequence[Any]], None] | None = None,
) -> None:
    """Delete stored rows, all or none. Raises RowNotFound (404) if a row is not there for the caller.

    check  is called with the rows once they are locked; what it raises prevents the deletion
    """
    with transaction.atomic():
        rows = _locked(model, "delete", keys, caller(by))
        if check is not None:
            check(rows)
        found = [row.pk for row in rows]
        model._base_manager.filter(pk__in=found).delete()
        _announce_gone(model, found)


arequire = sync_to_async(require)
acreate = sync_to_async(create)
aupdate = sync_to_async(update)
adelete = sync_to_async(delete)


def fill(row: models.Model, by: Caller | None) -> None:
    """Set the values that the rules fill in when a row is created. Raises SignInNeeded for the key of nobody."""
    rules = rules_of(type(row))
    for name, value in (rules.fill if rules else {}).items():
        if value is Me:
            if by is None:
                raise SignInNeeded
            field: Any = row._meta.get_field(name)
            value = field.to_python(by.user_id)
        setattr(row, name, value() if callable(value) else value)


def _announce_gone(model: type[models.Model], keys: Collection[Any]) -> None:
    for each in when_gone:
        each(model, keys)


def _load_defaults(rows: Sequence[models.Model]) -> None:
    """Load the values that the database has filled in, in one query."""
    by_key = {row.pk: row for row in rows}
    names = {name for row in rows for name, value in vars(row).items() if isinstance(value, DatabaseDefault)}
    if names:
        stored = type(rows[0])._base_manager.filter(pk__in=by_key).values("pk", *names)
        for values in stored:
            vars(by_key[values.pop("pk")]).update(values)


def _locked(model: type[ModelT], action: Action, keys: Sequence[Any], by: Caller | None) -> list[ModelT]:
    """The rows in the order of the keys, locked until the transaction ends."""
    rows = settled(model._default_manager.filter(pk__in=keys), allowed(model, action, by))
    in_order = rows.order_by("pk").select_for_update(of=("self",))  # two callers can't wait for each other
    found = {row.pk: row for row in in_order}
    for number, key in enumerate(keys):
        if key not in found:
            raise RowNotFound(model=model.__name__, key=key, **_position(number, keys))
    return [found[key] for key in keys]


def _check_after(model: type[models.Model], action: Action, keys: Iterable[Any], by: Caller | None) -> None:
    """Check rows as they are stored now, in one statement. Raises RowRefused, or SignInNeeded."""
    keys = list(keys)
    holds = allowed(
        model, action, by
    )  # for "update" with "read": nobody can put a row where they can't see it
    stored = settled(model._base_manager.filter(pk__in=keys), holds)
    allowed_now = set(stored.values_list("pk", flat=True))
    for number, key in enumerate(keys):
        if key not in allowed_now:
            raise RowRefused(model=model.__name__, **_position(number, keys)) if by else SignInNeeded


def _position(number: int, keys: Sequence[Any]) -> dict[str, int]:
    """The detail of an error that says which one of several rows is meant; none for a single row."""
    return {"index": number} if len(keys) > 1 else {}
