# Unpacks what the commit says and lets the host's own Compose render it. Changes nothing that runs.
# usage: stage STAGING UPLOAD_KIB; standard input: a tar of the files, by their path in the repository, and of `stacks`: a line of
# shell words for each stack: PROJECT FOLDER ENV_FILE COMPOSE_FILE...
# Each stack's answer is in parts `code PROJECT`, `error PROJECT` and `rendered PROJECT`.
# STAGING may be empty: then a folder of its own is made and removed again.
# Part `space`: KiB that are free for our state and for Docker's data, and its folder; `-` for what can't be read. Part `full`
# in place of all others: too few are free for our state.

# The upload, what Compose makes of it, and a release, with room to spare: before the first byte is written. For a plan, which
# leaves nothing, less will do.
release_spare_kib=65536
plan_spare_kib=16384

# refuse_full_disk UPLOAD_KIB SPARE_KIB
refuse_full_disk() {
  state_free=$(free_kib "$staging")
  [ "$state_free" = - ] || [ "$state_free" -ge $((${1:-0} + $2)) ] || {
    rmdir "$staging" 2>/dev/null
    part full
    printf '%s\n' "$state_free"
    exit 7
  }
}

space() {
  root=$(docker_root) || root=
  part space
  printf '%s %s %s\n' "$state_free" "$(free_kib "${root:-/nowhere}")" "$root"
}

open_staging() {
  state_free=-
  if [ -n "$1" ]; then
    staging=$1
    { mkdir -p "${staging%/staging/*}" && mkdir -p "$staging"; } 2>/dev/null || {
      part unwritable
      exit 3
    }
    # A login that a killed pull of an earlier run has left.
    rm -rf "${staging%/*}"/*/.pull.*
    refuse_full_disk "$2" "$release_spare_kib"
  else
    staging=$(mktemp -d) || exit 1
    trap 'rm -rf "$staging"' EXIT
    refuse_full_disk "$2" "$plan_spare_kib"
    state_free=-
  fi
  mkdir -p "$staging/tree"
}

versions() {
  part engine
  docker version --format '{{.Server.Version}}' 2>&1
  printf '%s\n' "$?"
  part compose
  docker compose version --short 2>&1
  printf '%s\n' "$?"
}

# What is rendered may come from anybody, before somebody has looked at it: no hours of work, full disk or memory for a few lines.
# Seconds of work, blocks of 512 bytes (1024 in bash), KiB of addresses, of which Go takes far more than it uses.
# shellcheck disable=SC3045 # dash, bash and busybox know them all
limit_compose() {
  ulimit -t 60
  ulimit -f 131072
  ulimit -v 8388608
} 2>/dev/null

# One `-f` a Compose file, then `config`. The arguments are put back in front of the rest, so that names may hold blanks.
render() {
  project=$1 folder=$2 env_file=$3
  shift 3
  count=$#
  while [ "$count" -gt 0 ]; do
    set -- "$@" -f "$staging/tree/$1"
    shift
    count=$((count - 1))
  done
  compose -p "$project" --project-directory "$staging/tree/$folder" --env-file "${env_file:-/dev/null}" \
    --progress quiet "$@" config >"$staging/rendered" 2>"$staging/error"
}

stack() {
  project=$1 folder=$2 env_file=$3
  shift 3
  [ -z "$env_file" ] || env_file=$staging/tree/$env_file
  (
    limit_compose
    render "$project" "$folder" "$env_file" "$@"
  )
  code=$?
  part "code $project"
  printf '%s\n' "$code"
  part "error $project"
  head -c 65536 "$staging/error" | as_words
  [ "$code" = 0 ] || [ -s "$staging/error" ] || printf 'it was stopped, as it took too much time or room\n'
  part "rendered $project"
  cat "$staging/rendered"
  cat "$staging/rendered" >>"$staging/all-rendered"
}

# The references as Compose renders them; one that is missed here is looked up when images are pulled.
images() {
  sed -n "s/^    image: [\"']\{0,1\}\([^\"']*\)[\"']\{0,1\}\$/\1/p" "$staging/all-rendered" | sort -u >"$staging/images"
  while read -r image; do
    docker image inspect --format "{{json .Id}} {{json .RepoDigests}} $image" -- "$image" 2>/dev/null
  done <"$staging/images"
  return 0
}

main() {
  open_staging "$1" "${2:-0}"
  tar -xf - -C "$staging" || exit 1
  part staging
  printf '%s\n' "$staging/tree"
  versions >"$staging/versions" &
  space >"$staging/space" &
  : >"$staging/all-rendered"
  # shellcheck disable=SC1091
  . "$staging/stacks"
  wait
  cat "$staging/versions" "$staging/space"
  part images
  images
}

main "$@"
