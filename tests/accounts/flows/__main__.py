"""python3 -m tests.accounts.flows DIR: write this app's TypeScript client. Needs no database."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main(out: Path) -> None:
    os.environ.setdefault("DATABASE_URL", "postgresql://localhost/not_asked")
    os.environ.setdefault("REDIS_URL", "redis://localhost/0")
    os.environ.setdefault("SECRET_KEY", "not asked")
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.accounts.flows.settings"
    import django

    django.setup()
    from tests.notes import generated

    generated.write_client("typescript", out)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
