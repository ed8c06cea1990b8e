"""The examples of the how-to pages about endpoints and streams are served and called; those about testing are tests."""

from __future__ import annotations

import asyncio
import importlib.util
import inspect
import re
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from django.core.cache import cache
from django.test import Client as DjangoClient

from accounts.models import User
from accounts.sessions import sessions
from podium.endpoints import asgi
from podium.endpoints import registry as registries
from podium.endpoints.endpoint import Endpoint
from podium.endpoints.errors import MethodNotFound, ScopeMissing, TooManyCalls
from podium.endpoints.registry import Registry, instead, not_replaced
from podium.endpoints.testing import acall, call, serving, stream
from podium.server.asgi import application
from realtime.testing import listening
from tests.docs.blocks import blocks
from tests.docs.pages import DOCS
from tests.notes.models import Note

HOW_TO = DOCS / "how-to"


def examples(page: str) -> ModuleType:
    """All Python of a page as one module, as a reader would write it, on the tests' app."""
    code = [block.text for block in blocks(HOW_TO / page) if block.language == "python"]
    assert code
    name = f"docs_{page.removesuffix('.md')}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.py"
        path.write_text("\n".join(code).replace("from example.", "from tests.notes."))
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module


shown = examples("endpoints.md")
streams = examples("streams.md")
globals().update(
    {name: each for name, each in vars(examples("testing.md")).items() if name.startswith(("test_", "Test"))}
)


@pytest.fixture(autouse=True)
def registry() -> Iterator[Registry]:
    """The project's own endpoints and the page's, instead of the sample app's."""
    classes = [each for each in vars(shown).values() if inspect.isclass(each) and issubclass(each, Endpoint)]
    own = registries._installed().classes
    with instead(
        Registry(not_replaced([*own, *(each for each in classes if each is not Endpoint)]))
    ) as found:
        assert found.faults == []
        yield found


def test_the_endpoints_shown_work_as_described(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "podium.calls")
    assert call("shop.greeting", name="Anna") == "Hello Anna"
    assert call("catalogue.price", article="pen") == (3, "EUR")
    assert call("catalogue.price", article="pen", count=2, currency="CHF") == (6, "CHF")
    assert call("catalogue.describe", anything=5) == "int"
    with pytest.raises(ScopeMissing):
        call("staff.whoami", user="anna")
    assert call("staff.whoami", user="anna", scopes=["admin"]) == "anna"
    assert call("door.knock") is True
    assert call("report.make", text="four") == 4
    path = re.search(r"working in (\S+)", caplog.text)
    assert path is not None and not Path(path[1]).exists()
    assert call("search.upload_drawing", drawing=b"123") == 3
    assert call("search.heartbeat") is None


def test_inheritance_and_hiding_work_as_described(registry: Registry) -> None:
    assert call("loudCalculator.add", a=1, b=2) == 300
    with pytest.raises(MethodNotFound):
        call("loudCalculator.factorial", n=3)
    assert not registry.has("calculator")
    assert registry.find("loudCalculator", "plus").method.deprecated == "use add"
    old, new = registry.find("loudCalculator", "round").method.parameters[1:]
    assert (old.deprecated, new.deprecated) == ("use places", "")


def test_the_rate_shown_is_enforced() -> None:
    anna = uuid.uuid4()
    with pytest.raises(TooManyCalls):
        for _ in range(21):  # a window may end in between
            call("search.find", user=anna, text="x")


async def test_the_middleware_shown_runs(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "podium.calls")
    settings.ENDPOINTS_MIDDLEWARE = ["docs_endpoints.timed", "docs_endpoints.not_from_old_apps"]
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(asgi.application), base_url="http://x"
    ) as client:
        answer = await client.post("/shop/greeting", json={"name": "Anna"})
        assert answer.json() == "Hello Anna"
        assert re.search(r"shop\.greeting: \d\.\d{3} s", caplog.text)
        old = {"x-app-version": "1"}
        refused = await client.post("/shop/greeting", json={"name": "Anna"}, headers=old)
    assert (refused.status_code, refused.text) == (426, "This app is too old. Please update it.")


@pytest.mark.django_db
def test_the_cache_shown_keeps_results(settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}}
    assert call("newest.title") is None
    Note.objects.create(title="Milk", tags=[])
    assert call("newest.title") is None  # an empty result is cached too
    cache.delete("newest")
    assert call("newest.title") == "Milk"
    Note.objects.create(title="Tea", tags=[])
    assert call("newest.title") == "Milk"


@pytest.mark.django_db
def test_the_view_shown_answers_callers_with_a_token(client: DjangoClient, settings: Any) -> None:
    settings.ROOT_URLCONF = shown
    anna = User.objects.create_user(email="anna@example.com", password="correct horse battery 7")
    Note.objects.create(title="Milk", tags=[], owner_id=anna.pk)
    Note.objects.create(title="another's", tags=[])
    assert client.get("/notes.csv").status_code == 401
    token = sessions.issue(anna).token
    answer = client.get("/notes.csv", headers={"Authorization": f"Bearer {token}"})
    assert answer.getvalue() == b"Milk\n"
    assert answer.headers["Content-Type"] == "text/csv"


@pytest.mark.django_db(transaction=True)
async def test_the_asgi_middleware_shown_wraps_calls_and_pages() -> None:
    transport = httpx.ASGITransport(shown.Stamped(application))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answers = [
            await client.post("/shop/greeting", json={"name": "Anna"}),
            await client.options("/shop/greeting"),
            await client.post("/nowhere/greeting"),
            await client.get("/livez"),
        ]
    assert [each.status_code for each in answers] == [200, 200, 404, 200]
    assert {each.headers["x-served-by"] for each in answers} == {"shop"}


async def test_the_streams_shown_work_as_described() -> None:
    async def texts() -> AsyncIterator[str]:
        yield "one two"
        yield "three"

    with serving(streams.RoomsEndpoint):
        assert await acall("rooms.count_words", user="anna", texts=texts()) == 3
        assert [each async for each in stream("rooms.shout", user="anna", texts=texts())] == [
            "ONE TWO",
            "THREE",
        ]
        assert [each async for each in stream("rooms.count_down", user="anna", start=2)] == [2, 1]
        with pytest.raises(streams.NoteNotFoundException):
            await anext(stream("rooms.count_down", user="anna", start=-1))
        async with aclosing(stream("rooms.watch", user="anna", room="kitchen")) as watched:
            first = asyncio.ensure_future(anext(watched))
            while not first.done():
                await acall("rooms.put_up", user="anna", room="kitchen", note=Note(title="Tea", tags=[]))
                await asyncio.sleep(0.05)
            assert first.result().title == "Tea"
        async with listening(
            stream("rooms.watch_for", user="anna", room="kitchen", word="tea"), "room.kitchen"
        ) as heard:
            for title in ("Milk", "Green tea"):
                await acall("rooms.put_up", user="anna", room="kitchen", note=Note(title=title, tags=[]))
            assert (await anext(heard)).title == "Green tea"
