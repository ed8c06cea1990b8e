from django.apps import AppConfig


class DiaryConfig(AppConfig):
    name = "tests.admin.diary"
