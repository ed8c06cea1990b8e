"""@retry_on_conflict: run a function in one transaction, and retry it if Postgres rolled it back."""

from __future__ import annotations

import inspect
import logging
import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

from podium.database import failures

P = ParamSpec("P")
R = TypeVar("R")
logger = logging.getLogger("podium.database")

TRIES = 4
PAUSE_SECONDS = 0.02
"""Wait before the second try. It doubles for each further try, plus a random wait of up to the same length."""


def retry_on_conflict(function: Callable[P, R]) -> Callable[P, R]:
    """Run a sync function or method in one transaction. Retry it up to three times if nothing was committed.

    That is the case after a deadlock, a serialization failure, or a connection lost before COMMIT was sent. Use it for
    functions whose only effects are in the database or wait for its commit (on_commit, schedule()): all other effects
    happen once per try. Inside another transaction it runs once, because only the outermost transaction can be retried.

    Raises TypeError for async functions, because Django has no transactions there.
    """
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        code = function.__code__
        raise TypeError(
            f"{code.co_filename}:{code.co_firstlineno} {function.__qualname__}: @retry_on_conflict needs a sync"
            " function: Django has no transactions in async code. Write `def`, or decorate a function that it calls"
        )

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            with transaction.atomic():
                return function(*args, **kwargs)
        for tries in range(1, TRIES):
            is_committing = False
            try:
                with transaction.atomic():
                    result = function(*args, **kwargs)
                    is_committing = True
                return result
            except OperationalError as error:
                if not _was_undone(error, is_committing):
                    raise
                logger.info("retrying %s: %s", function.__qualname__, error)
            time.sleep(PAUSE_SECONDS * 2 ** (tries - 1) * random.uniform(1, 2))
        with transaction.atomic():
            return function(*args, **kwargs)

    return run


def _was_undone(error: OperationalError, is_committing: bool) -> bool:
    """Return whether nothing was committed. A COMMIT without a reply may have succeeded."""
    refusal = failures.refusal(error)
    if isinstance(refusal, failures.Conflict):
        return True
    return isinstance(refusal, failures.ConnectionLost | failures.DatabaseUnavailable) and not is_committing
