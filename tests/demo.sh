#!/bin/sh
# A server on a port of its own, a battle on it, and nothing left behind. Usage: demo.sh BUILD [arena demo's options]
set -eu
build=$1
shift
data=$(mktemp -d)
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -rf "$data"' EXIT INT TERM
"$build"/arena/arenad --listen 127.0.0.1:0 --data "$data" >"$data/log" 2>&1 &
server=$!
url=
for _ in $(seq 100); do
    url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$data/log" | head -1) && [ -n "$url" ] && break
    sleep 0.05
done
[ -n "$url" ] || { cat "$data/log"; echo "the arena did not start" >&2; exit 1; }
"$build"/arena/cli/arena demo --url "$url" "$@"
