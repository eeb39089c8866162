#!/bin/sh
# Format and static analysis over the sources that git tracks. Usage: check.sh BUILD
set -eu
build=$1
sources=$(git ls-files 'arena/*.c' 'operators/*.c' 'plugins/*.c')
headers=$(git ls-files 'include/*.h' 'arena/*.h' 'operators/*.h')
echo "clang-format: $(echo "$sources $headers" | wc -w) files"
# shellcheck disable=SC2086
clang-format --dry-run --Werror $sources $headers
echo "clang-tidy"
# shellcheck disable=SC2086
echo $sources | tr ' ' '\n' | xargs -P "$(nproc)" -n 1 clang-tidy -p "$build" --quiet 2>/dev/null
echo "check: clean"
