# Records that a commit has the content of the current release, so that it can be found by that commit.
# usage: alias ENV RELEASE LINE [FACTS]; FACTS is what the audit trail says of it

main() {
  env=$1
  [ "$(cat "$env/current" 2>/dev/null)" = "$2" ] || return 1
  drop_torn_line "$env/releases/$2/aliases.ndjson"
  printf '%s\n' "$3" >>"$env/releases/$2/aliases.ndjson" || return 1
  audit_object alias "${4:-}" "\"release\":\"$2\","
}

main "$@"
