"""The options of uvicorn with which the web server runs: in development, tests and benchmarks these, in production too.

docs/settings.md has the whole command.
"""

HTTP = ("--http", "endpoints.http:Protocol", "--timeout-keep-alive", "75")
"""Limits for strangers. Idle connections stay open longer than those of load balancers (60 s) and apps."""

WEBSOCKETS = ("--ws", "realtime.websocket:Protocol", "--ws-per-message-deflate", "false")
"""Sockets that cost little. Compression would take 40 KB of memory for each, for frames that are small."""

UVICORN = ("uvicorn", "config.asgi:application", "--no-access-log", *HTTP, *WEBSOCKETS)
"""To run as a module of Python."""
