"""This project's settings, on top of Podium's defaults. All of them: docs/reference/settings.md"""

from podium.settings import *  # noqa: F403
from podium.settings import INSTALLED_APPS

INSTALLED_APPS += ["example"]

ACCOUNTS_SIGN_IN = ["email", "anonymous"]
