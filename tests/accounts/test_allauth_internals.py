"""allauth's internal names: each import gives a reason, and each name has the expected signature.

After an upgrade of allauth, a failure here names the module of accounts to look at.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from importlib.util import find_spec, module_from_spec
from typing import Any

import pytest

from podium.core.project import PACKAGES

OURS = ("accounts", "legacy_auth", "legacy_chat", "files", "monitoring", "podium", "realtime", "tasks")
REASON = "# Internal: "
SIGNATURES = {
    "allauth.account.internal.flows.email_verification_by_code.EMAIL_VERIFICATION_CODE_SESSION_KEY": "str",
    "allauth.account.internal.flows.login.perform_login": "(request, login)",
    "allauth.account.internal.flows.manage_email.can_mark_as_primary": "(email_address)",
    "allauth.account.internal.flows.password_reset.request_password_reset": (
        "(request, email, users, token_generator)"
    ),
    "allauth.account.internal.flows.password_reset_by_code.PASSWORD_RESET_VERIFICATION_SESSION_KEY": "str",
    "allauth.account.internal.flows.password_reset_by_code.PasswordResetVerificationProcess.resume": "(request)",
    "allauth.account.internal.flows.reauthentication.did_recently_reauthenticate": "(request)",
    "allauth.account.internal.flows.reauthentication.get_reauthentication_flows": "(user)",
    "allauth.account.internal.flows.reauthentication.raise_if_reauthentication_required": "(request, *, app)",
    "allauth.account.internal.stagekit.LOGIN_SESSION_KEY": "str",
    "allauth.core.internal.httpkit.is_headless_request": "(request)",
    "allauth.mfa.base.internal.flows.delete_dangling_recovery_codes": "(user)",
    "allauth.mfa.internal.flows.add.validate_can_add_authenticator": "(user)",
    "allauth.mfa.recovery_codes.internal.auth.RecoveryCodes": "(instance)",
    "allauth.mfa.recovery_codes.internal.flows.RecoveryCodes": "(instance)",
    "allauth.mfa.totp.internal.auth.TOTP": "(instance)",
    "allauth.mfa.totp.internal.auth.TOTP._get_used_cache_key": "(self, code)",
    "allauth.mfa.totp.internal.auth.TOTP._mark_code_used": "(self, code)",
    "allauth.mfa.totp.internal.auth.TOTP.activate": "(user, secret)",
    "allauth.mfa.totp.internal.auth.generate_totp_secret": "(length=20)",
    "allauth.mfa.totp.internal.auth.validate_totp_code": "(secret, code)",
    "allauth.mfa.totp.internal.flows.TOTP": "(instance)",
}
"""The used parts of each imported name, and their parameters or type."""


def imports(source: str) -> Iterator[tuple[ast.ImportFrom | ast.Import, list[str]]]:
    """Each import of an internal module, and the dotted names that it binds."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("allauth."):
            names = [f"{node.module}.{each.name}" for each in node.names]
        elif isinstance(node, ast.Import):
            names = [each.name for each in node.names if each.name.startswith("allauth.")]
        else:
            continue
        if any(".internal" in name for name in names):
            yield node, names


def without_reason(source: str) -> list[int]:
    """The lines of imports that have no reason in a comment above."""
    lines = source.splitlines()
    return [
        node.lineno for node, _ in imports(source) if not lines[node.lineno - 2].lstrip().startswith(REASON)
    ]


SOURCES = {
    str(path.relative_to(PACKAGES)): path.read_text(encoding="utf-8")
    for folder in OURS
    for path in (PACKAGES / folder).rglob("*.py")
    if "allauth" in path.read_text(encoding="utf-8")
}
USED = sorted({name for source in SOURCES.values() for _, names in imports(source) for name in names})


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("from allauth.mfa.internal.flows import add", [1]),
        ("# Internal: nothing public does.\nfrom allauth.mfa.internal.flows import add", []),
        ("# Something.\nfrom allauth.mfa import internal", [2]),
        ("import os, allauth.mfa.internal", [1]),
        ("from allauth.mfa import models", []),
    ],
)
def test_an_import_without_a_reason_is_found(source: str, lines: list[int]) -> None:
    assert without_reason(source) == lines


def test_each_internal_import_has_a_reason() -> None:
    assert len(USED) > 10
    missing = [f"{path}:{line}" for path, source in SOURCES.items() for line in without_reason(source)]
    assert missing == [], f"write a line '{REASON}<why no public name does>' above"


def test_each_internal_name_has_a_signature_here() -> None:
    covered = [name for name in USED if any(f"{key}.".startswith(f"{name}.") for key in SIGNATURES)]
    assert covered == USED
    unused = [key for key in SIGNATURES if not any(f"{key}.".startswith(f"{name}.") for name in USED)]
    assert unused == []


@pytest.mark.parametrize("name", SIGNATURES)
def test_an_internal_name_is_as_accounts_expect_it(name: str) -> None:
    users = [path for path, source in SOURCES.items() for _, names in imports(source) if is_of(name, names)]
    assert shape(find(name)) == SIGNATURES[name], f"allauth changed {name}: see {', '.join(users)}"


def is_of(name: str, imported: list[str]) -> bool:
    return any(f"{name}.".startswith(f"{each}.") for each in imported)


def find(dotted: str) -> Any:
    """The object with this name. Fails with the name if allauth no longer has it."""
    parts = dotted.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            found: Any = fresh(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            found = getattr(found, part, None)
            assert found is not None, f"allauth has no {dotted}"
        return found
    raise AssertionError(f"allauth has no {dotted}")


def fresh(module: str) -> Any:
    """A copy of a module as allauth wrote it: accounts replace some of its names at start."""
    spec = find_spec(module)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(module)
    copy = module_from_spec(spec)
    spec.loader.exec_module(copy)
    return copy


def shape(value: Any) -> str:
    """Parameters without annotations, or the type of a constant."""
    if not callable(value):
        return type(value).__name__
    signature = inspect.signature(value)
    bare = [each.replace(annotation=inspect.Parameter.empty) for each in signature.parameters.values()]
    return str(inspect.Signature(bare))
