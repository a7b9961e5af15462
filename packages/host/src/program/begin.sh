# Lays down the candidate release and its transaction, then starts the supervisor in a session of its own.
# usage: begin ENV FENCE STAGING RELEASE ADOPTED; standard input: a tar of release/…, transaction/…, hmac.key, and adopted/…
# with what runs without a record, which becomes the release ADOPTED.

mend_object() {
  target=$env/objects/$1
  if [ -e "$target" ]; then
    [ "$(object_digest "$target")" != "$1" ] || return 0
  fi
  if [ -f "$target" ] && [ -f "$2" ]; then
    # In place: a container that mounts the file sees the right content again.
    cat "$2" >"$target" && chmod "$3" "$target"
    return
  fi
  rm -rf "$target.new"
  cp -R "$2" "$target.new" || return 1
  open_to_readers "$target.new"
  if [ -d "$target" ]; then rm -rf "$target.old" && mv -f "$target" "$target.old"; fi
  mv -f "$target.new" "$target" && rm -rf "$target.old"
}

# Other users read mounted files inside their containers, whatever the umask here.
open_to_readers() {
  find "$1" -type d -exec chmod 0755 {} +
  find "$1" -type f -perm -100 -exec chmod 0755 {} +
  find "$1" -type f ! -perm -100 -exec chmod 0644 {} +
}

place_objects() {
  mkdir -p "$env/objects" || return 1
  # A name may end with a blank.
  while IFS= read -r line; do
    mode=${line#* }
    source=${mode#* }
    mend_object "${line%% *}" "$staging/tree/$source" "${mode%% *}" || return 1
  done <"$incoming/transaction/sources"
}

# Candidates of failed attempts have higher numbers than the current release; the next attempt takes their number.
remove_candidates() {
  current=$(cat "$env/current" 2>/dev/null)
  for folder in "$env"/releases/*/; do
    folder=${folder%/}
    name=${folder##*/}
    case $name in '*') continue ;; esac
    [ "${name%%-*}" -le "${current%%-*}" ] 2>/dev/null || rm -rf "$folder"
  done
}

# What was deployed from here before is copied from its release; what the new release is going to write over is kept.
place_adopted() {
  folder=$incoming/adopted
  while read -r from to; do
    [ -e "$env/releases/$from" ] || continue
    mkdir -p "$(dirname "$folder/$to")" && cp -R "$env/releases/$from" "$folder/$to" || return 1
  done <"$folder/copies"
  [ ! -e "$folder/folders.before" ] || cat "$folder/folders.before" >>"$folder/folders"
  if [ -d "$env/releases/$release/data/@" ]; then keep_overwritten || return 1; fi
  mv "$folder" "$env/releases/$adopted"
}

keep_overwritten() {
  (cd "$env/releases/$release/data/@" && find . -type f) | while IFS= read -r file; do
    [ -f "/$file" ] || continue
    mkdir -p "$(dirname "$folder/data/@/$file")" && cp -p "/$file" "$folder/data/@/$file" || return 1
    printf '%s %s\n' "$(stat -c %a "/$file")" "@/$file" >>"$folder/modes" || return 1
  done
}

# What was never begun must be neither recovered nor taken for a release. After the lease was lost it is not ours to remove:
# another run may be on its way back by it, or have taken the same project over.
give_up() {
  if holds "$env" "$fence"; then
    rm -rf "$env/transactions/.incoming.$fence"
    mv "$env/transactions/$fence" "$env/transactions/.incoming.$fence" 2>/dev/null
    rm -rf "$env/transactions/.incoming.$fence"
    [ -z "$adopted" ] || rm -rf "$env/releases/${adopted:?}"
  fi
  exit "$1"
}

lay_down() {
  incoming=$env/transactions/.incoming.$fence
  rm -rf "$incoming"
  mkdir -p "$incoming" "$env/releases" && tar -xf - -C "$incoming" || return 1
  # The last one: an archive that was cut between two files reads like a whole one.
  [ -e "$incoming/end" ] || return 1
  [ -s "$env/hmac.key" ] || mv -f "$incoming/hmac.key" "$env/hmac.key"
  [ -s "$env/reserve" ] || head -c 1048576 /dev/zero >"$env/reserve" || return 1
  place_objects || return 1
  # What comes now would take another run's files away.
  holds "$env" "$fence" || return 1
  remove_candidates
  leftovers "$env" "$((fence - 1))" | while read -r path; do rm -rf "$path"; done
  if [ -d "$incoming/release" ]; then mv "$incoming/release" "$env/releases/$release" || return 1; fi
  [ -z "$adopted" ] || place_adopted || return 1
  rm -rf "$env/transactions/$fence"
  mv "$incoming/transaction" "$env/transactions/$fence" && rm -rf "$incoming" "${staging:?}"
}

protect_images() {
  while read -r id tag; do
    docker tag "$id" "$tag" || return 1
  done <"$env/transactions/$fence/tags"
}

# The power may fail before the system has written it out: what a supervisor goes by is on the disk before it starts.
sync_transaction() {
  set -- "$env/transactions/$fence" "$env/releases/$release" "$env/objects"
  [ -z "$adopted" ] || set -- "$@" "$env/releases/$adopted"
  { find "$@" -exec sync {} + && sync "$env/transactions" "$env/releases"; } 2>/dev/null || sync
}

record_begin() {
  facts=$(made_by_runner "$env/transactions/$fence/begun") || facts="\"release\":\"$release\""
  transaction=$fence
  audit begun "\"transaction\":$fence,\"fence\":$fence,$facts"
}

main() {
  env=$1 fence=$2 staging=$3 release=$4 adopted=${5:-}
  mark_transaction "$env" "$fence"
  holds "$env" "$fence" || {
    printf 'lost\n'
    exit 4
  }
  lay_down || {
    printf 'not-written\n'
    give_up 5
  }
  protect_images || give_up 6
  sync_transaction
  # Laying down may have taken long: whoever holds the lease by now has recovered, and this is over.
  holds "$env" "$fence" || {
    printf 'lost\n'
    give_up 4
  }
  record_begin
  start_supervisor "$env" "$fence" apply
}

main "$@"
