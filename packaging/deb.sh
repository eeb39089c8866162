#!/bin/sh
# The Debian package of this tree, into dist/.  `make deb` runs it.
#
# A build of its own under /usr, with Debian's flags; only what is installed is built.  What the package depends on is
# read from its binaries.
set -eu
cd "$(dirname "$0")/.."
command -v dpkg-shlibdeps >/dev/null || { echo "deb: dpkg-shlibdeps is missing: apt-get install dpkg-dev" >&2; exit 1; }

build=build-deb
root=$PWD/dist/root
version=$(meson introspect meson.build --projectinfo | python3 -c 'import json, sys; print(json.load(sys.stdin)["version"])')
architecture=$(dpkg --print-architecture)
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}

export DEB_BUILD_MAINT_OPTIONS=hardening=+bindnow
CFLAGS=$(dpkg-buildflags --get CFLAGS) LDFLAGS=$(dpkg-buildflags --get LDFLAGS) CPPFLAGS=$(dpkg-buildflags --get CPPFLAGS)
export CFLAGS LDFLAGS CPPFLAGS
[ -f $build/build.ninja ] || meson setup $build --prefix=/usr --buildtype=plain -Dtests=disabled -Dwerror=false >/dev/null
targets=$(python3 - $build <<'END'
import json, os, sys
build = os.path.abspath(sys.argv[1])
with open(os.path.join(build, "meson-info", "intro-installed.json"), encoding="utf-8") as file:
    print(*sorted(os.path.relpath(path, build) for path in json.load(file)
                  if path.startswith(build + os.sep) and "meson-private" not in path))
END
)
sh packaging/profile.sh $build
# shellcheck disable=SC2086
ninja -C $build $targets >$build/deb.log || { tail -30 $build/deb.log >&2; exit 1; }

rm -rf "$root"
mkdir -p "$root"
DESTDIR=$root meson install -C $build --no-rebuild --strip >/dev/null
find "$root" -type f \( -perm -100 -o -name '*.so*' \) -exec strip --strip-unneeded {} + 2>/dev/null || true
find "$root/usr/share/man" -type f -name '*.[1-8]' -exec gzip -9n {} + 2>/dev/null || true

doc=$root/usr/share/doc/arenad
install -d "$doc/examples" "$root/etc/arena" "$root/lib/systemd/system"
install -m 644 packaging/arenad.service "$root/lib/systemd/system/"
install -m 644 packaging/arena.json "$root/etc/arena/"
install -m 644 docs/*.md README.md "$doc/"
install -m 644 packaging/proxy/* docs/arena.json.example docs/examples/* "$doc/examples/"
sed 's/^$/./; s/^/ /' LICENSE | sed '1,4d' | cat packaging/debian/copyright - >"$doc/copyright"
printf 'arenad (%s) stable; urgency=low\n\n  * This version.\n\n -- The Arena maintainers <arena@packages.invalid>  %s\n' \
	"$version" "$(date -u -R -d "@$epoch")" | gzip -9n >"$doc/changelog.gz"

# Depends, from what the binaries are linked with.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/debian"
printf 'Source: arenad\n\nPackage: arenad\nArchitecture: any\n' >"$work/debian/control"
binaries=$(find "$root" -type f \( -perm -100 -o -name '*.so*' \) -exec sh -c 'head -c 4 "$1" | grep -q ELF' sh {} \; -print)
# shellcheck disable=SC2086
depends=$(cd "$work" && dpkg-shlibdeps -O $binaries 2>/dev/null | sed -n 's/^shlibs:Depends=//p')

install -d "$root/DEBIAN"
size=$(du -sk --exclude=DEBIAN "$root" | cut -f1)
sed -e "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@SIZE@/$size/; s/@DEPENDS@/$depends/" \
	packaging/debian/control.in >"$root/DEBIAN/control"
install -m 755 packaging/debian/postinst packaging/debian/prerm packaging/debian/postrm "$root/DEBIAN/"
echo /etc/arena/arena.json >"$root/DEBIAN/conffiles"
echo activate-noawait ldconfig >"$root/DEBIAN/triggers" # for libpokebattle
(cd "$root" && find usr lib -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
chmod -R u=rwX,go=rX "$root"

package=dist/arenad_${version}_$architecture.deb
SOURCE_DATE_EPOCH=$epoch dpkg-deb --root-owner-group --build "$root" "$package" >/dev/null
echo "$package"
