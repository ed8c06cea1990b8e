"""The definitions that clients see, in the order of generated files. No language, no text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from podium.endpoints.definitions import EndpointDefinition, MethodDefinition
from podium.schema.definitions import ClassDefinition, Definition, EnumDefinition, Field, Protocol
from podium.wire import validation
from podium.wire.types import TypeRef
from podium.wire.validation import Rule

FIELD_VALIDATION, FIELD_FAULT = "FieldValidation", "FieldFault"
"""Names in each language for the rules of one field, and for a value that breaks one."""
VALIDATE = "validate"
"""The function of a class's rules that checks an object; the rules of a field of that name get the suffix "_"."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The definitions of one file of models: the project's, or a module's.

    prefix   prefix of its classes' names on the wire: "" or "module."
    names    spelling of modules in this scope's types -> the module's scope
    """

    protocol: Protocol
    prefix: str
    names: dict[str, Scope]

    def find(self, type_ref: TypeRef) -> Definition | None:
        """The class, exception or enum that a type of this scope names, if clients see it."""
        found = self.protocol.find(type_ref)
        return None if found is None or found.server_only else found

    def scope_of(self, type_ref: TypeRef) -> Scope:
        """The scope that declares the class, exception or enum of a type."""
        return self.names[type_ref.module] if type_ref.module else self

    def modules(self) -> list[Scope]:
        """All modules that this scope uses, directly or through others; used ones before their users."""
        found: dict[str, Scope] = {}
        for scope in self.names.values():
            for one in (*scope.modules(), scope):
                found.setdefault(one.protocol.name, one)
        return list(found.values())


def scope(protocol: Protocol) -> Scope:
    """The project's scope, with the scopes of its modules."""
    return _scope(protocol, "", {})


def _scope(protocol: Protocol, prefix: str, known: dict[str, Scope]) -> Scope:
    if protocol.name in known:
        return known[protocol.name]
    names: dict[str, Scope] = {}
    known[protocol.name] = made = Scope(protocol, prefix, names)
    for nickname, module in protocol.modules.items():
        names[nickname] = _scope(module, "" if module.shared else f"{module.name}.", known)
    return made


def enums(scope: Scope) -> list[EnumDefinition]:
    """The enums, in the order of their files."""
    return [
        one for one in scope.protocol.definitions if isinstance(one, EnumDefinition) and not one.server_only
    ]


def classes(scope: Scope) -> list[ClassDefinition]:
    """The classes in the order of their files, but each after its parent."""
    ordered: dict[str, ClassDefinition] = {}

    def add(definition: ClassDefinition) -> None:
        if (above := parent(scope, definition)) and definition.parent and not definition.parent.module:
            add(above)
        ordered.setdefault(definition.name, definition)

    for one in scope.protocol.definitions:
        if isinstance(one, ClassDefinition) and not one.server_only:
            add(one)
    return list(ordered.values())


def parent(scope: Scope, definition: ClassDefinition) -> ClassDefinition | None:
    """The parent of a class."""
    found = scope.find(definition.parent) if definition.parent else None
    return found if isinstance(found, ClassDefinition) else None


def fields(definition: ClassDefinition) -> list[Field]:
    """All fields that clients see, in wire order."""
    return [field for field in definition.fields if field.scope == "all" and not field.hidden]


def own_fields(scope: Scope, definition: ClassDefinition) -> list[Field]:
    """The fields that clients see and the parent does not have."""
    above = parent(scope, definition)
    inherited = {field.name for field in above.fields} if above else set()
    return [field for field in fields(definition) if field.name not in inherited]


def validated_fields(definition: ClassDefinition) -> list[Field]:
    """The fields with rules that clients see, inherited ones too."""
    return [field for field in fields(definition) if field.rules]


def validation_name(scope: Scope, definition: ClassDefinition) -> str:
    """The name of the rules of a class's fields: "NoteValidation"."""
    name = f"{definition.name}Validation"
    return (
        f"{definition.name}FieldValidation"
        if name == FIELD_VALIDATION or scope.protocol.named(name)
        else name
    )


def messages(field: Field) -> list[tuple[Rule, str]]:
    """The rules of a field, each with the message for values that break it."""
    return [(rule, rule.message(validation.sample(field.type.name))) for rule in field.rules]


