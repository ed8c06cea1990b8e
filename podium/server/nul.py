"""Refuse NUL characters in URLs and cookies of pages and REST, because Postgres can't store or compare them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBadRequest, HttpResponseBase

MESSAGE = "{} must not contain a NUL character (%00).\n"


def refuse_nul(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Django middleware: answer 400 if the path, the query or a cookie has one. Forms and REST check their fields."""

    def checked(request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return _refusal("The address")
        if any("\x00" in value for value in request.COOKIES.values()):
            return _refusal("A cookie")
        return get_response(request)

    return checked


def _refusal(what: str) -> HttpResponseBase:
    return HttpResponseBadRequest(MESSAGE.format(what), content_type="text/plain")
