"""The project's settings for a process that only creates the tables, in the database of CONFORMANCE_DATABASE."""

import os
from urllib.parse import unquote

from tests.settings import *  # noqa: F403
from tests.settings import env

DATABASES = {"default": env.db_url_config(os.environ["CONFORMANCE_DATABASE"])}
DATABASES["default"]["HOST"] = unquote(DATABASES["default"]["HOST"])
