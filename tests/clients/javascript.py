"""Run a list of steps (behaviour.mjs, testserver.mjs) through a compiled TypeScript client, in Node and in Chromium."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from selenium.webdriver.support.wait import WebDriverWait

from tests.clients.browsers import chromium, pages
from tests.codegen.test_typescript import nodes

HERE = Path(__file__).parent
SECONDS = 120

Findings = dict[str, str]
"""Name -> "" for success, else the error."""


def in_node(steps: str, client: Path, host: str, steps_list: Any, folder: Path) -> Findings:
    """Run the steps in Node. client: its index.js; folder: an empty one."""
    given = folder / "list.json"
    given.write_text(json.dumps(steps_list))
    command = [nodes()[0], HERE / "node_driver.mjs", HERE / steps, client, host, given]
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def in_chromium(steps: str, client: Path, host: str, steps_list: Any, folder: Path) -> Findings:
    """Run the steps in Chromium, on a page of another origin than the server's."""
    shutil.copytree(client.parent, folder / "client")
    for source in [HERE / "page.html", *HERE.glob("*.mjs")]:
        shutil.copy(source, folder)
    (folder / "list.json").write_text(json.dumps(steps_list))
    with pages(folder) as address, chromium() as browser:
        browser.get(f"{address}/page.html?host={host}&steps=./{steps}")
        WebDriverWait(browser, SECONDS).until(lambda one: one.title == "done")
        return browser.execute_script("return window.found")
