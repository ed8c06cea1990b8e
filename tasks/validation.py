"""Validation of @task's options and of the decorated function. All faults are found at import."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from celery.schedules import crontab

from tasks import slots

MAX_RETRIES = 1000
LONGEST = timedelta(days=365)
LONGEST_TIMEOUT = timedelta(days=30)
NAME_LENGTH = 200
"""Maximum characters of a task's name, as in the database."""


def option_faults(options: Mapping[str, Any]) -> list[str]:
    """Return the faults in the options of @task, each with the correction."""
    found = [
        f"unknown option {name!r}; the options are {', '.join(CHECKS)}"
        for name in options
        if name not in CHECKS
    ]
    for name, check in CHECKS.items():
        if name in options and (problem := check(options[name])):
            found.append(f"{name}={_shown(options[name])} {problem}")
    return found


def function_faults(function: Any, name: str) -> list[str]:
    """Return the reasons why a function can't be a task."""
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        return ["a task can't use yield: its values would be ignored"]
    if len(name) > NAME_LENGTH:
        return [f"the name has {len(name)} characters; at most {NAME_LENGTH} are allowed"]
    return []


def _retries(value: Any) -> str:
    if type(value) is not int:  # True is an int too
        return "is not a whole number; write for example retries=3"
    if value < 0:
        return "must not be negative"
    return f"is more than {MAX_RETRIES}" if value > MAX_RETRIES else ""


def _duration(value: Any, example: str) -> str:
    if isinstance(value, timedelta):
        return ""
    return f"is not a timedelta; write for example {example}"


def _backoff(value: Any) -> str:
    if value is None:
        return ""
    if problem := _duration(value, "backoff=timedelta(seconds=10)"):
        return problem
    if value < timedelta():
        return "must not be negative"
    return "is longer than 365 days" if value > LONGEST else ""


def _timeout(value: Any) -> str:
    if value is None:
        return ""
    if problem := _duration(value, "timeout=timedelta(minutes=5)"):
        return problem
    if value < timedelta(milliseconds=1):
        return "must be at least one millisecond"
    return "is longer than 30 days" if value > LONGEST_TIMEOUT else ""


def _every(value: Any) -> str:
    if value is None:
        return ""
    if type(value) is crontab:  # a subclass may have other times, which slots.py does not know
        return _crontab(value)
    if not isinstance(value, timedelta):
        return (
            "is neither a timedelta nor celery.schedules.crontab; write for example every=timedelta(hours=1)"
        )
    if value < timedelta(seconds=1) or value.microseconds:
        return "must be whole seconds, at least one"
    return "is longer than 365 days" if value > LONGEST else ""


def _crontab(value: crontab) -> str:
    if getattr(value, "nowfun", None) is not None:
        return "must not have nowfun: its times are always UTC"
    fields = [slots.numbers(value, name) for name in slots.FIELDS]
    if not all(fields) or any(type(each) is not int for field in fields for each in field):
        return "needs whole numbers in each field; write for example crontab(minute=0, hour='8-18/2')"
    return "" if slots.occurs(value) else "never comes"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:100]}..."


CHECKS: dict[str, Callable[[Any], str]] = {
    "retries": _retries,
    "backoff": _backoff,
    "timeout": _timeout,
    "every": _every,
}
"""The options of @task, each with a function that returns the fault in a value, or "" if it is valid."""
