"""Part a1: all model files of each project are accepted."""

from __future__ import annotations

from tests.conformance.corpus import FILES, Corpus
from tests.conformance.result import Result


def run(corpus: Corpus) -> Result | None:
    """A model file counts as accepted without an error in it; a broken JSON file of a project counts too.

    None without projects.
    """
    if not corpus.projects:
        return None
    total = agree = 0
    lines: list[str] = []
    for project in corpus.projects:
        wrong = {fault.position.file for fault in project.errors}
        files = project.files()
        total += files + len(wrong & {*FILES})
        agree += files - len(wrong - {*FILES})
        lines += [f"{project.name}: {fault}" for fault in project.errors]
    return Result("a1", "model files accepted", agree, total, wanted=total, disagreements=lines)
