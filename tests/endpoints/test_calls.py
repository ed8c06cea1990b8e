"""Calls over HTTP: each outcome of the wire's table, without a server in between and with a real one."""

from __future__ import annotations

import base64
import json
import logging
from typing import Any

import httpx
import pytest

from podium.core import observe
from podium.endpoints import asgi


def signed_in(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


async def test_a_result_is_json(http: httpx.AsyncClient) -> None:
    answer = await http.post("/echo/number", json={"value": 5})
    assert (answer.status_code, answer.content) == (200, b"5")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert (await http.post("/echo/numberSync", json={"value": 6})).json() == 6


async def test_a_method_without_a_result_answers_null(http: httpx.AsyncClient) -> None:
    for body in (b"", b"{}"):
        answer = await http.post("/echo/nothing", content=body)
        assert (answer.status_code, answer.content) == (200, b"null")


async def test_arguments_of_all_types_arrive_as_python_values(http: httpx.AsyncClient) -> None:
    arguments = {
        "aBool": 1,
        "aFloat": 2,
        "someBytes": "decode('aGk=', 'base64')",
        "aTime": "2030-01-01T00:00:00.000Z",
        "aSpan": 1500,
        "anId": "00000000-0000-7000-8000-000000000001",
        "colors": ["red", "blue"],
        "counts": {"a": 1},
        "note": {"__className__": "Note", "title": "milk", "tags": []},
        "anything": {"className": "int", "data": 3},
    }
    answer = await http.post("/echo/everything", json=arguments)
    assert answer.status_code == 200, answer.text
    values = answer.json()
    assert values["0"] == "True" and values["1"] == "2.0" and values["2"] == "b'hi'"
    assert values["3"].startswith("datetime.datetime(2030, 1, 1, 0, 0, tzinfo=")
    assert values["4"] == "datetime.timedelta(seconds=1, microseconds=500000)"
    assert values["5"] == "UUID('00000000-0000-7000-8000-000000000001')"
    assert values["6"] == "[<NoteColor.RED: 'red'>, <NoteColor.BLUE: 'blue'>]"
    assert values["7"] == "{'a': 1}" and values["8"] == "'milk'" and values["9"] == "3"


async def test_sets_keep_their_order_and_equal_bytes(http: httpx.AsyncClient) -> None:
    answer = await http.post("/echo/numbers", json={"value": [70, 3, 1_000_000, -1]})
    assert answer.json() == [70, 3, 1_000_000, -1, 7]
    blobs = [f"decode('{text}', 'base64')" for text in ("AQ==", "AA==", "AQ==")]
    assert (await http.post("/echo/blobs", json={"value": blobs})).json() == blobs


async def test_an_empty_map_is_read_as_dart_writes_it(http: httpx.AsyncClient) -> None:
    assert (await http.post("/echo/times", json={"value": {}})).json() == []
    refused = await http.post("/echo/times", json={"value": {"1": None}})
    assert (refused.status_code, refused.text) == (
        400,
        'echo.times: value: the value: expected Map<int, DateTime?> as a list of {"k": ..., "v": ...}, got an object',
    )


async def test_a_lone_surrogate_is_refused_and_named(http: httpx.AsyncClient) -> None:
    reason = r"text with a lone surrogate (\ud83d), which is half of a character"
    for body, path in (
        (r'{"value": "a\ud83d"}', "value: expected String, got "),
        (r'{"value": {"tags": ["\ud83d"]}}', "value.tags[0]: expected String, got "),
        (r'{"other": {"\ud83d": 1}}', "other: expected String, got a key that is "),
    ):
        answer = await http.post("/echo/nullable", content=body)
        assert (answer.status_code, answer.text) == (400, f"The body: {path}{reason}")
    whole = await http.post("/echo/nullable", content=r'{"value": "\ud83d\ude00"}')
    assert whole.json() == "😀"


async def test_left_out_arguments_take_their_defaults_and_unknown_ones_are_ignored(
    http: httpx.AsyncClient,
) -> None:
    assert (await http.post("/echo/defaults", json={"zzz": 1})).json() == "7 b None"
    assert (await http.post("/echo/defaults", json={"a": None, "b": None, "c": "c"})).json() == "7 None c"
    assert (await http.post("/echo/nullable", json={"value": None})).json() is None
    assert (await http.post("/echo/nullable", json={})).json() is None


async def test_older_clients_send_the_method_in_the_body(http: httpx.AsyncClient) -> None:
    assert (await http.post("/echo", json={"method": "number", "value": 5})).json() == 5
    assert (await http.post("/echo/", json={"method": "number", "value": 5})).json() == 5


async def test_the_query_string_overrides_the_body(http: httpx.AsyncClient) -> None:
    assert (await http.post("/echo/number?value=6", json={"value": 5})).json() == 6
    assert (await http.post("/echo?method=number", json={"value": 5})).json() == 5
    assert (await http.post("/echo?method=number&value=7")).json() == 7
    assert (await http.post("/echo?method=nullable&value=7")).json() == "7"
    assert (await http.post("/echo?method=nullable&value=")).json() == ""
    refused = await http.post("/echo?method=number&value=x")
    assert refused.status_code == 400 and "value" in refused.text


async def test_get_calls_no_method_because_its_arguments_would_be_logged(http: httpx.AsyncClient) -> None:
    assert (await http.get("/echo?method=number&value=7")).status_code == 405


async def test_get_calls_no_method_by_its_path(http: httpx.AsyncClient) -> None:
    answer = await http.get("/echo/nothing")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST, OPTIONS")
    assert (await http.put("/echo/nothing")).status_code == 405


async def test_a_declared_exception_is_a_400_with_its_fields(http: httpx.AsyncClient) -> None:
    for method, number in (("declared", 5), ("declaredSync", 6)):
        answer = await http.post(f"/failing/{method}")
        assert answer.status_code == 400
        assert answer.json() == {
            "className": "NoteNotFoundException",
            "data": {"__className__": "NoteNotFoundException", "message": "no such note", "noteId": number},
        }


async def test_other_errors_for_clients_are_plain_text_with_their_status(http: httpx.AsyncClient) -> None:
    answer = await http.post("/failing/full")
    assert (answer.status_code, answer.text) == (409, "There is no room left.")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("method", ["bug", "bugSync", "wrongResult", "undeclared", "ownWireError"])
async def test_anything_else_is_an_empty_500_whose_traceback_goes_to_the_log(
    http: httpx.AsyncClient, method: str, caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest
) -> None:
    answer = await http.post(f"/failing/{method}")
    assert (answer.status_code, answer.content) == (500, b"")
    on_server = "server" in request.fixturenames and "server" in request.node.callspec.params.values()
    log = request.getfixturevalue("server").log.read_text() if on_server else caplog.text
    assert f"failing.{method} failed" in log and "Traceback" in log


async def test_an_unknown_endpoint_is_a_404_an_unknown_method_a_400(http: httpx.AsyncClient) -> None:
    answer = await http.post("/nowhere/nothing", json={})
    assert (answer.status_code, answer.text) == (404, "Endpoint not found: 'nowhere'.")
    for path in ("/echo/nowhere", "/echo/number/more", "/echo/_private", "/echo/old_number"):
        answer = await http.post(path, json={})
        assert answer.status_code == 400 and answer.text.startswith("Method not found: "), path
    answer = await http.post("/echo", json={})
    assert answer.status_code == 400 and answer.text.startswith("No method name specified: ")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[1]", "not a JSON object"),
        (b"{}", "Missing required query parameter: value"),
        (b'{"value": null}', "Missing required query parameter: value"),
        (b'{"value": "x"}', "value"),
        (b'{"value": 1.5}', "value"),
        (b'{"value": 100000000000000000000000000000000}', "value"),
        (b'{"value": {"a": [1]}}', "value"),
    ],
)
async def test_faults_of_the_body_are_reported(http: httpx.AsyncClient, body: bytes, said: str) -> None:
    answer = await http.post("/echo/number", content=body)
    assert answer.status_code == 400
    assert said in answer.text


