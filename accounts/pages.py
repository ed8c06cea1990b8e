"""Pages of one's own data that need no app: delete the account, get a copy of all; and the pictures of people."""

from __future__ import annotations

from datetime import datetime

from allauth.account.internal.flows.reauthentication import (
    did_recently_reauthenticate,
    get_reauthentication_flows,
)
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import deletion, export, pictures
from accounts.conf import conf
from accounts.models import User
from accounts.web_reauthentication import SIGN_IN, sign_in_again, signed_in_just_now

A_YEAR_SECONDS = 31_536_000


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponseBase:
    """Says what deleting means, to everybody; who is signed in, and proves who they are anew, can do it."""
    context = {"days": conf.DELETION_DAYS, "sign_in": SIGN_IN}
    if not isinstance(request.user, User):
        return render(request, "accounts/delete.html", context)
    if request.method != "POST":
        return render(request, "accounts/delete.html", context)
    if request.POST.get("sure") != "yes":
        return render(request, "accounts/delete.html", {**context, "unsure": True}, status=400)
    if (elsewhere := _proof_needed(request, request.user)) is not None:
        return elsewhere
    due: datetime = deletion.request(request.user, request=request)
    logout(request)
    return render(request, "accounts/deleted.html", {**context, "due": due})


def _proof_needed(request: HttpRequest, user: User) -> HttpResponseBase | None:
    """To another sign-in for who has neither password nor second factor here, where the last one is too long ago.

    Raises ReauthenticationRequired for the others, whom allauth asks for theirs, and then does what was asked.
    """
    if get_reauthentication_flows(user):
        if not did_recently_reauthenticate(request):
            raise ReauthenticationRequired
        return None
    return None if signed_in_just_now(request, user) else sign_in_again(request)


@never_cache
@require_safe
@login_required(login_url=SIGN_IN)
def data(request: HttpRequest) -> HttpResponse:
    """Says what the copy holds, with a button for it."""
    return render(request, "accounts/data.html")


@never_cache
@require_POST
@login_required(login_url=SIGN_IN)
def own_export(request: HttpRequest) -> HttpResponseBase:
    """The export of who is signed in."""
    assert isinstance(request.user, User)
    export.address(request.user, request=request)  # for the log
    return _zip(request.user)


@never_cache
@require_safe
def signed_export(request: HttpRequest, token: str) -> HttpResponseBase:
    """The export that an address of `export.address` stands for: the address is the credential."""
    user = export.user_of(token)
    if user is None:
        text = "This address does not work any more. Ask for a new one in the app."
        return HttpResponse(text, status=404, content_type="text/plain; charset=utf-8")
    if request.method == "HEAD":
        return HttpResponse(content_type="application/zip")
    return _zip(user)


def _zip(user: User) -> HttpResponseBase:
    response = StreamingHttpResponse(export.stream(user), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """A picture of a person: for everybody, also for pages of other origins, and for ever: a new one has a new name."""
    if not pictures.NAME.fullmatch(name):
        raise Http404
    try:
        stored = default_storage.open(f"{pictures.FOLDER}/{name}")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(stored, content_type="image/webp")
    response["Cache-Control"] = f"public, max-age={A_YEAR_SECONDS}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
