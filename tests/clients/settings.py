"""The settings of a server that answers pages of some origins alone: ORIGINS in the environment, split by ","."""

import os

from config.settings import *  # noqa: F403

ENDPOINTS_ALLOWED_ORIGINS = os.environ["ORIGINS"].split(",")
