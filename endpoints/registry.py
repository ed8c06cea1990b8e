"""Which endpoints and methods there are: found in each app's endpoints.py, read once, faults reported all together."""

from __future__ import annotations

import abc
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.module_loading import autodiscover_modules

from endpoints.definitions import EndpointDefinition, MethodDefinition
from endpoints.endpoint import Endpoint, is_hidden, is_unauthenticated
from endpoints.errors import BadEndpoints, EndpointNotFound, MethodNotFound
from endpoints.signatures import method_definition, takes_call


@dataclass(frozen=True, slots=True)
class Entry:
    """One method that can be called: its endpoint's object and definition, and the bound function."""

    endpoint: EndpointDefinition
    method: MethodDefinition
    function: Callable[..., Any]
    require_login: bool
    required_scopes: frozenset[str]


class Registry:
    """The endpoints of one server. `faults`: what is wrong with them, one line each, with file and line."""

    def __init__(self, classes: Iterable[type[Endpoint]]) -> None:
        self.faults: list[str] = []
        self._definitions: dict[str, EndpointDefinition] = {}
        self._entries: dict[str, dict[str, Entry]] = {}
        for each in classes:
            self._add(each)

    def definitions(self) -> list[EndpointDefinition]:
        """All endpoints by name, abstract ones too. Raises BadEndpoints where something is wrong with them."""
        if self.faults:
            raise BadEndpoints("\n".join(self.faults))
        return sorted(self._definitions.values(), key=lambda each: (each.name, each.class_name))

    def has(self, endpoint: str) -> bool:
        return endpoint in self._entries

    def names(self) -> list[str]:
        """The addresses that can be called, e.g. "notes"."""
        return list(self._entries)

    def find(self, endpoint: str, method: str) -> Entry:
        """Raises EndpointNotFound (404), MethodNotFound (400)."""
        methods = self._entries.get(endpoint)
        if methods is None:
            raise EndpointNotFound(text=f"There is no endpoint {endpoint!r}.")
        entry = methods.get(method)
        if entry is None:
            raise MethodNotFound(text=f"The endpoint {endpoint!r} has no method {method!r}.")
        return entry

    def _add(self, cls: type[Endpoint]) -> None:
        abstract = abc.ABC in cls.__bases__
        name = endpoint_name(cls)
        parent = next((base for base in cls.__mro__[1:] if is_public_base(base)), None)
        definition = EndpointDefinition(
            name=name,
            class_name=cls.__name__,
            doc=inspect.cleandoc(cls.__dict__.get("__doc__") or ""),
            module=cls.module,
            abstract=abstract,
            parent=parent.__name__ if parent else "",
        )
        functions = public_methods(cls)
        for function, declared_in in functions:
            method, faults = method_definition(function, unauthenticated=is_unauthenticated(declared_in))
            self.faults += [f"{place(function)} {name}.{method.wire_name}{fault}" for fault in faults]
            definition.methods.append(method)
        key = f"{cls.module}.{name}" if cls.module else name
        if key in self._definitions:
            other = self._definitions[key].class_name
            self.faults.append(
                f"{place(cls)} {cls.__name__}: {other} is called {key!r} as well; rename one of them"
            )
            return
        self._definitions[key] = definition
        if not abstract:
            self._entries[key] = self._entries_of(cls, definition, [function for function, _ in functions])

    def _entries_of(
        self, cls: type[Endpoint], definition: EndpointDefinition, functions: list[Callable[..., Any]]
    ) -> dict[str, Entry]:
        instance = cls()
        scopes = frozenset(cls.required_scopes)
        return {
            method.wire_name: Entry(
                definition, method, function.__get__(instance), bool(cls.require_login or scopes), scopes
            )
            for method, function in zip(definition.methods, functions, strict=True)
        }


def endpoint_name(cls: type[Endpoint]) -> str:
    """`NotesEndpoint` is "notes" on the wire."""
    name = cls.__name__.removesuffix("Endpoint") or cls.__name__
    return name[:1].lower() + name[1:]


def is_public_base(base: type[Any]) -> bool:
    return issubclass(base, Endpoint) and base is not Endpoint and not is_hidden(base)


def public_methods(cls: type[Endpoint]) -> list[tuple[Callable[..., Any], type[Any]]]:
    """The methods that clients may call, inherited ones first, and the class that declares each."""
    found: dict[str, tuple[Callable[..., Any], type[Any]]] = {}
    for base in reversed(cls.__mro__):
        for name, function in vars(base).items():
            if name.startswith("_") or not inspect.isfunction(function) or not issubclass(base, Endpoint):
                continue
            if is_hidden(function):
                found.pop(name, None)
            elif takes_call(function):
                found[name] = (function, base)
    return list(found.values())


def place(subject: Any) -> str:
    """file:line of a class or function, below the project's folder where it is there."""
    subject = inspect.unwrap(subject)
    path = Path(inspect.getsourcefile(subject) or "?")
    if path.is_relative_to(settings.BASE_DIR):
        path = path.relative_to(settings.BASE_DIR)
    return f"{path}:{inspect.getsourcelines(subject)[1]}"


@cache
def registry() -> Registry:
    """The endpoints of the installed apps: every class in `<app>/endpoints.py` that extends Endpoint."""
    autodiscover_modules("endpoints")
    return Registry(each for each in _descendants(Endpoint) if not is_hidden(each) and _installed(each))


def _descendants(cls: type[Endpoint]) -> list[type[Endpoint]]:
    found: dict[type[Endpoint], None] = {}
    for child in cls.__subclasses__():
        found[child] = None
        found.update(dict.fromkeys(_descendants(child)))
    return list(found)


def _installed(cls: type[Endpoint]) -> bool:
    """Whether the class stands in the endpoints module of an installed app; a test's own class does not."""
    app, _, module = cls.__module__.rpartition(".")
    return module == "endpoints" and app in settings.INSTALLED_APPS


def definitions() -> list[EndpointDefinition]:
    """What the server runs from and clients are generated from. Raises BadEndpoints."""
    return registry().definitions()
