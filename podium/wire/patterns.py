"""Regular expressions with one meaning in Python, Postgres, Dart and JavaScript. No rules and no fields here.

A pattern describes a whole text. The subset: characters, `.` (anything but a newline), classes `[a-z]` and `[^a-z]`,
`\\d` `\\w` `\\s` and their opposites (ASCII only), groups `( )`, alternatives `|`, repetition `*` `+` `?` `{2}`
`{2,}` `{2,5}`. `portable` spells out everything that engines read differently.

Here, a text is matched in time linear in its length: texts come from strangers, and engines with backtracking need
exponential time for some patterns.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeVar

from podium.wire.errors import SchemaError

MOST_REPEATS = 255
"""DUPMAX of Postgres."""
MOST_POSITIONS = 1000
"""Maximum of characters in a pattern whose counted repetitions are written out."""
MOST_KEPT = 1024
"""Maximum of cached entries per pattern."""
LAST = 0x10FFFF

K = TypeVar("K")
Ranges = tuple[tuple[int, int], ...]
"""Code points from and to, in order, neither touching nor overlapping."""

CONTROLS: Final = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
SPACES: Final[Ranges] = ((0x09, 0x0D), (0x20, 0x20))
DIGITS: Final[Ranges] = ((0x30, 0x39),)
WORD: Final[Ranges] = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
SHORT: Final = {"d": DIGITS, "w": WORD, "s": SPACES}
LINE: Final[Ranges] = ((0, 0x09), (0x0B, LAST))
SPECIAL: Final = frozenset("^$\\.*+?()[]{}|/")
"""Characters that the strictest engine, JavaScript's with the flag `u`, allows after a backslash outside of classes."""
SPECIAL_IN_CLASS: Final = frozenset("\\[]^-")
NOT_SUPPORTED: Final = {
    "b": "word boundaries",
    "B": "word boundaries",
    "A": "anchors",
    "Z": "anchors",
    "z": "anchors",
    "p": "Unicode properties",
    "P": "Unicode properties",
    "k": "backreferences",
    "u": "escapes by number; write the character itself",
    "x": "escapes by number; write the character itself",
    **dict.fromkeys("0123456789", "backreferences"),
}


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of some."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Group:
    """Parts one after another, or alternatives."""

    kind: Literal["sequence", "choice"]
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part several times. most: None without a limit."""

    part: Node
    least: int
    most: int | None


Node = Chars | Group | Repeat


@lru_cache(MOST_KEPT)
def compiled(pattern: str) -> Matcher:
    """The matcher of a pattern. Raises SchemaError with the offset of what is outside of the subset."""
    return Matcher(_Reader(pattern).read())


class Matcher:
    """A pattern as Glushkov's automaton: a state is the set of its possible positions, in the bits of an int."""

    def __init__(self, root: Node) -> None:
        self.portable = f"^{_portable(root, grouped=True)}$"
        """The pattern for other engines: for their search, without options that change the meaning of ^ and $."""
        self._sets: list[Ranges] = []
        self._next: list[int] = []
        self._takes_empty, self._first, self._last = self._add(root)
        self._taking: dict[str, int] = {}
        self._after: dict[int, int] = {}

    def matches(self, text: str) -> bool:
        """Return whether the whole text has the form of the pattern."""
        if not text:
            return self._takes_empty
        possible, state = self._first, 0
        for character in text:
            state = possible & self._positions_of(character)
            if not state:
                return False
            possible = self._positions_after(state)
        return bool(state & self._last)

    def _positions_of(self, character: str) -> int:
        found = self._taking.get(character)
        if found is None:
            code = ord(character)
            found = sum(1 << at for at, ranges in enumerate(self._sets) if _has(ranges, code))
            _keep(self._taking, character, found)
        return found

    def _positions_after(self, state: int) -> int:
        found = self._after.get(state)
        if found is None:
            found = 0
            for at in _bits(state):
                found |= self._next[at]
            _keep(self._after, state, found)
        return found

    def _add(self, node: Node) -> tuple[bool, int, int]:
        """Add the positions of a part. Return whether it takes the empty text, its first and its last positions."""
        if isinstance(node, Chars):
            if len(self._sets) == MOST_POSITIONS:
                raise SchemaError(
                    f"the pattern is too large; its parts repeat {MOST_POSITIONS} times or more"
                )
            self._sets.append(node.ranges)
            self._next.append(0)
            bit = 1 << (len(self._sets) - 1)
            return False, bit, bit
        if isinstance(node, Repeat):
            return self._add_repeat(node)
        if node.kind == "choice":
            found = [self._add(part) for part in node.parts]
            return (
                any(one[0] for one in found),
                _union(one[1] for one in found),
                _union(one[2] for one in found),
            )
        whole = (True, 0, 0)
        for part in node.parts:
            whole = self._joined(whole, self._add(part))
        return whole

    def _add_repeat(self, node: Repeat) -> tuple[bool, int, int]:
        whole = (True, 0, 0)
        for _ in range(node.least if node.most is not None else max(node.least, 1)):
            last = self._add(node.part)
            whole = self._joined(whole, last)
        if node.most is None:
            self._link(last[2], last[1])
            return (whole[0] or not node.least, whole[1], whole[2])
        optional: list[tuple[bool, int, int]] = [self._add(node.part) for _ in range(node.most - node.least)]
        for one in optional:
            whole = self._joined(whole, (True, one[1], one[2]))
        return whole

    def _joined(self, before: tuple[bool, int, int], after: tuple[bool, int, int]) -> tuple[bool, int, int]:
        self._link(before[2], after[1])
        first = before[1] | (after[1] if before[0] else 0)
        last = after[2] | (before[2] if after[0] else 0)
        return before[0] and after[0], first, last

    def _link(self, before: int, after: int) -> None:
        for at in _bits(before):
            self._next[at] |= after


