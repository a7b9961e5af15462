# The tracked files of writable binds, which applications write too.

# write_data RELEASE OTHER: the tracked files of writable binds. What the OTHER release brought and this one lacks goes; all else stays.
write_data() {
  if [ -d "$env/releases/$2/data" ]; then
    (cd "$env/releases/$2/data" && find . -type f) | while IFS= read -r file; do
      [ -f "$env/releases/$1/data/$file" ] || leads_elsewhere "${file%/*}" || rm -f "$(host_path "$file")"
    done
  fi
  [ ! -e "$env/releases/$1/folders" ] || while IFS= read -r folder; do
    case $folder in @/*) continue ;; esac
    make_folder "$folder" || return 1
  done <"$env/releases/$1/folders" || return 1
  [ -d "$env/releases/$1/data" ] || return 0
  (cd "$env/releases/$1/data" && find . -type f) | while IFS= read -r file; do
    make_folder "${file%/*}" && write_data_file "$env/releases/$1/data/$file" "$(host_path "$file")" || return 1
  done || return 1
  restore_modes "$env/releases/$1/modes"
}

# Of files that were there before we were: what git keeps anybody may read, not so what somebody has closed.
restore_modes() {
  [ ! -e "$1" ] || while IFS= read -r line; do
    chmod "${line%% *}" "$(host_path "${line#* }")" || return 1
  done <"$1"
}

# host_path PATH: where a path below the data of a release lies on the host. What begins with `@/` was there before we were.
host_path() {
  case ${1#./} in
    @/*) printf '/%s' "${1#*@/}" ;;
    *) printf '%s/data/%s' "$env" "${1#./}" ;;
  esac
}

# mounted_folder PATH: the folder that containers mount and PATH is in; for what is below data/ that is data/ itself.
mounted_folder() {
  case ${1#./} in @/*) ;; *) return 0 ;; esac
  cat "$env"/releases/*/folders 2>/dev/null | while IFS= read -r folder; do
    case ${1#./}/ in "$folder"/*)
      printf '%s' "$folder"
      break
      ;;
    esac
  done
}

# make_folder PATH below data/, open to whoever runs in a container; one that is there belongs to the application.
make_folder() {
  leads_elsewhere "$1" && return 1
  made=$(host_path "$1")
  [ ! -d "$made" ] || return 0
  (umask 022 && mkdir -p "$made")
}

# An application may put a link where we would write, to have us write anywhere on the host.
leads_elsewhere() {
  above=$(mounted_folder "$1")
  rest=${1#./}/
  rest=${rest#"$above"/}
  case $rest in @/*) return 1 ;; esac
  place=$(host_path "$above")
  place=${place%/}
  while [ -n "$rest" ]; do
    place=$place/${rest%%/*}
    rest=${rest#*/}
    [ ! -L "$place" ] || {
      printf '%s is a link, so nothing is written there\n' "$place"
      return 0
    }
  done
  return 1
}

# In place, since a bind of a single file pins its inode.
write_data_file() {
  # A link of the application's would be written through, a pipe would be waited for.
  if [ -L "$2" ] || { [ -e "$2" ] && [ ! -f "$2" ]; }; then rm -f "$2" || return 1; fi
  cmp -s "$1" "$2" && return 0
  if [ -x "$1" ]; then mode=0755; else mode=0644; fi
  if [ -e "$2" ]; then cat "$1" >"$2"; else cp "$1" "$2"; fi && chmod "$mode" "$2"
}
