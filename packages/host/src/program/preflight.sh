# What only this host can say about what is to run on it; read-only. One `@@name` line before each part.
# usage: preflight STATE_DIR; standard input: `path PATH`, `port PROTOCOL PORT` and `image REFERENCE`, one a line
#
# endpoint   where its Docker is
# docker     exit code, and what is said where that is not 0: then parts are empty that need Docker
# state      writable, creatable or unwritable
# space      KiB that are free for the state and for Docker's data, and its folder; `-` for what can't be read
# paths      KIND PATH: file, folder, other, missing, or hidden from this user
# listeners  PROTOCOL ADDRESS PORT INODE in the kernel's own digits: who listens at one of the ports
# holders    INODE CONTAINER PROGRAM: the process behind it, as far as this user may know; `-` for no container
# containers ID|PROJECT|NAME|PORTS of all that run
# networks, volumes   ID NAME, and NAME
# here       REFERENCE of the images that are here
# insecure   registries that Docker asks without encryption, and nets of such

limit=30

read_questions() {
  : >"$scratch/paths" && : >"$scratch/ports" && : >"$scratch/images"
  while IFS= read -r line; do
    case $line in
      path\ *) printf '%s\n' "${line#path }" >>"$scratch/paths" ;;
      port\ *) printf '%s\n' "${line#port }" >>"$scratch/ports" ;;
      image\ *) printf '%s\n' "${line#image }" >>"$scratch/images" ;;
    esac
  done
}

# Who may not look into a folder can't say that something is not there.
kind_of() {
  if [ -d "$1" ]; then
    echo folder
  elif [ -f "$1" ]; then
    echo file
  elif [ -e "$1" ]; then
    echo other
  else
    parent=$(above "$1")
    if [ -d "$parent" ] && [ ! -x "$parent" ]; then echo hidden; else echo missing; fi
  fi
}

paths() {
  while IFS= read -r path; do printf '%s %s\n' "$(kind_of "$path")" "$path"; done <"$scratch/paths"
}

# 0A listens; a socket of UDP that is bound and not connected is in state 07.
listeners() {
  for family in tcp tcp6 udp udp6; do
    [ -r "/proc/net/$family" ] || continue
    ports=$scratch/ports protocol=${family%6} awk '
      function number(hex,    i, sum) {
        for (i = 1; i <= length(hex); i++) sum = sum * 16 + index("123456789ABCDEF", substr(hex, i, 1))
        return sum + 0
      }
      BEGIN { while ((getline line <ENVIRON["ports"]) > 0) asked[line] }
      $4 == (ENVIRON["protocol"] == "tcp" ? "0A" : "07") {
        split($2, local, ":")
        port = number(local[2])
        if ((ENVIRON["protocol"] " " port) in asked) print ENVIRON["protocol"], local[1], port, $10
      }' "/proc/net/$family"
  done
}

# The processes that have one of the sockets open; those of others only root may see.
holders() {
  [ -s "$scratch/listeners" ] || return 0
  # shellcheck disable=SC2012 # one process for all of them
  ls -l /proc/[0-9]*/fd 2>/dev/null | listeners=$scratch/listeners awk '
    BEGIN { while ((getline line <ENVIRON["listeners"]) > 0) { split(line, word, " "); asked["socket:[" word[4] "]"] = word[4] } }
    /^\/proc\/[0-9]+\/fd:$/ { split($0, step, "/"); pid = step[3] }
    ($NF in asked) && !seen[$NF]++ { print asked[$NF], pid }' | while read -r inode pid; do
    container=$(sed -n 's/.*\([0-9a-f]\{64\}\).*/\1/p' "/proc/$pid/cgroup" 2>/dev/null | sed -n 1p)
    printf '%s %s %s\n' "$inode" "${container:--}" "$(first_line "/proc/$pid/comm")"
  done
}

images() {
  while IFS= read -r image; do
    ! docker image inspect --format '{{.Id}}' -- "$image" >/dev/null 2>&1 </dev/null || printf '%s\n' "$image"
  done <"$scratch/images"
}

of_docker() {
  docker ps --no-trunc --format '{{.ID}}|{{.Label "com.docker.compose.project"}}|{{.Names}}|{{.Ports}}' >"$scratch/containers" &
  docker network ls --no-trunc --format '{{.ID}} {{.Name}}' >"$scratch/networks" &
  docker volume ls --format '{{.Name}}' >"$scratch/volumes" &
  docker info --format '{{range $name, $index := .RegistryConfig.IndexConfigs}}{{if not $index.Secure}}{{$name}}
{{end}}{{end}}{{range .RegistryConfig.InsecureRegistryCIDRs}}{{.}}
{{end}}' >"$scratch/insecure" &
  images >"$scratch/here"
  wait
}

main() {
  scratch=$(mktemp -d) || exit 1
  trap 'rm -rf "$scratch"' EXIT
  read_questions
  part endpoint
  docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null </dev/null
  part docker
  docker version --format '{{.Server.Version}}' >"$scratch/said" 2>&1 </dev/null
  code=$?
  printf '%s\n' "$code"
  [ "$code" = 0 ] || as_words <"$scratch/said"
  part state
  state_folder "$1"
  root=$(docker_root) || root=
  part space
  printf '%s %s %s\n' "$(free_kib "$(above "$1")")" "$(free_kib "${root:-/nowhere}")" "$root"
  part paths
  paths
  listeners >"$scratch/listeners"
  part listeners
  cat "$scratch/listeners"
  part holders
  holders
  [ "$code" != 0 ] || of_docker 2>/dev/null
  for kind in containers networks volumes here insecure; do
    part "$kind"
    cat "$scratch/$kind" 2>/dev/null
  done
  return 0
}

main "$@"
