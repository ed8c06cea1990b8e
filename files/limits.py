"""The size of an upload's body: its signed address determines it."""

from __future__ import annotations

from functools import partial

from files import uploads
from files.conf import conf
from files.protocol import FileException
from podium.core import clock
from podium.endpoints import page_limits, threads
from podium.endpoints.page_limits import Limit

PATH = "/uploads/upload/"


async def of_upload(token: str, announced: str) -> Limit:
    """Return 0 bytes for uploads that the view refuses anyway. Queries the database only for signed addresses."""
    try:
        file_id = uploads.id_in(token)
        file = await threads.run(partial(uploads.open_upload, file_id))
    except FileException:
        return Limit(0, upload="refused")
    size = file.size if announced in ("", str(file.size)) else 0
    left = file.expires_at - clock.now() if file.expires_at else None
    return Limit(size, str(file_id), left.total_seconds() if left else None)


page_limits.UPLOADS[PATH] = of_upload
page_limits.FORMS.append(lambda: conf.MAX_BYTES)
