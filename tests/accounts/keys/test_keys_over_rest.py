"""API keys over REST: closed unless the view is opened, by its class or its function."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import path
from rest_framework.decorators import api_view
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from accounts.keys import keys
from accounts.models import User
from podium.endpoints.endpoint import allow_api_keys

pytestmark = pytest.mark.django_db(transaction=True)


def answer(request: Request) -> Response:
    identity: Any = request.auth
    return Response([identity.api_key if identity else "", str(request.user)])


class Reads(APIView):
    api_key_methods = SAFE_METHODS

    def get(self, request: Request) -> Response:
        return answer(request)

    def post(self, request: Request) -> Response:
        return answer(request)


class Staff(Reads):
    required_scopes = {"admin"}


@api_view(["GET"])
def closed(request: Request) -> Response:
    return answer(request)


@allow_api_keys
@api_view(["GET"])
def opened(request: Request) -> Response:
    return answer(request)


urlpatterns = [
    path("reads/", Reads.as_view()),
    path("staff/", Staff.as_view()),
    path("closed/", closed),
    path("opened/", opened),
]


@pytest.mark.urls(__name__)
def test_views_are_closed_to_keys_unless_opened(anna: User) -> None:
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {keys.create(anna, name='shop').key}")
    assert client.get("/reads/").json() == client.get("/opened/").json() == ["shop", "anna@example.com"]
    for refused in (client.post("/reads/"), client.get("/closed/")):
        assert refused.status_code == 403
        assert refused.json()["error"]["code"] == "endpoints.api_key_refused"


def test_pages_do_not_accept_keys() -> None:
    root = User.objects.create_superuser("root@example.com")
    key = keys.create(root, name="shop", scopes=["admin"]).key
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {key}")
    paths = ["/admin/", "/admin/accounts/apikey/", "/account/email/", "/_allauth/browser/v1/account/email"]
    assert {client.get(path).status_code for path in paths} <= {302, 401}
    assert [client.get(path).status_code for path in ("/api/schema/", "/api/docs/")] == [403, 403]


@pytest.mark.urls(__name__)
def test_scopes_of_a_view_bind_keys_and_browsers(anna: User, settings: Any) -> None:
    olga = User.objects.create_superuser("olga@example.com")
    statuses: dict[str | None, int] = {}
    for name, scopes in {"without": [], "with": ["admin"]}.items():
        client = APIClient(HTTP_AUTHORIZATION=f"Bearer {keys.create(olga, name=name, scopes=scopes).key}")
        statuses[name] = client.get("/staff/").status_code
    for user in (anna, olga):
        browser = APIClient()
        browser.force_login(user)
        statuses[user.email] = browser.get("/staff/").status_code
    assert statuses == {"without": 403, "with": 200, "anna@example.com": 403, "olga@example.com": 200}
    assert APIClient().get("/staff/").status_code == 401
