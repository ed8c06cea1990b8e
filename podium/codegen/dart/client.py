"""client.dart: a class for each endpoint, and the Client with all of them."""

from __future__ import annotations

from collections.abc import Mapping

from podium.codegen import client_view
from podium.codegen.client_view import Scope
from podium.codegen.dart.types import (
    Dart,
    doc,
    holds_record,
    is_converted,
    is_shared_package,
    listed,
    module_prefix,
    needs_mapping,
    quoted,
)
from podium.endpoints.definitions import EndpointDefinition, MethodDefinition, ParameterDefinition
from podium.wire.types import TypeRef

CLIENT_MEMBERS = frozenset(
    ["authKeyProvider", "authenticationKeyManager", "callServerEndpoint", "callStreamingServerEndpoint", "close",
     "closeStreamingMethodConnections", "connectionTimeout", "connectivityMonitor", "endpointRefLookup",
     "getEndpointOfType", "hashCode", "host", "moduleLookup", "modules", "onFailedCall", "onSucceededCall",
     "runtimeType", "serializationManager", "streamingConnectionTimeout", "toString"]
)  # fmt: skip
"""Members of the client library's client; an endpoint of that name gets a "_"."""
ENDPOINT_MEMBERS = frozenset(
    ["caller", "client", "hashCode", "name", "noSuchMethod", "resetStream", "runtimeType", "sendStreamMessage",
     "stream", "toString"]
)  # fmt: skip
"""Members of its endpoints."""
RESERVED = frozenset(
    ["assert", "break", "case", "catch", "class", "const", "continue", "default", "do", "else", "enum",
     "extends", "false", "final", "finally", "for", "if", "in", "is", "new", "null", "rethrow", "return",
     "super", "switch", "this", "throw", "true", "try", "var", "void", "while", "with"]
)  # fmt: skip
"""Words that can't be names in Dart."""


def client_file(scope: Scope, endpoints: list[EndpointDefinition], elsewhere: Mapping[str, str]) -> str:
    """The text below the imports.

    elsewhere   class names of endpoints in their module's own client package -> their names in Dart
    """
    dart = Dart(scope)
    blocks = []
    known: dict[str, dict[str, MethodDefinition]] = {}
    for endpoint, parent, methods in client_view.inheritance(endpoints):
        inherited = known.get(parent, {})
        new = {method.wire_name: method for method in methods}
        known[endpoint.class_name] = {**inherited, **new}
        if endpoint.class_name not in elsewhere:
            above = elsewhere.get(parent) or (class_name(parent) if parent else "_sp.EndpointRef")
            blocks.append(_endpoint(dart, endpoint, above, inherited, new))
    concrete = [one for one in endpoints if not one.abstract and one.class_name not in elsewhere]
    own = [endpoint for endpoint in concrete if not endpoint.module]
    served = sorted({endpoint.module for endpoint in concrete if endpoint.module})
    blocks += [_caller(name, [one for one in concrete if one.module == name]) for name in served]
    callers = {
        name: f"{module_prefix(name)}.Caller"
        for name, module in scope.names.items()
        if not is_shared_package(name, module)
    }
    callers |= {name: _caller_name(name) for name in served}
    if callers:
        blocks.append(_modules(callers))
    return "\n\n".join([*blocks, _client(own, list(callers))]) + "\n"


def safe(name: str, taken: frozenset[str] = frozenset()) -> str:
    """A name that is valid in Dart beside the members in `taken`."""
    return f"{name}_" if name in RESERVED or name in taken else name


def class_name(python: str) -> str:
    """`NotesEndpoint` is `EndpointNotes`."""
    return f"Endpoint{python.removesuffix('Endpoint')}"


def _endpoint(
    dart: Dart,
    endpoint: EndpointDefinition,
    above: str,
    inherited: dict[str, MethodDefinition],
    new: dict[str, MethodDefinition],
) -> str:
    """An endpoint's class. Inherited methods are written again, since they are called by this endpoint's name.

    above   the class it extends
    """
    name = class_name(endpoint.class_name)
    word = "abstract class" if endpoint.abstract else "class"
    lines = [*doc(endpoint.doc), "/// {@category Endpoint}"]
    lines.append(f"{word} {name} extends {above} {{")
    lines.append(f"  {name}(_sp.EndpointCaller caller) : super(caller);")
    wire = client_view.wire_name(endpoint)
    if not endpoint.abstract:
        lines += ["", "  @override", f"  String get name => {quoted(wire)};"]
    for method in {**inherited, **new}.values():
        overrides = method.wire_name in inherited
        if endpoint.abstract:
            lines += ["", "\n".join(_method_head(dart, method, ";", overrides=overrides))]
        else:
            lines += ["", _method(dart, wire, method, overrides=overrides)]
    return "\n".join([*lines, "}"])