async def test_a_stream_is_not_a_call(http: httpx.AsyncClient) -> None:
    answer = await http.post("/streams/countTo", json={"end": 3})
    assert answer.status_code == 400 and "WebSocket" in answer.text


async def test_a_caller_who_is_not_signed_in_gets_an_empty_401(http: httpx.AsyncClient) -> None:
    for headers in ({}, signed_in("gone")):
        answer = await http.post("/members/hello", headers=headers)
        assert (answer.status_code, answer.content) == (401, b"")
    assert (await http.post("/failing/asksWho")).status_code == 401
    assert (await http.post("/members/hello", headers=signed_in("anna"))).json() == "hello anna"


async def test_a_caller_without_the_scope_gets_an_empty_403(http: httpx.AsyncClient) -> None:
    assert (await http.post("/staff/hello")).status_code == 401
    answer = await http.post("/staff/hello", headers=signed_in("anna"))
    assert (answer.status_code, answer.content) == (403, b"")
    assert (await http.post("/staff/hello", headers=signed_in("admin"))).json() == "hello admin"


async def test_a_credential_is_bearer_or_basic_in_any_case(http: httpx.AsyncClient) -> None:
    key = base64.b64encode(b"anna").decode()
    for header in ("Bearer anna", "bearer anna", "BEARER  anna", f"Basic {key}", f"bAsIc {key}"):
        assert (await http.post("/echo/who", headers={"authorization": header})).json() == "anna", header
    assert (await http.post("/echo/who")).json() == "nobody"


