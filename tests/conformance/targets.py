"""The part of the targets: every target can be generated for each project. Their text is not checked here."""

from __future__ import annotations

from podium.codegen.folders import TARGETS
from tests.conformance.corpus import Corpus
from tests.conformance.result import Result


def run(corpus: Corpus) -> Result | None:
    """Generate each target of each project whose model files are all accepted. None without such projects."""
    total = 0
    lines: list[str] = []
    for project in corpus.projects:
        if project.errors:
            continue
        protocol, _ = project.loaded
        for target, emit in TARGETS.items():
            total += 1
            try:
                emit(protocol)
            except Exception as error:  # noqa: BLE001 - the others are still tried
                lines.append(f"{project.name} {target}: {error!r}")
    if not total:
        return None
    return Result("a2", "targets generated", total - len(lines), total, wanted=total, disagreements=lines)
