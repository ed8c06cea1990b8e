"""Commands for staff about users who ask by mail."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import SecurityEvent, User
from tests.accounts.users import folder

__all__ = ["folder"]


def run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_a_user_is_deleted_by_address_or_id(anna: User) -> None:
    ben = User.objects.create_user()
    assert (
        run("deleteuser", "Anna@example.com", "--dry-run")
        == f"anna@example.com ({anna.pk}) would be deleted\n"
    )
    assert User.objects.count() == 2
    assert run("deleteuser", "Anna@example.com") == f"anna@example.com ({anna.pk}) is deleted\n"
    assert list(User.objects.all()) == [ben]
    run("deleteuser", str(ben.pk))
    assert not User.objects.exists()
    for key in ("anna@example.com", str(ben.pk)):
        with pytest.raises(CommandError, match="No user has"):
            run("deleteuser", key)


def test_a_user_is_exported_into_a_new_file(anna: User, tmp_path: Path) -> None:
    path = tmp_path / "anna.zip"
    assert "anna@example.com" in run("exportuser", "anna@example.com", str(path))
    assert path.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(path) as archive:
        assert b"anna@example.com" in archive.read("account.json")
    assert SecurityEvent.objects.get().event == "export_requested"
    with pytest.raises(CommandError, match="can't be written"):
        run("exportuser", "anna@example.com", str(path))