def _method(dart: Dart, endpoint: str, method: MethodDefinition, *, overrides: bool) -> str:
    call = _stream_call(dart, endpoint, method) if method.streams else _call(dart, endpoint, method)
    hidden = any(each.wire_name == "caller" for each in method.parameters)
    body = f" => {'this.' if hidden else ''}{call}"
    return "\n".join(_method_head(dart, method, body, overrides=overrides))


def _method_head(dart: Dart, method: MethodDefinition, body: str, *, overrides: bool = False) -> list[str]:
    lines = [*doc(method.doc, 2), *(["  @override"] if overrides else [])]
    if method.deprecated:
        lines.append(f"  {_mark(method).rstrip()}")
    head = listed(
        f"{_type(dart, method.returns, top=True)} {safe(method.wire_name, ENDPOINT_MEMBERS)}(",
        *_parameters(dart, method.parameters),
        2,
    )
    return [*lines, head + body]


def _parameters(dart: Dart, parameters: tuple[ParameterDefinition, ...]) -> tuple[list[str], str]:
    """The parameters and their closing bracket: optional positional ones in [], else named ones in {}."""
    positional = [
        f"{_mark(each)}{_type(dart, each.type)} {safe(each.wire_name)}"
        for each in parameters
        if each.kind == "positional"
    ]
    optional = [
        f"{_mark(each)}{_optional(dart, each.type)} {safe(each.wire_name)}"
        for each in parameters
        if each.kind == "optional"
    ]
    named = [_named(dart, each) for each in parameters if each.kind == "named"]
    if optional and named:  # Dart allows only one kind; optional ones become named
        named = [*optional, *named]
        optional = []
    group, brackets = (optional, "[]") if optional else (named, "{}")
    if group:
        group[0] = brackets[0] + group[0]
    return [*positional, *group], f"{brackets[1] if group else ''})"


def _named(dart: Dart, parameter: ParameterDefinition) -> str:
    kind = (
        f"required {_type(dart, parameter.type)}" if parameter.required else _optional(dart, parameter.type)
    )
    return f"{_mark(parameter)}{kind} {safe(parameter.wire_name)}"


def _mark(one: ParameterDefinition | MethodDefinition) -> str:
    """The annotation of a deprecated method or parameter, with a space."""
    return f"@Deprecated({quoted(one.deprecated)}) " if one.deprecated else ""


def _optional(dart: Dart, kind: TypeRef) -> str:
    return dart.required(kind) if kind.is_dynamic else dart.required(kind) + "?"


def _type(dart: Dart, kind: TypeRef, *, top: bool = False) -> str:
    if kind.is_stream:
        return f"Stream<{dart.type(kind.arguments[0])}>"
    return f"Future<{dart.type(kind)}>" if top else dart.type(kind)


def _arguments(dart: Dart, parameters: list[ParameterDefinition]) -> str:
    entries = []
    for each in parameters:
        # An omitted argument takes the server's default; null would be a value.
        left_out = not each.required and not each.type.nullable and not each.type.is_dynamic
        present = f"if ({safe(each.wire_name)} != null) " if left_out else ""
        entries.append(f"{present}'{each.wire_name}': {_argument(dart, each)}")
    return "{" + ", ".join(entries) + "}"


def _argument(dart: Dart, parameter: ParameterDefinition) -> str:
    """The expression to send: the value, converted if the client library can't encode it for the wire."""
    kind, name = parameter.type, safe(parameter.wire_name)
    if kind.is_dynamic:
        return f"_p.Protocol().dynamicToJson({name})"
    if is_converted(kind) and not holds_record(kind):
        return dart.to_json(kind, name)
    if kind.is_record:
        return f"_p.Protocol().mapRecordToJson({name})"
    if kind.is_container and needs_mapping(kind):
        return f"_p.Protocol().mapContainerToJson({name})"
    return name


