from django.urls import path

from accounts import apple_pages

urlpatterns = [
    path("apple/callback/", apple_pages.callback, name="apple_sign_in_callback"),
    path("apple/notifications/", apple_pages.notifications, name="apple_notifications"),
]
