"""The parts of the command, in order; to add one is to add its function here."""

from __future__ import annotations

from collections.abc import Callable

from tests.conformance import dart_api, database, endpoints, models, targets, validation
from tests.conformance.corpus import Corpus
from tests.conformance.result import Result

PARTS: list[Callable[[Corpus], Result | None]] = [
    models.run,
    targets.run,
    validation.run,
    dart_api.run,
    endpoints.run,
    database.run,
]
