"""The options of uvicorn with which the web server runs: in development, tests and benchmarks these, in production too.

docs/settings.md has the whole command.
"""

WEBSOCKETS = ("--ws", "realtime.websocket:Protocol", "--ws-per-message-deflate", "false")
"""Sockets that cost little. Compression would take 40 KB of memory for each, for frames that are small."""

UVICORN = ("uvicorn", "config.asgi:application", "--no-access-log", *WEBSOCKETS)
"""To run as a module of Python."""
