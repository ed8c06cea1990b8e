"""The settings of a project of 0.1 on top of podium.settings."""

from __future__ import annotations

import textwrap

from podium.core import left_out
from podium.core.project import PACKAGES
from podium.upgrade import layout, settings

BASE = textwrap.dedent(
    '''\
    """Settings."""
    from config.environment import Environment

    env = Environment()
    INSTALLED_APPS = ["unfold", "files", "tasks", "example"]
    TIME_ZONE = "UTC"
    MIDDLEWARE = ["config.nul.refuse_nul"]
    OLD = 1
    '''
)
DEFAULTS = """\
from podium.core.environment import Environment
env = Environment()
INSTALLED_APPS = []
TIME_ZONE = "UTC"
"""


def carried(old: str, methods: tuple[str, ...] = ()) -> settings.Carried:
    return settings.carry(old, BASE, DEFAULTS, layout.names(PACKAGES), methods)


def test_settings_that_nobody_changed_are_just_the_app():
    result = carried(BASE)
    assert result.text.splitlines()[1:] == [
        "",
        "from podium.settings import *  # noqa: F403",
        "from podium.settings import INSTALLED_APPS",
        "",
        'INSTALLED_APPS += ["example"]',
    ]
    assert result.notes == []


def test_own_settings_and_plain_values_stay_active():
    old = BASE.replace('"UTC"', '"Asia/Tokyo"') + (
        'from datetime import timedelta\nPAUSE = timedelta(seconds=env.int("PAUSE"))\nTWICE = PAUSE * 2\n'
        "def helper():\n    return TIME_ZONE\n"
    )
    text = carried(old, ("email",)).text
    assert (
        "from podium.settings import INSTALLED_APPS, TIME_ZONE, env\nfrom datetime import timedelta\n" in text
    )
    assert 'ACCOUNTS_SIGN_IN = ["email"]\n\nTIME_ZONE = "Asia/Tokyo"\n' in text
    assert (
        'PAUSE = timedelta(seconds=env.int("PAUSE"))\n\nTWICE = PAUSE * 2\n\ndef helper():\n    return TIME_ZONE\n'
        in text
    )


def test_other_changes_are_comments_with_new_names():
    old = BASE.replace('["config.nul.refuse_nul"]', '["config.nul.refuse_nul", "shop.web.Middleware"]')
    result = carried(old + "if env.bool('X'):\n    Y = UNKNOWN\n")
    assert '# MIDDLEWARE = ["podium.server.nul.refuse_nul", "shop.web.Middleware"]\n' in result.text
    assert "# if env.bool('X'):\n#     Y = UNKNOWN\n" in result.text
    assert result.notes == ["2 changed settings of Podium are comments at its end: check each"]


def test_apps_that_were_added_or_removed():
    old = BASE.replace(
        '["unfold", "files", "tasks", "example"]', '["tasks", "shop.apps.ShopConfig"]'
    ).replace("OLD = 1\n", "")
    result = carried(old + 'INSTALLED_APPS += ["blog"]\nINSTALLED_APPS.append("news")\n')
    assert "from podium.settings import INSTALLED_APPS, leave_out\n" in result.text
    assert 'leave_out("files")\n\nINSTALLED_APPS += ["shop.apps.ShopConfig", "blog", "news"]\n' in result.text
    assert result.notes == [
        "you had removed 'unfold' from INSTALLED_APPS; write INSTALLED_APPS.remove(...) if it is to stay out",
        "you had removed OLD; podium.settings has it",
    ]


def test_the_apps_that_can_be_left_out_are_those_of_podium():
    assert set(settings.LEFT_OUT) == set(left_out.OPTIONAL)
