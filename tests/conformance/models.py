"""Part a1: all model files of each project are accepted."""

from __future__ import annotations

from tests.conformance.corpus import Corpus
from tests.conformance.result import Result


def run(corpus: Corpus) -> Result | None:
    """A model file counts as accepted when nothing in it is an error. None without projects."""
    if not corpus.projects:
        return None
    total = agree = 0
    lines: list[str] = []
    for project in corpus.projects:
        _, faults = project.loaded
        errors = [fault for fault in faults if fault.severity == "error"]
        files = project.files()
        total += files
        agree += files - len({fault.position.file for fault in errors})
        lines += [f"{project.name}: {fault}" for fault in errors]
    return Result("a1", "model files accepted", agree, total, wanted=total, disagreements=lines)
