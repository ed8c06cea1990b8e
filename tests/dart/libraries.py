"""Generated Dart code: the clients to compile, and the packages of modules that they import."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from podium.codegen import client_view, dart
from podium.codegen.client_view import Scope
from podium.codegen.dart.types import module_package
from podium.endpoints.definitions import EndpointDefinition
from podium.schema.definitions import Protocol

Files = dict[str, str]
CALLER = """
import 'package:serverpod_client/serverpod_client.dart' as _sp;

class Caller extends _sp.ModuleEndpointCaller {
  Caller(super.client);

  @override
  Map<String, _sp.EndpointRef> get endpointRefLookup => {};
}
"""
"""Of a module without endpoints."""
BY_HAND = """
class {name} {{
  {name}.fromJson(this.json);

  final Object? json;

  {name} copyWith() => this;

  Object? toJson() => json;
}}
"""
"""Takes the place of a class that is written by hand: all that generated clients ask of one."""


def client(protocol: Protocol, endpoints: Sequence[EndpointDefinition], package: str) -> dict[str, Files]:
    """The packages of a client, name -> files: its own, and one for each module and shared package of its models.

    A module's package on pub.dev has a class `Caller` with its endpoints. Podium does not write those packages; here
    they are generated from the module's definitions.
    """
    found = {
        name: _module(module.protocol, endpoints, name)
        for name, module in _modules(client_view.scope(protocol)).items()
    }
    for name, names in _by_hand(protocol).items():
        files = found.setdefault(name, {f"lib/{name}.dart": ""})
        files[f"lib/{name}.dart"] += "".join(BY_HAND.format(name=each) for each in names)
    return found | {package: dart.emit(protocol, list(endpoints), package=package, version="1.0.0")}


def _modules(scope: Scope) -> dict[str, Scope]:
    """Modules by their package, with those that modules use."""
    found: dict[str, Scope] = {}
    for nickname, module in scope.names.items():
        found |= {module_package(nickname, module): module} | _modules(module)
    return found


def _module(protocol: Protocol, endpoints: Sequence[EndpointDefinition], package: str) -> Files:
    """The part of a module's package that clients import."""
    own = [one for one in endpoints if one.module == protocol.name]
    files = dart.emit(protocol, own, package=package, version="1.0.0")
    if not protocol.shared:  # a module's own package puts its name before those of its classes
        mark = "'__className__': '"
        files = {name: text.replace(mark, f"{mark}{protocol.name}.") for name, text in files.items()}
    library = f"lib/{package}.dart"
    served = re.search(r"class (\w+) extends _sp.ModuleEndpointCaller", files["lib/src/protocol/client.dart"])
    if served:
        files[library] += f"\nimport 'src/protocol/protocol.dart';\n\ntypedef Caller = {served[1]};\n"
    else:
        files["lib/src/caller.dart"] = CALLER.lstrip()
        files[library] += "\nexport 'src/caller.dart';\n"
    return files


def _by_hand(protocol: Protocol) -> dict[str, list[str]]:
    """Hand-written classes by package."""
    found: dict[str, list[str]] = {}
    for name, package in protocol.extra.items():
        found.setdefault(package, []).append(name)
    return found


def write(folder: Path, packages: dict[str, Files]) -> dict[str, Path]:
    """Write packages, a folder each; return their folders."""
    for package, files in packages.items():
        for name, text in files.items():
            path = folder / package / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return {package: folder / package for package in packages}


if __name__ == "__main__":  # the test server's, in a process of its own, since it has settings of its own
    from tests.testserver import build
    from tests.testserver.__main__ import definitions

    write(Path(sys.argv[1]), client(build.protocol(), definitions(), f"{build.NAME}_client"))
