# The containers of the stacks named and nothing else, as a verdict needs them; read-only. Asked for once a second as long as a
# deployment is watched, so it calls docker twice. usage: look PROJECT...; one `@@name` line before each part.

label=com.docker.compose.project

# The ids of `ID PROJECT` lines whose project is one of WORDS.
of_projects() {
  while read -r id project; do
    case " $* " in *" $project "*) printf '%s ' "$id" ;; esac
  done
}

# An id may vanish between the list and the look: what is left is printed, and the error with it.
main() {
  listed=$(docker ps -a --no-trunc --filter "label=$label" --format "{{.ID}} {{.Label \"$label\"}}" 2>&1)
  code=$?
  part clock
  date +%s
  part docker
  printf '%s\n' "$code"
  [ "$code" = 0 ] || {
    printf '%s\n' "$listed"
    exit 0
  }
  ids=$(printf '%s\n' "$listed" | of_projects "$@")
  part containers
  # shellcheck disable=SC2086
  errors=$({ [ -z "$ids" ] || docker container inspect $ids; } 3>&1 1>&4 2>&3)
  part error
  printf '%s\n' "$errors"
}

main "$@" 4>&1
