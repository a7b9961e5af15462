# The last lines of containers' logs. usage: logs LINES CONTAINER...; one `@@CONTAINER` line before each part.
# A log may grow for ever, or be one line without an end.

main() {
  lines=$1
  shift
  for id in "$@"; do
    printf '\n@@%s\n' "$id"
    # shellcheck disable=SC2086
    timeout 10 $docker_words logs --tail "$lines" "$id" 2>&1 </dev/null | tail -c 8192
  done
}

main "$@"
