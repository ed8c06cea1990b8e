"""The traceback of a failure is in the answer in development, and never in production."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from podium.endpoints import asgi
from realtime.frames import Close, Writer


class Broken(APIView):
    """A view of REST with a bug."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []

    def get(self, request: Request) -> Response:
        raise RuntimeError("a bug of REST")


def page(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a bug of a page")


urlpatterns = [path("broken/", Broken.as_view()), path("page/", page)]
handler500 = "podium.server.outages.server_error"


@pytest.fixture
def development(settings: Any) -> None:
    settings.DEBUG = settings.DEVELOPMENT = True


async def answer_to(path: str) -> httpx.Response:
    transport = httpx.ASGITransport(asgi.application)
    async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
        return await client.post(path)


async def test_a_call_that_fails_in_development_answers_with_its_traceback(development: None) -> None:
    answer = await answer_to("/failing/bug")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (500, "server_error")
    assert error["details"]["traceback"][0] == "Traceback (most recent call last):"
    assert error["message"] == error["details"]["traceback"][-1]
    assert any("sample_app/endpoints.py" in line for line in error["details"]["traceback"])


@pytest.mark.parametrize("debug", [False, True])
async def test_a_call_that_fails_in_production_answers_nothing(settings: Any, debug: bool) -> None:
    settings.DEBUG, settings.DEVELOPMENT = debug, False
    answer = await answer_to("/failing/bug")
    assert (answer.status_code, answer.content) == (500, b"")


def rest(settings: Any, path: str) -> Any:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = ["podium.server.outages.Outages"]
    return Client(raise_request_exception=False).get(path)


def test_rest_and_pages_have_it_in_development(
    development: None, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    answer = rest(settings, "/broken/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/json")
    assert answer.json()["error"]["details"]["traceback"][-1] == "RuntimeError: a bug of REST"
    assert "a bug of a page" in rest(settings, "/page/").content.decode()
    assert "RuntimeError: a bug of REST" in caplog.text and "RuntimeError: a bug of a page" in caplog.text


def test_rest_and_pages_do_not_have_it_in_production(settings: Any) -> None:
    settings.DEVELOPMENT = False
    for path_ in ("/broken/", "/page/"):
        answer = rest(settings, path_)
        assert answer.status_code == 500
        assert "bug" not in answer.content.decode() and "Traceback" not in answer.content.decode()


def test_the_frame_that_ends_a_stream_has_it_and_the_reason() -> None:
    closing = Close("chat", "crash", UUID(int=0), "error")
    assert '"cr":"error","error":{"message":"M"}' in Writer(closing).closed("error", error={"message": "M"})
