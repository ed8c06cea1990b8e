"""Upload of a file to the place that the server reserved for it."""

from __future__ import annotations

import json
from typing import Any, Required, TypedDict

import httpx

from .calls import Timeout, http_timeout, network_error
from .errors import ClientError, UploadRefused


class _Request(TypedDict, total=False):
    method: Required[str]
    url: Required[str]
    headers: dict[str, str]
    content: bytes
    data: dict[str, str]
    files: dict[str, tuple[str, bytes]]


def upload(http: httpx.Client, description: str, data: bytes, timeout: Timeout) -> None:
    """Upload a file.

    description  the server's text for this upload
    data         the file's bytes

    Raises UploadRefused if the storage refuses, NetworkError if it is not reachable.
    """
    request = _request(description, data)
    try:
        _check(request, http.request(**request, timeout=http_timeout(timeout)))
    except httpx.TransportError as error:
        raise network_error(request["url"], error) from error


async def upload_async(http: httpx.AsyncClient, description: str, data: bytes, timeout: Timeout) -> None:
    """The same for asyncio."""
    request = _request(description, data)
    try:
        _check(request, await http.request(**request, timeout=http_timeout(timeout)))
    except httpx.TransportError as error:
        raise network_error(request["url"], error) from error


def _request(description: str, data: bytes) -> _Request:
    try:
        target: Any = json.loads(description)
        kind, url = target["type"], target["url"]
    except (ValueError, TypeError, KeyError):
        raise ClientError("The upload description is invalid; pass it as the server gave it") from None
    if kind == "binary":
        given: dict[str, str] = target.get("headers") or {}
        headers = {"Content-Type": "application/octet-stream", "Accept": "*/*", **given}
        return {"method": target.get("method") or "POST", "url": url, "headers": headers, "content": data}
    if kind == "multipart":
        file = {target["field"]: (target["file-name"], data)}
        return {"method": "POST", "url": url, "data": target.get("request-fields") or {}, "files": file}
    raise ClientError(f'The upload description has the type "{kind}"; this client knows binary and multipart')


def _check(request: _Request, response: httpx.Response) -> None:
    if response.status_code == 204 or (response.status_code == 200 and "content" in request):
        return
    raise UploadRefused(response.status_code, response.text)
