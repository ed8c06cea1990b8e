"""Imports and dotted names of 0.1 become those of 0.2; everything else stays byte for byte."""

from __future__ import annotations

import textwrap

import pytest

from podium.core.project import PACKAGES
from podium.upgrade import layout, renames, rewriting

NAMES = layout.names(PACKAGES)

CASES = {
    "a name from a module": (
        "from endpoints.endpoint import Endpoint, hidden  # the base\n",
        "from podium.endpoints.endpoint import Endpoint, hidden  # the base\n",
    ),
    "a module from a package": ("from database import fields\n", "from podium.database import fields\n"),
    "a module with a new name": ("from schema import wire\n", "from podium.wire import classes as wire\n"),
    "a module with a new name and an alias": (
        "from schema import wire as w\n",
        "from podium.wire import classes as w\n",
    ),
    "modules that went to two places": (
        "if True:\n    from database import fields, pool\n",
        "if True:\n    from podium.database import fields\n    from podium.reads import pool\n",
    ),
    "one line with other statements": (
        "x = 1; from database import fields, pool; y = 2\n",
        "x = 1; from podium.database import fields; from podium.reads import pool; y = 2\n",
    ),
    "parentheses, comments and a comma at the end": (
        "from schema.types import (\n    SetAsList,  # lists\n    Uri,\n)\n",
        "from podium.wire.types import (\n    SetAsList,  # lists\n    Uri,\n)\n",
    ),
    "a module by its full name, as migrations have it": (
        "import database.fields\nimport core.clock\n\nx = [database.fields.TextField(default=core.clock.now)]\n",
        "import podium.database.fields\nimport podium.core.clock\n\n"
        "x = [podium.database.fields.TextField(default=podium.core.clock.now)]\n",
    ),
    "several on one line, with an alias": (
        "import os, database.pool as p, schema.wire\nschema.wire.register(p.fetch)\n",
        "import os, podium.reads.pool as p, podium.wire.classes\npodium.wire.classes.register(p.fetch)\n",
    ),
    "a package": (
        "import endpoints\n\nendpoints.calls.Call\n",
        "import podium.endpoints\n\npodium.endpoints.calls.Call\n",
    ),
    "a use above the import": (
        "def f():\n    return core.clock.now()\n\n\nimport core.clock\n",
        "def f():\n    return podium.core.clock.now()\n\n\nimport podium.core.clock\n",
    ),
    "strings that name something": (
        'M = ["endpoints.addresses.middleware", \'config.headers.SecurityHeaders\']\nP = "endpoints.http:Protocol"\n',
        "M = [\"podium.endpoints.addresses.middleware\", 'podium.server.headers.SecurityHeaders']\n"
        'P = "podium.endpoints.http:Protocol"\n',
    ),
    "a patch in a test": (
        'with patch("core.clock.now"): pass\n',
        'with patch("podium.core.clock.now"): pass\n',
    ),
    "the environment's module": (
        "from config.environment import Environment\n",
        "from podium.core.environment import Environment\n",
    ),
    "a module that moved into a folder of its name": (
        "from accounts import audit, tokens\nfrom accounts.audit import record\n",
        "from accounts.audit import audit\nfrom accounts.sessions import sessions as tokens\n"
        "from accounts.audit.audit import record\n",
    ),
    "a module with another name in the same folder": (
        "from accounts.imports import people, reading\n",
        "from accounts.imports import users as people, reading\n",
    ),
    "a dotted path of accounts": (
        'CHECKS = ["accounts.human.turnstile", "accounts.audit.record"]\n',
        'CHECKS = ["accounts.throttling.captcha.turnstile", "accounts.audit.audit.record"]\n',
    ),
    "classes of one module that moved to several": (
        "from accounts.endpoints.idp_social import AppleIdpBaseEndpoint, GoogleIdpBaseEndpoint\n",
        "from accounts.providers.apple.endpoints import AppleIdpBaseEndpoint\n"
        "from accounts.providers.google.endpoints import GoogleIdpBaseEndpoint\n",
    ),
    "letters beyond ASCII before a name": (
        'import core.clock\nx = ["ä€🙂", core.clock.now()]; y = "ä"\n',
        'import podium.core.clock\nx = ["ä€🙂", podium.core.clock.now()]; y = "ä"\n',
    ),
    "line ends of Windows": (
        "from core import clock\r\nx = 1\r\n",
        "from podium.core import clock\r\nx = 1\r\n",
    ),
}

