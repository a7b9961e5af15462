#!/usr/bin/env bash
# Makes images that behave as the public ones that environments/ names, out of Debian packages: bash build-images.sh TAG
# Their names are gitops-lab/postgres:TAG, gitops-lab/caddy:TAG, gitops-lab/miniflux:TAG and gitops-lab/miniflux-next:TAG.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/setup.sh
. "$here/../../../scripts/setup.sh"

tag=$1
cache=$SETUP_ROOT/test/.cache

main() {
  mkdir -p "$cache/debs" "$SETUP_TOOLS"
  # Several runs may find the images missing at once; one makes them for all.
  exec 9>"$cache/software-images.lock"
  flock 9
  # The last one to be made stands for all.
  ! docker image inspect "gitops-lab/postgres:$tag" >/dev/null 2>&1 || return 0
  setup_can_be_root || setup_give_up 'Only root can make the images: allow sudo without a password'
  work=$(mktemp -d "$cache/software-images.XXXXXX")
  trap 'setup_as_root rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM HUP
  make_debian
  make_miniflux miniflux trixie
  make_miniflux miniflux-next sid
  make_caddy
  make_postgres
}

# Debian with a database server. All is unpacked and nothing set up, which takes a fraction of the time.
make_debian() {
  local mirror=() package
  ! grep -qx 'ID=debian' /etc/os-release || mirror=("$(debian_mirror)")
  setup_as_root env PATH="$PATH:/usr/sbin" debootstrap --foreign --variant=minbase --cache-dir="$cache/debs" \
    --include=postgresql-17,postgresql-client-17,ca-certificates trixie "$work/debian" "${mirror[@]}"
  for package in "$work"/debian/var/cache/apt/archives/*.deb; do
    # Only compiled queries need it, and it is as large as all the rest.
    [[ $package == */libllvm* ]] || setup_as_root dpkg -x "$package" "$work/debian"
  done
}

# The newer of the two comes from sid; it needs no more of the C library than the older one.
make_miniflux() {
  local name=$1 root=$work/$1
  unpack "$2" miniflux "$root"
  add_base "$root"
  import_root "$root" "$name" 'ENV LISTEN_ADDR=0.0.0.0:8080' 'USER 65534' 'EXPOSE 8080' 'CMD ["/usr/bin/miniflux"]'
}

make_caddy() {
  local root=$work/caddy
  unpack sid caddy "$root"
  add_base "$root"
  rm -rf "$root/etc/caddy"
  mkdir -p "$root/etc/caddy" "$root/config" "$root/data" "$root/srv"
  import_root "$root" caddy 'ENV XDG_CONFIG_HOME=/config XDG_DATA_HOME=/data' 'WORKDIR /srv' \
    'EXPOSE 80' 'EXPOSE 443' 'EXPOSE 443/udp' 'EXPOSE 2019' \
    'CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]'
}

make_postgres() {
  local root=$work/debian
  add_users "$root" 'postgres:x:999:999::/var/lib/postgresql:/bin/bash' 'postgres:x:999:'
  setup_as_root install -D -m 0755 "$here/postgres-entrypoint.sh" "$root/usr/local/bin/docker-entrypoint.sh"
  setup_as_root rm -rf "$root/debootstrap" "$root/var/cache/apt" "$root/var/lib/apt" \
    "$root/usr/share/doc" "$root/usr/share/man" "$root/usr/share/locale" "$root/var/run"
  setup_as_root ln -s /run "$root/var/run"
  # Debian's way to choose among several versions would come before the programs themselves.
  setup_as_root find "$root/usr/bin" -lname '*/pg_wrapper' -delete
  setup_as_root install -d -m 1777 "$root/run/postgresql" "$root/tmp"
  import_root "$root" postgres "ENV PATH=$(search_path):/usr/lib/postgresql/17/bin" \
    'ENV PGDATA=/var/lib/postgresql/data LANG=C.UTF-8' 'VOLUME /var/lib/postgresql/data' 'EXPOSE 5432' \
    'ENTRYPOINT ["docker-entrypoint.sh"]' 'CMD ["postgres"]'
}

# unpack SUITE PACKAGE ROOT: the package alone, since what it depends on is there or not used.
unpack() {
  local suite=$1 package=$2 root=$3 folder=$work/apt-$1
  mkdir -p "$root"
  if [ ! -d "$folder" ]; then
    mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
    sed 's|^deb |deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] |; s| trixie | '"$suite"' |' \
      "$work/debian/etc/apt/sources.list" >"$folder/sources.list"
    suite_apt_get "$folder" update
  fi
  (cd "$folder" && suite_apt_get "$folder" download "$package")
  dpkg -x "$folder/$package"_*.deb "$root"
}

# A shell and wget, the certificates of the public authorities, and the C library, which Debian's Go programs link to.
add_base() {
  local root=$1 debian=$work/debian busybox file
  busybox=$(command -v busybox)
  mkdir -p "$root/bin" "$root/usr/lib" "$root/usr/lib64" "$root/tmp" "$root/etc/ssl/certs"
  ln -s usr/lib usr/lib64 "$root/"
  cp "$busybox" "$root/bin/busybox"
  for file in $("$busybox" --list); do [ "$file" = busybox ] || ln -s busybox "$root/bin/$file"; done
  (cd "$debian" && find usr/lib usr/lib64 -name 'ld-linux-*' -o -name libc.so.6 -o -name libresolv.so.2 -o -name 'libnss_*') |
    tar -C "$debian" --files-from=- --dereference -cf - | tar -C "$root" -xf -
  cat "$debian"/usr/share/ca-certificates/mozilla/*.crt >"$root/etc/ssl/certs/ca-certificates.crt"
  add_users "$root" 'nobody:x:65534:65534::/:/bin/false' 'nogroup:x:65534:'
  chmod 1777 "$root/tmp"
}

# add_users ROOT USER GROUP: beside root.
add_users() {
  printf '%s\n' 'root:x:0:0::/root:/bin/sh' "$2" | setup_as_root tee "$1/etc/passwd" >/dev/null
  printf '%s\n' 'root:x:0:' "$3" | setup_as_root tee "$1/etc/group" >/dev/null
}

# import_root ROOT NAME INSTRUCTION...: one layer, as nobody pulls it by parts.
import_root() {
  local root=$1 name=$2 changes=() instruction
  shift 2
  for instruction in "ENV PATH=$(search_path)" "$@"; do changes+=(--change "$instruction"); done
  setup_as_root tar --owner=+0 --group=+0 --numeric-owner -C "$root" -c . | docker import "${changes[@]}" - "gitops-lab/$name:$tag"
}

search_path() {
  echo /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
}

main
