"""A project of 0.1's layout: a copy of the repository as it was, with an app and changes of a user's.

0.1.tar.xz is `git archive 9ac0d62` without most tests and documents, so that no test needs the repository's history.
"""

from __future__ import annotations

import subprocess
import tarfile
from pathlib import Path

ARCHIVE = Path(__file__).parent / "0.1.tar.xz"

SHOP = {
    "shop/__init__.py": "",
    "shop/apps.py": """\
from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "shop"
""",
    "shop/order.spy.yaml": "class: Order\ntable: shop_order\nfields:\n  title: String\n  placedAt: DateTime\n",
    "shop/models.py": "from .protocol import *  # noqa: F403\n",
    "shop/endpoints.py": '''\
"""Orders."""

from __future__ import annotations

import database.fields
from core import clock
from endpoints.calls import Call
from endpoints.endpoint import Endpoint
from schema import wire

from shop.models import Order


class OrdersEndpoint(Endpoint):
    async def place(self, call: Call, title: str) -> Order:
        return await Order.objects.acreate(title=title, placed_at=clock.now())

    async def kinds(self, call: Call) -> int:
        return len(wire.registered) + len(database.fields.MOST_MET)
''',
    "shop/migrations/__init__.py": "",
    "shop/migrations/0001_initial.py": """\
import database.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("title", database.fields.TextField()),
                ("placed_at", database.fields.DateTimeField(db_column="placedAt")),
            ],
            options={"db_table": "shop_order"},
        ),
    ]
""",
    "shop.service": "ExecStart=uvicorn config.asgi:application --http endpoints.http:Protocol\n",
    "accounts/mine.py": "from core import clock\n",
    "core/mine.py": "X = 1\n",
}
SETTINGS = """
SHOP_CURRENCY = env.str("SHOP_CURRENCY", default="EUR")
MIDDLEWARE.insert(0, "config.nul.refuse_nul")
"""


def make(folder: Path) -> None:
    """Unpack 0.1 and commit it, then make the user's changes and commit them."""
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    git(folder, "init", "--quiet")
    git(folder, "config", "user.name", "A user")
    git(folder, "config", "user.email", "user@shop.example")
    commit(folder, "Podium 0.1")
    for path, text in SHOP.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    replace(folder / "config/settings.py", '    "example",\n', '    "shop",\n')
    replace(folder / "config/settings.py", 'TIME_ZONE = "UTC"', 'TIME_ZONE = "Europe/Berlin"')
    append(folder / "config/settings.py", SETTINGS)
    append(folder / "core/clock.py", "# changed\n")
    append(folder / "requirements.txt", "stripe==9.0\n")
    (folder / "podium-0.2.0-py3-none-any.whl").write_bytes(
        b"PK\0 core.clock"
    )  # not text: nothing to report in it
    commit(folder, "The shop")


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


def git(folder: Path, *words: str) -> str:
    command = ["git", "-c", "commit.gpgsign=false", *words]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
