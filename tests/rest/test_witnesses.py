"""Each alternative of each rule through each entry; and an entry without its rule is found by these cases."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model

from podium.access import RowNotFound, RowRefused, rows
from podium.access.errors import SignInNeeded
from podium.access.fields import field_rules
from podium.endpoints import registry
from podium.endpoints.calls import Identity
from podium.endpoints.errors import NotSignedIn
from podium.endpoints.testing import Caller
from podium.rows import queries
from podium.rows.errors import ReferenceNotFound
from podium.wire import classes as wire
from tests.access.teams.models import TeamNote, TeamNotebook, TeamNotebookMember
from tests.rest import doors
from tests.rows.witnesses import Case, cases

pytestmark = pytest.mark.django_db

RESOURCES: dict[type[Model], str] = {
    TeamNote: "team-notes",
    TeamNotebook: "team-notebooks",
    TeamNotebookMember: "team-notebook-members",
}
MODELS = list(RESOURCES)


@pytest.fixture(autouse=True)
def _rules(settings: Any) -> Iterator[None]:
    with doors.resources(settings):
        registry.registry()
        yield


# Entries: a case -> whether the caller was allowed; None: the entry does not have the case ----------------------------


def _server_visible(case: Case) -> bool:
    found = rows.visible(case.model, case.caller(), case.action)
    return found.filter(pk=case.row().pk).exists()


def _server_require(case: Case) -> None:
    rows.require(case.action, case.row(), case.caller())


def _server_create(case: Case) -> None:
    rows.create([case.row()], case.caller())


def _server_update_from(case: Case) -> None:
    """A row that may not be changed, into one that could have been."""
    after = Case(case.model, case.action, case.alternative, True).row()
    rows.update(case.model, {case.row().pk: _values(after)}, case.caller())


def _server_update_into(case: Case) -> None:
    """A row that may be changed, into one that could not have been."""
    before = Case(case.model, case.action, case.alternative, True).row()
    rows.update(case.model, {before.pk: _values(case.row())}, case.caller())


def _server_delete(case: Case) -> None:
    rows.delete(case.model, [case.row().pk], case.caller())


def _get(case: Case) -> None:
    _call(case, "get", id=case.row().pk)


def _list(case: Case) -> bool:
    key = case.row().pk
    return key in [each.pk for each in _call(case, "list").rows]


def _count(case: Case) -> bool:
    case.row()
    return bool(_call(case, "count"))


def _create(case: Case) -> None:
    _call(case, "create", row=case.row())


def _update_from(case: Case) -> None:
    after = Case(case.model, case.action, case.alternative, True).row()
    after.pk = case.row().pk
    _call(case, "update", row=after)


def _update_into(case: Case) -> bool | None:
    before = Case(case.model, case.action, case.alternative, True).row()
    after = case.row()
    writable = {each.attribute for each in field_rules(case.model).update}
    old, new = _values(before), _values(after)
    if case.removed and not any(old[name] != new[name] for name in writable & old.keys()):
        return None  # only fields that clients can't write differ
    if any(old[name] != new[name] for name in old.keys() - writable):
        return None
    after.pk = before.pk
    _call(case, "update", row=after)
    return True


def _delete(case: Case) -> None:
    _call(case, "delete", id=case.row().pk)


def _expand(case: Case) -> bool | None:
    by = case.caller()
    if case.model is not TeamNotebook or by is None:
        return None
    note = TeamNote.objects.create(owner_id=uuid.UUID(by.user_id), notebook=case.row())
    relations: Any = wire.registered["TeamNoteExpand"].python
    expand = [relations.NOTEBOOK]
    found = _caller(case).call("teamNoteRows.get", id=note.pk, expand=expand)
    return "notebook" in found._state.fields_cache and found._state.fields_cache["notebook"] is not None


def _rest_get(case: Case) -> bool:
    return _rest(case, "GET")


def _rest_delete(case: Case) -> bool:
    return _rest(case, "DELETE")


def _rest(case: Case, method: str) -> bool:
    name = RESOURCES[case.model]
    reply = doors.through_server(case.caller(), method, f"/api/{name}/{case.row().pk}", b"", {})
    assert reply.status in (200, 204, 404), reply.content
    return reply.status != 404


ENTRIES: dict[str, list[Callable[[Case], bool | None]]] = {
    "read": [_server_visible, _server_require, _get, _list, _count, _expand, _rest_get],
    "create": [_server_create, _create],
    "update": [
        _server_visible,
        _server_require,
        _server_update_from,
        _server_update_into,
        _update_from,
        _update_into,
    ],
    "delete": [_server_visible, _server_require, _server_delete, _delete, _rest_delete],
}


def _values(row: Any) -> dict[str, Any]:
    return {
        each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields if not each.primary_key
    }


def _caller(case: Case) -> Caller:
    by = case.caller()
    return Caller(by and Identity(by.user_id, by.scopes))


def _call(case: Case, method: str, **arguments: Any) -> Any:
    name = case.model.__name__
    return _caller(case).call(f"{name[0].lower()}{name[1:]}Rows.{method}", **arguments)


def is_allowed(entry: Callable[[Case], bool | None], case: Case) -> bool | None:
    """Return the answer of an entry; nothing that it has stored is left."""
    try:
        with transaction.atomic():
            found = entry(case)
            transaction.set_rollback(True)
    except (RowNotFound, RowRefused, ReferenceNotFound, SignInNeeded, NotSignedIn):
        return False
    return found if isinstance(found, bool) or entry in (_update_into, _expand) else True


def wrong(action: str, entry: Callable[[Case], bool | None]) -> list[str]:
    """Return the cases of an action that an entry answers wrongly."""
    return [
        str(case)
        for model in MODELS
        for case in cases(model, action)  # type: ignore[arg-type]
        if is_allowed(entry, case) not in (case.allowed, None)
    ]


BOTH = [(action, entry) for action, entries in ENTRIES.items() for entry in entries]


@pytest.mark.parametrize(("action", "entry"), BOTH)
def test_each_alternative_of_each_rule(action: str, entry: Callable[[Case], bool | None]) -> None:
    assert wrong(action, entry) == []


# An entry without its rule --------------------------------------------------------------------------------------------

ALL = lambda model, *_: True  # noqa: E731
NOTHING = lambda *_: None  # noqa: E731
MUTATIONS = [
    *[(action, _server_visible, rows, "allowed", ALL) for action in ("read", "update", "delete")],
    *[(action, _server_require, rows, "allowed", ALL) for action in ("read", "update", "delete")],
    ("create", _server_create, rows, "_check_after", NOTHING),
    ("update", _server_update_from, rows, "allowed", ALL),
    ("update", _server_update_into, rows, "_check_after", NOTHING),
    ("delete", _server_delete, rows, "allowed", ALL),
    *[("read", entry, queries, "allowed", ALL) for entry in (_get, _list, _count, _expand, _rest_get)],
    ("create", _create, rows, "_check_after", NOTHING),
    ("update", _update_from, rows, "allowed", ALL),
    ("update", _update_into, rows, "_check_after", NOTHING),
    *[("delete", entry, rows, "allowed", ALL) for entry in (_delete, _rest_delete)],
]


def test_each_entry_has_its_mutation() -> None:
    assert sorted(map(str, BOTH)) == sorted(str(each[:2]) for each in MUTATIONS)


@pytest.mark.parametrize(("action", "entry", "module", "name", "without"), MUTATIONS)
def test_an_entry_without_its_rule_is_found(
    action: str, entry: Any, module: Any, name: str, without: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, name, without)
    monkeypatch.setattr(queries, "_compiled", {})
    assert wrong(action, entry) != []
