"""Rules in generated clients: the verdicts of the cases, and the faults of an object."""

from __future__ import annotations

import importlib
import json
import math
import subprocess
from pathlib import Path
from typing import Any

import pytest

from podium.codegen import dart, python, typescript
from podium.codegen.dart.types import quoted
from podium.codegen.typescript import compile
from podium.schema.definitions import ClassDefinition, Protocol
from podium.wire.validation import Pattern, Rule
from tests.codegen.test_typescript import compiled, compiler, nodes  # noqa: F401  a fixture
from tests.dart import packages, vm
from tests.schema.texts import load_texts
from tests.validation import signup_app
from tests.validation.cases import CASES, Case

TYPES = {"text": "String", "int": "int", "double": "double", "json": "List<dynamic>", "bytes": "ByteData"}
RULES: dict[Rule, str] = {each.rule: each.column for each in CASES}


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    """A class for each rule of the cases, with the rule on its field `value`."""
    texts = {
        f"case{number}.spy.yaml": f"class: Case{number}\nfields:\n  # @{_written(rule)}\n  value: {TYPES[column]}\n"
        for number, (rule, column) in enumerate(RULES.items())
    }
    found, faults = load_texts(texts)
    assert faults == []
    classes = [each for each in found.definitions if isinstance(each, ClassDefinition)]
    assert [each.field("value").rules for each in classes] == [(rule,) for rule in _sorted(RULES)]
    return found


def _sorted(rules: dict[Rule, str]) -> list[Rule]:
    """In the order of the files' names."""
    return [rule for _, rule in sorted((f"case{number}.spy.yaml", rule) for number, rule in enumerate(rules))]


def _written(rule: Rule) -> str:
    if isinstance(rule, Pattern):
        return f'pattern("{rule.pattern}")'
    limits = ", ".join(f"{name}={number}" for name, number in rule.arguments().items())
    return f"{rule.name}({limits})" if limits else rule.name


def _name(case: Case) -> str:
    return f"Case{list(RULES).index(case.rule)}Validation"


