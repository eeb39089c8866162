#!/bin/sh
# Installs the package of `make deb` in a bare Debian 12, runs what it installed as its user, and removes it again.
# Needs root, debootstrap and a mirror.  Usage: deb.sh [PACKAGE]
set -eu
cd "$(dirname "$0")/../.."
package=${1:-$(ls dist/arenad_*.deb)}
root=$(mktemp -d)
chmod 755 "$root" # it becomes the / of an ordinary user
port=38231
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; umount "$root/proc" 2>/dev/null; rm -rf "$root"' EXIT
server=

debootstrap --variant=minbase bookworm "$root" >/dev/null
mount -t proc proc "$root/proc"
cp "$package" "$root/tmp/arenad.deb"
chroot "$root" apt-get update -qq 2>/dev/null
DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get install -y -qq --no-install-recommends /tmp/arenad.deb >/dev/null 2>&1
chroot "$root" getent passwd arena >/dev/null
[ -L "$root/etc/systemd/system/multi-user.target.wants/arenad.service" ]
echo "installed: $(chroot "$root" dpkg-query -W arenad)"

install -d -m 700 -o "$(chroot "$root" id -u arena)" -g "$(chroot "$root" id -g arena)" "$root/var/lib/arena"
chroot --userspec=arena:arena "$root" /usr/bin/arenad --config /etc/arena/arena.json --listen 127.0.0.1:$port >"$root/tmp/log" 2>&1 &
server=$!
tries=0
until chroot "$root" arena --url http://127.0.0.1:$port challenges >"$root/tmp/told" 2>&1; do
	tries=$((tries + 1))
	[ $tries -lt 50 ] || { cat "$root/tmp/log" "$root/tmp/told"; exit 1; }
	sleep 0.2
done
chroot "$root" arena --url http://127.0.0.1:$port create psi >/dev/null
grep -q '^pokemon' "$root/tmp/told"
kill "$server"
wait "$server"
echo "ran: $(grep -c loaded "$root/tmp/log") challenges"

DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get purge -y -qq arenad >/dev/null 2>&1
[ ! -e "$root/etc/arena" ] && [ ! -e "$root/usr/bin/arenad" ] && [ -e "$root/var/lib/arena/arena.mdb" ]
echo "removed; what was played is still there"
