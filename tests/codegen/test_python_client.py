"""The Python client: strictly typed, and it works as in its README, sync and async."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import importlib
import json
import re
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from podium.codegen import python
from podium.endpoints.definitions import EndpointDefinition, MethodDefinition, ParameterDefinition
from podium.wire.types import TypeRef
from tests.codegen import language, wire_server
from tests.schema.texts import load_texts

Lab = Any  # the generated package; mypy sees it in a test of its own


def files() -> dict[str, str]:
    return python.emit(language.protocol(), language.endpoints(), package="lab-client", version="1.2.3")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("python-client")
    for path, text in files().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


@pytest.fixture(scope="module")
def lab(folder: Path) -> Iterator[Lab]:
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module("lab_client")
    finally:
        sys.path.remove(str(folder))


@pytest.fixture
def host() -> Iterator[str]:
    with wire_server.running() as host:
        yield host


@pytest.fixture
async def client(lab: Lab, host: str) -> AsyncIterator[Any]:
    async with lab.AsyncClient(host) as client:
        yield client


def everything(lab: Lab, **changes: Any) -> Any:
    point = lab.Point(x=1)
    value = lab.Everything(
        an_int=2**63 - 1,
        a_double=0.5,
        a_bool=True,
        a_string="ä\u2028😀",
        a_date_time=datetime.datetime(2030, 1, 2, 3, 4, 5, 6, tzinfo=datetime.UTC),
        a_duration=datetime.timedelta(seconds=1.5),
        a_uuid=uuid.UUID("550e8400-e29b-41d4-a716-446655440000"),
        a_uri="https://example.com/?a=b",
        a_big_int=2**100,
        some_bytes=bytes([0, 1, 254, 255]),
        color=lab.Color.RED,
        mood=lab.Mood.DELETE,
        vector=[1, 2.5, -3],
        sparse=[0, 1, 0, 2],
        bits=[True, False, True, True],
        place="SRID=4326;POINT(9.99 53.55)",
        names=["a", None],
        numbers={1, 2},
        by_name={"a": 1},
        by_mood={lab.Mood.CALM: [1]},
        by_point=[(point, "p")],
        points=[lab.Point(x=2, y=3)],
        pair=(1, "two"),
        one=(1,),
        named=lab.RecordCountMood(3, None),
        mixed=lab.RecordAt(4, point),
        shapes=[lab.Circle(label="c", radius=1), lab.Square(label="s", corners=[(0, 1)])],
        badge=lab.lab_module_module.Badge(label="b"),
        payload=[1, 1.5, "x", None, {True}, {"k": point}, {1: 2**70}, b"b", datetime.timedelta(1)],
        must_be_said=None,
        renamed=9,
    )
    return dataclasses.replace(value, **changes)


@pytest.mark.slow
async def test_every_type_comes_back_as_it_was_sent(lab: Lab, client: Any) -> None:
    sent = everything(lab)
    found = await client.lab.echo(sent)
    assert found == sent
    assert isinstance(found.shapes[1], lab.Square)
    assert isinstance(found.shapes[1], lab.Polygon)
    assert found.to_json() == sent.to_json()


def test_the_wire_has_the_forms_that_the_server_reads(lab: Lab) -> None:
    found = everything(lab).to_json()
    assert next(iter(found)) == "__className__"
    assert found["someBytes"] == "decode('AAH+/w==', 'base64')"
    assert (found["color"], found["mood"], found["aBigInt"]) == (1, "delete", str(2**100))
    assert found["byMood"] == [{"k": "calm", "v": [1]}]
    assert found["mixed"] == {"p": [4], "n": {"at": {"__className__": "Point", "x": 1, "y": 7}}}
    assert found["badge"] == {"__className__": "lab_module.Badge", "label": "b"}
    assert (found["aDateTime"], found["aDuration"]) == ("2030-01-02T03:04:05.000006Z", 1500)
    assert found["other_name"] == 9
    assert not found.keys() & {"nothing", "mustBeSaid", "secret"}


def test_defaults_apply_to_omitted_fields(lab: Lab) -> None:
    value = everything(lab)
    assert value.quoted == 'a "quoted" \\ word'
    assert value.moment == datetime.datetime(2024, 5, 6, 7, 8, 9, tzinfo=datetime.UTC)
    assert (value.pause, value.big) == (datetime.timedelta(hours=1), 12345678901234567890)
    first, second = lab.Record(), lab.Record()
    assert first.id != second.id
    assert first.order.version == 7
    assert abs((first.order.int >> 80) / 1000 - time.time()) < 5
    assert lab.Color.RED.hex == "#f00"
    assert (lab.Color.RED.rank, lab.Color.GRAY.rank) == (2, 0)


def test_a_value_of_the_wrong_type_is_refused_with_its_path(lab: Lab) -> None:
    refused: list[tuple[dict[str, Any], str]] = [
        ({"an_int": 2**63}, r"\.an_int: expected a whole number"),
        ({"a_bool": 1}, r"\.a_bool"),
        ({"names": [1]}, r"\.names\[0\]: expected text"),
        ({"a_date_time": datetime.datetime(2030, 1, 1)}, "time zone"),  # noqa: DTZ001 - what is refused here
        ({"a_double": float("nan")}, r"\.a_double"),
    ]
    for changes, path in refused:
        with pytest.raises(lab.WireError, match=path):
            everything(lab, **changes).to_json()
    with pytest.raises(lab.WireError, match=r"\.x: expected .* found None"):
        lab.Point.from_json({"__className__": "Point"})
    with pytest.raises(lab.WireError, match="extends Shape"):
        lab.Shape.from_json({"label": "?"})
    with pytest.raises(lab.WireError, match="expected a Point"):
        lab.Point.from_json({"__className__": "Circle", "label": "", "radius": 1})
    assert lab.Point.from_json({"__className__": "PointOfTomorrow", "x": 1}) == lab.Point(x=1)
    far = {"__className__": "Circle", "label": "", "radius": 1, "color": 99}
    assert lab.Shape.from_json(far).color is lab.Color.GRAY


def test_older_and_other_spellings_of_values_are_read(lab: Lab) -> None:
    data = everything(lab).to_json() | {
        "aDateTime": 86_400_000,
        "aBool": 1,
        "bits": "0101",
        "sparse": "{2:1.5}/4",
    }
    found = lab.Everything.from_json(data | {"moment": "2030-01-01T00:00:00.123456"})
    assert found.a_date_time == datetime.datetime(1970, 1, 2, tzinfo=datetime.UTC)
    assert found.a_bool is True
    assert (found.bits, found.sparse) == ([False, True, False, True], [0, 1.5, 0, 0])
    assert found.moment.microsecond == 123456


def test_sets_keep_their_order_and_every_entry(lab: Lab) -> None:
    wire, dynamic = lab.runtime.wire, lab.runtime.models.DYNAMIC
    numbers = [70, 3, 1_000_000, -1]
    assert wire.set_of(wire.INT).encode(wire.set_of(wire.INT).decode(numbers)) == numbers
    sets: list[list[tuple[str, Any]]] = [
        [("int", 70), ("int", 3)],
        [("int", 1), ("bool", True)],
        [("List", []), ("List", [])],
        [],
    ]
    for entries in sets:
        wrapped = [{"className": name, "data": data} for name, data in entries]
        for data in (
            {"className": "Set", "data": wrapped},
            {"className": "Map", "data": [{"k": one, "v": one} for one in wrapped]},
        ):
            found = dynamic.decode(data)
            assert dynamic.encode(found) == data or not entries
    assert dynamic.decode({"className": "Set", "data": []}) == set()


def test_an_empty_map_of_dart_is_read(lab: Lab) -> None:
    data = everything(lab).to_json() | {"byMood": {}, "byPoint": {}}
    found = lab.Everything.from_json(data)
    assert (found.by_mood, found.by_point) == ({}, [])
    with pytest.raises(lab.WireError, match="expected a list"):
        lab.Everything.from_json(data | {"byMood": {"calm": [1]}})


@pytest.mark.slow
async def test_only_arguments_that_were_given_are_sent(lab: Lab, client: Any) -> None:
    assert json.loads(await client.lab.arguments("Ada")) == {
        "name": "Ada", "greeting": None, "times": 2, "color": None, "loud": False,
    }  # fmt: skip
    found = json.loads(await client.lab.arguments("Ada", "Hi", 3, color=lab.Color.RED, loud=True))
    assert found == {"name": "Ada", "greeting": "Hi", "times": 3, "color": 1, "loud": True}
    assert json.loads(await client.lab.awkward("a", in_="b")) == {"class": "a", "in": "b", "options": None}
    assert await client.modules.lab_module.status.ping() == "pong"
    assert await client.close_endpoint.ping() == "pong"
    record = lab.RecordCountWord(1, "w")
    assert await client.lab.echo_record(record) == record
    assert await client.lab.echo_dynamic([lab.Color.RED, 1.5]) == [lab.Color.RED, 1.5]


@pytest.mark.slow
async def test_declared_exceptions_arrive_with_their_class(lab: Lab, client: Any) -> None:
    with pytest.raises(lab.FireException, match="too hot") as caught:
        await client.lab.burn(True)
    assert isinstance(caught.value, lab.LabException)
    assert caught.value.degrees == 500
    with pytest.raises(lab.LabException) as caught:
        await client.lab.burn(False)
    assert not isinstance(caught.value, lab.FireException)


@pytest.mark.slow
async def test_other_answers_are_errors_by_status(lab: Lab, client: Any, host: str) -> None:
    expected = {
        400: lab.BadRequestError,
        401: lab.UnauthorizedError,
        403: lab.ForbiddenError,
        404: lab.NotFoundError,
        413: lab.TooLargeError,
        418: lab.HttpError,
        429: lab.TooManyRequestsError,
        503: lab.ServerError,
    }
    for status, kind in expected.items():
        with pytest.raises(lab.HttpError) as caught:
            await client.lab.fail(status)
        assert (type(caught.value), caught.value.status, caught.value.body) == (kind, status, "{no JSON")
    async with lab.AsyncClient(host, timeout=0.1) as hasty:
        with pytest.raises(lab.NoAnswerError):
            await hasty.lab.slow()
    async with lab.AsyncClient("http://127.0.0.1:1", timeout=0.7) as nowhere:
        with pytest.raises(lab.NetworkError):
            await nowhere.lab.slow()
        with pytest.raises(lab.NetworkError):
            await anext(nowhere.lab.forever())
    with pytest.raises(lab.ClientError, match="http"):
        lab.AsyncClient("example.com")


@pytest.mark.slow
async def test_a_refused_token_is_refreshed_once_for_all_waiting_calls(lab: Lab, host: str) -> None:
    refreshed = []

    async def refresh(token: str) -> str:
        await asyncio.sleep(0.03)
        refreshed.append(1)
        return "good"

    auth = lab.Auth("stale", refresh=refresh)
    async with lab.AsyncClient(host, auth=auth) as client:
        found = await asyncio.gather(client.lab.authorization(), client.lab.authorization())
        assert (list(found), refreshed, auth.token) == (["Bearer good"] * 2, [1], "good")
        assert await client.lab.open_authorization() == ""
        auth.set("stale")
        assert [value async for value in client.lab.authorized_stream()] == ["Bearer good"]
        auth.clear()
        with pytest.raises(lab.StreamRefused, match="authenticationFailed"):
            await anext(client.lab.authorized_stream())
    async with lab.AsyncClient(host, auth=lab.Auth("käy:1", scheme="Basic")) as client:
        assert await client.lab.authorization() == "Basic a8OkeTox"
        client.auth.set("stale")


async def eventually(client: Any, note: str) -> list[str]:
    seen: list[str] = []
    for _ in range(100):
        seen += await client.lab.notes()
        if note in seen:
            return seen
        await asyncio.sleep(0.02)
    raise AssertionError(f"never saw {note}, only {seen}")


@pytest.mark.slow
async def test_a_stream_yields_its_values_then_ends(lab: Lab, client: Any) -> None:
    assert [number async for number in client.lab.count(300)] == list(range(1, 301))
    [circle] = [shape async for shape in client.lab.shapes()]
    assert circle == lab.Circle(label="o", radius=1, color=lab.Color.GRAY)
    assert [value async for value in client.lab.anything()] == [1, None, ["a"]]
    await eventually(client, "disconnected")


@pytest.mark.slow
async def test_a_stream_ends_on_the_server_when_it_is_released(lab: Lab, client: Any) -> None:
    async for number in client.lab.forever():
        if number == 3:
            break
    await eventually(client, "cancelled forever")
    async with client.lab.forever() as stream:
        assert await anext(stream) == 0
    await eventually(client, "cancelled forever")
    stream = client.lab.forever()
    await anext(stream)
    reader = asyncio.create_task(_drain(stream))
    await asyncio.sleep(0.05)
    await stream.aclose()
    await asyncio.wait_for(reader, 1)
    await eventually(client, "cancelled forever")
    assert [number async for number in stream] == []


async def _drain(stream: Any) -> list[Any]:
    return [value async for value in stream]


@pytest.mark.slow
async def test_errors_on_a_stream_come_after_the_values_before_them(lab: Lab, client: Any) -> None:
    for stream, kind in [
        (client.lab.burn_stream(True), lab.FireException),
        (client.lab.break_stream(), lab.StreamClosed),
    ]:
        assert await anext(stream) == 1
        with pytest.raises(kind):
            await anext(stream)


@pytest.mark.slow
async def test_a_broken_socket_ends_a_stream_or_opens_it_again(lab: Lab, client: Any) -> None:
    with pytest.raises(lab.ConnectionLost):
        await _drain(client.lab.flaky())
    await client.lab.notes()
    assert await _drain(client.lab.flaky().reconnecting()) == ["open 1", "open 2", "open 3"]
    with pytest.raises(lab.ClientError, match="cannot be sent again"):
        client.lab.doubled([1]).reconnecting()


@pytest.mark.slow
async def test_unread_values_are_limited(lab: Lab, client: Any) -> None:
    stream = client.lab.flood()
    await anext(stream)
    await eventually(client, "cancelled flood")
    with pytest.raises(lab.StreamOverflow):
        await _drain(stream)


@pytest.mark.slow
async def test_input_streams(lab: Lab, client: Any) -> None:
    async def numbers() -> AsyncIterator[int]:
        yield 1
        await asyncio.sleep(0.01)
        yield 2

    assert await _drain(client.lab.doubled(numbers())) == [2, 4]
    assert await client.lab.total([1, 2, 3]) == 6
    points = [[lab.Point(x=1)], []]
    assert await _drain(client.lab.lists(points, 1)) == points
    await client.lab.notes()

    async def burning() -> AsyncIterator[int]:
        yield 1
        raise lab.FireException(message="hot")

    await _drain(client.lab.doubled(burning()))
    assert "msse FireException" in await eventually(client, "input error")


@pytest.mark.slow
async def test_files_are_sent_to_the_address_from_the_server(lab: Lab, client: Any, host: str) -> None:
    binary = {"type": "binary", "url": f"{host}upload/fine", "method": "PUT", "headers": {"X-Extra": "e"}}
    await client.upload(json.dumps(binary), b"\1\2")
    assert await client.lab.notes() == ["PUT application/octet-stream e b'\\x01\\x02'"]
    form = {
        "url": f"{host}upload/multipart",
        "field": "file",
        "file-name": "n.txt",
        "request-fields": {"a": "p"},
    }
    await client.upload(json.dumps({"type": "multipart", **form}), b"text")
    [note] = await client.lab.notes()
    assert 'name="a"' in note
    assert 'filename="n.txt"' in note
    with pytest.raises(lab.UploadRefused):
        await client.upload(json.dumps({**binary, "url": f"{host}upload/no"}), b"")
    with pytest.raises(lab.ClientError, match="as the server gave it"):
        await client.upload("no JSON", b"")


@pytest.mark.slow
def test_the_sync_client_does_the_same(lab: Lab, host: str) -> None:
    with lab.Client(host, auth=lab.Auth("stale", refresh=lambda token: "good")) as client:
        assert client.lab.authorization() == "Bearer good"
        client.auth.set("stale")
        assert list(client.lab.authorized_stream()) == ["Bearer good"]
        sent = everything(lab)
        assert client.lab.echo(sent) == sent
        with pytest.raises(lab.FireException):
            client.lab.burn(True)
        assert list(client.lab.count(3)) == [1, 2, 3]
        assert list(client.lab.doubled(iter([1, 2]))) == [2, 4]
        assert client.lab.total(number for number in [1, 2, 3]) == 6
        with pytest.raises(lab.ConnectionLost):
            list(client.lab.flaky())
        client.lab.notes()
        for number in client.lab.forever():
            if number == 3:
                break
        _eventually(client, "cancelled forever")
        stream = client.lab.forever()
        threading.Timer(0.1, stream.close).start()
        assert len(list(stream)) > 0
        _eventually(client, "cancelled forever")
        binary = {"type": "binary", "url": f"{host}upload/fine"}
        client.upload(json.dumps(binary), b"x")
    for thread in threading.enumerate():
        if thread.name == "podium-streams":
            thread.join(5)
            assert not thread.is_alive()


def _eventually(client: Any, note: str) -> None:
    for _ in range(100):
        if note in client.lab.notes():
            return
        time.sleep(0.02)
    raise AssertionError(f"never saw {note}")


@pytest.mark.slow
def test_the_client_is_strictly_typed(folder: Path, tmp_path: Path) -> None:
    right = """
