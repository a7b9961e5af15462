# What more than one program of ours needs to know about an environment's folder on the host.
# Plain POSIX sh for dash, bash and busybox. JSON is built on the runner; here only fixed templates are printed.
set -u
umask 077
LC_ALL=C
export LC_ALL

# Seconds a lease outlives its last renewal, by the host's uptime, never by its wall clock.
lease_expiry=30

# One line before each part of an answer.
part() { printf '\n@@%s\n' "$1"; }

# In words of others no line may begin a part: they repeat what files and registries say.
as_words() { sed 's/^@@/ @@/'; }

# The first line of FILE, without its line break; nothing if there is none. Unlike `cat` it starts no program.
first_line() {
  line=
  IFS= read -r line 2>/dev/null <"$1"
  printf '%s' "$line"
}

uptime_seconds() {
  read -r up _ </proc/uptime
  printf '%s' "${up%%.*}"
}

boot_id() { cat /proc/sys/kernel/random/boot_id; }

# Field 22 of /proc/PID/stat; the name in field 2 may hold blanks and brackets.
start_time() {
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # shellcheck disable=SC2086
  set -- ${stat##*) }
  [ "$1" != Z ] || return 1
  printf '%s' "${20}"
}

# replace FILE: standard input becomes the file's content, whole or not at all.
replace() { cat >"$1.$$" && place "$1"; }

# replace_line FILE: the same with one line. An input that was cut short, as by a lost connection, has no line break at its end,
# and changes nothing.
replace_line() {
  cat >"$1.$$" && [ -s "$1.$$" ] && [ -z "$(tail -c 1 "$1.$$")" ] && place "$1" && return 0
  rm -f "$1.$$"
  return 1
}

# place FILE: puts the draft of this process in its place.
place() {
  { sync "$1.$$" 2>/dev/null || sync; } && mv -f "$1.$$" "$1"
}

# Cuts off what a crash or a full disk left of the last line of FILE, so that the next line stands on its own.
drop_torn_line() {
  # A crash may leave zeros, which a shell does not keep.
  [ -n "$(tail -c 1 "$1" 2>/dev/null | tr '\000' 0)" ] || return 0
  whole=$(($(wc -c <"$1") - $(tail -n 1 "$1" | wc -c)))
  dd if=/dev/null of="$1" bs=1 seek="$whole" count=0 2>/dev/null
}

# One line with the hash of the newest whole record in the audit trail of ENV; nothing if there is none.
audit_head() {
  [ -s "$1/audit.ndjson" ] || return 0
  head=$(tail -n 2 "$1/audit.ndjson" | {
    while IFS= read -r record; do newest=$record; done
    printf '%s' "${newest:-}" | sha256sum
  })
  printf 'audit %s\n' "${head%% *}"
}

# The highest number claimed in ENV/lease, 0 if none.
highest_claim() {
  top=0
  for claim in "$1"/lease/*; do
    number=${claim##*/}
    case $number in '' | *[!0-9]*) continue ;; esac
    [ "$number" -le "$top" ] || top=$number
  done
  printf '%s' "$top"
}

is_number() { case $1 in '' | *[!0-9]*) return 1 ;; esac; }

# Uptime of the last renewal of claim ENV FENCE. A claim file is: purpose, boot id, uptime, holder (JSON).
last_renewal() {
  renewed=$(cat "$1/lease/$2.beat" 2>/dev/null)
  is_number "$renewed" || renewed=$(sed -n 3p "$1/lease/$2" 2>/dev/null)
  is_number "$renewed" || renewed=0
  printf '%s' "$renewed"
}

# is_recent UPTIME: within the life of a lease. One that is yet to come was counted before a reboot: a container that is started
# again keeps the boot id of its host.
is_recent() {
  age=$(($(uptime_seconds) - $1))
  [ "$age" -ge 0 ] && [ "$age" -le "$lease_expiry" ]
}

