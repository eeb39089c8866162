#!/bin/sh
# Format and static analysis over the sources that git tracks. Usage: check.sh BUILD
set -eu
build=$1
sources=$(git ls-files 'arena/*.c' 'operators/*.c' 'plugins/*.c')
tests=$(git ls-files 'tests/*.c')
headers=$(git ls-files 'include/*.h' 'arena/*.h' 'operators/*.h' 'plugins/*.h' 'tests/*.h')
echo "clang-format"
# shellcheck disable=SC2086
clang-format --dry-run --Werror $sources $tests $headers
echo "clang-tidy"
# What this build compiles: fuzzers, for one, are not in every build.  core.c is other sources once more, with a flag of gcc.
compiled=$(for f in $sources $tests; do if [ "${f##*/}" != core.c ] && grep -q "\"file\": \".*$f\"" "$build/compile_commands.json"; then echo "$f"; fi; done)
# shellcheck disable=SC2086
echo $compiled | tr ' ' '\n' | xargs -P "$(nproc)" -n 1 clang-tidy -p "$build" --quiet 2>/dev/null
echo "check: clean"
