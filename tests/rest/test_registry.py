"""Names of generated resources, own resources instead of them, and the description of both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from openapi_spec_validator import OpenAPIV31SpecValidator

from podium.access import Me, Rules
from podium.access import rules as rule_classes
from podium.rest.resources.checks import resources_have_names
from podium.rest.resources.registry import plural, resources
from tests.access.teams.models import Team, TeamNote
from tests.rest import doors
from tests.rest.shelf.models import Bookcase


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Note", "notes"),
        ("TeamNote", "team-notes"),
        ("Category", "categories"),
        ("Key", "keys"),
        ("Box", "boxes"),
        ("Address", "addresses"),
        ("Match", "matches"),
        ("HTTPProxy", "http-proxies"),
        ("Level2Map", "level2-maps"),
        ("snake_case", "snake-cases"),
    ],
)
def test_the_plural_of_a_class(name: str, expected: str) -> None:
    assert plural(name) == expected


@pytest.fixture
def _forgotten() -> Iterator[None]:
    yield
    rule_classes.forget(Team, TeamNote, Bookcase)


def faults() -> list[str]:
    return [str(each.msg) for each in resources_have_names(None)]


@pytest.mark.usefixtures("_forgotten")
def test_names_that_are_taken_or_not_valid_are_reported() -> None:
    class TeamRules(Rules[Team]):
        read = Q(members__user_id=Me)
        plural = "schema"

    class NoteRules(Rules[TeamNote]):
        read = Q(owner_id=Me)
        plural = "My Notes"

    class ShelfRules(Rules[Bookcase]):
        create = Q(name="x")
        plural = "notebooks"

    notes, shelf, team = sorted(faults(), key=lambda text: text.partition(": ")[2])
    assert "TeamRules: its resource is at /api/schema, as a page of Podium is. Write plural = " in team
    assert "ShelfRules: its resource is at /api/notebooks, as tests/notes/access.py:" in shelf
    assert "NoteRules.plural: 'My Notes' is not a valid name" in notes
    assert all(each.startswith("tests/rest/test_registry.py:") for each in (team, notes, shelf))
    NoteRules.plural = "schema"
    NoteRules.entries = ["client"]
    ShelfRules.plural = TeamRules.plural = ""
    assert faults() == []


def test_an_own_resource_replaces_the_generated_one(settings: Any) -> None:
    """tests/notes/rest.py registers `notes`; notebooks have no own resource."""
    with doors.resources(settings):
        assert set(resources()) == {
            *["notebooks", "shelves", "shelf-books", "team-notes", "team-notebooks", "team-notebook-members"]
        }


@pytest.mark.django_db
def test_addresses_of_own_resources_work_without_a_slash_too() -> None:
    for address in ("/api/notes", "/api/notes/", "/api/notebooks", "/api/notebooks/"):
        assert Client().get(address).status_code == 401


@pytest.fixture
def description(settings: Any, recwarn: pytest.WarningsRecorder, capsys: Any) -> Any:
    with doors.resources(settings):
        generator: Any = SchemaGenerator(patterns=settings.ROOT_URLCONF.urlpatterns)
        schema = generator.get_schema(request=None, public=True)
    assert "Warning" not in capsys.readouterr().err
    return schema


def test_the_description_is_valid(description: Any) -> None:
    validate_schema(description)
    OpenAPIV31SpecValidator(description).validate()
    assert description["openapi"] == "3.1.0"


def test_the_description_of_a_list(description: Any) -> None:
    operation = description["paths"]["/api/team-notes/"]["get"]
    assert operation["x-access"].startswith("owner_id = the caller, or ")
    parameters = {each["name"]: each for each in operation["parameters"]}
    assert {"color", "color[in]", "color[isNull]", "title[contains]", "notebookId", "reminded"} < set(
        parameters
    )
    assert {"order", "limit", "after", "expand", "fields", "count"} < set(parameters)
    assert not [each for each in parameters if "owner" in each or "editor" in each]
    assert parameters["order"]["schema"]["items"]["enum"][:4] == ["id", "-id", "title", "-title"]
    assert parameters["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 1000, "default": 50}
    assert parameters["expand"]["schema"]["items"]["enum"] == ["notebook"]
    books = description["paths"]["/api/shelf-books/"]["get"]["parameters"]
    names = {each["name"]: each["schema"] for each in books}
    assert "order[eq]" in names
    assert names["kind"] == {"type": "string", "enum": ["novel", "atlas"]}


def test_the_components_of_a_model(description: Any) -> None:
    found = description["components"]["schemas"]
    assert list(found["TeamNote"]["properties"]) == [
        *["id", "title", "color", "reminded", "ownerId", "notebookId", "notebook"]
    ]
    assert found["TeamNote"]["description"] == "A note, optionally in a notebook."
    assert list(found["TeamNoteCreate"]["properties"]) == ["title", "color", "editorId", "notebookId"]
    assert found["TeamNoteCreate"]["additionalProperties"] is False
    assert found["ShelfBookCreate"]["required"] == ["shelfId", "title"]
    assert found["ShelfBookCreate"]["properties"]["title"] == {
        "type": "string",
        "minLength": 1,
        "maxLength": 40,
    }
    assert found["ShelfBook"]["properties"]["kind"] == {"$ref": "#/components/schemas/ShelfKind"}
    assert found["ShelfKind"] == {"type": "string", "enum": ["novel", "atlas"]}
    assert "secret" not in found["ShelfBook"]["properties"]
    assert found["TeamNoteChange"]["required"] == ["id"]
    assert found["TeamNotePage"]["required"] == ["results", "next"]
    assert list(found["Bookcase"]["properties"]) == ["id", "name", "books"]
    assert found["Notebook"]["properties"]["notes"]["items"] == {"$ref": "#/components/schemas/NoteRow"}
    assert "post" not in description["paths"]["/api/team-notebook-members/"]
