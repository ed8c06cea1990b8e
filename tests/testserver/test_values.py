"""Values of every type that a signature can name come back unchanged from the test server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

NOON = datetime(2026, 5, 6, 12, 30, 15, 123456, tzinfo=UTC)
VALUES: dict[str, Any] = {
    "int": -(2**62),
    "double": 0.1,
    "bool": True,
    "string": "ä\u2028😀",
    "date_time": NOON,
    "duration": timedelta(days=3, milliseconds=7),
    "uuid": UUID("01a1fc3e-5c4d-7526-87b8-aae776126a62"),
    "uri": "https://example.com/a?b=c#d",
    "big_int": 2**200,
    "byte_data": bytes(range(256)),
}


async def sent(values: Any) -> AsyncIterator[Any]:
    for value in values:
        yield value


@pytest.mark.parametrize("kind", VALUES)
async def test_basic_values_and_nulls_come_back(client: Any, kind: str) -> None:
    echo = getattr(client.basic_types, f"test_{kind}")
    assert await echo(VALUES[kind]) == VALUES[kind]
    assert await echo(None) is None


@pytest.mark.parametrize("kind", VALUES)
async def test_basic_values_and_nulls_come_back_in_streams(client: Any, kind: str) -> None:
    echo = getattr(client.basic_types_streaming, f"test_{kind}")
    values = [VALUES[kind], None, VALUES[kind]]
    assert [each async for each in echo(sent(values))] == values


LISTS = ["int", "double", "bool", "string", "date_time", "duration", "byte_data"]


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("container", ["list", "set", "map"])
async def test_containers_of_basic_values_come_back(client: Any, container: str, kind: str) -> None:
    make: Any = {"list": list, "set": set, "map": lambda values: dict(zip("ab", values, strict=False))}[
        container
    ]
    if (container, kind) == ("set", "byte_data"):
        make = list  # in Dart, equal ones are different entries
    endpoint = getattr(client, f"{container}_parameters")
    value = VALUES[kind]
    given = make([value])
    assert await getattr(endpoint, f"return_{kind}_{container}")(given) == given
    nullable = getattr(endpoint, f"return_{kind}_{container}_nullable_{kind}s")
    assert await nullable(make([value, None])) == make([value, None])


async def test_containers_in_containers_come_back(client: Any, package: Any) -> None:
    data = package.SimpleData(num=1)
    lists, maps, one = client.list_parameters, client.map_parameters, package.TestEnum.ONE
    assert await lists.return_int_list_nullable_list([[1], None]) == [[1], None]
    assert await lists.return_nullable_simple_data_list_nullable_simple_data([data, None]) == [data, None]
    assert await lists.return_int_list_list_nullable(None) is None
    assert await maps.return_nested_int_int_map({"a": {1: 2}, "b": {}}) == {"a": {1: 2}, "b": {}}
    assert await maps.return_date_time_bool_map({NOON: False}) == {NOON: False}
    assert await maps.return_enum_int_map({one: 1}) == {one: 1}
    assert await maps.return_enum_map({"a": one}) == {"a": one}
    deep = {"a": ({1: 2},)}
    assert await maps.return_deeply_nested_non_string_keyed_map_inside_record_inside_map(deep) == deep


async def test_sets_of_lists_come_back(client: Any) -> None:
    assert await client.set_parameters.return_int_list_set([[1, 2], [3]]) == [[1, 2], [3]]


async def test_sets_of_objects_come_back(client: Any, package: Any) -> None:
    given = [package.SimpleData(num=1), package.SimpleData(num=2)]
    assert await client.set_parameters.return_simple_data_set(given) == given


async def test_sets_that_are_lists_come_back_in_streams(client: Any, package: Any) -> None:
    data = [package.SimpleData(num=1), package.SimpleData(num=2)]
    streams = client.method_streaming
    assert [each async for each in streams.simple_set_in_out_data_stream(sent([data, []]))] == [data, []]
    nested = streams.nested_set_in_list_in_out_data_stream(sent([[data, []]]))
    assert [each async for each in nested] == [data, []]


async def test_maps_with_maps_in_their_keys_come_back(client: Any) -> None:
    given = [(({1: "a"}, "b"), "c")]
    echo = client.map_parameters.return_nested_non_string_keyed_map_inside_record_inside_map
    assert await echo(given) == given


async def test_records_with_positional_and_named_fields_come_back(client: Any, package: Any) -> None:
    records, data = client.record_parameters, package.SimpleData(num=3)
    assert await records.return_nullable_record_of_nullable_int((None,)) == (None,)
    assert await records.return_nullable_record_of_nullable_int(None) is None
    assert await records.return_int_simple_data_record((1, data)) == (1, data)
    named = await records.return_named_int_string_record((1, "a"))
    assert (named.number, named.text) == (1, "a")
    assert (await records.return_named_nullable_int_string_record(None)) is None
    both = await records.return_record_typedef((1, data))
    assert (both.item1, both.data) == (1, data)
    nested = await records.return_nested_positional_and_named_record(((1, "a"), (data, 0.5)))
    assert (nested.item1, nested.named_sub_record) == ((1, "a"), (data, 0.5))
    assert await records.return_record_map_of_int_simple_data_record({("a", 1): (2, data)}) == {
        ("a", 1): (2, data)
    }
    assert await records.record_parameters_with_custom_names((1,), named_record=(2,)) == 3


async def test_records_come_back_in_streams(client: Any, package: Any) -> None:
    records = client.record_parameters
    values = [(1,), None, (None,)]
    assert [each async for each in records.stream_nullable_record_of_nullable_int(sent(values))] == values
    first, later = package.TypesRecord(an_int=(1,)), package.TypesRecord(a_bool=(True,))
    stream = records.stream_of_model_class_with_record_field(first, sent([later]))
    assert [each async for each in stream] == [first, later]


async def test_a_subclass_keeps_its_class(client: Any, package: Any) -> None:
    tests = client.inheritance_polymorphism_test
    grandchild = package.PolymorphicGrandChild(parent="a", child="b", grandchild="c")
    assert await tests.polymorphic_roundtrip(grandchild) == ("PolymorphicGrandChild", grandchild)
    child = package.PolymorphicChild(parent="a", child="b")
    back = [each async for each in tests.polymorphic_streaming_roundtrip(sent([child, grandchild]))]
    assert back == [("PolymorphicChild", child), ("PolymorphicGrandChild", grandchild)]


async def test_dynamic_values_come_back(client: Any, package: Any) -> None:
    data = package.SimpleData(num=1)
    for value in (1, "a", None, [1, data], {"a": [NOON]}, data):
        assert await client.test_tools.echo_dynamic(value) == value
    stream = client.method_streaming.dynamic_echo_stream(sent([1, "two", data]))
    assert [each async for each in stream] == [1, "two", data]


async def test_classes_written_by_hand_come_back_without_server_only_parts(client: Any) -> None:
    whole = {"serverSideValue": "s", "value": "v"}
    types = client.custom_types
    assert await types.return_custom_class("a") == "a"
    assert await types.return_custom_class2({"text": "a"}) == {"text": "a"}
    assert await types.return_custom_class_nullable(None) is None
    assert await types.return_custom_class_without_protocol_serialization(whole) == whole
    assert await types.return_custom_class_with_protocol_serialization_method(whole) == whole
    assert await types.return_custom_class_with_protocol_serialization(whole) == {"value": "v"}
    assert await client.custom_class_protocol.get_protocol_field() == {"value": "Value"}


async def test_server_only_fields_stay_on_the_server(client: Any) -> None:
    found = await client.server_only_scoped_field_model.get_scope_server_only_field()
    assert (found.all_scope, found.nested.all_scope.an_int) == (None, 1)
    assert not hasattr(found, "server_only_scope")
    child = await client.server_only_scoped_field_child_model.get_protocol_field()
    assert child.child_foo == "childFoo"


async def test_module_classes_come_back(client: Any, package: Any) -> None:
    made = await client.module_serialization.serialize_nested_module_object()
    assert (made.model.data, made.map["foo"].data, made.list_[0].data) == (42, 42, 42)
    assert (await client.module_serialization.modify_module_object(made.model)).data == 42
    assert await client.test_tools.echo_module_datatype(made) == made
    assert await client.modules.serverpod_test_module.module.hello("World") == "Hello World"


async def test_optional_and_named_arguments_arrive(client: Any) -> None:
    shapes = client.method_signature_permutations
    assert await shapes.echo_positional_and_optional_args("a") == ["a", None]
    assert await shapes.echo_positional_and_named_args("a", string2="b") == ["a", "b"]
    assert [each async for each in shapes.echo_named_arg_stream(strings=sent("ab"))] == ["a", "b"]
    assert await shapes.echo_positional_arg_stream_as_future(sent("ab")) == "a"
    assert await client.optional_parameters.return_optional_int(4) == 4
    assert await client.named_parameters.named_parameters_method(named_int=42, int_with_default_value=42)
    assert not await client.named_parameters.named_parameters_method_equal_ints(named_int=42)
    with pytest.raises(TypeError):
        await client.named_parameters.named_parameters_method(named_int=42)
