"""Pictures of users: read with limits, cropped to a square, and stored without the camera's metadata.

Stored in Django's default storage, under names that nobody can guess. Anybody who has the address of a picture can
see it. profile.py stores which picture a user has.
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
"""Only these readers are tried: fewer readers mean fewer risks."""
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
"""The errors that Pillow raises for invalid or damaged files."""
_one_at_a_time = Lock()
"""An open picture takes 4 to 15 bytes a pixel: up to 310 MB at the default ACCOUNTS_PICTURE_INPUT_PIXELS."""


def squared(data: bytes) -> bytes:
    """Return the picture as it is stored: upright, a square from its centre, WebP, without EXIF and similar data.

    Uses the first frame of an animation. Raises ProfileException: PICTURE_TOO_LARGE, NO_PICTURE.
    """
    if len(data) > conf.PICTURE_BYTES:
        raise _too_large(f"The picture has {len(data)} bytes; at most {conf.PICTURE_BYTES} are accepted.")
    with _one_at_a_time:
        try:
            return _squared(data)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
            raise _too_large("The picture has too many pixels.") from None
        except _BROKEN as error:
            logger.info("a picture was refused: %s", error)
            raise ProfileException(
                reason=Reason.NO_PICTURE,
                message="This is not a valid picture, or it is damaged. JPEG, PNG, WebP and GIF are accepted.",
            ) from None


def _squared(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:  # reads only the header
        width, height = image.size
        if width * height > conf.PICTURE_INPUT_PIXELS:
            raise _too_large(
                f"The picture has {width} x {height} pixels; at most {conf.PICTURE_INPUT_PIXELS} in all are accepted."
            )
        side = min(conf.PICTURE_PIXELS, width, height)
        image.draft("RGB", (side, side))  # for a JPEG, decode only as many pixels as needed
        mode = "RGBA" if image.has_transparency_data else "RGB"
        seen = image if image.mode == mode else image.convert(mode)
        square = ImageOps.fit(seen, (side, side), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(
        square
    )  # only now: the centre stays the centre, and this copies all pixels
    clean = Image.frombytes(mode, upright.size, upright.tobytes())  # the pixels, without any metadata
    kept = io.BytesIO()
    clean.save(kept, "WEBP", quality=QUALITY)
    return kept.getvalue()


def _too_large(message: str) -> ProfileException:
    return ProfileException(reason=Reason.PICTURE_TOO_LARGE, message=message)


def store(kept: bytes) -> tuple[str, str]:
    """Store a picture. Returns its path in the storage, and its public address."""
    name = f"{secrets.token_urlsafe(24)}.webp"
    path = default_storage.save(f"{FOLDER}/{name}", ContentFile(kept))
    return path, settings.PUBLIC_URL + reverse("profile_picture", args=[path.removeprefix(f"{FOLDER}/")])


def delete(path: str) -> None:
    """Delete a stored picture. The storage may be another machine: a failure is logged and changes nothing else."""
    try:
        default_storage.delete(path)
    except Exception:  # storages raise errors of any kind
        logger.exception("the picture %s could not be deleted from the storage", path)
