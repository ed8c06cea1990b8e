"""The part of the endpoints: written in Python, they become the Dart classes of the corpus.

The Python is that of tests/testserver for the project of that name, and Podium's own for its modules; either runs in a
process of its own, since each has Django settings of its own.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.conformance import dart_api, own
from tests.conformance.corpus import Corpus
from tests.conformance.result import Result
from tests.testserver import build

TITLE = "endpoints and methods of the Dart client agree"
WANTED = 0.99
"""The share of endpoints and methods that must agree: names, parents, parameters, types."""
ROOT = Path(__file__).resolve().parent.parent.parent

Api = dict[str, Any]


def run(corpus: Corpus) -> Result | None:
    """Compare each project that has endpoints. None if none has."""
    result = Result("e", TITLE, 0, 0, 0)
    for project in corpus.projects:
        wanted = (project.data("dart_api.json") or {}).get("endpoints")
        if not wanted:
            continue
        if own.has(project.name):
            found, error = _read(own.client(project.name))
        elif project.name == build.NAME and corpus.folder.resolve() == build.CORPUS.resolve():
            found, error = _client()
        else:
            result.notes.append(f"{project.name}: its {len(wanted)} endpoints are not written in Python here")
            continue
        if error:
            result.disagreements.append(f"{project.name}: the client is not correct: {error}")
            found = {}  # nothing of it counts
        differences = compare(wanted, found)
        result.total += len(differences)
        result.agree += sum(1 for text in differences.values() if not text)
        result.disagreements += [
            f"{project.name} {name}: {text}" for name, text in differences.items() if text
        ]
    if not result.total:
        return result if result.notes else None
    result.title = f"{TITLE} ({100 * result.agree / result.total:.1f} %)"
    result.wanted = round(result.total * WANTED)
    return result


def compare(wanted: Api, found: Api) -> dict[str, str]:
    """Each endpoint and each method ("notes", "notes.listNotes") -> its differences, "" if it agrees."""
    heads, methods = zip(_parts(wanted), _parts(found), strict=True)
    return dart_api.compare({"endpoints": heads[0]}, {"endpoints": heads[1]}) | dart_api.compare(
        {"methods": methods[0]}, {"methods": methods[1]}
    )


def _parts(endpoints: Api) -> tuple[Api, Api]:
    """Endpoints without their methods, and the methods by themselves."""
    heads = {
        name: {key: value for key, value in one.items() if key != "methods"}
        for name, one in endpoints.items()
    }
    methods = {
        f"{name}.{method}": {"abstract": False, **signature}
        for name, one in endpoints.items()
        for method, signature in one["methods"].items()
    }
    return heads, methods


def _client() -> tuple[Api, str]:
    """The endpoints of the generated client, or the error."""
    with tempfile.TemporaryDirectory(prefix="podium-endpoints-") as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.testserver", "--target", "dart", "--out", folder],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode:
            return {}, done.stderr.strip()
        paths = Path(folder).rglob("*.dart")
        files = {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in paths}
    return _read(files)


def _read(files: Mapping[str, str]) -> tuple[Api, str]:
    """The endpoints of a client, and the errors in its source."""
    api = dart_api.read(files)
    wrong = [*api["syntax_errors"], *(f"there is no {name}" for name in unknown_names(files))]
    return api["endpoints"], "; ".join(wrong)


def unknown_names(files: Mapping[str, str]) -> list[str]:
    """Classes that the files use as the client's own, `_p.Note`, but that it does not have.

    The comparison leaves prefixes out of types, so it can't distinguish a module's class from the client's own.
    """
    text = "\n".join(files.values())
    own = set(re.findall(r"^(?:\w+ )*(?:class|enum) (\w+)", text, re.MULTILINE))
    return sorted({f"_p.{name}" for name in re.findall(r"\b_p\.(\w+)", text) if name not in own})
