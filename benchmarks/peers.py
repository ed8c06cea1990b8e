"""Peers of the benchmarks: the least code in another framework that does the same work.

Each is an ASGI application of its own; FastAPI and asyncpg come from a cache (benchmarks/installed.py).
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")


async def hello(request: Request) -> JSONResponse:
    return JSONResponse(f"Hello {(await request.json())['name']}")


starlette = Starlette(routes=[Route("/greeting/hello", hello, methods=["POST"])])


def django() -> Any:
    """Django's own ASGI handler, with the same settings, apps and middleware."""
    from django.core.asgi import get_asgi_application

    return get_asgi_application()


def fastapi() -> Any:
    """FastAPI with asyncpg, with usual type annotations. Sessions are looked up in memory, to its advantage."""
    import datetime

    import asyncpg  # type: ignore[import-not-found]
    from fastapi import Depends, FastAPI, HTTPException  # type: ignore[import-not-found]
    from fastapi.security import HTTPBearer  # type: ignore[import-not-found]
    from pydantic import BaseModel, create_model

    from benchmarks.wide import KINDS

    users = {os.environ["BENCHMARK_TOKEN"]: "1"}
    bearer = HTTPBearer()
    python = {"str": str, "int": int, "float": float, "bool": bool}
    shape: dict[str, Any] = {name.replace("_", ""): (python[kind], ...) for name, kind in KINDS.items()}
    wide = create_model("Wide", **shape)

    class Note(BaseModel):
        id: int
        title: str
        body: str
        color: str
        tags: list[str]
        remindAt: datetime.datetime | None
        reminded: bool
        notebookId: int | None
        createdAt: datetime.datetime

    class Key(BaseModel):
        id: int

    class Echo(BaseModel):
        wide: wide  # type: ignore[valid-type]

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        async with asyncpg.create_pool(
            os.environ["DATABASE_URL"], min_size=1, max_size=8, init=as_json
        ) as pool:
            app.state.pool = pool
            yield

    async def signed_in(credentials: Any = Depends(bearer)) -> str:  # noqa: B008  FastAPI's way
        if (user := users.get(credentials.credentials)) is None:
            raise HTTPException(401)
        return user

    app = FastAPI(lifespan=lifespan)
    columns = '"id", "title", "body", "color", "tags", "remindAt", "reminded", "notebookId", "createdAt"'

    async def row(key: Key, user: str = Depends(signed_in)) -> Note:
        async with app.state.pool.acquire() as connection:
            found = await connection.fetchrow(f"SELECT {columns} FROM note WHERE id = $1", key.id)
        return Note(**found)

    async def rows(user: str = Depends(signed_in)) -> list[Note]:
        async with app.state.pool.acquire() as connection:
            found = await connection.fetch(f"SELECT {columns} FROM note ORDER BY id LIMIT 50")
        return [Note(**each) for each in found]

    async def echo(given: Echo, user: str = Depends(signed_in)) -> Any:
        return given.wide

    # The annotations use this function's local classes, which FastAPI can't look up by name.
    row.__annotations__ = {"key": Key, "user": str, "return": Note}
    rows.__annotations__ = {"user": str, "return": list[Note]}
    echo.__annotations__ = {"given": Echo, "user": str, "return": wide}
    app.post("/benchmark/row")(row)
    app.post("/benchmark/rows")(rows)
    app.post("/benchmark/echo")(echo)
    return app


async def as_json(connection: Any) -> None:
    """Decode JSON columns; without this asyncpg returns text."""
    import json

    for kind in ("json", "jsonb"):
        await connection.set_type_codec(kind, encoder=json.dumps, decoder=json.loads, schema="pg_catalog")
