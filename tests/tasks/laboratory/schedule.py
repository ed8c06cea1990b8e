"""Schedule a task of the laboratory by name: python -m tests.tasks.laboratory.schedule write_line /tmp/x"""

from __future__ import annotations

import sys

import django

django.setup()

from tasks.scheduling import schedule  # noqa: E402
from tests.tasks.laboratory import tasks  # noqa: E402

if __name__ == "__main__":
    schedule(getattr(tasks, sys.argv[1]), path=sys.argv[2])
