# The releases of ENV as far as it matters for how long they are kept, read-only.
# usage: inventory ENV; parts: `current`, `folders` (their names), `made` (`NAME "createdAt":"…"`, the first line of each counts),
# `secrets` (names of those with rendered files) and `mounts` (paths below releases/ that a container mounts)

# Docker must have listed its containers: without that nobody knows what is mounted.
mounts() {
  ids=$(docker ps -aq --no-trunc) || exit 6
  # shellcheck disable=SC2086
  [ -z "$ids" ] || docker container inspect --format '{{range .Mounts}}{{println .Source}}{{end}}' $ids 2>/dev/null |
    while IFS= read -r source; do
      case $source in "$env"/releases/*) printf '%s\n' "${source#"$env"/releases/}" ;; esac
    done
}

main() {
  env=$1
  # Nothing was ever deployed here.
  cd "$env/releases" 2>/dev/null || exit 0
  part current
  cat "$env/current"
  part folders
  for folder in */; do printf '%s\n' "${folder%/}"; done
  part made
  grep -o '"createdAt":"[^"]*"' /dev/null ./*/manifest.json 2>/dev/null | sed 's|^\./\([^/]*\)/manifest\.json:|\1 |'
  # One that nobody can read was confirmed all the same.
  for file in */manifest.json; do [ ! -e "$file" ] || printf '%s "createdAt":""\n' "${file%%/*}"; done
  part secrets
  for file in */rendered.yml */env */stacks/*/rendered.yml */stacks/*/env; do
    [ ! -e "$file" ] || printf '%s\n' "${file%%/*}"
  done
  part mounts
  mounts
  return 0
}

main "$@"
