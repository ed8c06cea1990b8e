"""The pages: rules in words, why a user may act on a row, which users may, how many rows a user may act on."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from accounts.admin.access import explained, permissions
from accounts.admin.access.forms import OfRow, OfUser, OfUserAndRow
from accounts.admin.access.page import SECONDS, Given, address, check, named, page, render
from accounts.admin.display import link
from accounts.models import User
from accounts.staff import audience, lookup, reach
from podium.access import explain as explanations
from podium.access import rules, words
from podium.access.checks import fault_of
from podium.access.conditions import ACTIONS
from podium.database.time_limits import statement_timeout

PER_PAGE = 50


def _rules() -> list[dict[str, Any]]:
    """The rules of all models in words."""
    found = []
    for model in rules.models():
        its = rules.rules_of(model)
        assert its is not None
        faults = {action: fault_of(its, action) for action in ACTIONS}
        rows = [
            {
                "action": action,
                "text": faults[action] or words.of_rule(model, action),
                "is_fault": bool(faults[action]),
                "place": rules.place(its, action) if getattr(its, action) is not None else "",
            }
            for action in ACTIONS
        ]
        found.append({"label": model._meta.label, "rows": rows})
    return sorted(found, key=lambda each: str(each["label"]))


def _closed() -> list[tuple[str, list[str]]]:
    """The models without rules, which are closed to clients, by app."""
    closed = {
        app.label: sorted(model.__name__ for model in app.get_models() if rules.rules_of(model) is None)
        for app in apps.get_app_configs()
    }
    return sorted((label, names) for label, names in closed.items() if names)


def _about(row: Model) -> Given:
    """A row as a heading, with its links."""
    reference = lookup.reference(row)
    return {
        "text": f"{capfirst(row._meta.verbose_name)} {row.pk}",
        "reference": reference,
        "page": permissions.address(type(row), row.pk),
        "users": address("access_row", row=reference),
        "has_rules": rules.rules_of(type(row)) is not None,
    }


def _user(user: User | None) -> Given:
    """A user as a heading, with the links."""
    return {
        "text": "Somebody who is not signed in" if user is None else str(user),
        "name": named(user),
        "page": "" if user is None else permissions.address(User, user.pk),
        "rows": address("access_user", user=named(user)),
        "is_blocked": user is not None and not user.is_active,
        "scopes": sorted(caller.scopes) if (caller := lookup.caller(user)) else [],
    }


@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """The rules in words. The form leads to the explanation."""
    check(request)
    found = {"rules": _rules(), "closed": _closed()}
    return render(request, "matrix", "Access rules", OfUserAndRow(request), found)


@page("Explain access", OfUserAndRow)
def explain(request: HttpRequest, given: Given) -> Given:
    """The reasons why a user may, or may not, do something with a row."""
    user, row = given["user"], given["row"]
    with statement_timeout(SECONDS):
        answer = explanations.explain(given["action"], row, lookup.caller(user))
        answers = explained.shown(request, answer)
        return {"answers": answers, "user": _user(user), "row": _about(row)}


@page("Users of a row", OfRow)
def row(request: HttpRequest, given: Given) -> Given:
    """The users who may do something with a row; their names only for staff who may view users."""
    asked, action = given["row"], given["action"]
    question = {"row": lookup.reference(asked), "action": action}
    with statement_timeout(SECONDS):
        found = audience.of(action, asked)
        count = found.users.count()
        pages = Paginator(_viewable(request, found.users), PER_PAGE)
        shown = pages.get_page(request.GET.get("page"))
        users = list(shown)
    return {
        "action": action,
        "row": _about(asked),
        "groups": found.groups,
        "users": users,
        "table": {
            "headers": ["user", "e-mail address", ""],
            "rows": [{"cols": _listed(user, question)} for user in users],
        },
        "count": count,
        "hidden": count - pages.count,
        "pages": shown,
        "here": address("access_row", **question),
    }


def _viewable(request: HttpRequest, users: QuerySet[User]) -> QuerySet[User]:
    """Those of the users whom the operator may view."""
    if not permissions.may_view(request, User):
        return users.none()
    return users.filter(pk__in=permissions.rows(request, User).order_by().values("pk"))


def _listed(user: User, question: Given) -> list[object]:
    text = str(user) if user.is_active else f"{user} (blocked)"
    why = address("access_explain", user=named(user), **question)
    return [link(permissions.address(User, user.pk), text), user.email or "none", link(why, "explain")]


@page("Rows of a user", OfUser)
def user(request: HttpRequest, given: Given) -> Given:
    """The number of rows of each model that a user may act on, of those that the operator may view."""
    asked = given["user"]
    viewable = [model for model in rules.models() if permissions.may_view(request, model)]
    counts = reach.of(lookup.caller(asked), viewable, lambda model: permissions.rows(request, model))
    found = sorted(counts, key=lambda each: each.label)
    may_view_as_user = request.user.has_perm(permissions.VIEW_AS_USER)
    return {
        "user": _user(asked),
        "models": found,
        "table": {
            "headers": ["model", *reach.ANSWERED, *([""] if may_view_as_user else [])],
            "rows": [
                {"cols": [*_counted(each), *([_as(asked, each)] if may_view_as_user else [])]}
                for each in found
                if not each.fault
            ],
        },
        "hidden": len(rules.models()) - len(viewable),
    }


def _counted(found: reach.Reach) -> list[object]:
    answers = [found.answers[action] for action in reach.ANSWERED]
    return [found.label, *(f"{each:,}" if isinstance(each, int) else each for each in answers)]


def _as(user: User | None, found: reach.Reach) -> object:
    """The link to the rows of a model as the user sees them."""
    model = found.model._meta.label_lower
    return link(address("access_rows", user=named(user), model=model), "view as user")
