"""Plan the upgrade from 0.1's layout to 0.2: remove Podium's own files, rewrite the user's, write a new config/.

A file of Podium that the user changed is never overwritten: it is moved to ASIDE, with a diff if the repository's
history has the original. Nothing is changed here; see podium.upgrade.work.
"""

from __future__ import annotations

import ast
import difflib
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from podium.dev import template
from podium.upgrade import journal, layout, renames, settings
from podium.upgrade.rewriting import Names, rewrite
from podium.upgrade.target import UpgradeError
from podium.upgrade.work import Work

ASIDE = "changed-in-0.1"
"""Not a package and not an app: nothing imports or collects its files."""
SETTINGS = "config/settings.py"
CODE = frozenset(
    [*renames.ROOTS, *layout.APPS, "example", "tests", "benchmarks", "manage.py", "pyproject.toml"]
)
"""Top-level names whose changed files are moved aside. Other changed files, such as README.md, stay."""
TEXTS = (".md", ".sh", ".yml", ".yaml", ".toml", ".cfg", ".ini", ".txt", ".service", ".conf", ".env")
NAMED = frozenset(["Dockerfile", "Makefile", "Procfile", ".env"])
OLD_NAME = re.compile(rf"(?<![\w./-])(?:{'|'.join(sorted(renames.ROOTS))})(?:\.\w+)+")
WAY_BACK = (
    "Going back from the new layout needs Git: commit your work first, or add --force if you have a copy."
)
REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]*)")


