"""Files through the development storage: from a ticket to the bytes read back, and what is refused on the way."""

from __future__ import annotations

import functools
import io
import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core import signing
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from files import tasks, uploads
from files.models import State, StoredFile
from files.protocol import FileException, FileInfo, UploadTicket
from files.protocol import FileExceptionReason as Reason
from podium.core import clock
from podium.core.ids import uuid7
from podium.endpoints.errors import NotSignedIn
from podium.endpoints.testing import Caller, call
from tests.files.conftest import Send, stored

PICTURE = bytes(range(256)) * 1000


def start(user: User, size: int = len(PICTURE), **changes: Any) -> UploadTicket:
    given = {"name": "photo.png", "size": size, "content_type": "image/png", **changes}
    ticket: UploadTicket = call("files.start_upload", user=user, **given)
    return ticket


def path_of(url: str, settings: Any) -> str:
    return url.removeprefix(settings.PUBLIC_URL)


@pytest.fixture
def picture(anna: User, send: Send) -> FileInfo:
    """A file of Anna's."""
    ticket = start(anna)
    assert send(ticket.description, PICTURE).status_code == 200
    info: FileInfo = call("files.finish_upload", user=anna, upload_id=ticket.id)
    return info


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """later(minutes=5): it is then."""

    def later(**delta: float) -> None:
        now = clock.now() + timedelta(**delta)
        monkeypatch.setattr(clock, "now", lambda: now)

    yield later


def read(url: str, settings: Any, **headers: str) -> Any:
    """The answer of GET, with all its bytes in `body`."""
    answer: Any = Client().get(path_of(url, settings), headers=headers)
    answer.body = b"".join(answer) if answer.streaming else answer.content
    answer.close()
    return answer


# The way of a file ---------------------------------------------------------------------------------------------------


def test_an_upload_can_be_read_back(picture: FileInfo, anna: User, settings: Any) -> None:
    assert (picture.name, picture.size, picture.content_type) == ("photo.png", len(PICTURE), "image/png")
    answer = read(picture.url, settings)
    assert answer.status_code == 200
    assert answer.body == PICTURE
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Length"] == str(len(PICTURE))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert [file.id for file in call("files.list_files", user=anna)] == [picture.id]


def test_a_file_exists_only_when_it_is_finished(anna: User, send: Send) -> None:
    ticket = start(anna)
    send(ticket.description, PICTURE)
    assert call("files.list_files", user=anna) == []
    with pytest.raises(FileException) as refused:
        call("files.get_file", user=anna, file_id=ticket.id)
    assert refused.value.reason == Reason.NOT_FOUND
    call("files.finish_upload", user=anna, upload_id=ticket.id)
    assert call("files.get_file", user=anna, file_id=ticket.id).id == ticket.id


def test_finishing_twice_gives_the_same_file(picture: FileInfo, anna: User) -> None:
    assert call("files.finish_upload", user=anna, upload_id=picture.id).id == picture.id
    assert StoredFile.objects.count() == 1


def test_an_upload_without_its_bytes_is_not_finished(anna: User) -> None:
    ticket = start(anna)
    with pytest.raises(FileException) as refused:
        call("files.finish_upload", user=anna, upload_id=ticket.id)
    assert refused.value.reason == Reason.NOT_UPLOADED
    assert StoredFile.objects.get().state == State.PENDING


def test_deleting_a_file_deletes_its_bytes(
    picture: FileInfo, anna: User, folder: Path, settings: Any
) -> None:
    assert len(stored(folder)) == 1
    call("files.delete_file", user=anna, file_id=picture.id)
    assert stored(folder) == []
    assert read(picture.url, settings).status_code == 404


def test_the_bytes_of_a_deleted_user_are_deleted(picture: FileInfo, anna: User, folder: Path) -> None:
    anna.delete()
    assert stored(folder) == []


