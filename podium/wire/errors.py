"""Errors of the model language: in the text of a type, and in values of the wrong type."""

from __future__ import annotations

from podium.core.errors import PodiumError


class SchemaError(Exception):
    """A text of the model language is invalid. `offset` counts its characters from 0."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class WireError(PodiumError):
    """A value does not have the form that its type asks for."""

    status = 400
    code = "schema.wire"

    # The problem is only known where it is found, so the message is an argument here, not the docstring.
    def __init__(self, problem: str = "", path: str = "") -> None:
        self.problem = problem or (type(self).__doc__ or "")
        self.path = path
        super().__init__(path=path)

    @property
    def message(self) -> str:
        return f"{self.path}: {self.problem}" if self.path else self.problem

    def below(self, step: str) -> WireError:
        """The same error one level up: a step is a name ("title") or an index ("[2]")."""
        path = step + ("." if self.path and not self.path.startswith("[") else "") + self.path
        return type(self)(self.problem, path)

    def __str__(self) -> str:
        return self.message
