"""Settings of calls: each is a Django setting with the prefix ENDPOINTS_."""

from __future__ import annotations

from collections.abc import Sequence

from core.conf import AppSettings


class EndpointsSettings(AppSettings, prefix="ENDPOINTS_"):
    MAX_BODY_BYTES: int = 512 * 1024  # bytes, the body of one call
    READ_TIMEOUT_SECONDS: float = (
        30.0  # seconds in which a body must end or READ_TIMEOUT_SECONDS * MIN_RATE bytes arrive
    )
    STALL_SECONDS: float = (
        30.0  # seconds in which a client must take STALL_SECONDS * MIN_RATE bytes of its answer
    )
    UNSENT_BYTES: int = 256 * 1024 * 1024  # bytes of answers in one process that clients have not taken yet
    MIN_RATE: int = 500  # bytes per second, of bodies and answers, averaged over these times
    HEAD_BYTES: int = 64 * 1024  # bytes, the request line and headers of one request
    HEAD_SECONDS: float = (
        20.0  # seconds from the connection, or a request's first byte, to the end of its headers
    )
    LINGER_SECONDS: float = 60.0  # seconds for which a refused body is still read and discarded
    CONNECTIONS: int = 20_000  # open connections of one process, including sockets of streams
    CONNECTIONS_PER_ADDRESS: int = 500  # of one address, except trusted proxies; excludes stream sockets
    BODIES: int = 512  # unfinished bodies in one process, up to MAX_BODY_BYTES each
    BODIES_PER_ADDRESS: int = 64  # the same, for one address
    THREADS: int = 8  # threads of one process: sync methods, and the ORM of async ones
    ALLOWED_ORIGINS: Sequence[str] = ("*",)  # web origins ("https://app.example.com") that may call; "*": all
    RATE: str = (
        ""  # of each method without @rate_limit, by one user or address: "600/m"; "": as often as they like
    )
    MIDDLEWARE: Sequence[str] = ()  # dotted paths of what runs around calls and streams, the outermost first
    TRUSTED_PROXIES: int = 0  # proxies in front of the server that append to PROXY_HEADER; 0: ignored
    PROXY_HEADER: str = "X-Forwarded-For"  # or "Forwarded"; the header that all these proxies append to


conf = EndpointsSettings()
