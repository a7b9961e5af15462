# Prints the audit trail of ENV as it is, or its newest lines; read-only. usage: trail ENV [LINES]

main() {
  [ -e "$1/audit.ndjson" ] || return 0
  if [ -n "${2:-}" ]; then tail -n "$2" "$1/audit.ndjson"; else cat "$1/audit.ndjson"; fi
}

main "$@"
