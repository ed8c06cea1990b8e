"""Errors of the model language: in a type's text, and in values that do not fit their type."""

from __future__ import annotations

from core.errors import PodiumError


class SchemaError(Exception):
    """A text of the model language that can't be read. `offset` counts characters from its start, from 0."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class WireError(PodiumError):
    """A value does not have the form that its type asks for."""

    status = 400
    code = "schema.wire"

    # What is wrong is only known where it is found, so here the text is given, not the docstring.
    def __init__(self, problem: str = "", path: str = "") -> None:
        self.problem = problem or (type(self).__doc__ or "")
        self.path = path
        super().__init__(path=path)

    @property
    def message(self) -> str:
        return f"{self.path}: {self.problem}" if self.path else self.problem

    def below(self, step: str) -> WireError:
        """The same error seen from one level up: a step is a name ("title") or a place ("[2]")."""
        path = step + ("." if self.path and not self.path.startswith("[") else "") + self.path
        return type(self)(self.problem, path)

    def __str__(self) -> str:
        return self.message
