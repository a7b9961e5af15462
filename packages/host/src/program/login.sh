# Calls of Docker with the login for one registry, and with a deadline.

# open_scratch FOLDER: for this call only and only for us. Standard input: a Docker configuration with the login for a registry,
# or nothing: then the host's own configuration counts, with its logins and credential helpers. A TERM ends the wait below, Docker,
# which `timeout` puts into a group of its own, and the folder.
open_scratch() {
  asker='' login=''
  scratch=$(mktemp -d "$1/.pull.XXXXXX") || exit 1
  trap 'rm -rf "$scratch"' EXIT
  trap 'kill "$asker" 2>/dev/null; exit 143' HUP INT TERM PIPE
  cat >"$scratch/config.json" || exit 1
}

# A configuration of our own lacks the host's contexts, which may say where its Docker is.
use_login() {
  endpoint=$(docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null) || endpoint=
  if [ -n "$endpoint" ]; then
    DOCKER_HOST=$endpoint
    export DOCKER_HOST
  fi
  login="--config $scratch"
}

# with_login SECONDS ARGUMENT...: prints parts `code` and `said`, the end of what Docker said.
with_login() {
  seconds=$1
  shift
  (
    [ ! -s "$scratch/config.json" ] || use_login
    # shellcheck disable=SC2086 # one argument a word
    exec timeout -k 5 "$seconds" $docker_words $login "$@"
  ) >"$scratch/said" 2>&1 </dev/null &
  asker=$!
  wait "$asker"
  code=$?
  part code
  printf '%s\n' "$code"
  part said
  tail -n 5 "$scratch/said" | as_words
}
