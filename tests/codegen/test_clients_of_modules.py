"""Clients read and write classes of the project's modules as the server's own codecs do."""

from __future__ import annotations

import datetime
import importlib
import json
import subprocess
import threading
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from accounts.protocol import AuthSuccess, EmailAccountLoginException, EmailAccountLoginExceptionReason
from podium.wire.codecs import codec, dumps, encode_dynamic
from tests.codegen.test_typescript import compiled, compiler, nodes
from tests.notes import generated

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
    """A server where the sign-in by e-mail succeeds; all other calls are refused."""

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


def test_in_python(host: str, python_client: Any) -> None:
    core, idp = python_client.serverpod_auth_core_module, python_client.serverpod_auth_idp_module
    models = importlib.import_module("notes_client.runtime.models")
    with python_client.Client(host) as client:
        success = client.email_idp.login(email="a", password="b")
        with pytest.raises(idp.EmailAccountLoginException) as refused:
            client.anonymous_idp.login()
    assert isinstance(success, core.AuthSuccess)
    assert (success.token, success.scope_names) == ("secret", {"admin"})
    assert refused.value.reason is idp.EmailAccountLoginExceptionReason.TOO_MANY_ATTEMPTS
    sent = models.of(core.AuthSuccess).encode(success)
    assert sent["__className__"] == "serverpod_auth_core.AuthSuccess"
    assert codec("module:serverpod_auth_core:AuthSuccess").decode(sent) == SUCCESS


@pytest.mark.slow
def test_in_typescript(compiler: list[str], host: str, tmp_path: Path) -> None:
    client = compiled(compiler, tmp_path, generated.client("typescript"))
    for node in nodes():
        words = [node, "--input-type=module", "--eval", SCRIPT, "--", str(client), host]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        *seen, sent = json.loads(done.stdout)
        assert seen == [True, "secret", ["admin"], True, "tooManyAttempts"]
        assert sent["__className__"] == "serverpod_auth_core.AuthSuccess"
        assert codec("module:serverpod_auth_core:AuthSuccess").decode(sent) == SUCCESS