def refuse_lost(project: Path, *, force: bool) -> None:
    """Refuse changes that Git could not revert. Raises UpgradeError."""
    if force:
        return
    try:
        answer = subprocess.run(
            ["git", "status", "--porcelain"], cwd=project, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise UpgradeError(f"Git is not installed. {WAY_BACK}") from None
    if answer.returncode:
        raise UpgradeError(f"{project} is not in a Git repository. {WAY_BACK}")
    lines = [line for line in answer.stdout.splitlines() if not line.endswith(".whl")]
    if lines:
        some = "\n".join(lines[:5])
        raise UpgradeError(f"{project} has changes that are not committed:\n{some}\n{WAY_BACK}")


def plan(project: Path, root: Path, requirements: dict[str, bytes]) -> Work:
    """Plan the change of a project.

    root           the folder of the new Podium
    requirements   the new requirements.txt and constraints.txt; the user's own packages are added
    """
    return _Planner(project, root, requirements).plan()


class _Planner:
    def __init__(self, project: Path, root: Path, requirements: dict[str, bytes]) -> None:
        self.project = project
        self.names: Names = layout.names(root)
        self.defaults = (root / "podium" / "settings.py").read_text(encoding="utf-8")
        self.requirements = requirements
        self.work = Work()
        self.paths = _files(project)
        self.apps = settings.installed_apps(self.text(SETTINGS))
        self.client = _client_name(self.text(SETTINGS))
        self.new = self.new_files()

    def plan(self) -> Work:
        for path in self.paths:
            if not path.startswith(("clients/", f"{ASIDE}/")):
                self.plan_file(path)
        for path, content in self.new.items():
            if path not in self.work.writes and not (self.is_kept(path) and (self.project / path).exists()):
                self.work.writes[path] = content
        self.work.removes = [path for path in self.work.removes if path not in self.work.writes]
        return self.work

    def plan_file(self, path: str) -> None:
        content = (self.project / path).read_bytes()
        is_ours = path in layout.known() and not self.is_user_app(path)
        if is_ours and layout.is_unchanged(path, content):
            if path in self.new:
                self.work.writes[path] = self.new[path]
            else:
                self.work.removes.append(path)
        elif is_ours and path.split("/")[0] in CODE | {"requirements.txt"}:
            self.put_aside(path, content, "you changed it")
        elif is_ours and path.endswith((".in", ".txt")):
            self.put_aside(path, content, "requirements.txt replaces it")
        elif path.split("/")[0] in layout.APPS:
            self.put_aside(
                path,
                content,
                f"{path.split('/')[0]} is an installed package now: move this file to one of your apps",
            )
        else:
            self.keep(path, content)

    def is_user_app(self, path: str) -> bool:
        """The app `example` is the user's as long as it is installed: its tables are in the database."""
        return path.startswith("example/") and "example" in self.apps

    def is_kept(self, path: str) -> bool:
        return path.split("/")[0] not in CODE and not path.endswith(".txt")

    def keep(self, path: str, content: bytes) -> None:
        """Rewrite the names in the user's Python; report those in other texts."""
        if path.endswith(".py"):
            rewritten = rewrite(content, self.names)
            if rewritten.changes:
                self.work.writes[path] = rewritten.source
            self.work.notes += [f"{path}:{note.line} {note.text}" for note in rewritten.notes]
        elif b"\0" not in content and (path.endswith(TEXTS) or Path(path).name in NAMED or "/" not in path):
            self.report_names(path, content)

    def report_names(self, path: str, content: bytes) -> None:
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            for old in dict.fromkeys(OLD_NAME.findall(line)):
                module = self.names.module_in(old)
                new = self.names.new(module) if module and "." in module else None
                if module and new:
                    self.work.notes.append(
                        f"{path}:{number} write {new}{old[len(module) :]} instead of {old}"
                    )

    def put_aside(self, path: str, content: bytes, reason: str) -> None:
        self.work.writes[f"{ASIDE}/{path}"] = content
        if path in self.new:
            self.work.writes[path] = self.new[path]
        else:
            self.work.removes.append(path)
        original = self.original(path, content)
        if original is not None:
            text = _diff(path, original, content)
            self.work.writes[f"{ASIDE}/{path}.diff"] = text.encode()
            self.work.notes.append(f"{ASIDE}/{path} {reason}: the difference is in {ASIDE}/{path}.diff")
        else:
            new = self.names.new(_dotted(path)) if path.endswith(".py") else None
            hint = (
                f"; compare with the installed {new.replace('.', '/')}.py"
                if new and self.names.exists(new)
                else ""
            )
            self.work.notes.append(f"{ASIDE}/{path} {reason}{hint}")

    def original(self, path: str, content: bytes) -> bytes | None:
        """The original text of a changed file, from the repository's history; None if that does not have it."""
        found = [_blob(self.project, each) for each in layout.known().get(path, ()) if each != "-"]
        if path == SETTINGS:
            found.append(layout.settings().encode())
        lines = set(content.splitlines())
        texts = [text for text in found if text is not None]
        return max(texts, key=lambda text: len(lines & set(text.splitlines())), default=None)

    def new_files(self) -> dict[str, bytes]:
        """The files of a new project, without the app that startproject writes; with this project's settings."""
        name = self.client
        made = template.project(name)
        files = {path: text for path, text in made.items() if not path.startswith(f"{name}/")}
        files[SETTINGS] = self.new_settings()
        found = {path: text.encode() for path, text in files.items()}
        return {**found, **self.requirements, "requirements.txt": self.new_requirements()}

    def new_settings(self) -> str:
        old = self.text(SETTINGS)
        base = (self.original(SETTINGS, old.encode()) or b"").decode()
        carried = settings.carry(old, base, self.defaults, self.names, self.methods())
        self.work.notes += [f"{SETTINGS}: {note}" for note in carried.notes]
        return carried.text

    def methods(self) -> set[str]:
        """The sign-in methods that classes of the user's apps offer."""
        found: set[str] = set()
        for path in self.paths:
            if path.endswith(".py") and (path not in layout.known() or self.is_user_app(path)):
                found |= {method for base, method in settings.METHODS.items() if base in self.text(path)}
        return found

    def new_requirements(self) -> bytes:
        """The pin, and the packages that the user added to 0.1's requirements."""
        text = self.requirements["requirements.txt"].decode()
        ours = {_package(line) for line in self.requirements["constraints.txt"].decode().splitlines()}
        old = self.text("requirements.txt").splitlines() if "requirements.txt" in self.paths else []
        own = [line for line in old if _package(line) not in ours | {""}]
        return (text + "".join(f"{line}\n" for line in own)).encode()

    def text(self, path: str) -> str:
        return (self.project / path).read_text(encoding="utf-8", errors="replace")


def _files(project: Path) -> list[str]:
    """The project's files that are in Git or are not ignored by it; without Git, all."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        answer = subprocess.run(command, cwd=project, capture_output=True, check=False)
        found: Iterable[str] = (
            answer.stdout.decode().split("\0") if not answer.returncode else journal.walk(project)
        )
    except FileNotFoundError:
        found = journal.walk(project)
    return sorted(path for path in set(found) if path and (project / path).is_file())


def _blob(project: Path, short: str) -> bytes | None:
    """A file's content by its short id, if the project's repository has it."""
    try:
        answer = subprocess.run(
            ["git", "cat-file", "blob", short], cwd=project, capture_output=True, check=False
        )
    except FileNotFoundError:
        return None
    return answer.stdout if not answer.returncode else None


def _client_name(text: str) -> str:
    """The name of the clients, so that apps which use them need no other import: CLIENT_NAME, else 0.1's default."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            if names == ["CLIENT_NAME"]:
                return str(node.value.value)
    return "example"


def _diff(path: str, old: bytes, new: bytes) -> str:
    before, after = (text.decode("utf-8", "replace").splitlines(keepends=True) for text in (old, new))
    return "".join(
        difflib.unified_diff(before, after, f"{path} as Podium had it", f"{path} as you changed it")
    )


def _package(line: str) -> str:
    """The normalized name in a line of a requirements file; "" for a comment or an option."""
    match = REQUIREMENT.match(line)
    return re.sub(r"[-_.]+", "-", match[1]).lower() if match else ""


def _dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
