# What runs of the stacks named, and of those that the current release names; read-only. One `@@name` line before each part.
# usage: observe ENV PROJECT...

label=com.docker.compose.project

# list KIND ARGUMENT...: `ID|PROJECT|…` of everything of a kind, into the file `all-KIND`.
list() {
  kind=$1
  shift
  docker "$@" >"$scratch/all-$kind" 2>>"$scratch/error"
}

# Of the lists, what belongs to one of our stacks: a line of ids for each kind. Other containers go to the file `unmanaged`.
# A volume keeps the label of the project that made it, also when its stack got another name; so volumes of the current
# release are known by their own names too.
own() {
  env=$1
  shift
  release=$env/releases/$(first_line "$env/current") stacks="$*" scratch=$scratch awk '
    function learn(file, before,    line) {
      while ((getline line <file) > 0) ours[before line]
      close(file)
    }
    function sift(kind,    file, line, part) {
      file = ENVIRON["scratch"] "/all-" kind
      while ((getline line <file) > 0) {
        split(line, part, "|")
        if (part[2] in ours || ("volume " part[1]) in ours) printf "%s ", part[1]
        else if (kind == "container") print line >>(ENVIRON["scratch"] "/unmanaged")
      }
      print ""
    }
    BEGIN {
      count = split(ENVIRON["stacks"], stack, " ")
      for (i = 1; i <= count; i++) ours[stack[i]]
      learn(ENVIRON["release"] "/projects", "")
      learn(ENVIRON["release"] "/volumes", "volume ")
      sift("container")
      sift("network")
      sift("volume")
    }' >"$scratch/own"
}

# inspect KIND ID...: all of them in one call.
inspect() {
  kind=$1
  shift
  part "${kind}s"
  [ $# = 0 ] || docker "$kind" inspect "$@" 2>>"$scratch/error"
}

# shellcheck disable=SC2086
inspect_all() {
  { IFS= read -r containers && IFS= read -r networks && IFS= read -r volumes; } <"$scratch/own"
  inspect container $containers >"$scratch/containers" &
  inspect network $networks >"$scratch/networks" &
  inspect volume $volumes >"$scratch/volumes" &
  wait
}

# An id may vanish between the list and the look: what is left is printed, and the error with it.
# Every deployment waits for this, also one with nothing to do, so it starts as few processes as it can.
observe() {
  scratch=$(mktemp -d) || exit 1
  trap 'rm -rf "$scratch"' EXIT
  part unmanaged >"$scratch/unmanaged"
  part error >"$scratch/error"
  list network network ls --no-trunc --filter "label=$label" --format "{{.ID}}|{{.Label \"$label\"}}" &
  list volume volume ls --filter "label=$label" --format "{{.Name}}|{{.Label \"$label\"}}" &
  docker ps -a --no-trunc --format "{{.ID}}|{{.Label \"$label\"}}|{{.Names}}|{{.Ports}}" >"$scratch/all-container" 2>"$scratch/refusal"
  code=$?
  wait
  part clock
  date +%s
  part docker
  printf '%s\n' "$code"
  own "$@"
  inspect_all
  cd "$scratch" && cat refusal containers networks volumes unmanaged error
}

observe "$@"
