#!/bin/sh
# The same battles must come out of every compiler and optimisation level, bit for bit.
#
#   battles_determinism.sh SOURCE_ROOT [BATTLES [VERSION]]
#
# Builds test_battle_random three times and compares what it prints.  Exit 77 (skipped) without gcc and clang.
set -eu
root=$1
battles=${2:-2000}
version=${3:-gen1-v1}
command -v gcc >/dev/null && command -v clang >/dev/null || exit 77
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 "$root/data/pokemon/embed.py" "$dir/texts.c" "$version=$root/data/pokemon/$version"
engine=$root/operators/pokemon/engine
first=
for how in "gcc -O0" "gcc -O2" "clang -O2"; do
    # shellcheck disable=SC2086
    $how -std=c17 -D_POSIX_C_SOURCE=200809L -I"$engine" -I"$root/tests/operators" "$dir/texts.c" "$engine"/*.c \
        "$root/tests/operators/test_battle_random.c" -o "$dir/battles" -ljansson -lpthread
    result=$("$dir/battles" "$battles" 1 "$version")
    echo "$how: $result"
    [ -z "$first" ] || [ "$result" = "$first" ] || { echo "differs" >&2; exit 1; }
    first=$result
done
