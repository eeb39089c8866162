#!/bin/sh
# profile.sh BUILD - counts what battles do, for the build that follows.  `make fast` and `make deb` run it.
#
# BUILD is set up, with -Dwerror=false.  The battle engine is built to count which way its branches go, random teams fight
# with it (none of those that the bench measures), and BUILD is left to use these counts.  What they did not see, the
# server above all, will be built as ever.  Other compilers than gcc count in other ways: for them BUILD stays as it is.
set -eu
cd "$(dirname "$0")/.."
build=$1
step() {
	"$@" >"$build/profile.log" 2>&1 || { tail -30 "$build/profile.log" >&2; exit 1; }
}

grep -q 'C compiler for the host machine: .*(gcc ' "$build/meson-logs/meson-log.txt" || {
	echo "profile.sh: $build is not built by gcc, so nothing is counted" >&2
	exit 0
}
step meson configure "$build" -Db_pgo=generate
find "$build" -name '*.gcda' -exec rm -f {} +
step ninja -C "$build" tests/bench-battle
for version in gen9-v1 gen1-v1 natdex-v1; do
	step "$build/tests/bench-battle" --train $version 5000
done
step meson configure "$build" -Db_pgo=use
