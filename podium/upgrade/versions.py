"""The order of versions: 0.2.0.dev1 < 0.2.0rc1 < 0.2.0 < 0.2.0.post1 < 0.10.0. A subset of PEP 440."""

from __future__ import annotations

import re

VERSION = re.compile(r"(\d+(?:\.\d+)*)(?:(a|b|rc|\.post|\.dev)(\d+))?(?:\+[\w.]+)?")
STAGES = {".dev": -4, "a": -3, "b": -2, "rc": -1, "": 0, ".post": 1}

Key = tuple[tuple[int, ...], int, int]


def key(version: str) -> Key:
    """A sort key. Raises ValueError for an invalid version."""
    match = VERSION.fullmatch(version)
    if match is None:
        raise ValueError(f"{version!r} is not a version, such as 0.2.0")
    numbers = [int(each) for each in match[1].split(".")]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return tuple(numbers), STAGES[match[2] or ""], int(match[3] or 0)