SAME = {
    "the project's own config": 'from config.settings import DEBUG\nfrom config import settings\nU = "config.urls"\n',
    "other packages": "from accounts.models import User\nfrom django.core import mail\nimport tasks.scheduling\n",
    "relative imports": "from .core import clock\nfrom . import database\n",
    "a module of the user's in a folder of ours": "from core.mine import thing\nimport database.mine\n",
    "variables": "core = object()\ncore.clock.now()\nschema = {}\nschema.wire\n",
    "words in texts": 'x = "see core.clock for more"  # core.clock\n"""from core import clock"""\n',
    "keys that look alike": 'x = {"database.host": 1, "core.W001": 2, "config.settings": 3}\n',
}


@pytest.mark.parametrize("case", CASES)
def test_a_name_of_0_1_becomes_that_of_0_2(case: str):
    old, new = CASES[case]
    rewritten = rewriting.rewrite(old.encode(), NAMES)
    assert rewritten.source.decode() == new
    assert rewritten.changes
    assert rewritten.notes == []
    assert rewriting.rewrite(rewritten.source, NAMES).source == rewritten.source  # safe to run again


@pytest.mark.parametrize("case", SAME)
def test_everything_else_stays(case: str):
    rewritten = rewriting.rewrite(SAME[case].encode(), NAMES)
    assert rewritten.source.decode() == SAME[case]
    assert rewritten.changes == []


def test_places_to_check_are_noted():
    source = textwrap.dedent(
        """\
        import core.clock

        def f(core): return core.clock
        x = f"{core.clock.now()}"
        y = ("core." "clock.now")
        """
    )
    notes = rewriting.rewrite(source.encode(), NAMES).notes
    assert [note.line for note in notes] == [3, 4, 5]
    assert "variable core" in notes[0].text
    assert notes[1].text == "in the f-string, core.clock is now podium.core.clock"
    assert notes[2].text == "core.clock.now is now podium.core.clock.now"


def test_a_file_that_is_not_python_stays_with_a_note():
    rewritten = rewriting.rewrite(b"from core import (\n", NAMES)
    assert rewritten.source == b"from core import (\n"
    assert "not valid Python" in rewritten.notes[0].text


def test_a_module_that_is_gone_is_noted():
    rewritten = rewriting.rewrite(b"from config import all_apps\n", NAMES)
    assert rewritten.notes == [rewriting.Note(1, "tests.all_apps does not exist in this version: replace it")]


def test_each_module_of_0_1_has_a_new_name_that_exists():
    old = {module for module in NAMES.modules if renames.new_name(module)}
    gone = {module for module in old if not NAMES.exists(renames.new_name(module) or "")}
    assert len(old) > 200
    assert gone <= {"config.all_apps", "rest.access", "schema.scalars"}, "internal, without a replacement"


@pytest.mark.parametrize(
    ("before", "encoding"),
    [
        ("from database import fields\n", "utf-8-sig"),
        ("# -*- coding: latin-1 -*-\nx = 'ä'; from database import fields\n", "latin-1"),
        ("x = 'ä'; from database import fields\n", "utf-8"),
        ("x = 1\r\nfrom database import fields\r\n", "utf-8"),
    ],
)
def test_the_encoding_of_a_file_stays(before: str, encoding: str) -> None:
    after = before.replace("from database", "from podium.database")
    assert rewriting.rewrite(before.encode(encoding), NAMES).source == after.encode(encoding)
