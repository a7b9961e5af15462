# What runs, read-only: one `@@name` line before each part.
# usage: observe PROJECT

# inspect KIND: everything listed in the file of that name, in one call.
inspect() {
  # shellcheck disable=SC2046
  [ ! -s "$scratch/$1s" ] || docker "$1" inspect $(cat "$scratch/$1s") >"$scratch/$1.json" 2>>"$scratch/error"
}

# An id may vanish between the list and the look: what is left is printed, and the error with it.
observe() {
  scratch=$(mktemp -d) || exit 1
  trap 'rm -rf "$scratch"' EXIT
  label=com.docker.compose.project
  docker network ls -q --no-trunc --filter "label=$label=$1" >"$scratch/networks" 2>>"$scratch/error" &
  docker volume ls -q --filter "label=$label=$1" >"$scratch/volumes" 2>>"$scratch/error" &
  docker ps -a --no-trunc --format "{{.ID}}|{{.Label \"$label\"}}|{{.Names}}" >"$scratch/all" 2>"$scratch/refusal"
  code=$?
  wait
  part clock
  date +%s
  part docker
  printf '%s\n' "$code"
  cat "$scratch/refusal"
  awk -F'|' -v project="$1" '$2 == project { print $1 }' "$scratch/all" >"$scratch/containers"
  inspect container &
  inspect network &
  inspect volume &
  wait
  for kind in container network volume; do
    part "${kind}s"
    cat "$scratch/$kind.json" 2>/dev/null
  done
  part unmanaged
  awk -F'|' -v project="$1" '$2 != project { print $NF }' "$scratch/all"
  part error
  cat "$scratch/error"
}

observe "$1"
