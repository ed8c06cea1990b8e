"""One field as Python source: its type and its default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from podium.schema.definitions import ClassDefinition, Definition, EnumDefinition, Field, Protocol
from podium.schema.mixins import Addition
from podium.schema.python_names import attribute_names, member_names
from podium.schema.source import annotated, literal
from podium.wire.default import Default
from podium.wire.types import TypeRef, registry
from podium.wire.types.definition import filled
from podium.wire.validation import Rule


@dataclass(frozen=True)
class Context:
    """The context of a field's source: all definitions, the app being written, its additions to classes.

    protocol   the field's: the project, or one of its modules
    project    the project if `protocol` is a module; None otherwise
    """

    protocol: Protocol
    app: str
    additions: Mapping[str, Addition] = field(default_factory=dict)
    project: Protocol | None = None

    def of_app(self) -> Iterator[tuple[Context, Definition]]:
        """All definitions with a model file in the app, modules first, each with its fields' context."""
        for protocol in (*self.protocol.modules.values(), self.protocol):
            context = self._within(protocol)
            yield from ((context, each) for each in protocol.definitions if each.app == self.app)

    def beside(self, kind: TypeRef) -> Context:
        """The context for the fields of the class that a type names."""
        return (
            self._within(self.protocol.modules[kind.module]) if kind.module in self.protocol.modules else self
        )

    def _within(self, protocol: Protocol) -> Context:
        if protocol is self.protocol:
            return self
        return replace(self, protocol=protocol, project=self.project or self.protocol)

    def find(self, kind: TypeRef | None) -> Definition | None:
        return self.protocol.find(kind) if kind else None

    def attributes(self, definition: ClassDefinition) -> Mapping[str, str]:
        """Names of fields to names in Python."""
        return attribute_names(field.name for field in definition.fields)

    def is_frozen(self, definition: ClassDefinition) -> bool:
        """Return whether a class or one of its parents is immutable."""
        parent = self.find(definition.parent)
        return definition.immutable or (isinstance(parent, ClassDefinition) and self.is_frozen(parent))

    def python_parent(self, definition: ClassDefinition) -> ClassDefinition | None:
        """The parent that the Python class extends too: without a table and with the same mutability."""
        parent = self.find(definition.parent)
        if not isinstance(parent, ClassDefinition) or parent.table:
            return None
        return parent if self.is_frozen(parent) == self.is_frozen(definition) else None

    def query_set(self, definition: ClassDefinition) -> str:
        """The class of a table's `objects`; "" if a mixin has its own."""
        added = self.addition(definition)
        return "" if "objects" in added.assigned else added.query_set or f"{definition.name}QuerySet"

    def addition(self, definition: Definition) -> Addition:
        """The app's addition to one of its own classes."""
        return self.additions.get(definition.name, Addition())

    def source(self, kind: TypeRef) -> str:
        """The module to import a class from; "" for one of this module, or one that can't be named here."""
        if path := self._extra(kind) or self._by_hand(kind):
            return path.rpartition(".")[0]
        found = self.find(kind)
        app = found.app if found else self.app
        if kind.module in self.protocol.modules:
            app = app if found and app else self.protocol.modules[kind.module].name
        return "" if app == self.app else f"{app}.protocol"

    def is_nameable(self, kind: TypeRef) -> bool:
        """Return whether a class's name alone denotes it; not if it has no Python class or shares the name."""
        found = self.find(kind)
        if found is None:
            return self._extra(kind).rpartition(".")[2] == kind.name
        project = self.project or self.protocol
        known = (one.named(self.python_name(kind)) for one in (project, *project.modules.values()))
        first = next((one for one in known if one is not None and not _is_by_hand(one)), found)
        return (first.position, first.name) == (found.position, found.name)

    def python_name(self, kind: TypeRef) -> str:
        """A class's name in Python: that of its model file, unless its model is hand-written."""
        return self._by_hand(kind).rpartition(".")[2] or kind.name

    def _by_hand(self, kind: TypeRef) -> str:
        found = self.find(kind)
        return found.python if isinstance(found, ClassDefinition) else ""

    def _extra(self, kind: TypeRef) -> str:
        """The dotted path of a hand-written class; "" for any other."""
        return "" if kind.module else self.protocol.extra_python.get(kind.name, "")

    def wire_name(self, kind: TypeRef) -> str:
        """A class's name on the wire: "Note", or "module.Note" for one of a module."""
        qualified = self.qualified(kind.required())
        return f"{qualified.module}.{qualified.name}" if qualified.module else qualified.name

    def qualified(self, kind: TypeRef) -> TypeRef:
        """The type with each class's module as on the wire: the package's name, "" for shared packages."""
        module = kind.module
        if kind.module in self.protocol.modules:
            used = self.protocol.modules[kind.module]
            module = "" if used.shared else used.name
        elif not kind.module and (found := self.find(kind)) is not None and found.module:
            module = "" if self.protocol.shared else self.protocol.name
        if module == kind.module and not kind.arguments and not kind.named:
            return kind
        return replace(
            kind,
            module=module,
            arguments=tuple(map(self.qualified, kind.arguments)),
            named=tuple((name, self.qualified(each)) for name, each in kind.named),
        )


