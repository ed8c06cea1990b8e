"""Request bodies of REST."""

from __future__ import annotations

from typing import Any

from rest_framework import parsers
from rest_framework.exceptions import ValidationError
from rest_framework.settings import api_settings

from podium.wire import texts


class JSONParser(parsers.JSONParser):
    """JSON without lone surrogates: neither a column nor an answer that quotes the value could hold one."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        data = super().parse(stream, media_type, parser_context)
        fields = data if isinstance(data, dict) else {}
        wrong = {
            name: [_message(*found)]
            for name, value in fields.items()
            if not texts.surrogate(name) and (found := texts.fault(value, texts.surrogate))
        }
        if not wrong and (found := texts.fault(data, texts.surrogate)):
            wrong = {api_settings.NON_FIELD_ERRORS_KEY: [_message(*found)]}
        if wrong:
            raise ValidationError(wrong)
        return data


def _message(path: str, reason: str) -> str:
    return f"{path}: {reason}" if path else reason
