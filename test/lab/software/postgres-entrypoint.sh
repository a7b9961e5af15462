#!/bin/bash
# What the entrypoint of the public image `postgres` does as far as environments/ makes use of it: gives the volume to the
# user `postgres`, and in an empty one makes a cluster with the user, password and database that are asked for.
set -euo pipefail

if [ "$(id -u)" = 0 ] && [ "${1:-}" = postgres ]; then
  install -d -m 0700 -o postgres -g postgres "$PGDATA"
  chown -R postgres:postgres "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

# NAME or the content of the file in NAME_FILE.
value_of() {
  local file=$1_FILE
  if [ -n "${!file:-}" ]; then cat "${!file}"; else printf '%s' "${!1:-}"; fi
}

initialize() {
  local user=${POSTGRES_USER:-postgres} password database
  password=$(value_of POSTGRES_PASSWORD)
  database=${POSTGRES_DB:-$user}
  [ -n "$password" ] || { echo 'Error: Database is uninitialized and superuser password is not specified.' >&2; exit 1; }
  initdb --username="$user" --pwfile=<(printf '%s\n' "$password") >/dev/null
  printf 'host all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
  # Nobody may connect by network before the database is there.
  pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
  [ "$database" = postgres ] || createdb --username="$user" "$database"
  pg_ctl -D "$PGDATA" -m fast -w stop
}

if [ "${1:-}" = postgres ]; then
  [ -s "$PGDATA/PG_VERSION" ] || initialize
  set -- "$@" -c listen_addresses='*'
fi
exec "$@"
