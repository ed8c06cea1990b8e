"""Read the rules for the values of a field from the comments above it. Serverpod's generator ignores comments.

### The first line, as lists show it.
# @length(min=1, max=200)
title: String
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Final

from podium.schema import rules
from podium.schema.definitions import ClassDefinition, Field, Position
from podium.schema.drafts import FieldDraft, RuleDraft
from podium.schema.options import split
from podium.schema.reading import Faults, Node, ScalarNode, Source
from podium.wire import patterns
from podium.wire.errors import SchemaError
from podium.wire.types.binary import BYTE_DATA
from podium.wire.types.numbers import DOUBLE, INT
from podium.wire.types.ref import LIST, SET, TEXT
from podium.wire.validation import RULES, Email, Length, Pattern, Range, Rule, Url

START: Final = re.compile(r"\s*# ?@(?P<name>\w*)")
RULE: Final = re.compile(r"\s*# ?@(?P<name>\w+)\s*(?:\((?P<inner>.*)\))?\s*", re.DOTALL)
MISPLACED: Final = re.compile(rf"#+\s*@({'|'.join(RULES)})\s*(\(.*\))?\s*$")
"""A comment that is a rule, but may be in the wrong place or have the wrong number of #."""
WHOLE: Final = re.compile(r"-?\d+")
SAFE: Final = 2**53 - 1
"""The largest whole number that JavaScript holds exactly."""
TYPES: Final[dict[type[Rule], tuple[str, ...]]] = {
    Length: (TEXT, LIST, SET, BYTE_DATA.name),
    Range: (INT.name, DOUBLE.name),
    Pattern: (TEXT,),
    Email: (TEXT,),
    Url: (TEXT,),
}
"""The types of fields that a rule is for."""


def read(source: Source, key: ScalarNode, faults: Faults) -> list[RuleDraft]:
    """The rules directly above a field, in the order in which they are checked."""
    line = key.start_mark.line
    if source.lines[line][: key.start_mark.column].strip():
        return []  # a field in braces has no line of its own
    found: dict[type[Rule], RuleDraft] = {}
    for number in reversed(list(_lines_above(source, line))):
        text = source.lines[number]
        source.read_comments.add(number)
        position = Position(source.file, number + 1, text.index("@") + 1)
        try:
            rule = _rule(text)
        except SchemaError as error:
            column = error.offset or text.index("@")
            faults.add(Position(source.file, number + 1, column + 1), error.message)
            continue
        if type(rule) in found:
            faults.add(position, f'"@{rule.name}" appears twice; remove one')
        else:
            found[type(rule)] = RuleDraft(rule, position)
    return [found[kind] for kind in RULES.values() if kind in found]


def _lines_above(source: Source, line: int) -> Iterator[int]:
    """The lines with rules, from the field upwards; between them are only `###` comments."""
    for number in range(line - 1, -1, -1):
        text = source.lines[number].strip()
        if _is_rule(text):
            yield number
        elif not text.startswith("###"):
            return


def _is_rule(line: str) -> bool:
    """Test for a rule or a misspelt one. Other comments with an @, such as `# @todo remove`, are comments."""
    start = START.match(line)
    if start is None:
        return False
    name, rest = start["name"], line[start.end() :].strip()
    return name in RULES or rest.startswith("(") or (not rest and bool(rules.near(name, RULES)))


def _rule(line: str) -> Rule:
    """Raises SchemaError with an offset in the line."""
    start = START.match(line)
    assert start
    name, at = start["name"], start.start("name")
    if name not in RULES:
        hint = rules.near(name, RULES) or f"; there are {rules.listed(RULES)}"
        raise SchemaError(f'"@{name}" is not a valid rule{hint}', at - 1)
    match = RULE.fullmatch(line)
    if match is None:
        raise SchemaError("a rule is one word, or one with parentheses, on a line of its own", at - 1)
    kind, inner, offset = RULES[name], match["inner"], match.start("inner")
    if kind is Pattern:
        return Pattern(_pattern(inner, at, offset))
    if kind is Length or kind is Range:
        given = _limits(name, inner, at, offset)
        return Length(**given) if kind is Length else Range(**given)  # type: ignore[arg-type]
    if inner is not None:
        raise SchemaError(f"@{name} has no arguments; remove the parentheses", offset - 1)
    return kind()


def _pattern(inner: str | None, at: int, offset: int) -> str:
    text = (inner or "").strip()
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        raise SchemaError('@pattern needs a regular expression in double quotes: @pattern("[a-z]+")', at - 1)
    start = offset + (inner or "").index('"') + 1
    quote = re.search(r'(?<!\\)(?:\\\\)*"', text[1:-1])
    if quote:
        raise SchemaError('write \\" for a quote in the pattern', start + quote.end() - 1)
    pattern = text[1:-1]
    try:
        patterns.compiled(pattern)
    except SchemaError as error:
        raise SchemaError(f"this pattern is not valid: {error.message}", start + error.offset) from None
    return pattern


