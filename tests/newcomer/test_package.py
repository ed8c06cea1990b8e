"""Podium as a package: its files, an empty environment with it, and a project in another folder."""

from __future__ import annotations

import re
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

import podium
from tests.newcomer.checkout import PROJECT
from tests.newcomer.installed import CONSTRAINTS, Installed

pytestmark = pytest.mark.slow

PACKAGES = ["podium", "accounts", "files", "legacy_auth", "legacy_chat", "monitoring", "realtime", "tasks"]
TEMPLATE = "podium/dev/template/repository"
CARRIED = {
    "CHANGELOG.md": "podium/CHANGELOG.md",
    "requirements.txt": "podium/requirements.txt",
    "manage.py": f"{TEMPLATE}/manage.py",
}
"""Files that the wheel has at another place."""
NOT_IMPORTED = ["podium.dev.template.repository", "podium.core.storages.s3.storage"]
"""Text for new projects, which no program imports; and what needs an extra."""
IMPORT_ALL = """\
import importlib, pathlib, sys
import django
django.setup()
packages, count = pathlib.Path(sys.argv[1]), 0
for name in sys.argv[2].split(","):
    for path in sorted((packages / name).rglob("*.py")):
        module = ".".join(path.relative_to(packages).with_suffix("").parts).removesuffix(".__init__")
        if not module.startswith(tuple(sys.argv[3].split(","))):
            importlib.import_module(module)
            count += 1
print(count)
"""


def tracked(*folders: str) -> set[str]:
    """The files that git has, or will have, below folders of this checkout."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *folders]
    names = subprocess.run(
        listed, cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return {name for name in names if (PROJECT / name).is_file()}


def expected() -> set[str]:
    template = {f"{TEMPLATE}/{name}" for name in tracked("config", "example")}
    docs = {f"podium/{name}" for name in tracked("docs")}
    return tracked(*PACKAGES) | set(CARRIED.values()) | template | docs


def in_wheel(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="session")
def project(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that the installed `podium startproject` has made."""
    folder = tmp_path_factory.mktemp("projects")
    installed.output("podium", "startproject", "my_shop", folder=folder)
    return folder / "my_shop"


