"""The measures of tests/style/sizes.py."""

from __future__ import annotations

from tests.style import sizes

RUN = "".join(f"    step({number})\n" for number in range(6))
FILES = {
    "shop/__init__.py": "",
    "shop/orders.py": f'"""Orders."""\n\n\ndef pay():\n{RUN}',
    "shop/carts.py": f"import os\n\n\ndef empty():\n    # The same.\n{RUN}\n    last()\n",
    "shop/long.py": "def long():\n" + "".join(f"    number = {number}\n" for number in range(400)),
    "shop/tests/test_orders.py": "def test_pay():\n    pass\n",
}


def test_modules_and_functions_are_measured() -> None:
    code, tests = sizes.split(FILES)
    found = sizes.measure(code)
    assert (found.modules, found.lines) == (3, 10 + 13 + 401)
    assert (found.median_module, found.median_function) == (13, 10)
    assert found.long_files == ["shop/long.py"]
    assert found.long_functions == ["shop/long.py:1 long"]
    assert sizes.measure(tests).cells() == ["1", "2", "2", "2", "0", "0", "0"]


def test_lines_that_occur_twice_are_counted_in_both_places() -> None:
    assert sizes.twice(FILES) == 12
    assert sizes.twice({**FILES, "shop/carts.py": FILES["shop/carts.py"].replace("step(3)", "step(30)")}) == 0


def test_the_table_has_a_column_for_each_part_and_revision() -> None:
    one = sizes.measure(FILES)
    head, line, *rows = sizes.table(["a", "b"], [(one, one), (one, one)]).splitlines()
    assert head == "| measure | code, a | code, b | tests, a | tests, b |"
    assert line.count("---:") == 4
    assert [row.split(" | ")[0] for row in rows] == [f"| {each}" for each in sizes.MEASURES]


def test_generated_modules_are_left_out() -> None:
    for path in (
        "tests/notes/protocol.py",
        "clients/python/x.py",
        "shop/migrations/0001_initial.py",
        "a/protocol_types.py",
    ):
        assert sizes.LEFT_OUT.search(path)
    assert not sizes.LEFT_OUT.search("podium/codegen/dart/protocols.py")
