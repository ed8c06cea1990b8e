"""The declarations in docs/how-to/tasks.md are valid, and its error message is the real one."""

from __future__ import annotations

import pytest

from tasks import definitions
from tasks.checks import check_tasks
from tests.docs.blocks import blocks
from tests.docs.pages import DOCS

PAGE = DOCS / "how-to" / "tasks.md"


@pytest.fixture(autouse=True)
def known(monkeypatch):
    known: dict[str, definitions.Task] = {}
    monkeypatch.setattr(definitions, "tasks", known)
    monkeypatch.setattr("tasks.checks.tasks", known)
    return known


def test_the_declarations_are_valid(known):
    code = next(block.text for block in blocks(PAGE) if block.language == "python")
    exec(compile(code, "shop/tasks.py", "exec"), {"__name__": "shop.tasks"})
    assert known.keys() == {"shop.remind", "shop.charge", "shop.clean_up", "shop.report"}
    assert check_tasks(None) == []


def test_the_message_is_as_shown():
    code = "\n\nfrom tasks.scheduling import task\n@task(backoff=1)\ndef pay() -> None: ...\n"
    with pytest.raises(TypeError) as refused:
        exec(compile(code, "shop/tasks.py", "exec"), {"__name__": "shop.tasks"})
    assert f"    {refused.value}\n" in PAGE.read_text()
