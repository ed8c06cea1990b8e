from django.apps import AppConfig


class AdminConfig(AppConfig):
    """Must come after django.contrib.admin in INSTALLED_APPS, so that each app's admin.py has registered its pages."""

    name = "podium.admin"
    label = "podium_admin"

    def ready(self) -> None:
        from django.contrib import admin

        from podium.admin import automatic, extra_pages

        automatic.register()
        extra_pages.install(admin.site)
