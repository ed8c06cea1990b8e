"""The part of the targets: the models of each project can be generated for every one. Their text is not judged here."""

from __future__ import annotations

from codegen.folders import TARGETS
from tests.conformance.corpus import Corpus
from tests.conformance.result import Result


def run(corpus: Corpus) -> Result | None:
    """Each target of each project whose model files are all accepted. None without such projects."""
    total = 0
    lines: list[str] = []
    for project in corpus.projects:
        protocol, faults = project.loaded
        if any(fault.severity == "error" for fault in faults):
            continue
        for target, emit in TARGETS.items():
            total += 1
            try:
                emit(protocol)
            except Exception as error:  # noqa: BLE001 - the others are tried all the same
                lines.append(f"{project.name} {target}: {error!r}")
    if not total:
        return None
    return Result("a2", "targets generated", total - len(lines), total, wanted=total, disagreements=lines)
