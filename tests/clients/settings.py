"""The settings of a server that answers only pages of some origins: ORIGINS in the environment, split by ","."""

import os

from tests.settings import *  # noqa: F403

ENDPOINTS_ALLOWED_ORIGINS = os.environ["ORIGINS"].split(",")
