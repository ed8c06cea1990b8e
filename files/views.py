"""Uploads and downloads through this server. The signed address is the credential; cookies are not used."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from files import addresses, ranges, uploads
from files.errors import refused, status_of
from files.protocol import FileException
from files.protocol import FileExceptionReason as Reason
from files.uploads import Readable
from podium.core.storages import storage
from podium.endpoints import cors

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
UPLOAD_METHODS = ("PUT", "POST")
DOWNLOAD_METHODS = ("GET", "HEAD")
NEVER_RUN = "sandbox; default-src 'none'"
"""Content-Security-Policy of downloads: uploaded files never run code, even if a browser shows them."""


def across_origins(*methods: str) -> Callable[[View[P]], View[P]]:
    """Answer OPTIONS, refuse other methods, turn FileException into JSON, and let web apps read all of that."""

    def wrap(view: View[P]) -> View[P]:
        def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            response: HttpResponseBase
            if request.method == "OPTIONS":
                response = HttpResponse(status=204)
                wanted = request.headers.get("Access-Control-Request-Headers", "content-type, range")
                response["Access-Control-Allow-Methods"] = ", ".join(methods)
                response["Access-Control-Allow-Headers"] = wanted
                response["Access-Control-Max-Age"] = "600"
            elif request.method not in methods:
                response = _error(405, "files.method_not_allowed", f"Use {' or '.join(methods)} here.")
                response["Allow"] = ", ".join((*methods, "OPTIONS"))
            else:
                try:
                    response = view(request, *args, **kwargs)
                except FileException as error:
                    response = _error(status_of(error), f"files.{error.reason.value}", error.message)
            _allow_origin(request, response)
            return response

        update_wrapper(wrapped, view)
        return csrf_exempt(wrapped)

    return wrap


@across_origins(*UPLOAD_METHODS)
def upload(request: HttpRequest, token: str) -> HttpResponseBase:
    """Receive the bytes of an upload: exactly as many as announced, once, in time."""
    file = uploads.open_upload(uploads.id_in(token))
    announced = request.META.get("CONTENT_LENGTH") or ""
    if announced.isdigit() and int(announced) != file.size:
        reason = Reason.TOO_LARGE if int(announced) > file.size else Reason.WRONG_SIZE
        raise refused(reason, f"The request has {announced} bytes; {file.size} were announced.")
    uploads.receive(file.pk, _body(request))
    return JsonResponse({"id": str(file.pk), "size": file.size})


def _body(request: HttpRequest) -> Readable:
    """The request's body. Without a length (sent in chunks), only if the server detects its end."""
    if request.META.get("CONTENT_LENGTH"):
        return request
    if "asgi.scope" in request.META or request.META.get("wsgi.input_terminated"):
        body: Readable = request.META["wsgi.input"]
        return body
    raise refused(Reason.WRONG_SIZE, "Say how many bytes are sent: the header Content-Length is missing.")


@across_origins(*DOWNLOAD_METHODS)
def download(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send the bytes of a file, or the part that Range asks for."""
    file = addresses.readable(token)
    tag = f'"{file.pk}"'  # a file never changes
    asked = request.headers.get("Range")
    if request.headers.get("If-Range") not in (None, tag):
        asked = None
    try:
        part = ranges.parse(asked, file.size)
    except ranges.Unsatisfiable:
        response: HttpResponseBase = _error(416, "files.range", f"The file has {file.size} bytes.")
        response["Content-Range"] = f"bytes */{file.size}"
        return response
    if request.method == "HEAD":
        response = HttpResponse(content_type=file.content_type)
    else:
        try:
            stored = storage().open(file.key)
        except FileNotFoundError:
            raise refused(Reason.NOT_FOUND, "The bytes of this file are gone.") from None
        whole = ranges.Range(0, file.size - 1)
        response = FileResponse(ranges.Part(stored, part or whole), content_type=file.content_type)
    response["Content-Length"] = str(part.length if part else file.size)
    if part:
        response.status_code = 206
        response["Content-Range"] = f"bytes {part.first}-{part.last}/{file.size}"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Disposition"] = addresses.disposition(file)
    response["Content-Security-Policy"] = NEVER_RUN
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _error(status: int, code: str, message: str) -> HttpResponseBase:
    return JsonResponse({"error": {"code": code, "message": message}}, status=status)


def _allow_origin(request: HttpRequest, response: HttpResponseBase) -> None:
    """The same origins as for calls (ENDPOINTS_ALLOWED_ORIGINS)."""
    for name, value in cors.of_origin(request.headers.get("Origin", "")):
        response[name.decode()] = value.decode("latin-1")
    response["Access-Control-Expose-Headers"] = "Content-Range, Content-Disposition, Accept-Ranges, ETag"
