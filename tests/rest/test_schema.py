"""The description of the REST API, and its page."""

from __future__ import annotations

import json
import re

import pytest
from django.core.management import call_command
from drf_spectacular.validation import validate_schema


def test_the_description_is_valid_and_without_a_warning(tmp_path):
    path = tmp_path / "schema.json"
    call_command(
        "spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", "--file", str(path)
    )
    schema = json.loads(path.read_text())
    assert schema["openapi"].startswith("3.1")
    note = schema["components"]["schemas"]["Note"]
    assert set(note["required"]) >= {"id", "title", "tags", "createdAt", "reminded"}
    assert note["description"] == "A note, optionally in a notebook."
    assert "ownerId" not in note["properties"]
    assert note["properties"]["createdAt"] == {"type": "string", "format": "date-time", "readOnly": True}
    assert schema["components"]["schemas"]["ColorEnum"]["enum"] == ["yellow", "blue", "red"]
    assert schema["components"]["securitySchemes"]["bearer"] == {"type": "http", "scheme": "bearer"}


@pytest.mark.django_db
def test_the_description_is_served_to_everyone(client):
    answer = client.get("/api/schema/", headers={"Accept": "application/json"})
    assert answer.status_code == 200
    validate_schema(answer.json())
    paths = answer.json()["paths"]
    assert {path for path in paths if path.startswith("/api/")} == {
        *["/api/notebooks/", "/api/notebooks/{id}/", "/api/notes/", "/api/notes/{id}/"]
    }


def test_calls_are_described_as_on_the_wire(tmp_path):
    path = tmp_path / "schema.json"
    call_command("spectacular", "--format", "openapi-json", "--file", str(path))
    schema = json.loads(path.read_text())
    create = schema["paths"]["/notes/createNote"]["post"]
    arguments = create["requestBody"]["content"]["application/json"]["schema"]
    assert arguments["properties"] == {"note": {"$ref": "#/components/schemas/call.Note"}}
    assert arguments["required"] == ["note"]
    note = schema["components"]["schemas"]["call.Note"]
    assert "ownerId" not in note["properties"]
    assert note["required"] == ["title", "tags"]
    assert note["properties"]["remindAt"] == {
        "anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]
    }
    assert schema["components"]["schemas"]["call.NoteColor"]["enum"] == ["yellow", "blue", "red"]
    assert "/notes/watchNotes" not in schema["paths"]


@pytest.mark.django_db
def test_the_page_loads_nothing_from_elsewhere(client):
    page = client.get("/api/docs/").content.decode()
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert any(address.endswith("swagger-ui-bundle.js") for address in addresses)
    assert all(address.startswith("/static/") for address in addresses)
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        answer.close()
