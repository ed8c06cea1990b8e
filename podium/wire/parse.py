"""Types as text: `List<Note?>`, `Map<String, int>`, `(int, {String name})`, `module:auth:User?` -> TypeRef.

Reports errors in the form of a type; schema/resolve.py checks that its class exists.
"""

from __future__ import annotations

import re
from functools import lru_cache

from podium.wire.errors import SchemaError
from podium.wire.types import RECORD, TypeRef, registry
from podium.wire.types.ref import LIST, MAP, SET, STREAM

MAX_DEPTH = 32
"""Maximum nesting depth of types."""

_ARGUMENTS = {LIST: 1, SET: 1, STREAM: 1, MAP: 2}
_EXAMPLES = {
    LIST: "List<String>",
    SET: "Set<String>",
    STREAM: "Stream<String>",
    MAP: "Map<String, int>",
}

_NAME = re.compile(
    r"(?:module:(?P<module>\w+):|(?P<library>(?:package|project):[\w./-]+):|(?P<package>[A-Za-z_]\w*):)?"
    r"(?P<name>[A-Za-z_]\w*)"
)
_FIELD_NAME = re.compile(r"[A-Za-z_$]\w*")
_SPACE = re.compile(r"\s*")
_DIMENSION = re.compile(r"\(\s*([^()]*?)\s*\)")


@lru_cache(maxsize=4096)
def parse_type(text: str) -> TypeRef:
    """Parse a type.

    Raises SchemaError, with the offset of the character where reading stopped.
    """
    if not text.strip():
        raise SchemaError('there is no type; write one, e.g. "String"')
    reader = _Reader(text)
    result = reader.type(0)
    reader.skip_space()
    if reader.offset < len(text):
        raise reader.error(f'unexpected "{text[reader.offset :].strip()}" after the type {result}')
    return result


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0

    def error(self, message: str, offset: int | None = None) -> SchemaError:
        return SchemaError(message, self.offset if offset is None else offset)

    def skip_space(self) -> None:
        match = _SPACE.match(self.text, self.offset)
        if match:
            self.offset = match.end()

    def peek(self) -> str:
        self.skip_space()
        return self.text[self.offset : self.offset + 1]

    def take(self, character: str) -> bool:
        """Step over `character` if it comes next."""
        if self.peek() == character:
            self.offset += 1
            return True
        return False

    def expect(self, character: str, opened: str, start: int) -> None:
        if not self.take(character):
            raise self.error(f'the "{opened}" is not closed; write "{character}"', start)

    def type(self, depth: int) -> TypeRef:
        if depth > MAX_DEPTH:
            raise self.error(f"the type is nested more than {MAX_DEPTH} deep")
        start = self.offset
        result = self.record(depth) if self.peek() == "(" else self.named(depth)
        if not self.take("?"):
            return result
        if result.is_dynamic:
            raise self.error('dynamic may always be null; write it without "?"', start)
        return TypeRef(
            result.name,
            True,
            result.arguments,
            result.named,
            module=result.module,
            dimension=result.dimension,
        )

    def named(self, depth: int) -> TypeRef:
        match = _NAME.match(self.text, self.offset)
        if not match:
            found = self.text[self.offset :].strip()
            raise self.error(f'a type is expected, not "{found}"' if found else "a type is expected here")
        start = self.offset
        self.offset = match.end()
        name, package = match["name"], match["package"] or ""
        if package in ("module", "package", "project"):
            raise self.error(f'write "{package}:<where>:<class>"', start)
        module = match["module"] or match["library"] or package
        arguments = self.arguments(depth) if self.peek() == "<" else ()
        kind = registry.named(name) if not module else None
        dimension = self.dimension() if kind is not None and kind.sized else None
        self.check_arguments(name, module, arguments, start)
        return TypeRef(name, arguments=arguments, module=module, dimension=dimension)

    def arguments(self, depth: int) -> tuple[TypeRef, ...]:
        start = self.offset
        self.offset += 1
        arguments = [self.type(depth + 1)]
        while self.take(","):
            arguments.append(self.type(depth + 1))
        self.expect(">", "<", start)
        return tuple(arguments)

    def check_arguments(self, name: str, module: str, arguments: tuple[TypeRef, ...], start: int) -> None:
        wanted = _ARGUMENTS.get(name, 0) if not module else 0
        if len(arguments) == wanted:
            return
        if not wanted:
            raise self.error(f'{name} takes no types in "<>"', start)
        count = "one type" if wanted == 1 else "two types"
        raise self.error(f'{name} takes {count} in "<>", e.g. {_EXAMPLES[name]}', start)

    def dimension(self) -> int:
        self.skip_space()
        start = self.offset
        match = _DIMENSION.match(self.text, start)
        if not match:
            raise self.error("the type needs its number of dimensions in parentheses, e.g. Vector(512)")
        self.offset = match.end()
        if not match[1].isdecimal() or int(match[1]) < 1:
            raise self.error(f'the dimensions must be a whole number from 1 on, not "{match[1]}"', start + 1)
        return int(match[1])

    def record(self, depth: int) -> TypeRef:
        start = self.offset
        self.offset += 1
        positional: list[TypeRef] = []
        named: list[tuple[str, TypeRef]] = []
        comma = False
        while self.peek() not in (")", "{", ""):
            positional.append(self.type(depth + 1))
            self.field_name()  # a name is allowed here, and ignored
            comma = self.take(",")
            if not comma:
                break
        if self.peek() == "{":
            if positional and not comma:
                raise self.error('a "," is missing before "{"')
            named = self.named_fields(depth)
            self.take(",")
        self.expect(")", "(", start)
        if not positional and not named:
            raise self.error("a record needs a field at least, e.g. (int,)", start)
        if len(positional) == 1 and not named and not comma:
            raise self.error(f"a record of one field is written with a comma: ({positional[0]},)", start)
        return TypeRef(RECORD, arguments=tuple(positional), named=tuple(named))

    def named_fields(self, depth: int) -> list[tuple[str, TypeRef]]:
        start = self.offset
        self.offset += 1
        fields: list[tuple[str, TypeRef]] = []
        while self.peek() not in ("}", ""):
            kind = self.type(depth + 1)
            name = self.field_name()
            if not name:
                raise self.error(f'the field of type {kind} needs a name, e.g. "{kind} value"')
            if any(name == other for other, _ in fields):
                raise self.error(f'the record has two fields "{name}"')
            fields.append((name, kind))
            if not self.take(","):
                break
        self.expect("}", "{", start)
        return fields

    def field_name(self) -> str:
        self.skip_space()
        match = _FIELD_NAME.match(self.text, self.offset)
        if not match:
            return ""
        self.offset = match.end()
        return match[0]
