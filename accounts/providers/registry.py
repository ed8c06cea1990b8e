"""The sign-in providers: found by name in accounts/providers/<name>/ and in `<app>/sign_in_providers.py`.

docs/how-to/add-a-sign-in-provider.md adds one. podium/settings.py imports this module, before any app is loaded.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

from django.apps import apps
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.utils.module_loading import autodiscover_modules, import_string

from accounts.providers.claims import Claims
from accounts.providers.provider import Provider
from podium.core.environment import Environment

HOME = __name__.rpartition(".")[0]
MODULE = "sign_in_providers"
P = TypeVar("P", bound=type[Provider])

_registered: dict[str, type[Provider]] = {}


def register(provider: P) -> P:
    """Register a provider. A class decorator. Raises ValueError if another one has its name."""
    other = _registered.setdefault(provider.name, provider)
    if other.__qualname__ != provider.__qualname__ or other.__module__ != provider.__module__:
        raise ValueError(
            f"{provider.__module__}.{provider.__qualname__}: {other.__module__}.{other.__qualname__} is also called "
            f"{provider.name!r}. Rename one of them."
        )
    _registered[provider.name] = provider
    return provider


def every() -> Mapping[str, type[Provider]]:
    """All providers by name: those of accounts first. Before the apps are loaded, these only."""
    return _of_the_apps() if apps.models_ready else built_in()


@cache
def built_in() -> Mapping[str, type[Provider]]:
    """The providers in the folders beside this module, by name."""
    for folder in pkgutil.iter_modules(import_module(HOME).__path__):
        if folder.ispkg:
            import_module(f"{HOME}.{folder.name}")
    return {name: each for name, each in _registered.items() if each.__module__.startswith(f"{HOME}.")}


@cache
def _of_the_apps() -> Mapping[str, type[Provider]]:
    found = dict(built_in())
    autodiscover_modules(MODULE)
    installed = {f"{config.name}.{MODULE}" for config in apps.get_app_configs()}
    return found | {name: each for name, each in _registered.items() if each.__module__ in installed}


@receiver(setting_changed)
def _look_again(*, setting: str, **_: Any) -> None:
    if setting == "INSTALLED_APPS":
        _of_the_apps.cache_clear()


def names_in(system: str) -> dict[str, str]:
    """The providers' names in a system that users come from, and their names here."""
    named = {name: each.names_elsewhere.get(system, "") for name, each in every().items()}
    return {theirs: ours for ours, theirs in named.items() if theirs}


def gives_out(claims: Claims, email: str) -> bool:
    """Ask the provider that made the claims whether the address is its own. False for an unknown provider."""
    found = every().get(claims.provider)
    return found is not None and found.gives_out(claims, email)


def revoke(user: Any) -> bool:
    """Take back the permissions that a user gave at providers. Returns False if it has to be tried again.

    A few requests, so call it outside of a transaction, and before the user is deleted.
    """
    paths = [each.revocation for each in every().values() if each.revocation]
    return all([import_string(path)(user) for path in paths])


# For settings and for the parts of accounts that are modules by name -------------------------------------------------


def settings(env: Environment) -> dict[str, Any]:
    """The settings of the built-in providers, by name, read from the environment."""
    return {each.setting(): each.from_environment(env) for each in built_in().values()}


def allauth_apps() -> list[str]:
    """The apps of allauth that have the built-in providers' pages."""
    return [each.allauth_app for each in built_in().values() if each.allauth_app]


def endpoint_modules() -> list[str]:
    """The modules with the built-in providers' endpoints. An app's provider has its own in the app's endpoints.py."""
    return [f"{each.__module__.rpartition('.')[0]}.endpoints" for each in built_in().values()]


class OnPages(Mapping[str, Any]):
    """SOCIALACCOUNT_PROVIDERS: the providers that are on and set up, by allauth's names.

    Read when it is used, so that later changes of settings count here, too.
    """

    def _found(self) -> Iterator[tuple[str, Any]]:
        for each in every().values():
            if each.is_on():
                yield from each.on_pages().items()

    def __getitem__(self, name: str) -> Any:
        return dict(self._found())[name]

    def __setitem__(self, name: str, value: Any) -> None:
        """Do nothing: allauth writes back what it has just read."""

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._found())

    def __len__(self) -> int:
        return len(dict(self._found()))
