"""Every block of code in the pages is valid, or says why it can't be checked; commands named in them exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from podium.schema import apps, project
from tests.docs import blocks
from tests.docs.blocks import Block, Wrong
from tests.docs.pages import PROJECT, documents, prose

README = PROJECT / "README.md"
PAGES = documents()
ALL = [block for page in PAGES for block in blocks.blocks(page)]
DECLARED = re.compile(r"^(?:class|exception|enum): *(\w+)", re.MULTILINE)
INDENTED = re.compile(r"^ {4,}(\S.*)$", re.MULTILINE)
QUOTED = re.compile(r"`((?:python3? )?(?:manage\.py|podium) [a-z][^`\n]*)`")


@pytest.mark.parametrize("block", ALL, ids=str)
def test_a_block_is_valid(block: Block):
    assert block.language in blocks.CHECKS, f"{block}: name the language: {', '.join(blocks.CHECKS)}"
    if block.fragment:
        assert len(block.fragment) > 10
        return
    try:
        blocks.CHECKS[block.language](block)
    except Wrong as wrong:
        pytest.fail(
            f"{block}: {wrong}. If this is only a piece, write <!-- fragment: the reason --> before it."
        )


@pytest.mark.parametrize(
    "page", [page for page in PAGES if blocks.model_files(page)], ids=lambda page: page.stem
)
def test_model_files_compile(page: Path, tmp_path: Path):
    """All of a page together, in a new project; a later block with the same name replaces the earlier one."""
    app = tmp_path / "shop"
    app.mkdir()
    (app / "apps.py").touch()
    declared = {name for block in blocks.model_files(page) for name in DECLARED.findall(block.text)}
    for path in (PROJECT / "example").glob("*.spy.yaml"):
        if not declared & {*DECLARED.findall(path.read_text())}:
            (app / path.name).write_text(path.read_text())
    for block in blocks.model_files(page):
        name = Path(block.file).name if block.file.endswith(".spy.yaml") else f"line_{block.line}.spy.yaml"
        (app / name).write_text(block.text)
    _, faults = project.load(tmp_path, apps=[*apps.of_platform(tmp_path), *apps.of_project(tmp_path)])
    assert [str(fault) for fault in faults if fault.severity == "error"] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_in_the_text_exist(page: Path):
    text = prose(page)
    wrong = []
    lines = [
        *((line, True) for line in INDENTED.findall(text)),
        *((line, False) for line in QUOTED.findall(text)),
    ]
    for line, whole in lines:
        for words in blocks.podium_commands(line):
            try:
                blocks.check_command(words, whole=whole)
            except Wrong as error:
                wrong.append(f"{line}: {error}")
    assert wrong == []


def test_there_is_much_to_check():
    assert len(ALL) > 120
    assert {block.language for block in ALL} >= {"python", "dart", "typescript", "yaml", "toml", "sh"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", "def f(:"),
        ("python", "from podium.endpoints.calls import Nothing"),
        ("python", "import podium.nothing"),
        ("dart", "final = ;"),
        ("typescript", "const = ;"),
        ("yaml", "a: [b"),
        ("toml", "a = "),
        ("json", "{a}"),
        ("sh", "cd shop && python3 manage.py migrat"),
        ("sh", "podium upgrade --dry"),
    ],
)
def test_a_wrong_block_is_found(language: str, text: str):
    block = Block(README, 1, language, text, "", "")
    with pytest.raises(Wrong):
        blocks.CHECKS[language](block)


def test_a_fragment_has_its_own_reason(tmp_path: Path):
    page = tmp_path / "page.md"
    pieces = [f"<!-- fragment: {each} -->\n```python\nx\n```\n" for each in ("the first", "the second")]
    page.write_text("\n".join([*pieces, "<!-- another comment -->\n```python\nx\n```\n"]))
    assert [block.fragment for block in blocks.blocks(page)] == ["the first", "the second", ""]
