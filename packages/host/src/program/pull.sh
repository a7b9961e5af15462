# Pulls images side by side, each with a deadline. Changes nothing that runs.
# usage: pull TIMEOUT_SECONDS IMAGE...; prints for each image `@@image REFERENCE`, the exit code, and the end of what docker said.

main() {
  limit=$1
  shift
  scratch=$(mktemp -d) || exit 1
  trap 'rm -rf "$scratch"' EXIT
  number=0
  for image in "$@"; do
    number=$((number + 1))
    {
      timeout -k 5 "$limit" docker pull -q "$image" >"$scratch/$number.out" 2>&1 </dev/null
      printf '%s\n' "$?" >"$scratch/$number.code"
    } &
  done
  wait
  number=0
  for image in "$@"; do
    number=$((number + 1))
    printf '\n@@image %s\n' "$image"
    cat "$scratch/$number.code"
    tail -n 3 "$scratch/$number.out"
  done
  printf '\n@@images\n'
  for image in "$@"; do
    docker image inspect --format "{{json .Id}} {{json .RepoDigests}} $image" "$image" 2>/dev/null
  done
}

main "$@"
