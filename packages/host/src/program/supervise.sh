# The supervisor of one transaction: applies, waits for the runner's order, confirms or reverts. It alone writes `current`.
# usage: supervise ENV TRANSACTION apply|revert|finish
# $dir/status is one line: STATE PID START_TIME BOOT_ID UPTIME DETAIL

set_state() {
  printf '%s %s %s %s %s %s\n' "$1" "$$" "$(start_time $$)" "$(boot_id)" "$(uptime_seconds)" "${2:-}" | replace "$dir/status" || {
    rm -f "$env/reserve"
    printf '%s %s %s %s %s %s\n' "$1" "$$" "$(start_time $$)" "$(boot_id)" "$(uptime_seconds)" "${2:-}" | replace "$dir/status"
  }
}

append() {
  printf '%s\n' "$1" >>"$env/journal.ndjson" && { sync "$env/journal.ndjson" 2>/dev/null || sync; }
}

# journal PHASE STEP EVENT CODE: a full disk gives up the reserve, so that a revert can still be journalled.
journal() {
  line=$(printf '{"at":"%s","fence":%s,"transaction":%s,"release":"%s","phase":"%s","step":"%s","event":"%s","code":%s}' \
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(highest_claim "$env")" "$transaction" "$release" "$1" "$2" "$3" "$4")
  append "$line" && return 0
  rm -f "$env/reserve"
  drop_torn_line "$env/journal.ndjson"
  append "$line"
}

# record_end STATE WHY: how the transaction ended, with the runner's verdict if it had one.
record_end() {
  verdict=$(made_by_runner "$dir/verdict") && verdict=",$verdict" || verdict=
  current=$(tr -cd '0-9a-z-' 2>/dev/null <"$env/current")
  audit ended "\"transaction\":$transaction,\"state\":\"$1\",\"why\":\"$2\",\"release\":\"$release\",\"current\":\"$current\"$verdict"
}

ordered() { cat "$dir/order" 2>/dev/null; }

# step NAME SECONDS WORD...: a line before and one after; an order to revert stops before the next one. What cannot be
# journalled is not applied, but going back goes on without.
step() {
  name=$1 limit=$2
  shift 2
  [ "$phase" != apply ] || [ "$(ordered)" != revert ] || return 1
  failed=$name
  journal "$phase" "$name" begin 0 || [ "$phase" != apply ] || return 1
  printf '── %s\n' "$name"
  "$@"
  code=$?
  journal "$phase" "$name" end "$code"
  [ "$code" = 0 ] || return 1
  failed=
}

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
  still_there=$(docker container inspect --format '{{.Id}}' "$@" 2>/dev/null)
  while [ "$left" -gt 0 ]; do
    running=$(docker container inspect --format '{{if .State.Running}}{{.Id}}{{end}}' "$@" 2>/dev/null)
    [ -n "$running" ] || return 0
    left=$((left - 1))
    sleep 0.25
  done
}

# Only what outlived the first `up` may have stopped since.
activate_again() { [ -z "$still_there" ] || activate "$@"; }

remove_network() {
  docker network inspect "$1" >/dev/null 2>&1 || return 0
  docker network rm "$1"
}

