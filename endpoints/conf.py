"""Settings of calls: each is a Django setting with the prefix ENDPOINTS_."""

from __future__ import annotations

from collections.abc import Sequence

from core.conf import AppSettings


class EndpointsSettings(AppSettings, prefix="ENDPOINTS_"):
    MAX_BODY_BYTES: int = 512 * 1024  # bytes, the body of one call
    READ_TIMEOUT_SECONDS: float = 30.0  # seconds, from the head of a request to the end of its body
    THREADS: int = 8  # threads of one process: sync methods, and the ORM of async ones
    ALLOWED_ORIGINS: Sequence[str] = ("*",)  # web origins ("https://app.example.com") that may call; "*": all
    RATE: str = (
        ""  # of each method without @rate_limit, by one user or address: "600/m"; "": as often as they like
    )
    MIDDLEWARE: Sequence[str] = ()  # dotted paths of what runs around calls and streams, the outermost first
    TRUSTED_PROXIES: int = 0  # proxies in front of the server that append to PROXY_HEADER; 0: it is not read
    PROXY_HEADER: str = "X-Forwarded-For"  # or "Forwarded"; the one that all these proxies append to


conf = EndpointsSettings()
