"""REST views of an app: one open to operators who act as a user, and one closed to them."""

from __future__ import annotations

from django.urls import path
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from podium.endpoints.endpoint import allow_impersonation


@api_view(["GET"])
def closed(request: Request) -> Response:
    return Response({})


@allow_impersonation
@api_view(["GET"])
def opened(request: Request) -> Response:
    return Response({})


urlpatterns = [path("closed/", closed), path("opened/", opened)]
