"""The server's entry: calls, streams and generated resources are handled before Django, everything else by it.

Why not all through Django's ASGI handler: it hops between threads 15 to 19 times a request. A call does not need its
middleware, and its pages are quickest through its WSGI handler on a fixed pool of threads
(docs/explanation/architecture.md).
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import signal
import sys
import threading
from importlib import import_module
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.wsgi import get_wsgi_application

from podium.server import production

production.read_settings()
_django = get_wsgi_application()  # before the imports below: they need Django's apps
production.refuse_unsafe()

from django.apps import apps
from django.conf import settings
from django.urls import Resolver404, resolve

import podium.endpoints.asgi as calls
import podium.rest.resources.asgi as resources
from podium.endpoints import connections
from podium.endpoints.asgi import Receive, Scope, Send
from podium.reads import fast as reads
from podium.server import health
from podium.server.pages import Pages

streams: Any = import_module("realtime.routing" if apps.is_installed("realtime") else "realtime.off")
logger = logging.getLogger("podium.pages")

HEALTH_THREADS = 4

_pages = Pages(
    _django,
    (health.PATHS, HEALTH_THREADS),
    (("/uploads/", "/account/data/", settings.STATIC_URL), settings.TRANSFER_THREADS),
    (("/",), settings.PAGE_THREADS),
)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI 3. HTTP: calls, and REST with a token, else Django's pages. WebSocket: streams."""
    kind = scope["type"]
    if kind == "http":
        await _http(scope, receive, send)
    elif kind == "websocket":
        await streams.application(scope, receive, send)
    elif kind == "lifespan":
        await _lifespan(receive, send)


async def _http(scope: Scope, receive: Receive, send: Send) -> None:
    path = scope["path"]
    if health.is_asked(scope):
        await health.application(scope, receive, send)
    elif calls.is_endpoint(path):
        await calls.application(scope, receive, send)
    elif resources.is_direct(scope):
        await resources.application(scope, receive, send)
    elif scope["method"] in ("POST", "OPTIONS") and not _is_page(path):
        await calls.not_found(scope, receive, send)
    else:
        await _pages(_without_ambiguous_headers(scope), receive, send)


def _is_page(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def _without_ambiguous_headers(scope: Scope) -> Scope:
    """Drop headers with an underscore: WSGI can't tell `X_Real_IP` from `X-Real-IP`, which a proxy sets."""
    scope["headers"] = [(name, value) for name, value in scope["headers"] if b"_" not in name]
    return scope


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            calls.prepare()
            resources.prepare()
            connections.raise_limit_of_files()
            if "podium.endpoints.http" not in sys.modules:
                logger.warning(
                    "The server runs without the limits of podium.endpoints.http. Start it with manage.py serve"
                )
            end_with_parent()
            await streams.start()
            reads.start()
            sys.setswitchinterval(0.0005)
            gc.collect()
            gc.set_threshold(10_000, 20, 20)  # waking a thousand streams must not cause a garbage collection
            gc.freeze()  # loaded code stays in memory: scanning it again would delay all calls each time
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await streams.shut_down()
            await reads.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


def end_with_parent() -> None:
    """Shut down when uvicorn's parent process (`--workers`) is killed. Otherwise this process would keep the port."""
    if (parent := multiprocessing.parent_process()) is not None:
        threading.Thread(target=_wait_for_end, args=[parent], name="parent", daemon=True).start()


def _wait_for_end(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
