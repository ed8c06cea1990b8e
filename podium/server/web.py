"""The options of uvicorn with which the web server runs: in development, in production, in tests and benchmarks."""

from __future__ import annotations

from typing import Any

APPLICATION = "config.asgi:application"

HTTP_OPTIONS: dict[str, Any] = {"http": "podium.endpoints.http:Protocol", "timeout_keep_alive": 75}
"""Limits for strangers. Idle connections stay open longer than those of load balancers (60 s) and apps."""

WEBSOCKET_OPTIONS: dict[str, Any] = {"ws": "realtime.websocket:Protocol", "ws_per_message_deflate": False}
"""Sockets that need little memory. Compression would take 40 KB for each, although frames are small."""

OPTIONS: dict[str, Any] = {"access_log": False, "lifespan": "on", **HTTP_OPTIONS, **WEBSOCKET_OPTIONS}
"""All options for uvicorn.Config. With `lifespan`, a server whose code is broken ends while it starts."""

HTTP = ("--http", "podium.endpoints.http:Protocol", "--timeout-keep-alive", "75")
WEBSOCKETS = ("--ws", "realtime.websocket:Protocol", "--ws-per-message-deflate", "false")
UVICORN = ("uvicorn", APPLICATION, "--no-access-log", *HTTP, *WEBSOCKETS)
"""A command line for `python -m`. Development also starts with broken code, to show the fault."""
