"""Links at the top of the page of a row, for all models. An app registers them in its admin.py:

@row_link
def receipt(request, row):
    return Link("Receipt", reverse("shop_receipt", args=[row.pk])) if isinstance(row, Order) else None
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class Link:
    """A link. icon: a name of fonts.google.com/icons."""

    title: str
    path: str
    icon: str = ""


Maker = Callable[[HttpRequest, Model], Link | None]
_makers: list[Maker] = []


def row_link(maker: Maker) -> Maker:
    """Show the returned link, if there is one, on the page of each row. At most a query or two."""
    _makers.append(maker)
    return maker


class RowLinks:
    """A mixin for admin classes, before unfold's ModelAdmin: shows the links that apps registered."""

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row: Model | None = kwargs.get("obj")
        if row is not None and row.pk is not None:
            links = [asdict(link) for maker in _makers if (link := maker(request, row)) is not None]
            context["actions_detail"] = [*(context.get("actions_detail") or ()), *links]
        answer: HttpResponse = super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]
        return answer
