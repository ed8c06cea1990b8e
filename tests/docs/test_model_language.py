"""The pages about model files list every word that the compiler knows, with examples and messages that are true."""

from __future__ import annotations

import re

import pytest

from podium.schema import rules
from podium.wire.parse import parse_type
from tests.docs import model_language
from tests.docs.blocks import Block
from tests.docs.model_language import (
    FIELDS,
    INDEXES,
    INSIDE,
    MODELS,
    REFERENCE,
    RELATIONS,
    TYPES,
    WORDS,
    entries,
    sections,
    wrong_examples,
)

PAGES = (MODELS, FIELDS, TYPES, RELATIONS, INDEXES)
KNOWN = [pytest.param(*place, words, id=" ".join(place)) for place, words in WORDS.items()]
PARTS = [pytest.param(*place, words, id=" ".join(place)) for place, words in INSIDE.items()]
WRONG = [(page, each) for page in PAGES for each in wrong_examples(page)]
REMOVED = "Options of earlier versions"


@pytest.mark.parametrize(("page", "title", "words"), KNOWN)
def test_a_section_lists_the_words_of_the_compiler(page: str, title: str, words: frozenset[str]):
    assert sorted(entries(page, title)) == sorted(words)


@pytest.mark.parametrize(("page", "title", "words"), [each for each in KNOWN if each.values[1] != REMOVED])
def test_each_word_has_an_example(page: str, title: str, words: frozenset[str]):
    """That the examples compile is tested in test_blocks.py."""
    listed = entries(page, title)
    assert [word for word in words if not is_in_examples(word, listed[word].examples())] == []


@pytest.mark.parametrize(("page", "title", "entry", "words"), PARTS)
def test_an_entry_lists_and_shows_its_own_words(page: str, title: str, entry: str, words: frozenset[str]):
    section = entries(page, title)[entry]
    assert [word for word in words if not is_in_text(word, section.text)] == []
    assert [word for word in words if not is_in_examples(word, section.examples())] == []


def is_in_text(word: str, text: str) -> bool:
    """Test whether a text has a word as code: `per`, `unique(per=...)`."""
    return any(re.search(rf"\b{word}\b", code) for code in re.findall(r"`([^`]+)`", text))


def is_in_examples(word: str, examples: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", examples) is not None


def test_records_have_an_example():
    [section] = [each for each in sections(TYPES) if each.title == "Records"]
    types = re.findall(r"^  \w+: (\(.+)$", section.examples(), re.MULTILINE)
    assert types and all(parse_type(each).is_record for each in types)


@pytest.mark.parametrize(("page", "block"), WRONG, ids=str)
def test_a_wrong_example_gives_the_messages_below_it(page: str, block: Block):
    text = (REFERENCE / page).read_text("utf-8").splitlines()
    after = "\n".join(text[block.line + block.text.count("\n") :])
    shown = re.match(r"```\n\n```text\n(.*?)```", after, re.DOTALL)
    assert shown, f"{block}: put the messages into the next block: python3 -m tests.docs"
    assert shown[1] == model_language.messages(page, block.text) != ""


def test_there_are_wrong_examples():
    assert len(WRONG) > 40


@pytest.mark.parametrize("word", sorted(frozenset().union(*rules.KEYS.values())))
def test_a_key_says_where_it_is_allowed(word: str):
    assert allowed(MODELS, "Keys", word) == {kind for kind, keys in rules.KEYS.items() if word in keys}


@pytest.mark.parametrize("word", sorted(rules.FIELD_OPTIONS["class"]))
def test_an_option_says_where_it_is_allowed(word: str):
    expected = {kind for kind, options in rules.FIELD_OPTIONS.items() if word in options}
    assert allowed(FIELDS, "Options of a field", word) == expected


def allowed(page: str, title: str, word: str) -> set[str]:
    line = model_language.FOR.search(entries(page, title)[word].text)
    return set(re.findall(r"\*\*(\w+)\*\*", line[1])) if line else set()


@pytest.mark.parametrize("page", model_language.pages())
def test_messages_and_tables_are_up_to_date(page: str):
    assert (REFERENCE / page).read_text("utf-8") == model_language.pages()[page], "python3 -m tests.docs"
