#!/usr/bin/env bash
# Shows on this machine what a deployment does when all goes well, and when it does not: bash scripts/demo.sh
# Installs what is missing, needs no registry, no GitHub and no second machine, and takes everything away again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

trap stop_docker EXIT
trap 'exit 130' INT TERM HUP

# In the background, as bash heeds a signal only between programs: the demo is told to take everything away, and waited for.
play() {
  local status=0 demo
  node --conditions=source scripts/demo/main.ts &
  demo=$!
  trap 'kill -TERM "$demo" 2>/dev/null || true' INT TERM HUP
  wait "$demo" || status=$?
  while kill -0 "$demo" 2>/dev/null; do
    status=130
    wait "$demo" || true
  done
  return "$status"
}

setup_all
start_docker
play
