# What runs of the stacks named, and of those that the current release names; read-only. One `@@name` line before each part.
# usage: observe ENV PROJECT...

label=com.docker.compose.project

# inspect KIND: everything listed in the file of that name, in one call.
inspect() {
  # shellcheck disable=SC2046
  [ ! -s "$scratch/$1s" ] || docker "$1" inspect $(cat "$scratch/$1s") >"$scratch/$1.json" 2>>"$scratch/error"
}

# own KIND: from `ID|PROJECT|…` those whose project is one of ours. A volume keeps the label of the project that made it, also
# when its stack got another name; so volumes of the current release are known by their own names too.
own() { awk -F'|' 'NR == FNR { ours[$0]; next } $2 in ours || "volume " $1 in ours { print $1 }' "$scratch/projects" "$scratch/all-$1" >"$scratch/$1"; }

projects() {
  env=$1
  shift
  printf '%s\n' "$@"
  current=$(cat "$env/current" 2>/dev/null) || return 0
  cat "$env/releases/$current/projects" 2>/dev/null
  sed 's/^/volume /' "$env/releases/$current/volumes" 2>/dev/null
}

# An id may vanish between the list and the look: what is left is printed, and the error with it.
observe() {
  scratch=$(mktemp -d) || exit 1
  trap 'rm -rf "$scratch"' EXIT
  projects "$@" | sort -u >"$scratch/projects"
  docker network ls --no-trunc --filter "label=$label" --format "{{.ID}}|{{.Label \"$label\"}}" >"$scratch/all-networks" 2>>"$scratch/error" &
  docker volume ls --filter "label=$label" --format "{{.Name}}|{{.Label \"$label\"}}" >"$scratch/all-volumes" 2>>"$scratch/error" &
  docker ps -a --no-trunc --format "{{.ID}}|{{.Label \"$label\"}}|{{.Names}}|{{.Ports}}" >"$scratch/all-containers" 2>"$scratch/refusal"
  code=$?
  wait
  part clock
  date +%s
  part docker
  printf '%s\n' "$code"
  cat "$scratch/refusal"
  for kind in containers networks volumes; do own $kind; done
  inspect container &
  inspect network &
  inspect volume &
  wait
  for kind in container network volume; do
    part "${kind}s"
    cat "$scratch/$kind.json" 2>/dev/null
  done
  part unmanaged
  awk -F'|' 'NR == FNR { ours[$0]; next } !($2 in ours)' "$scratch/projects" "$scratch/all-containers"
  part error
  cat "$scratch/error"
}

observe "$@"
