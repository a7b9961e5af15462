#!/usr/bin/env bash
# Brings what the scripts of this repository need and is missing: Node and pnpm into .tools/, the dependencies, Docker with
# Compose, and the servers that the tests start. Run it, or source it and call `setup_all`, `start_docker`, `stop_docker`, and
# `setup_machines` for tests that deploy to containers.

SETUP_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
SETUP_TOOLS=$SETUP_ROOT/.tools
SETUP_LOG=$SETUP_TOOLS/setup.log
PNPM_VERSION=12.21.0
export PATH="$SETUP_ROOT/node_modules/.bin:$SETUP_TOOLS/node_modules/.bin:$PATH"

# shellcheck source=scripts/docker-engine.sh
. "$SETUP_ROOT/scripts/docker-engine.sh"

setup_all() {
  setup_node
  setup_dependencies
  setup_lab
}

# What is needed to build and to check, without Docker.
setup_node() {
  mkdir -p "$SETUP_TOOLS"
  : >"$SETUP_LOG"
  local node_version
  node_version=$(cat "$SETUP_ROOT/.node-version")
  if [ "$(node --version 2>/dev/null)" = "v$node_version" ] && [ "$(pnpm --version 2>/dev/null)" = "$PNPM_VERSION" ]; then
    return
  fi
  command -v npm >/dev/null || setup_give_up "npm is missing. Install Node.js with npm, any version from 20 on."
  setup_step "Node $node_version and pnpm $PNPM_VERSION into .tools/" \
    npm install --prefix "$SETUP_TOOLS" --no-save --no-audit --no-fund "node@$node_version" "pnpm@$PNPM_VERSION"
  hash -r
  [ "$(node --version)" = "v$node_version" ] || setup_give_up "Node $node_version did not install. Log: $SETUP_LOG"
}

# pnpm keeps a copy of the lockfile it last installed: the same file means that there is nothing to do.
setup_dependencies() {
  cmp -s "$SETUP_ROOT/pnpm-lock.yaml" "$SETUP_ROOT/node_modules/.pnpm/lock.yaml" && return
  setup_step 'dependencies' pnpm --dir "$SETUP_ROOT" install --frozen-lockfile
}

setup_lab() {
  local missing
  missing=$(setup_missing_packages)
  # shellcheck disable=SC2086 # one word per package
  [ -z "$missing" ] || setup_install_packages $missing
  setup_compose
}

# The packages whose programs are not there, one line.
setup_missing_packages() {
  local packages=()
  command -v git >/dev/null || packages+=(git)
  command -v ssh-keygen >/dev/null || packages+=(openssh-client)
  [ -x /usr/sbin/sshd ] || packages+=(openssh-server)
  command -v openssl >/dev/null || packages+=(openssl)
  command -v zsh >/dev/null || packages+=(zsh)
  command -v fish >/dev/null || packages+=(fish)
  command -v shellcheck >/dev/null || packages+=(shellcheck)
  setup_has_static_busybox || packages+=(busybox-static)
  command -v docker-registry >/dev/null || packages+=(docker-registry)
  command -v perl >/dev/null || packages+=(perl-base)
  docker_answers || [ -n "$(PATH=$PATH:/usr/sbin command -v dockerd)" ] || packages+=(docker.io)
  # Newer Debian has the client in a package of its own.
  command -v docker >/dev/null || ! setup_has_candidate docker-cli || packages+=(docker-cli)
  echo "${packages[*]}"
}

# What the tests need beside all that: Debian for the containers that they deploy to, and a registry.
setup_machines() {
  local packages=()
  [ -n "$(PATH=$PATH:/usr/sbin command -v debootstrap)" ] || packages+=(debootstrap)
  command -v ip >/dev/null || packages+=(iproute2)
  [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || packages+=(debian-archive-keyring)
  command -v docker-registry >/dev/null || packages+=(docker-registry)
  [ ${#packages[@]} = 0 ] || setup_install_packages "${packages[@]}"
}

setup_has_static_busybox() {
  local path
  path=$(command -v busybox) && [[ $(ldd "$path" 2>&1) == *'not a dynamic executable'* ]]
}

setup_has_candidate() {
  apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [^(]'
}

setup_install_packages() {
  setup_require_apt "$@"
  setup_step 'package lists' setup_as_root apt-get update
  setup_step "packages: $*" setup_without_services \
    setup_as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# Installing a server package would start the server. This machine did not ask for one, so the package's start is refused.
setup_without_services() {
  local policy=/usr/sbin/policy-rc.d status=0
  [ ! -e "$policy" ] || { "$@"; return; }
  printf '#!/bin/sh\nexit 101\n' | setup_as_root tee "$policy" >/dev/null
  setup_as_root chmod 0755 "$policy"
  "$@" || status=$?
  setup_as_root rm -f "$policy"
  return $status
}

setup_require_apt() {
  command -v apt-get >/dev/null || setup_give_up "Missing: $*. This machine has no apt-get; install them its own way."
  setup_can_be_root || setup_give_up "Missing: $*. Run: sudo apt-get install --no-install-recommends $*"
}

setup_can_be_root() {
  [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}

setup_as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# One line for each thing done; what it prints goes to the log.
setup_step() {
  local name=$1
  shift
  echo "setup: $name"
  "$@" >>"$SETUP_LOG" 2>&1 </dev/null && return
  tail -n 5 "$SETUP_LOG" >&2
  setup_give_up "$name failed. Log: $SETUP_LOG"
}

setup_give_up() {
  echo "setup: $1" >&2
  exit 1
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  set -euo pipefail
  setup_all
  setup_machines
fi
