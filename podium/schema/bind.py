"""Bind types to their classes: fill in each class's module, report unknown names with a similar one."""

from __future__ import annotations

from dataclasses import replace

from podium.schema import rules
from podium.schema.definitions import Position, Protocol
from podium.schema.known_names import World
from podium.wire.types import TypeRef, registry
from podium.wire.types.ref import STREAM, VOID


def bind(world: World, kind: TypeRef, position: Position) -> TypeRef | None:
    """The type with the module of every class in it. Reports a fault and returns None for an unknown name."""
    arguments = [bind(world, argument, position) for argument in kind.arguments]
    named = [(name, bind(world, argument, position)) for name, argument in kind.named]
    module = _module(world, kind, position)
    if module is None or None in arguments or any(argument is None for _, argument in named):
        return None
    return replace(
        kind,
        module=module,
        arguments=tuple(argument for argument in arguments if argument),
        named=tuple((name, argument) for name, argument in named if argument),
    )


def _module(world: World, kind: TypeRef, position: Position) -> str | None:
    protocol = world.protocol
    if ":" in kind.module or (not kind.module and registry.is_built_in(kind.name)):
        return kind.module
    if kind.module and (
        kind.module != protocol.name or kind.module in {*protocol.modules, *protocol.nicknames}
    ):
        return _named_module(world, kind, position)
    if kind.name in world.drafts or kind.name in protocol.extra:
        return ""
    for nickname, module in protocol.modules.items():
        if module.shared and module.named(kind.name):
            return nickname
    world.faults.add(position, f'there is no type "{kind.name}"{_near_type(world, kind.name)}')
    return None


def _named_module(world: World, kind: TypeRef, position: Position) -> str | None:
    modules = world.protocol.modules
    nickname = world.protocol.nicknames.get(kind.module, kind.module)
    if nickname not in modules:
        nickname = next((each for each, module in modules.items() if module.name == nickname), "")
    if not nickname:
        known = rules.near(kind.module, modules) or (
            f"; there are {rules.listed(modules)}" if modules else ""
        )
        world.faults.add(position, f'there is no module "{kind.module}"{known}')
        return None
    if not modules[nickname].named(kind.name) and kind.name not in modules[nickname].extra:
        near = rules.near(kind.name, [one.name for one in modules[nickname].definitions])
        others = [name for name, module in modules.items() if module.named(kind.name)]
        if others:
            near = (
                f"; write module:{others[0]}:{kind.name}, or give that module the nickname in pyproject.toml"
            )
        world.faults.add(position, f'the module "{kind.module}" has no class "{kind.name}"{near}')
        return None
    return nickname


def _near_type(world: World, name: str) -> str:
    if meant := registry.by_other_name(name):
        return f"; write {meant}"
    for nickname, module in world.protocol.modules.items():
        if module.named(name):
            return f"; write module:{nickname}:{name}"
    if name in (STREAM, VOID):
        return "; that is for methods of endpoints only"
    known = [*world.drafts, *world.protocol.extra, *registry.names()]
    return rules.near(name, known)


def seen_from_here(protocol: Protocol, kind: TypeRef, module: str) -> TypeRef:
    there = protocol.modules[module]
    arguments = tuple(seen_from_here(protocol, argument, module) for argument in kind.arguments)
    named = tuple((name, seen_from_here(protocol, argument, module)) for name, argument in kind.named)
    owner = kind.module
    if not owner and there.named(kind.name):
        owner = module
    elif owner in there.modules:
        package = there.modules[owner].name
        owner = next((name for name, one in protocol.modules.items() if one.name == package), owner)
    return replace(kind, arguments=arguments, named=named, module=owner)
