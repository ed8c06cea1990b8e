"""`manage.py dev` and faults in the project's code: one block each, and what ran before goes on answering."""

from __future__ import annotations

import json
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.newcomer.checkout import Checkout, Development
from tests.realtime.client import connect

pytestmark = pytest.mark.slow

FILES = {
    "apps.py": "from django.apps import AppConfig\n\n\nclass Shop(AppConfig):\n    name = 'shop'\n",
    "item.spy.yaml": "class: Item\ntable: shop_item\nfields:\n  name: String\n",
    "endpoints.py": """\
from collections.abc import AsyncIterator

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint


class ShopEndpoint(Endpoint):
    \"\"\"A shop.\"\"\"

    def name(self, call: Call) -> str:
        \"\"\"Its name, from a module imported late.\"\"\"
        from shop import late

        return late.NAME

    def bug(self, call: Call) -> str:
        \"\"\"Fails.\"\"\"
        raise RuntimeError("the bug of a call")

    async def crash(self, call: Call) -> AsyncIterator[str]:
        \"\"\"Fails later.\"\"\"
        yield "one"
        raise RuntimeError("the bug of a stream")
""",
    "models.py": "from .protocol import *\n",
    "late.py": "NAME = 'the first name'\n",
    "tasks.py": "",
    "admin.py": "",
    "migrations/__init__.py": "",
    "__init__.py": "",
}
BAD_MIGRATION = """\
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.RunSQL("SELECT nothing")]
"""
GOES_ON = "The server keeps running as before this change. Fix this and save."


class Project(Checkout):
    """A project with an app of its own. It uses this environment's packages and its own services."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.python = Path(sys.executable)
        for name, text in FILES.items():
            path = self.folder / "shop" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        with (self.folder / "config" / "settings.py").open("a") as settings:
            settings.write('INSTALLED_APPS += ["shop"]\n')

    def environment(self, **more: str) -> dict[str, str]:
        return {**super().environment(**more), "PODIUM_VENV": "off"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("patient"))


@pytest.fixture(scope="module")
def development(project: Project) -> Iterator[Development]:
    """`dev`, started with a broken file that is fixed then."""
    endpoints = project.folder / "shop" / "endpoints.py"
    with changed(endpoints, "def broken(:\n"):
        running = Development(project)
        running.wait_for("The server is not running yet. Fix this and save")
        assert "shop/endpoints.py:24: SyntaxError: invalid syntax\n    def broken(:" in running.output
    running.ready()
    yield running
    assert running.interrupt() == 0


@contextmanager
def changed(path: Path, added: str) -> Iterator[None]:
    """A file with more text, or a new one, while the block runs."""
    before = path.read_text() if path.exists() else None
    path.write_text((before or "") + added)
    try:
        yield
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_text(before)


def call(development: Development) -> str:
    request = urllib.request.Request(f"{development.url}/shop/name", data=b"{}")
    with urllib.request.urlopen(request, timeout=30) as response:
        return str(json.loads(response.read()))


def test_a_start_names_its_phases(development: Development) -> None:
    for phase in (
        "Starting Postgres and Valkey ...", "Reading the model files ...", "Loading the project ...",
        "Applying migrations ...", "Starting the server ...",
    ):  # fmt: skip
        assert phase in development.output


FAULTS = {
    "code": [
        ("shop/endpoints.py", "\nimport shop.nothing\n", "shop/endpoints.py:25: ModuleNotFoundError"),
        (
            "shop/endpoints.py",
            "\n    def one(self, call: Call, given: list) -> str:\n        return ''\n"
            "\n    def two(self, call: Call, given: object) -> str:\n        return ''\n",
            "shop/endpoints.py:28 shop.two(given): object is not a wire type",
        ),
        ("shop/tasks.py", "1 / 0\n", "shop/tasks.py:1: ZeroDivisionError: division by zero\n    1 / 0"),
        ("shop/admin.py", "undefined\n", "shop/admin.py:1: NameError"),
        ("config/urls.py", "urlpatterns += [path('x', 3)]\n", "config/urls.py:"),
    ],
    "models": [
        ("shop/item.spy.yaml", "  broken: Strin\n", "shop/item.spy.yaml:5:"),
        ("shop/migrations/0001_bad.py", BAD_MIGRATION, 'shop.0001_bad was not applied: column "nothing"'),
    ],
    "settings": [
        ("config/settings.py", "x = (\n", "SyntaxError: '(' was never closed"),
        (".env", "GOOD=1\nbad line secret\n", ".env:2 is not a valid line."),
    ],
}
"""Files, what is added to them, and the block that `dev` shows."""


@pytest.mark.parametrize("of", FAULTS)
def test_a_fault_is_one_block_and_the_server_goes_on(
    project: Project, development: Development, of: str
) -> None:
    """A save fixes one fault and makes the next, whose block alone shows that the fix was taken."""
    with ExitStack() as broken:
        for file, added, block in FAULTS[of]:
            said = len(development.output)
            broken.close()
            broken.enter_context(changed(project.folder / file, added))
            development.wait_for(GOES_ON, since=said)
            shown = development.output[said:]
            assert block in shown and "Traceback" not in shown and "secret" not in shown
            assert [each for _, _, each in FAULTS[of] if each != block and each in shown] == []
            assert call(development) == "the first name"
        said = len(development.output)
    development.wait_for("Restarted with the change", since=said)
    assert call(development) == "the first name"


async def test_a_bug_shows_its_traceback_in_the_answer_and_on_the_terminal(development: Development) -> None:
    async with httpx.AsyncClient(base_url=development.url, timeout=30) as client:
        answer = await client.post("/shop/bug")
    assert answer.status_code == 500
    assert answer.json()["error"]["details"]["traceback"][-1] == "RuntimeError: the bug of a call"
    async with connect(f"{development.url.replace('http', 'ws', 1)}/v1/websocket") as streams:
        stream = await streams.open("shop.crash")
        assert (await stream.answer(), await stream.value()) == ("success", "one")
        _, data = await streams.receive()
    assert data["cr"] == "error" and data["error"]["message"] == "RuntimeError: the bug of a stream"
    for bug in ("the bug of a call", "the bug of a stream"):
        development.wait_for(f"web |     RuntimeError: {bug}", seconds=30)


def test_the_running_server_does_not_see_a_faulty_change(project: Project, development: Development) -> None:
    late, endpoints = project.folder / "shop" / "late.py", project.folder / "shop" / "endpoints.py"
    said = len(development.output)
    endpoints.write_text(endpoints.read_text() + "\n")  # a server that has not imported shop.late yet
    development.wait_for("Restarted with the change", since=said)
    said = len(development.output)
    with changed(project.folder / "shop" / "tasks.py", "1 / 0\n"):
        late.write_text("NAME = 'the second name'\n")
        development.wait_for(GOES_ON, since=said)
        assert call(development) == "the first name"
        said = len(development.output)
    development.wait_for("Restarted with the change", since=said)
    assert call(development) == "the second name"
