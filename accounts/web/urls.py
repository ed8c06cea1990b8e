"""Pages below /account/ beside allauth's."""

from django.urls import path

from accounts.web import pages

urlpatterns = [
    path("delete/", pages.delete, name="account_delete"),
    path("data/", pages.data, name="account_data"),
    path("data/export/", pages.own_export, name="account_own_export"),
    path("data/<str:token>/", pages.signed_export, name="account_export"),
    path("pictures/<str:name>", pages.picture, name="profile_picture"),
]
