# What the disks of this host say of a path.

# above PATH: itself, or the nearest folder above it that is there.
above() {
  there=$1
  while [ -n "$there" ] && [ ! -e "$there" ]; do there=${there%/*}; done
  printf '%s' "${there:-/}"
}

# state_folder PATH: `writable`, `creatable`, or `unwritable`.
state_folder() {
  if [ -e "$1" ]; then
    [ -d "$1" ] && [ -w "$1" ] && [ -x "$1" ] && echo writable && return
    echo unwritable
    return
  fi
  parent=$(above "$1")
  if [ -d "$parent" ] && [ -w "$parent" ]; then echo creatable; else echo unwritable; fi
}

# free_kib PATH: what is left for this user where PATH lies, or `-`. Nobody may look into Docker's folder, but anybody may
# ask how full its disk is.
free_kib() {
  free=$(df -Pk "$1" 2>/dev/null | awk 'NR == 2 { print $4 }')
  if is_number "$free"; then printf '%s' "$free"; else printf '%s' -; fi
}

# Where Docker keeps its data; nothing if it does not tell.
docker_root() { docker info --format '{{.DockerRootDir}}' 2>/dev/null; }
