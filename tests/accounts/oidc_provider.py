"""An identity provider on this machine, with real keys, signed tokens and authorization codes with PKCE, over HTTP.

It also imitates the APIs of GitHub, Microsoft Graph, Facebook and Google that name the user of an access token.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from accounts.providers import keys
from accounts.providers.oidc import claims as oidc

CLIENT, SECRET = "our-client", "our-secret"
REDIRECT = "https://app.example.com/auth"
VERIFIER = "v" * 50


def challenge_of(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass
class SigningKey:
    id: str
    private: Any
    algorithm: str

    def jwk(self, **more: Any) -> dict[str, Any]:
        kind = RSAAlgorithm if self.algorithm.startswith("RS") else ECAlgorithm
        public = kind.to_jwk(self.private.public_key(), as_dict=True)
        return {**public, "kid": self.id, "use": "sig", "alg": self.algorithm, **more}


def rsa_key(name: str) -> SigningKey:
    return SigningKey(name, rsa.generate_private_key(65537, 2048), "RS256")


def ec_key(name: str) -> SigningKey:
    return SigningKey(name, ec.generate_private_key(ec.SECP256R1()), "ES256")


def pem(key: SigningKey) -> str:
    return key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@dataclass
class Grant:
    """The grant behind a code."""

    answer: dict[str, Any]
    client_id: str
    redirect_uri: str
    challenge: str


@dataclass
class Provider:
    """Published data, issued grants and received requests.

    answers  path to its response: a value, or a function of the handler's query, form and headers
    """

    url: str
    keys: list[SigningKey] = field(default_factory=lambda: [rsa_key("first")])
    grants: dict[str, Grant] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    down: bool = False
    check_secret: Callable[[dict[str, str]], bool] = lambda form: form.get("client_secret") == SECRET

    def token(
        self, *, key: SigningKey | None = None, headers: dict[str, Any] | None = None, **claims: Any
    ) -> str:
        """An ID token; claims that are None are left out."""
        key = key or self.keys[0]
        now = int(time.time())
        told = {"iss": self.url, "aud": CLIENT, "sub": "anna-1", "iat": now, "exp": now + 600}
        told |= {"jti": secrets.token_hex(8), **claims}
        told = {name: value for name, value in told.items() if value is not None}
        return jwt.encode(told, key.private, key.algorithm, headers={"kid": key.id, **(headers or {})})

    def code(
        self,
        answer: dict[str, Any],
        *,
        client_id: str = CLIENT,
        redirect_uri: str = REDIRECT,
        verifier: str = VERIFIER,
    ) -> str:
        code = secrets.token_urlsafe(16)
        challenge = challenge_of(verifier) if verifier else ""
        self.grants[code] = Grant(answer, client_id, redirect_uri, challenge)
        return code

    def count(self, path: str) -> int:
        return sum(1 for asked, _, _ in self.asked if asked == path)

    def redeem(self, form: dict[str, str]) -> tuple[int, Any]:
        """RFC 6749 4.1.3 and RFC 7636 4.6. A code works once, even if it is refused."""
        grant = self.grants.pop(form.get("code", ""), None)
        if not self.check_secret(form):
            return 401, {"error": "invalid_client"}
        good = (
            grant is not None
            and form.get("client_id") == grant.client_id
            and form.get("redirect_uri", "") == grant.redirect_uri
            and (not grant.challenge or challenge_of(form.get("code_verifier", "")) == grant.challenge)
        )
        return (200, grant.answer) if good and grant is not None else (400, {"error": "invalid_grant"})

    def answer(self, path: str, query: dict[str, str], form: dict[str, str], headers: Any) -> tuple[int, Any]:
        if self.down:
            return 503, {"error": "down"}
        if path in self.answers:
            given = self.answers[path]
            if callable(given):
                given = given(query, form, headers)
            return given if isinstance(given, tuple) else (200, given)
        match path:
            case "/.well-known/openid-configuration":
                return 200, {
                    "issuer": self.url,
                    "jwks_uri": f"{self.url}/keys",
                    "token_endpoint": f"{self.url}/token",
                    "authorization_endpoint": f"{self.url}/authorize",
                    "userinfo_endpoint": f"{self.url}/userinfo",
                }
            case "/keys":
                return 200, {"keys": [each.jwk() for each in self.keys]}
            case "/token":
                return self.redeem(form)
        return 404, {"error": "not_found"}


@contextmanager
def running() -> Iterator[Provider]:
    """The provider on a free port, until the block ends. Clears what was cached about earlier ones."""
    keys.key_set.cache_clear()
    oidc._published.cache_clear()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Log nothing."""

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def _answer(self, body: bytes) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if "json" in self.headers.get("Content-Type", ""):
                form = json.loads(body)
            else:
                form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            provider.asked.append((parts.path, query, form))
            status, value = provider.answer(parts.path, query, form, self.headers)
            sent = value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            if status in (301, 302, 307):
                self.send_header("Location", f"{provider.url}/keys")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