def test_files_are_listed_newest_first_and_page_by_page(anna: User, send: Send) -> None:
    made: list[UUID] = []
    for _ in range(3):
        ticket = start(anna, size=1)
        send(ticket.description, b"x")
        made.insert(0, call("files.finish_upload", user=anna, upload_id=ticket.id).id)
    assert [file.id for file in call("files.list_files", user=anna, limit=2)] == made[:2]
    assert [file.id for file in call("files.list_files", user=anna, before=made[1])] == made[2:]
    assert call("files.list_files", user=anna, limit=-1) == []


# Whose it is ---------------------------------------------------------------------------------------------------------


def test_another_users_file_does_not_exist(picture: FileInfo, ben: User) -> None:
    for name, key in (("get_file", "file_id"), ("delete_file", "file_id"), ("finish_upload", "upload_id")):
        with pytest.raises(FileException) as refused:
            Caller(ben).call(f"files.{name}", **{key: picture.id})
        assert refused.value.reason == Reason.NOT_FOUND
    assert call("files.list_files", user=ben) == []
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize("name", ["start_upload", "finish_upload", "list_files", "get_file", "delete_file"])
def test_nobody_has_files_without_signing_in(name: str, db: None) -> None:
    arguments: dict[str, dict[str, Any]] = {
        "start_upload": {"name": "a", "size": 1, "content_type": "a/b"},
        "finish_upload": {"upload_id": uuid7()},
        "list_files": {},
    }
    with pytest.raises(NotSignedIn):
        call(f"files.{name}", **arguments.get(name, {"file_id": uuid7()}))


# What is refused at the start ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": ""}, Reason.BAD_NAME),
        ({"name": "../../etc/passwd"}, Reason.BAD_NAME),
        ({"name": "a\r\nX-Evil: 1"}, Reason.BAD_NAME),
        ({"name": "x" * 256}, Reason.BAD_NAME),
        ({"size": 0}, Reason.EMPTY),
        ({"size": -1}, Reason.EMPTY),
        ({"size": 11}, Reason.TOO_LARGE),
        ({"content_type": "png"}, Reason.TYPE_REFUSED),
        ({"content_type": "image/png\r\nX-Evil: 1"}, Reason.TYPE_REFUSED),
        ({"content_type": "text/html"}, Reason.TYPE_REFUSED),
    ],
)
def test_start_upload_refuses(changes: dict[str, Any], reason: Reason, anna: User, settings: Any) -> None:
    settings.FILES_MAX_BYTES = 10
    settings.FILES_TYPES = ["image/*", "application/pdf"]
    with pytest.raises(FileException) as refused:
        start(anna, **{"size": 10, **changes})
    assert refused.value.reason == reason
    assert refused.value.message
    assert StoredFile.objects.count() == 0
    start(anna, size=10)
    start(anna, size=10, content_type="application/pdf")


def test_the_quota_of_a_user_counts_open_uploads(anna: User, ben: User, settings: Any, later: Any) -> None:
    settings.FILES_QUOTA_BYTES = 100
    start(anna, size=60)
    with pytest.raises(FileException) as refused:
        start(anna, size=41)
    assert refused.value.reason == Reason.QUOTA_FULL
    assert "40 more bytes" in refused.value.message
    start(ben, size=100)
    later(minutes=16)
    start(anna, size=100)


def test_a_user_has_a_limited_number_of_open_uploads(anna: User, settings: Any) -> None:
    settings.FILES_MAX_UNFINISHED = 2
    start(anna)
    start(anna)
    with pytest.raises(FileException) as refused:
        start(anna)
    assert refused.value.reason == Reason.TOO_MANY_UPLOADS


# What is refused of the bytes ----------------------------------------------------------------------------------------


def error_of(answer: Any) -> str:
    code: str = json.loads(answer.content)["error"]["code"]
    return code


@pytest.mark.parametrize(
    ("body", "status", "code"), [(b"four", 400, "files.wrongSize"), (b"sixsix", 413, "files.tooLarge")]
)
def test_other_than_the_announced_size_is_refused(
    body: bytes, status: int, code: str, anna: User, send: Send, folder: Path
) -> None:
    ticket = start(anna, size=5)
    answer = send(ticket.description, body)
    assert (answer.status_code, error_of(answer)) == (status, code)
    assert stored(folder) == []
    assert send(ticket.description, b"12345").status_code == 200  # and may be tried again


