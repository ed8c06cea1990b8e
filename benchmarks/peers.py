"""What the benchmarks compare with: the least code in another framework that does the same work."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


async def hello(request: Request) -> JSONResponse:
    return JSONResponse(f"Hello {(await request.json())['name']}")


starlette = Starlette(routes=[Route("/greeting/hello", hello, methods=["POST"])])
django = get_asgi_application()  # Django's own ASGI handler, with the same settings, apps and middleware
