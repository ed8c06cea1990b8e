"""Every form of a signature: positional, optional, named and deprecated parameters, also with streams."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from serverpod_test.models import ExceptionWithRequiredField, ModelWithRequiredField

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint, deprecated


class MethodSignaturePermutationsEndpoint(Endpoint):
    async def echo_positional_arg(self, call: Call, string: str) -> str:
        return string

    async def echo_named_arg(self, call: Call, *, string: str) -> str:
        return string

    async def echo_nullable_named_arg(self, call: Call, *, string: str | None = None) -> str | None:
        return string

    async def echo_optional_arg(self, call: Call, string: str | None = None) -> str | None:
        return string

    async def echo_positional_and_named_args(
        self, call: Call, string1: str, *, string2: str
    ) -> list[str | None]:
        return [string1, string2]

    async def echo_positional_and_nullable_named_args(
        self, call: Call, string1: str, *, string2: str | None = None
    ) -> list[str | None]:
        return [string1, string2]

    async def echo_positional_and_optional_args(
        self, call: Call, string1: str, string2: str | None = None
    ) -> list[str | None]:
        return [string1, string2]

    async def echo_positional_arg_stream(self, call: Call, strings: AsyncIterator[str]) -> AsyncIterator[str]:
        async for each in strings:
            yield each

    async def echo_named_arg_stream(self, call: Call, *, strings: AsyncIterator[str]) -> AsyncIterator[str]:
        async for each in strings:
            yield each

    async def echo_positional_arg_stream_as_future(self, call: Call, strings: AsyncIterator[str]) -> str:
        """The first value."""
        return await anext(strings)

    async def echo_named_arg_stream_as_future(self, call: Call, *, strings: AsyncIterator[str]) -> str:
        """The first value."""
        return await anext(strings)


class NamedParametersEndpoint(Endpoint):
    async def named_parameters_method(
        self,
        call: Call,
        *,
        named_int: int,
        int_with_default_value: int,
        nullable_int: int | None = None,
        nullable_int_with_default_value: int | None = None,
    ) -> bool:
        return True

    async def named_parameters_method_equal_ints(
        self, call: Call, *, named_int: int, nullable_int: int | None = None
    ) -> bool:
        return named_int == nullable_int


class OptionalParametersEndpoint(Endpoint):
    async def return_optional_int(self, call: Call, optional_int: int | None = None) -> int | None:
        return optional_int


class DeprecationEndpoint(Endpoint):
    """Methods and parameters that clients should no longer use."""

    global_double: float = 0.0

    @deprecated("Not used any more.")
    async def set_global_double(self, call: Call, value: float | None) -> None:
        type(self).global_double = 0.0 if value is None else value

    @deprecated("Marked for removal.")
    async def get_global_double(self, call: Call) -> float:
        return self.global_double

    async def method_with_deprecated_param(
        self, call: Call, deprecated_param: Annotated[str, deprecated("Not used any more.")]
    ) -> str:
        return deprecated_param

    async def method_with_deprecated_param_message(
        self, call: Call, deprecated_param: Annotated[str, deprecated("Say it otherwise.")]
    ) -> str:
        return deprecated_param

    async def method_with_mixed_params(
        self,
        call: Call,
        normal_param: str,
        deprecated_param: Annotated[str, deprecated("Not used any more.")],
    ) -> str:
        return normal_param + deprecated_param

    async def method_with_named_deprecated_param(
        self,
        call: Call,
        *,
        normal_param: str,
        deprecated_param: Annotated[str | None, deprecated("Not used any more.")] = None,
    ) -> str:
        return normal_param + (deprecated_param or "")

    async def method_with_optional_deprecated_param(
        self, call: Call, deprecated_param: Annotated[str | None, deprecated("Not used any more.")] = None
    ) -> str:
        return "default" if deprecated_param is None else deprecated_param


class EchoRequiredFieldEndpoint(Endpoint):
    """A class whose nullable field is required."""

    async def echo_model(self, call: Call, model: ModelWithRequiredField) -> ModelWithRequiredField:
        return model

    async def throw_exception(self, call: Call) -> None:
        raise ExceptionWithRequiredField(name="John Doe", email="john.doe@example.com", phone=None)
