"""Pictures of providers, fetched by a worker from a real server over TLS, with limits on host, time and size."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from accounts.models import User
from accounts.profile import profile, provider_pictures
from accounts.providers.claims import Claims
from accounts.sign_in import identities
from podium.endpoints.calls import Call, Identity
from tasks.models import Job
from tests.accounts.conftest import just_signed_in
from tests.accounts.users import folder, photo, stored, work

__all__ = ["folder"]


class Provider(BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_GET(self) -> None:
        Provider.asked.append(self.path)
        if self.path == "/to-another":
            return self.answer(302, b"", Location="https://127.0.0.1:1/internal")
        if self.path == "/round":
            return self.answer(302, b"", Location="/round")
        if self.path == "/moved":
            return self.answer(302, b"", Location="/anna.jpg")
        if self.path == "/gone":
            return self.answer(404, b"")
        if self.path == "/large":
            return self.answer(200, bytes(300_000))
        if self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(50):
                try:
                    self.wfile.write(b"x")
                    time.sleep(0.1)
                except OSError:
                    return None
            return None
        if self.path == "/text":
            return self.answer(200, b"<html>")
        return self.answer(200, photo())

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            return

    def log_message(self, *args: Any) -> None:
        """Nothing."""


def certificate(path: Path) -> str:
    """A key and a certificate for localhost, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return str(path)


@pytest.fixture
def provider(tmp_path_factory: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    pem = certificate(tmp_path_factory.mktemp("tls") / "server.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", pem)
    settings.ACCOUNTS_PICTURE_HOSTS = ("localhost",)
    settings.ACCOUNTS_PICTURE_SECONDS = 1.0
    settings.ACCOUNTS_PICTURE_BYTES = 200_000
    Provider.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def sign_in(picture: str, subject: str = "g1", identity: Identity | None = None) -> User:
    claims = Claims(provider="google", subject=subject, picture=picture)
    success = identities.sign_in(Call("googleIdp", "login", identity), claims)
    return User.objects.get(pk=success.auth_user_id)


@pytest.mark.parametrize("path", ["/anna.jpg", "/moved"])
def test_a_new_user_gets_the_picture_a_moment_later(
    provider: str, folder: Path, path: str, transactional_db: None
) -> None:
    user = sign_in(provider + path)
    assert Provider.asked == []
    assert profile.of(user).image_url is None
    work()
    assert profile.of(user).image_url is not None
    assert len(stored(folder)) == 1
    sign_in(provider + "/other.jpg")  # comes again, with another picture
    work()
    assert "/other.jpg" not in Provider.asked


def test_a_guest_gets_it_too_and_the_users_own_picture_stays(provider: str, anna: User) -> None:
    guest = User.objects.create_user()
    assert sign_in(provider + "/anna.jpg", identity=just_signed_in(guest)) == guest
    profile.set_picture(anna, photo(color="blue"))
    mine = profile.of(anna).image_url
    sign_in(provider + "/anna.jpg", "g2", just_signed_in(anna))
    work()
    assert profile.of(guest).image_url is not None
    assert profile.of(anna).image_url == mine


@pytest.mark.parametrize("path", ["/to-another", "/round", "/gone", "/large", "/slow", "/text"])
def test_pictures_that_can_not_be_fetched_are_skipped(
    provider: str, folder: Path, path: str, transactional_db: None
) -> None:
    user = sign_in(provider + path)
    started = time.monotonic()
    work()
    assert time.monotonic() - started < 4
    assert Job.objects.get().state == "done"
    assert len(Provider.asked) == (4 if path == "/round" else 1)
    assert profile.of(user).image_url is None
    assert not stored(folder)


@pytest.mark.parametrize(
    "url",
    [
        "http://lh3.googleusercontent.com/a",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/",
        "https://googleusercontent.com.evil.example/a",
        "https://evilgoogleusercontent.com/a",
        "https://lh3.googleusercontent.com@evil.example/a",
        "https://evil.example#.googleusercontent.com",
        "https://evil.example\\.googleusercontent.com/a",
        "file:///etc/passwd",
        "//lh3.googleusercontent.com/a",
        "https://[::1/",
        "",
    ],
)
def test_other_servers_are_never_asked(url: str, transactional_db: None) -> None:
    assert not provider_pictures.allowed(url)
    sign_in(url)
    assert not Job.objects.exists()


def test_providers_are(settings: Any) -> None:
    for url in (
        "https://lh3.googleusercontent.com/a/x=s96-c",
        "https://avatars.githubusercontent.com/u/1?v=4",
    ):
        assert provider_pictures.allowed(url)
