"""Settings of calls: each is a Django setting with the prefix ENDPOINTS_."""

from __future__ import annotations

from collections.abc import Sequence

from podium.core.conf import AppSettings


class EndpointsSettings(AppSettings, prefix="ENDPOINTS_"):
    MAX_BODY_BYTES: int = 512 * 1024
    """The largest body of a call, in bytes."""
    READ_TIMEOUT_SECONDS: float = 30.0
    """Time in which a body must end, or READ_TIMEOUT_SECONDS * MIN_RATE bytes of it arrive."""
    STALL_SECONDS: float = 30.0
    """Time in which a client must take STALL_SECONDS * MIN_RATE bytes of its answer."""
    UNSENT_BYTES: int = 256 * 1024 * 1024
    """Bytes of answers in one process that clients have not taken yet."""
    MIN_RATE: int = 500
    """Bytes per second of bodies and answers, averaged over these times."""
    HEAD_BYTES: int = 64 * 1024
    """Bytes of the request line and headers of one request."""
    HEAD_SECONDS: float = 20.0
    """Time from the connection, or a request's first byte, to the end of its headers."""
    LINGER_SECONDS: float = 60.0
    """Time for which a refused body is still read and discarded."""
    CONNECTIONS: int = 20_000
    """Open connections of one process, including sockets of streams."""
    CONNECTIONS_PER_ADDRESS: int = 500
    """Open connections of one process from one address. Trusted proxies and sockets of streams do not count."""
    BODIES: int = 512
    """Unfinished bodies in one process, up to MAX_BODY_BYTES each."""
    BODIES_PER_ADDRESS: int = 64
    """Unfinished bodies in one process from one address."""
    THREADS: int = 8
    """Threads of one process for sync methods, and for the ORM of async ones."""
    ALLOWED_ORIGINS: Sequence[str] = ("*",)
    """Web origins that may call, such as "https://app.example.com"; "*": all."""
    RATE: str = ""
    """Calls of each method without @rate_limit by one user or address, such as "600/m"; "": no limit."""
    MIDDLEWARE: Sequence[str] = ()
    """Dotted paths of functions that run around calls and streams, the outermost first."""
    KEY_IN_BODY: bool = False
    """True: the "auth" of a body may be the key, as clients before Serverpod 2.1 send it."""
    TRUSTED_PROXIES: int = 0
    """Proxies in front of the server that append to PROXY_HEADER; 0: the header is ignored."""
    PROXY_HEADER: str = "X-Forwarded-For"
    """The header that all these proxies append to: "X-Forwarded-For" or "Forwarded"."""


conf = EndpointsSettings()
