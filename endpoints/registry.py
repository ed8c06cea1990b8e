"""Which endpoints and methods there are: found in each app's endpoints.py, read once, faults reported all together."""

from __future__ import annotations

import abc
import inspect
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeGuard

from django.apps import apps
from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.utils.module_loading import autodiscover_modules

from endpoints import rates
from endpoints.definitions import EndpointDefinition, MethodDefinition
from endpoints.endpoint import (
    Endpoint,
    is_credential_optional,
    is_hidden,
    is_impersonation_allowed,
    is_unauthenticated,
    is_unfinished_allowed,
    is_unlogged,
    max_body_bytes_of,
    rate_of,
)
from endpoints.errors import NAME_SHOWN, BadEndpoints, EndpointNotFound, MethodNotFound
from endpoints.signatures import method_definition, plain, takes_call


@dataclass(frozen=True, slots=True)
class Entry:
    """One method that can be called: its endpoint's object and definition, and the bound function.

    rate      how often one user or address may call it, e.g. "10/m"; "": as ENDPOINTS_RATE says
    unlogged  it stays out of the call log
    credential_optional  a credential that is no longer good counts as none
    allow_impersonation  operators acting as a user may call it
    unfinished_allowed   users may call it who lack the second factor that the server requires
    """

    endpoint: EndpointDefinition
    method: MethodDefinition
    function: Callable[..., Any]
    require_login: bool
    required_scopes: frozenset[str]
    rate: str = ""
    unlogged: bool = False
    credential_optional: bool = False
    allow_impersonation: bool = False
    unfinished_allowed: bool = False


class Registry:
    """The endpoints of one server.

    classes  what it was made of
    faults   what is wrong with them, one line each, with file and line
    targets  what dispatch builds of them at their first calls
    sizes    bytes that a call of a method may send, where they are not those of all
    """

    def __init__(self, classes: Iterable[type[Endpoint]]) -> None:
        self.faults: list[str] = []
        self.sizes: dict[tuple[str, str], int] = {}
        self.targets: dict[tuple[str, str], Any] = {}
        self._definitions: dict[str, EndpointDefinition] = {}
        self._classes: dict[str, type[Endpoint]] = {}
        self._entries: dict[str, dict[str, Entry]] = {}
        self.classes = tuple(classes)
        for each in self.classes:
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
            raise EndpointNotFound(text=f"There is no endpoint {endpoint[:NAME_SHOWN]!r}.")
        entry = methods.get(method)
        if entry is None:
            raise MethodNotFound(text=f"The endpoint {endpoint!r} has no method {method[:NAME_SHOWN]!r}.")
        return entry

    def _add(self, cls: type[Endpoint]) -> None:
        abstract = is_abstract(cls)
        name = endpoint_name(cls)
        module = module_of(cls)
        parent = next((base for base in cls.__mro__[1:] if is_public_base(base)), None)
        definition = EndpointDefinition(
            name=name,
            class_name=cls.__name__,
            doc=inspect.cleandoc(cls.__dict__.get("__doc__") or ""),
            module=module,
            abstract=abstract,
            parent=parent.__name__ if parent else "",
            parent_module=module_of(parent) if parent else "",
        )
        key = f"{module}.{name}" if module else name
        deprecated = (
            vars(cls).get("__deprecated__") or ""
        )  # of the very class: one that extends it replaces it
        functions = public_methods(cls)
        for function, declared_in in functions:
            method, faults = method_definition(function, unauthenticated=is_unauthenticated(declared_in))
            faults += self._faults_beside(cls, method, definition) + _faults_above(function, method)
            if deprecated and not method.deprecated:
                method = replace(method, deprecated=deprecated)
            definition.methods.append(method)
            self.faults += [f"{place(function)} {key}.{method.wire_name}{fault}" for fault in faults]
        self.faults += [f"{place(cls)} {cls.__name__}{fault}" for fault in _faults_of_marks(cls)]
        if isinstance(cls.required_scopes, str):
            self.faults.append(
                f"{place(cls)} {cls.__name__}.required_scopes is a text; write frozenset({{...}})"
            )
        if key in self._classes:
            other = self._classes[key]
            self.faults.append(
                f"{place(cls)} {cls.__name__} is called {key!r} on the wire, and so is {other.__name__} at "
                f"{place(other)}; rename one of them"
            )
            return
        self._classes[key] = cls
        self._definitions[key] = definition
        if not abstract:
            self._entries[key] = self._entries_of(cls, definition, functions)
            for method, (function, _) in zip(definition.methods, functions, strict=True):
                own = max_body_bytes_of(function)
                size = max_body_bytes_of(cls) if own is None else own
                if size is not None and not method.streams:
                    self.sizes[key, method.wire_name] = size

    def _faults_beside(
        self, cls: type[Endpoint], method: MethodDefinition, definition: EndpointDefinition
    ) -> list[str]:
        """What is wrong with a method because of its class and the methods before it."""
        faults = []
        for other in definition.methods:
            if other.wire_name == method.wire_name:
                faults.append(
                    f": {other.name} and {method.name} are the same on the wire; rename one of them"
                )
        if method.unauthenticated and (cls.require_login or cls.required_scopes):
            faults.append(
                ": clients call it without signing in, but its endpoint asks for that; move one of both"
            )
        return faults

    def _entries_of(
        self,
        cls: type[Endpoint],
        definition: EndpointDefinition,
        functions: list[tuple[Callable[..., Any], type[Any]]],
    ) -> dict[str, Entry]:
        with warnings.catch_warnings():
            if "__deprecated__" in vars(
                cls
            ):  # meant for the clients, not for the server that still serves them
                warnings.simplefilter("ignore", DeprecationWarning)
            instance = cls()
        scopes = frozenset(cls.required_scopes)
        return {
            method.wire_name: Entry(
                definition,
                method,
                plain(function).__get__(instance),
                bool(cls.require_login or scopes),
                scopes,
                rate_of(function) or rate_of(cls),
                is_unlogged(function) or is_unlogged(cls),
                is_credential_optional(function),
                is_impersonation_allowed(function) or is_impersonation_allowed(declared_in),
                is_unfinished_allowed(function) or is_unfinished_allowed(cls),
            )
            for method, (function, declared_in) in zip(definition.methods, functions, strict=True)
        }


