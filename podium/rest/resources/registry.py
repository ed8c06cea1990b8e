"""The resources that are generated: one for each model with access rules, unless an app registers one of that name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.db.models import Model
from django.utils.module_loading import autodiscover_modules

from podium.access.conditions import Action
from podium.access.errors import RowNotFound
from podium.access.fields import FieldRules, field_rules
from podium.access.rows import allowed
from podium.access.rules import condition_of, rules_of, when_added
from podium.rest.resources import values
from podium.rest.routers import router
from podium.rows.classes import ruled
from podium.wire.classes import WireField, by_python
from podium.wire.errors import WireError

PREFIX = "/api/"
READING = ("GET", "HEAD")
OF_MANY: dict[str, Action] = {"GET": "read", "POST": "create", "PATCH": "update", "DELETE": "delete"}
"""The actions of the methods on a resource, such as /api/notes."""
OF_ONE: dict[str, Action] = {"GET": "read", "PUT": "update", "PATCH": "update", "DELETE": "delete"}
"""The actions of the methods on one row, such as /api/notes/1."""


@dataclass(frozen=True)
class Resource:
    """The rows of a model over REST.

    path  the name in addresses: "team-notes"
    name  the class's name, without its module: "TeamNote"
    """

    model: type[Model]
    path: str
    name: str

    @cached_property
    def rules(self) -> FieldRules:
        return field_rules(self.model)

    @cached_property
    def key(self) -> WireField:
        """The field of the rows' key."""
        return next(each for each in self.rules.filter if each.attribute == self.model._meta.pk.attname)

    def methods(self, *, one: bool) -> dict[str, Action]:
        """The methods on one row, or on the resource, that have a rule. A row that nobody reads can't be changed."""
        return self._of_one if one else self._of_many

    @cached_property
    def _of_one(self) -> dict[str, Action]:
        return self._open(OF_ONE)

    @cached_property
    def _of_many(self) -> dict[str, Action]:
        return self._open(OF_MANY)

    def _open(self, known: dict[str, Action]) -> dict[str, Action]:
        can_read = condition_of(self.model, "read") is not None
        return {
            method: action
            for method, action in known.items()
            if condition_of(self.model, action) is not None and (can_read or action == "create")
        }

    @property
    def api_key_methods(self) -> tuple[str, ...]:
        """The methods that programs with an API key may use."""
        rules = rules_of(self.model)
        actions = rules.api_keys if rules else ()
        found = tuple(method for method, action in (OF_MANY | OF_ONE).items() if action in actions)
        return (*found, "HEAD") if "GET" in found else found

    def is_closed_to_strangers(self, action: Action) -> bool:
        """Test whether nobody may do this without signing in, with no row at all."""
        return _is_closed(self.model, action)

    def key_of(self, text: str) -> Any:
        """Return the key in an address. Raises RowNotFound (404) for one that no row can have."""
        try:
            return values.from_text(self.key, text)
        except WireError:
            raise RowNotFound(model=self.model.__name__) from None

    def address(self, key: Any = None) -> str:
        """The path of the resource, or of a row."""
        return f"{PREFIX}{self.path}" + ("" if key is None else f"/{key}")


@cache
def resources() -> dict[str, Resource]:
    """The generated resources by path."""
    autodiscover_modules("rest")
    own = {prefix for prefix, *_ in router.registry}
    found: dict[str, Resource] = {}
    for model in ruled("rest"):
        path = path_of(model)
        if path not in own:
            found.setdefault(path, Resource(model, path, by_python[model].name.rpartition(".")[2]))
    return found


def path_of(model: type[Model]) -> str:
    """The name of a model's resource: `plural` of its rules, or the plural of the class: TeamNote, "team-notes"."""
    rules = rules_of(model)
    name = by_python[model].name.rpartition(".")[2]
    return (rules.plural if rules else "") or plural(name)


def plural(name: str) -> str:
    """Return the regular English plural of a class's name, with hyphens: "TeamCategory" is "team-categories"."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_", "-", name).lower()
    if re.search(r"[^aeiou]y$", words):
        return f"{words[:-1]}ies"
    return f"{words}es" if re.search(r"(s|x|z|ch|sh)$", words) else f"{words}s"


@cache
def _is_closed(model: type[Model], action: Action) -> bool:
    return allowed(model, action, None) is False


when_added += [resources.cache_clear, _is_closed.cache_clear]
