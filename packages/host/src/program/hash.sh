# Proves that Compose reads the final file, and prints its hash of every service. Writes nothing that stays.
# usage: hash PROJECT; standard input: a tar of rendered.yml and env

main() {
  scratch=$(mktemp -d) || exit 1
  trap 'rm -rf "$scratch"' EXIT
  tar -xf - -C "$scratch" || exit 1
  compose -p "$1" --project-directory "$scratch" --env-file "$scratch/env" -f "$scratch/rendered.yml" config --hash '*'
}

main "$@"
