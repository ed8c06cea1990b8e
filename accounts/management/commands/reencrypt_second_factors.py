from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from accounts.second_factor import adapter as mfa_adapter


class Command(BaseCommand):
    help = "Encrypt the secrets of second factors with the present SECRET_KEY, before a fallback is removed."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{mfa_adapter.reencrypt()} second factors encrypted again")
