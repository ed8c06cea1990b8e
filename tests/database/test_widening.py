"""Column types that hold every value of another type."""

from __future__ import annotations

import pytest

from podium.database.widening import is_wider


@pytest.mark.parametrize(
    ("new", "old", "wider"),
    [
        ("bigint", "integer", True),
        ("integer", "bigint", False),
        ("double precision", "bigint", False),
        ("text", "varchar(20)", True),
        ("character varying(20)", "text", False),
        ("varchar(30)", "varchar(20)", True),
        ("varchar(10)", "varchar(20)", False),
        ("varchar(10)", "varchar", False),
        ("numeric(12, 2)", "numeric(10, 2)", True),
        ("numeric(10,4)", "numeric(10,2)", False),
        ("numeric(10,2)", "numeric", False),
        ("jsonb", "json", True),
        ("vector(4)", "vector(3)", False),
        ("uuid", "text", False),
        ("text", "bytea", False),
    ],
)
def test_a_type_is_wider_when_it_holds_every_value(new, old, wider):
    assert is_wider(new, old) is wider
