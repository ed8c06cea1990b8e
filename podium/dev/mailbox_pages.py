"""The pages at /mail/, in development only: sent messages, and previews of all mails with sample data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import engines
from django.urls import path
from django.utils.text import slugify

from podium.core import clock
from podium.dev import mailbox

SHOWN = 100
"""Maximum messages in the list."""


def development_only(view: Any) -> Any:
    """Answer with 404 in production for all users, because mails contain codes."""

    @wraps(view)
    def guarded(request: HttpRequest, **arguments: str) -> HttpResponse:
        if not settings.DEVELOPMENT:
            raise Http404
        answer: HttpResponse = view(request, **arguments)
        return answer

    return guarded


@development_only
def sent(request: HttpRequest) -> HttpResponse:
    """List sent messages, newest first; with ?format=json for scripts, ?to=anna@example.com for one address."""
    to = request.GET.get("to", "")
    found = [each for each in mailbox.messages() if to in each.to][:SHOWN]
    if request.GET.get("format") == "json":
        return JsonResponse({"messages": [asdict(each) for each in found]})
    return render(request, "mailbox/list.html", {"messages": found, "templates": dict(templates())})


@development_only
def one(request: HttpRequest, id: str) -> HttpResponse:
    found = mailbox.message(id)
    if found is None:
        raise Http404(
            f"There is no message {id}. It may have been deleted: only the latest {mailbox.KEPT} are kept."
        )
    if request.GET.get("format") == "json":
        return JsonResponse(asdict(found))
    return render(request, "mailbox/message.html", {"message": found})


@development_only
def preview(request: HttpRequest, id: str) -> HttpResponse:
    """Show a mail as it would be sent, with sample data."""
    prefix = dict(templates()).get(id)
    if prefix is None:
        raise Http404(f"There is no mail {id}.")
    with context.request_context(request):
        made = get_adapter(request).render_mail(prefix, "anna@example.com", sample(request))
    html = (
        str(made.alternatives[0][0]) if isinstance(made, EmailMultiAlternatives) and made.alternatives else ""
    )
    shown = mailbox.Message(
        id=id,
        at=clock.now(),
        sender=made.from_email,
        to=made.to[0],
        subject=str(made.subject),
        text=str(made.body),
        html=html,
    )
    return render(request, "mailbox/message.html", {"message": shown, "prefix": prefix})


def templates() -> Iterator[tuple[str, str]]:
    """The mails of all apps and the project: a name for the URL, and the prefix of their templates."""
    found = set()
    for folder in map(Path, engines["django"].template_dirs):
        for body in folder.glob("**/email/*_message.txt"):
            if body.with_name(body.name.replace("_message.txt", "_subject.txt")).exists():
                found.add(body.relative_to(folder).as_posix().removesuffix("_message.txt"))
    return ((slugify(prefix.replace("/", "-")), prefix) for prefix in sorted(found))


def sample(request: HttpRequest) -> dict[str, Any]:
    """The sample data for mails. Other variables of your own mails are blank."""
    user = get_user_model()(email="anna@example.com")
    user.name = "Anna Smith"
    return {
        "request": request,
        "email": "anna@example.com",
        "current_site": {"name": "Podium", "domain": request.get_host()},
        "user": user,
        "code": "14285719",
        "minutes": 15,
        "device": "Pixel 9, Android 16",
        "ip": "192.0.2.1",
        "address": "192.0.2.1",
        "user_agent": "Firefox on Linux",
        "timestamp": clock.now(),
        "at": clock.now(),
        "activate_url": f"{settings.PUBLIC_URL}/account/confirm-email/sample/",
        "password_reset_url": f"{settings.PUBLIC_URL}/account/password/reset/key/sample/",
        "signup_url": f"{settings.PUBLIC_URL}/account/signup/",
        "from_email": "anna@example.com",
        "to_email": "anna@example.org",
        "deleted_email": "anna@example.org",
        "changed": "anna@example.org",
        "provider": "Google",
    }


urlpatterns = [
    path("", sent, name="mailbox"),
    path("templates/<slug:id>/", preview, name="mailbox_preview"),
    path("<slug:id>/", one, name="mailbox_message"),
]
