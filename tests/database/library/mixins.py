"""The library's additions to its generated classes."""

from __future__ import annotations

import datetime

from django.db import models

from .protocol_types import (
    AuthorColumns,
    BookColumns,
    BookQuerySet,
    LibraryClosedExceptionFields,
    ShapeFields,
)


class BookQueries(BookQuerySet):
    """Chains like Django's own: `Book.objects.cheap().filter(...)`."""

    def cheap(self, most: float = 10) -> BookQueries:
        return self.filter(price__lte=most)


class BookMixin(BookColumns):
    class Meta:
        abstract = True
        ordering = ["title"]
        verbose_name = "volume"
        constraints = [
            models.CheckConstraint(condition=models.Q(price__gte=0), name="book_price_is_not_negative")
        ]

    def label(self) -> str:
        return f"{self.title} ({self.price or 0:.2f})"


class AuthorMixin(AuthorColumns):
    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class GenreMixin:
    def shout(self) -> str:
        return f"{self}!".upper()


class ShapeMixin(ShapeFields):
    def describe(self) -> str:
        return f"a {type(self).__name__.lower()} named {self.name}"


class LibraryClosedExceptionMixin(LibraryClosedExceptionFields):
    def for_hours(self, now: datetime.datetime) -> float | None:
        return None if self.until is None else (self.until - now) / datetime.timedelta(hours=1)