@pytest.mark.parametrize(
    ("body", "code"), [(b"four", "files.wrongSize"), (b"x" * 200_000, "files.tooLarge"), (b"12345", "")]
)
def test_bytes_without_a_length_are_counted_as_they_come(
    body: bytes, code: str, anna: User, folder: Path, settings: Any
) -> None:
    url = json.loads(start(anna, size=5).description)["url"]
    more: dict[str, Any] = {
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "CONTENT_LENGTH": "",
    }
    answer = Client().generic("PUT", path_of(url, settings), **more)
    assert (error_of(answer) if answer.status_code != 200 else "") == code
    assert len(stored(folder)) == (0 if code else 1)


def test_bytes_of_unknown_length_are_refused_where_nobody_says_where_they_end(
    anna: User, settings: Any
) -> None:
    url = json.loads(start(anna, size=5).description)["url"]
    answer = Client().generic("PUT", path_of(url, settings), CONTENT_LENGTH="")
    assert answer.status_code == 400
    assert b"Content-Length" in answer.content


def test_an_address_takes_bytes_once(anna: User, send: Send, folder: Path) -> None:
    ticket = start(anna, size=5)
    assert send(ticket.description, b"first").status_code == 200
    answer = send(ticket.description, b"other")
    assert (answer.status_code, error_of(answer)) == (409, "files.alreadyUploaded")
    call("files.finish_upload", user=anna, upload_id=ticket.id)
    assert send(ticket.description, b"other").status_code == 409
    assert [path.read_bytes() for path in stored(folder)] == [b"first"]


