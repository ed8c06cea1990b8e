"""The rules of a model: a class in `<app>/access.py`, found by name. A model without rules is closed to clients."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, TypeVar, get_args, get_origin

from django.db.models import Model

from podium.access.conditions import ACTIONS, Action, Condition
from podium.core.project import ROOT

ModelT = TypeVar("ModelT", bound=Model)
Fill = Mapping[str, Any]


class Rules(Generic[ModelT]):
    """The rules of a model.

    class NoteRules(Rules[Note]):
        read = Note.Q(owner_id=Me) | through("notebook")
        create = update = delete = Note.Q(owner_id=Me)
        fill = {"owner_id": Me}

    read, create, update, delete
              the condition under which a caller may do this; None: nobody. To update or delete a row, a caller must be
              allowed to read it as well.
    fill      fields, by their names in Python, that `create` sets: to a value, Me, or the result of a function

    What clients do with fields, in row methods and REST, on top of the model file's `scope`:

    fixed     fields that clients read and never write
    readable  the fields that clients read; None: all. A field that is left out must be nullable
    writable  the fields that clients write, also by action: {"create": [...], "update": [...]}; None: all but `id`,
              `fixed` and `fill`
    filter    the fields that clients filter and sort by; the key always
    expand    the relations whose rows clients may ask for together with a row, each under its own model's rules
    entries   the generated entries: "client" for row methods, "rest" for a REST resource
    api_keys  the actions that programs with an API key may do through them, as the owner of the key: ["read"]. To
              update or delete, "read" is needed as well, and for `expand` in the related model's rules
    plural    the name of the REST resource; "" for the plural of the class: TeamNote, "team-notes"

    `manage.py check` reports mistakes, with file and line.
    """

    read: ClassVar[Condition | None] = None
    create: ClassVar[Condition | None] = None
    update: ClassVar[Condition | None] = None
    delete: ClassVar[Condition | None] = None
    fill: ClassVar[Fill] = {}
    fixed: ClassVar[Sequence[str]] = ()
    readable: ClassVar[Sequence[str] | None] = None
    writable: ClassVar[Sequence[str] | Mapping[Action, Sequence[str]] | None] = None
    filter: ClassVar[Sequence[str]] = ()
    expand: ClassVar[Sequence[str]] = ()
    entries: ClassVar[Sequence[Literal["client", "rest"]]] = ("client", "rest")
    api_keys: ClassVar[Sequence[Action]] = ()
    plural: ClassVar[str] = ""

    model: ClassVar[type[Model]]
    """The model, from the brackets."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        model = _model(cls)
        if model is not None:
            cls.model = model
            classes.setdefault(model, []).append(cls)
            for forget in when_added:
                forget()


classes: dict[type[Model], list[type[Rules[Any]]]] = {}
"""The classes of rules by model; more than one is a mistake."""

when_added: list[Callable[[], None]] = []
"""Called after a class of rules was added: caches of compiled rules are cleared."""


def rules_of(model: type[Model]) -> type[Rules[Any]] | None:
    """Return a model's rules; None if it has none, which closes it."""
    found = classes.get(model)
    return found[0] if found else None


def condition_of(model: type[Model], action: Action) -> Condition | None:
    """Return the condition of an action as it is written; None if nobody may do it."""
    rules = rules_of(model)
    return None if rules is None else getattr(rules, action)


def models() -> list[type[Model]]:
    """The models with rules, in the order of their definition."""
    return list(classes)


def forget(*models: type[Model]) -> None:
    """Remove the rules of models again; tests do it."""
    for model in models:
        classes.pop(model, None)
    for each in when_added:
        each()


def place(rules: type[Rules[Any]], attribute: str = "") -> str:
    """Return "path:line" of a class of rules, or of one of its attributes. The path is relative to the project."""
    try:
        path = Path(inspect.getsourcefile(rules) or "")
        path = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        lines, first = inspect.getsourcelines(rules)
    except (OSError, TypeError):  # made in a shell
        return rules.__module__
    for number, line in enumerate(lines):
        names = line.split("=")[:-1] if "=" in line else ()
        if attribute and attribute in [name.split(":")[0].strip() for name in names]:
            return f"{path}:{first + number}"
    return f"{path}:{first}"


def unknown_names(rules: type[Rules[Any]]) -> list[str]:
    """Return the attributes that rules do not have, such as "raed"."""
    known = {*ACTIONS, *Rules.__annotations__}
    return [
        name
        for each in rules.__mro__[: rules.__mro__.index(Rules)]
        for name, value in vars(each).items()
        if name not in known and not name.startswith("_") and not callable(value)
    ]


def _model(cls: type[Rules[Any]]) -> type[Model] | None:
    """The model in the brackets of a base; None for a base of other rules."""
    for base in getattr(cls, "__orig_bases__", ()):
        if isinstance(get_origin(base), type) and issubclass(get_origin(base), Rules):
            for argument in get_args(base):
                if isinstance(argument, type) and issubclass(argument, Model):
                    return argument
    return None
