"""Typed queries of legacy_auth, generated from its model files by `python3 manage.py generate`. Do not edit."""

# mypy: disable-error-code=override
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, Never, Self, TypeAlias, TypedDict, Unpack

from django.db import models

from podium.reads.queries import QuerySet

if TYPE_CHECKING:
    from accounts.models import User
    from podium.reads.queries import Expression, RelatedObjects

    from .protocol import (
        AuthKey,
        EmailAuth,
        EmailCreateAccountRequest,
        EmailFailedSignIn,
        EmailReset,
        GoogleRefreshToken,
        MigratedUser,
        UserImage,
        UserInfo,
    )


class AuthKeyQuerySet(QuerySet["AuthKey"]):
    """Queries of AuthKey; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[AuthKeyLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[AuthKeyLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[AuthKeyLookups]) -> AuthKey: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[AuthKeyLookups]) -> AuthKey: ...
        def create(self, **values: Unpack[AuthKeyValues]) -> AuthKey: ...
        async def acreate(self, **values: Unpack[AuthKeyValues]) -> AuthKey: ...
        def update(self, **values: Unpack[AuthKeyValues]) -> int: ...
        async def aupdate(self, **values: Unpack[AuthKeyValues]) -> int: ...
        def order_by(self, *fields: AuthKeyOrder | Expression) -> Self: ...
        def values(self, *fields: AuthKeyField, **named: Expression) -> models.QuerySet[AuthKey, dict[str, Any]]: ...
        def values_list(
            self, *fields: AuthKeyField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[AuthKey, Any]: ...
        def only(self, *fields: AuthKeyField) -> Self: ...
        def defer(self, *fields: AuthKeyField) -> Self: ...
        def select_related(self, *relations: AuthKeyParent) -> Self: ...
        def prefetch_related(self, *relations: AuthKeyRelation | models.Prefetch[Any]) -> Self: ...


class EmailAuthQuerySet(QuerySet["EmailAuth"]):
    """Queries of EmailAuth; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[EmailAuthLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[EmailAuthLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[EmailAuthLookups]) -> EmailAuth: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[EmailAuthLookups]) -> EmailAuth: ...
        def create(self, **values: Unpack[EmailAuthValues]) -> EmailAuth: ...
        async def acreate(self, **values: Unpack[EmailAuthValues]) -> EmailAuth: ...
        def update(self, **values: Unpack[EmailAuthValues]) -> int: ...
        async def aupdate(self, **values: Unpack[EmailAuthValues]) -> int: ...
        def order_by(self, *fields: EmailAuthOrder | Expression) -> Self: ...
        def values(self, *fields: EmailAuthField, **named: Expression) -> models.QuerySet[EmailAuth, dict[str, Any]]: ...
        def values_list(
            self, *fields: EmailAuthField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[EmailAuth, Any]: ...
        def only(self, *fields: EmailAuthField) -> Self: ...
        def defer(self, *fields: EmailAuthField) -> Self: ...
        def select_related(self, *relations: EmailAuthParent) -> Self: ...
        def prefetch_related(self, *relations: EmailAuthRelation | models.Prefetch[Any]) -> Self: ...


class EmailCreateAccountRequestQuerySet(QuerySet["EmailCreateAccountRequest"]):
    """Queries of EmailCreateAccountRequest; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[EmailCreateAccountRequestLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[EmailCreateAccountRequestLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[EmailCreateAccountRequestLookups]) -> EmailCreateAccountRequest: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[EmailCreateAccountRequestLookups]) -> EmailCreateAccountRequest: ...
        def create(self, **values: Unpack[EmailCreateAccountRequestValues]) -> EmailCreateAccountRequest: ...
        async def acreate(self, **values: Unpack[EmailCreateAccountRequestValues]) -> EmailCreateAccountRequest: ...
        def update(self, **values: Unpack[EmailCreateAccountRequestValues]) -> int: ...
        async def aupdate(self, **values: Unpack[EmailCreateAccountRequestValues]) -> int: ...
        def order_by(self, *fields: EmailCreateAccountRequestOrder | Expression) -> Self: ...
        def values(self, *fields: EmailCreateAccountRequestField, **named: Expression) -> models.QuerySet[EmailCreateAccountRequest, dict[str, Any]]: ...
        def values_list(
            self, *fields: EmailCreateAccountRequestField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[EmailCreateAccountRequest, Any]: ...
        def only(self, *fields: EmailCreateAccountRequestField) -> Self: ...
        def defer(self, *fields: EmailCreateAccountRequestField) -> Self: ...
        def select_related(self, *relations: EmailCreateAccountRequestParent) -> Self: ...
        def prefetch_related(self, *relations: EmailCreateAccountRequestRelation | models.Prefetch[Any]) -> Self: ...


class EmailFailedSignInQuerySet(QuerySet["EmailFailedSignIn"]):
    """Queries of EmailFailedSignIn; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[EmailFailedSignInLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[EmailFailedSignInLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[EmailFailedSignInLookups]) -> EmailFailedSignIn: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[EmailFailedSignInLookups]) -> EmailFailedSignIn: ...
        def create(self, **values: Unpack[EmailFailedSignInValues]) -> EmailFailedSignIn: ...
        async def acreate(self, **values: Unpack[EmailFailedSignInValues]) -> EmailFailedSignIn: ...
        def update(self, **values: Unpack[EmailFailedSignInValues]) -> int: ...
        async def aupdate(self, **values: Unpack[EmailFailedSignInValues]) -> int: ...
        def order_by(self, *fields: EmailFailedSignInOrder | Expression) -> Self: ...
        def values(self, *fields: EmailFailedSignInField, **named: Expression) -> models.QuerySet[EmailFailedSignIn, dict[str, Any]]: ...
        def values_list(
            self, *fields: EmailFailedSignInField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[EmailFailedSignIn, Any]: ...
        def only(self, *fields: EmailFailedSignInField) -> Self: ...
        def defer(self, *fields: EmailFailedSignInField) -> Self: ...
        def select_related(self, *relations: EmailFailedSignInParent) -> Self: ...
        def prefetch_related(self, *relations: EmailFailedSignInRelation | models.Prefetch[Any]) -> Self: ...


class EmailResetQuerySet(QuerySet["EmailReset"]):
    """Queries of EmailReset; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[EmailResetLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[EmailResetLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[EmailResetLookups]) -> EmailReset: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[EmailResetLookups]) -> EmailReset: ...
        def create(self, **values: Unpack[EmailResetValues]) -> EmailReset: ...
        async def acreate(self, **values: Unpack[EmailResetValues]) -> EmailReset: ...
        def update(self, **values: Unpack[EmailResetValues]) -> int: ...
        async def aupdate(self, **values: Unpack[EmailResetValues]) -> int: ...
        def order_by(self, *fields: EmailResetOrder | Expression) -> Self: ...
        def values(self, *fields: EmailResetField, **named: Expression) -> models.QuerySet[EmailReset, dict[str, Any]]: ...
        def values_list(
            self, *fields: EmailResetField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[EmailReset, Any]: ...
        def only(self, *fields: EmailResetField) -> Self: ...
        def defer(self, *fields: EmailResetField) -> Self: ...
        def select_related(self, *relations: EmailResetParent) -> Self: ...
        def prefetch_related(self, *relations: EmailResetRelation | models.Prefetch[Any]) -> Self: ...


class GoogleRefreshTokenQuerySet(QuerySet["GoogleRefreshToken"]):
    """Queries of GoogleRefreshToken; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[GoogleRefreshTokenLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[GoogleRefreshTokenLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[GoogleRefreshTokenLookups]) -> GoogleRefreshToken: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[GoogleRefreshTokenLookups]) -> GoogleRefreshToken: ...
        def create(self, **values: Unpack[GoogleRefreshTokenValues]) -> GoogleRefreshToken: ...
        async def acreate(self, **values: Unpack[GoogleRefreshTokenValues]) -> GoogleRefreshToken: ...
        def update(self, **values: Unpack[GoogleRefreshTokenValues]) -> int: ...
        async def aupdate(self, **values: Unpack[GoogleRefreshTokenValues]) -> int: ...
        def order_by(self, *fields: GoogleRefreshTokenOrder | Expression) -> Self: ...
        def values(self, *fields: GoogleRefreshTokenField, **named: Expression) -> models.QuerySet[GoogleRefreshToken, dict[str, Any]]: ...
        def values_list(
            self, *fields: GoogleRefreshTokenField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[GoogleRefreshToken, Any]: ...
        def only(self, *fields: GoogleRefreshTokenField) -> Self: ...
        def defer(self, *fields: GoogleRefreshTokenField) -> Self: ...
        def select_related(self, *relations: GoogleRefreshTokenParent) -> Self: ...
        def prefetch_related(self, *relations: GoogleRefreshTokenRelation | models.Prefetch[Any]) -> Self: ...


class MigratedUserQuerySet(QuerySet["MigratedUser"]):
    """Queries of MigratedUser; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[MigratedUserLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[MigratedUserLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[MigratedUserLookups]) -> MigratedUser: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[MigratedUserLookups]) -> MigratedUser: ...
        def create(self, **values: Unpack[MigratedUserValues]) -> MigratedUser: ...
        async def acreate(self, **values: Unpack[MigratedUserValues]) -> MigratedUser: ...
        def update(self, **values: Unpack[MigratedUserValues]) -> int: ...
        async def aupdate(self, **values: Unpack[MigratedUserValues]) -> int: ...
        def order_by(self, *fields: MigratedUserOrder | Expression) -> Self: ...
        def values(self, *fields: MigratedUserField, **named: Expression) -> models.QuerySet[MigratedUser, dict[str, Any]]: ...
        def values_list(
            self, *fields: MigratedUserField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[MigratedUser, Any]: ...
        def only(self, *fields: MigratedUserField) -> Self: ...
        def defer(self, *fields: MigratedUserField) -> Self: ...
        def select_related(self, *relations: MigratedUserParent) -> Self: ...
        def prefetch_related(self, *relations: MigratedUserRelation | models.Prefetch[Any]) -> Self: ...


class UserImageQuerySet(QuerySet["UserImage"]):
    """Queries of UserImage; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[UserImageLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[UserImageLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[UserImageLookups]) -> UserImage: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[UserImageLookups]) -> UserImage: ...
        def create(self, **values: Unpack[UserImageValues]) -> UserImage: ...
        async def acreate(self, **values: Unpack[UserImageValues]) -> UserImage: ...
        def update(self, **values: Unpack[UserImageValues]) -> int: ...
        async def aupdate(self, **values: Unpack[UserImageValues]) -> int: ...
        def order_by(self, *fields: UserImageOrder | Expression) -> Self: ...
        def values(self, *fields: UserImageField, **named: Expression) -> models.QuerySet[UserImage, dict[str, Any]]: ...
        def values_list(
            self, *fields: UserImageField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[UserImage, Any]: ...
        def only(self, *fields: UserImageField) -> Self: ...
        def defer(self, *fields: UserImageField) -> Self: ...
        def select_related(self, *relations: UserImageParent) -> Self: ...
        def prefetch_related(self, *relations: UserImageRelation | models.Prefetch[Any]) -> Self: ...


class UserInfoQuerySet(QuerySet["UserInfo"]):
    """Queries of UserInfo; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[UserInfoLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[UserInfoLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[UserInfoLookups]) -> UserInfo: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[UserInfoLookups]) -> UserInfo: ...
        def create(self, **values: Unpack[UserInfoValues]) -> UserInfo: ...
        async def acreate(self, **values: Unpack[UserInfoValues]) -> UserInfo: ...
        def update(self, **values: Unpack[UserInfoValues]) -> int: ...
        async def aupdate(self, **values: Unpack[UserInfoValues]) -> int: ...
        def order_by(self, *fields: UserInfoOrder | Expression) -> Self: ...
        def values(self, *fields: UserInfoField, **named: Expression) -> models.QuerySet[UserInfo, dict[str, Any]]: ...
        def values_list(
            self, *fields: UserInfoField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[UserInfo, Any]: ...
        def only(self, *fields: UserInfoField) -> Self: ...
        def defer(self, *fields: UserInfoField) -> Self: ...
        def select_related(self, *relations: UserInfoParent) -> Self: ...
        def prefetch_related(self, *relations: UserInfoRelation | models.Prefetch[Any]) -> Self: ...


if TYPE_CHECKING:

    class AuthKeyLookups(TypedDict, total=False):
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
        user_id: int | Expression
        user_id__in: Iterable[int] | Expression
        user_id__isnull: bool
        user_id__gt: int | Expression
        user_id__gte: int | Expression
        user_id__lt: int | Expression
        user_id__lte: int | Expression
        user_id__range: tuple[int | Expression, int | Expression]
        hash: str | Expression
        hash__in: Iterable[str] | Expression
        hash__isnull: bool
        hash__gt: str | Expression
        hash__gte: str | Expression
        hash__lt: str | Expression
        hash__lte: str | Expression
        hash__range: tuple[str | Expression, str | Expression]
        hash__iexact: str | Expression
        hash__contains: str | Expression
        hash__icontains: str | Expression
        hash__startswith: str | Expression
        hash__istartswith: str | Expression
        hash__endswith: str | Expression
        hash__iendswith: str | Expression
        hash__regex: str | Expression
        hash__iregex: str | Expression
        scope_names: Any
        scope_names__isnull: bool
        scope_names__contains: Any
        scope_names__contained_by: Any
        scope_names__has_key: str
        scope_names__has_keys: Iterable[str]
        scope_names__has_any_keys: Iterable[str]
        method: str | Expression
        method__in: Iterable[str] | Expression
        method__isnull: bool
        method__gt: str | Expression
        method__gte: str | Expression
        method__lt: str | Expression
        method__lte: str | Expression
        method__range: tuple[str | Expression, str | Expression]
        method__iexact: str | Expression
        method__contains: str | Expression
        method__icontains: str | Expression
        method__startswith: str | Expression
        method__istartswith: str | Expression
        method__endswith: str | Expression
        method__iendswith: str | Expression
        method__regex: str | Expression
        method__iregex: str | Expression

    class AuthKeyQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[AuthKeyLookups]) -> None: ...

    class AuthKeyValues(TypedDict, total=False):
        id: int | Expression | None
        user_id: int | Expression
        hash: str | Expression
        scope_names: list[str] | Expression
        method: str | Expression

    AuthKeyField: TypeAlias = Literal["pk", "id", "user_id", "hash", "scope_names", "method"]

    AuthKeyOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "user_id",
        "-user_id",
        "hash",
        "-hash",
        "scope_names",
        "-scope_names",
        "method",
        "-method",
        "?",
    ]

    AuthKeyParent: TypeAlias = Never

    AuthKeyRelation: TypeAlias = Never

    class AuthKeyRelated(AuthKeyQuerySet, RelatedObjects[AuthKey]):
        """The AuthKey objects related to another object."""

    class EmailAuthLookups(TypedDict, total=False):
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
        user_id: int | Expression
        user_id__in: Iterable[int] | Expression
        user_id__isnull: bool
        user_id__gt: int | Expression
        user_id__gte: int | Expression
        user_id__lt: int | Expression
        user_id__lte: int | Expression
        user_id__range: tuple[int | Expression, int | Expression]
        email: str | Expression
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
        hash: str | Expression
        hash__in: Iterable[str] | Expression
        hash__isnull: bool
        hash__gt: str | Expression
        hash__gte: str | Expression
        hash__lt: str | Expression
        hash__lte: str | Expression
        hash__range: tuple[str | Expression, str | Expression]
        hash__iexact: str | Expression
        hash__contains: str | Expression
        hash__icontains: str | Expression
        hash__startswith: str | Expression
        hash__istartswith: str | Expression
        hash__endswith: str | Expression
        hash__iendswith: str | Expression
        hash__regex: str | Expression
        hash__iregex: str | Expression

    class EmailAuthQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[EmailAuthLookups]) -> None: ...

    class EmailAuthValues(TypedDict, total=False):
        id: int | Expression | None
        user_id: int | Expression
        email: str | Expression
        hash: str | Expression

    EmailAuthField: TypeAlias = Literal["pk", "id", "user_id", "email", "hash"]

    EmailAuthOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "user_id",
        "-user_id",
        "email",
        "-email",
        "hash",
        "-hash",
        "?",
    ]

    EmailAuthParent: TypeAlias = Never

    EmailAuthRelation: TypeAlias = Never

    class EmailAuthRelated(EmailAuthQuerySet, RelatedObjects[EmailAuth]):
        """The EmailAuth objects related to another object."""

    class EmailCreateAccountRequestLookups(TypedDict, total=False):
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
        user_name: str | Expression
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
        email: str | Expression
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
        hash: str | Expression
        hash__in: Iterable[str] | Expression
        hash__isnull: bool
        hash__gt: str | Expression
        hash__gte: str | Expression
        hash__lt: str | Expression
        hash__lte: str | Expression
        hash__range: tuple[str | Expression, str | Expression]
        hash__iexact: str | Expression
        hash__contains: str | Expression
        hash__icontains: str | Expression
        hash__startswith: str | Expression
        hash__istartswith: str | Expression
        hash__endswith: str | Expression
        hash__iendswith: str | Expression
        hash__regex: str | Expression
        hash__iregex: str | Expression
        verification_code: str | Expression
        verification_code__in: Iterable[str] | Expression
        verification_code__isnull: bool
        verification_code__gt: str | Expression
        verification_code__gte: str | Expression
        verification_code__lt: str | Expression
        verification_code__lte: str | Expression
        verification_code__range: tuple[str | Expression, str | Expression]
        verification_code__iexact: str | Expression
        verification_code__contains: str | Expression
        verification_code__icontains: str | Expression
        verification_code__startswith: str | Expression
        verification_code__istartswith: str | Expression
        verification_code__endswith: str | Expression
        verification_code__iendswith: str | Expression
        verification_code__regex: str | Expression
        verification_code__iregex: str | Expression

    class EmailCreateAccountRequestQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[EmailCreateAccountRequestLookups]) -> None: ...

    class EmailCreateAccountRequestValues(TypedDict, total=False):
        id: int | Expression | None
        user_name: str | Expression
        email: str | Expression
        hash: str | Expression
        verification_code: str | Expression

    EmailCreateAccountRequestField: TypeAlias = Literal[
        "pk",
        "id",
        "user_name",
        "email",
        "hash",
        "verification_code",
    ]

    EmailCreateAccountRequestOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "user_name",
        "-user_name",
        "email",
        "-email",
        "hash",
        "-hash",
        "verification_code",
        "-verification_code",
        "?",
    ]

    EmailCreateAccountRequestParent: TypeAlias = Never

    EmailCreateAccountRequestRelation: TypeAlias = Never

    class EmailCreateAccountRequestRelated(EmailCreateAccountRequestQuerySet, RelatedObjects[EmailCreateAccountRequest]):
        """The EmailCreateAccountRequest objects related to another object."""

    class EmailFailedSignInLookups(TypedDict, total=False):
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
        email: str | Expression
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
        time: datetime.datetime | Expression
        time__in: Iterable[datetime.datetime] | Expression
        time__isnull: bool
        time__gt: datetime.datetime | Expression
        time__gte: datetime.datetime | Expression
        time__lt: datetime.datetime | Expression
        time__lte: datetime.datetime | Expression
        time__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        time__date: datetime.date | Expression
        time__date__gt: datetime.date | Expression
        time__date__gte: datetime.date | Expression
        time__date__lt: datetime.date | Expression
        time__date__lte: datetime.date | Expression
        time__year: int | Expression
        time__month: int | Expression
        time__day: int | Expression
        time__week_day: int | Expression
        time__hour: int | Expression
        time__minute: int | Expression
        ip_address: str | Expression
        ip_address__in: Iterable[str] | Expression
        ip_address__isnull: bool
        ip_address__gt: str | Expression
        ip_address__gte: str | Expression
        ip_address__lt: str | Expression
        ip_address__lte: str | Expression
        ip_address__range: tuple[str | Expression, str | Expression]
        ip_address__iexact: str | Expression
        ip_address__contains: str | Expression
        ip_address__icontains: str | Expression
        ip_address__startswith: str | Expression
        ip_address__istartswith: str | Expression
        ip_address__endswith: str | Expression
        ip_address__iendswith: str | Expression
        ip_address__regex: str | Expression
        ip_address__iregex: str | Expression

    class EmailFailedSignInQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[EmailFailedSignInLookups]) -> None: ...

    class EmailFailedSignInValues(TypedDict, total=False):
        id: int | Expression | None
        email: str | Expression
        time: datetime.datetime | Expression
        ip_address: str | Expression

    EmailFailedSignInField: TypeAlias = Literal["pk", "id", "email", "time", "ip_address"]

    EmailFailedSignInOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "email",
        "-email",
        "time",
        "-time",
        "ip_address",
        "-ip_address",
        "?",
    ]

    EmailFailedSignInParent: TypeAlias = Never

    EmailFailedSignInRelation: TypeAlias = Never

    class EmailFailedSignInRelated(EmailFailedSignInQuerySet, RelatedObjects[EmailFailedSignIn]):
        """The EmailFailedSignIn objects related to another object."""

    class EmailResetLookups(TypedDict, total=False):
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
        user_id: int | Expression
        user_id__in: Iterable[int] | Expression
        user_id__isnull: bool
        user_id__gt: int | Expression
        user_id__gte: int | Expression
        user_id__lt: int | Expression
        user_id__lte: int | Expression
        user_id__range: tuple[int | Expression, int | Expression]
        verification_code: str | Expression
        verification_code__in: Iterable[str] | Expression
        verification_code__isnull: bool
        verification_code__gt: str | Expression
        verification_code__gte: str | Expression
        verification_code__lt: str | Expression
        verification_code__lte: str | Expression
        verification_code__range: tuple[str | Expression, str | Expression]
        verification_code__iexact: str | Expression
        verification_code__contains: str | Expression
        verification_code__icontains: str | Expression
        verification_code__startswith: str | Expression
        verification_code__istartswith: str | Expression
        verification_code__endswith: str | Expression
        verification_code__iendswith: str | Expression
        verification_code__regex: str | Expression
        verification_code__iregex: str | Expression
        expiration: datetime.datetime | Expression
        expiration__in: Iterable[datetime.datetime] | Expression
        expiration__isnull: bool
        expiration__gt: datetime.datetime | Expression
        expiration__gte: datetime.datetime | Expression
        expiration__lt: datetime.datetime | Expression
        expiration__lte: datetime.datetime | Expression
        expiration__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        expiration__date: datetime.date | Expression
        expiration__date__gt: datetime.date | Expression
        expiration__date__gte: datetime.date | Expression
        expiration__date__lt: datetime.date | Expression
        expiration__date__lte: datetime.date | Expression
        expiration__year: int | Expression
        expiration__month: int | Expression
        expiration__day: int | Expression
        expiration__week_day: int | Expression
        expiration__hour: int | Expression
        expiration__minute: int | Expression

    class EmailResetQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[EmailResetLookups]) -> None: ...

    class EmailResetValues(TypedDict, total=False):
        id: int | Expression | None
        user_id: int | Expression
        verification_code: str | Expression
        expiration: datetime.datetime | Expression

    EmailResetField: TypeAlias = Literal["pk", "id", "user_id", "verification_code", "expiration"]

    EmailResetOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "user_id",
        "-user_id",
        "verification_code",
        "-verification_code",
        "expiration",
        "-expiration",
        "?",
    ]

    EmailResetParent: TypeAlias = Never

    EmailResetRelation: TypeAlias = Never

    class EmailResetRelated(EmailResetQuerySet, RelatedObjects[EmailReset]):
        """The EmailReset objects related to another object."""

    class GoogleRefreshTokenLookups(TypedDict, total=False):
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
        user_id: int | Expression
        user_id__in: Iterable[int] | Expression
        user_id__isnull: bool
        user_id__gt: int | Expression
        user_id__gte: int | Expression
        user_id__lt: int | Expression
        user_id__lte: int | Expression
        user_id__range: tuple[int | Expression, int | Expression]
        refresh_token: str | Expression
        refresh_token__in: Iterable[str] | Expression
        refresh_token__isnull: bool
        refresh_token__gt: str | Expression
        refresh_token__gte: str | Expression
        refresh_token__lt: str | Expression
        refresh_token__lte: str | Expression
        refresh_token__range: tuple[str | Expression, str | Expression]
        refresh_token__iexact: str | Expression
        refresh_token__contains: str | Expression
        refresh_token__icontains: str | Expression
        refresh_token__startswith: str | Expression
        refresh_token__istartswith: str | Expression
        refresh_token__endswith: str | Expression
        refresh_token__iendswith: str | Expression
        refresh_token__regex: str | Expression
        refresh_token__iregex: str | Expression

    class GoogleRefreshTokenQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[GoogleRefreshTokenLookups]) -> None: ...

    class GoogleRefreshTokenValues(TypedDict, total=False):
        id: int | Expression | None
        user_id: int | Expression
        refresh_token: str | Expression

    GoogleRefreshTokenField: TypeAlias = Literal["pk", "id", "user_id", "refresh_token"]

    GoogleRefreshTokenOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "user_id",
        "-user_id",
        "refresh_token",
        "-refresh_token",
        "?",
    ]

    GoogleRefreshTokenParent: TypeAlias = Never

    GoogleRefreshTokenRelation: TypeAlias = Never

    class GoogleRefreshTokenRelated(GoogleRefreshTokenQuerySet, RelatedObjects[GoogleRefreshToken]):
        """The GoogleRefreshToken objects related to another object."""

    class MigratedUserLookups(TypedDict, total=False):
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
        old_user_id: int | Expression
        old_user_id__in: Iterable[int] | Expression
        old_user_id__isnull: bool
        old_user_id__gt: int | Expression
        old_user_id__gte: int | Expression
        old_user_id__lt: int | Expression
        old_user_id__lte: int | Expression
        old_user_id__range: tuple[int | Expression, int | Expression]
        new_auth_user_id: uuid.UUID | str | Expression
        new_auth_user_id__in: Iterable[uuid.UUID | str] | Expression
        new_auth_user_id__isnull: bool
        new_auth_user_id__gt: uuid.UUID | str | Expression
        new_auth_user_id__gte: uuid.UUID | str | Expression
        new_auth_user_id__lt: uuid.UUID | str | Expression
        new_auth_user_id__lte: uuid.UUID | str | Expression
        new_auth_user_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        old_user: UserInfo | Expression | None
        old_user__in: Iterable[UserInfo] | Expression
        old_user__isnull: bool
        old_user__pk: int | Expression
        old_user__pk__in: Iterable[int] | Expression
        old_user__pk__isnull: bool
        old_user__id: int | Expression | None
        old_user__id__in: Iterable[int] | Expression
        old_user__id__isnull: bool
        old_user__id__gt: int | Expression
        old_user__id__gte: int | Expression
        old_user__id__lt: int | Expression
        old_user__id__lte: int | Expression
        old_user__id__range: tuple[int | Expression, int | Expression]
        old_user__user_identifier: str | Expression
        old_user__user_identifier__in: Iterable[str] | Expression
        old_user__user_identifier__isnull: bool
        old_user__user_identifier__gt: str | Expression
        old_user__user_identifier__gte: str | Expression
        old_user__user_identifier__lt: str | Expression
        old_user__user_identifier__lte: str | Expression
        old_user__user_identifier__range: tuple[str | Expression, str | Expression]
        old_user__user_identifier__iexact: str | Expression
        old_user__user_identifier__contains: str | Expression
        old_user__user_identifier__icontains: str | Expression
        old_user__user_identifier__startswith: str | Expression
        old_user__user_identifier__istartswith: str | Expression
        old_user__user_identifier__endswith: str | Expression
        old_user__user_identifier__iendswith: str | Expression
        old_user__user_identifier__regex: str | Expression
        old_user__user_identifier__iregex: str | Expression
        old_user__user_name: str | Expression | None
        old_user__user_name__in: Iterable[str] | Expression
        old_user__user_name__isnull: bool
        old_user__user_name__gt: str | Expression
        old_user__user_name__gte: str | Expression
        old_user__user_name__lt: str | Expression
        old_user__user_name__lte: str | Expression
        old_user__user_name__range: tuple[str | Expression, str | Expression]
        old_user__user_name__iexact: str | Expression
        old_user__user_name__contains: str | Expression
        old_user__user_name__icontains: str | Expression
        old_user__user_name__startswith: str | Expression
        old_user__user_name__istartswith: str | Expression
        old_user__user_name__endswith: str | Expression
        old_user__user_name__iendswith: str | Expression
        old_user__user_name__regex: str | Expression
        old_user__user_name__iregex: str | Expression
        old_user__full_name: str | Expression | None
        old_user__full_name__in: Iterable[str] | Expression
        old_user__full_name__isnull: bool
        old_user__full_name__gt: str | Expression
        old_user__full_name__gte: str | Expression
        old_user__full_name__lt: str | Expression
        old_user__full_name__lte: str | Expression
        old_user__full_name__range: tuple[str | Expression, str | Expression]
        old_user__full_name__iexact: str | Expression
        old_user__full_name__contains: str | Expression
        old_user__full_name__icontains: str | Expression
        old_user__full_name__startswith: str | Expression
        old_user__full_name__istartswith: str | Expression
        old_user__full_name__endswith: str | Expression
        old_user__full_name__iendswith: str | Expression
        old_user__full_name__regex: str | Expression
        old_user__full_name__iregex: str | Expression
        old_user__email: str | Expression | None
        old_user__email__in: Iterable[str] | Expression
        old_user__email__isnull: bool
        old_user__email__gt: str | Expression
        old_user__email__gte: str | Expression
        old_user__email__lt: str | Expression
        old_user__email__lte: str | Expression
        old_user__email__range: tuple[str | Expression, str | Expression]
        old_user__email__iexact: str | Expression
        old_user__email__contains: str | Expression
        old_user__email__icontains: str | Expression
        old_user__email__startswith: str | Expression
        old_user__email__istartswith: str | Expression
        old_user__email__endswith: str | Expression
        old_user__email__iendswith: str | Expression
        old_user__email__regex: str | Expression
        old_user__email__iregex: str | Expression
        old_user__created: datetime.datetime | Expression
        old_user__created__in: Iterable[datetime.datetime] | Expression
        old_user__created__isnull: bool
        old_user__created__gt: datetime.datetime | Expression
        old_user__created__gte: datetime.datetime | Expression
        old_user__created__lt: datetime.datetime | Expression
        old_user__created__lte: datetime.datetime | Expression
        old_user__created__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        old_user__created__date: datetime.date | Expression
        old_user__created__date__gt: datetime.date | Expression
        old_user__created__date__gte: datetime.date | Expression
        old_user__created__date__lt: datetime.date | Expression
        old_user__created__date__lte: datetime.date | Expression
        old_user__created__year: int | Expression
        old_user__created__month: int | Expression
        old_user__created__day: int | Expression
        old_user__created__week_day: int | Expression
        old_user__created__hour: int | Expression
        old_user__created__minute: int | Expression
        old_user__image_url: str | Expression | None
        old_user__image_url__in: Iterable[str] | Expression
        old_user__image_url__isnull: bool
        old_user__image_url__gt: str | Expression
        old_user__image_url__gte: str | Expression
        old_user__image_url__lt: str | Expression
        old_user__image_url__lte: str | Expression
        old_user__image_url__range: tuple[str | Expression, str | Expression]
        old_user__image_url__iexact: str | Expression
        old_user__image_url__contains: str | Expression
        old_user__image_url__icontains: str | Expression
        old_user__image_url__startswith: str | Expression
        old_user__image_url__istartswith: str | Expression
        old_user__image_url__endswith: str | Expression
        old_user__image_url__iendswith: str | Expression
        old_user__image_url__regex: str | Expression
        old_user__image_url__iregex: str | Expression
        old_user__scope_names: Any
        old_user__scope_names__isnull: bool
        old_user__scope_names__contains: Any
        old_user__scope_names__contained_by: Any
        old_user__scope_names__has_key: str
        old_user__scope_names__has_keys: Iterable[str]
        old_user__scope_names__has_any_keys: Iterable[str]
        old_user__blocked: bool | Expression
        old_user__blocked__in: Iterable[bool] | Expression
        old_user__blocked__isnull: bool
        new_auth_user: User | Expression | None
        new_auth_user__in: Iterable[User] | Expression
        new_auth_user__isnull: bool
        new_auth_user__pk: uuid.UUID | Expression
        new_auth_user__pk__in: Iterable[uuid.UUID] | Expression
        new_auth_user__pk__isnull: bool
        new_auth_user__id: uuid.UUID | str | Expression | None
        new_auth_user__id__in: Iterable[uuid.UUID | str] | Expression
        new_auth_user__id__isnull: bool
        new_auth_user__id__gt: uuid.UUID | str | Expression
        new_auth_user__id__gte: uuid.UUID | str | Expression
        new_auth_user__id__lt: uuid.UUID | str | Expression
        new_auth_user__id__lte: uuid.UUID | str | Expression
        new_auth_user__id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        new_auth_user__created_at: datetime.datetime | Expression
        new_auth_user__created_at__in: Iterable[datetime.datetime] | Expression
        new_auth_user__created_at__isnull: bool
        new_auth_user__created_at__gt: datetime.datetime | Expression
        new_auth_user__created_at__gte: datetime.datetime | Expression
        new_auth_user__created_at__lt: datetime.datetime | Expression
        new_auth_user__created_at__lte: datetime.datetime | Expression
        new_auth_user__created_at__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        new_auth_user__created_at__date: datetime.date | Expression
        new_auth_user__created_at__date__gt: datetime.date | Expression
        new_auth_user__created_at__date__gte: datetime.date | Expression
        new_auth_user__created_at__date__lt: datetime.date | Expression
        new_auth_user__created_at__date__lte: datetime.date | Expression
        new_auth_user__created_at__year: int | Expression
        new_auth_user__created_at__month: int | Expression
        new_auth_user__created_at__day: int | Expression
        new_auth_user__created_at__week_day: int | Expression
        new_auth_user__created_at__hour: int | Expression
        new_auth_user__created_at__minute: int | Expression
        new_auth_user__scope_names: Any
        new_auth_user__scope_names__isnull: bool
        new_auth_user__scope_names__contains: Any
        new_auth_user__scope_names__contained_by: Any
        new_auth_user__scope_names__has_key: str
        new_auth_user__scope_names__has_keys: Iterable[str]
        new_auth_user__scope_names__has_any_keys: Iterable[str]

    class MigratedUserQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[MigratedUserLookups]) -> None: ...

    class MigratedUserValues(TypedDict, total=False):
        id: int | Expression | None
        old_user_id: int | Expression
        old_user: UserInfo | Expression
        new_auth_user_id: uuid.UUID | Expression
        new_auth_user: User | Expression

    MigratedUserField: TypeAlias = Literal[
        "pk",
        "id",
        "old_user_id",
        "old_user",
        "new_auth_user_id",
        "new_auth_user",
        "old_user__id",
        "old_user__user_identifier",
        "old_user__user_name",
        "old_user__full_name",
        "old_user__email",
        "old_user__created",
        "old_user__image_url",
        "old_user__scope_names",
        "old_user__blocked",
        "new_auth_user__id",
        "new_auth_user__created_at",
        "new_auth_user__scope_names",
    ]

    MigratedUserOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "old_user_id",
        "-old_user_id",
        "old_user",
        "-old_user",
        "new_auth_user_id",
        "-new_auth_user_id",
        "new_auth_user",
        "-new_auth_user",
        "old_user__id",
        "-old_user__id",
        "old_user__user_identifier",
        "-old_user__user_identifier",
        "old_user__user_name",
        "-old_user__user_name",
        "old_user__full_name",
        "-old_user__full_name",
        "old_user__email",
        "-old_user__email",
        "old_user__created",
        "-old_user__created",
        "old_user__image_url",
        "-old_user__image_url",
        "old_user__scope_names",
        "-old_user__scope_names",
        "old_user__blocked",
        "-old_user__blocked",
        "new_auth_user__id",
        "-new_auth_user__id",
        "new_auth_user__created_at",
        "-new_auth_user__created_at",
        "new_auth_user__scope_names",
        "-new_auth_user__scope_names",
        "?",
    ]

    MigratedUserParent: TypeAlias = Literal["old_user", "new_auth_user"]

    MigratedUserRelation: TypeAlias = Literal["old_user", "new_auth_user"]

    class MigratedUserRelated(MigratedUserQuerySet, RelatedObjects[MigratedUser]):
        """The MigratedUser objects related to another object."""

    class UserImageLookups(TypedDict, total=False):
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
        user_id: int | Expression
        user_id__in: Iterable[int] | Expression
        user_id__isnull: bool
        user_id__gt: int | Expression
        user_id__gte: int | Expression
        user_id__lt: int | Expression
        user_id__lte: int | Expression
        user_id__range: tuple[int | Expression, int | Expression]
        version: int | Expression
        version__in: Iterable[int] | Expression
        version__isnull: bool
        version__gt: int | Expression
        version__gte: int | Expression
        version__lt: int | Expression
        version__lte: int | Expression
        version__range: tuple[int | Expression, int | Expression]
        url: str | Expression
        url__in: Iterable[str] | Expression
        url__isnull: bool
        url__gt: str | Expression
        url__gte: str | Expression
        url__lt: str | Expression
        url__lte: str | Expression
        url__range: tuple[str | Expression, str | Expression]
        url__iexact: str | Expression
        url__contains: str | Expression
        url__icontains: str | Expression
        url__startswith: str | Expression
        url__istartswith: str | Expression
        url__endswith: str | Expression
        url__iendswith: str | Expression
        url__regex: str | Expression
        url__iregex: str | Expression

    class UserImageQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[UserImageLookups]) -> None: ...

    class UserImageValues(TypedDict, total=False):
        id: int | Expression | None
        user_id: int | Expression
        version: int | Expression
        url: str | Expression

    UserImageField: TypeAlias = Literal["pk", "id", "user_id", "version", "url"]

    UserImageOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "user_id",
        "-user_id",
        "version",
        "-version",
        "url",
        "-url",
        "?",
    ]

    UserImageParent: TypeAlias = Never

    UserImageRelation: TypeAlias = Never

    class UserImageRelated(UserImageQuerySet, RelatedObjects[UserImage]):
        """The UserImage objects related to another object."""

    class UserInfoLookups(TypedDict, total=False):
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
        user_identifier: str | Expression
        user_identifier__in: Iterable[str] | Expression
        user_identifier__isnull: bool
        user_identifier__gt: str | Expression
        user_identifier__gte: str | Expression
        user_identifier__lt: str | Expression
        user_identifier__lte: str | Expression
        user_identifier__range: tuple[str | Expression, str | Expression]
        user_identifier__iexact: str | Expression
        user_identifier__contains: str | Expression
        user_identifier__icontains: str | Expression
        user_identifier__startswith: str | Expression
        user_identifier__istartswith: str | Expression
        user_identifier__endswith: str | Expression
        user_identifier__iendswith: str | Expression
        user_identifier__regex: str | Expression
        user_identifier__iregex: str | Expression
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
        created: datetime.datetime | Expression
        created__in: Iterable[datetime.datetime] | Expression
        created__isnull: bool
        created__gt: datetime.datetime | Expression
        created__gte: datetime.datetime | Expression
        created__lt: datetime.datetime | Expression
        created__lte: datetime.datetime | Expression
        created__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        created__date: datetime.date | Expression
        created__date__gt: datetime.date | Expression
        created__date__gte: datetime.date | Expression
        created__date__lt: datetime.date | Expression
        created__date__lte: datetime.date | Expression
        created__year: int | Expression
        created__month: int | Expression
        created__day: int | Expression
        created__week_day: int | Expression
        created__hour: int | Expression
        created__minute: int | Expression
        image_url: str | Expression | None
        image_url__in: Iterable[str] | Expression
        image_url__isnull: bool
        image_url__gt: str | Expression
        image_url__gte: str | Expression
        image_url__lt: str | Expression
        image_url__lte: str | Expression
        image_url__range: tuple[str | Expression, str | Expression]
        image_url__iexact: str | Expression
        image_url__contains: str | Expression
        image_url__icontains: str | Expression
        image_url__startswith: str | Expression
        image_url__istartswith: str | Expression
        image_url__endswith: str | Expression
        image_url__iendswith: str | Expression
        image_url__regex: str | Expression
        image_url__iregex: str | Expression
        scope_names: Any
        scope_names__isnull: bool
        scope_names__contains: Any
        scope_names__contained_by: Any
        scope_names__has_key: str
        scope_names__has_keys: Iterable[str]
        scope_names__has_any_keys: Iterable[str]
        blocked: bool | Expression
        blocked__in: Iterable[bool] | Expression
        blocked__isnull: bool

    class UserInfoQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[UserInfoLookups]) -> None: ...

    class UserInfoValues(TypedDict, total=False):
        id: int | Expression | None
        user_identifier: str | Expression
        user_name: str | Expression | None
        full_name: str | Expression | None
        email: str | Expression | None
        created: datetime.datetime | Expression
        image_url: str | Expression | None
        scope_names: list[str] | Expression
        blocked: bool | Expression

    UserInfoField: TypeAlias = Literal[
        "pk",
        "id",
        "user_identifier",
        "user_name",
        "full_name",
        "email",
        "created",
        "image_url",
        "scope_names",
        "blocked",
    ]

    UserInfoOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "user_identifier",
        "-user_identifier",
        "user_name",
        "-user_name",
        "full_name",
        "-full_name",
        "email",
        "-email",
        "created",
        "-created",
        "image_url",
        "-image_url",
        "scope_names",
        "-scope_names",
        "blocked",
        "-blocked",
        "?",
    ]

    UserInfoParent: TypeAlias = Never

    UserInfoRelation: TypeAlias = Never

    class UserInfoRelated(UserInfoQuerySet, RelatedObjects[UserInfo]):
        """The UserInfo objects related to another object."""
