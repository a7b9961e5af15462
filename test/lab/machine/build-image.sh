#!/usr/bin/env bash
# Makes the image of the lab's machines out of Debian packages: bash build-image.sh TAG
# Debian trixie with its own Docker Engine and Compose, and beside them, below /opt/sid, the newer ones of sid.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/setup.sh
. "$here/../../../scripts/setup.sh"

tag=$1
cache=$SETUP_ROOT/test/.cache

main() {
  mkdir -p "$cache" "$SETUP_TOOLS"
  # Several runs may find the image missing at once; one makes it for all.
  exec 9>"$cache/machine-image.lock"
  flock 9
  ! docker image inspect "$tag" >/dev/null 2>&1 || return 0
  setup_can_be_root || setup_give_up 'Only root can make the image of the machines: allow sudo without a password'
  work=$(mktemp -d "$cache/machine-image.XXXXXX")
  trap 'setup_as_root rm -rf --one-file-system "$work"' EXIT
  trap 'exit 130' INT TERM HUP
  bootstrap_trixie
  add_sid
  finish_root | setup_as_root bash -s
  setup_as_root tar -C "$work/root" --one-file-system -c . | docker import --change "ENV PATH=$(image_path)" - "$tag"
}

bootstrap_trixie() {
  local include=openssh-server,docker.io,docker-cli,docker-compose,iproute2,iptables,procps,ca-certificates,sudo
  # shellcheck disable=SC2046 # no mirror is no word
  setup_as_root env PATH="$PATH:/usr/sbin" debootstrap --variant=minbase --include="$include" \
    trixie "$work/root" $(own_debian_mirror)
}

# Elsewhere debootstrap knows where Debian is.
own_debian_mirror() {
  ! grep -qx 'ID=debian' /etc/os-release || debian_mirror
}

# Unpacked aside, as these packages would replace those of trixie; their dependencies are what trixie has already.
add_sid() {
  local sid=$work/sid package
  mkdir -p "$sid/lists/partial" "$sid/cache/archives/partial"
  sed 's|^deb |deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] |; s| trixie | sid |' \
    "$work/root/etc/apt/sources.list" >"$sid/sources.list"
  suite_apt_get "$sid" update
  (cd "$sid" && suite_apt_get "$sid" download docker.io docker-cli docker-compose containerd runc)
  for package in "$sid"/*.deb; do setup_as_root dpkg -x "$package" "$work/root/opt/sid"; done
}

# Keys that are in an image would be those of every machine. `guest` may log in and may not use Docker; `sudoer` may run
# `sudo docker` and nothing else as root, whichever Docker comes first.
finish_root() {
  cat <<TEXT
set -eu
cd '$work/root'
chroot . useradd --create-home --shell /bin/bash --groups docker --password '*' gitops
chroot . useradd --create-home --shell /bin/bash --password '*' guest
chroot . useradd --create-home --shell /bin/bash --password '*' sudoer
echo 'sudoer ALL=(root) NOPASSWD: /usr/bin/docker, /usr/local/bin/docker' >etc/sudoers.d/sudoer
chmod 0440 etc/sudoers.d/sudoer
install -d -m 0755 etc/ssh/lab_keys
install -m 0644 '$here/sshd_config' etc/ssh/sshd_config
rm -rf etc/ssh/ssh_host_* var/lib/apt/lists/* var/cache/apt usr/share/doc usr/share/man usr/share/locale opt/sid/usr/share
TEXT
}

image_path() {
  echo /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
}

main
