"""Fixtures of the tests of validation."""

from __future__ import annotations

from tests.validation import signup_app

signup_app.install()
