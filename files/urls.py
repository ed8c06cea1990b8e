"""The addresses of bytes that travel through this server; with a direct storage they are never handed out."""

from __future__ import annotations

from django.urls import path

from files import views

app_name = "files"
urlpatterns = [
    path("upload/<str:token>", views.upload, name="upload"),
    path("download/<str:token>", views.download, name="download"),
]
