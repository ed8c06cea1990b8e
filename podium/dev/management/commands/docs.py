"""`manage.py docs`: the documentation that comes with Podium, as a site or as text."""

from __future__ import annotations

import argparse
import functools
import http.server
import webbrowser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from podium.core.project import ROOT
from podium.dev import manual, site

SITE = ROOT / ".podium" / "docs"
PORT = 8008


class Command(BaseCommand):
    help = "Build the site of Podium's documentation, or show one page as text."
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("page", nargs="?", help="show this page as text, such as settings; build nothing")
        parser.add_argument("--list", action="store_true", help="list the pages; build nothing")
        parser.add_argument(
            "--output",
            type=Path,
            default=SITE,
            metavar="DIR",
            help="folder for the site (default .podium/docs)",
        )
        parser.add_argument("--open", action="store_true", help="open the site in a browser")
        parser.add_argument(
            "--serve",
            type=int,
            nargs="?",
            const=PORT,
            metavar="PORT",
            help="serve the site on 127.0.0.1 until Ctrl-C; without a port, on %(const)s",
        )

    def handle(self, *, page: str | None, **options: Any) -> None:
        if page or options["list"]:
            self.stdout.write(self.text(page))
            return
        folder = options["output"].resolve()
        try:
            site.build(manual.folder(), folder)
        except site.SiteError as error:
            raise CommandError(str(error)) from None
        start = folder / "index.html"
        self.stdout.write(f"The site is at {start}")
        if options["serve"] is not None:
            self.serve(folder, options["serve"], and_open=options["open"])
        elif options["open"]:
            webbrowser.open(start.as_uri())

    def text(self, page: str | None) -> str:
        try:
            return manual.page(page) if page else self.list()
        except manual.NoPage as error:
            raise CommandError(str(error)) from None

    def list(self) -> str:
        pages = manual.pages()
        width = max(map(len, pages), default=0)
        lines = [f"{name.ljust(width)}  {manual.title(path)}" for name, path in pages.items()]
        return "\n".join([*lines, "", f"The files are in {manual.folder()}"])

    def serve(self, folder: Path, port: int, *, and_open: bool) -> None:
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
        try:
            server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
        except OSError as error:
            raise CommandError(
                f"127.0.0.1:{port} can't be used: {error.strerror}. Choose another port."
            ) from None
        with server:
            address = f"http://127.0.0.1:{server.server_port}/"
            self.stdout.write(f"Serving it at {address} until Ctrl-C", ending="\n")
            self.stdout.flush()
            if and_open:
                webbrowser.open(address)
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                self.stdout.write("")
