"""Typed queries of teams, generated from its model files by `python3 manage.py generate`. Do not edit."""

# mypy: disable-error-code=override
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, Never, Self, TypeAlias, TypedDict, Unpack

from django.db import models

from podium.reads.queries import QuerySet

if TYPE_CHECKING:
    from podium.reads.queries import Expression, RelatedObjects

    from .protocol import Team, TeamMember, TeamNote, TeamNotebook, TeamNotebookMember


class TeamQuerySet(QuerySet["Team"]):
    """Queries of Team; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[TeamLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[TeamLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[TeamLookups]) -> Team: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[TeamLookups]) -> Team: ...
        def create(self, **values: Unpack[TeamValues]) -> Team: ...
        async def acreate(self, **values: Unpack[TeamValues]) -> Team: ...
        def update(self, **values: Unpack[TeamValues]) -> int: ...
        async def aupdate(self, **values: Unpack[TeamValues]) -> int: ...
        def order_by(self, *fields: TeamOrder | Expression) -> Self: ...
        def values(self, *fields: TeamField, **named: Expression) -> models.QuerySet[Team, dict[str, Any]]: ...
        def values_list(
            self, *fields: TeamField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[Team, Any]: ...
        def only(self, *fields: TeamField) -> Self: ...
        def defer(self, *fields: TeamField) -> Self: ...
        def select_related(self, *relations: TeamParent) -> Self: ...
        def prefetch_related(self, *relations: TeamRelation | models.Prefetch[Any]) -> Self: ...


class TeamMemberQuerySet(QuerySet["TeamMember"]):
    """Queries of TeamMember; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[TeamMemberLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[TeamMemberLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[TeamMemberLookups]) -> TeamMember: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[TeamMemberLookups]) -> TeamMember: ...
        def create(self, **values: Unpack[TeamMemberValues]) -> TeamMember: ...
        async def acreate(self, **values: Unpack[TeamMemberValues]) -> TeamMember: ...
        def update(self, **values: Unpack[TeamMemberValues]) -> int: ...
        async def aupdate(self, **values: Unpack[TeamMemberValues]) -> int: ...
        def order_by(self, *fields: TeamMemberOrder | Expression) -> Self: ...
        def values(self, *fields: TeamMemberField, **named: Expression) -> models.QuerySet[TeamMember, dict[str, Any]]: ...
        def values_list(
            self, *fields: TeamMemberField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[TeamMember, Any]: ...
        def only(self, *fields: TeamMemberField) -> Self: ...
        def defer(self, *fields: TeamMemberField) -> Self: ...
        def select_related(self, *relations: TeamMemberParent) -> Self: ...
        def prefetch_related(self, *relations: TeamMemberRelation | models.Prefetch[Any]) -> Self: ...


class TeamNoteQuerySet(QuerySet["TeamNote"]):
    """Queries of TeamNote; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[TeamNoteLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[TeamNoteLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[TeamNoteLookups]) -> TeamNote: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[TeamNoteLookups]) -> TeamNote: ...
        def create(self, **values: Unpack[TeamNoteValues]) -> TeamNote: ...
        async def acreate(self, **values: Unpack[TeamNoteValues]) -> TeamNote: ...
        def update(self, **values: Unpack[TeamNoteValues]) -> int: ...
        async def aupdate(self, **values: Unpack[TeamNoteValues]) -> int: ...
        def order_by(self, *fields: TeamNoteOrder | Expression) -> Self: ...
        def values(self, *fields: TeamNoteField, **named: Expression) -> models.QuerySet[TeamNote, dict[str, Any]]: ...
        def values_list(
            self, *fields: TeamNoteField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[TeamNote, Any]: ...
        def only(self, *fields: TeamNoteField) -> Self: ...
        def defer(self, *fields: TeamNoteField) -> Self: ...
        def select_related(self, *relations: TeamNoteParent) -> Self: ...
        def prefetch_related(self, *relations: TeamNoteRelation | models.Prefetch[Any]) -> Self: ...


class TeamNotebookQuerySet(QuerySet["TeamNotebook"]):
    """Queries of TeamNotebook; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[TeamNotebookLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[TeamNotebookLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[TeamNotebookLookups]) -> TeamNotebook: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[TeamNotebookLookups]) -> TeamNotebook: ...
        def create(self, **values: Unpack[TeamNotebookValues]) -> TeamNotebook: ...
        async def acreate(self, **values: Unpack[TeamNotebookValues]) -> TeamNotebook: ...
        def update(self, **values: Unpack[TeamNotebookValues]) -> int: ...
        async def aupdate(self, **values: Unpack[TeamNotebookValues]) -> int: ...
        def order_by(self, *fields: TeamNotebookOrder | Expression) -> Self: ...
        def values(self, *fields: TeamNotebookField, **named: Expression) -> models.QuerySet[TeamNotebook, dict[str, Any]]: ...
        def values_list(
            self, *fields: TeamNotebookField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[TeamNotebook, Any]: ...
        def only(self, *fields: TeamNotebookField) -> Self: ...
        def defer(self, *fields: TeamNotebookField) -> Self: ...
        def select_related(self, *relations: TeamNotebookParent) -> Self: ...
        def prefetch_related(self, *relations: TeamNotebookRelation | models.Prefetch[Any]) -> Self: ...


class TeamNotebookMemberQuerySet(QuerySet["TeamNotebookMember"]):
    """Queries of TeamNotebookMember; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[TeamNotebookMemberLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[TeamNotebookMemberLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[TeamNotebookMemberLookups]) -> TeamNotebookMember: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[TeamNotebookMemberLookups]) -> TeamNotebookMember: ...
        def create(self, **values: Unpack[TeamNotebookMemberValues]) -> TeamNotebookMember: ...
        async def acreate(self, **values: Unpack[TeamNotebookMemberValues]) -> TeamNotebookMember: ...
        def update(self, **values: Unpack[TeamNotebookMemberValues]) -> int: ...
        async def aupdate(self, **values: Unpack[TeamNotebookMemberValues]) -> int: ...
        def order_by(self, *fields: TeamNotebookMemberOrder | Expression) -> Self: ...
        def values(self, *fields: TeamNotebookMemberField, **named: Expression) -> models.QuerySet[TeamNotebookMember, dict[str, Any]]: ...
        def values_list(
            self, *fields: TeamNotebookMemberField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[TeamNotebookMember, Any]: ...
        def only(self, *fields: TeamNotebookMemberField) -> Self: ...
        def defer(self, *fields: TeamNotebookMemberField) -> Self: ...
        def select_related(self, *relations: TeamNotebookMemberParent) -> Self: ...
        def prefetch_related(self, *relations: TeamNotebookMemberRelation | models.Prefetch[Any]) -> Self: ...


if TYPE_CHECKING:

    class TeamLookups(TypedDict, total=False):
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
        active: bool | Expression
        active__in: Iterable[bool] | Expression
        active__isnull: bool
        members: TeamMember | Expression | None
        members__in: Iterable[TeamMember] | Expression
        members__isnull: bool
        members__pk: int | Expression
        members__pk__in: Iterable[int] | Expression
        members__pk__isnull: bool
        members__id: int | Expression | None
        members__id__in: Iterable[int] | Expression
        members__id__isnull: bool
        members__id__gt: int | Expression
        members__id__gte: int | Expression
        members__id__lt: int | Expression
        members__id__lte: int | Expression
        members__id__range: tuple[int | Expression, int | Expression]
        members__team_id: int | Expression
        members__team_id__in: Iterable[int] | Expression
        members__team_id__isnull: bool
        members__team_id__gt: int | Expression
        members__team_id__gte: int | Expression
        members__team_id__lt: int | Expression
        members__team_id__lte: int | Expression
        members__team_id__range: tuple[int | Expression, int | Expression]
        members__user_id: uuid.UUID | str | Expression
        members__user_id__in: Iterable[uuid.UUID | str] | Expression
        members__user_id__isnull: bool
        members__user_id__gt: uuid.UUID | str | Expression
        members__user_id__gte: uuid.UUID | str | Expression
        members__user_id__lt: uuid.UUID | str | Expression
        members__user_id__lte: uuid.UUID | str | Expression
        members__user_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        members__active: bool | Expression
        members__active__in: Iterable[bool] | Expression
        members__active__isnull: bool
        members__team: Team | Expression | None
        members__team__pk: int | Expression
        members__team__id: int | Expression | None
        members__team__name: str | Expression
        members__team__active: bool | Expression

    class TeamQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[TeamLookups]) -> None: ...

    class TeamValues(TypedDict, total=False):
        id: int | Expression | None
        name: str | Expression
        active: bool | Expression

    TeamField: TypeAlias = Literal[
        "pk",
        "id",
        "name",
        "active",
        "members__id",
        "members__team_id",
        "members__team",
        "members__user_id",
        "members__active",
    ]

    TeamOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "name",
        "-name",
        "active",
        "-active",
        "members__id",
        "-members__id",
        "members__team_id",
        "-members__team_id",
        "members__team",
        "-members__team",
        "members__user_id",
        "-members__user_id",
        "members__active",
        "-members__active",
        "?",
    ]

    TeamParent: TypeAlias = Never

    TeamRelation: TypeAlias = Literal["members", "members__team"]

    class TeamRelated(TeamQuerySet, RelatedObjects[Team]):
        """The Team objects related to another object."""

    class TeamMemberLookups(TypedDict, total=False):
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
        team_id: int | Expression
        team_id__in: Iterable[int] | Expression
        team_id__isnull: bool
        team_id__gt: int | Expression
        team_id__gte: int | Expression
        team_id__lt: int | Expression
        team_id__lte: int | Expression
        team_id__range: tuple[int | Expression, int | Expression]
        user_id: uuid.UUID | str | Expression
        user_id__in: Iterable[uuid.UUID | str] | Expression
        user_id__isnull: bool
        user_id__gt: uuid.UUID | str | Expression
        user_id__gte: uuid.UUID | str | Expression
        user_id__lt: uuid.UUID | str | Expression
        user_id__lte: uuid.UUID | str | Expression
        user_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        active: bool | Expression
        active__in: Iterable[bool] | Expression
        active__isnull: bool
        team: Team | Expression | None
        team__in: Iterable[Team] | Expression
        team__isnull: bool
        team__pk: int | Expression
        team__pk__in: Iterable[int] | Expression
        team__pk__isnull: bool
        team__id: int | Expression | None
        team__id__in: Iterable[int] | Expression
        team__id__isnull: bool
        team__id__gt: int | Expression
        team__id__gte: int | Expression
        team__id__lt: int | Expression
        team__id__lte: int | Expression
        team__id__range: tuple[int | Expression, int | Expression]
        team__name: str | Expression
        team__name__in: Iterable[str] | Expression
        team__name__isnull: bool
        team__name__gt: str | Expression
        team__name__gte: str | Expression
        team__name__lt: str | Expression
        team__name__lte: str | Expression
        team__name__range: tuple[str | Expression, str | Expression]
        team__name__iexact: str | Expression
        team__name__contains: str | Expression
        team__name__icontains: str | Expression
        team__name__startswith: str | Expression
        team__name__istartswith: str | Expression
        team__name__endswith: str | Expression
        team__name__iendswith: str | Expression
        team__name__regex: str | Expression
        team__name__iregex: str | Expression
        team__active: bool | Expression
        team__active__in: Iterable[bool] | Expression
        team__active__isnull: bool
        team__members: TeamMember | Expression | None
        team__members__pk: int | Expression
        team__members__id: int | Expression | None
        team__members__team_id: int | Expression
        team__members__user_id: uuid.UUID | str | Expression
        team__members__active: bool | Expression

    class TeamMemberQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[TeamMemberLookups]) -> None: ...

    class TeamMemberValues(TypedDict, total=False):
        id: int | Expression | None
        team_id: int | Expression
        team: Team | Expression
        user_id: uuid.UUID | Expression
        active: bool | Expression

    TeamMemberField: TypeAlias = Literal[
        "pk",
        "id",
        "team_id",
        "team",
        "user_id",
        "active",
        "team__id",
        "team__name",
        "team__active",
    ]

    TeamMemberOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "team_id",
        "-team_id",
        "team",
        "-team",
        "user_id",
        "-user_id",
        "active",
        "-active",
        "team__id",
        "-team__id",
        "team__name",
        "-team__name",
        "team__active",
        "-team__active",
        "?",
    ]

    TeamMemberParent: TypeAlias = Literal["team"]

    TeamMemberRelation: TypeAlias = Literal["team", "team__members"]

    class TeamMemberRelated(TeamMemberQuerySet, RelatedObjects[TeamMember]):
        """The TeamMember objects related to another object."""

    class TeamNoteLookups(TypedDict, total=False):
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
        title: str | Expression
        title__in: Iterable[str] | Expression
        title__isnull: bool
        title__gt: str | Expression
        title__gte: str | Expression
        title__lt: str | Expression
        title__lte: str | Expression
        title__range: tuple[str | Expression, str | Expression]
        title__iexact: str | Expression
        title__contains: str | Expression
        title__icontains: str | Expression
        title__startswith: str | Expression
        title__istartswith: str | Expression
        title__endswith: str | Expression
        title__iendswith: str | Expression
        title__regex: str | Expression
        title__iregex: str | Expression
        color: str | Expression | None
        color__in: Iterable[str] | Expression
        color__isnull: bool
        color__gt: str | Expression
        color__gte: str | Expression
        color__lt: str | Expression
        color__lte: str | Expression
        color__range: tuple[str | Expression, str | Expression]
        color__iexact: str | Expression
        color__contains: str | Expression
        color__icontains: str | Expression
        color__startswith: str | Expression
        color__istartswith: str | Expression
        color__endswith: str | Expression
        color__iendswith: str | Expression
        color__regex: str | Expression
        color__iregex: str | Expression
        reminded: bool | Expression
        reminded__in: Iterable[bool] | Expression
        reminded__isnull: bool
        owner_id: uuid.UUID | str | Expression | None
        owner_id__in: Iterable[uuid.UUID | str] | Expression
        owner_id__isnull: bool
        owner_id__gt: uuid.UUID | str | Expression
        owner_id__gte: uuid.UUID | str | Expression
        owner_id__lt: uuid.UUID | str | Expression
        owner_id__lte: uuid.UUID | str | Expression
        owner_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        editor_id: uuid.UUID | str | Expression | None
        editor_id__in: Iterable[uuid.UUID | str] | Expression
        editor_id__isnull: bool
        editor_id__gt: uuid.UUID | str | Expression
        editor_id__gte: uuid.UUID | str | Expression
        editor_id__lt: uuid.UUID | str | Expression
        editor_id__lte: uuid.UUID | str | Expression
        editor_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        notebook_id: int | Expression | None
        notebook_id__in: Iterable[int] | Expression
        notebook_id__isnull: bool
        notebook_id__gt: int | Expression
        notebook_id__gte: int | Expression
        notebook_id__lt: int | Expression
        notebook_id__lte: int | Expression
        notebook_id__range: tuple[int | Expression, int | Expression]
        notebook: TeamNotebook | Expression | None
        notebook__in: Iterable[TeamNotebook] | Expression
        notebook__isnull: bool
        notebook__pk: int | Expression
        notebook__pk__in: Iterable[int] | Expression
        notebook__pk__isnull: bool
        notebook__id: int | Expression | None
        notebook__id__in: Iterable[int] | Expression
        notebook__id__isnull: bool
        notebook__id__gt: int | Expression
        notebook__id__gte: int | Expression
        notebook__id__lt: int | Expression
        notebook__id__lte: int | Expression
        notebook__id__range: tuple[int | Expression, int | Expression]
        notebook__name: str | Expression
        notebook__name__in: Iterable[str] | Expression
        notebook__name__isnull: bool
        notebook__name__gt: str | Expression
        notebook__name__gte: str | Expression
        notebook__name__lt: str | Expression
        notebook__name__lte: str | Expression
        notebook__name__range: tuple[str | Expression, str | Expression]
        notebook__name__iexact: str | Expression
        notebook__name__contains: str | Expression
        notebook__name__icontains: str | Expression
        notebook__name__startswith: str | Expression
        notebook__name__istartswith: str | Expression
        notebook__name__endswith: str | Expression
        notebook__name__iendswith: str | Expression
        notebook__name__regex: str | Expression
        notebook__name__iregex: str | Expression
        notebook__owner_id: uuid.UUID | str | Expression | None
        notebook__owner_id__in: Iterable[uuid.UUID | str] | Expression
        notebook__owner_id__isnull: bool
        notebook__owner_id__gt: uuid.UUID | str | Expression
        notebook__owner_id__gte: uuid.UUID | str | Expression
        notebook__owner_id__lt: uuid.UUID | str | Expression
        notebook__owner_id__lte: uuid.UUID | str | Expression
        notebook__owner_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        notebook__public: bool | Expression
        notebook__public__in: Iterable[bool] | Expression
        notebook__public__isnull: bool
        notebook__team_id: int | Expression | None
        notebook__team_id__in: Iterable[int] | Expression
        notebook__team_id__isnull: bool
        notebook__team_id__gt: int | Expression
        notebook__team_id__gte: int | Expression
        notebook__team_id__lt: int | Expression
        notebook__team_id__lte: int | Expression
        notebook__team_id__range: tuple[int | Expression, int | Expression]
        notebook__team: Team | Expression | None
        notebook__team__pk: int | Expression
        notebook__team__id: int | Expression | None
        notebook__team__name: str | Expression
        notebook__team__active: bool | Expression
        notebook__members: TeamNotebookMember | Expression | None
        notebook__members__pk: int | Expression
        notebook__members__id: int | Expression | None
        notebook__members__notebook_id: int | Expression
        notebook__members__user_id: uuid.UUID | str | Expression
        notebook__members__may_write: bool | Expression

    class TeamNoteQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[TeamNoteLookups]) -> None: ...

    class TeamNoteValues(TypedDict, total=False):
        id: int | Expression | None
        title: str | Expression
        color: str | Expression | None
        reminded: bool | Expression
        owner_id: uuid.UUID | Expression | None
        editor_id: uuid.UUID | Expression | None
        notebook_id: int | Expression | None
        notebook: TeamNotebook | Expression | None

    TeamNoteField: TypeAlias = Literal[
        "pk",
        "id",
        "title",
        "color",
        "reminded",
        "owner_id",
        "editor_id",
        "notebook_id",
        "notebook",
        "notebook__id",
        "notebook__name",
        "notebook__owner_id",
        "notebook__public",
        "notebook__team_id",
        "notebook__team",
    ]

    TeamNoteOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "title",
        "-title",
        "color",
        "-color",
        "reminded",
        "-reminded",
        "owner_id",
        "-owner_id",
        "editor_id",
        "-editor_id",
        "notebook_id",
        "-notebook_id",
        "notebook",
        "-notebook",
        "notebook__id",
        "-notebook__id",
        "notebook__name",
        "-notebook__name",
        "notebook__owner_id",
        "-notebook__owner_id",
        "notebook__public",
        "-notebook__public",
        "notebook__team_id",
        "-notebook__team_id",
        "notebook__team",
        "-notebook__team",
        "?",
    ]

    TeamNoteParent: TypeAlias = Literal["notebook", "notebook__team"]

    TeamNoteRelation: TypeAlias = Literal["notebook", "notebook__team", "notebook__members"]

    class TeamNoteRelated(TeamNoteQuerySet, RelatedObjects[TeamNote]):
        """The TeamNote objects related to another object."""

    class TeamNotebookLookups(TypedDict, total=False):
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
        owner_id: uuid.UUID | str | Expression | None
        owner_id__in: Iterable[uuid.UUID | str] | Expression
        owner_id__isnull: bool
        owner_id__gt: uuid.UUID | str | Expression
        owner_id__gte: uuid.UUID | str | Expression
        owner_id__lt: uuid.UUID | str | Expression
        owner_id__lte: uuid.UUID | str | Expression
        owner_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        public: bool | Expression
        public__in: Iterable[bool] | Expression
        public__isnull: bool
        team_id: int | Expression | None
        team_id__in: Iterable[int] | Expression
        team_id__isnull: bool
        team_id__gt: int | Expression
        team_id__gte: int | Expression
        team_id__lt: int | Expression
        team_id__lte: int | Expression
        team_id__range: tuple[int | Expression, int | Expression]
        team: Team | Expression | None
        team__in: Iterable[Team] | Expression
        team__isnull: bool
        team__pk: int | Expression
        team__pk__in: Iterable[int] | Expression
        team__pk__isnull: bool
        team__id: int | Expression | None
        team__id__in: Iterable[int] | Expression
        team__id__isnull: bool
        team__id__gt: int | Expression
        team__id__gte: int | Expression
        team__id__lt: int | Expression
        team__id__lte: int | Expression
        team__id__range: tuple[int | Expression, int | Expression]
        team__name: str | Expression
        team__name__in: Iterable[str] | Expression
        team__name__isnull: bool
        team__name__gt: str | Expression
        team__name__gte: str | Expression
        team__name__lt: str | Expression
        team__name__lte: str | Expression
        team__name__range: tuple[str | Expression, str | Expression]
        team__name__iexact: str | Expression
        team__name__contains: str | Expression
        team__name__icontains: str | Expression
        team__name__startswith: str | Expression
        team__name__istartswith: str | Expression
        team__name__endswith: str | Expression
        team__name__iendswith: str | Expression
        team__name__regex: str | Expression
        team__name__iregex: str | Expression
        team__active: bool | Expression
        team__active__in: Iterable[bool] | Expression
        team__active__isnull: bool
        team__members: TeamMember | Expression | None
        team__members__pk: int | Expression
        team__members__id: int | Expression | None
        team__members__team_id: int | Expression
        team__members__user_id: uuid.UUID | str | Expression
        team__members__active: bool | Expression
        members: TeamNotebookMember | Expression | None
        members__in: Iterable[TeamNotebookMember] | Expression
        members__isnull: bool
        members__pk: int | Expression
        members__pk__in: Iterable[int] | Expression
        members__pk__isnull: bool
        members__id: int | Expression | None
        members__id__in: Iterable[int] | Expression
        members__id__isnull: bool
        members__id__gt: int | Expression
        members__id__gte: int | Expression
        members__id__lt: int | Expression
        members__id__lte: int | Expression
        members__id__range: tuple[int | Expression, int | Expression]
        members__notebook_id: int | Expression
        members__notebook_id__in: Iterable[int] | Expression
        members__notebook_id__isnull: bool
        members__notebook_id__gt: int | Expression
        members__notebook_id__gte: int | Expression
        members__notebook_id__lt: int | Expression
        members__notebook_id__lte: int | Expression
        members__notebook_id__range: tuple[int | Expression, int | Expression]
        members__user_id: uuid.UUID | str | Expression
        members__user_id__in: Iterable[uuid.UUID | str] | Expression
        members__user_id__isnull: bool
        members__user_id__gt: uuid.UUID | str | Expression
        members__user_id__gte: uuid.UUID | str | Expression
        members__user_id__lt: uuid.UUID | str | Expression
        members__user_id__lte: uuid.UUID | str | Expression
        members__user_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        members__may_write: bool | Expression
        members__may_write__in: Iterable[bool] | Expression
        members__may_write__isnull: bool
        members__notebook: TeamNotebook | Expression | None
        members__notebook__pk: int | Expression
        members__notebook__id: int | Expression | None
        members__notebook__name: str | Expression
        members__notebook__owner_id: uuid.UUID | str | Expression | None
        members__notebook__public: bool | Expression
        members__notebook__team_id: int | Expression | None

    class TeamNotebookQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[TeamNotebookLookups]) -> None: ...

    class TeamNotebookValues(TypedDict, total=False):
        id: int | Expression | None
        name: str | Expression
        owner_id: uuid.UUID | Expression | None
        public: bool | Expression
        team_id: int | Expression | None
        team: Team | Expression | None

    TeamNotebookField: TypeAlias = Literal[
        "pk",
        "id",
        "name",
        "owner_id",
        "public",
        "team_id",
        "team",
        "team__id",
        "team__name",
        "team__active",
        "members__id",
        "members__notebook_id",
        "members__notebook",
        "members__user_id",
        "members__may_write",
    ]

    TeamNotebookOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "name",
        "-name",
        "owner_id",
        "-owner_id",
        "public",
        "-public",
        "team_id",
        "-team_id",
        "team",
        "-team",
        "team__id",
        "-team__id",
        "team__name",
        "-team__name",
        "team__active",
        "-team__active",
        "members__id",
        "-members__id",
        "members__notebook_id",
        "-members__notebook_id",
        "members__notebook",
        "-members__notebook",
        "members__user_id",
        "-members__user_id",
        "members__may_write",
        "-members__may_write",
        "?",
    ]

    TeamNotebookParent: TypeAlias = Literal["team"]

    TeamNotebookRelation: TypeAlias = Literal["team", "team__members", "members", "members__notebook"]

    class TeamNotebookRelated(TeamNotebookQuerySet, RelatedObjects[TeamNotebook]):
        """The TeamNotebook objects related to another object."""

    class TeamNotebookMemberLookups(TypedDict, total=False):
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
        notebook_id: int | Expression
        notebook_id__in: Iterable[int] | Expression
        notebook_id__isnull: bool
        notebook_id__gt: int | Expression
        notebook_id__gte: int | Expression
        notebook_id__lt: int | Expression
        notebook_id__lte: int | Expression
        notebook_id__range: tuple[int | Expression, int | Expression]
        user_id: uuid.UUID | str | Expression
        user_id__in: Iterable[uuid.UUID | str] | Expression
        user_id__isnull: bool
        user_id__gt: uuid.UUID | str | Expression
        user_id__gte: uuid.UUID | str | Expression
        user_id__lt: uuid.UUID | str | Expression
        user_id__lte: uuid.UUID | str | Expression
        user_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        may_write: bool | Expression
        may_write__in: Iterable[bool] | Expression
        may_write__isnull: bool
        notebook: TeamNotebook | Expression | None
        notebook__in: Iterable[TeamNotebook] | Expression
        notebook__isnull: bool
        notebook__pk: int | Expression
        notebook__pk__in: Iterable[int] | Expression
        notebook__pk__isnull: bool
        notebook__id: int | Expression | None
        notebook__id__in: Iterable[int] | Expression
        notebook__id__isnull: bool
        notebook__id__gt: int | Expression
        notebook__id__gte: int | Expression
        notebook__id__lt: int | Expression
        notebook__id__lte: int | Expression
        notebook__id__range: tuple[int | Expression, int | Expression]
        notebook__name: str | Expression
        notebook__name__in: Iterable[str] | Expression
        notebook__name__isnull: bool
        notebook__name__gt: str | Expression
        notebook__name__gte: str | Expression
        notebook__name__lt: str | Expression
        notebook__name__lte: str | Expression
        notebook__name__range: tuple[str | Expression, str | Expression]
        notebook__name__iexact: str | Expression
        notebook__name__contains: str | Expression
        notebook__name__icontains: str | Expression
        notebook__name__startswith: str | Expression
        notebook__name__istartswith: str | Expression
        notebook__name__endswith: str | Expression
        notebook__name__iendswith: str | Expression
        notebook__name__regex: str | Expression
        notebook__name__iregex: str | Expression
        notebook__owner_id: uuid.UUID | str | Expression | None
        notebook__owner_id__in: Iterable[uuid.UUID | str] | Expression
        notebook__owner_id__isnull: bool
        notebook__owner_id__gt: uuid.UUID | str | Expression
        notebook__owner_id__gte: uuid.UUID | str | Expression
        notebook__owner_id__lt: uuid.UUID | str | Expression
        notebook__owner_id__lte: uuid.UUID | str | Expression
        notebook__owner_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        notebook__public: bool | Expression
        notebook__public__in: Iterable[bool] | Expression
        notebook__public__isnull: bool
        notebook__team_id: int | Expression | None
        notebook__team_id__in: Iterable[int] | Expression
        notebook__team_id__isnull: bool
        notebook__team_id__gt: int | Expression
        notebook__team_id__gte: int | Expression
        notebook__team_id__lt: int | Expression
        notebook__team_id__lte: int | Expression
        notebook__team_id__range: tuple[int | Expression, int | Expression]
        notebook__team: Team | Expression | None
        notebook__team__pk: int | Expression
        notebook__team__id: int | Expression | None
        notebook__team__name: str | Expression
        notebook__team__active: bool | Expression
        notebook__members: TeamNotebookMember | Expression | None
        notebook__members__pk: int | Expression
        notebook__members__id: int | Expression | None
        notebook__members__notebook_id: int | Expression
        notebook__members__user_id: uuid.UUID | str | Expression
        notebook__members__may_write: bool | Expression

    class TeamNotebookMemberQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[TeamNotebookMemberLookups]) -> None: ...

    class TeamNotebookMemberValues(TypedDict, total=False):
        id: int | Expression | None
        notebook_id: int | Expression
        notebook: TeamNotebook | Expression
        user_id: uuid.UUID | Expression
        may_write: bool | Expression

    TeamNotebookMemberField: TypeAlias = Literal[
        "pk",
        "id",
        "notebook_id",
        "notebook",
        "user_id",
        "may_write",
        "notebook__id",
        "notebook__name",
        "notebook__owner_id",
        "notebook__public",
        "notebook__team_id",
        "notebook__team",
    ]

    TeamNotebookMemberOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "notebook_id",
        "-notebook_id",
        "notebook",
        "-notebook",
        "user_id",
        "-user_id",
        "may_write",
        "-may_write",
        "notebook__id",
        "-notebook__id",
        "notebook__name",
        "-notebook__name",
        "notebook__owner_id",
        "-notebook__owner_id",
        "notebook__public",
        "-notebook__public",
        "notebook__team_id",
        "-notebook__team_id",
        "notebook__team",
        "-notebook__team",
        "?",
    ]

    TeamNotebookMemberParent: TypeAlias = Literal["notebook", "notebook__team"]

    TeamNotebookMemberRelation: TypeAlias = Literal["notebook", "notebook__team", "notebook__members"]

    class TeamNotebookMemberRelated(TeamNotebookMemberQuerySet, RelatedObjects[TeamNotebookMember]):
        """The TeamNotebookMember objects related to another object."""
