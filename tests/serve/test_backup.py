"""The backup script of `manage.py deploy init systemd`, and the restore of docs/how-to/back-up-and-restore.md."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from podium.server import deployment
from tests.serve.project import CHECKOUT, Project

RESTORE = re.compile(r"^    (pg_restore .*--dbname=)postgresql:\S+ /var/\S+$", re.MULTILINE)
PG_DUMP = """\
#!/bin/sh
printf '%s\\n' "$PGPASSWORD" "$@" > "$BACKUP_DIR/said"
touch "${3#--file=}"
"""


@pytest.mark.parametrize(
    ("url", "password", "shown"),
    [
        ("postgresql://shop:p%40ss%3A%27%25@db:5432/shop", "p@ss:'%", "postgresql://shop@db:5432/shop"),
        (
            "postgres://shop:secret@a,b/shop?sslmode=require",
            "secret",
            "postgres://shop@a,b/shop?sslmode=require",
        ),
        ("postgresql:///shop?host=/run/postgresql", "", "postgresql:///shop?host=/run/postgresql"),
    ],
)
def test_the_password_is_not_among_the_arguments_of_pg_dump(
    tmp_path: Path, url: str, password: str, shown: str
) -> None:
    script, fake, folder = tmp_path / "backup.sh", tmp_path / "pg_dump", tmp_path / "backups"
    script.write_text(deployment.render("systemd")["deploy/backup.sh"])
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "DATABASE_URL": url,
        "PGPASSWORD": "",
    }
    environment["BACKUP_DIR"] = str(folder)
    if shutil.which("pg_dump", path=environment["PATH"]) is None:
        missing = subprocess.run(["sh", script], env=environment, capture_output=True, text=True, check=False)
        assert missing.returncode == 1 and "apt install postgresql-client" in missing.stderr
    fake.write_text(PG_DUMP)
    fake.chmod(0o755)
    environment["PATH"] = f"{tmp_path}:{environment['PATH']}"
    subprocess.run(["sh", script], env=environment, check=True)
    said, *arguments = (folder / "said").read_text().splitlines()
    assert said == password
    assert arguments[:2] == ["--format=custom", "--no-owner"] and arguments[3:] == [shown]
    assert list(folder.glob("db-*.dump"))


@pytest.mark.slow
def test_a_backup_is_restored_with_the_command_of_the_docs(project: Project, tmp_path: Path) -> None:
    script, folder, media = tmp_path / "backup.sh", tmp_path / "backups", tmp_path / "media"
    script.write_text(deployment.render("systemd")["deploy/backup.sh"])
    for each in (folder, media):
        each.mkdir()
    (media / "picture.png").write_text("bytes")
    (folder / "db-old.dump").touch()
    os.utime(folder / "db-old.dump", (0, 0))
    with project.postgres.connect() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    environment = {
        "PATH": f"{project.postgres.binaries}:{Path(sys.executable).parent}:/usr/bin:/bin",
        "DATABASE_URL": project.postgres.url,
        "BACKUP_DIR": str(folder),
        "MEDIA_ROOT": str(media),
    }
    subprocess.run(["sh", script], env=environment, check=True)
    dump, files = sorted(folder.iterdir())
    assert (dump.suffix, files.suffix) == (".dump", ".gz")
    assert dump.stat().st_mode & 0o077 == 0
    with project.postgres.connect() as connection:
        connection.execute("DROP TABLE kept")
    restore = RESTORE.search((CHECKOUT / "docs" / "how-to" / "back-up-and-restore.md").read_text())
    assert restore is not None
    words = f'{restore[1]}"$DATABASE_URL" {dump}'  # the test's server asks for no password
    subprocess.run(["sh", "-c", words], env=environment, check=True)
    with project.postgres.connect() as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
        connection.execute("DROP TABLE kept")
    subprocess.run(["tar", "-C", media, "-xzf", files], check=True)
