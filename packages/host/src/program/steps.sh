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

# Its hash is Compose's own, or ours where Compose's depends on another container's id.
identity='{{index .Config.Labels "com.docker.compose.project"}}|{{index .Config.Labels "com.docker.compose.service"}}|'\
'{{with index .Config.Labels "gitops.config"}}{{.}}{{else}}{{index .Config.Labels "com.docker.compose.config-hash"}}{{end}}|'\
'{{.Image}}|{{.State.Status}}'

# The containers of the projects as they are now, a line each: PROJECT|SERVICE|HASH|IMAGE|STATE. One look for all of them.
look_around() {
  listed=$(docker ps -a --no-trunc --filter label=com.docker.compose.project \
    --format '{{.ID}} {{.Label "com.docker.compose.project"}} {{.Label "com.docker.compose.oneoff"}}') || return 1
  ids=$(printf '%s\n' "$listed" | while read -r id project oneoff; do
    [ "$oneoff" = True ] || case " $projects " in *" $project "*) printf '%s ' "$id" ;; esac
  done)
  # shellcheck disable=SC2086
  [ -z "$ids" ] || docker container inspect --format "$identity" $ids
}

# expect PROJECT SERVICE CONFIG_HASH IMAGE_ID REPLICAS ROLE: exactly these containers are among those of `around`. An empty hash
# may be any.
expect() {
  seen=0
  while IFS='|' read -r project service hash image state; do
    [ "$project $service" = "$1 $2" ] || continue
    seen=$((seen + 1))
    [ -n "$3" ] || hash=
    case $6:$hash:$image:$state in
      "service:$3:$4:running" | "service:$3:$4:restarting") ;;
      "job:$3:$4:"* | "optional:$3:$4:"*) ;;
      *)
        printf 'expected %s to run %s of %s, found %s of %s, %s\n' "$2" "$3" "$4" "$hash" "$image" "$state"
        return 1
        ;;
    esac
  done <<END
$around
END
  [ "$seen" = "$5" ] || {
    printf 'expected %s containers of %s, found %s\n' "$5" "$2" "$seen"
    return 1
  }
}

# expect_only PROJECT SERVICE...: no other service of the project has a container.
expect_only() {
  only=$1
  shift
  while IFS='|' read -r project service _; do
    [ "$project" = "$only" ] || continue
    case " $* " in
      *" $service "*) ;;
      *)
        printf 'expected no container of %s\n' "$service"
        return 1
        ;;
    esac
  done <<END
$around
END
}
