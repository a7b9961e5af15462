# What the steps of a transaction do with Docker; `limit` is how many seconds the step may take.

limited_compose() {
  # shellcheck disable=SC2086
  timeout -k 10 "$limit" env -i PATH="$PATH" DOCKER_CONFIG="${DOCKER_CONFIG:-${HOME:-/root}/.docker}" \
    ${DOCKER_HOST:+DOCKER_HOST="$DOCKER_HOST"} GITOPS_TRANSACTION="$GITOPS_TRANSACTION" COMPOSE_REMOVE_ORPHANS=0 $docker_words compose --progress plain "$@" </dev/null
}

# activate PROJECT FOLDER OVERLAY WORD...: Compose with a stack's file of a release, as it was rendered and pinned, and with
# an overlay of this transaction. FOLDER is below releases/. What was taken over keeps the folder of its own files, by which
# its data is found when it is taken over again.
activate() {
  project=$1 folder=$env/releases/$2 overlay=$3
  shift 3
  directory=$(cat "$folder/directory" 2>/dev/null) || directory=$folder
  if [ -n "$overlay" ]; then set -- -f "$dir/$overlay" "$@"; fi
  limited_compose -p "$project" --project-directory "$directory" --env-file "$folder/env" -f "$folder/rendered.yml" "$@"
}

# service_containers PROJECT SERVICE
service_containers() {
  docker ps -a --no-trunc --filter "label=com.docker.compose.project=$1" --filter "label=com.docker.compose.service=$2" \
    --format '{{.ID}} {{.Label "com.docker.compose.oneoff"}}' >"$dir/.containers" || return 1
  awk '$2 != "True" { print $1 }' "$dir/.containers"
}

remove_service() {
  ids=$(service_containers "$1" "$2") || return 1
  [ -n "$ids" ] || return 0
  # shellcheck disable=SC2086
  docker stop $ids && docker rm $ids
}

# await_stops SECONDS CONTAINER...: Docker goes on with a stop whose client is gone. A container that is still there may be
# about to stop, so that `up` would take it for running.
await_stops() {
  left=$(($1 * 4))
  shift
  docker container inspect --format '{{.Id}}' "$@" >"$dir/.still-there" 2>/dev/null
  while [ "$left" -gt 0 ]; do
    running=$(docker container inspect --format '{{if .State.Running}}{{.Id}}{{end}}' "$@" 2>/dev/null)
    [ -n "$running" ] || return 0
    left=$((left - 1))
    sleep 0.25
  done
}

# Only what outlived the first `up` may have stopped since.
activate_again() { [ ! -s "$dir/.still-there" ] || activate "$@"; }

remove_network() {
  docker network inspect "$1" >/dev/null 2>&1 || return 0
  docker network rm "$1"
}

# Compose's own hash, or ours where Compose's depends on another container's id.
identity='{{with index .Config.Labels "gitops.config"}}{{.}}{{else}}{{index .Config.Labels "com.docker.compose.config-hash"}}{{end}} {{.Image}} {{.State.Status}}'

# expect PROJECT SERVICE CONFIG_HASH IMAGE_ID REPLICAS ROLE: exactly these containers are there. An empty hash may be any.
expect() {
  ids=$(service_containers "$1" "$2") || return 1
  shift
  seen=0
  for id in $ids; do
    seen=$((seen + 1))
    is=$(docker container inspect --format "$identity" "$id") || return 1
    [ -n "$2" ] || is=" ${is#* }"
    case $5:$is in
      "service:$2 $3 running" | "service:$2 $3 restarting") ;;
      "job:$2 $3 "* | "optional:$2 $3 "*) ;;
      *)
        printf 'expected %s to run %s of %s, found %s\n' "$1" "$2" "$3" "$is"
        return 1
        ;;
    esac
  done
  [ "$seen" = "$4" ] || {
    printf 'expected %s containers of %s, found %s\n' "$4" "$1" "$seen"
    return 1
  }
}

# expect_only PROJECT SERVICE...: no other service of the project has a container.
expect_only() {
  project=$1
  shift
  services=$(docker ps -a --filter "label=com.docker.compose.project=$project" --filter label=com.docker.compose.oneoff=False \
    --format '{{.Label "com.docker.compose.service"}}') || return 1
  for found in $services; do
    case " $* " in
      *" $found "*) ;;
      *)
        printf 'expected no container of %s\n' "$found"
        return 1
        ;;
    esac
  done
}
