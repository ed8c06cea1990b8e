"""Pictures of people: what came is read with limits, cut to a square, and kept without what a camera wrote into it.

Where they are kept is Django's default storage, under names that nobody can guess; everybody who has one's address can
see it. Which picture a person has is profile.py's matter.
"""

from __future__ import annotations

import io
import logging
import re
import secrets
import struct
import zlib
from threading import Lock

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image, ImageOps

from accounts.conf import conf
from accounts.protocol import ProfileException
from accounts.protocol import ProfileExceptionReason as Reason

logger = logging.getLogger("podium.accounts")

FOLDER = "pictures"
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
"""Readers of others are never tried: the fewer, the less can be wrong with them."""
NAME = re.compile(r"[A-Za-z0-9_-]{32}\.webp")
QUALITY = 85
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    TypeError,
    KeyError,
    struct.error,
    zlib.error,
)
"""What Pillow raises for a file that is none, or is damaged."""
_one_at_a_time = Lock()
"""An open picture takes 4 to 15 bytes a pixel, WebP most: up to 310 MB at ACCOUNTS_PICTURE_INPUT_PIXELS' default."""


def squared(data: bytes) -> bytes:
    """The picture as it is kept: upright, a square from its middle, WebP, without EXIF and the like.

    Of an animation the first frame. Raises ProfileException: PICTURE_TOO_LARGE, NO_PICTURE.
    """
    if len(data) > conf.PICTURE_BYTES:
        raise _too_large(f"The picture has {len(data)} bytes; up to {conf.PICTURE_BYTES} are taken.")
    with _one_at_a_time:
        try:
            return _squared(data)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
            raise _too_large("The picture has too many pixels.") from None
        except _BROKEN as error:
            logger.info("a picture was refused: %s", error)
            raise ProfileException(
                reason=Reason.NO_PICTURE,
                message="That is no picture, or a damaged one. JPEG, PNG, WebP and GIF are taken.",
            ) from None


def _squared(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:  # reads the head alone
        width, height = image.size
        if width * height > conf.PICTURE_INPUT_PIXELS:
            raise _too_large(
                f"The picture has {width} x {height} pixels; up to {conf.PICTURE_INPUT_PIXELS} in all are taken."
            )
        side = min(conf.PICTURE_PIXELS, width, height)
        image.draft("RGB", (side, side))  # of a JPEG only as many pixels as are needed
        mode = "RGBA" if image.has_transparency_data else "RGB"
        seen = image if image.mode == mode else image.convert(mode)
        square = ImageOps.fit(seen, (side, side), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(
        square
    )  # not before: the middle stays the middle, and this copies all pixels
    clean = Image.frombytes(mode, upright.size, upright.tobytes())  # its pixels, and nothing else
    kept = io.BytesIO()
    clean.save(kept, "WEBP", quality=QUALITY)
    return kept.getvalue()


def _too_large(message: str) -> ProfileException:
    return ProfileException(reason=Reason.PICTURE_TOO_LARGE, message=message)


def store(kept: bytes) -> tuple[str, str]:
    """Where in the storage a picture is from now on, and its public address."""
    name = f"{secrets.token_urlsafe(24)}.webp"
    path = default_storage.save(f"{FOLDER}/{name}", ContentFile(kept))
    return path, settings.PUBLIC_URL + reverse("profile_picture", args=[path.removeprefix(f"{FOLDER}/")])


def delete(path: str) -> None:
    """Delete a stored picture. The storage may be another machine: a failure is logged, and undoes nothing."""
    try:
        default_storage.delete(path)
    except Exception:  # whatever a storage raises
        logger.exception("the picture %s could not be deleted from the storage", path)
