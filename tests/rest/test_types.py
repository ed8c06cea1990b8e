"""Values of each type, and the constraints of the database, through generated resources."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

import pytest

from podium.rest.resources import values
from podium.rows import operators
from podium.wire.classes import WireField
from podium.wire.codecs import codec
from podium.wire.types import TypeRef, registry
from tests.rest.doors import Door
from tests.rest.shelf.models import Bookcase, ShelfBook, ShelfKind

SHELVES, BOOKS = "/api/shelves", "/api/shelf-books"

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(anna: Door) -> str:
    return anna.post(SHELVES, {"name": "a"}).body["id"]


COVER = codec("ByteData").encode(b"\x01\x02")
WHOLE: dict[str, Any] = {
    "title": "Ä, 世界 🎈",
    "kind": "atlas",
    "order": -(2**63),
    "price": 1.5,
    "isbn": str(2**200),
    "link": "https://example.com/a?b=c#d",
    "loan": 86_400_000,
    "printedAt": "2026-01-31T23:59:00.123Z",
    "tags": ["a", "b"],
    "place": {"__className__": "ShelfPlace", "room": "hall", "row": 2},
    "cover": COVER,
}


def test_values_of_each_type_are_answered_as_they_were_sent(anna: Door, shelf: str) -> None:
    made = anna.post(BOOKS, {"shelfId": shelf, **WHOLE})
    assert made.status == 201, made.content
    assert {key: made.body[key] for key in WHOLE} == WHOLE
    assert "secret" not in made.body
    address = made.headers["location"]
    assert anna.get(address).body == made.body
    assert ShelfBook.objects.get().kind == ShelfKind.ATLAS
    replaced = anna("PUT", address, {"shelfId": shelf, "title": "b"}).body
    assert replaced == {
        **dict.fromkeys(WHOLE),
        **{"id": made.body["id"], "shelfId": shelf, "title": "b", "kind": "novel", "order": 0},
    }
    assert anna.get(address).body == replaced


@pytest.mark.parametrize("key", ["title", "kind", "order", "price", "link", "loan", "printedAt"])
def test_a_filter_takes_the_values_that_are_answered(anna: Door, shelf: str, key: str) -> None:
    anna.post(BOOKS, [{"shelfId": shelf, **WHOLE}, {"shelfId": shelf, "title": "other", "isbn": "1"}])
    operator = "[eq]" if key == "order" else ""
    value = quote(str(WHOLE[key]), safe="")
    found = anna.get(f"{BOOKS}?{key}{operator}={value}")
    assert found.status == 200, found.content
    assert [each["title"] for each in found.body["results"]] == [WHOLE["title"]]
    listed = quote(f'"{WHOLE[key]}"', safe="")
    assert len(anna.get(f"{BOOKS}?{key}[in]={listed}").body["results"]) == 1
    pages = anna.get(f"{BOOKS}?order=-{key}&limit=1")
    assert pages.body["next"]
    assert len(anna.get(f"{BOOKS}?order=-{key}&limit=1&after={pages.body['next']}").body["results"]) == 1


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("kind=1", "expected one of novel, atlas"),
        ("kind=ATLAS", "expected one of novel, atlas"),
        ("price=nan", "expected double"),
        ("price=1e999", "price"),
        ("price=" + "9" * 500, "expected double"),
        ("isbn=1", "'isbn'"),
        ("loan=1d", "expected Duration"),
        ("loan[gt]=99999999999999999999", "loan"),
        ("printedAt=yesterday", "DateTime"),
        ("shelfId=1", "UuidValue"),
        ("order=5", "'5'"),
        ("tags=a", "'tags'"),
        ("place=a", "'place'"),
        ("secret=a", "'secret'"),
        ("fields=secret", "'secret'"),
    ],
)
def test_values_that_are_refused(anna: Door, query: str, named: str) -> None:
    found = anna.get(f"{BOOKS}?{query}")
    assert (found.status, named in found.error["message"]) == (400, True), found.content


def test_each_type_that_clients_filter_by_has_a_form_in_a_query() -> None:
    """A new type must be read from text by `values.from_text`: as a number, a truth value, or as it is."""
    kinds = [each for each in registry.definitions() if operators.of_type(TypeRef(each.name))]
    assert len(kinds) > 5
    for kind in kinds:
        field = WireField("x", "x", kind.name)
        for sample in kind.samples:
            plain = codec(kind.name).encode(sample)
            text = {True: "true", False: "false"}[plain] if isinstance(plain, bool) else str(plain)
            assert values.from_text(field, text) == codec(kind.name).decode(plain)


def test_a_key_that_clients_make(anna: Door) -> None:
    key = str(uuid.uuid4())
    made = anna.post(SHELVES, {"id": key, "name": "a"})
    assert (made.status, made.body["id"]) == (201, key)
    taken = anna.post(SHELVES, {"id": key, "name": "b"})
    assert (taken.status, taken.error["details"]["field"]) == (409, "id")
    assert anna.patch(f"{SHELVES}/{key}", {"id": str(uuid.uuid4())}).status == 400
    assert anna.get(f"{SHELVES}/{key.upper()}").body["id"] == key
    assert anna.get(f"{SHELVES}/{key[:-1]}").status == 404


def test_a_value_that_is_taken(anna: Door, shelf: str) -> None:
    found = anna.post(SHELVES, {"name": "a"})
    assert (found.status, found.error["code"]) == (409, "rows.value_taken")
    assert (found.error["message"], found.error["details"]) == (
        "name: this value is taken.",
        {"field": "name"},
    )
    many = anna.post(SHELVES, [{"name": "b"}, {"name": "c"}, {"name": "b"}])
    assert (many.status, many.error["details"]) == (409, {"field": "name", "index": 2})
    other = anna.post(SHELVES, {"name": "d"}).headers["location"]
    assert anna.patch(other, {"name": "a"}).status == 409
    assert sorted(Bookcase.objects.values_list("name", flat=True)) == ["a", "d"]


def test_a_reference_to_no_row_and_a_row_in_use(anna: Door, shelf: str) -> None:
    found = anna.post(BOOKS, {"title": "x", "shelfId": str(uuid.uuid4())})
    assert (found.status, found.error["code"]) == (400, "rows.reference_not_found")
    assert (found.error["message"], found.error["details"]) == (
        "shelfId: the row does not exist.",
        {"field": "shelfId"},
    )
    anna.post(BOOKS, {"title": "x", "shelfId": shelf})
    used = anna.delete(f"{SHELVES}/{shelf}")
    assert (used.status, used.error["code"]) == (409, "rows.row_in_use")
    assert Bookcase.objects.count() == 1


def test_what_is_missing_is_named(anna: Door) -> None:
    found = anna.post(BOOKS, {})
    assert found.error["details"]["fields"] == {"shelfId": "expected UuidValue", "title": "expected String"}


def test_the_rules_of_fields_are_checked(anna: Door, shelf: str) -> None:
    made = anna.post(BOOKS, {"title": "x", "shelfId": shelf, "price": 0.5}).headers["location"]
    for found in (
        anna.post(BOOKS, {"title": "x" * 41, "shelfId": shelf, "price": -1}),
        anna.patch(made, {"title": "x" * 41, "price": -1}),
    ):
        assert (found.status, found.error["details"]["fields"]) == (
            400,
            {
                "title": "expected 1 to 40 characters, got 41",
                "price": "expected a number of at least 0, got another number",
            },
        )
    assert anna.get(f"{BOOKS}?title={'x' * 50}").body["results"] == []


def test_related_rows_both_ways(anna: Door, shelf: str) -> None:
    book = anna.post(BOOKS, {"title": "x", "shelfId": shelf}).body
    found = anna.get(f"{SHELVES}/{shelf}?expand=books").body
    assert found == {"id": shelf, "name": "a", "books": [book]}
    assert anna.get(f"{BOOKS}?expand=shelf&fields=title").body["results"] == [
        {"title": "x", "shelf": {"id": shelf, "name": "a"}}
    ]
