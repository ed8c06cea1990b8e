"""Which web pages may use the server: the example's client in Chromium, against the real server on another origin."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from selenium.webdriver.support.wait import WebDriverWait

from accounts import tokens
from accounts.models import User
from codegen import typescript
from tests import processes
from tests.clients.browsers import chromium, pages
from tests.codegen import example_server
from tests.codegen.test_typescript import compiled, compiler

__all__ = ["compiler"]

PAGE = """<!doctype html><meta charset="utf-8"><title>running</title>
<script type="module">
import { Client, Note } from "./client/index.js";
const found = {};
const note = async (name, step) => {
  try { found[name] = await step(); } catch (error) { found[name] = error.name; }
};
const { host, token } = Object.fromEntries(new URLSearchParams(location.search));
const client = new Client(host, { timeout: 5_000, auth: { token } });
await note("call", () => client.greeting.hello("Ada"));
await note("signed in", async () => (await client.modules.serverpod_auth_core.userProfileInfo.get()).email);
await note("stream", async () => {
  const stream = client.notes.watchNotes();
  const first = stream.next();
  for (let tries = 0; tries < 50; tries++) { // the server subscribes some time after it accepted the stream
    const made = client.notes.createNote(new Note({ title: "Milk", tags: [] })).catch(() => undefined);
    const got = await Promise.race([first, made.then(() => new Promise((wake) => setTimeout(wake, 200)))]);
    if (got) return got.value.title;
  }
});
window.found = found;
document.title = "done";
</script>
"""


@pytest.mark.slow
@pytest.mark.usefixtures("transactional_db")
def test_pages_of_allowed_origins_call_and_listen_and_those_of_others_do_not(
    compiler: list[str], tmp_path: Path
) -> None:

    user = User.objects.create_user(email="ada@example.com", password="correct horse battery staple")
    secret = tokens.issue(user, user_agent="").token
    protocol, endpoints = example_server.definitions()
    texts = typescript.emit(protocol, endpoints, package="example", version="1.0.0")
    site = tmp_path / "site"
    shutil.copytree(compiled(compiler, tmp_path / "package", texts).parent, site / "client")
    (site / "page.html").write_text(PAGE)
    settings = {"DJANGO_SETTINGS_MODULE": "tests.clients.settings"}
    with (
        pages(site) as allowed,
        pages(site) as other,
        processes.server(tmp_path, ORIGINS=allowed, **settings) as running,
        chromium() as browser,
    ):

        def found(origin: str) -> dict[str, str]:
            browser.get(f"{origin}/page.html?host={running.url}/&token={secret}")
            WebDriverWait(browser, 60).until(lambda one: one.title == "done")
            return browser.execute_script("return window.found")

        assert found(allowed) == {"call": "Hello Ada", "signed in": "ada@example.com", "stream": "Milk"}
        assert set(found(other).values()) == {"NetworkError"}
