# shellcheck shell=bash
# Docker for a machine where nothing runs yet. Sourced by setup.sh.

COMPOSE_MINIMUM=2.24
DOCKERD_PID=

docker_answers() {
  docker info >/dev/null 2>&1
}

# Starts an engine if none answers. Whoever calls this calls `stop_docker` at the end, also after a failure.
start_docker() {
  docker_answers && return
  setup_can_be_root || setup_give_up "Docker does not answer. Run: sudo service docker start; sudo usermod -aG docker $(id -un)"
  echo 'setup: Docker does not answer, starting dockerd'
  exec_dockerd >"$SETUP_TOOLS/dockerd.log" 2>&1 </dev/null &
  DOCKERD_PID=$!
  await_docker
}

# Takes the place of the shell that runs it, so that its process id is the one to stop. In a session of its own, as Ctrl-C must
# not stop the engine before the tests have cleaned up.
exec_dockerd() {
  PATH=$PATH:/usr/sbin
  [ "$(id -u)" = 0 ] || exec sudo -n setsid dockerd
  exec setsid dockerd
}

await_docker() {
  local deadline=$((SECONDS + 60))
  until docker_answers; do
    if [ "$SECONDS" -ge "$deadline" ] || ! kill -0 "$DOCKERD_PID" 2>/dev/null; then
      tail -n 5 "$SETUP_TOOLS/dockerd.log" >&2
      stop_docker
      setup_give_up "dockerd did not start. Log: $SETUP_TOOLS/dockerd.log"
    fi
    sleep 0.2
  done
}

# Stops the engine that `start_docker` has started; one that was there before stays.
stop_docker() {
  [ -n "$DOCKERD_PID" ] || return 0
  setup_as_root kill "$DOCKERD_PID" 2>/dev/null || true
  wait "$DOCKERD_PID" 2>/dev/null || true
  DOCKERD_PID=
}

setup_compose() {
  compose_suffices && return
  setup_require_apt "Docker Compose $COMPOSE_MINIMUM or newer"
  local package
  for package in docker-compose-v2 docker-compose-plugin docker-compose; do
    compose_candidate_suffices "$package" || continue
    setup_install_packages "$package"
    compose_suffices && return
  done
  compose_from_suite sid || compose_from_suite trixie ||
    setup_give_up "Docker Compose $COMPOSE_MINIMUM or newer is missing: https://docs.docker.com/compose/install/linux/. Log: $SETUP_LOG"
}

compose_suffices() {
  local version
  version=$(docker compose version --short 2>/dev/null) && version_at_least "${version#v}" "$COMPOSE_MINIMUM"
}

compose_candidate_suffices() {
  local version
  version=$(apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: \([0-9]*:\)\{0,1\}\([0-9].*\)/\2/p')
  [ -n "$version" ] && version_at_least "$version" "$COMPOSE_MINIMUM"
}

version_at_least() {
  printf '%s\n' "$2" "$1" | sort --version-sort --check=quiet
}

# Debian 12 has only the old Compose. Newer suites are on the same mirror (whether its keyring knows them depends on its age),
# and their package needs only the C library of Debian 12. Lists and a cache of its own keep a suite away from the other apt.
compose_from_suite() {
  local suite=$1 mirror folder=$SETUP_TOOLS/apt-$1
  mirror=$(debian_mirror) && [ -n "$mirror" ] || return 1
  mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$folder/sources.list"
  echo "setup: Docker Compose from Debian $suite"
  (cd "$folder" && suite_apt_get "$folder" update && suite_apt_get "$folder" download docker-compose &&
    setup_as_root dpkg -i docker-compose_*.deb) >>"$SETUP_LOG" 2>&1
  compose_suffices
}

suite_apt_get() {
  local folder=$1
  shift
  apt-get -o Dir::Etc::sourcelist="$folder/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::lists="$folder/lists" -o Dir::Cache="$folder/cache" -o APT::Sandbox::User=root "$@"
}

# The mirror that this machine takes its own Debian from.
debian_mirror() {
  local codename
  codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  # shellcheck disable=SC2016 # the format is apt's
  apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' |
    awk -v codename="$codename" '$2 == codename { print $1; exit }'
}
