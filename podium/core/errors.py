"""The root of all errors whose text may reach a client. Independent of HTTP, except for the status number."""

from __future__ import annotations

from typing import Any, ClassVar


class PodiumError(Exception):
    """The request could not be carried out."""

    # The docstring of a subclass is its message, so that the listing of classes is the listing of messages.
    status: ClassVar[int] = 400
    code: ClassVar[str] = "podium.error"

    def __init__(self, **details: Any) -> None:
        self.details = details
        super().__init__(self.message)

    @property
    def message(self) -> str:
        return (type(self).__doc__ or "").strip().splitlines()[0]