from lab_client import AnyShape, AsyncClient, Auth, Circle, Client, Point


class Kept:
    def load(self) -> str | None:
        return None

    def save(self, text: str | None) -> None: ...


def connect() -> Client:
    return Client("http://a/", auth=Auth(storage=Kept(), refresh=renew))


def renew(token: str) -> str | None:
    plain = Client("http://a/")
    plain.auth.set(plain.lab.sign_in(3600, timeout=0.5))
    Auth("a", refresh=lambda token: plain.lab.refresh_access_token(refresh_token=token))
    return plain.auth.token


def connect_async() -> AsyncClient:
    auth = Auth(refresh=lambda token: client.lab.refresh_access_token(refresh_token=token))
    client = AsyncClient("http://a/", auth=auth)
    return client


async def use(client: AsyncClient) -> float:
    size = 0.0
    async for shape in client.lab.shapes().reconnecting():
        size += shape.color.rank
    await client.lab.awkward("a", in_="b")
    return size + Point(x=1).y + await client.lab.total([1])


def measure(shape: AnyShape) -> float:
    return shape.radius if isinstance(shape, Circle) else len(shape.corners)


def wait(client: Client) -> list[int]:
    return list(client.lab.count(3))
"""
    assert _mypy(folder, tmp_path, {"use.py": right}, "lab_client") == ""
    wrong = {
        'in_="b"': "in_=1",
        "Point(x=1)": 'Point(x="1")',
        "total([1])": 'total(["1"])',
        "shape.corners": "shape.radius",
        "timeout=0.5": 'timeout="1"',
        "def load(self) -> str": "def load(self) -> int",
        "refresh=renew": "refresh=connect",
        "set(plain.lab.sign_in(3600, timeout=0.5))": "set(plain.lab.notes())",
    }
    uses: dict[str, str] = {}
    for good, bad in wrong.items():
        assert right.count(good) == 1
        uses[f"use{len(uses)}.py"] = right.replace(good, bad)
    errors = _mypy(folder, tmp_path, uses)
    assert set(re.findall(r"^(use\d+\.py):\d+: error: ", errors, re.MULTILINE)) == set(uses), errors


@pytest.mark.slow
def test_the_client_has_no_fault_in_pyrights_strict_mode(tmp_path: Path) -> None:
    for path, text in files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--project", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout


def _mypy(folder: Path, tmp_path: Path, uses: dict[str, str], *packages: str) -> str:
    """The errors that mypy reports for modules that use the client, and for packages. uses: file -> text."""
    for name, text in uses.items():
        (folder / name).write_text(text)
    (tmp_path / "mypy.ini").write_text("[mypy]\nstrict = True\n")
    config = ["--config-file", str(tmp_path / "mypy.ini"), "--cache-dir", str(folder / ".mypy_cache")]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *config, *uses, *packages],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_timeout_option_gets_another_name_beside_a_parameter_timeout() -> None:
    seconds = ParameterDefinition("timeout", "timeout", TypeRef("int"), "positional", required=True)
    method = MethodDefinition("wait", "wait", TypeRef("void"), (seconds,))
    texts = python.emit(
        language.protocol(),
        [EndpointDefinition("a", "AEndpoint", methods=[method])],
        package="a",
        version="1",
    )
    assert (
        "def wait(self, timeout: int, *, call_timeout: Timeout = UNSET) -> None:" in texts["a/endpoints.py"]
    )
    assert "timeout=call_timeout)" in texts["a/endpoints.py"]


def test_an_invalid_text_in_the_storage_is_reported(lab: Lab) -> None:
    class Storage:
        def load(self) -> str:
            return '{"secret": "word"}'

        def save(self, text: str | None) -> None: ...

    with pytest.raises(lab.ClientError, match="did not save") as refused:
        lab.Auth(storage=Storage())
    assert "word" not in str(refused.value)
    with pytest.raises(lab.ClientError, match="a token or a storage"):
        lab.Auth("token", storage=Storage())


def test_docs_are_carried_and_cannot_break_out(lab: Lab) -> None:
    assert lab.Shape.__doc__ == "Something drawn."
    assert 'nor does """.' in files()["lab_client/protocol.py"].replace("\\", "")
    assert "In more than one line." in files()["lab_client/endpoints.py"]
    assert '"""Deprecated: Ask whoAmI."""' in files()["lab_client/endpoints.py"]


def test_server_only_fields_are_not_in_the_client() -> None:
    assert "Hidden" not in "".join(files().values())
    assert "secret" not in files()["lab_client/protocol.py"]


def test_the_same_definitions_give_the_same_files() -> None:
    assert files() == files()


def test_the_client_does_not_import_the_server(folder: Path) -> None:
    code = "import lab_client, sys; print({name.partition('.')[0] for name in sys.modules} & {'django', 'schema'})"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    assert done.stdout == "set()\n", done.stderr


def test_a_project_without_models_or_endpoints_has_a_client(tmp_path: Path) -> None:
    empty, _ = load_texts({})
    for path, text in python.emit(empty, [], package="empty", version="1.0.0").items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    code = "import empty; empty.Client('http://localhost').close()"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
