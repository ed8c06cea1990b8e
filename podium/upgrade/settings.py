"""The new config/settings.py of a project of 0.1: the user's changes in the old one, on top of podium.settings."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection
from dataclasses import dataclass, field

from podium.upgrade.rewriting import Names, rewrite

METHODS = {
    "EmailIdpBaseEndpoint": "email",
    "AnonymousIdpBaseEndpoint": "anonymous",
    "PasskeyIdpBaseEndpoint": "passkey",
    "GoogleIdpBaseEndpoint": "google",
    "AppleIdpBaseEndpoint": "apple",
    "FirebaseIdpBaseEndpoint": "firebase",
    "GitHubIdpBaseEndpoint": "github",
    "MicrosoftIdpBaseEndpoint": "microsoft",
    "FacebookIdpBaseEndpoint": "facebook",
    "OidcIdpBaseEndpoint": "oidc",
}
"""Base classes that an app of 0.1 extends to offer a sign-in method -> the method's name in ACCOUNTS_SIGN_IN."""
LEFT_OUT = ("files", "realtime", "tasks", "monitoring")
"""Apps that podium.settings.leave_out takes."""
HEAD = (
    '"""This project\'s settings, on top of Podium\'s defaults. All of them: docs/reference/settings.md"""\n'
)
LATER = """
# From config/settings.py of 0.1. These lines change values of Podium that are different now. Copy what you still need,
# then delete these lines.
"""


@dataclass(slots=True)
class Carried:
    """The new text, and notes for the user."""

    text: str = ""
    apps: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def carry(old: str, base: str, defaults: str, names: Names, methods: Collection[str]) -> Carried:
    """Write a new config/settings.py.

    old        the user's text
    base       0.1's text that the user began with
    defaults   podium/settings.py
    methods    sign-in methods that the project's classes offer

    Raises SyntaxError if the user's text is not valid Python.
    """
    there = {ast.dump(node) for node in ast.parse(base).body}
    result = Carried(apps=added_apps(old, base))
    provided = _assigned(ast.parse(defaults)) | {"INSTALLED_APPS"}
    known = _assigned(ast.parse(base))
    imports, active, later = [], [], []
    available = set(provided)
    for node in ast.parse(old).body:
        text = ast.get_source_segment(old, node) or ""
        if ast.dump(node) in there or _is_about_apps(node) or _is_docstring(node):
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports.append(text)
            available |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif _is_plain(node, known) and _used(node) <= available | set(dir(builtins)):
            active.append(text)
            available |= _assigned(ast.Module([node], []))
        else:
            later.append(text)
    result.notes += _removed(old, base)
    left_out = [app for app in LEFT_OUT if app in installed_apps(base) and app not in installed_apps(old)]
    shown = sorted(({"INSTALLED_APPS"} | _names_in(active)) & provided) + (["leave_out"] if left_out else [])
    parts = [
        HEAD,
        "\nfrom podium.settings import *  # noqa: F403\n",
        f"from podium.settings import {', '.join(shown)}\n",
    ]
    parts += [f"{_renamed(text, names)}\n" for text in imports]
    parts += [f"\nleave_out({_list(left_out)[1:-1]})\n"] if left_out else []
    parts.append(f"\nINSTALLED_APPS += {_list(result.apps)}\n")
    if methods:
        parts.append(f"\nACCOUNTS_SIGN_IN = {_list(sorted(methods))}\n")
    parts += [f"\n{_renamed(text, names)}\n" for text in active]
    if later:
        parts.append(LATER)
        for text in later:
            parts += [f"# {line}".rstrip() + "\n" for line in _renamed(text, names).splitlines()]
        result.notes.append(f"{len(later)} changed settings of Podium are comments at its end: check each")
    result.text = "".join(parts)
    return result


def installed_apps(text: str) -> list[str]:
    """The entries that a settings file itself adds to INSTALLED_APPS."""
    found: list[str] = []
    for node in ast.parse(text).body:
        if _is_about_apps(node):
            found += [
                each.value
                for each in ast.walk(node)
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            ]
    return found


def added_apps(old: str, base: str) -> list[str]:
    """The user's own entries of INSTALLED_APPS. 0.1's `example` is one if it is still listed."""
    ours = set(installed_apps(base)) - {"example"}
    return [app for app in dict.fromkeys(installed_apps(old)) if app not in ours]


def _removed(old: str, base: str) -> list[str]:
    kept = {*installed_apps(old), "example", *LEFT_OUT}
    apps = [app for app in installed_apps(base) if app not in kept]
    notes = [
        f"you had removed {app!r} from INSTALLED_APPS; write INSTALLED_APPS.remove(...) if it is to stay out"
        for app in apps
    ]
    gone = sorted(_assigned(ast.parse(base)) - _assigned(ast.parse(old)))
    return notes + [f"you had removed {name}; podium.settings has it" for name in gone]


def _is_about_apps(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(target, ast.Name) and target.id == "INSTALLED_APPS" for target in targets)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        called = node.value.func
        return (
            isinstance(called, ast.Attribute)
            and isinstance(called.value, ast.Name)
            and called.value.id == "INSTALLED_APPS"
        )
    return False


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_plain(node: ast.stmt, known: Collection[str]) -> bool:
    """Test whether a statement can follow podium.settings: a new name, or another plain value of a known one."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name not in known
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if not all(isinstance(target, ast.Name) for target in targets):
        return False
    is_new = not any(isinstance(target, ast.Name) and target.id in known for target in targets)
    return is_new or _is_value(node.value)


def _is_value(node: ast.expr) -> bool:
    """Test for a literal without names of code in it, or a value read from the environment: env.int("X", default=1)."""
    if isinstance(node, ast.Call):
        called = node.func
        return (
            isinstance(called, ast.Attribute)
            and isinstance(called.value, ast.Name)
            and called.value.id == "env"
        )
    if isinstance(node, ast.List | ast.Tuple):
        return all(isinstance(each, ast.Constant) and "." not in str(each.value) for each in node.elts)
    return isinstance(node, ast.Constant)


def _assigned(tree: ast.Module) -> set[str]:
    """The public names that a module's own statements bind, imports too."""
    found: set[str] = set()
    for node in tree.body:
        for each in ast.walk(node) if not isinstance(node, ast.FunctionDef | ast.ClassDef) else ():
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                found.add(each.id)
            elif isinstance(each, ast.Import | ast.ImportFrom):
                found |= {(alias.asname or alias.name).split(".")[0] for alias in each.names}
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
    return {name for name in found if not name.startswith("_") and name != "annotations"}


def _used(node: ast.stmt) -> set[str]:
    own = {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}
    stored = {
        each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} - own - stored


def _names_in(texts: list[str]) -> set[str]:
    return {name for text in texts for node in ast.parse(text).body for name in _used(node)}


def _renamed(text: str, names: Names) -> str:
    return rewrite(text.encode(), names).source.decode()


def _list(values: Collection[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"
