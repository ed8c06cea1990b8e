"""An app's part in `manage.py adopt`: an optional `adoption = <a Part>()` in its adoption.py.

An app needs a part if Serverpod's tables hold only some of its models' data: the rest is added, and rows are copied.
An app with model files needs none: its tables are complete, or its models are wrong.
"""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module
from importlib.util import find_spec
from typing import ClassVar

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

from podium.database.drift.difference import Difference


class Part:
    """The rules for adopting an app. The default: its tables are complete, and no rows are copied.

    runs    migrations that run instead of counting as applied, because they create something that `adds` does not
            cover, such as triggers, or change other apps' tables
    writes  labels of the apps whose tables `bring_over` writes to; they are migrated first
    """

    runs: ClassVar[Collection[str]] = ()
    writes: ClassVar[Collection[str]] = ()

    def adds(self, difference: Difference) -> bool:
        """Return whether a missing item is to be created, instead of counting as wrong."""
        return False

    def missing(self, connection: BaseDatabaseWrapper) -> list[str]:
        """Return the missing settings, each with the feature that needs it. Called before anything is changed."""
        return []

    def bring_over(self, connection: BaseDatabaseWrapper) -> list[str]:
        """Copy rows into the app's own tables, in the transaction of the adoption. Returns lines for the user.

        Safe to run again: it then copies new rows.
        """
        return []


def part_of(label: str) -> Part:
    """The part of an app."""
    package = apps.get_app_config(label).name
    if find_spec(f"{package}.adoption") is None:
        return Part()
    part = import_module(f"{package}.adoption").adoption
    assert isinstance(part, Part), f"{package}.adoption.adoption is not a podium.database.adoption.Part"
    return part
