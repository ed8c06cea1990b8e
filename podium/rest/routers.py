"""The one router of the REST API: an app registers its resources in its rest.py."""

from __future__ import annotations

from typing import Any

from rest_framework.routers import DefaultRouter, Route


class Router(DefaultRouter):
    """A router whose addresses work with and without a slash at the end: a redirect would lose the body.

    A view set with `routes` has those instead of the usual ones.
    """

    include_root_view = False

    def __init__(self) -> None:
        super().__init__()
        self.trailing_slash = "/?"

    def get_routes(self, viewset: Any) -> list[Route]:
        own: list[Route] | None = getattr(viewset, "routes", None)
        return super().get_routes(viewset) if own is None else own


router = Router()
