"""The log of a worker: a failed task's text stays inside its record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tasks.scheduling import schedule
from tests.tasks.conftest import Start, wait_until
from tests.tasks.sample_tasks import tasks

FORGED = "INFO podium.accounts: signed_in user=forged"


@pytest.mark.slow
def test_a_task_makes_no_line_of_the_log(
    start: Start, lines: Callable[[str], list[str]], tmp_path: Path
) -> None:
    start("worker")
    schedule(tasks.fail_saying, text=f"x\n{FORGED}\r{FORGED}\u2028{FORGED}", after=timedelta(0))
    wait_until(lambda: any("ValueError" in line for line in lines("worker.log")))
    wait_until(lambda: any(FORGED in line for line in lines("worker.log")))
    assert [line for line in lines("worker.log") if line.startswith(FORGED)] == []
