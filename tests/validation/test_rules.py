"""Rules of fields, at each entry of the server. tests/validation/cases.py has the verdicts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.utils import IntegrityError
from django.forms import modelform_factory

from podium.admin.forms import RowForm
from podium.codegen import openapi
from podium.database import fields
from podium.database.constraints import RuleConstraint
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from podium.endpoints.errors import InvalidArguments
from podium.endpoints.registry import Registry, instead
from podium.endpoints.testing import call as call_method
from podium.rest import description  # noqa: F401  registers itself
from podium.rest.serializers import WireSerializer
from podium.wire import codecs, patterns
from podium.wire.codecs import codec
from podium.wire.errors import SchemaError, WireError
from podium.wire.parse import parse_type
from realtime import values
from tests.validation import signup_app
from tests.validation.cases import CASES, Case
from tests.validation.signup.models import Signup, SignupGuest

GOOD: dict[str, Any] = {"name": "Anna", "tags": []}
COLUMNS: dict[str, tuple[str, models.Field[Any, Any]]] = {
    "text": ("text", fields.TextField()),
    "int": ("bigint", fields.IntegerField()),
    "double": ("double precision", fields.FloatField()),
    "json": ("json", fields.JSONField("List<String>")),
    "bytes": ("bytea", fields.BinaryField()),
}


def test_python_has_the_verdicts_of_the_cases() -> None:
    assert [each for each in CASES if each.rule.accepts(each.value) != each.accepted] == []


@pytest.mark.django_db
def test_postgres_has_the_verdicts_of_the_cases() -> None:
    with connection.cursor() as cursor:
        for each in CASES:
            assert _in_postgres(cursor, each) == each.accepted, each


def _in_postgres(cursor: Any, each: Case) -> bool:
    kind, field = COLUMNS[each.column]
    condition = RuleConstraint(fields=["value"], rule=each.rule, name="rule").condition(field, '"value"')
    value = json.dumps(each.value) if each.column == "json" else each.value
    query = f'SELECT {condition.replace("%", "%%")} FROM (SELECT (%s)::{kind} AS "value") AS row'
    cursor.execute(query, [value])
    return bool(cursor.fetchone()[0])


def test_a_hostile_text_takes_time_linear_in_its_length() -> None:
    assert not patterns.compiled("((a+)+|(a|a)*)*b").matches("a" * 100_000)


@pytest.mark.parametrize(
    "pattern",
    [
        "(?=a)",
        "(?<n>a)",
        r"\ba",
        r"(a)\1",
        r"\p{L}",
        "[[:alpha:]]",
        "a*?",
        "a++",
        "^a|b$",
        "a$b",
        "(a",
        "a{300}",
        "",
    ],
)
def test_patterns_outside_of_the_subset_are_refused(pattern: str) -> None:
    with pytest.raises(SchemaError):
        patterns.compiled(pattern)


class SignupEndpoint(Endpoint):
    async def send(self, call: Call, signup: Signup) -> str:
        return signup.name

    async def stored(self, call: Call) -> Signup:
        return Signup(id=1, name="older than the rule", tags=[])

    def store(self, call: Call, name: str) -> None:
        Signup.objects.create(name=name, tags=[])


@pytest.fixture
def call() -> Any:
    with instead(Registry([SignupEndpoint])) as registry:
        assert registry.faults == []
        yield call_method


BROKEN = [
    ({"name": ""}, "fullName", "1 to 5 characters", "0"),
    ({"name": "Annabel"}, "fullName", "1 to 5 characters", "7"),
    ({"slug": "A"}, "slug", "a text of the form [a-z]+(-[a-z0-9]+)*", "another text"),
    ({"slug": "a" * 21}, "slug", "at most 20 characters", "21"),
    ({"stars": 6}, "stars", "a number from 1 to 5", "another number"),
    ({"price": 0.4}, "price", "a number of at least 0.5", "another number"),
    ({"mail": "anna"}, "mail", "an email address", "another text"),
    ({"site": "x"}, "site", "an address that starts with https:// or http://", "another text"),
    ({"tags": ["a"] * 4}, "tags", "at most 3 items", "4"),
    ({"kinds": set()}, "kinds", "1 to 2 items", "0"),
    ({"photo": b"12345"}, "photo", "at most 4 bytes", "5"),
    ({"validate": "long"}, "validate", "at most 3 characters", "4"),
]


@pytest.mark.parametrize(("values", "key", "expected", "got"), BROKEN)
def test_a_call_is_refused_with_the_field_and_the_rule(
    call: Any, values: Any, key: str, expected: str, got: str
) -> None:
    assert call("signup.send", signup=Signup(**GOOD)) == "Anna"
    with pytest.raises(InvalidArguments) as refused:
        call("signup.send", signup=Signup(**GOOD | values))
    assert refused.value.message == f"signup.send: signup: {key}: expected {expected}, got {got}"


def test_a_class_without_a_table_is_checked_wherever_it_is(call: Any) -> None:
    with pytest.raises(
        InvalidArguments, match=r"signup: guests\[1\].name: expected at least 2 characters, got 1"
    ):
        call("signup.send", signup=Signup(**GOOD, guests=[SignupGuest(name="Bo"), SignupGuest(name="C")]))


@pytest.mark.parametrize("type", ["SignupGuest", "SignupGuest?", "dynamic"])
def test_an_input_of_a_stream_is_checked(type: str) -> None:
    def sent(name: str) -> bytes:
        return codecs.dumps({"className": "SignupGuest", "data": {"name": name}})

    assert values.decode(parse_type(type), sent("Bo")).name == "Bo"
    with pytest.raises(WireError, match="name: expected at least 2 characters, got 1"):
        values.decode(parse_type(type), sent("B"))


def test_values_of_the_server_are_not_checked(call: Any) -> None:
    assert call("signup.stored").name == "older than the rule"
    data = codec("SignupGuest").encode(SignupGuest(name="x"))
    assert codec("SignupGuest").decode(data, trusted=True).name == "x"
    with pytest.raises(WireError):
        codec("SignupGuest").decode(data)


@pytest.mark.django_db(transaction=True)
def test_a_row_that_breaks_a_rule_is_an_error_with_the_field(call: Any) -> None:
    from podium.database.failures import refusal

    with pytest.raises(IntegrityError) as refused:
        call("signup.store", name="Annabel")
    found = refusal(refused.value)
    assert found is not None
    assert (found.status, found.message) == (400, "fullName: expected 1 to 5 characters")
    assert found.details == {"field": "fullName", "rule": "length", "expected": "1 to 5 characters"}


@pytest.mark.django_db
@pytest.mark.parametrize(("values", "key", "expected", "got"), BROKEN)
def test_the_table_and_full_clean_and_forms_name_the_field(
    values: Any, key: str, expected: str, got: str
) -> None:
    row = Signup(**GOOD | values)
    [name] = values
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert list(refused.value.message_dict) == [name]
    with pytest.raises(IntegrityError, match="_check"), transaction.atomic():
        row.save()
    assert Signup.objects.count() == 0


@pytest.mark.django_db
def test_a_form_of_the_admin_reports_a_rule_at_its_field_unless_the_value_is_unchanged() -> None:
    form = modelform_factory(Signup, form=RowForm, fields=["name", "slug", "stars"])
    assert form({"name": "Anna", "slug": "", "stars": 3}).is_valid()
    refused = form({"name": "Annabel", "slug": "A", "stars": 9})
    assert {name: list(errors) for name, errors in refused.errors.items()} == {
        "name": ["Expected 1 to 5 characters."],
        "slug": ["Expected a text of the form [a-z]+(-[a-z0-9]+)*."],
        "stars": ["Expected a number from 1 to 5."],
    }


class SignupSerializer(WireSerializer):
    class Meta:
        model = Signup


def test_rest_refuses_the_field_by_its_name_on_the_wire() -> None:
    good = SignupSerializer(data={"fullName": "Anna", "tags": [], "stars": 5})
    assert good.is_valid(), good.errors
    wrong = SignupSerializer(
        data={"fullName": "Annabel", "tags": ["a"] * 4, "stars": 0, "guests": [{"name": "x"}]}
    )
    assert not wrong.is_valid()
    assert {key: list(map(str, errors)) for key, errors in wrong.errors.items()} == {
        "fullName": ["Expected 1 to 5 characters."],
        "tags": ["Expected at most 3 items."],
        "stars": ["Expected a number from 1 to 5."],
        "guests": ["[0].name: expected at least 2 characters, got 1"],
    }


@pytest.mark.django_db
def test_rest_answers_a_refusal_of_the_database_in_the_same_form() -> None:
    from podium.rest.errors import handle

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Signup.objects.create(name="Annabel", tags=[])
    answer = handle(refused.value, {})
    assert answer is not None and answer.status_code == 400
    assert answer.data["error"]["code"] == "invalid"
    assert answer.data["error"]["details"] == {"fullName": ["Expected 1 to 5 characters."]}


def test_the_description_of_calls_has_the_keywords_of_json_schema() -> None:
    with instead(Registry([SignupEndpoint])) as registry:
        found = openapi.describe(registry.definitions())["schemas"]["call.Signup"]["properties"]
    assert found["fullName"] == {"type": "string", "minLength": 1, "maxLength": 5}
    assert found["stars"]["minimum"] == 1 and found["stars"]["maximum"] == 5
    assert found["tags"]["maxItems"] == 3
    assert found["slug"]["anyOf"][0] == {
        "type": "string", "maxLength": 20, "pattern": "^(?:[a-z]+(?:-[0-9a-z]+)*)$",
    }  # fmt: skip
    assert found["mail"]["anyOf"][0]["format"] == "email"
    assert found["site"]["anyOf"][0]["format"] == "uri"


def test_the_description_of_rest_has_them_too() -> None:
    from drf_spectacular.openapi import AutoSchema

    schema = AutoSchema()
    described = {
        name: schema._map_serializer_field(field, "request")
        for name, field in SignupSerializer().fields.items()
    }
    assert (described["fullName"]["minLength"], described["fullName"]["maxLength"]) == (1, 5)
    assert (described["stars"]["minimum"], described["stars"]["maximum"]) == (1, 5)
    assert described["slug"]["pattern"] and described["mail"]["format"] == "email"
    assert described["tags"]["maxItems"] == 3


def test_the_generated_modules_are_up_to_date() -> None:
    for path, text in signup_app.sources().items():
        assert path.read_text(encoding="utf-8") == text
