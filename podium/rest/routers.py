"""The one router of the REST API: an app registers its resources in its rest.py."""

from __future__ import annotations

from rest_framework.routers import DefaultRouter

router = DefaultRouter()
router.include_root_view = False