def _is_by_hand(definition: Definition) -> bool:
    return isinstance(definition, ClassDefinition) and bool(definition.python)


# Types and values ---------------------------------------------------------------------------------------------------


def python_type(context: Context, kind: TypeRef) -> str:
    """The annotation of a type, e.g. `dict[str, Note | None]`."""
    if (known := registry.find(kind)) is not None:
        text = known.python.text
    elif kind.is_dynamic:
        text = "Any"
    elif kind.is_container:
        text = _container(context, kind)
    elif kind.is_record:
        text = f"tuple[{', '.join(python_type(context, each) for each in kind.inside())}]"
    else:
        text = class_name(context, kind)
    return text + (" | None" if kind.nullable and text != "Any" else "")


def _container(context: Context, kind: TypeRef) -> str:
    """Sets and maps with unhashable entries or keys are lists: podium.wire.types.SetAsList, MapAsPairs."""
    inside = ", ".join(python_type(context, each) for each in kind.arguments)
    if kind.is_list:
        return f"list[{inside}]"
    is_hashed = registry.has_hash(
        kind.arguments[0], lambda each: isinstance(context.find(each), EnumDefinition)
    )
    if kind.is_set:
        return f"{'set' if is_hashed else 'list'}[{inside}]"
    return f"dict[{inside}]" if is_hashed else f"list[tuple[{inside}]]"


def class_name(context: Context, kind: TypeRef) -> str:
    """A class's name, or Any for one that can't be written by its name alone."""
    return context.python_name(kind) if context.is_nameable(kind) else "Any"


def attribute(context: Context, field: Field, name: str) -> str:
    """The line of a dataclass, e.g. `newest: datetime.datetime | None = None`."""
    default = ""
    if field.default_model is not None:
        default = model_default(context, field, field.default_model)
        if field.default_model.kind != "literal":
            default = f"field(default_factory={default})"
    elif (field.type.nullable and not field.required) or field.relation:
        default = "None"
    return annotated(name, python_type(context, field.type), default)


def model_default(context: Context, field: Field, default: Default) -> str:
    """The default of a new object: a value, or the name of a function that makes one."""
    functions = {"now": "clock.now", "random": "uuid.uuid4", "random_v7": "uuid7"}
    if default.kind in functions:
        return functions[default.kind]
    return value(context, field.type, default.value)


def rule(one: Rule) -> str:
    """A rule as Python source."""
    arguments = ", ".join(f"{name}={literal(value)}" for name, value in one.arguments().items())
    return f"validation.{type(one).__name__}({arguments})"


def value(context: Context, kind: TypeRef, given: str | int | float | bool | None) -> str:
    """A literal default as Python source."""
    if given is not None and (known := registry.find(kind)) is not None:
        return filled(known.python.value, literal(given), given)
    definition = context.find(kind)
    if isinstance(definition, EnumDefinition):
        return f"{definition.name}.{member_names(each.name for each in definition.values)[str(given)]}"
    return literal(given)
