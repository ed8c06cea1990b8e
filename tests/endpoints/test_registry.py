"""The registry's definitions of endpoints: names, types, inheritance, hidden methods."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, ClassVar

import pytest

from podium.endpoints import registry as registries
from podium.endpoints.calls import Call
from podium.endpoints.definitions import EndpointDefinition, MethodDefinition
from podium.endpoints.endpoint import Endpoint, deprecated, hidden, unauthenticated_call
from podium.endpoints.errors import EndpointNotFound
from podium.endpoints.registry import Registry, endpoint_name
from podium.wire.types import Uri


def definition(registry: Registry, name: str) -> EndpointDefinition:
    return next(each for each in registry.definitions() if each.name == name)


def method(registry: Registry, endpoint: str, name: str) -> MethodDefinition:
    return next(each for each in definition(registry, endpoint).methods if each.name == name)


def test_definitions_are_sorted_by_name(registry: Registry) -> None:
    names = [each.name for each in registries.definitions()]
    assert names == sorted(names) and "echo" in names


def test_the_installed_apps_endpoints_are_found() -> None:
    names = {each.name for each in registries._installed().definitions()}
    assert {"notes", "notebooks", "accounts", "files"} <= names
    assert "echo" not in names  # a test's class, of no installed app


def test_names_on_the_wire_are_lower_camel_case(registry: Registry) -> None:
    assert endpoint_name(type("RareBooksEndpoint", (), {})) == "rareBooks"
    assert endpoint_name(type("Books", (), {})) == "books"
    found = method(registry, "echo", "everything")
    assert [each.wire_name for each in found.parameters][:3] == ["aBool", "aFloat", "someBytes"]
    assert method(registry, "tables", "read_then_wait").wire_name == "readThenWait"


def test_types_are_those_of_model_files(registry: Registry) -> None:
    found = method(registry, "echo", "everything")
    assert [str(each.type) for each in found.parameters] == [
        "bool",
        "double",
        "ByteData",
        "DateTime",
        "Duration",
        "UuidValue",
        "List<NoteColor>",
        "Map<String, int>",
        "Note",
        "dynamic",
    ]
    assert str(found.returns) == "Map<String, String>"
    assert str(method(registry, "echo", "nothing").returns) == "void"


def test_parameters_are_positional_optional_or_named(registry: Registry) -> None:
    a, b, c = method(registry, "echo", "defaults").parameters
    assert [(each.kind, each.required, each.default) for each in (a, b, c)] == [
        ("optional", False, 7),
        ("optional", False, "b"),
        ("named", False, None),
    ]
    assert str(b.type) == "String?"
    assert [each.kind for each in method(registry, "echo", "everything").parameters[3:5]] == [
        "positional",
        "named",
    ]


def test_streams_are_known_by_their_result_or_a_parameter(registry: Registry) -> None:
    assert str(method(registry, "streams", "count_to").returns) == "Stream<int>"
    assert str(method(registry, "streams", "letters").returns) == "Stream<String>"
    total = method(registry, "streams", "total")
    assert str(total.parameters[0].type) == "Stream<int>" and str(total.returns) == "int"
    assert all(each.streams for each in definition(registry, "streams").methods)
    assert not method(registry, "echo", "number").streams


def test_docs_and_marks_are_in_the_definitions(registry: Registry) -> None:
    assert definition(registry, "echo").doc == "Return the argument."
    assert method(registry, "crud", "describe").doc == "Describe the subject."
    assert method(registry, "echo", "old_number").deprecated == "Use number."
    assert method(registry, "echo", "old_numbers").streams
    assert method(registry, "echo", "number").deprecated == ""
    assert method(registry, "echo", "sign_in").unauthenticated
    assert not method(registry, "echo", "number").unauthenticated


def test_methods_are_inherited_from_abstract_and_other_endpoints(registry: Registry) -> None:
    assert definition(registry, "crud").abstract and not definition(registry, "books").abstract
    assert definition(registry, "books").parent == "CrudEndpoint"
    assert definition(registry, "rareBooks").parent == "BooksEndpoint"
    assert definition(registry, "crud").parent == ""
    assert [each.name for each in definition(registry, "crud").methods] == ["describe", "remove_all"]
    assert [each.name for each in definition(registry, "rareBooks").methods] == ["describe"]
    assert "crud" not in registry.names()


def test_a_module_is_known_and_part_of_the_address(registry: Registry) -> None:
    assert definition(registry, "shelf").module == "library"
    assert registry.has("library.shelf") and not registry.has("shelf")


def test_marks_on_a_class_apply_only_to_its_own_methods() -> None:
    @hidden
    class BaseEndpoint(Endpoint):
        async def shared(self, call: Call) -> None: ...

    @unauthenticated_call
    class OpenEndpoint(BaseEndpoint):
        async def own(self, call: Call) -> None: ...

    class BelowEndpoint(OpenEndpoint):
        async def below(self, call: Call) -> None: ...

    registry = Registry([OpenEndpoint, BelowEndpoint])
    assert definition(registry, "open").parent == ""  # its parent is hidden; the methods are there
    for name in ("open", "below"):
        assert not method(registry, name, "shared").unauthenticated
        assert method(registry, name, "own").unauthenticated
    assert not method(registry, "below", "below").unauthenticated


def test_other_attributes_are_not_methods() -> None:
    class MixedEndpoint(Endpoint):
        limit: ClassVar[int] = 5

        async def public(self, call: Call) -> None: ...

        async def _private(self, call: Call) -> None: ...

        async def helper(self, name: str) -> None: ...

        @staticmethod
        def fixed(call: Call, more: int) -> None: ...

        @property
        def short(self) -> int:
            return 1

    class NarrowEndpoint(MixedEndpoint):
        public = None  # type: ignore[assignment]

    registry = Registry([MixedEndpoint, NarrowEndpoint])
    assert [each.name for each in definition(registry, "mixed").methods] == ["public"]
    assert definition(registry, "narrow").methods == []


def test_abstract_methods_make_an_endpoint_abstract_without_abc_in_its_bases() -> None:
    from tests.endpoints.sample_app.endpoints import CrudEndpoint

    class HalfEndpoint(CrudEndpoint):
        """Still without `kind`."""

    assert definition(Registry([HalfEndpoint]), "half").abstract


@pytest.mark.parametrize("name", ["nowhere", "crud", "shelf", ""])
def test_names_that_do_not_exist_are_refused(registry: Registry, name: str) -> None:
    with pytest.raises(EndpointNotFound) as refused:
        registry.find(name, "describe")
    assert refused.value.status == 404


def test_a_deprecated_endpoint_deprecates_its_methods_but_not_those_of_a_subclass() -> None:
    @deprecated("use TeamV2")
    class TeamEndpoint(Endpoint):
        async def join(self, call: Call) -> None: ...

        @deprecated("leave quietly")
        async def leave(self, call: Call) -> None: ...

    with pytest.warns(DeprecationWarning, match="use TeamV2"):  # Python's own warning to subclasses

        class TeamV2Endpoint(TeamEndpoint):
            pass

    found = Registry([TeamEndpoint, TeamV2Endpoint])
    assert found.faults == []
    old, new = found.definitions()
    assert [each.deprecated for each in old.methods] == ["use TeamV2", "leave quietly"]
    assert [each.deprecated for each in new.methods] == ["", "leave quietly"]


def test_a_deprecated_parameter_keeps_its_type_and_has_its_message() -> None:
    class SearchEndpoint(Endpoint):
        async def find(
            self,
            call: Call,
            values: Annotated[AsyncIterator[int], deprecated("send none")],
            text: Annotated[Uri, deprecated("use words")],
            words: list[str],
            *,
            limit: Annotated[int | None, deprecated("all are given")] = None,
        ) -> None: ...

    found = Registry([SearchEndpoint])
    [entry] = found.definitions()
    assert [(str(one.type), one.deprecated) for one in entry.methods[0].parameters] == [
        ("Stream<int>", "send none"),
        ("Uri", "use words"),
        ("List<String>", ""),
        ("int?", "all are given"),
    ]
