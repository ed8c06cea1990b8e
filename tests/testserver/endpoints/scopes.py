"""Fields and classes that only the server sees."""

from __future__ import annotations

from serverpod_test.models import ObjectFieldScopes, ScopeServerOnlyField, ScopeServerOnlyFieldChild, Types

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint


class FieldScopesEndpoint(Endpoint):
    def store_object(self, call: Call, object: ObjectFieldScopes) -> None:
        """Store only this object; server-only fields are set here."""
        ObjectFieldScopes.objects.all().delete()
        object.pk = None
        object.database = "database"
        object.save()

    def retrieve_object(self, call: Call) -> ObjectFieldScopes | None:
        return ObjectFieldScopes.objects.first()


class ServerOnlyScopedFieldModelEndpoint(Endpoint):
    async def get_scope_server_only_field(self, call: Call) -> ScopeServerOnlyField:
        """Return nested objects, each with server-only fields."""
        return ScopeServerOnlyField(server_only_scope=Types(an_int=2), nested=_inner())


class ServerOnlyScopedFieldChildModelEndpoint(Endpoint):
    async def get_protocol_field(self, call: Call) -> ScopeServerOnlyFieldChild:
        return ScopeServerOnlyFieldChild(
            child_foo="childFoo", server_only_scope=Types(an_int=2), nested=_inner()
        )


def _inner() -> ScopeServerOnlyField:
    return ScopeServerOnlyField(all_scope=Types(an_int=1), server_only_scope=Types(an_int=2))
