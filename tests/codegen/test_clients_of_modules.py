"""Classes of the project's modules reach the clients and come back, as the server's own codecs write them."""

from __future__ import annotations

import datetime
import importlib
import json
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from accounts.protocol import AuthSuccess, EmailAccountLoginException, EmailAccountLoginExceptionReason
from codegen import python, typescript
from schema.codecs import codec, dumps, encode_dynamic
from tests.codegen import example_server
from tests.codegen.test_typescript import compiled, compiler, nodes

__all__ = ["compiler"]

SUCCESS = AuthSuccess(
    auth_strategy="session",
    token="secret",
    token_expires_at=datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC),
    auth_user_id=uuid.UUID("01890a5d-ac96-774b-bcce-b302099a8057"),
    scope_names={"admin"},
)
REFUSAL = EmailAccountLoginException(reason=EmailAccountLoginExceptionReason.TOO_MANY_ATTEMPTS)
SCRIPT = """
const { Client, serverpodAuthCoreModule: core, serverpodAuthIdpModule: idp } = await import(process.argv[1]);
const client = new Client(process.argv[2]);
const success = await client.emailIdp.login({ email: "a", password: "b" });
const refused = await client.anonymousIdp.login().catch((error) => error);
console.log(JSON.stringify([
  success instanceof core.AuthSuccess, success.token, [...success.scopeNames],
  refused instanceof idp.EmailAccountLoginException, refused.reason,
  core.AuthSuccess.codec.encode(success),
]));
"""


class _Handler(BaseHTTPRequestHandler):
    """The sign-in by e-mail succeeds; what else is called is refused."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        fine = self.path.endswith("/emailIdp/login")
        value = (
            codec("module:serverpod_auth_core:AuthSuccess").encode(SUCCESS)
            if fine
            else encode_dynamic(REFUSAL)
        )
        body = dumps(value)
        data = body.encode() if isinstance(body, str) else body
        self.send_response(200 if fine else 400)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def host() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_in_python(host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    protocol, endpoints = example_server.definitions()
    for path, text in python.emit(protocol, endpoints, package="modules-client", version="1.0.0").items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    package: Any = importlib.import_module("modules_client")
    core = importlib.import_module("modules_client.modules.serverpod_auth_core")
    idp = importlib.import_module("modules_client.modules.serverpod_auth_idp")
    models = importlib.import_module("modules_client.runtime.models")
    try:
        with package.Client(host) as client:
            success = client.email_idp.login(email="a", password="b")
            with pytest.raises(idp.EmailAccountLoginException) as refused:
                client.anonymous_idp.login()
    finally:
        for name in [each for each in sys.modules if each.startswith("modules_client")]:
            del sys.modules[name]
    assert isinstance(success, core.AuthSuccess)
    assert (success.token, success.scope_names) == ("secret", {"admin"})
    assert refused.value.reason is idp.EmailAccountLoginExceptionReason.TOO_MANY_ATTEMPTS
    sent = models.of(core.AuthSuccess).encode(success)
    assert sent["__className__"] == "serverpod_auth_core.AuthSuccess"
    assert codec("module:serverpod_auth_core:AuthSuccess").decode(sent) == SUCCESS


@pytest.mark.slow
def test_in_typescript(compiler: list[str], host: str, tmp_path: Path) -> None:
    protocol, endpoints = example_server.definitions()
    files = typescript.emit(protocol, endpoints, package="modules-client", version="1.0.0")
    client = compiled(compiler, tmp_path, files)
    for node in nodes():
        words = [node, "--input-type=module", "--eval", SCRIPT, "--", str(client), host]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        *seen, sent = json.loads(done.stdout)
        assert seen == [True, "secret", ["admin"], True, "tooManyAttempts"]
        assert sent["__className__"] == "serverpod_auth_core.AuthSuccess"
        assert codec("module:serverpod_auth_core:AuthSuccess").decode(sent) == SUCCESS