def _limits(name: str, inner: str | None, at: int, offset: int) -> dict[str, int | float]:
    """min and max, as given."""
    example = f"@{name}(min=1, max=200)"
    found: dict[str, int | float] = {}
    for part, start in split(inner or "") if (inner or "").strip() else ():
        word, equals, value = part.partition("=")
        place = offset + start + len(part) - len(part.lstrip())
        if word.strip() not in ("min", "max") or not equals:
            raise SchemaError(f'"{part.strip()}" is not a valid limit; write {example}', place)
        if word.strip() in found:
            raise SchemaError(f'"{word.strip()}" appears twice; remove one', place)
        found[word.strip()] = _number(name, value.strip(), offset + start + len(word) + 1)
    if not found:
        raise SchemaError(f"@{name} needs min, max or both: {example}", at - 1)
    if len(found) == 2 and found["min"] > found["max"]:
        raise SchemaError("min is greater than max", at - 1)
    return found


def _number(name: str, text: str, at: int) -> int | float:
    number: int | float
    if WHOLE.fullmatch(text):
        number = int(text)
        if abs(number) > SAFE:
            raise SchemaError(f"{text} is beyond {SAFE}, the largest whole number in JavaScript", at)
        if name == Length.name and number < 0:
            raise SchemaError("a length is not negative", at)
        return number
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if name == Length.name or not math.isfinite(number) or "_" in text:
        kind = "whole number" if name == Length.name else "number"
        raise SchemaError(f'"{text}" is not a {kind}', at)
    return number


# Checks -------------------------------------------------------------------------------------------------------------


def report_trailing(source: Source, key: ScalarNode, value: Node, faults: Faults) -> None:
    """Report rules behind a field on its own line, where nothing reads them."""
    line = key.start_mark.line
    ends = value.end_mark if value.end_mark.line == line else key.end_mark
    text = source.lines[line]
    found = MISPLACED.search(text, ends.column)
    if found:
        source.read_comments.add(line)
        faults.add(
            Position(source.file, line + 1, found.start() + 1),
            "a rule is on a line of its own, directly above its field",
        )


def report_unread(source: Source, faults: Faults) -> None:
    """Report comments that have the form of rules, but are not directly above a field of a class."""
    for number, line in enumerate(source.lines):
        text = line.strip()
        if number in source.read_comments or "@" not in text or not MISPLACED.match(text):
            continue
        at = Position(source.file, number + 1, line.index("#") + 1)
        if text.startswith("##"):
            faults.add(at, f"a rule starts with one #: # {text.lstrip('# ')}")
        else:
            faults.add(at, "no field of a class is directly below this rule; move it, or remove it")


def check(draft: FieldDraft, definition: ClassDefinition, faults: Faults) -> None:
    """Check rules against the type, kind and default of their field, and store them in it."""
    field = draft.field
    for each in draft.rules:
        if problem := _problem(draft, definition, each.rule):
            faults.add(each.position, problem)
        elif fault := _default_fault(field, each.rule):
            faults.add(each.position, fault)
    field.rules = tuple(each.rule for each in draft.rules)


def _problem(draft: FieldDraft, definition: ClassDefinition, rule: Rule) -> str:
    field, types = draft.field, TYPES[type(rule)]
    if definition.kind == "exception":
        return "the server makes exceptions, so their fields have no rules; remove it"
    if draft.relation is not None or (field.name == "id" and (definition.table or definition.client_table)):
        return "an id or a relation has no rules; remove it"
    if field.type.name not in types or field.type.module:
        return f"@{rule.name} is for {', '.join(types)}, not for {field.type.required()}"
    if isinstance(rule, Range) and field.type.name == INT.name:
        fraction = next((one for one in rule.arguments().values() if isinstance(one, float)), None)
        if fraction is not None:
            return f"{fraction} is not a whole number, as the field is"
    return ""


def check_key(draft: FieldDraft, faults: Faults) -> None:
    """Report rules of a field that turned out to be the key of a relation."""
    if draft.field.foreign_key is not None:
        for each in draft.rules:
            faults.add(each.position, "the key of a relation has no rules; remove it")


def _default_fault(field: Field, rule: Rule) -> str:
    for default in (field.default_model, field.default_persist):
        if default is not None and default.kind == "literal" and not rule.accepts(default.value):
            return f"the field's default breaks this rule: {rule.message(default.value)}"
    return ""
