"""Typed queries of signup, generated from its model files by `python3 manage.py generate`. Do not edit."""

# mypy: disable-error-code=override
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, Never, Self, TypeAlias, TypedDict, Unpack

from django.db import models

from podium.reads.queries import QuerySet

if TYPE_CHECKING:
    from podium.reads.queries import Expression, RelatedObjects

    from .protocol import Signup, SignupGuest


class SignupQuerySet(QuerySet["Signup"]):
    """Queries of Signup; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[SignupLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[SignupLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[SignupLookups]) -> Signup: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[SignupLookups]) -> Signup: ...
        def create(self, **values: Unpack[SignupValues]) -> Signup: ...
        async def acreate(self, **values: Unpack[SignupValues]) -> Signup: ...
        def update(self, **values: Unpack[SignupValues]) -> int: ...
        async def aupdate(self, **values: Unpack[SignupValues]) -> int: ...
        def order_by(self, *fields: SignupOrder | Expression) -> Self: ...
        def values(self, *fields: SignupField, **named: Expression) -> models.QuerySet[Signup, dict[str, Any]]: ...
        def values_list(
            self, *fields: SignupField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[Signup, Any]: ...
        def only(self, *fields: SignupField) -> Self: ...
        def defer(self, *fields: SignupField) -> Self: ...
        def select_related(self, *relations: SignupParent) -> Self: ...
        def prefetch_related(self, *relations: SignupRelation | models.Prefetch[Any]) -> Self: ...


if TYPE_CHECKING:

    class SignupLookups(TypedDict, total=False):
        pk: int | Expression
        pk__in: Iterable[int] | Expression
        pk__isnull: bool
        id: int | Expression | None
        id__in: Iterable[int] | Expression
        id__isnull: bool
        id__gt: int | Expression
        id__gte: int | Expression
        id__lt: int | Expression
        id__lte: int | Expression
        id__range: tuple[int | Expression, int | Expression]
        name: str | Expression
        name__in: Iterable[str] | Expression
        name__isnull: bool
        name__gt: str | Expression
        name__gte: str | Expression
        name__lt: str | Expression
        name__lte: str | Expression
        name__range: tuple[str | Expression, str | Expression]
        name__iexact: str | Expression
        name__contains: str | Expression
        name__icontains: str | Expression
        name__startswith: str | Expression
        name__istartswith: str | Expression
        name__endswith: str | Expression
        name__iendswith: str | Expression
        name__regex: str | Expression
        name__iregex: str | Expression
        slug: str | Expression | None
        slug__in: Iterable[str] | Expression
        slug__isnull: bool
        slug__gt: str | Expression
        slug__gte: str | Expression
        slug__lt: str | Expression
        slug__lte: str | Expression
        slug__range: tuple[str | Expression, str | Expression]
        slug__iexact: str | Expression
        slug__contains: str | Expression
        slug__icontains: str | Expression
        slug__startswith: str | Expression
        slug__istartswith: str | Expression
        slug__endswith: str | Expression
        slug__iendswith: str | Expression
        slug__regex: str | Expression
        slug__iregex: str | Expression
        stars: int | Expression
        stars__in: Iterable[int] | Expression
        stars__isnull: bool
        stars__gt: int | Expression
        stars__gte: int | Expression
        stars__lt: int | Expression
        stars__lte: int | Expression
        stars__range: tuple[int | Expression, int | Expression]
        price: float | Expression | None
        price__in: Iterable[float] | Expression
        price__isnull: bool
        price__gt: float | Expression
        price__gte: float | Expression
        price__lt: float | Expression
        price__lte: float | Expression
        price__range: tuple[float | Expression, float | Expression]
        mail: str | Expression | None
        mail__in: Iterable[str] | Expression
        mail__isnull: bool
        mail__gt: str | Expression
        mail__gte: str | Expression
        mail__lt: str | Expression
        mail__lte: str | Expression
        mail__range: tuple[str | Expression, str | Expression]
        mail__iexact: str | Expression
        mail__contains: str | Expression
        mail__icontains: str | Expression
        mail__startswith: str | Expression
        mail__istartswith: str | Expression
        mail__endswith: str | Expression
        mail__iendswith: str | Expression
        mail__regex: str | Expression
        mail__iregex: str | Expression
        site: str | Expression | None
        site__in: Iterable[str] | Expression
        site__isnull: bool
        site__gt: str | Expression
        site__gte: str | Expression
        site__lt: str | Expression
        site__lte: str | Expression
        site__range: tuple[str | Expression, str | Expression]
        site__iexact: str | Expression
        site__contains: str | Expression
        site__icontains: str | Expression
        site__startswith: str | Expression
        site__istartswith: str | Expression
        site__endswith: str | Expression
        site__iendswith: str | Expression
        site__regex: str | Expression
        site__iregex: str | Expression
        tags: Any
        tags__isnull: bool
        tags__contains: Any
        tags__contained_by: Any
        tags__has_key: str
        tags__has_keys: Iterable[str]
        tags__has_any_keys: Iterable[str]
        kinds: Any
        kinds__isnull: bool
        kinds__contains: Any
        kinds__contained_by: Any
        kinds__has_key: str
        kinds__has_keys: Iterable[str]
        kinds__has_any_keys: Iterable[str]
        photo: bytes | Expression | None
        photo__in: Iterable[bytes] | Expression
        photo__isnull: bool
        validate: str | Expression | None
        validate__in: Iterable[str] | Expression
        validate__isnull: bool
        validate__gt: str | Expression
        validate__gte: str | Expression
        validate__lt: str | Expression
        validate__lte: str | Expression
        validate__range: tuple[str | Expression, str | Expression]
        validate__iexact: str | Expression
        validate__contains: str | Expression
        validate__icontains: str | Expression
        validate__startswith: str | Expression
        validate__istartswith: str | Expression
        validate__endswith: str | Expression
        validate__iendswith: str | Expression
        validate__regex: str | Expression
        validate__iregex: str | Expression
        guests: Any
        guests__isnull: bool
        guests__contains: Any
        guests__contained_by: Any
        guests__has_key: str
        guests__has_keys: Iterable[str]
        guests__has_any_keys: Iterable[str]

    class SignupQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[SignupLookups]) -> None: ...

    class SignupValues(TypedDict, total=False):
        id: int | Expression | None
        name: str | Expression
        slug: str | Expression | None
        stars: int | Expression
        price: float | Expression | None
        mail: str | Expression | None
        site: str | Expression | None
        tags: list[str] | Expression
        kinds: set[int] | Expression | None
        photo: bytes | Expression | None
        validate: str | Expression | None
        guests: list[SignupGuest] | Expression | None

    SignupField: TypeAlias = Literal[
        "pk",
        "id",
        "name",
        "slug",
        "stars",
        "price",
        "mail",
        "site",
        "tags",
        "kinds",
        "photo",
        "validate",
        "guests",
    ]

    SignupOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "name",
        "-name",
        "slug",
        "-slug",
        "stars",
        "-stars",
        "price",
        "-price",
        "mail",
        "-mail",
        "site",
        "-site",
        "tags",
        "-tags",
        "kinds",
        "-kinds",
        "photo",
        "-photo",
        "validate",
        "-validate",
        "guests",
        "-guests",
        "?",
    ]

    SignupParent: TypeAlias = Never

    SignupRelation: TypeAlias = Never

    class SignupRelated(SignupQuerySet, RelatedObjects[Signup]):
        """The Signup objects related to another object."""