def test_the_python_client(protocol: Protocol, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, given in (("cases", protocol), ("signup", signup_app.protocol())):
        _write(tmp_path, python.emit(given, [], package=f"ruled-{name}-client", version="1.0.0"))
    monkeypatch.syspath_prepend(str(tmp_path))
    client = importlib.import_module("ruled_cases_client")
    wrong = [
        one for one in CASES if (getattr(client, _name(one)).value.fault(one.value) is None) != one.accepted
    ]
    assert wrong == []
    signup = importlib.import_module("ruled_signup_client")
    broken = signup.SignupValidation.validate(
        signup.Signup(name="", tags=[], stars=6, validate="long", mail=None)
    )
    assert [(one.field, one.rule) for one in broken] == [
        ("fullName", "length"), ("stars", "range"), ("validate", "length"),
    ]  # fmt: skip
    assert str(broken[0]) == "fullName: Expected 1 to 5 characters."
    question = signup.SignupQuestion(title="0123456789", place=0)  # a rule of its parent, and its own
    assert [one.field for one in signup.SignupQuestionValidation.validate(question)] == ["title", "place"]
    assert signup.SignupValidation.name.message("Anna") is None
    rules = signup.SignupValidation
    assert (rules.name.min_length, rules.name.max_length, rules.stars.max, rules.mail.max) == (1, 5, 5, None)


TYPESCRIPT = """
import * as signup from "./signup/index.js";
import * as client from "./cases/index.js";

const cases: ReadonlyArray<readonly [unknown, boolean]> = [
%s
];
const { SignupValidation } = signup;
const value = new signup.Signup({ name: "", tags: [], stars: 6, validate: "long", mail: null });
const broken: signup.FieldFault[] = SignupValidation.validate(value);
const question = new signup.SignupQuestion({ title: "0123456789", place: 0 });
const inherited = [
  ...signup.SignupQuestionValidation.validate(question), ...signup.SignupStepValidation.validate(question),
];
const limits = [
  SignupValidation.name.minLength, SignupValidation.name.maxLength,
  SignupValidation.stars.max, SignupValidation.mail.max ?? null,
];
const message: string | null = SignupValidation.name.message("Anna");
console.log(JSON.stringify({
  wrong: cases.flatMap(([found, accepted], index) => (found === null) === accepted ? [] : [index]),
  broken: broken.map(({ field, rule }) => [field, rule]), limits, message,
  inherited: inherited.map(({ field }) => field),
}));
"""


@pytest.mark.slow
def test_the_typescript_client(protocol: Protocol, compiler: list[str], tmp_path: Path) -> None:  # noqa: F811
    texts: dict[str, str] = {}
    for name, given in (("cases", protocol), ("signup", signup_app.protocol())):
        for path, text in typescript.emit(given, [], package=f"{name}-client", version="1.0.0").items():
            folder, slash, rest = path.partition("/")
            texts[f"{folder}/{name}/{rest}" if slash else path] = text
    checks = [
        f"  [client.{_name(each)}.value.fault({_javascript(each.value)}), {json.dumps(each.accepted)}],"
        for each in CASES
    ]
    main = TYPESCRIPT % "\n".join(checks)
    texts |= {"src/main.ts": main, "dist/main.js": compile.javascript(main)}
    program = compiled(compiler, tmp_path, texts).parent / "main.js"
    done = subprocess.run([nodes()[0], str(program)], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    _check(json.loads(done.stdout))


DART = """
import 'dart:convert';
import 'dart:typed_data';

import 'package:cases_client/cases_client.dart';
import 'package:signup_client/signup_client.dart' as signup;

void main() {
  final cases = <(Object?, bool)>[
%s
  ];
  final value = signup.Signup(name: '', tags: [], stars: 6, validate: 'long');
  final List<signup.FieldFault> broken = signup.SignupValidation.validate(value);
  final question = signup.SignupQuestion(title: '0123456789', place: 0);
  final inherited = [
    ...signup.SignupQuestionValidation.validate(question),
    ...signup.SignupStepValidation.validate(question),
  ];
  const name = signup.SignupValidation.name;
  final String? Function(String?) validator = name.message;
  print(jsonEncode({
    'wrong': [
      for (final (index, (found, accepted)) in cases.indexed)
        if ((found == null) != accepted) index,
    ],
    'broken': [for (final each in broken) [each.field, each.rule]],
    'limits': [
      name.minLength,
      name.maxLength,
      signup.SignupValidation.stars.max,
      signup.SignupValidation.mail.max,
    ],
    'message': validator('Anna'),
    'inherited': [for (final each in inherited) each.field],
  }));
}
"""


@pytest.mark.slow
def test_the_dart_client(protocol: Protocol, tmp_path: Path) -> None:
    vm.for_tests()
    folders = {}
    for name, given in (("cases_client", protocol), ("signup_client", signup_app.protocol())):
        folders[name] = _write(tmp_path / name, dart.emit(given, [], package=name, version="1.0.0"))
    checks = [
        f"    ({_name(each)}.value.fault({_dart(each)}), {json.dumps(each.accepted)})," for each in CASES
    ]
    main = tmp_path / "main.dart"
    main.write_text(DART % "\n".join(checks), encoding="utf-8")
    configuration = packages.write(folders | packages.given(), tmp_path / "packages.json")
    _check(json.loads(vm.run(main, configuration)))


def _check(found: dict[str, Any]) -> None:
    assert [CASES[index] for index in found["wrong"]] == []
    assert found["broken"] == [["fullName", "length"], ["stars", "range"], ["validate", "length"]]
    assert (found["limits"], found["message"]) == ([1, 5, 5, None], None)
    assert found["inherited"] == ["title", "place", "title"]


def _javascript(value: Any) -> str:
    if isinstance(value, bytes):
        return f"new Uint8Array({list(value)})"
    return json.dumps(value)  # NaN and Infinity as JavaScript spells them


def _dart(case: Case) -> str:
    value = case.value
    if isinstance(value, bytes):
        return f"ByteData.sublistView(Uint8List.fromList({list(value)}))"
    if isinstance(value, list):
        return f"[{', '.join(quoted(each) if isinstance(each, str) else str(each) for each in value)}]"
    if isinstance(value, str):
        return quoted(value)
    if case.column == "double":
        special = {math.inf: "double.infinity", -math.inf: "double.negativeInfinity"}
        return special.get(value) or ("double.nan" if value != value else repr(float(value)))
    return str(value)


def test_the_names_of_a_model_do_not_collide(tmp_path: Path) -> None:
    ruled = "fields:\n  # @length(max=1)\n  validate: String\n"
    texts = {
        name: f"class: {name}\n{ruled}"
        for name in ("Note", "NoteValidation", "Field", "FieldValidation", "FieldFault")
    }
    protocol, faults = load_texts({f"{name.lower()}.spy.yaml": text for name, text in texts.items()})
    assert faults == []
    files = dart.emit(protocol, [], package="taken_client", version="1.0.0")
    assert "export 'src/validation.dart' hide FieldFault, FieldValidation;" in files["lib/taken_client.dart"]
    assert "class NoteFieldValidation {" in files["lib/src/protocol/note.dart"]
    assert "class FieldFieldValidation {" in files["lib/src/protocol/field.dart"]
    typed = typescript.emit(protocol, [], package="taken-client", version="1.0.0")["src/protocol.ts"]
    assert (
        "export class FieldValidationModel extends" in typed and "export const NoteFieldValidation:" in typed
    )


def test_a_package_without_rules_has_no_library_for_them() -> None:
    protocol, _ = load_texts({"note.spy.yaml": "class: Note\nfields:\n  title: String\n"})
    files = dart.emit(protocol, [], package="plain_client", version="1.0.0")
    assert "validation" not in "".join([*files, *files.values()])


def _write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