def test_the_wheel_has_every_file_and_no_other(installed: Installed) -> None:
    assert in_wheel(installed.wheel) == expected()
    with zipfile.ZipFile(installed.wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" in name]
        info = {name.partition(".dist-info/")[2]: archive.read(name).decode() for name in names}
    assert info["licenses/NOTICE"] == (PROJECT / "NOTICE").read_text()
    assert info["licenses/LICENSE"] == (PROJECT / "LICENSE").read_text()
    assert f"Version: {podium.__version__}\nSummary: " in info["METADATA"]
    extras = set(re.findall(r"^Provides-Extra: (\S+)", info["METADATA"], re.MULTILINE))
    assert extras == {"s3", "google", "azure", "test", "docs"}


def test_the_sdist_makes_the_same_wheel(installed: Installed, tmp_path: Path) -> None:
    installed.output("python", "-m", "venv", "--without-pip", tmp_path / "builder", folder=tmp_path)
    builder = tmp_path / "builder" / "bin" / "python"
    pip: list[str | Path] = ["python", "-m", "pip", "--python", builder]
    installed.output(*pip, "install", "-q", "hatchling", folder=tmp_path)
    build = "import sys; from hatchling.build import build_sdist; build_sdist(sys.argv[1])"
    installed.output(builder, "-c", build, tmp_path, folder=PROJECT)
    [sdist] = tmp_path.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert tracked(*PACKAGES, "config", "example", "docs") | {"LICENSE", "NOTICE", "manage.py"} <= names
    assert not [name for name in names if name.startswith(("tests/", "clients/", ".venv", ".podium"))]
    wheel = ["wheel", "-q", "--no-deps", "--no-build-isolation", "-w"]
    installed.output(*pip, *wheel, tmp_path, sdist, folder=tmp_path)
    [rebuilt] = tmp_path.glob("*.whl")
    assert in_wheel(rebuilt) == expected()


def test_the_command_works_outside_a_project(installed: Installed, tmp_path: Path) -> None:
    assert installed.output("podium", "--version", folder=tmp_path) == f"{podium.__version__}\n"
    assert "podium startproject NAME" in installed.output("podium", "--help", folder=tmp_path)
    refused = installed.run("podium", "migrate", folder=tmp_path)
    assert refused.returncode == 1
    assert "is not in a Podium project" in refused.stderr and "Traceback" not in refused.stderr


def test_every_module_can_be_imported(installed: Installed, project: Path) -> None:
    """Without the packages of the extras, except those for tests."""
    words = ["python", "-c", IMPORT_ALL, str(installed.packages), ",".join(PACKAGES), ",".join(NOT_IMPORTED)]
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings", "LEGACY_AUTH": "true", "LEGACY_CHAT": "true"}
    assert int(installed.output(*words, folder=project, PYTHONPATH=str(project), **settings)) > 400


def test_a_project_generates_for_its_own_apps_and_names_the_clients_after_itself(
    installed: Installed, project: Path
) -> None:
    protocols = {path: path.read_bytes() for path in installed.packages.glob("*/protocol*.py")}
    (project / "my_shop" / "receipt.spy.yaml").write_text(
        "class: Receipt\ntable: receipt\nfields:\n"
        "  buyer: module:auth:AuthUser?, relation\n  scan: FileInfo?, !persist\n"
    )
    installed.output("podium", "generate", folder=project / "my_shop", PODIUM_VENV="off")
    assert {path: path.read_bytes() for path in installed.packages.glob("*/protocol*.py")} == protocols
    assert "from files.protocol import FileInfo" in (project / "my_shop" / "protocol.py").read_text()
    assert "name: my_shop_client\n" in (project / "clients/dart/pubspec.yaml").read_text()
    assert '"name": "my-shop-client"' in (project / "clients/typescript/package.json").read_text()
    program = "import my_shop_client.protocol as p; print(p.Receipt.__name__, p.FileInfo.__name__)"
    client = str(project / "clients" / "python")
    assert (
        installed.output("python", "-c", program, folder=project, PYTHONPATH=client) == "Receipt FileInfo\n"
    )
    files = [path for path in (project / "clients").rglob("*.*") if path.is_file() and path.suffix != ".pyc"]
    text = "".join(path.read_text() for path in files)
    assert str(installed.folder) not in text and "site-packages" not in text


def test_a_class_of_the_platform_can_not_be_defined_again(installed: Installed, project: Path) -> None:
    clash = project / "my_shop" / "file_info.spy.yaml"
    clash.write_text("class: FileInfo\nfields:\n  name: String\n")
    try:
        done = installed.run("python", "manage.py", "generate", folder=project, PODIUM_VENV="off")
    finally:
        clash.unlink()
    assert done.returncode == 1
    assert (
        'my_shop/file_info.spy.yaml:1:8: error: "FileInfo" is already defined in '
        f"{installed.packages}/files/file_info.spy.yaml:2; choose another name"
    ) in done.stderr


def test_messages_name_pages_that_come_along(installed: Installed, project: Path) -> None:
    words = ("python", "manage.py")
    production = {"DATABASE_URL": "postgresql://a@localhost:1/a", "PODIUM_VENV": "off"}  # the rest is missing
    done = installed.run(*words, "check", folder=project, **production)
    assert "docs/reference/settings.md\nThe page: python3 manage.py docs settings\n" in done.stderr
    page = installed.output(*words, "docs", "settings", folder=project, PODIUM_VENV="off")
    assert page.startswith("# Settings\n")
    unknown = installed.run(*words, "docs", "setings", folder=project, PODIUM_VENV="off")
    assert unknown.returncode == 1 and 'no page named "setings". The pages are: ' in unknown.stderr


def test_a_storage_whose_packages_are_missing_names_the_extra(installed: Installed, project: Path) -> None:
    done = installed.run(
        "python", "manage.py", "check", folder=project, PODIUM_VENV="off", FILES_URL="s3:///bucket"
    )
    assert done.returncode == 1
    assert (
        done.stderr
        == "FILES_URL is an s3:// address, which needs boto3. Add podium[s3] to requirements.txt\n"
    )


def test_the_constraints_are_those_of_this_checkout() -> None:
    def pins(path: Path) -> set[str]:
        return set(re.findall(r"^[\w.-]+==\S+", re.sub(r"\[.*?\]", "", path.read_text()), re.MULTILINE))

    constraints = pins(CONSTRAINTS)
    assert pins(PROJECT / "requirements.txt") <= constraints
    assert {each.partition("==")[0] for each in constraints} >= {"pytest", "google-cloud-storage"}
    assert "podium" not in CONSTRAINTS.read_text() and "[" not in CONSTRAINTS.read_text()