# Does claim ENV FENCE still hold?
claim_is_live() {
  [ -e "$1/lease/$2" ] && [ ! -e "$1/lease/$2.closed" ] || return 1
  [ "$(sed -n 1p "$1/lease/$2")" != human ] || return 0
  [ "$(sed -n 2p "$1/lease/$2")" = "$(boot_id)" ] || return 1
  is_recent "$(last_renewal "$1" "$2")"
}

# Is FENCE the claim that holds ENV?
holds() { [ "$(highest_claim "$1")" = "$2" ] && claim_is_live "$1" "$2"; }

# The words that call Docker here, such as `sudo docker`.
docker_words=${GITOPS_DOCKER:-docker}

# Docker may hang, and then whoever asks it: a program that sets `limit` waits no longer than so many seconds.
# shellcheck disable=SC2086 # one argument a word
docker() { command ${limit:+timeout -k 10 "$limit"} $docker_words "$@"; }

# Compose as every program of ours calls it: no variable of the session reaches a file, no answer comes from stdin, and no file is
# fetched from elsewhere, whatever an `.env` says.
compose() {
  # shellcheck disable=SC2086
  env -i PATH="$PATH" DOCKER_CONFIG="${DOCKER_CONFIG:-${HOME:-/root}/.docker}" ${DOCKER_HOST:+DOCKER_HOST="$DOCKER_HOST"} \
    ${GITOPS_TRANSACTION:+GITOPS_TRANSACTION="$GITOPS_TRANSACTION"} COMPOSE_REMOVE_ORPHANS=0 \
    COMPOSE_EXPERIMENTAL_GIT_REMOTE=false COMPOSE_EXPERIMENTAL_OCI_REMOTE=false $docker_words compose "$@" </dev/null
}

# object_digest PATH: what the runner computes for the same file or folder (see objects.ts).
object_digest() {
  if [ -d "$1" ]; then
    (cd "$1" && {
      find . -type f -exec sha256sum {} + | sort -k2
      find . -type f -perm -100 | sort
    }) | sha256sum | cut -d' ' -f1
  else
    digest=$(sha256sum <"$1" | cut -d' ' -f1)
    if [ -x "$1" ]; then printf '%sx' "$digest"; else printf '%s' "$digest"; fi
  fi
}

# The newest transaction of ENV, empty if none.
newest_transaction() {
  newest=
  for folder in "$1"/transactions/*/; do
    id=${folder%/}
    id=${id##*/}
    case $id in '' | *[!0-9]*) continue ;; esac
    { [ -n "$newest" ] && [ "$id" -le "$newest" ]; } || newest=$id
  done
  printf '%s' "$newest"
}

# The first word of a transaction's status, into `state`.
read_state() { read -r state _ 2>/dev/null <"$1/status" || state=; }

transaction_state() {
  read_state "$1"
  printf '%s' "$state"
}

# is_not_coming STATE LOOKS: a supervisor writes its first word at once. At twenty looks a second this is half a minute.
is_not_coming() { [ -z "$1" ] && [ "$2" -ge 600 ]; }

# Does the supervisor that wrote the status of transaction DIR still run? One that has written nothing yet may be starting.
supervisor_lives() {
  [ -e "$1/status" ] || return 0
  read -r _ pid started boot _ 2>/dev/null <"$1/status" || return 1
  [ "$boot" = "$(boot_id)" ] && [ "$(start_time "$pid")" = "$started" ]
}

# leftovers ENV FENCE: what runs up to FENCE have left on their way of what they uploaded, a path a line.
leftovers() {
  for path in "$1"/staging/* "$1"/transactions/.incoming.*; do
    number=${path##*/}
    number=${number#.incoming.}
    ! is_number "$number" || [ "$number" -gt "$2" ] || printf '%s\n' "$path"
  done
}

# give_order DIR WORD: the first order of a transaction counts; fails if this one is not it.
give_order() {
  printf '%s\n' "$2" >"$1/.order.$$" && ln "$1/.order.$$" "$1/order" 2>/dev/null
  code=$?
  rm -f "$1/.order.$$"
  return "$code"
}
