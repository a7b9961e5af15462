# Proves that Compose reads the final files, and prints `PROJECT SERVICE HASH` for every service. Writes nothing that stays.
# usage: hash PROJECT...; standard input: a tar of PROJECT/rendered.yml and PROJECT/env for each

main() {
  scratch=$(mktemp -d) || exit 1
  trap 'rm -rf "$scratch"' EXIT
  tar -xf - -C "$scratch" || exit 1
  for project in "$@"; do
    files=$scratch/$project
    compose -p "$project" --project-directory "$files" --env-file "$files/env" -f "$files/rendered.yml" config --hash '*' \
      >"$scratch/hashes" || exit 1
    sed "s/^/$project /" "$scratch/hashes"
  done
}

main "$@"
