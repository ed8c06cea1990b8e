"""Files on S3: moto's server, over HTTP, by one URL. The client knows nothing but the upload's description."""

from __future__ import annotations

import io
import json
import urllib.request
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from moto.server import ThreadedMotoServer
from PIL import Image

from accounts.data import export
from accounts.models import User
from files import uploads
from files.models import State, StoredFile
from files.protocol import FileException
from files.protocol import FileExceptionReason as Reason
from podium.core import clock, storages
from podium.endpoints.testing import call

PICTURE = bytes(range(256)) * 1000
SECRET = "not/a+secret"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """host:port of an S3."""
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server: str, settings: Any) -> Iterator[Any]:
    """The bucket that FILES_URL names."""
    url = f"s3://KEY:not%2Fa%2Bsecret@{server}/pictures?region=eu-west-1&tls=0&addressing=path&prefix=app"
    settings.STORAGES = {**settings.STORAGES, "default": storages.backend(url, folder="unused")}
    s3 = boto3.resource(
        "s3",
        endpoint_url=f"http://{server}",
        region_name="eu-west-1",
        aws_access_key_id="KEY",
        aws_secret_access_key=SECRET,
    )
    made = s3.create_bucket(Bucket="pictures", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    yield made
    made.objects.all().delete()
    made.delete()
    s3.meta.client.close()
    storages.storage().connection.meta.client.close()  # type: ignore[attr-defined]


def send(description: str, body: bytes) -> int:
    """Do what an upload description says; gives the status."""
    said = json.loads(description)
    assert said["type"] == "binary"
    request = urllib.request.Request(said["url"], body, said["headers"], method=said["method"])
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def start(user: User, **changes: Any) -> Any:
    given = {"name": "photo.html", "size": len(PICTURE), "content_type": "text/html", **changes}
    return call("files.start_upload", user=user, **given)


def test_an_upload_to_s3_can_be_read_back(bucket: Any, anna: User) -> None:
    ticket = start(anna)
    assert send(ticket.description, PICTURE) == 200
    info = call("files.finish_upload", user=anna, upload_id=ticket.id)
    with urllib.request.urlopen(info.url) as answer:
        assert answer.read() == PICTURE
        assert answer.headers["Content-Type"] == "text/html"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="photo.html"'
    with urllib.request.urlopen(urllib.request.Request(info.url, headers={"Range": "bytes=5-9"})) as part:
        assert (part.status, part.read()) == (206, PICTURE[5:10])
    assert [each.key for each in bucket.objects.all()] == [f"app/{anna.pk}/{ticket.id}"]


def test_the_signature_holds_size_and_type_and_ends_in_time(bucket: Any, anna: User) -> None:
    said = json.loads(start(anna).description)
    query = parse_qs(urlsplit(said["url"]).query)
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-SignedHeaders"] == ["content-length;content-type;host;if-none-match"]
    assert query["X-Amz-Expires"] == ["900"]
    assert "checksum" not in said["url"].lower()
    assert SECRET not in said["url"]
    assert said["headers"] == {"Content-Type": "text/html", "If-None-Match": "*"}


def test_an_address_takes_bytes_once(bucket: Any, anna: User) -> None:
    ticket = start(anna)
    assert send(ticket.description, PICTURE) == 200
    call("files.finish_upload", user=anna, upload_id=ticket.id)
    assert send(ticket.description, b"x" * len(PICTURE)) == 412
    assert [each.get()["Body"].read() for each in bucket.objects.all()] == [PICTURE]


def test_an_upload_that_has_not_arrived_is_not_finished(bucket: Any, anna: User) -> None:
    ticket = start(anna)
    with pytest.raises(FileException) as refused:
        call("files.finish_upload", user=anna, upload_id=ticket.id)
    assert refused.value.reason == Reason.NOT_UPLOADED


def test_another_size_than_announced_is_found_at_the_end(bucket: Any, anna: User) -> None:
    ticket = start(anna, size=5)
    send(ticket.description, b"sixsix")  # moto does not check signatures; S3 refuses this already
    with pytest.raises(FileException) as refused:
        call("files.finish_upload", user=anna, upload_id=ticket.id)
    assert refused.value.reason == Reason.WRONG_SIZE
    assert list(bucket.objects.all()) == []
    assert send(ticket.description, b"12345") == 200
    assert call("files.finish_upload", user=anna, upload_id=ticket.id).size == 5


def test_another_users_upload_cant_be_finished(bucket: Any, anna: User, ben: User) -> None:
    ticket = start(anna)
    send(ticket.description, PICTURE)
    with pytest.raises(FileException) as refused:
        call("files.finish_upload", user=ben, upload_id=ticket.id)
    assert refused.value.reason == Reason.NOT_FOUND
    assert StoredFile.objects.get().state == State.PENDING


def test_bytes_in_s3_go_with_their_file(bucket: Any, anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    finished, unfinished = start(anna), start(anna)
    for ticket in (finished, unfinished):
        send(ticket.description, PICTURE)
    call("files.finish_upload", user=anna, upload_id=finished.id)
    call("files.delete_file", user=anna, file_id=finished.id)
    assert [each.key.rpartition("/")[2] for each in bucket.objects.all()] == [str(unfinished.id)]
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=2))
    assert uploads.delete_unfinished() == 2
    assert list(bucket.objects.all()) == []


