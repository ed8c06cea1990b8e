#!/bin/sh
# One backup of {{ project }} on a machine with systemd: the database and the files. Backups older than KEEP_DAYS are deleted.
# Needs DATABASE_URL and MEDIA_ROOT in the environment, and pg_dump of the server's version or newer.
set -eu
umask 077
folder=${BACKUP_DIR:-/var/backups/{{ project }}}
now=$(date -u +%Y%m%dT%H%M%SZ)
mkdir -p "$folder"

# An interrupted backup keeps the name .partial, so it is never mistaken for a complete one.
pg_dump --format=custom --no-owner --file="$folder/db-$now.dump.partial" "$DATABASE_URL"
mv "$folder/db-$now.dump.partial" "$folder/db-$now.dump"
if [ -d "${MEDIA_ROOT:-}" ]; then
    tar -C "$MEDIA_ROOT" -czf "$folder/media-$now.tar.gz.partial" .
    mv "$folder/media-$now.tar.gz.partial" "$folder/media-$now.tar.gz"
fi
find "$folder" -type f -mtime "+${KEEP_DAYS:-14}" -delete
echo "Backup $now is in $folder. Copy it to another machine."
