"""The reason for refusing a provider's token or code. Only for the log: clients learn only that it was refused."""

from __future__ import annotations


class Refused(Exception):
    """The text gives the reason, without tokens, codes or secrets; `status` is that of the response, else 0."""

    def __init__(self, text: str, status: int = 0) -> None:
        super().__init__(text)
        self.status = status


def shown(value: object) -> str:
    """A value from a client, shortened for a log and on one line."""
    return repr(value)[:100]
