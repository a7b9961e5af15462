# Pulls one image, with a deadline. Changes nothing that runs.
# usage: pull STAGING TIMEOUT_SECONDS IMAGE; standard input: a Docker configuration with the login for its registry, or
# nothing: then the host's own configuration counts, with its logins and credential helpers.
# prints `@@code`, `@@said` (the end of what docker said) and `@@image`: id, registry digests and reference, if it is here

# Only for this pull and only for us. A TERM ends the wait below, the pull, which `timeout` puts into a group of its own,
# and the folder.
open_scratch() {
  scratch=$(mktemp -d "${1:-${TMPDIR:-/tmp}}/.pull.XXXXXX") || exit 1
  trap 'rm -rf "$scratch"' EXIT
  trap 'kill "$puller" 2>/dev/null; exit 143' HUP INT TERM PIPE
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

main() {
  puller='' login=''
  open_scratch "$1"
  (
    [ ! -s "$scratch/config.json" ] || use_login
    # shellcheck disable=SC2086 # one argument a word
    exec timeout -k 5 "$2" $docker_words $login pull -q "$3"
  ) >"$scratch/said" 2>&1 </dev/null &
  puller=$!
  wait "$puller"
  code=$?
  part code
  printf '%s\n' "$code"
  part said
  tail -n 5 "$scratch/said" | as_words
  part image
  docker image inspect --format "{{json .Id}} {{json .RepoDigests}} $3" "$3" 2>/dev/null
  return 0
}

main "$@"
