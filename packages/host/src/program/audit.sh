# The audit trail of $env: one record a line, each with the SHA-256 of the line before, without its line break.

# Seconds that a record waits until the ones of others are written.
audit_patience=5
first_prev=0000000000000000000000000000000000000000000000000000000000000000

# audit KIND REST: appends a record. REST is what follows its kind up to the closing brace: made on the runner, or of fixed
# words. It never fails: what can't be recorded is told in the journal. A full disk gives up the reserve first.
audit() {
  append_record "\"kind\":\"$1\",$2" 2>/dev/null && return 0
  refused=$?
  if [ "$refused" != 9 ]; then
    rm -f "$env/reserve"
    append_record "\"kind\":\"$1\",$2" 2>/dev/null && return 0
  fi
  printf '{"at":"%s","fence":%s,"transaction":%s,"release":"","phase":"audit","step":"%s","event":"lost","code":%s}\n' \
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(highest_claim "$env")" "${transaction:-0}" "$1" "$refused" \
    2>/dev/null >>"$env/journal.ndjson" || return 0
}

# audit_object KIND OBJECT [MORE]: a record of MORE, which ends with a comma, and of what an object says that was made on the
# runner. Without an object there is no record.
audit_object() {
  case $2 in '{'*'}') ;; *) return 0 ;; esac
  object=${2#\{}
  audit "$1" "${3:-}${object%\}}"
}

# The lock ends with the processes that have it open. 9: it could not be had in time.
append_record() (
  # Not by `timeout`: that of busybox leaves a process behind for a second, which has the lock open.
  command -v flock >/dev/null || exit 9
  patience_ends=$(($(uptime_seconds) + audit_patience))
  until flock -n 9; do
    [ "$(uptime_seconds)" -lt "$patience_ends" ] || exit 9
    sleep 0.05
  done
  mend_trail "$env/audit.ndjson" && chain "$env/audit.ndjson" "$1"
) 9>>"$env/audit.lock"

# What a crash or a full disk left of a last line goes, which is a record too.
mend_trail() {
  [ -s "$1" ] || return 0
  size=$(wc -c <"$1")
  drop_torn_line "$1"
  torn=$((size - $(wc -c <"$1")))
  [ "$torn" = 0 ] || chain "$1" "\"kind\":\"torn\",\"bytes\":$torn"
}

chain() {
  number=0 prev=$first_prev
  if [ -s "$1" ]; then
    last=$(tail -n 1 "$1")
    number=${last#'{"n":'}
    number=${number%%,*}
    # What a hand has written may be no number, or none that a shell counts with.
    case $number in '' | *[!0-9]* | 0* | ????????????*) number=$(wc -l <"$1") ;; esac
    prev=$(printf '%s' "$last" | sha256sum)
  fi
  printf '{"n":%s,"prev":"%s","at":"%s",%s}\n' "$((number + 1))" "${prev%% *}" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$2" \
    >>"$1" && { sync "$1" 2>/dev/null || sync; }
}

# The inside of a line of JSON that was made on the runner: FILE holds one object, or it is as good as not there.
made_by_runner() {
  IFS= read -r object 2>/dev/null <"$1" || return 1
  case $object in '{'*'}') ;; *) return 1 ;; esac
  object=${object#\{}
  printf '%s' "${object%\}}"
}
