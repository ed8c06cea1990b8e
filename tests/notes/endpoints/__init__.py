"""The methods that clients of the tests' app may call."""

from tests.notes.endpoints import notes

__all__ = ["notes"]