def _bits(state: int) -> Iterable[int]:
    while state:
        lowest = state & -state
        yield lowest.bit_length() - 1
        state ^= lowest


def _union(states: Iterable[int]) -> int:
    found = 0
    for state in states:
        found |= state
    return found


def _keep(cache: dict[K, int], key: K, value: int) -> None:
    if len(cache) >= MOST_KEPT:
        cache.clear()
    cache[key] = value


def _has(ranges: Ranges, code: int) -> bool:
    return any(first <= code <= last for first, last in ranges)


# Reading ------------------------------------------------------------------------------------------------------------


class _Reader:
    """Reader for the text of a pattern."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.end = len(text)

    def read(self) -> Node:
        # `^` and `$` say what is true anyway, and nearly everybody writes them.
        if self.text.startswith("^"):
            self.at = 1
        if self.text.endswith("$") and not self._is_escaped(self.end - 1):
            self.end -= 1
        anchored = self.at or self.end < len(self.text)
        root = self._choice()
        if self.at < self.end:
            raise SchemaError('")" closes nothing', self.at)
        if anchored and isinstance(root, Group) and root.kind == "choice":
            raise SchemaError(
                "^ and $ belong to one alternative only; remove them, since a pattern fits whole texts"
            )
        return root

    def _is_escaped(self, at: int) -> bool:
        before = self.text[:at]
        return (len(before) - len(before.rstrip("\\"))) % 2 == 1

    def _peek(self) -> str:
        return self.text[self.at] if self.at < self.end else ""

    def _choice(self) -> Node:
        parts = [self._sequence()]
        while self._peek() == "|":
            self.at += 1
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Group("choice", tuple(parts))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._repeated(self._one()))
        if not parts:
            raise SchemaError("nothing is left to match here; write ? after what may be missing", self.at)
        return parts[0] if len(parts) == 1 else Group("sequence", tuple(parts))

    def _one(self) -> Node:
        character, start = self._peek(), self.at
        self.at += 1
        if character == "(":
            return self._group(start)
        if character == "[":
            return Chars(self._class(start))
        if character == "\\":
            return Chars(self._escape(start))
        if character == ".":
            return Chars(LINE)
        if character in "^$":
            raise SchemaError(
                f'"{character}" belongs at the {"start" if character == "^" else "end"} only', start
            )
        if character in "*+?{":
            raise SchemaError(f'"{character}" repeats nothing; write \\{character} for the character', start)
        if character in "]}":
            raise SchemaError(f'"{character}" closes nothing; write \\{character} for the character', start)
        return Chars(((ord(character), ord(character)),))

    def _group(self, start: int) -> Node:
        if self._peek() == "?":
            if self.text[self.at : self.at + 2] != "?:":
                raise SchemaError("only groups (...) and (?:...): no lookaround, names or options", start)
            self.at += 2
        inside = self._choice()
        if self._peek() != ")":
            raise SchemaError('the "(" is not closed', start)
        self.at += 1
        return inside

    def _repeated(self, part: Node) -> Node:
        character, start = self._peek(), self.at
        if character not in ("*", "+", "?", "{"):
            return part
        self.at += 1
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(character) or self._counts(start)
        if self._peek() in ("*", "+", "?", "{"):
            raise SchemaError(
                "a repetition can't be repeated, and it is never lazy or possessive; use a group", self.at
            )
        return Repeat(part, least, most)

    def _counts(self, start: int) -> tuple[int, int | None]:
        inside, closed, _ = self.text[self.at : self.end].partition("}")
        low, comma, high = inside.partition(",")
        if not (closed and _is_number(low) and (not high or _is_number(high))):
            raise SchemaError("write {2}, {2,} or {2,5}, or \\{ for the character", start)
        self.at += len(inside) + 1
        least = int(low)
        most = int(high) if high else None if comma else least
        if max(least, most or 0) > MOST_REPEATS:
            raise SchemaError(f"Postgres repeats at most {MOST_REPEATS} times; use the rule length", start)
        if most is not None and (least > most or not most):
            raise SchemaError("the first number is not above the second, and the second not 0", start)
        return least, most

    def _escape(self, start: int) -> Ranges:
        character = self._peek()
        self.at += 1
        if not character:
            raise SchemaError("the pattern ends in a backslash; write \\\\ for the character", start)
        if character in CONTROLS:
            return _single(CONTROLS[character])
        if character.lower() in SHORT:
            found = SHORT[character.lower()]
            return found if character.islower() else _opposite(found)
        if character.isalnum() or ord(character) > 127:
            problem = NOT_SUPPORTED.get(character)
            raise SchemaError(f"no {problem}" if problem else f'"{character}" needs no backslash', start)
        return _single(character)

    def _class(self, start: int) -> Ranges:
        negated = self._peek() == "^"
        self.at += negated
        found: list[tuple[int, int]] = []
        while self._peek() != "]":
            if not self._peek():
                raise SchemaError('the "[" is not closed', start)
            found += self._range()
        if not found:
            raise SchemaError("the class is empty; write \\] for the character", start)
        self.at += 1
        ranges = _merged(found)
        return _opposite(ranges) if negated else ranges

    def _range(self) -> Ranges:
        start = self.at
        low = self._in_class()
        if self._peek() != "-" or self.text[self.at + 1 : self.at + 2] == "]":
            return low
        self.at += 1
        high = self._in_class()
        if not _is_single(low) or not _is_single(high):
            raise SchemaError("a range is between two characters; write \\- for the character", start)
        if low[0][0] > high[0][0]:
            raise SchemaError("the range ends before it starts", start)
        return ((low[0][0], high[0][0]),)

    def _in_class(self) -> Ranges:
        character, start = self._peek(), self.at
        self.at += 1
        if character == "\\":
            return self._escape(start)
        if character == "[":
            raise SchemaError("no named classes such as [:alpha:]; write \\[ for the character", start)
        if not character:
            raise SchemaError('the "[" is not closed', start)
        return _single(character)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _single(character: str) -> Ranges:
    return ((ord(character), ord(character)),)


def _is_single(ranges: Ranges) -> bool:
    return len(ranges) == 1 and ranges[0][0] == ranges[0][1]


def _merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def _opposite(ranges: Ranges) -> Ranges:
    found, start = [], 0
    for first, last in ranges:
        if first > start:
            found.append((start, first - 1))
        start = last + 1
    if start <= LAST:
        found.append((start, LAST))
    return tuple(found)


# Writing ------------------------------------------------------------------------------------------------------------


def _portable(node: Node, *, grouped: bool) -> str:
    """The text of a part. grouped: in a group of its own if it has several parts."""
    if isinstance(node, Chars):
        return _portable_chars(node.ranges)
    if isinstance(node, Repeat):
        counts = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((node.least, node.most))
        if counts is None:
            most = "" if node.most is None else str(node.most)
            counts = f"{{{node.least}}}" if node.least == node.most else f"{{{node.least},{most}}}"
        # A repetition of a repetition needs a group too.
        inside = _portable(node.part, grouped=True)
        return (f"(?:{inside})" if isinstance(node.part, Repeat) else inside) + counts
    text = ("" if node.kind == "sequence" else "|").join(
        _portable(part, grouped=node.kind == "sequence" and isinstance(part, Group)) for part in node.parts
    )
    return f"(?:{text})" if grouped else text


def _portable_chars(ranges: Ranges) -> str:
    if _is_single(ranges):
        return _portable_char(ranges[0][0], SPECIAL)
    # The opposite is written as such: engines differ in the last code point.
    negated = ranges[-1][1] == LAST
    shown = _opposite(ranges) if negated else ranges
    if not shown:
        return r"(?:[^\n]|\n)"
    parts = [
        _portable_char(first, SPECIAL_IN_CLASS)
        + (
            ("" if last == first + 1 else "-") + _portable_char(last, SPECIAL_IN_CLASS)
            if last > first
            else ""
        )
        for first, last in shown
    ]
    return f"[{'^' if negated else ''}{''.join(parts)}]"


def _portable_char(code: int, special: frozenset[str]) -> str:
    character = chr(code)
    for name, control in CONTROLS.items():
        if control == character:
            return f"\\{name}"
    return f"\\{character}" if character in special else character
