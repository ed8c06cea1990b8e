"""Changing names and pictures: refused pictures, and the stored form of accepted ones."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from PIL import Image

from accounts.models import User
from accounts.profile import profile
from accounts.protocol import ProfileException, UserProfile, UserProfileImage
from podium.endpoints import testing
from podium.endpoints.errors import NotSignedIn
from podium.endpoints.registry import registry
from tests.accounts.users import folder, photo, stored

__all__ = ["folder"]


def call(method: str, user: Any, **arguments: Any) -> Any:
    return testing.call(f"userProfileEdit.{method}", user=user, **arguments)


def shown(url: Any) -> Any:
    """The response and its complete body."""
    answer: Any = Client().get(urlsplit(str(url)).path)
    return answer, b"".join(answer.streaming_content) if answer.streaming else answer.content


def reason(refused: pytest.ExceptionInfo[ProfileException]) -> str:
    assert refused.value.message
    return refused.value.reason.value


# Names --------------------------------------------------------------------------------------------------------------


def test_names_are_changed_and_taken_away(anna: User) -> None:
    assert call("get", anna).user_name is None
    assert call("changeUserName", anna, user_name="  Änne 👩‍👧  ").user_name == "Änne 👩‍👧"
    changed = call("changeFullName", anna, full_name="Anna Example")
    assert (changed.user_name, changed.full_name, changed.email) == ("Änne 👩‍👧", "Anna Example", anna.email)
    anna.refresh_from_db()
    assert anna.name == "Änne 👩‍👧"
    assert call("changeUserName", anna, user_name=None).user_name is None
    assert call("changeFullName", anna, full_name=" ").full_name is None
    assert call("get", anna) == testing.call("serverpod_auth_core.userProfileInfo.get", user=anna)
    assert UserProfile.objects.count() == 1


@pytest.mark.parametrize("name", ["a" * 151, "two\nlines", "bell\a", "li\u2028ne"])
def test_an_invalid_name_is_refused(anna: User, name: str) -> None:
    for method, parameter in (("changeUserName", "user_name"), ("changeFullName", "full_name")):
        with pytest.raises(ProfileException) as refused:
            call(method, anna, **{parameter: name})
        assert reason(refused) == "badName"
    assert not UserProfile.objects.exclude(user_name=None, full_name=None).exists()


def test_nobody_has_no_profile() -> None:
    for method in ("get", "removeUserImage"):
        with pytest.raises(NotSignedIn):
            call(method, None)


# Pictures -----------------------------------------------------------------------------------------------------------


def test_a_picture_becomes_a_square_that_everybody_sees(anna: User, folder: Path) -> None:
    url = call("setUserImage", anna, image=photo((800, 600))).image_url
    answer, body = shown(url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer["Cache-Control"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer
    picture = Image.open(io.BytesIO(body))
    assert (picture.size, picture.format) == ((512, 512), "WEBP")
    assert call("get", anna).image_url == url
    assert len(stored(folder)) == 1


def test_a_new_picture_takes_the_place_of_the_old_one(anna: User, folder: Path) -> None:
    first = call("setUserImage", anna, image=photo()).image_url
    second = call("setUserImage", anna, image=photo(color="blue")).image_url
    assert first != second
    assert shown(first)[0].status_code == 404
    assert shown(second)[0].status_code == 200
    assert UserProfileImage.objects.count() == len(stored(folder)) == 1
    assert call("removeUserImage", anna).image_url is None
    assert call("removeUserImage", anna).image_url is None
    assert not UserProfileImage.objects.exists()
    assert not stored(folder)


def test_a_picture_goes_with_its_user(anna: User, folder: Path) -> None:
    call("setUserImage", anna, image=photo())
    anna.delete()  # as in the admin
    assert not UserProfile.objects.exists()
    assert not stored(folder)


def test_camera_metadata_is_removed_and_the_picture_is_upright(anna: User, folder: Path) -> None:
    image = Image.new("RGB", (200, 100), "red")
    image.paste("blue", (0, 0, 100, 100))  # blue on the left
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise: what is on the left comes to the top
    exif[0x010E] = "SECRET place"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"SECRET comment", quality=95)
    assert b"SECRET" in out.getvalue()
    call("setUserImage", anna, image=out.getvalue())
    [path] = stored(folder)
    assert b"SECRET" not in path.read_bytes()
    kept = Image.open(io.BytesIO(path.read_bytes()))
    assert not kept.getexif()
    assert not kept.info.get("exif") and not kept.info.get("xmp") and not kept.info.get("icc_profile")
    top, bottom = kept.convert("RGB").getpixel((50, 5)), kept.convert("RGB").getpixel((50, 94))
    assert top[2] > 200 and bottom[0] > 200  # type: ignore[index]


@pytest.mark.parametrize(
    ("kind", "mode", "color"),
    [("PNG", "RGBA", "#ff000080"), ("PNG", "P", "red"), ("PNG", "L", "white"), ("PNG", "1", "white"),
     ("GIF", "P", "red"), ("WEBP", "RGB", "red"), ("JPEG", "CMYK", "red"), ("PNG", "I;16", "white")],
)  # fmt: skip
def test_the_usual_kinds_are_taken(anna: User, kind: str, mode: str, color: str, folder: Path) -> None:
    image = Image.new(mode, (40, 30), 5 if mode == "I;16" else color)
    out = io.BytesIO()
    image.save(out, kind)
    call("setUserImage", anna, image=out.getvalue())
    kept = Image.open(io.BytesIO(stored(folder)[0].read_bytes()))
    assert kept.size == (30, 30)  # not made larger than it is
    assert kept.has_transparency_data == (mode == "RGBA")


def test_of_an_animation_the_first_frame_is_shown(anna: User, folder: Path) -> None:
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "blue", "green")]
    for kind in ("GIF", "WEBP", "PNG"):
        out = io.BytesIO()
        frames[0].save(out, kind, save_all=True, append_images=frames[1:])
        call("setUserImage", anna, image=out.getvalue())
        kept = Image.open(io.BytesIO(stored(folder)[0].read_bytes()))
        assert getattr(kept, "n_frames", 1) == 1
        assert kept.convert("RGB").getpixel((5, 5))[0] > 200  # type: ignore[index]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"no picture at all" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        photo()[:200],
        photo(kind="PNG")[:60],
        photo(kind="WEBP")[:40],
        photo(kind="BMP"),
        photo(kind="TIFF"),
        photo(kind="ICO"),
    ],
    ids=["empty", "head", "text", "svg", "half jpeg", "half png", "half webp", "bmp", "tiff", "ico"],
)
def test_an_invalid_picture_is_refused(anna: User, folder: Path, data: bytes) -> None:
    call("setUserImage", anna, image=photo())
    before = call("get", anna)
    with pytest.raises(ProfileException) as refused:
        call("setUserImage", anna, image=data)
    assert reason(refused) == "noPicture"
    assert call("get", anna) == before
    assert len(stored(folder)) == 1


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header claims so many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(5001, 5000), (10_000, 10_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_pictures_with_too_many_pixels_are_refused_before_they_are_read(anna: User, size: Any) -> None:
    with pytest.raises(ProfileException) as refused:
        call("setUserImage", anna, image=bomb(*size))
    assert reason(refused) == "pictureTooLarge"


def test_pictures_with_too_many_bytes_are_refused(anna: User, settings: Any, folder: Path) -> None:
    settings.ACCOUNTS_PICTURE_BYTES = 100
    with pytest.raises(ProfileException) as refused:
        call("setUserImage", anna, image=photo())
    assert reason(refused) == "pictureTooLarge"
    assert "100" in refused.value.message
    assert not stored(folder)


def test_a_call_may_be_as_large_as_a_picture() -> None:
    sizes = registry().sizes
    assert sizes["userProfileEdit", "setUserImage"] > len(base64.b64encode(bytes(5 * 1024 * 1024)))
    assert ("userProfileEdit", "changeUserName") not in sizes


def test_a_picture_that_could_not_be_noted_leaves_no_bytes(
    anna: User, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(user: User) -> None:
        raise RuntimeError("the database is away")

    monkeypatch.setattr(profile, "_locked", fails)
    with pytest.raises(RuntimeError):
        profile.set_picture(anna, photo())
    assert not stored(folder)


@pytest.mark.parametrize("name", ["x.webp", "..%2f..%2fsecret.webp", "a" * 32 + ".png", "a" * 32 + ".webp"])
def test_other_files_of_the_storage_have_no_address(folder: Path, name: str, db: None) -> None:
    (folder / "secret.webp").write_bytes(b"secret")
    assert Client().get(f"/account/pictures/{name}").status_code == 404
