#!/bin/bash
# Process 1 of a machine of the lab: init.sh ENGINE_ROOT COMPOSE [ARGUMENT of dockerd...]
# Says `ready` when SSH and Docker answer, and ends with its standard input, so that no machine outlives its test.
set -eu

engine=$1
compose=$2
shift 2

# Compose inside needs the second version of control groups, whichever the machine below has.
umount -R /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir /sys/fs/cgroup/init
while read -r pid; do
  echo "$pid" >/sys/fs/cgroup/init/cgroup.procs 2>/dev/null || true
done </sys/fs/cgroup/cgroup.procs

# Programs in /usr/local come before Debian's own, also in a session of sshd.
[ "$engine" = / ] || ln -sf "$engine"/usr/sbin/* "$engine"/usr/bin/* /usr/local/bin/
mkdir -p /usr/local/lib/docker/cli-plugins
ln -s "$compose" /usr/local/lib/docker/cli-plugins/docker-compose

ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
mkdir -p /run/sshd
/usr/sbin/sshd -E /var/log/sshd.log

dockerd "$@" >/var/log/dockerd.log 2>&1 </dev/null &
until docker info >/dev/null 2>&1; do
  kill -0 $! 2>/dev/null || { tail -n 20 /var/log/dockerd.log; exit 1; }
  sleep 0.05
done
echo ready

# bash takes in the processes that lost their parent; a plain `cat` would leave them as zombies.
while read -r _; do :; done
