# Everything there is to know about a project that somebody started by hand; read-only, one `@@name` line before each part.
# usage: adopt PROJECT

label=com.docker.compose

# inspect KIND: everything listed in the file of that name, in one call.
inspect() {
  part "${1}s"
  # shellcheck disable=SC2046
  [ ! -s "$scratch/$1s" ] || docker "$1" inspect $(cat "$scratch/$1s") 2>>"$scratch/error"
}

# look FIELD: that field of every container, each value once.
look() {
  # shellcheck disable=SC2046
  [ ! -s "$scratch/containers" ] || docker container inspect --format "{{$1}}" $(cat "$scratch/containers") 2>>"$scratch/error" | sort -u
}

# What each reference means today: its tag may have moved since.
references() {
  part references
  look .Config.Image | while read -r reference; do
    docker image inspect --format "{{json .Id}} $reference" "$reference" 2>/dev/null
  done
}

# The lines by which containers say what they were made from: config files, working directory, environment files.
file_sets() {
  docker ps -a --filter "label=$label.project=$project" --filter "label=$label.oneoff=False" --format \
    "{{.Label \"$label.project.config_files\"}}|{{.Label \"$label.project.working_dir\"}}|{{.Label \"$label.project.environment_file\"}}" | sort -u
}

# absolute FOLDER PATHS: comma separated paths, one a line; those that Compose 1 wrote are relative to the folder.
absolute() {
  printf '%s\n' "$2" | tr ',' '\n' | while read -r path; do
    case $path in '') ;; /*) printf '%s\n' "$path" ;; *) printf '%s\n' "$1/$path" ;; esac
  done
}

all_there() {
  while read -r path; do [ -f "$path" ] || return 1; done <"$1"
}

# The files that Compose finds in FOLDER by itself.
own_files() {
  for names in 'compose.yaml compose.yml docker-compose.yml docker-compose.yaml' \
    'compose.override.yml compose.override.yaml docker-compose.override.yml docker-compose.override.yaml'; do
    for name in $names; do
      [ ! -f "$1/$name" ] || { printf '%s\n' "$1/$name" && break; }
    done
  done
}

# After an adoption that went back, containers name files of a release that is gone; those they came from may still say
# what runs.
mend_file_lists() {
  all_there "$scratch/env_files" || : >"$scratch/env_files"
  all_there "$scratch/config_files" && return
  own_files "$folder" >"$scratch/own_files"
  [ ! -s "$scratch/own_files" ] || mv "$scratch/own_files" "$scratch/config_files"
}

# render PROFILES: what Compose makes of the set, asked as the person did: within the folder, with its own `.env` unless
# others were named, and with the session's variables. A wrong guess shows in the hashes.
render() {
  profiles=$1
  set --
  while read -r path; do set -- "$@" -f "$path"; done <"$scratch/config_files"
  while read -r path; do set -- "$@" --env-file "$path"; done <"$scratch/env_files"
  cd "$folder" && docker compose -p "$project" --project-directory "$folder" ${profiles:+--profile "$profiles"} \
    --progress quiet "$@" config </dev/null >"$scratch/rendered" 2>"$scratch/refusal"
}

# Compose puts a container's id in place of `service:NAME` before it computes the hash of the service that joins it.
joined() {
  docker ps -a --no-trunc --filter "label=$label.project=$project" --filter "label=$label.oneoff=False" --format \
    "{{.Label \"$label.container-number\"}} {{.ID}} {{.Label \"$label.service\"}}" | sort -n |
    sed 's/^[0-9]* \([0-9a-f]*\) \(.*\)$/s|^\\(    [a-z_]*: \\)service:\2$|\\1container:\1|/' >"$scratch/joined.sed"
  sed -f "$scratch/joined.sed" "$scratch/rendered"
}

# `config --hash` of the files themselves is wrong for a service with an env_file; that of the rendering is right.
hashes() {
  joined >"$scratch/joined.yml"
  compose -p "$project" --project-directory "$folder" --env-file /dev/null --profile '*' -f "$scratch/joined.yml" \
    config --hash '*' 2>>"$scratch/refusal"
}

# The labelled files, by their absolute paths.
archive() {
  [ -s "$scratch/env_files" ] || printf '%s\n' "$folder/.env" >"$scratch/env_files"
  set --
  while read -r path; do
    [ ! -f "$path" ] || [ ! -r "$path" ] || set -- "$@" "./${path#/}"
  done <<EOF
$(cat "$scratch/config_files" "$scratch/env_files")
EOF
  [ "$#" -eq 0 ] || tar -C / -chf - "$@" 2>>"$scratch/error" | base64
}

# file_set NUMBER CONFIG_FILES|WORKING_DIR|ENV_FILES
file_set() {
  rest=${2#*|}
  folder=${rest%%|*}
  absolute "$folder" "${2%%|*}" >"$scratch/config_files"
  absolute "$folder" "${rest#*|}" >"$scratch/env_files"
  mend_file_lists
  : >"$scratch/rendered"
  part "set $1"
  printf '%s\n' "$2"
  (render '*') || (render '')
  printf '%s\n' "$?" >"$scratch/code"
  part "hashes $1"
  [ ! -s "$scratch/rendered" ] || (hashes)
  part "rendered $1"
  cat "$scratch/rendered"
  part "refusal $1"
  cat "$scratch/code"
  sed 's/^@@/ @@/' "$scratch/refusal"
  part "files $1"
  (archive)
}

adopt() {
  project=$1
  scratch=$(mktemp -d) || exit 1
  trap 'rm -rf "$scratch"' EXIT
  unset COMPOSE_FILE COMPOSE_PROFILES COMPOSE_PROJECT_NAME COMPOSE_ENV_FILES COMPOSE_DISABLE_ENV_FILE COMPOSE_PATH_SEPARATOR
  : >"$scratch/error"
  : >"$scratch/refusal"
  docker ps -aq --no-trunc --filter "label=$label.project=$project" --filter "label=$label.oneoff=False" \
    >"$scratch/containers" 2>"$scratch/denied"
  code=$?
  part docker
  printf '%s\n' "$code"
  sed 's/^@@/ @@/' "$scratch/denied"
  part engine
  docker info --format '{{json .}}' 2>>"$scratch/error"
  {
    docker network ls -q --no-trunc --filter "label=$label.project=$project" >"$scratch/networks"
    docker volume ls -q --filter "label=$label.project=$project" >"$scratch/volumes"
    look .Image >"$scratch/images"
  } 2>>"$scratch/error"
  for kind in container network volume image; do inspect "$kind"; done
  references
  number=0
  file_sets >"$scratch/sets"
  while read -r line <&3; do
    number=$((number + 1))
    file_set "$number" "$line"
  done 3<"$scratch/sets"
  part error
  sed 's/^@@/ @@/' "$scratch/error"
}

adopt "$1"
