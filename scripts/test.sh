#!/usr/bin/env bash
# Every check of this repository: bash scripts/test.sh [FILTER for vitest]
# GITOPS_LAB=container,container-user says which kinds of host the end-to-end tests deploy to; left out, to this machine. Tests that
# need several hosts, or other releases of Docker, start containers whatever it says.
# Runs all stages even if one fails, and says in its last line how many checks and tests passed and failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

passed=0
failed=0
reports=$(mktemp -d)
trap 'stop_docker; rm -rf "$reports"' EXIT
trap 'exit 130' INT TERM HUP

main() {
  setup_all
  setup_machines
  start_docker
  stage lint biome check .
  stage typecheck tsc -b
  stage shellcheck check_shell
  stage dist check_dist
  stage_tests "$@"
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}

# One stage counts as one check. Its output appears only when it fails.
stage() {
  local name=$1 start=$SECONDS
  shift
  if "$@" >"$reports/$name.log" 2>&1; then
    passed=$((passed + 1))
    echo "ok   $name ($((SECONDS - start)) s)"
  else
    failed=$((failed + 1))
    cat "$reports/$name.log"
    echo "FAIL $name ($((SECONDS - start)) s)"
  fi
}

# What runs on a host has to please dash and busybox, so it is checked as POSIX sh whatever its first line says. Its files are
# parts of programs, which a test checks as a whole: there every name is known and used.
check_shell() {
  local status=0
  shell_files '*.sh' ':!packages/host' | xargs -0 --no-run-if-empty shellcheck -x || status=1
  shell_files 'packages/host/*.sh' | xargs -0 --no-run-if-empty shellcheck -s sh -e SC2034,SC2154 || status=1
  return $status
}

# Tracked files and those about to be; a deleted one is listed until the next commit.
shell_files() {
  git ls-files -z --cached --others --exclude-standard -- "$@" | while IFS= read -r -d '' file; do
    [ ! -e "$file" ] || printf '%s\0' "$file"
  done
}

# A bundle that does not match its sources is what users would run: rebuilt in place, it must be as committed (or staged).
check_dist() {
  pnpm run build || return 1
  local unknown
  unknown=$(git ls-files --others --exclude-standard -- ':(glob)**/dist/**')
  [ -z "$unknown" ] || { echo "Not in git: $unknown"; return 1; }
  git diff --exit-code --stat -- ':(glob)**/dist/**' || { echo 'dist/ is stale: commit what the build has made.'; return 1; }
}

stage_tests() {
  local report=$reports/vitest.json counts
  vitest run --reporter=default --reporter=json --outputFile.json="$report" "$@"
  # No report means that the run itself broke, which is a failure too.
  counts=$(node scripts/count-tests.ts "$report" $?) || counts='0 1'
  passed=$((passed + ${counts% *}))
  failed=$((failed + ${counts#* }))
}

main "$@"
