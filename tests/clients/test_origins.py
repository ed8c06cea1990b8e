"""Access from web pages of other origins: a generated client in Chromium, against the real server on another origin.

Pages of allowed origins can read why a request was refused, by any part of the server.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from selenium.webdriver.support.wait import WebDriverWait

from accounts.models import User
from accounts.sessions import sessions
from tests import processes
from tests.clients.browsers import chromium, pages
from tests.codegen.test_typescript import compiled, compiler
from tests.notes import generated

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
const answer = async (name, path, request = {}) => {
  try {
    const { status, text } = await fetch(host + path, { method: "POST", ...request }).then(
      async (answer) => ({ status: answer.status, text: await answer.text() }));
    found[name] = [status, text.length > 0];
  } catch (error) { found[name] = error.name; }
};
const headers = { authorization: `Bearer ${token}` };
await answer("unknown endpoint", "nothing/here", { headers });
await answer("unknown method", "notes/nothingLikeIt", { headers });
await answer("dead credential", "notes/listNotes", { headers: { authorization: "Bearer made-up" } });
await answer("bad header", "notes/listNotes", { headers: { authorization: "made-up" } });
await answer("too large", "greeting/hello", { headers, body: " ".repeat(600_000) });
await answer("long head", "greeting/hello", { headers: { "x-long": "a".repeat(70_000) } });
await answer("long address", "greeting/hello?" + "a".repeat(20_000));
await answer("upload", "uploads/upload/x:y", { method: "PUT", body: "x" });
window.found = found;
document.title = "done";
</script>
"""


REFUSALS = {
    "unknown endpoint": [404, True],
    "unknown method": [400, True],
    "dead credential": [401, False],
    "bad header": [400, True],
    "too large": [413, True],
    "long head": [431, True],
    "long address": [414, True],
    "upload": [404, True],
}
"""Status and presence of a body, as read by a page of an allowed origin."""


@pytest.mark.slow
@pytest.mark.usefixtures("transactional_db")
def test_only_pages_of_allowed_origins_call_and_listen(compiler: list[str], tmp_path: Path) -> None:

    user = User.objects.create_user(email="ada@example.com", password="correct horse battery staple")
    secret = sessions.issue(user, user_agent="").token
    texts = generated.client("typescript")
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

        def found(origin: str) -> dict[str, object]:
            browser.get(f"{origin}/page.html?host={running.url}/&token={secret}")
            WebDriverWait(browser, 60).until(lambda one: one.title == "done")
            return browser.execute_script("return window.found")

        used = {"call": "Hello Ada", "signed in": "ada@example.com", "stream": "Milk"}
        assert found(allowed) == used | REFUSALS
        strange = found(other)
        assert {strange[name] for name in used} == {"NetworkError"}
        assert {strange[name] for name in REFUSALS} == {"TypeError"}
