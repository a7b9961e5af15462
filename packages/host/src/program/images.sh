# Prints id, registry digests and reference of each image that is here. usage: images IMAGE...

main() {
  for image in "$@"; do
    docker image inspect --format "{{json .Id}} {{json .RepoDigests}} $image" "$image" 2>/dev/null
  done
  return 0
}

main "$@"
