"""The parts that all pages about access rules share: the permission, the form, messages, the template's context."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.admin.access.forms import Question
from accounts.admin.access.permissions import VIEW, VIEW_AS_USER
from accounts.models import User
from accounts.staff import lookup
from podium.access.errors import RuleError
from podium.core.errors import PodiumError

SECONDS = 5.0
"""Time limit of a page's statements."""

Given = dict[str, Any]
Answer = Callable[[HttpRequest, Given], Given]
View = Callable[[HttpRequest], HttpResponse]

TABS = [
    ("access", "Rules", VIEW),
    ("access_explain", "Explain", VIEW),
    ("access_row", "Users of a row", VIEW),
    ("access_user", "Rows of a user", VIEW),
    ("access_rows", "View as user", VIEW_AS_USER),
]


def page(title: str, form: type[Question], *, permission: str = VIEW) -> Callable[[Answer], View]:
    """Make a page from a function that answers a valid question with the values of its template.

    The template is named after the function. Staff need accounts.view_access, and `permission` as well.
    """

    def decorate(answer: Answer) -> View:
        @require_safe
        @wraps(answer)
        def view(request: HttpRequest) -> HttpResponse:
            check(request, permission)
            question = form(request, request.GET or None)
            found: Given | None = None
            if question.is_bound and question.is_valid():
                try:
                    found = answer(request, question.cleaned_data)
                except PodiumError as refused:
                    question.add_error(None, refused.message)
                except RuleError as fault:
                    question.add_error(None, str(fault))
            return render(request, answer.__name__, title, question, found)

        return view

    return decorate


def check(request: HttpRequest, permission: str = VIEW) -> None:
    """Check that the operator may open a page. Raises PermissionDenied."""
    if not request.user.has_perms([VIEW, permission]):
        raise PermissionDenied


def render(
    request: HttpRequest, name: str, title: str, question: Question, found: Given | None
) -> HttpResponse:
    """Render a page. found: the results; None before the form is filled in correctly."""
    here = request.resolver_match.url_name if request.resolver_match else ""
    context = {
        **admin.site.each_context(request),
        "title": title,
        "tabs": [
            {"address": reverse(f"admin:{each}"), "text": text, "is_open": each == here}
            for each, text, permission in TABS
            if request.user.has_perms([VIEW, permission])
        ],
        "form": question,
        "found": found,
    }
    return TemplateResponse(request, f"admin/accounts/access/{name}.html", context)


def address(name: str, **given: object) -> str:
    """Return the address of one of the pages with a question: address("access_row", row="notes.note:1")."""
    return f"{reverse(f'admin:{name}')}?{urlencode(given)}"


def named(user: User | None) -> str:
    """Return the text that names a user in a question."""
    return lookup.NOBODY if user is None else user.email or str(user.pk)