def children(scope: Scope, definition: ClassDefinition) -> list[ClassDefinition]:
    """The direct subclasses in the same scope."""
    found = [scope.find(child) for child in definition.children if not child.module]
    return [one for one in found if isinstance(one, ClassDefinition)]


def wire_name(endpoint: EndpointDefinition) -> str:
    """An endpoint's name in the path of a call: "notes", "module.endpoint"."""
    if not endpoint.module or "." in endpoint.name:
        return endpoint.name
    return f"{endpoint.module}.{endpoint.name}"


def written(scope: Scope, endpoints: list[EndpointDefinition]) -> list[EndpointDefinition]:
    """The endpoints for emitters: with types as spelled in the scope's models, and unique class names."""
    return distinct(
        [replace(one, methods=[_method_in(scope, method) for method in one.methods]) for one in endpoints]
    )


def _method_in(scope: Scope, method: MethodDefinition) -> MethodDefinition:
    parameters = tuple(replace(one, type=_type_in(scope, one.type)) for one in method.parameters)
    return replace(method, returns=_type_in(scope, method.returns), parameters=parameters)


def _type_in(scope: Scope, ref: TypeRef) -> TypeRef:
    """Respell a type. Signatures name modules by package, as on the wire, or not at all; models by nickname."""
    module = "" if ref.module == scope.protocol.name else ref.module  # when only a module is emitted
    if module or scope.protocol.named(ref.name) is None:
        for nickname, used in scope.names.items():
            on_the_wire = "" if used.protocol.shared else used.protocol.name
            if module == on_the_wire and used.protocol.named(ref.name) is not None:
                module = nickname
                break
    return replace(
        ref,
        module=module,
        arguments=tuple(_type_in(scope, each) for each in ref.arguments),
        named=tuple((name, _type_in(scope, each)) for name, each in ref.named),
    )


def distinct(endpoints: list[EndpointDefinition]) -> list[EndpointDefinition]:
    """The endpoints with unique class names: duplicates get the module's name as prefix."""
    names = Counter(endpoint.class_name for endpoint in endpoints)

    def name(module: str, class_name: str) -> str:
        return f"{_pascal(module)}{class_name}" if module and names[class_name] > 1 else class_name

    return [
        replace(
            one,
            class_name=name(one.module, one.class_name),
            parent=name(one.parent_module, one.parent) if one.parent else "",
        )
        for one in endpoints
    ]


def _pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def inheritance(
    endpoints: list[EndpointDefinition],
) -> list[tuple[EndpointDefinition, str, list[MethodDefinition]]]:
    """Each endpoint, the class name of its parent ("" for none), and the methods to write for it.

    A class comes after its parent. One that changes the shape of an inherited method is written in full without a
    parent, since most languages refuse that; so is one that hides an inherited method, since clients could call it
    otherwise. A method that differs only in docs or deprecation is written again.
    """
    by_class = {endpoint.class_name: endpoint for endpoint in endpoints}
    ordered: dict[str, tuple[EndpointDefinition, str, list[MethodDefinition]]] = {}

    def add(endpoint: EndpointDefinition) -> None:
        if endpoint.class_name in ordered:
            return
        above = by_class.get(endpoint.parent)
        if above is None:
            ordered[endpoint.class_name] = (endpoint, "", endpoint.methods)
            return
        add(above)
        inherited = {method.wire_name: method for method in above.methods}
        if _fits(inherited, endpoint.methods):
            new = [method for method in endpoint.methods if inherited.get(method.wire_name) != method]
            ordered[endpoint.class_name] = (endpoint, above.class_name, new)
        else:
            ordered[endpoint.class_name] = (endpoint, "", endpoint.methods)

    for endpoint in endpoints:
        add(endpoint)
    return list(ordered.values())


def _fits(inherited: dict[str, MethodDefinition], methods: list[MethodDefinition]) -> bool:
    """Return whether a class with these methods can extend one with the inherited: it has all, in the same shape."""
    own = {method.wire_name: method for method in methods}
    return all(name in own and _shape(own[name]) == _shape(method) for name, method in inherited.items())


def _shape(method: MethodDefinition) -> tuple[object, ...]:
    parameters = tuple(replace(each, deprecated="") for each in method.parameters)
    return method.returns, method.streams, parameters
