#!/bin/sh
# The starter as a stranger builds it: against the installed header alone, with its own meson.build, then checked and
# played on a server that loads it in a sandbox. Usage: starter.sh BUILD
set -eu
build=$(cd "$1" && pwd)
source=$(cd "$(dirname "$0")/../../plugins/starter" && pwd)
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; }; rm -rf "$work"' EXIT INT TERM

DESTDIR=$work/root meson install -C "$build" --no-rebuild --quiet >/dev/null
prefix=$(meson introspect "$build" --buildoptions | python3 -c \
    'import json, sys; print(next(o["value"] for o in json.load(sys.stdin) if o["name"] == "prefix"))')
installed=$work/root$prefix
pc=$(dirname "$(find "$installed" -name arena-operator.pc)")
sed -i "s|^prefix=.*|prefix=$installed|" "$pc/arena-operator.pc"

cp -r "$source" "$work/starter"
PKG_CONFIG_PATH=$pc meson setup "$work/starter/build" "$work/starter" >"$work/setup.log" 2>&1 || { cat "$work/setup.log"; exit 1; }
meson compile -C "$work/starter/build" >"$work/compile.log" 2>&1 || { cat "$work/compile.log"; exit 1; }
module=$work/starter/build/starter.so

arena=$installed/bin/arena
ARENA_WORKER=$(find "$installed" -name arena-worker -type f)
export ARENA_WORKER
"$arena" check "$module" --games 40

cat >"$work/arena.json" <<JSON
{"operators": [{"module": "$module", "hosting": "sandbox"}]}
JSON
"$installed/bin/arenad" --listen 127.0.0.1:0 --data "$work/data" --config "$work/arena.json" >"$work/log" 2>&1 &
server=$!
url=
for _ in $(seq 100); do
    url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$work/log" | head -1) && [ -n "$url" ] && break
    sleep 0.05
done
[ -n "$url" ] || { cat "$work/log"; exit 1; }
python3 - "$url" <<'PY'
import json
import sys
import urllib.request

url = sys.argv[1]


def call(method, path, body=None):
    data = json.dumps(body).encode() if body is not None else None
    with urllib.request.urlopen(urllib.request.Request(url + path, data, method=method), timeout=20) as answer:
        return json.load(answer)


[challenge] = call("GET", "/api/metadata")
session = call("POST", f"/api/challenges/{challenge}")
for invite in session["invites"]:
    call("POST", "/api/arena/join", {"invite": invite})
for _ in range(100):
    if call("GET", f"/api/sessions/{session['id']}")["state"]["status"] == "ended":
        break
    for invite in session["invites"]:
        offered = call("GET", f"/api/sessions/{session['id']}/actions?from={invite}")["actions"]
        if offered:
            move = offered[0]
            call("POST", f"/api/arena/message?from={invite}",
                 {"challengeId": session["id"], "messageType": move["method"], "content": move["content"] or "50"})
ended = call("GET", f"/api/sessions/{session['id']}")
assert ended["state"]["status"] == "ended", ended
assert len(ended["state"]["scores"]) == 2, ended
print("starter: played to its end in a sandbox:", ended["state"]["scores"])
PY
