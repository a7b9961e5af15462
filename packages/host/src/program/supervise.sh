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

# carry_out FILE: what the runner has written for this transaction. One that lost its end on the way says nothing.
carry_out() {
  complete=
  # shellcheck disable=SC1090
  . "$dir/$1" && [ "$complete" = yes ]
}

ordered() { cat "$dir/order" 2>/dev/null; }

# A step that is ordered back in the middle is ended there: going back mends what any crash leaves.
interrupt() {
  [ "$phase" = apply ] && [ "$(ordered)" = revert ] && [ -n "$child" ] || return 0
  interrupted=yes
  kill -KILL "$child" 2>/dev/null
  end_processes "$env" "$transaction/step"
}

# run WORD...: a shell notices a signal only while it waits.
run() {
  (
    # By this the processes of a step are told from those of the supervisor.
    GITOPS_TRANSACTION=${GITOPS_TRANSACTION:-}/step
    "$@"
  ) &
  child=$!
  interrupt
  wait "$child"
  code=$?
  while kill -0 "$child" 2>/dev/null; do
    wait "$child"
    code=$?
  done
  child=
  return "$code"
}

# step NAME SECONDS WORD...: a line before and one after; an order to revert stops before the next one. What cannot be
# journalled is not applied, but going back goes on without.
step() {
  name=$1 limit=$2
  shift 2
  [ "$phase" != apply ] || [ "$(ordered)" != revert ] || return 1
  failed=$name
  journal "$phase" "$name" begin 0 || [ "$phase" != apply ] || return 1
  printf '── %s\n' "$name"
  run "$@"
  code=$? limit=60
  journal "$phase" "$name" end "$code"
  [ -z "$interrupted" ] || failed=
  [ "$code" = 0 ] || return 1
  failed=
}

# The runner is silent since the newest renewal of any lease, counted from the last step at the earliest.
silence() {
  last=$(last_renewal "$env" "$(highest_claim "$env")")
  [ "$last" -ge "$waiting_since" ] || last=$waiting_since
  printf '%s' $(($(uptime_seconds) - last))
}

# An order is to be carried out at once, and so is the end of the runner's patience; but how long it is silent takes a dozen
# processes to find out, so that is asked for only when it may have been silent for long enough.
wait_for_order() {
  waiting_since=$(uptime_seconds)
  ask_at=$((waiting_since + confirm_timeout))
  while [ ! -e "$dir/order" ]; do
    read -r now _ </proc/uptime
    if [ "${now%%.*}" -ge "$ask_at" ]; then
      silent=$(silence)
      if [ "$silent" -ge "$confirm_timeout" ]; then
        # One that comes at this very moment is carried out.
        give_order "$dir" revert || [ ! -e "$dir/order" ] || return 0
        why=runner-silent
        return 0
      fi
      ask_at=$((${now%%.*} + confirm_timeout - silent))
    fi
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

# What the containers said that did not come up: going back removes them.
tell_failures() {
  for project in $projects; do
    docker ps -a --filter "label=com.docker.compose.project=$project" --format '{{.ID}} {{.Names}} {{.Status}}'
  done | while read -r id name status; do
    case $status in "Up "*"(unhealthy)"* | Exited* | Restarting* | Dead*) ;; *) continue ;; esac
    printf '── log of %s (%s)\n' "$name" "$status"
    # shellcheck disable=SC2086
    timeout 10 $docker_words logs --tail 20 "$id" 2>&1 </dev/null | tail -c 8192
  done
}

apply() {
  set_state applying
  carry_out apply
}

main() {
  env=$1 transaction=$2 phase=$3 failed='' why='' child='' interrupted='' limit=60 dir=$1/transactions/$2
  projects='' release='' adopted='' confirm_timeout=''
  carry_out settings || {
    set_state revert-failed settings
    exit 1
  }
  trap interrupt TERM
  drop_torn_line "$env/journal.ndjson"
  if [ "$phase" = revert ]; then
    revert recovered
  elif [ "$phase" = finish ]; then
    why=recovered
    confirm
  elif [ -e "$dir/status" ] || ! holds "$env" "$transaction"; then
    # Somebody else has taken care of this transaction already. One that was only ordered to go back has nobody else.
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
    [ -z "$failed" ] || tell_failures
    revert "${failed:-ordered}"
  fi
}

main "$@"
