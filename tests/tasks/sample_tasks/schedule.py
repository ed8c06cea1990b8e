"""Schedule a sample task by name: python -m tests.tasks.sample_tasks.schedule write_line /tmp/x"""

from __future__ import annotations

import sys

import django

django.setup()

from tasks.scheduling import schedule  # noqa: E402
from tests.tasks.sample_tasks import tasks  # noqa: E402

if __name__ == "__main__":
    schedule(getattr(tasks, sys.argv[1]), path=sys.argv[2])
