"""Indexes as model files declare them: names of up to 63 characters, as Postgres allows, and those of pgvector."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres import indexes
from django.db import models

NAME_LENGTH = 63
"""NAMEDATALEN - 1 of Postgres: https://www.postgresql.org/docs/current/limits.html"""


class Index(models.Index):
    max_name_length = NAME_LENGTH


class HashIndex(indexes.HashIndex):
    max_name_length = NAME_LENGTH


class GinIndex(indexes.GinIndex):
    max_name_length = NAME_LENGTH


class GistIndex(indexes.GistIndex):
    max_name_length = NAME_LENGTH


class SpGistIndex(indexes.SpGistIndex):
    max_name_length = NAME_LENGTH


class BrinIndex(indexes.BrinIndex):
    max_name_length = NAME_LENGTH


class _VectorIndex(indexes.PostgresIndex):
    """An index of pgvector. parameters: for WITH, e.g. {"m": 16}. Source: pgvector's README, "Indexing"."""

    max_name_length = NAME_LENGTH

    def __init__(self, *expressions: Any, parameters: dict[str, int] | None = None, **kwargs: Any) -> None:
        self.parameters = parameters or {}
        super().__init__(*expressions, **kwargs)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        if self.parameters:
            kwargs["parameters"] = self.parameters
        return path, args, kwargs

    def get_with_params(self) -> list[str]:
        return [f"{name} = {value}" for name, value in self.parameters.items()]


class HnswIndex(_VectorIndex):
    suffix = "hnsw"


class IvfflatIndex(_VectorIndex):
    suffix = "ivfflat"
