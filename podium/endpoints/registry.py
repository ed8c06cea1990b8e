"""The endpoints and methods of all apps: found in each app's endpoints.py, read once, all faults reported together."""

from __future__ import annotations

import abc
import inspect
import sys
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

from podium.endpoints import quotas
from podium.endpoints.authorization import Rules
from podium.endpoints.definitions import EndpointDefinition, MethodDefinition
from podium.endpoints.endpoint import (
    Endpoint,
    is_api_key_allowed,
    is_credential_optional,
    is_hidden,
    is_impersonation_allowed,
    is_replaceable,
    is_result_unchecked,
    is_unauthenticated,
    is_unfinished_allowed,
    is_unlogged,
    max_body_bytes_of,
    rates_of,
)
from podium.endpoints.errors import NAME_SHOWN, BadEndpoints, EndpointNotFound, MethodNotFound
from podium.endpoints.rates import Quota
from podium.endpoints.signatures import method_definition, plain, takes_call


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Rules):
    """A method that can be called: its endpoint's object and definition, the bound function, and its rules.

    quotas    the calls that one user, API key or address may make; (): the limit of ENDPOINTS_RATE
    unlogged  its calls are not in the call log
    unchecked_results  its results may have rows that the caller may not read
    credential_optional  an expired access token or an unfinished sign-in counts as no credential
    """

    endpoint: EndpointDefinition
    method: MethodDefinition
    function: Callable[..., Any]
    quotas: tuple[Quota, ...] = ()
    unlogged: bool = False
    credential_optional: bool = False
    unchecked_results: bool = False


class Registry:
    """The endpoints of one server.

    classes  the classes of the endpoints
    faults   their faults, one line each, with file and line
    targets  the methods as dispatch prepares them at their first calls
    sizes    bytes that a call of a method may send, if different from the general limit
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
        """All endpoints by name, including abstract ones. Raises BadEndpoints if there are faults."""
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
            raise EndpointNotFound(text=f"Endpoint not found: {endpoint[:NAME_SHOWN]!r}.")
        entry = methods.get(method)
        if entry is None:
            raise MethodNotFound(text=_no_method(endpoint, method))
        return entry

    def _add(self, cls: type[Endpoint]) -> None:
        abstract = is_abstract(cls)
        name = endpoint_name(cls)
        module = module_of(cls)
        parent = _parent_of(cls)
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
        )  # of the class itself, not of a subclass, which replaces it
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
        """The faults of a method that come from its class and from earlier methods."""
        faults = []
        for other in definition.methods:
            if other.wire_name == method.wire_name:
                faults.append(
                    f": {other.name} and {method.name} are the same on the wire; rename one of them"
                )
        if method.unauthenticated and (cls.require_login or cls.required_scopes):
            faults.append(
                ": clients call it without a credential, but its endpoint requires a sign-in; move one of the two"
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
            ):  # the warning is for clients, not for the server, which still serves them
                warnings.simplefilter("ignore", DeprecationWarning)
            instance = cls()
        scopes = frozenset(cls.required_scopes)
        return {
            method.wire_name: Entry(
                endpoint=definition,
                method=method,
                function=plain(function).__get__(instance),
                require_login=bool(cls.require_login or scopes),
                required_scopes=scopes,
                quotas=quotas.of_marks(rates_of(function) or rates_of(cls)),
                unlogged=is_unlogged(function) or is_unlogged(cls),
                unchecked_results=is_result_unchecked(function) or is_result_unchecked(cls),
                credential_optional=is_credential_optional(function),
                allow_impersonation=is_impersonation_allowed(function)
                or is_impersonation_allowed(declared_in),
                allow_api_keys=is_api_key_allowed(function) or is_api_key_allowed(declared_in),
                unfinished_allowed=is_unfinished_allowed(function) or is_unfinished_allowed(cls),
            )
            for method, (function, declared_in) in zip(definition.methods, functions, strict=True)
        }


def _no_method(endpoint: str, method: str) -> str:
    """The message for a method that the endpoint does not have."""
    if not method:
        return f"No method name specified: write it after the endpoint, /{endpoint}/<method>."
    return f"Method not found: the endpoint {endpoint!r} has no method {method[:NAME_SHOWN]!r}."


def _faults_of_marks(subject: object) -> list[str]:
    """The faults of the decorators for rate and size of a class or a method."""
    faults = quotas.faults(rates_of(subject))
    size = max_body_bytes_of(subject)
    if size is not None and size <= 0:
        faults.append(f" @max_body_bytes: {size} bytes are too few for any call; write a number above 0")
    return faults


def _faults_above(function: Callable[..., Any], method: MethodDefinition) -> list[str]:
    """The faults of a method's decorators."""
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
    """The module that an endpoint belongs to: its own, or that of a base in the same app."""
    for base in cls.__mro__:
        if "module" in vars(base):
            same_app = base.__module__.partition(".")[0] == cls.__module__.partition(".")[0]
            return str(vars(base)["module"]) if same_app else ""
    return ""