def test_bytes_sent_to_the_address_of_a_deleted_file_are_counted_and_deleted(
    bucket: Any, anna: User, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.FILES_QUOTA_BYTES = 2 * len(PICTURE) - 1
    ticket = start(anna)
    send(ticket.description, PICTURE)
    call("files.finish_upload", user=anna, upload_id=ticket.id)
    call("files.delete_file", user=anna, file_id=ticket.id)
    assert call("files.list_files", user=anna) == []
    for name, given in (("get_file", "file_id"), ("delete_file", "file_id"), ("finish_upload", "upload_id")):
        with pytest.raises(FileException) as refused:
            call(f"files.{name}", user=anna, **{given: ticket.id})
        assert refused.value.reason == Reason.NOT_FOUND
    assert send(ticket.description, PICTURE) == 200  # the address can't be taken back
    with pytest.raises(FileException) as refused:
        start(anna)
    assert refused.value.reason == Reason.QUOTA_FULL
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=2))
    uploads.delete_unfinished()
    assert (list(bucket.objects.all()), StoredFile.objects.count()) == ([], 0)
    start(anna)


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("gopher://host/bucket", 'the scheme is "gopher"'),
        ("s3://KEY:SECRET@host", "not the name of one bucket"),
        ("s3://KEY:SECRET@host/a/b", "not the name of one bucket"),
        ("s3://KEY@host/bucket", "both a key and a secret"),
        ("s3://KEY:SECRET@host/bucket?tls=no", "tls is 0 or 1"),
        ("s3://KEY:SECRET@host/bucket?regoin=x", "unknown: regoin"),
        ("s3://KEY:SECRET@host/bucket?addressing=x", "addressing is"),
        ("s3://KEY:SECRET@host:port/bucket", "Port could not be cast"),
    ],
)
def test_a_url_that_cant_be_right_is_named_without_its_secret(url: str, what: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        storages.backend(url, folder="")
    assert what in str(refused.value)
    assert "KEY:SECRET@host/" not in str(refused.value).partition("Write")[0]


def test_a_url_without_a_host_is_amazons() -> None:
    options = storages.backend("s3:///pictures?region=eu-west-1", folder="")["OPTIONS"]
    assert (options["endpoint_url"], options["access_key"], options["region_name"]) == (
        None,
        None,
        "eu-west-1",
    )
    assert (
        storages.backend("s3://K:S@minio:9000/b?tls=0", folder="")["OPTIONS"]["endpoint_url"]
        == "http://minio:9000"
    )


def test_pictures_and_exports_are_read_from_there(bucket: Any, anna: User) -> None:
    ticket = start(anna)
    assert send(ticket.description, PICTURE) == 200
    call("files.finish_upload", user=anna, upload_id=ticket.id)
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(out, "PNG")
    url = call("userProfileEdit.setUserImage", user=anna, image=out.getvalue()).image_url
    shown = Client().get(urlsplit(str(url)).path)
    assert shown.status_code == 200
    assert shown.getvalue()[8:12] == b"WEBP"
    with zipfile.ZipFile(io.BytesIO(b"".join(export.stream(anna)))) as archive:
        assert archive.read(f"files/{ticket.id}/photo.html") == PICTURE
        assert archive.read("picture.webp")[8:12] == b"WEBP"
    call("userProfileEdit.removeUserImage", user=anna)
    assert Client().get(urlsplit(str(url)).path).status_code == 404
    bucket.objects.all().delete()
    with zipfile.ZipFile(io.BytesIO(b"".join(export.stream(anna)))) as archive:
        assert archive.read(f"files/{ticket.id}/photo.html") == b""
