"""Column types of Postgres that hold every value of another type."""

from __future__ import annotations

WIDER = {
    "smallint": {"integer", "bigint", "numeric", "real", "double precision", "text"},
    "integer": {"bigint", "numeric", "double precision", "text"},
    "bigint": {"numeric", "text"},
    "real": {"double precision"},
    "json": {"jsonb", "text"},
    "jsonb": {"json", "text"},
    "uuid": {"text"},
    "date": {"timestamp without time zone"},
    "timestamp with time zone": {"timestamp without time zone"},
    "timestamp without time zone": {"timestamp with time zone"},
}
"""Between the two timestamps, values count as UTC, as Podium writes them."""


def is_wider(new: str, old: str) -> bool:
    """Return whether a column can change from the old type to the new one and keep every value unchanged."""
    (new_name, new_sizes), (old_name, old_sizes) = _parts(new), _parts(old)
    if old_name in ("varchar", "character varying"):
        if new_name == "text":
            return True
        return new_name in ("varchar", "character varying") and _fits(new_sizes, old_sizes)
    if new_name == old_name == "numeric" and old_sizes:
        # Digits before and after the point: numeric(10, 2) has 8 and 2.
        return not new_sizes or (
            new_sizes[1] >= old_sizes[1] and new_sizes[0] - new_sizes[1] >= old_sizes[0] - old_sizes[1]
        )
    return new == old or new in WIDER.get(old, ())


def _fits(new: list[int], old: list[int]) -> bool:
    return not new or (bool(old) and new[0] >= old[0])


def _parts(type: str) -> tuple[str, list[int]]:
    """Split "numeric(10, 2)" into ("numeric", [10, 2]); a word instead of a number is not a size."""
    name, _, sizes = type.partition("(")
    return name.strip(), [int(size) for size in sizes.rstrip(")").split(",") if size.strip().isdigit()]
