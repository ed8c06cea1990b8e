"""Values and the verdicts of rules on them: the same in Python, in Postgres and in each client."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from podium.wire.validation import Email, Length, Pattern, Range, Rule, Url


class Case(NamedTuple):
    """column: the type of the column in Postgres."""

    rule: Rule
    value: Any
    accepted: bool
    column: str = "text"


def of(rule: Rule, accepted: list[Any], refused: list[Any], column: str = "text") -> list[Case]:
    return [
        *(Case(rule, value, True, column) for value in accepted),
        *(Case(rule, value, False, column) for value in refused),
    ]


FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
"""One family on the screen, five code points, eight units of UTF-16."""
LABEL = "a" * 63

CASES = [
    *of(Length(min=1, max=5), ["a", "Grüße", FAMILY, "e\u0301", "\n", "     "], ["", "abcdef", FAMILY + "x"]),
    *of(Length(min=2), ["ab", "e\u0301"], ["", "é", "\U0001f388"]),
    *of(Length(max=0), [""], ["a"]),
    *of(Length(min=2, max=2), [["", ""], [1, 1]], [[], ["ab"], [1, 2, 3]], "json"),
    *of(Length(max=2), [b"", b"\x00\xff"], [b"abc"], "bytes"),
    *of(Range(min=-1, max=5), [-1, 0, 5], [-2, 6, 2**53, -(2**63), 2**63 - 1], "int"),
    *of(Range(max=2**53 - 1), [2**53 - 1, -(2**63)], [2**53, 2**63 - 1], "int"),
    *of(Range(min=0), [0.0, -0.0, 5e-324, 1e308, math.inf, 3], [-5e-324, -math.inf, math.nan], "double"),
    *of(Range(max=0.1), [0.1, 0, -math.inf], [0.1 + 2**-56, 1, math.inf, math.nan], "double"),
    *of(Range(min=1e-7, max=1e21), [1e-7, 1e21], [1e22, math.nan, math.inf], "double"),
    *of(Pattern("[a-z]+(-[a-z]+)*"), ["a", "a-b-c"], ["", "A", "-a", "a-", "a\n", "\na", "ä", "a b"]),
    *of(Pattern("^a.c$"), ["abc", "a\rc", "a\u2028c", "a\U0001f388c"], ["a\nc", "ac", "xabcx", "abc\n"]),
    *of(Pattern(r"\d{2,3}\s\w"), ["12 a", "123\t_"], ["1 a", "12\u00a0a", "١٢ a", "12 é", "1234 a"]),
    *of(Pattern(r"\D\S\W"), ["ab!", "éé\u00a0", "\n\U0001f388é"], ["1b!", "a !", "abc"]),
    *of(Pattern("(ja|nein|ja/nein)"), ["ja", "nein", "ja/nein"], ["jaja", "ja|nein", ""]),
    *of(Pattern(r"[^a-c\]\-^]+|\(\[\{\"\}\]\)"), ["xyz", "\n", "\U0001f388", '([{"}])'], ["a", "]", "-", "^", "x-"]),
    *of(Pattern("(a?b?)*c|(ab?|a){2}"), ["c", "bac", "aa", "aba"], ["", "a", "ca"]),
    *of(Pattern("[\U0001f388-\U0001f38a]"), ["\U0001f389"], ["\U0001f38b", "\U0001f388\U0001f388"]),
    *of(Pattern("'%s' \\\\ #{}".replace("{}", r"\{\}")), ["'%s' \\ #{}"], ["%s"]),
    *of(
        Email(),
        ["anna@example.com", "a.b+c@sub.example.co", "a'b@x-1.de", f"a@{LABEL}.de", "A@B.CD", "a" * 64 + "@b.de"],
        [
            *["", "anna", "anna@localhost", "@b.de", "a@.de", "a@b..de", "a@-b.de", "a@b-.de", "a b@c.de"],
            *["a@b.de\n", " a@b.de", "ü@b.de", "a@bücher.de", "a@b@c.de", f"a@a{LABEL}.de", "a" * 65 + "@b.de"],
            *["a@[127.0.0.1]", '"a b"@c.de', "Anna <a@b.de>"],
        ],
    ),
    *of(
        Url(),
        [
            *["https://example.com", "http://localhost:8000/a?b=c#d", "https://1.2.3.4/", "https://x.de?q=%20"],
            *["https://xn--bcher-kva.de/", "https://x.de/(a)/[b]/~c;d,e"],
        ],
        [
            *["", "example.com", "//x.de", "ftp://x.de", "javascript:alert(1)", "https://", "https:///a"],
            *["https://u:p@x.de", "https://bücher.de", "https://x.de/ü", "https://x.de/a b", "https://x.de\n"],
            *["https://-x.de", "https://x.de:123456", "https://[::1]/", 'https://x.de/"', "HTTPS://x.de"],
        ],
    ),
]  # fmt: skip
