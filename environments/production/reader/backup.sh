#!/bin/sh
# Dumps the database into /backups once a day and keeps two weeks of it.
set -eu
PGPASSWORD=$(cat /run/secrets/db_password)
export PGPASSWORD
# Process 1 has to say itself that it ends when asked to.
trap 'exit 0' TERM INT

while true; do
  file=/backups/$(date +%F).sql
  # Under another name until it is complete.
  pg_dump --file="$file.part"
  mv "$file.part" "$file"
  find /backups -name '*.sql' -mtime +14 -delete
  sleep 86400 &
  wait $!
done
