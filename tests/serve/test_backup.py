"""The backup script of `manage.py deploy init systemd`, and the restore of docs/how-to/back-up-and-restore.md."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from podium.server import deployment
from tests.serve.project import CHECKOUT, Project

RESTORE = re.compile(r"^    (pg_restore .*--dbname=\"\$DATABASE_URL\" )\S+$", re.MULTILINE)


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
        "PATH": f"{project.postgres.binaries}:/usr/bin:/bin",
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
    subprocess.run(["sh", "-c", f"{restore[1]}{dump}"], env=environment, check=True)
    with project.postgres.connect() as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
        connection.execute("DROP TABLE kept")
    subprocess.run(["tar", "-C", media, "-xzf", files], check=True)
