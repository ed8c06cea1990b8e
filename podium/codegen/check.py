"""`manage.py checkmodels --models ...`: check the model files of any folders, with the options of `generate`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from podium.codegen import folders, sql
from podium.codegen.folders import TARGETS, Folder
from podium.schema import command
from podium.schema.project import model_files

DESCRIPTION = """\
Check the model files of any folders, with the modules they use. Takes the options of `generate --models` and
writes nothing: with --target it also reports what that target refuses; --out, --check and --name have no effect.
"""


def main(argv: Sequence[str]) -> int:
    """Run the command. 0: no faults; 1: faults; 2: invalid arguments."""
    words = folders.parser("checkmodels", DESCRIPTION, writes=False)
    options = words.parse_args(argv)
    found, name = folders.chosen(words, options)
    return folders.run(found, options, lambda: _check(found, name, options))


def _check(found: Sequence[Folder], name: str, options: argparse.Namespace) -> int:
    protocol, faults = folders.load(found, name=name, extra=dict(options.extra))
    files = sum(1 for one in found for _ in model_files(one.path))
    status = command.report([command.row(fault) for fault in faults], files, options.format)
    if status or not options.target:
        return status
    try:
        TARGETS[options.target](protocol)
    except sql.SqlError as error:
        sys.stderr.write(f"Django refuses these models:\n{error}\n")
        return 1
    return 0
