# Writes which commits are held. usage: hold ENV FENCE; standard input: what the audit trail says of it (a line of JSON), then
# held.json

main() {
  env=$1
  holds "$env" "$2" || exit 4
  IFS= read -r facts || exit 1
  replace_line "$env/held.json" || exit 5
  audit_object hold "$facts"
}

main "$@"
