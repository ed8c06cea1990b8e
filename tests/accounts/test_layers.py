"""Each module of accounts is in a layer of the contract in pyproject.toml, so new modules are checked, too."""

from __future__ import annotations

import tomllib

from podium.core.project import PACKAGES

CONTRACTS = tomllib.loads((PACKAGES / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def layers() -> list[str]:
    """The names in the contract."""
    [contract] = [each for each in CONTRACTS if each.get("containers") == ["accounts"]]
    return [name.strip() for layer in contract["layers"] for name in layer.replace("|", ":").split(":")]


def modules() -> list[str]:
    """The modules of accounts without the files __init__.py of its folders."""
    root = PACKAGES / "accounts"
    paths = [path.relative_to(root).with_suffix("") for path in root.rglob("*.py")]
    return [".".join(path.parts) for path in paths if path.name != "__init__"]


def test_each_module_is_in_one_layer() -> None:
    assert len(modules()) > 100
    holders = {
        module: [name for name in layers() if f"{module}.".startswith(f"{name}.")] for module in modules()
    }
    assert {module: names for module, names in holders.items() if len(names) != 1} == {}


def test_each_name_in_the_contract_exists() -> None:
    gone = [name for name in layers() if not any(f"{module}.".startswith(f"{name}.") for module in modules())]
    assert gone == []