@pytest.mark.parametrize(
    "header", ["anna", "Bearer", "Bearer a b", "Basic !!!", "Basic /w==", "Digest x", ""]
)
async def test_an_authorization_header_that_cant_be_read_is_a_400(
    http: httpx.AsyncClient, header: str
) -> None:
    answer = await http.post("/echo/who", headers={"authorization": header})
    assert answer.status_code == 400 and "Authorization" in answer.text


async def test_a_key_in_the_body_counts_only_if_the_settings_say_so(settings: Any) -> None:
    transport = httpx.ASGITransport(asgi.application)
    async with httpx.AsyncClient(transport=transport, base_url="http://server") as http:
        body = {"method": "who", "auth": "anna"}
        assert (await http.post("/echo", json=body)).json() == "nobody"
        settings.ENDPOINTS_KEY_IN_BODY = True
        assert (await http.post("/echo", json=body)).json() == "anna"
        assert (await http.post("/echo", json=body, headers=signed_in("ben"))).json() == "ben"
        assert (await http.post("/echo", json={"method": "who"}, params={"auth": "anna"})).json() == "nobody"
        for nothing in ("", None, 7, ["anna"]):
            assert (await http.post("/echo", json=body | {"auth": nothing})).json() == "nobody"
        assert (await http.post("/echo", json=body | {"auth": "gone"})).json() == "nobody"


async def test_a_dead_credential_has_no_user_and_an_expired_one_is_refused_so_that_it_is_renewed(
    http: httpx.AsyncClient,
) -> None:
    assert (await http.post("/echo/who", headers=signed_in("gone"))).json() == "nobody"
    answer = await http.post("/echo/who", headers=signed_in("stale"))
    assert (answer.status_code, answer.content) == (401, b"")
    for token in ("gone", "stale"):
        assert (await http.post("/members/hello", headers=signed_in(token))).status_code == 401
        assert (await http.post("/echo/signIn", headers=signed_in(token))).json() == "nobody"


async def test_a_body_over_the_limit_is_a_413_that_names_the_limit(http: httpx.AsyncClient) -> None:
    fits = json.dumps({"value": 1, "more": "x" * (512 * 1024 - 30)}).encode()
    assert len(fits) <= 512 * 1024
    assert (await http.post("/echo/number", content=fits)).json() == 1
    answer = await http.post("/echo/number", content=b" " * (512 * 1024 + 1))
    assert answer.status_code == 413 and "524288" in answer.text


async def test_a_module_is_part_of_the_address(http: httpx.AsyncClient) -> None:
    assert (await http.post("/library.shelf/length")).json() == 3
    assert (await http.post("/shelf/length")).status_code == 404


async def test_an_abstract_endpoint_is_not_served_but_its_methods_are(http: httpx.AsyncClient) -> None:
    assert (await http.post("/crud/describe")).status_code == 404
    assert (await http.post("/books/describe")).json() == "about books"
    assert (await http.post("/rareBooks/describe")).json() == "rare about books"
    assert (await http.post("/books/removeAll")).status_code == 400


async def test_a_deprecated_method_works_without_a_warning(http: httpx.AsyncClient) -> None:
    assert (await http.post("/echo/oldNumber", json={"value": 5})).json() == 5


