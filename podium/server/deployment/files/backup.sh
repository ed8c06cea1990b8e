#!/bin/sh
# One backup of {{ project }} on a machine with systemd: the database and the files. Backups older than KEEP_DAYS are deleted.
# Needs DATABASE_URL and MEDIA_ROOT in the environment, python3, and pg_dump of the server's version or newer.
set -eu
umask 077
folder=${BACKUP_DIR:-/var/backups/{{ project }}}
now=$(date -u +%Y%m%dT%H%M%SZ)
mkdir -p "$folder"

command -v pg_dump > /dev/null || { echo "pg_dump is missing. On Debian: apt install postgresql-client" >&2; exit 1; }
# An interrupted backup keeps the name .partial, so it is never mistaken for a complete one.
# All users of the machine can read a program's arguments, so pg_dump gets the password in its environment.
python3 -c '
import os, sys
from urllib.parse import unquote
scheme, _, rest = os.environ["DATABASE_URL"].partition("://")
login, at, place = rest.rpartition("@")
user, _, password = login.partition(":")
if password:
    os.environ["PGPASSWORD"] = unquote(password)
os.execvp("pg_dump", ["pg_dump", *sys.argv[1:], f"{scheme}://{user}{at}{place}"])
' --format=custom --no-owner --file="$folder/db-$now.dump.partial"
mv "$folder/db-$now.dump.partial" "$folder/db-$now.dump"
if [ -d "${MEDIA_ROOT:-}" ]; then
    tar -C "$MEDIA_ROOT" -czf "$folder/media-$now.tar.gz.partial" .
    mv "$folder/media-$now.tar.gz.partial" "$folder/media-$now.tar.gz"
fi
find "$folder" -type f -mtime "+${KEEP_DAYS:-14}" -delete
echo "Backup $now is in $folder. Copy it to another machine."
