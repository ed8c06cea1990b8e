"""Typed queries of accounts, generated from its model files by `python3 manage.py generate`. Do not edit."""

# mypy: disable-error-code=override
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias, TypedDict, Unpack

from django.db import models

from podium.reads.queries import QuerySet

if TYPE_CHECKING:
    from accounts.models import User
    from podium.reads.queries import Expression, RelatedObjects

    from .protocol import UserProfile, UserProfileImage


class UserProfileQuerySet(QuerySet["UserProfile"]):
    """Queries of UserProfile; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[UserProfileLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[UserProfileLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[UserProfileLookups]) -> UserProfile: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[UserProfileLookups]) -> UserProfile: ...
        def create(self, **values: Unpack[UserProfileValues]) -> UserProfile: ...
        async def acreate(self, **values: Unpack[UserProfileValues]) -> UserProfile: ...
        def update(self, **values: Unpack[UserProfileValues]) -> int: ...
        async def aupdate(self, **values: Unpack[UserProfileValues]) -> int: ...
        def order_by(self, *fields: UserProfileOrder | Expression) -> Self: ...
        def values(self, *fields: UserProfileField, **named: Expression) -> models.QuerySet[UserProfile, dict[str, Any]]: ...
        def values_list(
            self, *fields: UserProfileField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[UserProfile, Any]: ...
        def only(self, *fields: UserProfileField) -> Self: ...
        def defer(self, *fields: UserProfileField) -> Self: ...
        def select_related(self, *relations: UserProfileParent) -> Self: ...
        def prefetch_related(self, *relations: UserProfileRelation | models.Prefetch[Any]) -> Self: ...


class UserProfileImageQuerySet(QuerySet["UserProfileImage"]):
    """Queries of UserProfileImage; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[UserProfileImageLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[UserProfileImageLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[UserProfileImageLookups]) -> UserProfileImage: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[UserProfileImageLookups]) -> UserProfileImage: ...
        def create(self, **values: Unpack[UserProfileImageValues]) -> UserProfileImage: ...
        async def acreate(self, **values: Unpack[UserProfileImageValues]) -> UserProfileImage: ...
        def update(self, **values: Unpack[UserProfileImageValues]) -> int: ...
        async def aupdate(self, **values: Unpack[UserProfileImageValues]) -> int: ...
        def order_by(self, *fields: UserProfileImageOrder | Expression) -> Self: ...
        def values(self, *fields: UserProfileImageField, **named: Expression) -> models.QuerySet[UserProfileImage, dict[str, Any]]: ...
        def values_list(
            self, *fields: UserProfileImageField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[UserProfileImage, Any]: ...
        def only(self, *fields: UserProfileImageField) -> Self: ...
        def defer(self, *fields: UserProfileImageField) -> Self: ...
        def select_related(self, *relations: UserProfileImageParent) -> Self: ...
        def prefetch_related(self, *relations: UserProfileImageRelation | models.Prefetch[Any]) -> Self: ...


if TYPE_CHECKING:

    class UserProfileLookups(TypedDict, total=False):
        pk: uuid.UUID | Expression
        pk__in: Iterable[uuid.UUID] | Expression
        pk__isnull: bool
        id: uuid.UUID | str | Expression | None
        id__in: Iterable[uuid.UUID | str] | Expression
        id__isnull: bool
        id__gt: uuid.UUID | str | Expression
        id__gte: uuid.UUID | str | Expression
        id__lt: uuid.UUID | str | Expression
        id__lte: uuid.UUID | str | Expression
        id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        auth_user_id: uuid.UUID | str | Expression
        auth_user_id__in: Iterable[uuid.UUID | str] | Expression
        auth_user_id__isnull: bool
        auth_user_id__gt: uuid.UUID | str | Expression
        auth_user_id__gte: uuid.UUID | str | Expression
        auth_user_id__lt: uuid.UUID | str | Expression
        auth_user_id__lte: uuid.UUID | str | Expression
        auth_user_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        user_name: str | Expression | None
        user_name__in: Iterable[str] | Expression
        user_name__isnull: bool
        user_name__gt: str | Expression
        user_name__gte: str | Expression
        user_name__lt: str | Expression
        user_name__lte: str | Expression
        user_name__range: tuple[str | Expression, str | Expression]
        user_name__iexact: str | Expression
        user_name__contains: str | Expression
        user_name__icontains: str | Expression
        user_name__startswith: str | Expression
        user_name__istartswith: str | Expression
        user_name__endswith: str | Expression
        user_name__iendswith: str | Expression
        user_name__regex: str | Expression
        user_name__iregex: str | Expression
        full_name: str | Expression | None
        full_name__in: Iterable[str] | Expression
        full_name__isnull: bool
        full_name__gt: str | Expression
        full_name__gte: str | Expression
        full_name__lt: str | Expression
        full_name__lte: str | Expression
        full_name__range: tuple[str | Expression, str | Expression]
        full_name__iexact: str | Expression
        full_name__contains: str | Expression
        full_name__icontains: str | Expression
        full_name__startswith: str | Expression
        full_name__istartswith: str | Expression
        full_name__endswith: str | Expression
        full_name__iendswith: str | Expression
        full_name__regex: str | Expression
        full_name__iregex: str | Expression
        email: str | Expression | None
        email__in: Iterable[str] | Expression
        email__isnull: bool
        email__gt: str | Expression
        email__gte: str | Expression
        email__lt: str | Expression
        email__lte: str | Expression
        email__range: tuple[str | Expression, str | Expression]
        email__iexact: str | Expression
        email__contains: str | Expression
        email__icontains: str | Expression
        email__startswith: str | Expression
        email__istartswith: str | Expression
        email__endswith: str | Expression
        email__iendswith: str | Expression
        email__regex: str | Expression
        email__iregex: str | Expression
        created_at: datetime.datetime | Expression
        created_at__in: Iterable[datetime.datetime] | Expression
        created_at__isnull: bool
        created_at__gt: datetime.datetime | Expression
        created_at__gte: datetime.datetime | Expression
        created_at__lt: datetime.datetime | Expression
        created_at__lte: datetime.datetime | Expression
        created_at__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        created_at__date: datetime.date | Expression
        created_at__date__gt: datetime.date | Expression
        created_at__date__gte: datetime.date | Expression
        created_at__date__lt: datetime.date | Expression
        created_at__date__lte: datetime.date | Expression
        created_at__year: int | Expression
        created_at__month: int | Expression
        created_at__day: int | Expression
        created_at__week_day: int | Expression
        created_at__hour: int | Expression
        created_at__minute: int | Expression
        image_id: uuid.UUID | str | Expression | None
        image_id__in: Iterable[uuid.UUID | str] | Expression
        image_id__isnull: bool
        image_id__gt: uuid.UUID | str | Expression
        image_id__gte: uuid.UUID | str | Expression
        image_id__lt: uuid.UUID | str | Expression
        image_id__lte: uuid.UUID | str | Expression
        image_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        auth_user: User | Expression | None
        auth_user__in: Iterable[User] | Expression
        auth_user__isnull: bool
        auth_user__pk: uuid.UUID | Expression
        auth_user__pk__in: Iterable[uuid.UUID] | Expression
        auth_user__pk__isnull: bool
        auth_user__id: uuid.UUID | str | Expression | None
        auth_user__id__in: Iterable[uuid.UUID | str] | Expression
        auth_user__id__isnull: bool
        auth_user__id__gt: uuid.UUID | str | Expression
        auth_user__id__gte: uuid.UUID | str | Expression
        auth_user__id__lt: uuid.UUID | str | Expression
        auth_user__id__lte: uuid.UUID | str | Expression
        auth_user__id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        auth_user__created_at: datetime.datetime | Expression
        auth_user__created_at__in: Iterable[datetime.datetime] | Expression
        auth_user__created_at__isnull: bool
        auth_user__created_at__gt: datetime.datetime | Expression
        auth_user__created_at__gte: datetime.datetime | Expression
        auth_user__created_at__lt: datetime.datetime | Expression
        auth_user__created_at__lte: datetime.datetime | Expression
        auth_user__created_at__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        auth_user__created_at__date: datetime.date | Expression
        auth_user__created_at__date__gt: datetime.date | Expression
        auth_user__created_at__date__gte: datetime.date | Expression
        auth_user__created_at__date__lt: datetime.date | Expression
        auth_user__created_at__date__lte: datetime.date | Expression
        auth_user__created_at__year: int | Expression
        auth_user__created_at__month: int | Expression
        auth_user__created_at__day: int | Expression
        auth_user__created_at__week_day: int | Expression
        auth_user__created_at__hour: int | Expression
        auth_user__created_at__minute: int | Expression
        auth_user__scope_names: Any
        auth_user__scope_names__isnull: bool
        auth_user__scope_names__contains: Any
        auth_user__scope_names__contained_by: Any
        auth_user__scope_names__has_key: str
        auth_user__scope_names__has_keys: Iterable[str]
        auth_user__scope_names__has_any_keys: Iterable[str]
        image: UserProfileImage | Expression | None
        image__in: Iterable[UserProfileImage] | Expression
        image__isnull: bool
        image__pk: uuid.UUID | Expression
        image__pk__in: Iterable[uuid.UUID] | Expression
        image__pk__isnull: bool
        image__id: uuid.UUID | str | Expression | None
        image__id__in: Iterable[uuid.UUID | str] | Expression
        image__id__isnull: bool
        image__id__gt: uuid.UUID | str | Expression
        image__id__gte: uuid.UUID | str | Expression
        image__id__lt: uuid.UUID | str | Expression
        image__id__lte: uuid.UUID | str | Expression
        image__id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        image__user_profile_id: uuid.UUID | str | Expression
        image__user_profile_id__in: Iterable[uuid.UUID | str] | Expression
        image__user_profile_id__isnull: bool
        image__user_profile_id__gt: uuid.UUID | str | Expression
        image__user_profile_id__gte: uuid.UUID | str | Expression
        image__user_profile_id__lt: uuid.UUID | str | Expression
        image__user_profile_id__lte: uuid.UUID | str | Expression
        image__user_profile_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        image__created_at: datetime.datetime | Expression
        image__created_at__in: Iterable[datetime.datetime] | Expression
        image__created_at__isnull: bool
        image__created_at__gt: datetime.datetime | Expression
        image__created_at__gte: datetime.datetime | Expression
        image__created_at__lt: datetime.datetime | Expression
        image__created_at__lte: datetime.datetime | Expression
        image__created_at__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        image__created_at__date: datetime.date | Expression
        image__created_at__date__gt: datetime.date | Expression
        image__created_at__date__gte: datetime.date | Expression
        image__created_at__date__lt: datetime.date | Expression
        image__created_at__date__lte: datetime.date | Expression
        image__created_at__year: int | Expression
        image__created_at__month: int | Expression
        image__created_at__day: int | Expression
        image__created_at__week_day: int | Expression
        image__created_at__hour: int | Expression
        image__created_at__minute: int | Expression
        image__storage_id: str | Expression
        image__storage_id__in: Iterable[str] | Expression
        image__storage_id__isnull: bool
        image__storage_id__gt: str | Expression
        image__storage_id__gte: str | Expression
        image__storage_id__lt: str | Expression
        image__storage_id__lte: str | Expression
        image__storage_id__range: tuple[str | Expression, str | Expression]
        image__storage_id__iexact: str | Expression
        image__storage_id__contains: str | Expression
        image__storage_id__icontains: str | Expression
        image__storage_id__startswith: str | Expression
        image__storage_id__istartswith: str | Expression
        image__storage_id__endswith: str | Expression
        image__storage_id__iendswith: str | Expression
        image__storage_id__regex: str | Expression
        image__storage_id__iregex: str | Expression
        image__path: str | Expression
        image__path__in: Iterable[str] | Expression
        image__path__isnull: bool
        image__path__gt: str | Expression
        image__path__gte: str | Expression
        image__path__lt: str | Expression
        image__path__lte: str | Expression
        image__path__range: tuple[str | Expression, str | Expression]
        image__path__iexact: str | Expression
        image__path__contains: str | Expression
        image__path__icontains: str | Expression
        image__path__startswith: str | Expression
        image__path__istartswith: str | Expression
        image__path__endswith: str | Expression
        image__path__iendswith: str | Expression
        image__path__regex: str | Expression
        image__path__iregex: str | Expression
        image__url: str | Expression
        image__url__in: Iterable[str] | Expression
        image__url__isnull: bool
        image__url__iexact: str | Expression
        image__url__contains: str | Expression
        image__url__icontains: str | Expression
        image__url__startswith: str | Expression
        image__url__istartswith: str | Expression
        image__url__endswith: str | Expression
        image__url__iendswith: str | Expression
        image__url__regex: str | Expression
        image__url__iregex: str | Expression
        image__user_profile: UserProfile | Expression | None
        image__user_profile__pk: uuid.UUID | Expression
        image__user_profile__id: uuid.UUID | str | Expression | None
        image__user_profile__auth_user_id: uuid.UUID | str | Expression
        image__user_profile__user_name: str | Expression | None
        image__user_profile__full_name: str | Expression | None
        image__user_profile__email: str | Expression | None
        image__user_profile__created_at: datetime.datetime | Expression
        image__user_profile__image_id: uuid.UUID | str | Expression | None

    class UserProfileQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[UserProfileLookups]) -> None: ...

    class UserProfileValues(TypedDict, total=False):
        id: uuid.UUID | Expression | None
        auth_user_id: uuid.UUID | Expression
        auth_user: User | Expression
        user_name: str | Expression | None
        full_name: str | Expression | None
        email: str | Expression | None
        created_at: datetime.datetime | Expression
        image_id: uuid.UUID | Expression | None
        image: UserProfileImage | Expression | None

    UserProfileField: TypeAlias = Literal[
        "pk",
        "id",
        "auth_user_id",
        "auth_user",
        "user_name",
        "full_name",
        "email",
        "created_at",
        "image_id",
        "image",
        "auth_user__id",
        "auth_user__created_at",
        "auth_user__scope_names",
        "image__id",
        "image__user_profile_id",
        "image__user_profile",
        "image__created_at",
        "image__storage_id",
        "image__path",
        "image__url",
    ]

    UserProfileOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "auth_user_id",
        "-auth_user_id",
        "auth_user",
        "-auth_user",
        "user_name",
        "-user_name",
        "full_name",
        "-full_name",
        "email",
        "-email",
        "created_at",
        "-created_at",
        "image_id",
        "-image_id",
        "image",
        "-image",
        "auth_user__id",
        "-auth_user__id",
        "auth_user__created_at",
        "-auth_user__created_at",
        "auth_user__scope_names",
        "-auth_user__scope_names",
        "image__id",
        "-image__id",
        "image__user_profile_id",
        "-image__user_profile_id",
        "image__user_profile",
        "-image__user_profile",
        "image__created_at",
        "-image__created_at",
        "image__storage_id",
        "-image__storage_id",
        "image__path",
        "-image__path",
        "image__url",
        "-image__url",
        "?",
    ]

    UserProfileParent: TypeAlias = Literal["auth_user", "image", "image__user_profile"]

    UserProfileRelation: TypeAlias = Literal["auth_user", "image", "image__user_profile"]

    class UserProfileRelated(UserProfileQuerySet, RelatedObjects[UserProfile]):
        """The UserProfile objects related to another object."""

    class UserProfileImageLookups(TypedDict, total=False):
        pk: uuid.UUID | Expression
        pk__in: Iterable[uuid.UUID] | Expression
        pk__isnull: bool
        id: uuid.UUID | str | Expression | None
        id__in: Iterable[uuid.UUID | str] | Expression
        id__isnull: bool
        id__gt: uuid.UUID | str | Expression
        id__gte: uuid.UUID | str | Expression
        id__lt: uuid.UUID | str | Expression
        id__lte: uuid.UUID | str | Expression
        id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        user_profile_id: uuid.UUID | str | Expression
        user_profile_id__in: Iterable[uuid.UUID | str] | Expression
        user_profile_id__isnull: bool
        user_profile_id__gt: uuid.UUID | str | Expression
        user_profile_id__gte: uuid.UUID | str | Expression
        user_profile_id__lt: uuid.UUID | str | Expression
        user_profile_id__lte: uuid.UUID | str | Expression
        user_profile_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        created_at: datetime.datetime | Expression
        created_at__in: Iterable[datetime.datetime] | Expression
        created_at__isnull: bool
        created_at__gt: datetime.datetime | Expression
        created_at__gte: datetime.datetime | Expression
        created_at__lt: datetime.datetime | Expression
        created_at__lte: datetime.datetime | Expression
        created_at__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        created_at__date: datetime.date | Expression
        created_at__date__gt: datetime.date | Expression
        created_at__date__gte: datetime.date | Expression
        created_at__date__lt: datetime.date | Expression
        created_at__date__lte: datetime.date | Expression
        created_at__year: int | Expression
        created_at__month: int | Expression
        created_at__day: int | Expression
        created_at__week_day: int | Expression
        created_at__hour: int | Expression
        created_at__minute: int | Expression
        storage_id: str | Expression
        storage_id__in: Iterable[str] | Expression
        storage_id__isnull: bool
        storage_id__gt: str | Expression
        storage_id__gte: str | Expression
        storage_id__lt: str | Expression
        storage_id__lte: str | Expression
        storage_id__range: tuple[str | Expression, str | Expression]
        storage_id__iexact: str | Expression
        storage_id__contains: str | Expression
        storage_id__icontains: str | Expression
        storage_id__startswith: str | Expression
        storage_id__istartswith: str | Expression
        storage_id__endswith: str | Expression
        storage_id__iendswith: str | Expression
        storage_id__regex: str | Expression
        storage_id__iregex: str | Expression
        path: str | Expression
        path__in: Iterable[str] | Expression
        path__isnull: bool
        path__gt: str | Expression
        path__gte: str | Expression
        path__lt: str | Expression
        path__lte: str | Expression
        path__range: tuple[str | Expression, str | Expression]
        path__iexact: str | Expression
        path__contains: str | Expression
        path__icontains: str | Expression
        path__startswith: str | Expression
        path__istartswith: str | Expression
        path__endswith: str | Expression
        path__iendswith: str | Expression
        path__regex: str | Expression
        path__iregex: str | Expression
        url: str | Expression
        url__in: Iterable[str] | Expression
        url__isnull: bool
        url__iexact: str | Expression
        url__contains: str | Expression
        url__icontains: str | Expression
        url__startswith: str | Expression
        url__istartswith: str | Expression
        url__endswith: str | Expression
        url__iendswith: str | Expression
        url__regex: str | Expression
        url__iregex: str | Expression
        user_profile: UserProfile | Expression | None
        user_profile__in: Iterable[UserProfile] | Expression
        user_profile__isnull: bool
        user_profile__pk: uuid.UUID | Expression
        user_profile__pk__in: Iterable[uuid.UUID] | Expression
        user_profile__pk__isnull: bool
        user_profile__id: uuid.UUID | str | Expression | None
        user_profile__id__in: Iterable[uuid.UUID | str] | Expression
        user_profile__id__isnull: bool
        user_profile__id__gt: uuid.UUID | str | Expression
        user_profile__id__gte: uuid.UUID | str | Expression
        user_profile__id__lt: uuid.UUID | str | Expression
        user_profile__id__lte: uuid.UUID | str | Expression
        user_profile__id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        user_profile__auth_user_id: uuid.UUID | str | Expression
        user_profile__auth_user_id__in: Iterable[uuid.UUID | str] | Expression
        user_profile__auth_user_id__isnull: bool
        user_profile__auth_user_id__gt: uuid.UUID | str | Expression
        user_profile__auth_user_id__gte: uuid.UUID | str | Expression
        user_profile__auth_user_id__lt: uuid.UUID | str | Expression
        user_profile__auth_user_id__lte: uuid.UUID | str | Expression
        user_profile__auth_user_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        user_profile__user_name: str | Expression | None
        user_profile__user_name__in: Iterable[str] | Expression
        user_profile__user_name__isnull: bool
        user_profile__user_name__gt: str | Expression
        user_profile__user_name__gte: str | Expression
        user_profile__user_name__lt: str | Expression
        user_profile__user_name__lte: str | Expression
        user_profile__user_name__range: tuple[str | Expression, str | Expression]
        user_profile__user_name__iexact: str | Expression
        user_profile__user_name__contains: str | Expression
        user_profile__user_name__icontains: str | Expression
        user_profile__user_name__startswith: str | Expression
        user_profile__user_name__istartswith: str | Expression
        user_profile__user_name__endswith: str | Expression
        user_profile__user_name__iendswith: str | Expression
        user_profile__user_name__regex: str | Expression
        user_profile__user_name__iregex: str | Expression
        user_profile__full_name: str | Expression | None
        user_profile__full_name__in: Iterable[str] | Expression
        user_profile__full_name__isnull: bool
        user_profile__full_name__gt: str | Expression
        user_profile__full_name__gte: str | Expression
        user_profile__full_name__lt: str | Expression
        user_profile__full_name__lte: str | Expression
        user_profile__full_name__range: tuple[str | Expression, str | Expression]
        user_profile__full_name__iexact: str | Expression
        user_profile__full_name__contains: str | Expression
        user_profile__full_name__icontains: str | Expression
        user_profile__full_name__startswith: str | Expression
        user_profile__full_name__istartswith: str | Expression
        user_profile__full_name__endswith: str | Expression
        user_profile__full_name__iendswith: str | Expression
        user_profile__full_name__regex: str | Expression
        user_profile__full_name__iregex: str | Expression
        user_profile__email: str | Expression | None
        user_profile__email__in: Iterable[str] | Expression
        user_profile__email__isnull: bool
        user_profile__email__gt: str | Expression
        user_profile__email__gte: str | Expression
        user_profile__email__lt: str | Expression
        user_profile__email__lte: str | Expression
        user_profile__email__range: tuple[str | Expression, str | Expression]
        user_profile__email__iexact: str | Expression
        user_profile__email__contains: str | Expression
        user_profile__email__icontains: str | Expression
        user_profile__email__startswith: str | Expression
        user_profile__email__istartswith: str | Expression
        user_profile__email__endswith: str | Expression
        user_profile__email__iendswith: str | Expression
        user_profile__email__regex: str | Expression
        user_profile__email__iregex: str | Expression
        user_profile__created_at: datetime.datetime | Expression
        user_profile__created_at__in: Iterable[datetime.datetime] | Expression
        user_profile__created_at__isnull: bool
        user_profile__created_at__gt: datetime.datetime | Expression
        user_profile__created_at__gte: datetime.datetime | Expression
        user_profile__created_at__lt: datetime.datetime | Expression
        user_profile__created_at__lte: datetime.datetime | Expression
        user_profile__created_at__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        user_profile__created_at__date: datetime.date | Expression
        user_profile__created_at__date__gt: datetime.date | Expression
        user_profile__created_at__date__gte: datetime.date | Expression
        user_profile__created_at__date__lt: datetime.date | Expression
        user_profile__created_at__date__lte: datetime.date | Expression
        user_profile__created_at__year: int | Expression
        user_profile__created_at__month: int | Expression
        user_profile__created_at__day: int | Expression
        user_profile__created_at__week_day: int | Expression
        user_profile__created_at__hour: int | Expression
        user_profile__created_at__minute: int | Expression
        user_profile__image_id: uuid.UUID | str | Expression | None
        user_profile__image_id__in: Iterable[uuid.UUID | str] | Expression
        user_profile__image_id__isnull: bool
        user_profile__image_id__gt: uuid.UUID | str | Expression
        user_profile__image_id__gte: uuid.UUID | str | Expression
        user_profile__image_id__lt: uuid.UUID | str | Expression
        user_profile__image_id__lte: uuid.UUID | str | Expression
        user_profile__image_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        user_profile__auth_user: User | Expression | None
        user_profile__auth_user__pk: uuid.UUID | Expression
        user_profile__auth_user__id: uuid.UUID | str | Expression | None
        user_profile__auth_user__created_at: datetime.datetime | Expression
        user_profile__auth_user__scope_names: Any
        user_profile__image: UserProfileImage | Expression | None
        user_profile__image__pk: uuid.UUID | Expression
        user_profile__image__id: uuid.UUID | str | Expression | None
        user_profile__image__user_profile_id: uuid.UUID | str | Expression
        user_profile__image__created_at: datetime.datetime | Expression
        user_profile__image__storage_id: str | Expression
        user_profile__image__path: str | Expression
        user_profile__image__url: str | Expression

    class UserProfileImageQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[UserProfileImageLookups]) -> None: ...

    class UserProfileImageValues(TypedDict, total=False):
        id: uuid.UUID | Expression | None
        user_profile_id: uuid.UUID | Expression
        user_profile: UserProfile | Expression
        created_at: datetime.datetime | Expression
        storage_id: str | Expression
        path: str | Expression
        url: str | Expression

    UserProfileImageField: TypeAlias = Literal[
        "pk",
        "id",
        "user_profile_id",
        "user_profile",
        "created_at",
        "storage_id",
        "path",
        "url",
        "user_profile__id",
        "user_profile__auth_user_id",
        "user_profile__auth_user",
        "user_profile__user_name",
        "user_profile__full_name",
        "user_profile__email",
        "user_profile__created_at",
        "user_profile__image_id",
        "user_profile__image",
    ]

    UserProfileImageOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "user_profile_id",
        "-user_profile_id",
        "user_profile",
        "-user_profile",
        "created_at",
        "-created_at",
        "storage_id",
        "-storage_id",
        "path",
        "-path",
        "url",
        "-url",
        "user_profile__id",
        "-user_profile__id",
        "user_profile__auth_user_id",
        "-user_profile__auth_user_id",
        "user_profile__auth_user",
        "-user_profile__auth_user",
        "user_profile__user_name",
        "-user_profile__user_name",
        "user_profile__full_name",
        "-user_profile__full_name",
        "user_profile__email",
        "-user_profile__email",
        "user_profile__created_at",
        "-user_profile__created_at",
        "user_profile__image_id",
        "-user_profile__image_id",
        "user_profile__image",
        "-user_profile__image",
        "?",
    ]

    UserProfileImageParent: TypeAlias = Literal[
        "user_profile",
        "user_profile__auth_user",
        "user_profile__image",
    ]

    UserProfileImageRelation: TypeAlias = Literal[
        "user_profile",
        "user_profile__auth_user",
        "user_profile__image",
    ]

    class UserProfileImageRelated(UserProfileImageQuerySet, RelatedObjects[UserProfileImage]):
        """The UserProfileImage objects related to another object."""
