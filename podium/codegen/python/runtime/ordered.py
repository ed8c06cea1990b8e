"""Sets with an order. In a generated client this file has the text of podium/wire/ordered.py."""

from podium.wire.ordered import OrderedSet

__all__ = ["OrderedSet"]
