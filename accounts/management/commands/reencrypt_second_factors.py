from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from accounts import mfa_adapter


class Command(BaseCommand):
    help = "Encrypt the secrets of second factors with the present SECRET_KEY, before a fallback goes away."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{mfa_adapter.reencrypt()} second factors encrypted anew")
