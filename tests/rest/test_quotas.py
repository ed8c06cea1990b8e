"""Quotas of REST resources: the same declaration, counters and headers as for methods."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.urls import path
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.test import APIClient
from rest_framework.viewsets import ViewSet

from podium.endpoints.calls import Identity
from podium.endpoints.endpoint import rate_limit


@rate_limit("3/d")
class Orders(ViewSet):
    def list(self, request: Request) -> Response:
        return Response([])

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(pk)

    @rate_limit("1/d", by="key")
    def create(self, request: Request) -> Response:
        return Response("made", status=201)


@rate_limit("1/d", by="address")
@api_view(["GET"])
@permission_classes([AllowAny])
def first(request: Request) -> Response:
    return Response("first")


@rate_limit("1/d", by="address")
@api_view(["GET"])
@permission_classes([AllowAny])
def second(request: Request) -> Response:
    return Response("second")


@rate_limit("often")
class Wrong(ViewSet):
    @rate_limit("1/d", by="token")  # type: ignore[arg-type]
    def list(self, request: Request) -> Response:
        return Response([])


class Unprotected(Orders):
    throttle_classes = []
    permission_classes = [AllowAny & IsAuthenticated]
    required_scopes = {"reader"}


router = SimpleRouter()
router.register("orders", Orders, basename="order")
urlpatterns = [*router.urls, path("first/", first), path("second/", second)]


class WrongUrls:
    urlpatterns = [
        path("wrong/", Wrong.as_view({"get": "list"})),
        path("unprotected/", Unprotected.as_view({"get": "list"})),
    ]


@pytest.fixture(autouse=True)
def own_counters(settings: Any) -> Iterator[None]:
    settings.ROOT_URLCONF = __name__
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}}
    yield


def client_of(django_user_model: Any, **identity: str) -> APIClient:
    user = django_user_model(pk=uuid.uuid4())
    client = APIClient()
    client.force_authenticate(user, Identity(str(user.pk), **identity))  # type: ignore[arg-type]
    return client


def test_a_resource_has_one_count_and_an_action_its_own(django_user_model: Any) -> None:
    anna = client_of(django_user_model, token_id="1", api_key="shop")
    answers = [anna.get("/orders/"), anna.get("/orders/7/"), anna.get("/orders/"), anna.get("/orders/")]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert answers[0].headers["RateLimit-Policy"] == '"3/d by user";q=3;w=86400'
    assert [each.headers["RateLimit"].split(";")[1] for each in answers] == ["r=2", "r=1", "r=0", "r=0"]
    assert answers[-1].json()["error"]["code"] == "endpoints.too_many_calls"
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 86_400
    made = [anna.post("/orders/") for _ in range(2)]
    assert [each.status_code for each in made] == [201, 429]
    assert made[0].headers["RateLimit-Policy"] == '"1/d by key";q=1;w=86400'
    assert client_of(django_user_model).get("/orders/").status_code == 200


def test_functions_are_counted_separately_by_address() -> None:
    here, there = APIClient(REMOTE_ADDR="192.0.2.1"), APIClient(REMOTE_ADDR="192.0.2.2")
    statuses = [here.get("/first/"), here.get("/first/"), here.get("/second/"), there.get("/first/")]
    assert [each.status_code for each in statuses] == [200, 429, 200, 200]


def test_a_request_that_is_refused_before_is_not_counted() -> None:
    answer = APIClient().get("/orders/")
    assert answer.status_code == 401 and "RateLimit" not in answer.headers


def test_check_reports_invalid_rates(settings: Any) -> None:
    settings.ROOT_URLCONF = WrongUrls
    with pytest.raises(SystemCheckError) as refused:
        call_command("check")
    text = str(refused.value)
    assert "podium_rest.E001) tests.rest.test_quotas.Wrong @rate_limit: 'often' is not a valid rate" in text
    assert "by='token' is not valid" in text
    assert "podium_rest.E002) tests.rest.test_quotas.Unprotected: nothing enforces its @rate_limit" in text
    assert (
        "podium_rest.E003) tests.rest.test_quotas.Unprotected: nothing enforces its required_scopes" in text
    )
