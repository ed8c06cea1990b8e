"""Podium: a self-hosted backend platform on Django."""

__version__ = "0.2.0"
