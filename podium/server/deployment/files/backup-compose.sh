#!/bin/sh
# One backup of {{ project }} with compose.yaml: the database and the files. Backups older than KEEP_DAYS are deleted.
# As a cron job:  15 3 * * * /srv/{{ project }}/deploy/backup-compose.sh
set -eu
umask 077
cd "$(dirname "$0")/.."
folder=${BACKUP_DIR:-backups}
now=$(date -u +%Y%m%dT%H%M%SZ)
mkdir -p "$folder"

# An interrupted backup keeps the name .partial, so it is never mistaken for a complete one.
docker compose exec -T db pg_dump --username=app --format=custom --no-owner app > "$folder/db-$now.dump.partial"
mv "$folder/db-$now.dump.partial" "$folder/db-$now.dump"
docker compose exec -T web tar -C /data/media -czf - . > "$folder/media-$now.tar.gz.partial"
mv "$folder/media-$now.tar.gz.partial" "$folder/media-$now.tar.gz"
find "$folder" -type f -mtime "+${KEEP_DAYS:-14}" -delete
echo "Backup $now is in $folder. Copy it to another machine."
