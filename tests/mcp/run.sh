#!/bin/sh
# The official MCP client library plays against this server.  Needs Node.js and npm, which nothing else here does; the
# library is installed in a temporary folder.  Usage: run.sh BUILD
set -eu
build=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
version=1.32.2
command -v npm >/dev/null || { echo "npm is not here: apt-get install nodejs npm"; exit 1; }
work=$(mktemp -d)
trap 'kill $servers 2>/dev/null || true; rm -rf "$work"' EXIT
servers=
mkdir "$work/library"
echo '{"private":true}' >"$work/library/package.json"
npm install --silent --no-fund --no-audit --prefix "$work/library" "@modelcontextprotocol/sdk@$version"
serve() { # NAME AUTH -> its address
    ARENA_AUTH=$2 "$build/arena/arenad" --listen 127.0.0.1:0 --data "$work/$1" --log error >"$work/$1.out" 2>&1 &
    servers="$servers $!"
    until grep -q 'http://' "$work/$1.out"; do sleep 0.05; done
}
serve standalone 0
serve auth 1
address() { grep -o 'http://[^ ]*' "$work/$1.out" | head -1; }
MCP_LIBRARY="$work/library" node "$here/official.mjs" "$(address standalone)" "$(address auth)" "$build/arena/cli/arena" "$work"
