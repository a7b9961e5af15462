#!/usr/bin/env bash
# Deploys from a terminal what the checkout says: bash scripts/deploy.sh ENVIRONMENT [OPTIONS of `gitops deploy`]
# For the day on which GitHub is not there: it needs Node (brought into .tools/ if missing) and an SSH key, nothing else.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/setup.sh
. "$root/scripts/setup.sh"

usage() {
  cat <<'TEXT'
usage: bash scripts/deploy.sh ENVIRONMENT [OPTION...]

Deploys the commit that is checked out here to environments/ENVIRONMENT, proves it healthy, and goes back when it is not.
Options are those of `gitops deploy`, for example these; ENVIRONMENT --help lists them all:
  --directory PATH    folder that holds gitops.yml; default: the current folder
  --identity FILE     private key, the only one to try; default: $GITOPS_SSH_KEY_FILE, else the ssh-agent and
                      ~/.ssh/id_ed25519, id_ecdsa, id_rsa
TEXT
}

case ${1:-} in
  '')
    usage >&2
    exit 2
    ;;
  -h | --help)
    usage
    exit 0
    ;;
esac

# What setup_node says of its work is not part of the answer: --json must stay JSON.
setup_node >&2
exec node "$root/dist/gitops.mjs" deploy "$@"