def _faults_of_marks(subject: object) -> list[str]:
    """What is wrong with the rate and the size above a class or a method."""
    faults = []
    if rate := rate_of(subject):
        try:
            rates.parse(rate)
        except ValueError as error:
            faults.append(f" @rate_limit: {error}")
    size = max_body_bytes_of(subject)
    if size is not None and size <= 0:
        faults.append(f" @max_body_bytes: {size} bytes are too few for any call; write a number above 0")
    return faults


def _faults_above(function: Callable[..., Any], method: MethodDefinition) -> list[str]:
    """What is wrong with the decorators of a method."""
    faults = _faults_of_marks(function)
    if max_body_bytes_of(function) is not None and method.streams:
        faults.append(
            " @max_body_bytes: a stream has no body; its frames are bounded by REALTIME_FRAME_BYTES"
        )
    return faults


def endpoint_name(cls: type[Endpoint]) -> str:
    """`NotesEndpoint` is "notes" on the wire."""
    name = cls.__name__.removesuffix("Endpoint") or cls.__name__
    return name[:1].lower() + name[1:]


def module_of(cls: type[Endpoint]) -> str:
    """The module that an endpoint belongs to: what it, or a base in the same app, says."""
    for base in cls.__mro__:
        if "module" in vars(base):
            same_app = base.__module__.partition(".")[0] == cls.__module__.partition(".")[0]
            return str(vars(base)["module"]) if same_app else ""
    return ""


def is_abstract(cls: type[Endpoint]) -> bool:
    """Whether it only hands its methods on: it derives from abc.ABC directly, or has abstract methods."""
    return abc.ABC in cls.__bases__ or inspect.isabstract(cls)


def is_public_base(base: type[Any]) -> TypeGuard[type[Endpoint]]:
    return issubclass(base, Endpoint) and base is not Endpoint and not is_hidden(base)


def public_methods(cls: type[Endpoint]) -> list[tuple[Callable[..., Any], type[Any]]]:
    """The methods that clients may call, inherited ones first, and the class that declares each."""
    found: dict[str, tuple[Callable[..., Any], type[Any]]] = {}
    for base in reversed(cls.__mro__):
        for name, function in vars(base).items():
            if name.startswith("_") or not issubclass(base, Endpoint):
                continue
            if inspect.isfunction(function) and takes_call(function) and not is_hidden(function):
                found[name] = (function, base)
            else:
                found.pop(name, None)  # what stands in an inherited method's place, or hides it
    return list(found.values())


def place(subject: Any) -> str:
    """file:line of a class or function, below the project's folder where it is there."""
    subject = inspect.unwrap(subject)
    path = Path(inspect.getsourcefile(subject) or "?")
    if path.is_relative_to(settings.BASE_DIR):
        path = path.relative_to(settings.BASE_DIR)
    return f"{path}:{inspect.getsourcelines(subject)[1]}"


def registry() -> Registry:
    """What this process serves: the endpoints of the installed apps, unless a test put others there."""
    return _instead[-1] if _instead else _installed()


_instead: list[Registry] = []


@contextmanager
def instead(other: Registry) -> Iterator[Registry]:
    """Serve other endpoints in this process for a while, for tests."""
    _instead.append(other)
    try:
        yield other
    finally:
        _instead.remove(other)


@cache
def _installed() -> Registry:
    """Every class in `<app>/endpoints.py` of an installed app that extends Endpoint."""
    autodiscover_modules("endpoints")
    homes = {f"{config.name}.endpoints" for config in apps.get_app_configs()}
    classes = [each for each in _descendants(Endpoint) if not is_hidden(each) and _is_in(each, homes)]
    return Registry(sorted(classes, key=lambda each: (each.__module__, each.__qualname__)))


def strays() -> list[type[Endpoint]]:
    """Classes of installed apps that look as if clients could call them, but stand where nobody looks for endpoints."""
    served = _installed().classes
    return [
        each
        for each in _descendants(Endpoint)
        if _is_of_an_app(each.__module__)
        and not (is_hidden(each) or is_abstract(each) or any(issubclass(other, each) for other in served))
    ]


def _is_of_an_app(module: str) -> bool:
    is_test = any(part.startswith("test") for part in module.split("."))
    return not is_test and any(module.startswith(f"{config.name}.") for config in apps.get_app_configs())


@receiver(setting_changed)
def _forget(*, setting: str, **_: Any) -> None:
    if setting == "INSTALLED_APPS":
        _installed.cache_clear()


def _descendants(cls: type[Endpoint]) -> list[type[Endpoint]]:
    found: dict[type[Endpoint], None] = {}
    for child in cls.__subclasses__():
        found[child] = None
        found.update(dict.fromkeys(_descendants(child)))
    return list(found)


def _is_in(cls: type[Endpoint], homes: set[str]) -> bool:
    """Whether the class stands in one of the modules, or in a package of that name. A test's own class does not."""
    return any(cls.__module__ == home or cls.__module__.startswith(f"{home}.") for home in homes)


def definitions() -> list[EndpointDefinition]:
    """What the server runs from and clients are generated from. Raises BadEndpoints."""
    return registry().definitions()
