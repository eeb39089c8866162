#!/bin/sh
# Runs every fuzzer of a fuzzing build for some seconds. Usage: run.sh BUILD SECONDS
# A finding stops the run; its input is left in BUILD/findings.
set -eu
build=$1
seconds=$2
corpus=$build/corpus
findings=$build/findings
mkdir -p "$findings"
export ARENA_OPERATORS="${ARENA_OPERATORS:-$build/operators}" # a game for those that need one
count=0
for fuzzer in "$build"/tests/fuzz-*; do
    [ -f "$fuzzer" ] && [ -x "$fuzzer" ] || continue
    name=$(basename "$fuzzer")
    modules=-
    [ "$name" = fuzz-restore ] && modules=$(basename -s .so "$build"/operators/*.so)
    for module in $modules; do
        [ "$module" = - ] || export ARENA_FUZZ_MODULE="$build/operators/$module.so"
        mkdir -p "$corpus/$name-$module"
        echo "== $name $module (${seconds} s)"
        "$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
            -artifact_prefix="$findings/$name-" "$corpus/$name-$module" 2>"$findings/$name-$module.log" ||
            { tail -40 "$findings/$name-$module.log"; exit 1; }
        grep -E 'stat::number_of_executed_units|stat::average_exec' "$findings/$name-$module.log"
        count=$((count + 1))
    done
done
echo "$count fuzzers, no finding"
[ "$count" -gt 0 ]