def is_abstract(cls: type[Endpoint]) -> bool:
    """Return whether the class is only a base: it derives from abc.ABC directly, or has abstract methods."""
    return abc.ABC in cls.__bases__ or inspect.isabstract(cls)


def is_public_base(base: type[Any]) -> TypeGuard[type[Endpoint]]:
    unseen = is_hidden(base) or is_replaceable(base)
    return issubclass(base, Endpoint) and base is not Endpoint and not unseen


def _parent_of(cls: type[Endpoint]) -> type[Endpoint] | None:
    """The class that clients see as the base; None if it is hidden: its methods then count as the subclass's."""
    bases = [base for base in cls.__mro__[1:] if issubclass(base, Endpoint) and base is not Endpoint]
    return bases[0] if bases and is_public_base(bases[0]) else None


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
                found.pop(name, None)  # it replaces an inherited method, or hides it
    return list(found.values())


def place(subject: Any) -> str:
    """file:line of a class or function, relative to the project's folder if it is in there."""
    if made_from := vars(subject).get("made_from"):  # an endpoint that has no code
        return str(made_from)
    subject = inspect.unwrap(subject)
    path = Path(inspect.getsourcefile(subject) or "?")
    if path.is_relative_to(settings.BASE_DIR):
        path = path.relative_to(settings.BASE_DIR)
    return f"{path}:{inspect.getsourcelines(subject)[1]}"


def registry() -> Registry:
    """The endpoints that this process serves: those of the installed apps, unless a test replaced them."""
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
    """Every class in `<app>/endpoints.py` of an installed app that extends Endpoint and is served."""
    return Registry(sorted(_served(_declared()), key=lambda each: (each.__module__, each.__qualname__)))


def _declared() -> list[type[Endpoint]]:
    """The endpoints of the apps: in endpoints.py, and in the modules that it names in ALSO_IN."""
    autodiscover_modules("endpoints")
    homes = {f"{config.name}.endpoints" for config in apps.get_app_configs()}
    homes |= {other for home in homes for other in getattr(sys.modules.get(home), "ALSO_IN", ())}
    found = [each for each in _descendants(Endpoint) if not is_hidden(each) and _is_in(each, homes)]
    return [*found, *(each for source in sources for each in source(found))]


sources: list[Callable[[list[type[Endpoint]]], Iterable[type[Endpoint]]]] = []
"""Functions that return more endpoints, made from something else than code. They receive the declared ones."""


def _served(classes: Iterable[type[Endpoint]]) -> list[type[Endpoint]]:
    """Leave out endpoints that are replaced, then those that are off: even a class that is off replaces another."""
    return [each for each in not_replaced(classes) if is_abstract(each) or each.is_served()]


def not_replaced(classes: Iterable[type[Endpoint]]) -> list[type[Endpoint]]:
    """Leave out replaceable endpoints if another class extends the same base."""
    given = list(classes)
    others = [each for each in given if not (is_replaceable(each) or is_abstract(each))]
    return [
        each
        for each in given
        if not (is_replaceable(each) and any(issubclass(other, each.__mro__[1]) for other in others))
    ]


def not_served(base: type[Endpoint]) -> list[type[Endpoint]]:
    """Return the subclasses of `base` in apps that are off."""
    return [
        each
        for each in _declared()
        if issubclass(each, base) and not (is_abstract(each) or is_replaceable(each) or each.is_served())
    ]


def forget() -> None:
    """Determine again which endpoints are served, after a change of settings in a test."""
    _installed.cache_clear()


def strays() -> list[type[Endpoint]]:
    """Endpoint classes of installed apps in modules that are not searched for endpoints."""
    served = _installed().classes
    declared = set(_declared())
    return [
        each
        for each in _descendants(Endpoint)
        if each not in declared
        and _is_of_an_app(each.__module__)
        and "made_from" not in vars(each)  # by a source, in no module
        and not (is_hidden(each) or is_abstract(each) or any(issubclass(other, each) for other in served))
    ]


def _is_of_an_app(module: str) -> bool:
    is_test = any(part.startswith("test") for part in module.split("."))
    return not is_test and any(module.startswith(f"{config.name}.") for config in apps.get_app_configs())


@receiver(setting_changed)
def _forget(*, setting: str, **_: Any) -> None:
    if setting == "INSTALLED_APPS":
        forget()


def _descendants(cls: type[Endpoint]) -> list[type[Endpoint]]:
    found: dict[type[Endpoint], None] = {}
    for child in cls.__subclasses__():
        found[child] = None
        found.update(dict.fromkeys(_descendants(child)))
    return list(found)


def _is_in(cls: type[Endpoint], homes: set[str]) -> bool:
    """Return whether the class is in one of the modules, or in a package of that name. A class in a test is not."""
    return any(cls.__module__ == home or cls.__module__.startswith(f"{home}.") for home in homes)


def definitions() -> list[EndpointDefinition]:
    """Build the registry that the server runs from and clients are generated from. Raises BadEndpoints."""
    return registry().definitions()
