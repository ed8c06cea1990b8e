from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "podium.rest"
    label = "podium_rest"
