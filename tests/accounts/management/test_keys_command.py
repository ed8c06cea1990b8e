"""`manage.py keys`."""

from __future__ import annotations

import json
import uuid
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import ApiKey, User
from tests.accounts.conftest import works


def run(*words: Any) -> str:
    out = StringIO()
    call_command("keys", *map(str, words), stdout=out)
    return out.getvalue()


@pytest.fixture
def owner(anna: User) -> User:
    anna.groups.add(Group.objects.create(name="reader"))
    return anna


def test_a_key_is_created_listed_rotated_and_revoked(owner: User) -> None:
    first = run("create", "anna@example.com", "shop", "--scope", "reader", "--days", 30).splitlines()[-1]
    assert works(first)
    row = ApiKey.objects.get()
    [line] = run("list").splitlines()
    assert f"{row.pk}  shop of anna@example.com, scopes: reader, last used: 20" in line
    assert first not in line and f"expires {row.expires_at:%Y-%m-%d}" in line
    second = run("rotate", row.pk, "--hours", 0).splitlines()[-1]
    assert works(second) and not works(first)
    assert run("revoke", second) == f"shop ({row.pk}) is revoked\n"
    assert run("revoke", row.pk) == f"shop ({row.pk}) was already revoked\n"
    assert not works(second)
    assert run("list") == "No API keys. Create one: manage.py keys create USER NAME\n"
    assert "revoked 20" in run("list", owner.pk, "--all")


def test_json_is_for_scripts(owner: User) -> None:
    made = json.loads(run("create", owner.pk, "shop", "--json"))
    assert works(made["key"])
    assert (made["name"], made["owner"]["email"], made["scopes"]) == ("shop", "anna@example.com", [])
    [listed] = json.loads(run("list", "--json"))
    assert listed.keys() == made.keys() - {"key"}
    rotated = json.loads(run("rotate", made["id"], "--days", 0, "--json"))
    assert works(rotated["key"]) and rotated["expires"] is None
    assert json.loads(run("revoke", made["id"], "--json")) == {"id": made["id"], "revoked": True}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["create", "ben@example.com", "shop"], "No user"),
        (["create", "anna@example.com", "shop", "--scope", "admin"], "does not have admin"),
        (["create", "anna@example.com", "shop", "--days", "-1"], "number of days"),
        (["rotate", uuid.uuid4()], "No API key has this id"),
        (["revoke", "podium_key_zzz"], "No API key has this id"),
    ],
)
def test_wrong_words_are_refused(owner: User, words: list[Any], told: str) -> None:
    with pytest.raises(CommandError, match=told) as refused:
        run(*words)
    assert "zzz" not in str(refused.value)