# write_data RELEASE OTHER: the tracked files of writable binds. What the OTHER release brought and this one lacks goes; all else stays.
write_data() {
  if [ -d "$env/releases/$2/data" ]; then
    (cd "$env/releases/$2/data" && find . -type f) | while IFS= read -r file; do
      [ -f "$env/releases/$1/data/$file" ] || leads_elsewhere "${file%/*}" || rm -f "$(host_path "$file")"
    done
  fi
  [ ! -e "$env/releases/$1/folders" ] || while IFS= read -r folder; do
    case $folder in @/*) continue ;; esac
    make_folder "$folder" || return 1
  done <"$env/releases/$1/folders" || return 1
  [ -d "$env/releases/$1/data" ] || return 0
  (cd "$env/releases/$1/data" && find . -type f) | while IFS= read -r file; do
    make_folder "${file%/*}" && write_data_file "$env/releases/$1/data/$file" "$(host_path "$file")" || return 1
  done
}

# host_path PATH: where a path below the data of a release lies on the host. What begins with `@/` was there before we were.
host_path() {
  case ${1#./} in
    @/*) printf '/%s' "${1#*@/}" ;;
    *) printf '%s/data/%s' "$env" "${1#./}" ;;
  esac
}

# mounted_folder PATH: the folder that containers mount and PATH is in; for what is below data/ that is data/ itself.
mounted_folder() {
  case ${1#./} in @/*) ;; *) return 0 ;; esac
  cat "$env"/releases/*/folders 2>/dev/null | while IFS= read -r folder; do
    case ${1#./}/ in "$folder"/*)
      printf '%s' "$folder"
      break
      ;;
    esac
  done
}

# make_folder PATH below data/, open to whoever runs in a container; one that is there belongs to the application.
make_folder() {
  leads_elsewhere "$1" && return 1
  made=$(host_path "$1")
  [ ! -d "$made" ] || return 0
  (umask 022 && mkdir -p "$made")
}

# An application may put a link where we would write, to have us write anywhere on the host.
leads_elsewhere() {
  above=$(mounted_folder "$1")
  rest=${1#./}/
  rest=${rest#"$above"/}
  case $rest in @/*) return 1 ;; esac
  place=$(host_path "$above")
  place=${place%/}
  while [ -n "$rest" ]; do
    place=$place/${rest%%/*}
    rest=${rest#*/}
    [ ! -L "$place" ] || {
      printf '%s is a link, so nothing is written there\n' "$place"
      return 0
    }
  done
  return 1
}

# In place, since a bind of a single file pins its inode.
write_data_file() {
  # A link of the application's would be written through, a pipe would be waited for.
  if [ -L "$2" ] || { [ -e "$2" ] && [ ! -f "$2" ]; }; then rm -f "$2" || return 1; fi
  cmp -s "$1" "$2" && return 0
  if [ -x "$1" ]; then mode=0755; else mode=0644; fi
  if [ -e "$2" ]; then cat "$1" >"$2"; else cp "$1" "$2"; fi && chmod "$mode" "$2"
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

# The runner is silent since the newest renewal of any lease, counted from the last step at the earliest.
silence() {
  last=$(last_renewal "$env" "$(highest_claim "$env")")
  [ "$last" -ge "$waiting_since" ] || last=$waiting_since
  printf '%s' $(($(uptime_seconds) - last))
}

wait_for_order() {
  waiting_since=$(uptime_seconds)
  looks=0
  while [ ! -e "$dir/order" ]; do
    # An order is to be carried out at once; how long the runner is silent takes a dozen processes to find out.
    [ $((looks % 10)) != 0 ] || [ "$(silence)" -lt "$confirm_timeout" ] || {
      why=runner-silent
      return 0
    }
    looks=$((looks + 1))
    sleep 0.1
  done
}

confirm() {
  set_state confirming
  journal confirm current begin 0
  printf '%s\n' "$release" | replace "$env/current" || return 1
  journal confirm current end 0
  record_end confirmed "$why"
  set_state confirmed
}

revert_once() {
  # shellcheck disable=SC1091
  . "$dir/revert"
}

unwedge() {
  # shellcheck disable=SC1091
  . "$dir/unwedge"
}

verify() {
  # shellcheck disable=SC1091
  . "$dir/expect"
}

# go_back WHY: brings the former state back, and verifies it.
go_back() {
  journal revert "because-$1" begin 0
  printf '── going back\n'
  revert_once || { unwedge && revert_once; } || {
    fail_to_go_back "$1 $failed"
    return 1
  }
  verify || {
    fail_to_go_back "$1 verify"
    return 1
  }
  journal revert verify end 0
  replace "$dir/back" </dev/null || {
    rm -f "$env/reserve"
    replace "$dir/back" </dev/null
  }
}

fail_to_go_back() {
  journal revert verify end 1
  record_end revert-failed "$1"
  set_state revert-failed "$1"
}

# Once the former state is verified, the way to it goes with what was taken over: a recovery must not take it again.
revert() {
  phase=revert
  set_state reverting "$1"
  [ -e "$dir/back" ] || go_back "$1" || return 1
  # What was tried is of no use any more, and it may hold secrets.
  [ "$release" = "$(cat "$env/current" 2>/dev/null)" ] || rm -rf "$env/releases/${release:?}"
  [ -z "$adopted" ] || rm -rf "$env/releases/${adopted:?}"
  record_end reverted "$1"
  set_state reverted "$1"
}

# What the containers said that did not come up: going back removes them.
tell_failures() {
  for project in $projects; do
    docker ps -a --filter "label=com.docker.compose.project=$project" --format '{{.ID}} {{.Names}} {{.Status}}'
  done | while read -r id name status; do
    case $status in "Up "*"(unhealthy)"* | Exited* | Restarting* | Dead*) ;; *) continue ;; esac
    printf '── log of %s (%s)\n' "$name" "$status"
    # shellcheck disable=SC2086
    timeout 10 $docker_words logs --tail 20 "$id" 2>&1 </dev/null
  done
}

apply() {
  set_state applying
  # shellcheck disable=SC1091
  . "$dir/apply"
}

main() {
  env=$1 transaction=$2 phase=$3 failed='' why='' still_there='' dir=$1/transactions/$2
  projects='' release='' adopted='' confirm_timeout=''
  # shellcheck disable=SC1091
  . "$dir/settings"
  drop_torn_line "$env/journal.ndjson"
  if [ "$phase" = revert ]; then
    revert recovered
  elif [ "$phase" = finish ]; then
    why=recovered
    confirm
  elif [ -e "$dir/status" ] || [ -e "$dir/order" ] || ! holds "$env" "$transaction"; then
    # Somebody else has taken care of this transaction already.
    exit 0
  elif apply; then
    set_state awaiting
    wait_for_order
    case $(ordered) in
      confirm)
        why=ordered
        confirm
        ;;
      freeze)
        record_end frozen ordered
        set_state frozen ordered && journal freeze hold end 0
        ;;
      *) revert "${why:-ordered}" ;;
    esac
  else
    tell_failures
    revert "${failed:-ordered}"
  fi
}

main "$@"
