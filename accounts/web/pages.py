"""Pages for a user's own data without an app: delete the account, export the data; and the pictures of users."""

from __future__ import annotations

from datetime import datetime

# Internal: the public decorator reauthentication_required asks on each request, not only for a form that was sent.
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

from accounts.conf import conf
from accounts.data import deletion, export
from accounts.models import User
from accounts.profile import pictures
from accounts.web.reauthentication import SIGN_IN, sign_in_again, signed_in_just_now

A_YEAR_SECONDS = 31_536_000


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponseBase:
    """Describe the deletion, for everybody. A signed-in user who proves their identity again can perform it."""
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
    """Redirect to another sign-in if it is too old and the user has neither password nor second factor.

    Raises ReauthenticationRequired for other users: allauth asks for theirs, and then continues.
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
    """Describe the export, with a button for it."""
    return render(request, "accounts/data.html")


@never_cache
@require_POST
@login_required(login_url=SIGN_IN)
def own_export(request: HttpRequest) -> HttpResponseBase:
    """Send the export of the signed-in user."""
    assert isinstance(request.user, User)
    export.address(request.user, request=request)  # for the log
    return _zip(request.user)


@never_cache
@require_safe
def signed_export(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send the export at an address made by `export.address`: the address is the credential."""
    user = export.user_of(token)
    if user is None:
        text = "This address no longer works. Request a new one in the app."
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
    """Serve a user's picture: public, also for pages of other origins, cached for ever under a unique name."""
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