def test_an_upload_that_breaks_off_leaves_nothing_and_may_be_tried_again(
    anna: User, send: Send, folder: Path, settings: Any
) -> None:
    class BreaksOff(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            if stored(folder):  # a piece is on the disk already
                raise ConnectionResetError("gone")
            return b"x" * 1000

    ticket = start(anna, size=5000)
    path = path_of(json.loads(ticket.description)["url"], settings)
    more: dict[str, Any] = {"wsgi.input": BreaksOff(), "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    with pytest.raises(ConnectionResetError):
        Client().generic("PUT", path, **more)
    assert stored(folder) == []
    assert StoredFile.objects.get().state == State.PENDING
    assert send(ticket.description, b"x" * 5000).status_code == 200


def test_an_upload_whose_server_was_killed_may_be_sent_again_after_a_minute(
    anna: User, send: Send, folder: Path, later: Any
) -> None:
    ticket = start(anna, size=5)
    half = folder / StoredFile.objects.get().key
    half.parent.mkdir(parents=True)
    half.write_bytes(b"12")
    StoredFile.objects.update(state=State.RECEIVING, lease_until=clock.now() + uploads.LEASE)
    assert send(ticket.description, b"12345").status_code == 409
    later(minutes=2)
    assert send(ticket.description, b"12345").status_code == 200
    call("files.finish_upload", user=anna, upload_id=ticket.id)
    assert [path.read_bytes() for path in stored(folder)] == [b"12345"]


class Body(io.RawIOBase):
    """Bytes without an end, that does something when a piece of them is on the disk."""

    def __init__(self, folder: Path, act: Callable[[], object]) -> None:
        self.folder, self.act = folder, act

    def read(self, size: int = -1) -> bytes:
        if stored(self.folder):
            self.act()
        return b"x" * 1000


def send_slowly(ticket: UploadTicket, body: Body, settings: Any) -> Any:
    path = path_of(json.loads(ticket.description)["url"], settings)
    more: dict[str, Any] = {"wsgi.input": body, "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    return Client().generic("PUT", path, **more)


def test_an_upload_that_is_deleted_while_it_comes_in_leaves_nothing(
    anna: User, folder: Path, settings: Any
) -> None:
    ticket = start(anna, size=5000)
    delete = functools.partial(uploads.delete, owner=anna, file_id=ticket.id)
    answer = send_slowly(ticket, Body(folder, functools.cache(delete)), settings)
    assert (answer.status_code, error_of(answer)) == (404, "files.notFound")
    assert (stored(folder), StoredFile.objects.count()) == ([], 0)


def test_a_request_slower_than_its_lease_yields_to_the_one_that_took_over(
    anna: User, send: Send, folder: Path, settings: Any, later: Any
) -> None:
    ticket = start(anna, size=5000)

    def take_over() -> None:
        later(minutes=2)
        assert send(ticket.description, b"y" * 5000).status_code == 200

    answer = send_slowly(ticket, Body(folder, functools.cache(take_over)), settings)
    assert (answer.status_code, error_of(answer)) == (409, "files.alreadyUploaded")
    assert [path.read_bytes() for path in stored(folder)] == [b"y" * 5000]
    assert StoredFile.objects.get().state == State.RECEIVED


def test_an_upload_ends_when_its_time_is_over(anna: User, send: Send, later: Any, folder: Path) -> None:
    ticket, other = start(anna, size=5), start(anna, size=5)
    send(other.description, b"12345")
    later(minutes=16)
    answer = send(ticket.description, b"12345")
    assert (answer.status_code, error_of(answer)) == (410, "files.expired")
    with pytest.raises(FileException) as refused:
        call("files.finish_upload", user=anna, upload_id=other.id)
    assert refused.value.reason == Reason.EXPIRED


def test_addresses_cant_be_made_up(anna: User, picture: FileInfo, settings: Any) -> None:
    ticket = start(anna)
    url = path_of(json.loads(ticket.description)["url"], settings)
    start_of = url[: url.index(str(ticket.id))]
    forged = [
        url[:-1] + ("A" if url[-1] != "A" else "B"),
        f"{start_of}{ticket.id}",
        f"{start_of}{signing.Signer(salt='other').sign(str(ticket.id))}",
        url.replace(str(ticket.id), str(picture.id)),
    ]
    for path in forged:
        assert Client().put(path, b"x", content_type="image/png").status_code == 404
    good = path_of(picture.url, settings)
    assert Client().get(good.replace(str(picture.id), str(ticket.id))).status_code == 404
    assert Client().get(url.replace("/upload/", "/download/")).status_code == 404
    assert read(good, settings).status_code == 200


# Reading -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=255990-", 255_990, 255_999),
        ("bytes=-5", 255_995, 255_999),
        ("bytes=10-999999", 10, 255_999),
    ],
)
def test_a_part_of_a_file_can_be_read(
    asked: str, first: int, last: int, picture: FileInfo, settings: Any
) -> None:
    answer = read(picture.url, settings, range=asked)
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {first}-{last}/256000"
    assert answer["Content-Length"] == str(last - first + 1)
    assert answer.body == PICTURE[first : last + 1]


@pytest.mark.parametrize("asked", ["bytes=5-1", "bytes=0-1,5-6", "lines=1-2", "bytes=-", "bytes=x"])
def test_a_range_that_is_none_gives_the_whole_file(asked: str, picture: FileInfo, settings: Any) -> None:
    answer = read(picture.url, settings, range=asked)
    assert answer.status_code == 200
    assert answer.body == PICTURE


@pytest.mark.parametrize("asked", ["bytes=256000-", "bytes=-0"])
def test_a_range_outside_of_the_file_is_refused(asked: str, picture: FileInfo, settings: Any) -> None:
    answer = read(picture.url, settings, range=asked)
    assert answer.status_code == 416
    assert answer["Content-Range"] == "bytes */256000"


def test_a_download_goes_on_only_where_the_file_is_the_same(picture: FileInfo, settings: Any) -> None:
    tag = read(picture.url, settings)["ETag"]
    assert read(picture.url, settings, range="bytes=0-1", if_range=tag).status_code == 206
    assert read(picture.url, settings, range="bytes=0-1", if_range='"other"').status_code == 200


def test_head_says_what_get_would(picture: FileInfo, settings: Any) -> None:
    answer = Client().head(path_of(picture.url, settings))
    assert (answer.status_code, answer["Content-Length"], answer.content) == (200, "256000", b"")


def test_an_address_to_read_runs_out_and_is_had_anew(
    picture: FileInfo, anna: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 61 * 60)
    assert read(picture.url, settings).status_code == 404
    anew = call("files.get_file", user=anna, file_id=picture.id).url
    assert read(anew, settings).status_code == 200


@pytest.mark.parametrize(
    ("content_type", "disposition"),
    [
        ("image/png", "inline"),
        ("text/html", "attachment"),
        ("image/svg+xml", "attachment"),
        ("application/pdf", "attachment"),
    ],
)
def test_files_that_can_run_code_are_never_shown_by_a_browser(
    content_type: str, disposition: str, anna: User, send: Send, settings: Any
) -> None:
    ticket = start(anna, size=1, name='r"é.png', content_type=content_type)
    send(ticket.description, b"x")
    answer = read(call("files.finish_upload", user=anna, upload_id=ticket.id).url, settings)
    assert answer["Content-Disposition"].startswith(f"{disposition}; filename")
    assert re.search(r"filename\*=utf-8''r%22%C3%A9\.png", answer["Content-Disposition"])
    assert answer["Content-Security-Policy"].startswith("sandbox")


def test_browsers_of_other_origins_may_send_and_read(
    picture: FileInfo, anna: User, send: Send, settings: Any
) -> None:
    ticket = start(anna, size=1)
    path = path_of(json.loads(ticket.description)["url"], settings)
    asked = Client().options(path, headers={"origin": "https://app.example.com"})
    assert asked.status_code == 204
    assert asked["Access-Control-Allow-Origin"] == "*"
    assert "PUT" in asked["Access-Control-Allow-Methods"]
    assert "content-type" in asked["Access-Control-Allow-Headers"]
    assert send(ticket.description, b"toolong")["Access-Control-Allow-Origin"] == "*"
    settings.ENDPOINTS_ALLOWED_ORIGINS = ["https://app.example.com"]
    assert "Access-Control-Allow-Origin" not in read(picture.url, settings, origin="https://evil.example.com")
    own = read(picture.url, settings, origin="https://app.example.com")
    assert own["Access-Control-Allow-Origin"] == "https://app.example.com"


def test_other_methods_are_refused(picture: FileInfo, settings: Any) -> None:
    answer = Client().delete(path_of(picture.url, settings))
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")


# Clearing up ---------------------------------------------------------------------------------------------------------


def test_unfinished_uploads_go_away_with_what_arrived(
    picture: FileInfo,
    anna: User,
    send: Send,
    later: Any,
    folder: Path,
    capsys: Any,
) -> None:
    start(anna, size=5)
    send(start(anna, size=5).description, b"12345")
    tasks.delete_unfinished_uploads()
    assert StoredFile.objects.count() == 3
    later(minutes=76)
    call_command("delete_unfinished_uploads", dry_run=True)
    assert capsys.readouterr().out == "2 uploads would go\n"
    assert StoredFile.objects.count() == 3
    tasks.delete_unfinished_uploads()
    assert [file.pk for file in StoredFile.objects.all()] == [picture.id]
    assert [path.name for path in stored(folder)] == [str(picture.id)]
    call_command("delete_unfinished_uploads", hours=0)
    assert capsys.readouterr().out == "0 uploads deleted\n"


def test_the_admin_shows_files_and_deletes_their_bytes(
    picture: FileInfo, admin_client: Client, folder: Path
) -> None:
    page = f"/admin/files/storedfile/{picture.id}/"
    assert b"photo.png" in admin_client.get("/admin/files/storedfile/").content
    assert b"/download/" in admin_client.get(page + "change/").content
    assert admin_client.get("/admin/files/storedfile/add/").status_code == 403
    admin_client.post(page + "delete/", {"post": "yes"})
    assert stored(folder) == []


def test_the_addresses_of_a_blocked_user_lead_nowhere(
    anna: User, send: Send, picture: FileInfo, settings: Any
) -> None:
    ticket = start(anna)
    assert Client().head(path_of(picture.url, settings)).status_code == 200
    anna.is_active = False
    anna.save()
    assert send(ticket.description, PICTURE).status_code == 404
    assert Client().get(path_of(picture.url, settings)).status_code == 404
    anna.is_active = True
    anna.save()
    assert send(ticket.description, PICTURE).status_code == 200
