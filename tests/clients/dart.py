"""Run behaviour.dart and testserver.dart on the Dart VM."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.clients.javascript import Findings
from tests.codegen import language
from tests.dart import libraries, packages, vm

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ECHOES = "testserver_echoes"
HEAD = """import 'dart:typed_data';

import 'package:serverpod_test_client/serverpod_test_client.dart';
import 'package:serverpod_test_module_client/serverpod_test_module_client.dart' show ModuleClass;

import 'src/echoes.dart';

"""


def behaviour(host: str, folder: Path) -> Findings:
    """Run the whole list with the client of the whole model language. folder: an empty one."""
    vm.for_tests()
    client = libraries.client(language.protocol(), language.endpoints(), "lab_client")
    configuration = packages.write(
        libraries.write(folder, client) | packages.given(), folder / "packages.json"
    )
    printed = vm.run(HERE / "behaviour.dart", configuration, host, str(HERE / "behaviour.json"))
    return dict(json.loads(printed))


def testserver(host: str, steps: dict[str, Any], folder: Path) -> Findings:
    """Run the values and scenarios of the test server with its client. folder: an empty one."""
    vm.for_tests()
    subprocess.run([sys.executable, "-m", libraries.__name__, folder], cwd=ROOT, check=True)
    lines = [HEAD, *_calls(steps["echoes"]), *_streams(steps["streams"])]
    libraries.write(
        folder,
        {
            ECHOES: {
                f"lib/{ECHOES}.dart": "".join(lines),
                "lib/src/echoes.dart": (HERE / "echoes.dart").read_text("utf-8"),
            }
        },
    )
    (folder / "steps.json").write_text(json.dumps(steps))
    generated = {each.name: each for each in folder.glob("*/")}
    configuration = packages.write(generated | packages.given(), folder / "packages.json")
    return dict(json.loads(vm.run(HERE / "testserver.dart", configuration, host, str(folder / "steps.json"))))


def _calls(echoes: list[dict[str, Any]]) -> Iterable[str]:
    yield "final calls = <String, Call<Object?>>{\n"
    for method, kind in {_method(one): one["type"] for one in echoes}.items():
        yield f"  '{method}': Call<{kind}>((client, value) => client.{method}(value)),\n"
    yield "};\n"


def _streams(streams: list[dict[str, Any]]) -> Iterable[str]:
    yield "\nfinal streams = <String, Streamed<Object?>>{\n"
    for one in {_method(one): one for one in streams}.values():
        stream = f"(client, values) => client.{_method(one)}(values)"
        yield f"  '{_method(one)}': Streamed<{one['type']}>({stream}, calls['{_method(one['call'])}']!),\n"
    yield "};\n"


def _method(one: dict[str, Any]) -> str:
    return f"{one['endpoint']}.{one['method']}"
