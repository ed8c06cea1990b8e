"""Pages that other servers and Serverpod's apps request, including providers' pages. Users' pages: web/urls.py."""

from django.urls import include, path

from accounts.providers import registry
from accounts.serverpod import cloud_storage

urlpatterns = [
    *(path("", include(each.urls)) for each in registry.every().values() if each.urls),
    path("serverpod_cloud_storage", cloud_storage.public_file),
]
