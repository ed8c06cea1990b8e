"""Typed queries of legacy_chat, generated from its model files by `python3 manage.py generate`. Do not edit."""

# mypy: disable-error-code=override
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, Never, Self, TypeAlias, TypedDict, Unpack

from django.db import models

from podium.reads.queries import QuerySet

if TYPE_CHECKING:
    from podium.reads.queries import Expression, RelatedObjects

    from .protocol import ChatMessage, ChatMessageAttachment, ChatReadMessage


class ChatMessageQuerySet(QuerySet["ChatMessage"]):
    """Queries of ChatMessage; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[ChatMessageLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[ChatMessageLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[ChatMessageLookups]) -> ChatMessage: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[ChatMessageLookups]) -> ChatMessage: ...
        def create(self, **values: Unpack[ChatMessageValues]) -> ChatMessage: ...
        async def acreate(self, **values: Unpack[ChatMessageValues]) -> ChatMessage: ...
        def update(self, **values: Unpack[ChatMessageValues]) -> int: ...
        async def aupdate(self, **values: Unpack[ChatMessageValues]) -> int: ...
        def order_by(self, *fields: ChatMessageOrder | Expression) -> Self: ...
        def values(self, *fields: ChatMessageField, **named: Expression) -> models.QuerySet[ChatMessage, dict[str, Any]]: ...
        def values_list(
            self, *fields: ChatMessageField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[ChatMessage, Any]: ...
        def only(self, *fields: ChatMessageField) -> Self: ...
        def defer(self, *fields: ChatMessageField) -> Self: ...
        def select_related(self, *relations: ChatMessageParent) -> Self: ...
        def prefetch_related(self, *relations: ChatMessageRelation | models.Prefetch[Any]) -> Self: ...


class ChatReadMessageQuerySet(QuerySet["ChatReadMessage"]):
    """Queries of ChatReadMessage; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[ChatReadMessageLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[ChatReadMessageLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[ChatReadMessageLookups]) -> ChatReadMessage: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[ChatReadMessageLookups]) -> ChatReadMessage: ...
        def create(self, **values: Unpack[ChatReadMessageValues]) -> ChatReadMessage: ...
        async def acreate(self, **values: Unpack[ChatReadMessageValues]) -> ChatReadMessage: ...
        def update(self, **values: Unpack[ChatReadMessageValues]) -> int: ...
        async def aupdate(self, **values: Unpack[ChatReadMessageValues]) -> int: ...
        def order_by(self, *fields: ChatReadMessageOrder | Expression) -> Self: ...
        def values(self, *fields: ChatReadMessageField, **named: Expression) -> models.QuerySet[ChatReadMessage, dict[str, Any]]: ...
        def values_list(
            self, *fields: ChatReadMessageField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[ChatReadMessage, Any]: ...
        def only(self, *fields: ChatReadMessageField) -> Self: ...
        def defer(self, *fields: ChatReadMessageField) -> Self: ...
        def select_related(self, *relations: ChatReadMessageParent) -> Self: ...
        def prefetch_related(self, *relations: ChatReadMessageRelation | models.Prefetch[Any]) -> Self: ...


if TYPE_CHECKING:

    class ChatMessageLookups(TypedDict, total=False):
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
        channel: str | Expression
        channel__in: Iterable[str] | Expression
        channel__isnull: bool
        channel__gt: str | Expression
        channel__gte: str | Expression
        channel__lt: str | Expression
        channel__lte: str | Expression
        channel__range: tuple[str | Expression, str | Expression]
        channel__iexact: str | Expression
        channel__contains: str | Expression
        channel__icontains: str | Expression
        channel__startswith: str | Expression
        channel__istartswith: str | Expression
        channel__endswith: str | Expression
        channel__iendswith: str | Expression
        channel__regex: str | Expression
        channel__iregex: str | Expression
        message: str | Expression
        message__in: Iterable[str] | Expression
        message__isnull: bool
        message__gt: str | Expression
        message__gte: str | Expression
        message__lt: str | Expression
        message__lte: str | Expression
        message__range: tuple[str | Expression, str | Expression]
        message__iexact: str | Expression
        message__contains: str | Expression
        message__icontains: str | Expression
        message__startswith: str | Expression
        message__istartswith: str | Expression
        message__endswith: str | Expression
        message__iendswith: str | Expression
        message__regex: str | Expression
        message__iregex: str | Expression
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
        sender: int | Expression
        sender__in: Iterable[int] | Expression
        sender__isnull: bool
        sender__gt: int | Expression
        sender__gte: int | Expression
        sender__lt: int | Expression
        sender__lte: int | Expression
        sender__range: tuple[int | Expression, int | Expression]
        removed: bool | Expression
        removed__in: Iterable[bool] | Expression
        removed__isnull: bool
        attachments: Any
        attachments__isnull: bool
        attachments__contains: Any
        attachments__contained_by: Any
        attachments__has_key: str
        attachments__has_keys: Iterable[str]
        attachments__has_any_keys: Iterable[str]

    class ChatMessageQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[ChatMessageLookups]) -> None: ...

    class ChatMessageValues(TypedDict, total=False):
        id: int | Expression | None
        channel: str | Expression
        message: str | Expression
        time: datetime.datetime | Expression
        sender: int | Expression
        removed: bool | Expression
        attachments: list[ChatMessageAttachment] | Expression | None

    ChatMessageField: TypeAlias = Literal[
        "pk",
        "id",
        "channel",
        "message",
        "time",
        "sender",
        "removed",
        "attachments",
    ]

    ChatMessageOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "channel",
        "-channel",
        "message",
        "-message",
        "time",
        "-time",
        "sender",
        "-sender",
        "removed",
        "-removed",
        "attachments",
        "-attachments",
        "?",
    ]

    ChatMessageParent: TypeAlias = Never

    ChatMessageRelation: TypeAlias = Never

    class ChatMessageRelated(ChatMessageQuerySet, RelatedObjects[ChatMessage]):
        """The ChatMessage objects related to another object."""

    class ChatReadMessageLookups(TypedDict, total=False):
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
        channel: str | Expression
        channel__in: Iterable[str] | Expression
        channel__isnull: bool
        channel__gt: str | Expression
        channel__gte: str | Expression
        channel__lt: str | Expression
        channel__lte: str | Expression
        channel__range: tuple[str | Expression, str | Expression]
        channel__iexact: str | Expression
        channel__contains: str | Expression
        channel__icontains: str | Expression
        channel__startswith: str | Expression
        channel__istartswith: str | Expression
        channel__endswith: str | Expression
        channel__iendswith: str | Expression
        channel__regex: str | Expression
        channel__iregex: str | Expression
        user_id: int | Expression
        user_id__in: Iterable[int] | Expression
        user_id__isnull: bool
        user_id__gt: int | Expression
        user_id__gte: int | Expression
        user_id__lt: int | Expression
        user_id__lte: int | Expression
        user_id__range: tuple[int | Expression, int | Expression]
        last_read_message_id: int | Expression
        last_read_message_id__in: Iterable[int] | Expression
        last_read_message_id__isnull: bool
        last_read_message_id__gt: int | Expression
        last_read_message_id__gte: int | Expression
        last_read_message_id__lt: int | Expression
        last_read_message_id__lte: int | Expression
        last_read_message_id__range: tuple[int | Expression, int | Expression]

    class ChatReadMessageQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[ChatReadMessageLookups]) -> None: ...

    class ChatReadMessageValues(TypedDict, total=False):
        id: int | Expression | None
        channel: str | Expression
        user_id: int | Expression
        last_read_message_id: int | Expression

    ChatReadMessageField: TypeAlias = Literal["pk", "id", "channel", "user_id", "last_read_message_id"]

    ChatReadMessageOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "channel",
        "-channel",
        "user_id",
        "-user_id",
        "last_read_message_id",
        "-last_read_message_id",
        "?",
    ]

    ChatReadMessageParent: TypeAlias = Never

    ChatReadMessageRelation: TypeAlias = Never

    class ChatReadMessageRelated(ChatReadMessageQuerySet, RelatedObjects[ChatReadMessage]):
        """The ChatReadMessage objects related to another object."""
