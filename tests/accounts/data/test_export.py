"""Export of a user's data as a ZIP: from the app by a short-lived address, or from the page."""

from __future__ import annotations

import io
import json
import time
import tracemalloc
import uuid
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client

from accounts.data import export
from accounts.models import SecurityEvent, User
from accounts.profile import profile
from files.models import State, StoredFile
from podium.core import clock
from podium.endpoints import testing
from podium.endpoints.errors import NotSignedIn
from tests.accounts.users import folder, photo, signed_in
from tests.notes.models import Note

__all__ = ["folder"]


def address(user: Any) -> str:
    return urlsplit(str(testing.call("accountData.exportData", user=user).url)).path


def fetched(path: str, client: Client | None = None) -> zipfile.ZipFile:
    answer: Any = (client or Client()).get(path)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    return archive


def in_it(archive: zipfile.ZipFile, name: str) -> Any:
    return json.loads(archive.read(f"{name}.json"))


def make_file(owner: User, name: str, data: bytes) -> StoredFile:
    key = f"{owner.pk}/{name}"
    default_storage.save(key, ContentFile(data))
    return StoredFile.objects.create(
        owner=owner, name=name, size=len(data), content_type="text/plain", key=key, state=State.READY
    )


def test_all_that_is_theirs_is_in_it_and_nothing_of_others(anna: User) -> None:
    ben = User.objects.create_user("ben@example.com", name="Ben")
    for user in (anna, ben):
        me, _ = signed_in(user)
        testing.call("notes.createNote", user=me, note=Note(title=f"Milk of {user.email} ½", tags=["a"]))
        testing.call("notebooks.createNotebook", user=me, name="Home")
        testing.call("accountData.giveConsent", user=me, document="terms", version="1")
        make_file(user, "letter.txt", f"Dear {user.email}".encode())
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        SocialAccount.objects.create(
            user=user, provider="google", uid=user.email, extra_data={"locale": "de"}
        )
    profile.change_full_name(anna, "Anna Example")
    profile.set_picture(anna, photo())
    TOTP.activate(anna, "TOPSECRET")
    me, token = signed_in(anna)

    archive = fetched(address(me))

    [account] = in_it(archive, "account")
    assert (account["email"], account["full_name"], account["has_password"]) == (
        anna.email,
        "Anna Example",
        True,
    )
    assert in_it(archive, "email_addresses") == [{"email": anna.email, "verified": True, "primary": True}]
    assert in_it(archive, "identities")[0]["what_the_provider_said"] == {"locale": "de"}
    assert in_it(archive, "second_factors")[0]["type"] == "totp"
    assert len(in_it(archive, "devices")) == 2
    assert in_it(archive, "consents")[0]["document"] == "terms"
    assert {each["event"] for each in in_it(archive, "security_events")} == {
        "consent_given",
        "export_requested",
    }
    [note] = in_it(archive, "notes")
    assert (note["title"], note["tags"]) == ("Milk of anna@example.com ½", ["a"])
    assert in_it(archive, "notebooks")[0]["name"] == "Home"
    [listed] = in_it(archive, "files")
    assert archive.read(f"files/{listed['id']}/letter.txt") == b"Dear anna@example.com"
    assert archive.read("picture.webp")[8:12] == b"WEBP"
    everything = b"".join(archive.read(name) for name in archive.namelist())
    for secret in (b"ben@example.com", b"TOPSECRET", b"argon2", token.encode(), anna.password.encode()):
        assert secret not in everything


def test_an_address_works_for_minutes(anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = testing.call("accountData.exportData", user=anna)
    assert timedelta(minutes=14) < answer.expires_at - clock.now() < timedelta(minutes=16)
    path = urlsplit(str(answer.url)).path
    assert Client().head(path).status_code == 200
    fetched(path)
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 16 * 60)
    late = Client().get(path)
    assert late.status_code == 404
    assert b"Request a new one" in late.content


def test_an_invalid_address_or_a_blocked_user_gives_nothing(anna: User) -> None:
    path = address(anna)
    assert Client().get("/account/data/nonsense/").status_code == 404
    assert Client().get(path[:-3] + "xx/").status_code == 404
    foreign = signing.TimestampSigner(salt="files.download").sign(str(anna.pk))
    assert Client().get(f"/account/data/{foreign}/").status_code == 404
    assert Client().post(path).status_code == 405
    User.objects.update(is_active=False)
    assert Client().get(path).status_code == 404


def test_nobody_has_no_data(db: None) -> None:
    with pytest.raises(NotSignedIn):
        address(None)


def test_a_file_whose_bytes_are_gone_is_empty_and_the_rest_is_there(anna: User) -> None:
    gone = make_file(anna, "gone.txt", b"x")
    default_storage.delete(gone.key)
    make_file(anna, "here.jpg", b"here")
    archive = fetched(address(anna))
    assert archive.read(f"files/{gone.pk}/gone.txt") == b""
    assert any(name.endswith("here.jpg") for name in archive.namelist())


def test_the_page_gives_it_to_a_signed_in_user(anna: User) -> None:
    assert Client().get("/account/data/")["Location"] == "/account/login/?next=/account/data/"
    assert Client().post("/account/data/export/")["Location"].startswith("/account/login/")
    client = Client()
    client.force_login(anna)
    assert b"/account/data/export/" in client.get("/account/data/").content
    assert client.get("/account/data/export/").status_code == 405
    answer: Any = client.post("/account/data/export/")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert in_it(archive, "account")[0]["email"] == anna.email
    assert SecurityEvent.objects.get(event="export_requested").user == anna


def test_memory_does_not_grow_with_what_is_in_it(anna: User, folder: Path) -> None:
    for number in range(3):
        make_file(anna, f"{number}.jpg", bytes(8_000_000))
    list(export.stream(anna))  # what is loaded once
    tracemalloc.start()
    size = sum(len(piece) for piece in export.stream(anna))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 24_000_000
    assert peak < 3_000_000


def test_many_rows_come_a_page_at_a_time_and_hold_no_connection(
    anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "PAGE_ROWS", 7)
    monkeypatch.setattr(export, "PIECE_BYTES", 200)
    titles = [f"{number} {uuid.uuid4()}" for number in range(100)]
    Note.objects.bulk_create([Note(title=title, tags=[], owner_id=anna.pk) for title in titles])
    for number in range(15):
        make_file(anna, f"{number}.jpg", bytes(300))
    pieces, held = [], []
    for piece in export.stream(anna):
        pieces.append(piece)
        held.append(connection.connection is not None)
    assert len(pieces) > 10
    assert not any(held[:-1])
    archive = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))
    assert archive.testzip() is None
    assert [each["title"] for each in in_it(archive, "notes")] == titles
    assert len([name for name in archive.namelist() if name.endswith(".jpg")]) == 15


def test_a_client_that_goes_away_ends_it(anna: User) -> None:
    make_file(anna, "large.jpg", bytes(3_000_000))
    begun = export.stream(anna)
    next(begun)
    begun.close()  # type: ignore[attr-defined]
