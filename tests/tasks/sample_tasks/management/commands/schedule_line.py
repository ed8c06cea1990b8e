"""Schedule from a management command, and from a plain thread of it."""

from __future__ import annotations

import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tests.tasks.sample_tasks.tasks import schedule_and_close


class Command(BaseCommand):
    help = "Schedule a call that writes a line to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path")
        parser.add_argument("--thread", action="store_true", help="schedule from a separate thread")

    def handle(self, *, path: str, thread: bool, **options: Any) -> None:
        if not thread:
            schedule_and_close(path=path)
            return
        worker = threading.Thread(target=schedule_and_close, kwargs={"path": path})
        worker.start()
        worker.join()
