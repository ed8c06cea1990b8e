"""This project's pages: Podium's, and yours above them."""

from django.urls import include, path

handler500 = "podium.server.outages.server_error"

urlpatterns = [
    path("", include("podium.server.urls")),
]
