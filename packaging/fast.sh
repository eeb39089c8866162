#!/bin/sh
# fast.sh [BUILD] - a build that the compiler has fitted to what battles do.  `make fast` runs it.
#
# The battle engine is built twice: to count which way its branches go while random teams fight (none of those that the
# bench measures), and with these counts.  What they did not see, the server above all, is built as ever.  gcc only.
set -eu
cd "$(dirname "$0")/.."
build=${1:-build-fast}
step() {
	"$@" >"$build/fast.log" 2>&1 || { tail -30 "$build/fast.log" >&2; exit 1; }
}

mkdir -p "$build"
# gcc sees bounds passed that are not, once it inlines otherwise: no -Werror
[ -f "$build/build.ninja" ] || step meson setup "$build" -Db_pgo=generate -Dwerror=false
step meson configure "$build" -Db_pgo=generate
find "$build" -name '*.gcda' -exec rm -f {} +
step ninja -C "$build" tests/bench-battle
for version in gen9-v1 gen1-v1 natdex-v1; do
	"$build/tests/bench-battle" --write $version 128 20000 >"$build/teams.txt"
	step "$build/tests/bench-battle" "$build/teams.txt" $version 0.5
done
step meson configure "$build" -Db_pgo=use
ninja -C "$build" >"$build/fast.log" 2>&1 || { tail -30 "$build/fast.log" >&2; exit 1; }
echo "built $build, fitted to what battles do: $build/arena/arenad, $build/operators/pokemon/library/libpokebattle.so"
