"""Part b: small cases are accepted or refused as they should be."""

from __future__ import annotations

from schema.project import load_texts
from tests.conformance.corpus import Case, Corpus
from tests.conformance.result import Result

WANTED = 290 / 296
"""The share that must agree: some cases leave out a file that they refer to."""


def run(corpus: Corpus) -> Result | None:
    """A case counts as accepted when nothing at all is remarked on. None without cases."""
    cases = corpus.cases()
    if not cases:
        return None
    lines = [line for case in cases if (line := _disagreement(case))]
    agree = len(cases) - len(lines)
    return Result("b", "validation cases agree", agree, len(cases), round(len(cases) * WANTED), lines)


def _disagreement(case: Case) -> str:
    _, faults = load_texts(case.files)
    if (not faults) == case.accepted:
        return ""
    wanted = "accepted" if case.accepted else "refused"
    found = "; ".join(map(str, faults)) or "nothing to remark"
    return f"{case.id} {case.about}: should be {wanted}: {found}"
