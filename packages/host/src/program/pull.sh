# Pulls one image, with a deadline. Changes nothing that runs.
# usage: pull STAGING TIMEOUT_SECONDS IMAGE; standard input: see open_scratch
# prints `@@code`, `@@said` and `@@image`: id, registry digests and reference, if it is here

main() {
  open_scratch "${1:-${TMPDIR:-/tmp}}"
  with_login "$2" pull -q "$3"
  part image
  docker image inspect --format "{{json .Id}} {{json .RepoDigests}} $3" "$3" 2>/dev/null
  return 0
}

main "$@"
