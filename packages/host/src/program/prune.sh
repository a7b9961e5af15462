# Removes what no way back needs any more. Each thing is renamed away before it is removed, so that one that is half gone is
# never taken for a whole one; whatever a crash left is removed by the next call. The lease is looked at before each removal.
# usage: prune ENV FENCE; standard input: `remove RELEASE` and `strip RELEASE`, a line each
# prints `done KIND NAME` or `failed KIND NAME WHY`, a line each; exit code 4: the lease was lost

kept_transactions=20

still_ours() { holds "$env" "$fence" || exit 4; }

# tell KIND NAME CODE: what became of it; what the command said is in the file `said`.
tell() {
  if [ "$3" = 0 ]; then printf 'done %s %s\n' "$1" "$2"; else printf 'failed %s %s %s\n' "$1" "$2" "$(tail -n 1 "$scratch/said")"; fi
}

# Neither the current release nor anything that is no release.
may_be_cut() {
  case $1 in */* | .*) return 1 ;; [0-9]*-*) ;; *) return 1 ;; esac
  [ -d "$env/releases/$1" ] && [ "$1" != "$(cat "$env/current")" ]
}

put_aside() {
  still_ours
  rm -rf "${env:?}/releases/.gone.$1"
  mv "$env/releases/$1" "$env/releases/.gone.$1" 2>"$scratch/said" || tell release "$1" 1
}

strip() {
  still_ours
  folder=$env/releases/$1
  rm -f "$folder/rendered.yml" "$folder/env" "$folder"/stacks/*/rendered.yml "$folder"/stacks/*/env 2>"$scratch/said"
  tell secrets "$1" $?
}

cut_releases() {
  while read -r order release; do
    may_be_cut "$release" || continue
    case $order in
      remove) put_aside "$release" ;;
      strip) strip "$release" ;;
    esac
  done <"$scratch/orders"
}

# `image ID` and `mount SOURCE` of every container of the host, ours or not.
list_uses() {
  ids=$(docker ps -aq --no-trunc) || exit 6
  # shellcheck disable=SC2086
  [ -z "$ids" ] || docker container inspect \
    --format '{{println "image" .Image}}{{range .Mounts}}{{println "mount" .Source}}{{end}}' $ids 2>/dev/null
  return 0
}

# Environments that share the name of their tags: `a-b` of `c`, and `a` of `b-c`.
list_twins() {
  for twin in "${env%/*/*}"/*/*/; do
    twin=${twin%/}
    parent=${twin%/*}
    [ "${parent##*/}-${twin##*/}" != "$own" ] || printf '%s\n' "$twin"
  done
}

# list_kept FILE: that file of every release that is kept. One that lacks it could need anything.
list_kept() {
  while IFS= read -r twin; do
    for folder in "$twin"/releases/*/; do
      [ -d "$folder" ] || continue
      cat "$folder$1" 2>/dev/null || return 1
    done
  done <"$scratch/twins"
}

# Only where it still means that image; by now somebody may have moved it.
remove_reference() {
  case $2 in sha256:*) return 0 ;; esac
  [ "$(docker image inspect --format '{{.Id}}' "$2" 2>/dev/null)" = "$1" ] || return 0
  still_ours
  docker rmi "$2" >"$scratch/said" 2>&1
  tell image "$2" $?
}

# remove_references ID: names by which our removed releases called it, unless it is another environment's too.
remove_references() {
  awk -v id="$1" -v own="gitops/$own:" '$2 == id && index($1, own) != 1 { found = 1 } END { exit !found }' "$scratch/tags" && return 0
  while read -r id reference; do
    [ "$id" != "$1" ] || remove_reference "$id" "$reference"
  done <"$scratch/gone-images"
}

sweep_images() {
  list_kept images >"$scratch/kept-images" || return 0
  cat "$env"/releases/.gone.*/images 2>/dev/null | sort -u >"$scratch/gone-images"
  docker images --no-trunc --filter 'reference=gitops/*' --format '{{.Repository}}:{{.Tag}} {{.ID}}' >"$scratch/tags" || exit 6
  while read -r tag image; do
    case $tag in "gitops/$own:"*) ;; *) continue ;; esac
    if grep -q "^$image " "$scratch/kept-images" || grep -qxF "image $image" "$scratch/uses"; then continue; fi
    remove_references "$image"
    still_ours
    docker rmi "$tag" >"$scratch/said" 2>&1
    tell image "$tag" $?
  done <"$scratch/tags"
}

# remove KIND FOLDER NAME
remove() {
  still_ours
  case $3 in .gone.*) gone=$3 ;; *) gone=.gone.$3 ;; esac
  [ "$gone" = "$3" ] || { rm -rf "${2:?}/${gone:?}" && mv "$2/$3" "$2/$gone"; } 2>"$scratch/said"
  rm -rf "${2:?}/${gone:?}" 2>>"$scratch/said"
  tell "$1" "${gone#.gone.}" $?
}

sweep_objects() {
  list_kept objects >"$scratch/kept-objects" || return 0
  for path in "$env"/objects/*; do
    name=${path##*/}
    [ -e "$path" ] || continue
    if grep -qxF "$name" "$scratch/kept-objects" || grep -qF "mount $path" "$scratch/uses"; then continue; fi
    remove object "$env/objects" "$name"
  done
}

sweep_transactions() {
  for path in "$env"/transactions/*/; do
    id=${path%/}
    id=${id##*/}
    ! is_number "$id" || printf '%s\n' "$id"
  done | sort -rn | tail -n +$((kept_transactions + 1)) >"$scratch/old"
  while read -r id; do remove transaction "$env/transactions" "$id"; done <"$scratch/old"
}

# What earlier runs left on their way, who can't come back, as this lease is newer than theirs; and what this one does not need
# any more.
sweep_leftovers() {
  leftovers "$env" "$fence" >"$scratch/leftovers"
  while read -r path; do
    still_ours
    rm -rf "$path" 2>"$scratch/said"
    tell leftover "${path#"$env"/}" $?
  done <"$scratch/leftovers"
}

# Files that were being written by a process that is no more: its number is in their names.
sweep_drafts() {
  for path in "$env"/*.[0-9]* "$env"/transactions/*/*.[0-9]* "$env"/transactions/*/.order.* "$env"/lease/.draft.* "$env"/lease/.waiting.*; do
    number=${path%.new}
    number=${number%.beat}
    number=${number##*.}
    if [ ! -f "$path" ] || ! is_number "$number" || start_time "$number" >/dev/null; then continue; fi
    still_ours
    rm -f "$path"
  done
}

# Releases come last: until then a crash loses nothing of what they say about their images.
sweep_gone() {
  for path in "$env"/releases/.gone.* "$env"/objects/.gone.* "$env"/transactions/.gone.*; do
    [ -e "$path" ] || continue
    kind=${path%/*}
    kind=${kind##*/}
    remove "${kind%s}" "${path%/*}" "${path##*/}"
  done
}

main() {
  env=$1 fence=$2 own=${1%/*}
  own=${own##*/}-${1##*/}
  scratch=$(mktemp -d) || exit 1
  trap 'rm -rf "$scratch"' EXIT
  cat >"$scratch/orders"
  : >"$scratch/said"
  sweep_leftovers
  sweep_drafts
  list_uses >"$scratch/uses"
  list_twins >"$scratch/twins"
  cut_releases
  sweep_images
  printf '%s\n' "$env" >"$scratch/twins"
  sweep_objects
  sweep_transactions
  sweep_gone
}

main "$@"