def _call(dart: Dart, endpoint: str, method: MethodDefinition) -> str:
    given = [quoted(endpoint), quoted(method.wire_name), _arguments(dart, list(method.parameters))]
    if method.unauthenticated:
        given.append("authenticated: false")
    return listed(f"caller.callServerEndpoint<{dart.type(method.returns)}>(", given, ");")


def _stream_call(dart: Dart, endpoint: str, method: MethodDefinition) -> str:
    plain = [each for each in method.parameters if each.type.name != "Stream"]
    inputs = [each for each in method.parameters if each.type.name == "Stream"]
    given = [quoted(endpoint), quoted(method.wire_name), _arguments(dart, plain)]
    given.append("{" + ", ".join(f"'{each.wire_name}': {safe(each.wire_name)}" for each in inputs) + "}")
    if method.unauthenticated:
        given.append("authenticated: false")
    returned = method.returns
    value = dart.type(returned.arguments[0]) if returned.name == "Stream" else dart.type(returned)
    types = f"{_type(dart, returned, top=True)}, {value}"
    return listed(f"caller.callStreamingServerEndpoint<{types}>(", given, ");")


def _caller_name(module: str) -> str:
    return f"{''.join(part[:1].upper() + part[1:] for part in module.split('_'))}Caller"


def _caller(module: str, endpoints: list[EndpointDefinition]) -> str:
    """The class with the endpoints of a module that this server serves."""
    name = _caller_name(module)
    named = {safe(each.name.removeprefix(f"{module}."), CLIENT_MEMBERS): each for each in endpoints}
    lines = [f"class {name} extends _sp.ModuleEndpointCaller {{"]
    lines.append(f"  {name}(_sp.ServerpodClientShared client) : super(client) {{")
    return "\n".join([*lines, *_members(named), "}"])


def _members(named: dict[str, EndpointDefinition]) -> list[str]:
    """The rest of a constructor, the fields, and the look-up by name."""
    lines = [f"    {name} = {class_name(each.class_name)}(this);" for name, each in named.items()]
    lines.append("  }")
    for name, each in named.items():
        lines += ["", f"  late final {class_name(each.class_name)} {name};"]
    lines += ["", "  @override"]
    if not named:
        return [*lines, "  Map<String, _sp.EndpointRef> get endpointRefLookup => {};"]
    lines.append("  Map<String, _sp.EndpointRef> get endpointRefLookup => {")
    return [
        *lines,
        *(f"    {quoted(client_view.wire_name(each))}: {name}," for name, each in named.items()),
        "  };",
    ]


def _modules(callers: dict[str, str]) -> str:
    """The class of all modules. callers: module name -> class with its endpoints."""
    lines = ["class Modules {", "  Modules(Client client) {"]
    lines += [f"    {name} = {caller}(client);" for name, caller in callers.items()]
    lines.append("  }")
    for name, caller in callers.items():
        lines += ["", f"  late final {caller} {name};"]
    return "\n".join([*lines, "}"])


CONSTRUCTOR = """class Client extends _sp.ServerpodClientShared {
  Client(
    String host, {
    dynamic securityContext,
    Duration? streamingConnectionTimeout,
    Duration? connectionTimeout,
    Function(_sp.MethodCallContext, Object, StackTrace)? onFailedCall,
    Function(_sp.MethodCallContext)? onSucceededCall,
    bool? disconnectStreamsOnLostInternetConnection,
  }) : super(
         host,
         _p.Protocol(),
         securityContext: securityContext,
         streamingConnectionTimeout: streamingConnectionTimeout,
         connectionTimeout: connectionTimeout,
         onFailedCall: onFailedCall,
         onSucceededCall: onSucceededCall,
         disconnectStreamsOnLostInternetConnection:
             disconnectStreamsOnLostInternetConnection,
       ) {"""


def _client(endpoints: list[EndpointDefinition], modules: list[str]) -> str:
    lines = [CONSTRUCTOR]
    if modules:
        lines.append("    modules = Modules(this);")
    lines += _members({safe(each.name, CLIENT_MEMBERS): each for each in endpoints})
    if modules:
        lines += ["", "  late final Modules modules;"]
    lines += ["", "  @override"]
    if not modules:
        return "\n".join([*lines, "  Map<String, _sp.ModuleEndpointCaller> get moduleLookup => {};", "}"])
    lines.append("  Map<String, _sp.ModuleEndpointCaller> get moduleLookup => {")
    return "\n".join([*lines, *(f"    {quoted(name)}: modules.{name}," for name in modules), "  };", "}"])
