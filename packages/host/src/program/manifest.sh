# Asks a registry for one image, with a deadline. Pulls nothing, and leaves nothing on a disk.
# usage: manifest TIMEOUT_SECONDS IMAGE [--insecure]; standard input: see open_scratch
# prints `@@code` and `@@said`

main() {
  # Older ones hide the command.
  DOCKER_CLI_EXPERIMENTAL=enabled
  export DOCKER_CLI_EXPERIMENTAL
  memory=/dev/shm
  [ -d "$memory" ] && [ -w "$memory" ] || memory=${TMPDIR:-/tmp}
  open_scratch "$memory"
  with_login "$1" manifest inspect ${3:+"$3"} -- "$2"
}

main "$@"
