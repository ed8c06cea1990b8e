"""Names of projects and apps: their form, and those that are reserved. No Django."""

from __future__ import annotations

import importlib.util
import keyword
import re
import sys
from pathlib import Path

from podium.core import project
from podium.schema.rules import RESERVED_NAMES as DART_WORDS

FORM = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
MAX_LENGTH = 40
"""Characters: names of tables and indexes contain it, and Postgres truncates those to 63 characters."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FOLDERS = {
    "podium": "it is the framework's own package",
    "config": "it is the folder of a project's settings",
    "manage": "it is the module manage.py",
    "tests": "it is a folder of tests",
    "clients": "it is the folder of the generated clients",
    "static": "it is the folder of static files",
    "media": "it is the folder of uploaded files",
}
PLATFORM_APPS = _words("accounts files legacy_auth legacy_chat monitoring realtime tasks")
LABELS = _words("""
    account admin allauth apple auth channels contenttypes corsheaders csp daphne django_celery_beat drf_spectacular
    drf_spectacular_sidecar facebook github google headless humanize messages mfa microsoft openid_connect
    podium_access podium_admin podium_codegen podium_database podium_dev podium_endpoints podium_rest podium_rows
    podium_server rest_framework sessions socialaccount staticfiles storages unfold usersessions
""")
"""Labels of the other apps that podium.settings installs."""
PAGES = _words("account admin api livez mail metrics readyz serverpod_cloud_storage uploads")
"""First segments of the server's pages: an endpoint with such a name would hide the page."""


def problem(name: str) -> str:
    """Return the reason why a project or app can't have this name, and a suggestion; "" if it can."""
    if not FORM.fullmatch(name):
        return (
            f'"{name}" is not a valid name: use lower-case letters, digits and single underscores, starting with a '
            f"letter. For example: {near(name)}"
        )
    if len(name) > MAX_LENGTH:
        return f'"{name}" has {len(name)} characters; at most {MAX_LENGTH} are allowed. For example: {near(name)}'
    if reason := taken(name):
        return f'"{name}" can\'t be used: {reason}. For example: {near(name)}'
    return ""


def taken(name: str) -> str:
    """The reason why a name of valid form is reserved; "" if it is not."""
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        return "it is a Python keyword"
    if name in DART_WORDS:
        return "it is a Dart keyword, and the client for Flutter is written in Dart"
    if name in FOLDERS:
        return FOLDERS[name]
    if name.split("_")[0] == "serverpod":
        return "Serverpod's packages, which the client for Dart uses, begin with it"
    if name in PLATFORM_APPS:
        return "it is one of Podium's apps"
    if name in PAGES:
        return f"the server has pages below /{name}/"
    if name in LABELS:
        return "an app that Podium uses has this label"
    if name in sys.stdlib_module_names:
        return "it is a module of Python's standard library"
    if is_installed(name):
        return "an installed package has this name, so Python could import the wrong one"
    return ""


def is_installed(name: str) -> bool:
    """Test whether a package of this name can be imported from outside the project and the current folder."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):  # a broken or half-loaded module has the name too
        return True
    if spec is None or spec.origin is None:  # a folder without code is not a package to import
        return False
    origin = Path(spec.origin).resolve()
    return not any(origin.is_relative_to(folder / name) for folder in (project.ROOT, Path.cwd()))


def near(name: str) -> str:
    """A valid name similar to this one."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    found = re.sub(r"[^a-z0-9]+", "_", words).strip("_")
    if not found or not found[0].isalpha():
        found = f"app_{found}".rstrip("_")
    found = found[:MAX_LENGTH].rstrip("_")
    if found.split("_")[0] == "serverpod":
        return f"my_{found}"[:MAX_LENGTH].rstrip("_")
    return f"{found[: MAX_LENGTH - 4]}_app" if taken(found) else found
