"""Part b: small cases are accepted or refused as they should be."""

from __future__ import annotations

from tests.conformance.corpus import Case, Corpus
from tests.conformance.result import Result
from tests.schema.texts import load_texts

WANTED = 290 / 296
"""The share that must agree: some cases leave out a file that they refer to."""


def run(corpus: Corpus) -> Result | None:
    """A case counts as accepted without any fault, warnings included. None without cases."""
    cases = list(corpus.cases())
    if not cases:
        return None
    lines = [line for case in cases if (line := _disagreement(case))]
    agree = len(cases) - len(lines)
    return Result("b", "validation cases agree", agree, len(cases), round(len(cases) * WANTED), lines)


def _disagreement(case: Case | str) -> str:
    if isinstance(case, str):
        return case
    _, faults = load_texts(case.files)
    if (not faults) == case.accepted:
        return ""
    wanted = "accepted" if case.accepted else "refused"
    found = "; ".join(map(str, faults)) or "no fault"
    return f"{case.id} {case.about}: should be {wanted}: {found}"
