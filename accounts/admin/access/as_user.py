"""The rows of a model as a user sees them by the access rules. Each use is in the audit log."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import display_for_field
from django.db.models import BinaryField, Model
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat

from accounts.admin.access import permissions
from accounts.admin.access.forms import RowsAsUser
from accounts.admin.access.page import SECONDS, Given, address, named, page
from accounts.staff import actions, lookup
from podium.access.fields import field_rules
from podium.access.predicates import settled
from podium.access.rows import allowed
from podium.admin import columns, shown
from podium.database.naming import Field, one_line
from podium.database.time_limits import statement_timeout
from podium.wire.classes import WireClass, by_python

PER_PAGE = 50
EMPTY = "-"


@page("View as user", RowsAsUser, permission=permissions.VIEW_AS_USER)
def rows(request: HttpRequest, given: Given) -> Given:
    """A page of the rows that a user may read, by key, with the fields that clients see."""
    user, model, after = given["user"], given["model"], given["after"]
    asked = {"model": model._meta.label} | ({} if user else {"as_user": lookup.NOBODY})
    actions.record("viewed_as_user", user, request, **asked)
    fields = client_fields(model)
    with statement_timeout(SECONDS):
        found = settled(permissions.rows(request, model), allowed(model, "read", lookup.caller(user)))
        found = found.only(*(each.attname for each in fields)).order_by("pk")
        if after is not None:
            found = found.filter(pk__gt=after)
        page_of_rows = list(found[: PER_PAGE + 1])
    here: dict[str, object] = {"user": named(user), "model": model._meta.label_lower}
    is_last = len(page_of_rows) <= PER_PAGE
    page_of_rows = page_of_rows[:PER_PAGE]
    return {
        "user": str(user) if user else "somebody who is not signed in",
        "label": model._meta.label,
        "table": {
            "headers": [str(each.verbose_name) for each in fields],
            "rows": [{"cols": [cell(row, each) for each in fields]} for row in page_of_rows],
        },
        "first": address("access_rows", **here) if after is not None else "",
        "next": "" if is_last else address("access_rows", **here, after=page_of_rows[-1].pk),
    }


def client_fields(model: type[Model]) -> list[Field]:
    """The columns that clients see, the key first; without those that the admin never shows, such as passwords."""
    stored = columns.stored(model)
    if isinstance(by_python.get(model), WireClass):
        names = {each.attribute for each in field_rules(model).read}
        stored = [each for each in stored if each.primary_key or each.attname in names]
    return sorted(stored, key=lambda each: not each.primary_key)


def cell(row: Model, field: Field) -> Any:
    """A value on one line, as lists in the admin show it; of a relation the key."""
    value = getattr(row, field.attname)
    if value is None:
        return EMPTY
    if field.is_relation:
        return value
    if isinstance(field, BinaryField):
        return filesizeformat(len(value))
    if isinstance(field, columns.OPAQUE):
        return one_line(field.value_to_string(row) or "") or EMPTY
    [listed] = shown.columns(type(row), [field.name], ())
    return listed(row) if callable(listed) else display_for_field(value, field, EMPTY)
