"""The entry through Django: for browsers with a session cookie, with CSRF protection and DRF's throttles."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import SAFE_METHODS, AllowAny
from rest_framework.request import Request as DrfRequest
from rest_framework.routers import Route
from rest_framework.viewsets import ViewSet

from podium.core import observe
from podium.core.errors import PodiumError
from podium.endpoints import quotas
from podium.endpoints.calls import Call, Identity
from podium.rest.resources import bodies, handler
from podium.rest.resources.messages import JSON, Answer, Request
from podium.rest.resources.registry import Resource, resources
from podium.rest.routers import Router

HANDLE = "handle"


class JsonAlone(BaseContentNegotiation):
    """Answers are JSON, whatever the request says."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(
        self, request: Any, renderers: Any, format_suffix: str | None = None
    ) -> tuple[Any, str]:
        return renderers[0], renderers[0].media_type


class ResourceViewSet(ViewSet):
    """The rows of a model. The rules decide who may do what, so that everybody may ask."""

    resource: ClassVar[Resource]
    routes: ClassVar[list[Route]]
    lookup_field = "id"
    lookup_value_regex = "[^/]+"
    permission_classes = [AllowAny]
    impersonation_methods = SAFE_METHODS
    content_negotiation_class = JsonAlone

    def handle(self, request: DrfRequest, id: str | None = None) -> HttpResponse:
        """Answer any method."""
        call = self._call(request)
        body = (
            request.body if bodies.is_json(request.content_type or "") else b""
        )  # others may be forms, read by DRF
        query = request.META.get("QUERY_STRING", "").encode("latin-1")
        method = handler.method_of(str(request.method))
        asked = Request(method, request.path, id, query, call, body)
        with observe.span("call", handler.name_of(self.resource, method, id)) as span:
            if call.identity is not None:
                call.identity.note_in(span)
            try:
                return _response(handler.respond(self.resource, asked), span)
            except PodiumError as error:
                handler.note_refusal(error, span)
                raise

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Refuse a method in the words of the handler."""
        return self.handle(request, kwargs.get("id"))

    def _call(self, request: DrfRequest) -> Call:
        headers = {name.lower(): value for name, value in request.headers.items()}
        return Call("rest", request.path, _identity(request), headers, request.META.get("REMOTE_ADDR") or "")

    def check_throttles(self, request: DrfRequest) -> None:
        """Count the request for ENDPOINTS_RATE as well. Raises TooManyCalls (429)."""
        super().check_throttles(request)
        if limits := quotas.of_method(()):
            name = handler.rate_of(self.resource, handler.method_of(str(request.method)))
            call = self._call(request)
            usage = quotas.take(name, limits, call.identity, call.address)
            self.headers |= quotas.headers(limits, usage)  # which DRF adds to the answer, whatever it is
            quotas.check(usage)


def _identity(request: DrfRequest) -> Identity | None:
    """The identity behind a token, or that of the session's user."""
    if isinstance(request.auth, Identity):
        return request.auth
    user = request.user
    if user is None or not user.is_authenticated:
        return None
    return Identity(str(user.pk), frozenset(getattr(user, "scope_names", ())))


def _response(found: Answer, span: observe.Span) -> HttpResponse:
    span.status = 200
    response = HttpResponse(found.body, status=found.status, headers=dict(found.headers))
    if found.body:
        response.headers["Content-Type"] = JSON
    else:
        del response.headers["Content-Type"]
    return response


def router() -> Router:
    """Make the router of all generated resources."""
    made = Router()
    made.include_format_suffixes = False
    for resource in resources().values():
        made.register(resource.path, viewset(resource), basename=f"rows-{resource.path}")
    return made


def viewset(resource: Resource) -> type[ResourceViewSet]:
    """Make the view set of a resource."""
    routes = [
        _route("{prefix}{trailing_slash}", resource, "many"),
        _route("{prefix}/{lookup}{trailing_slash}", resource, "one"),
    ]
    return type(
        f"{resource.name}ResourceViewSet",
        (ResourceViewSet,),
        {
            "resource": resource,
            "api_key_methods": resource.api_key_methods,
            "routes": routes,
            "__doc__": f"The rows of {resource.name} under their access rules.",
        },
    )


def _route(url: str, resource: Resource, name: str) -> Route:
    methods = [each.lower() for each in resource.methods(one=name == "one")]
    mapping = dict.fromkeys(methods, HANDLE)
    return Route(f"^{url}$", mapping, f"{{basename}}-{name}", detail=name == "one", initkwargs={})
