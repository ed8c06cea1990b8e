from django.apps import AppConfig


class CodegenConfig(AppConfig):
    name = "podium.codegen"
    label = "podium_codegen"
