# The way of a transaction back to the former state, which is brought back as a whole and verified.

# As one look shows it.
verify() { around=$(look_around) && carry_out expect; }

# No step of it was begun, says the journal, so there is nothing to be taken back.
is_untouched() {
  grep -qF "\"transaction\":$transaction,\"release\":\"$release\",\"phase\":\"apply\"" "$env/journal.ndjson" 2>/dev/null
  [ "$?" = 1 ] && [ -f "$env/journal.ndjson" ] && verify
}

# An Engine that is upgraded is away for some seconds.
await_docker() {
  patience_ends=$(($(uptime_seconds) + 60))
  until docker version >/dev/null 2>&1 || [ "$(uptime_seconds)" -ge "$patience_ends" ]; do sleep 0.5; done
}

# bring_back WHY: the former state, as a whole.
bring_back() {
  printf '── going back\n'
  await_docker
  carry_out revert || { carry_out unwedge && carry_out revert; } || {
    fail_to_go_back "$1 $failed"
    return 1
  }
  verify || fail_to_go_back "$1 verify"
}

# go_back WHY: makes sure that the former state is there.
go_back() {
  journal revert "because-$1" begin 0
  is_untouched || bring_back "$1" || return 1
  journal revert verify end 0
  replace "$dir/back" </dev/null || {
    rm -f "$env/reserve"
    replace "$dir/back" </dev/null
  }
}

# What was taken over stays on record: a next run compares with it, and finds the data by it.
fail_to_go_back() {
  journal revert verify end 1
  [ -z "$adopted" ] || printf '%s\n' "$adopted" | replace "$env/current"
  record_end revert-failed "$1"
  set_state revert-failed "$1"
  return 1
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
