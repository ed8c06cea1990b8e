"""Settings of calls: each is a Django setting with the prefix ENDPOINTS_."""

from __future__ import annotations

from collections.abc import Sequence

from core.conf import AppSettings


class EndpointsSettings(AppSettings, prefix="ENDPOINTS_"):
    MAX_BODY_BYTES: int = 512 * 1024  # bytes, the body of one call
    READ_TIMEOUT_SECONDS: float = (
        30.0  # seconds in which a body ends, or READ_TIMEOUT_SECONDS * MIN_RATE bytes come
    )
    STALL_SECONDS: float = (
        30.0  # seconds in which a client takes STALL_SECONDS * MIN_RATE bytes of its answer
    )
    UNSENT_BYTES: int = (
        256 * 1024 * 1024  # bytes of answers in one process that their clients have not taken yet
    )
    MIN_RATE: int = 500  # bytes a second, of bodies and answers, on average over these times
    HEAD_BYTES: int = 64 * 1024  # bytes, the request line and headers of one request
    HEAD_SECONDS: float = (
        20.0  # seconds, from a connection or the first byte of a request to the end of its headers
    )
    LINGER_SECONDS: float = 60.0  # seconds for which a body that was refused is still read, and thrown away
    CONNECTIONS: int = 20_000  # open connections of one process, sockets of streams among them
    CONNECTIONS_PER_ADDRESS: int = 500  # of one address that is no trusted proxy, without sockets of streams
    BODIES: int = 512  # bodies of one process that are waited for, up to MAX_BODY_BYTES each
    BODIES_PER_ADDRESS: int = 64  # the same, of one address
    THREADS: int = 8  # threads of one process: sync methods, and the ORM of async ones
    ALLOWED_ORIGINS: Sequence[str] = ("*",)  # web origins ("https://app.example.com") that may call; "*": all
    RATE: str = (
        ""  # of each method without @rate_limit, by one user or address: "600/m"; "": as often as they like
    )
    MIDDLEWARE: Sequence[str] = ()  # dotted paths of what runs around calls and streams, the outermost first
    TRUSTED_PROXIES: int = 0  # proxies in front of the server that append to PROXY_HEADER; 0: it is not read
    PROXY_HEADER: str = "X-Forwarded-For"  # or "Forwarded"; the one that all these proxies append to


conf = EndpointsSettings()
