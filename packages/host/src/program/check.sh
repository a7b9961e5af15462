# Whether this host is fit for deployments, read-only: one `@@name` line before each part.
# usage: check STATE_DIR

# said WORDS...: what a command says, and then its exit code.
said() {
  "$@" 2>&1 </dev/null
  printf '\n%s\n' "$?"
}

missing_tools() {
  for tool in awk find sed sha256sum setsid sort tar timeout; do
    command -v "$tool" >/dev/null || printf '%s\n' "$tool"
  done
}

check() {
  part tools
  missing_tools
  part docker
  said docker version --format '{{.Server.Version}}'
  part compose
  said docker compose version --short
  part state
  state_folder "$1"
  part projects
  docker ps -a --format '{{.Label "com.docker.compose.project"}}' 2>/dev/null | sort -u
}

check "$1"
