"""Why what an app brought from a provider is not good. For the log alone: a client learns only that it was refused."""

from __future__ import annotations


class Refused(Exception):
    """The text says why, and holds no token, code or secret; `status` is that of the provider's answer, else 0."""

    def __init__(self, text: str, status: int = 0) -> None:
        super().__init__(text)
        self.status = status


def shown(value: object) -> str:
    """Something a client sent, short enough for a log, on one line."""
    return repr(value)[:100]
