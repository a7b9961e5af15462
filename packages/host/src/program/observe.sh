# What runs, read-only: one `@@name` line before each part.
# usage: observe PROJECT

observe_kind() {
  part "$1"
  shift
  # shellcheck disable=SC2086
  [ -z "$ids" ] || "$@" $ids 2>>"$scratch/error" || :
}

# An id may vanish between the list and the look: what is left is printed, and the error with it.
observe() {
  scratch=$(mktemp -d) || exit 1
  trap 'rm -rf "$scratch"' EXIT
  label=com.docker.compose.project
  docker network ls -q --no-trunc --filter "label=$label=$1" >"$scratch/networks" 2>/dev/null &
  docker volume ls -q --filter "label=$label=$1" >"$scratch/volumes" 2>/dev/null &
  docker ps -a --no-trunc --format "{{.ID}}|{{.Label \"$label\"}}|{{.Names}}" >"$scratch/containers" 2>"$scratch/error"
  code=$?
  wait
  part clock
  date +%s
  part docker
  printf '%s\n' "$code"
  cat "$scratch/error"
  : >"$scratch/error"
  ids=$(awk -F'|' -v project="$1" '$2 == project { print $1 }' "$scratch/containers")
  observe_kind containers docker container inspect
  ids=$(cat "$scratch/networks")
  observe_kind networks docker network inspect
  ids=$(cat "$scratch/volumes")
  observe_kind volumes docker volume inspect
  part unmanaged
  awk -F'|' -v project="$1" '$2 != project { print $NF }' "$scratch/containers"
  part error
  cat "$scratch/error"
}

observe "$1"
