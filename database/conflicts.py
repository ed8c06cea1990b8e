"""Run a function in one transaction, and again where Postgres undid it: @retry_on_conflict."""

from __future__ import annotations

import inspect
import logging
import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

from database import failures

P = ParamSpec("P")
R = TypeVar("R")
logger = logging.getLogger("podium.database")

TRIES = 4
PAUSE_SECONDS = 0.02
"""Before the second try; twice as long before each further one, and by chance up to as long again."""


def retry_on_conflict(function: Callable[P, R]) -> Callable[P, R]:
    """Run a sync function or method in one transaction; up to three times more where nothing of it was kept.

    That is so after a deadlock, a serialization failure, and the loss of the connection before COMMIT was sent. For
    functions whose only effects are in the database or wait for its commit (on_commit, schedule()): the others happen
    once per try. Inside another transaction it runs once: only the outermost one can be run again.

    Raises TypeError for an async function, in which Django has no transactions.
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
                logger.info("%s is run again: %s", function.__qualname__, error)
            time.sleep(PAUSE_SECONDS * 2 ** (tries - 1) * random.uniform(1, 2))
        with transaction.atomic():
            return function(*args, **kwargs)

    return run


def _was_undone(error: OperationalError, is_committing: bool) -> bool:
    """Whether nothing of the transaction was kept. A COMMIT without an answer may have been carried out."""
    refusal = failures.refusal(error)
    if isinstance(refusal, failures.Conflict):
        return True
    return isinstance(refusal, failures.ConnectionLost | failures.DatabaseUnavailable) and not is_committing
