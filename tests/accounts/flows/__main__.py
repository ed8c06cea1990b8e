"""python3 -m tests.accounts.flows DIR: this app's TypeScript client. No database is asked."""

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
    from codegen import typescript
    from codegen.write import write
    from tests.codegen import example_server

    protocol, endpoints = example_server.definitions()
    write(out, typescript.emit(protocol, endpoints, package="flows-client", version="1.0.0"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
