"""Files through a real server: a user signs up and sends a file, over HTTP alone, as an app would."""

from __future__ import annotations

import http.client
import json
import os
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest

from tests import processes
from tests.files.conftest import stored

PICTURE = os.urandom(3_000_000)


@pytest.fixture
def server(transactional_db: None, folder: Path) -> Iterator[str]:
    """The address of a server on the test database, with its files in the test's folder."""
    with processes.server(folder.parent, MEDIA_ROOT=str(folder)) as running:
        yield running.url


def post(url: str, token: str = "", **arguments: Any) -> Any:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(url, json.dumps(arguments).encode(), headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.loads(answer.read())


def put_in_chunks(url: str, body: bytes) -> tuple[int, bytes]:
    """PUT without saying how long the body is."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    pieces = (body[at : at + 70_000] for at in range(0, len(body), 70_000))
    connection.request(
        "PUT", parts.path, pieces, encode_chunked=True, headers={"Transfer-Encoding": "chunked"}
    )
    with connection.getresponse() as answer:
        read = answer.status, answer.read()
    connection.close()
    return read


@pytest.mark.slow
def test_an_app_signs_up_and_sends_and_reads_a_file(server: str, folder: Path) -> None:
    token = post(f"{server}/anonymousIdp/login")["token"]
    for put in ("whole", "chunks"):
        ticket = post(
            f"{server}/files/startUpload",
            token,
            name="photo.png",
            size=len(PICTURE),
            contentType="image/png",
        )
        said = json.loads(ticket["description"])
        if put == "whole":
            request = urllib.request.Request(said["url"], PICTURE, said["headers"], method=said["method"])
            with urllib.request.urlopen(request, timeout=20) as answer:
                assert answer.status == 200
        else:
            assert put_in_chunks(said["url"], PICTURE)[0] == 200
        info = post(f"{server}/files/finishUpload", token, uploadId=ticket["id"])
        with urllib.request.urlopen(info["url"], timeout=20) as answer:
            assert answer.read() == PICTURE
        part = urllib.request.Request(info["url"], headers={"Range": "bytes=1000000-1000009"})
        with urllib.request.urlopen(part, timeout=20) as answer:
            assert (answer.status, answer.read()) == (206, PICTURE[1_000_000:1_000_010])
    ticket = post(f"{server}/files/startUpload", token, name="a", size=10, contentType="a/b")
    status, text = put_in_chunks(json.loads(ticket["description"])["url"], PICTURE)
    assert (status, json.loads(text)["error"]["code"]) == (413, "files.tooLarge")
    assert len(stored(folder)) == 2
    post(f"{server}/serverpod_auth_core.status/signOutDevice", token)
    with pytest.raises(HTTPError) as refused:
        post(f"{server}/files/listFiles", token)
    assert refused.value.code == 401
    refused.value.close()
