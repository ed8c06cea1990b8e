"""Podium's settings with the endpoints that benchmarks/calls.py measures. No server but the benchmark's has them."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks"]
