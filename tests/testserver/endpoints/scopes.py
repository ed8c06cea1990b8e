"""Fields and classes that only the server sees."""

from __future__ import annotations

from serverpod_test.models import ObjectFieldScopes, ScopeServerOnlyField, ScopeServerOnlyFieldChild, Types

from endpoints.calls import Call
from endpoints.endpoint import Endpoint


class FieldScopesEndpoint(Endpoint):
    def store_object(self, call: Call, object: ObjectFieldScopes) -> None:
        """Keep this object alone; what only the server sees is set here."""
        ObjectFieldScopes.objects.all().delete()
        object.pk = None
        object.database = "database"
        object.save()

    def retrieve_object(self, call: Call) -> ObjectFieldScopes | None:
        return ObjectFieldScopes.objects.first()


class ServerOnlyScopedFieldModelEndpoint(Endpoint):
    async def get_scope_server_only_field(self, call: Call) -> ScopeServerOnlyField:
        """One inside another, each with a part for the server alone."""
        inner = ScopeServerOnlyField(all_scope=Types(an_int=2), server_only_scope=Types(an_int=3))
        return ScopeServerOnlyField(
            all_scope=Types(an_int=0), server_only_scope=Types(an_int=1), nested=inner
        )


class ServerOnlyScopedFieldChildModelEndpoint(Endpoint):
    async def get_protocol_field(self, call: Call) -> ScopeServerOnlyFieldChild:
        inner = ScopeServerOnlyField(all_scope=Types(an_int=2), server_only_scope=Types(an_int=3))
        return ScopeServerOnlyFieldChild(
            child_foo="foo",
            all_scope=Types(an_int=0),
            server_only_scope=Types(an_int=1),
            nested=inner,
        )