async def test_the_call_knows_its_request(http: httpx.AsyncClient) -> None:
    headers = [("User-Agent", "test"), ("X-Twice", "1"), ("x-twice", "2")]
    about = (await http.post("/echo/about", headers=headers)).json()
    assert about == {
        "endpoint": "echo",
        "method": "about",
        "agent": "test",
        "twice": "1, 2",
        "address": "127.0.0.1",
    }


# In this process only: settings, spans ------------------------------------------------------------------------------


@pytest.fixture
async def here() -> Any:
    transport = httpx.ASGITransport(asgi.application, client=("10.0.0.9", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
        yield client


async def test_only_entries_of_trusted_proxies_in_x_forwarded_for_count(
    here: httpx.AsyncClient, settings: Any
) -> None:
    headers = {"x-forwarded-for": "6.6.6.6, 1.1.1.1, 2.2.2.2"}

    async def address() -> str:
        return str((await here.post("/echo/about", headers=headers)).json()["address"])

    assert await address() == "10.0.0.9"
    settings.ENDPOINTS_TRUSTED_PROXIES = 1
    assert await address() == "2.2.2.2"
    settings.ENDPOINTS_TRUSTED_PROXIES = 2
    assert await address() == "1.1.1.1"
    headers = {"x-forwarded-for": "2.2.2.2"}
    assert await address() == "2.2.2.2"


async def test_browsers_may_call_from_every_origin_but_without_cookies(here: httpx.AsyncClient) -> None:
    asked = {
        "origin": "https://app.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,x-own",
    }
    answer = await here.options("/notes/whatever", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "POST"
    assert answer.headers["access-control-allow-headers"] == "authorization,content-type,x-own"
    for path in ("/echo/nothing", "/failing/bug", "/members/hello"):
        answer = await here.post(path, headers={"origin": "https://app.example"})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


async def test_only_listed_origins_are_let_through(here: httpx.AsyncClient, settings: Any) -> None:
    settings.ENDPOINTS_ALLOWED_ORIGINS = ["https://app.example"]
    answer = await here.options("/echo/nothing", headers={"origin": "https://app.example"})
    assert answer.headers["access-control-allow-origin"] == "https://app.example"
    for origin in ({"origin": "https://evil.example"}, {}):
        answer = await here.post("/echo/nothing", headers=origin)
        assert "access-control-allow-origin" not in answer.headers
        assert answer.headers["vary"] == "origin"


async def test_invalid_header_names_are_not_sent_back(here: httpx.AsyncClient) -> None:
    answer = await here.options("/echo/nothing", headers={"access-control-request-headers": "a;b <x>"})
    assert answer.headers["access-control-allow-headers"] == "authorization, content-type"


async def test_a_smaller_limit_holds_at_once_and_for_bodies_of_unknown_length(
    here: httpx.AsyncClient, settings: Any
) -> None:
    settings.ENDPOINTS_MAX_BODY_BYTES = 20

    async def pieces() -> Any:
        for _ in range(10):
            yield b"     "

    answer = await here.post("/echo/number", content=pieces())
    assert answer.status_code == 413 and "20" in answer.text
    assert answer.headers["connection"] == "close"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> list[observe.Span]:
    ended: list[observe.Span] = []
    monkeypatch.setattr(observe, "_sinks", [ended.append])
    return ended


async def test_each_call_leaves_a_span(here: httpx.AsyncClient, spans: list[observe.Span]) -> None:
    await here.post("/echo/log", json={"text": "hello"}, headers=signed_in("anna"))
    (span,) = spans
    assert (span.kind, span.name, span.user_id, span.status, span.error) == (
        "call",
        "echo.log",
        "anna",
        200,
        "",
    )
    assert [(line.level, line.message) for line in span.logs] == [(logging.INFO, "hello")]


async def test_a_span_has_the_failure_of_a_call(here: httpx.AsyncClient, spans: list[observe.Span]) -> None:
    for path in (
        "/failing/declared",
        "/failing/full",
        "/failing/bug",
        "/members/hello",
        "/failing/wrongResult",
    ):
        await here.post(path)
    assert [span.status for span in spans] == [400, 409, 500, 401, 500]
    declared, full, bug, nobody, wrong = [span.error for span in spans]
    assert declared.startswith("NoteNotFoundException") and "Traceback" not in declared
    assert full == "Full: There is no room left."
    assert "Traceback" in bug and "a secret of the server" in bug
    assert nobody.startswith("NotSignedIn")
    assert "failing.wrongResult is declared to return int" in wrong
