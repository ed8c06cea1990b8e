"""The project's settings for a process that only makes the tables, in the database of CONFORMANCE_DATABASE."""

import os
from urllib.parse import unquote

from config.settings import *  # noqa: F403
from config.settings import env

DATABASES = {"default": env.db_url_config(os.environ["CONFORMANCE_DATABASE"])}
DATABASES["default"]["HOST"] = unquote(DATABASES["default"]["HOST"])
