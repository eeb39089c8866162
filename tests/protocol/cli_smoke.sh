#!/bin/sh
# cli_smoke.sh ARENA ARENAD - every command of arena(1) against a real server that this script starts.
#
# Operators are found as the programs find them ($ARENA_OPERATORS).  Ends with a count; exit code 1 when a check failed.
set -u
arena=$1 arenad=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/cli-smoke.XXXXXX")
server= proxy= passed=0 failed=0
unset ARENA_KEY NO_COLOR

stop() { # PID: ends it and waits
    [ -n "$1" ] && kill "$1" 2>/dev/null && wait "$1" 2>/dev/null
}
trap 'stop "$server"; stop "$proxy"; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

start() { # PORT (0: a free one)
    : >"$work/server.log" # what one before it said is not taken for its word
    "$arenad" --listen "127.0.0.1:$1" --data "$work/data" --log warn >"$work/server.log" 2>&1 &
    server=$!
    for _ in $(seq 100); do
        ARENA_URL=$(grep -o 'http://127\.0\.0\.1:[0-9]*' "$work/server.log" | head -n 1)
        [ -n "$ARENA_URL" ] && break
        sleep 0.1
    done
    export ARENA_URL
    [ -n "$ARENA_URL" ] || { echo "the server did not start:"; cat "$work/server.log"; exit 1; }
}

is() { # NAME COMMAND...: the command succeeds
    name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        echo "ok    $name"
    else
        failed=$((failed + 1))
        echo "FAIL  $name"
        tail -n 5 "$work/out" "$work/err" 2>/dev/null | cut -c 1-300
    fi
}

run() { # COMMAND...: output into out and err, exit code into code
    "$arena" "$@" >"$work/out" 2>"$work/err" </dev/null
    code=$?
}

says() { grep -q -- "$1" "$work/out"; }
complains() { grep -q -- "$1" "$work/err"; }
ended() { [ "$code" -eq "$1" ]; }
value() { sed -n "s/^$1 *//p" "$work/out" | head -n 1; } # of a line "name   value"

# ---------------------------------------------------------------------------------------- without a server
ARENA_URL=http://127.0.0.1:9
export ARENA_URL
run challenges
is "no server: exit code 3" ended 3
is "and a hint how to start one" complains arenad
run nonsense
is "an unknown command: exit code 2" ended 2
run send only-one-word
is "a missing word: exit code 2" ended 2
for command in challenges sessions view actions sync watch create join send chat mcp play demo users scoring stats check replay export \
    import team battle identity data admin recompute completion; do
    run "$command" --help
    is "$command --help teaches with an example" says "  arena $command"
done

# -------------------------------------------------------------------------------------------- a game of psi
start 0
port=${ARENA_URL##*:}
run challenges
is "challenges lists psi" says '^psi '
run challenges psi
is "challenges psi tells its methods" says guess
run challenges --json
is "--json: one object a line" python3 -c 'import json, sys
for line in open(sys.argv[1]): assert json.loads(line)["type"]' "$work/out"
run create nothing-of-the-kind
is "an unknown type is refused: exit code 1" ended 1
is "with the server's sentence" complains 'Unknown challenge type: nothing-of-the-kind'
run create psi
is "create" ended 0
session=$(value session) one=$(value 'invite 1') two=$(value 'invite 2')
run join "$one" --user alice
is "join" says "$session"
run join "$one" --user mallory
is "an invite is good for one" complains INVITE_ALREADY_USED
run join "$two" --user bob --json
is "the second join" says ChallengeID
run sync "$session" --as "$one"
is "sync shows one's own secret" says 'Your private set is'
run sync "$session"
is "and hides it from others" sh -c "! grep -q 'private set' '$work/out'"
run actions "$session" --as "$one"
is "actions" says guess
run chat "$session" "good luck" --as "$one"
run sync "$session" --chat
is "chat" says 'good luck'
"$arena" watch "$session" >"$work/watched" 2>&1 &
watcher=$!
run send "$session" "1 2 3" --as "$one" --method guess
is "send" says sent
run send "$session" "1 2 3" --as "$one"
is "the method can be left out; a second guess is refused" complains DUPLICATE_GUESS

# The server dies and comes back on the same port: the watcher goes on where it was.
kill -9 "$server" && wait "$server" 2>/dev/null
start "$port"
run send "$session" "4 5" --as "$two"
is "the game goes on after kill -9" says sent
wait "$watcher"
is "watch ends with the game" test $? -eq 0
is "and has told it without a gap or a double" sh -c \
    "[ \"\$(sed -n 's/^ *\([0-9][0-9]*\)  .*/\1/p' '$work/watched' | tr '\n' ' ')\" = '1 2 3 4 5 6 7 8 9 ' ]"
run view "$session"
is "view shows who played, after the end" says 'alice'
run sessions --status ended
is "sessions" says "$session"
run replay "$session"
is "replay agrees" says "agrees"

# ------------------------------------------------------------------------------------------------- a battle
run demo --fast --agents random,heuristic
is "demo plays a whole battle" ended 0
is "in sentences" says 'won the battle!\|is a draw'
is "with scores and who they were" says 'utility .*Red'
battle=$(sed -n 's/.*session \([0-9a-f-]*\) .*/\1/p' "$work/out" | head -n 1)
run replay "$battle" --quiet
is "the battle replays to the same states" says "agrees"
run replay "$battle" --log public
is "with its log" says '^|win|\|^|tie'
is "and nothing else in it" sh -c "! grep -qv '^|' '$work/out'"
is "and the verdict beside it" complains agrees
run replay "$battle" --log p2
is "as a player saw it, too" says '^|switch|p2a: '
cp "$work/out" "$work/seen-by-p2"
run replay "$battle" --log full
is "and all in the open: no HP in percent alone" sh -c "grep -q '^|gen|9' '$work/out' && ! cmp -s '$work/out' '$work/seen-by-p2'"
cp "$work/out" "$work/full"
run replay "$battle" --data "$work/data" --log full
is "a folder has the same log" cmp "$work/out" "$work/full"
run replay "$battle" --battle "$work/played.battle"
is "a session as a battle file" says agrees
run battle replay "$work/played.battle" --log full
is "which the library plays to the same states" complains 'every digest equal'
is "and to the same log" sh -c "sed -n '/^|start/,\$p' '$work/full' | cmp - '$work/out'"
run replay "$battle" --data "$work/data" --battle -
is "from a folder, too" cmp "$work/out" "$work/played.battle"
run demo --fast --agents random,random --options '{"maxTurns":2}'
late=$(sed -n 's/.*session \([0-9a-f-]*\) .*/\1/p' "$work/out" | head -n 1)
run replay "$late" --battle "$work/late.battle"
run battle replay "$work/late.battle"
is "a battle whose last turn came first is a file, too" says '2 steps\|3 steps\|4 steps\|5 steps\|6 steps'
is "without an end" grep -q '^end -1$' "$work/late.battle"
run replay "$session" --battle "$work/none"
is "a game without a battle has none" complains 'there is no battle file of it'
is "and makes no file" test ! -e "$work/none"
run replay --data "$work/data" --all --log public
is "all of a folder have no one log" ended 2
run replay "$battle" --log full --battle -
is "a log and a file do not share standard output" ended 2
ARENA_OPERATORS=/nowhere run demo --fast --seed 7
is "demo without a module draws the moves" ended 0
yes 1 | "$arena" play pokemon --opponent random --user me >"$work/out" 2>"$work/err"
code=$?
is "play, by numbers, to the end" ended 0
is "with the result" says 'The game has ended'
is "and no colours in a file" sh -c "! grep -q \"\$(printf '\\033')\" '$work/out'"
run play "$one"
is "play with a used invite is refused" ended 1

# ------------------------------------------------------------------------- answers that are lost on the way
python3 "$here/lossy_proxy.py" "$port" >"$work/losses" &
proxy=$!
while [ ! -s "$work/losses" ]; do sleep 0.1; done
lossy=http://127.0.0.1:$(head -n 1 "$work/losses")
before=$("$arena" sessions --limit 100 --json | wc -l)
run create psi --url "$lossy"
is "create through a line that loses answers" ended 0
session=$(value session) one=$(value 'invite 1') two=$(value 'invite 2')
is "made one session, not two" test "$("$arena" sessions --limit 100 --json | wc -l)" -eq $((before + 1))
run join "$one" --url "$lossy"
is "join is done once, and says so" ended 0
run join "$two" --url "$lossy"
run send "$session" 1 --as "$one" --url "$lossy"
is "send is done once" ended 0
run chat "$session" once --as "$one" --url "$lossy"
run sync "$session" --chat --json
is "chat is said once" test "$(wc -l <"$work/out")" -eq 1
is "every POST had lost its first answer" test "$(grep -c lost "$work/losses")" -eq 5

# ----------------------------------------------------------------------------------------- files, no server
stop "$server"
server=
run replay --data "$work/data" --all
is "replay --all agrees" says ' 0 differ'
run export --data "$work/data" "$work/export"
is "export" ended 0
run import --data "$work/copy" "$work/export"
is "import" ended 0
run export --data "$work/copy" "$work/export2"
run team random --seed 7 --format singles
is "team random" ended 0
cp "$work/out" "$work/team"
run team check "$work/team" --format singles
is "team check: a team that was made up is legal" ended 0
run team convert "$work/team" --to packed
cp "$work/out" "$work/packed"
run team convert "$work/packed" --to text
is "team convert: there and back" cmp -s "$work/out" "$work/team"
printf 'Pikachu\nAbility: Static\n- Hug\n' >"$work/bad"
run team check "$work/bad"
is "team check: a mistake" ended 1
is "team check: has its slot and field" grep -q '^slot 1, moves: ' "$work/err"
run team check "$work/bad" --format chess
is "team check: an unknown format" ended 2
run battle random --seed 7
cp "$work/out" "$work/battle"
run battle replay "$work/battle"
is "battle replay: a battle that was made up agrees" says 'every digest equal'
run battle replay "$work/battle" --log p1
is "battle replay: has the log" says '^|win|'
sed 's/^seed 7$/seed 8/' "$work/battle" >"$work/bad"
run battle replay "$work/bad"
is "battle replay: another seed differs" ended 1
is "battle replay: and the line is told" complains 'line 7'
sed 's/^layout .*/layout 0000abcd/' "$work/battle" >"$work/bad"
run battle replay "$work/bad"
is "battle replay: a file of another form of battles is refused" complains 'cannot be compared here'
is "an export of the import is the same" cmp "$work/export" "$work/export2"
run replay "$battle" --data "$work/copy"
is "and replays" says agrees
run replay --data "$work/nothing" --all
is "a folder that is not there" complains 'no data folder'

# ------------------------------------------------------------------------------------------------ battle data
versions=$work/versions
facts=$here/../../data/pokemon/gen9-v1
mkdir "$versions"
run data validate "$facts"
is "the committed data is good" ended 0
run data stage "$facts" one --root "$versions"
is "data stage" ended 0
run data promote one --root "$versions"
is "data promote" says 'one is active'
cp -r "$facts" "$work/two"
sed -i 's/"id":"pound","num":1,"name":"Pound","type":"Normal"/"id":"pound","num":1,"name":"Pound","type":"Noraml"/' "$work/two/moves.json"
run data diff one "$work/two" --root "$versions"
is "data diff names the field" says 'type: "Normal" -> "Noraml"'
run data stage "$work/two" --root "$versions"
is "bad data: exit code 1" ended 1
is "with the rule and the row" says '^bad-value *moves/pound'
run data promote two --root "$versions"
is "it cannot be promoted" ended 1
run data list --root "$versions"
is "the active version is as it was" says '^one *active'
is "and the bad one is still staged" says '^two *staged'
run data stats one --root "$versions" --json
is "data stats --json" says '"moves":689'
run data promote three --root "$versions"
is "a version that is not there" complains 'no version three'
run data stage "$facts" one --root "$versions"
is "a version never changes, not even staged" complains 'there is a version one already'
run data stage "$work/two/" --root "$versions"
is "slashes behind a folder are no part of its name" complains '/two,* but has'
for word in validate stats seal; do
    run data $word three --root "$versions"
    is "data $word of nothing" complains 'neither a version three in'
done
run data diff one "$work/three" --root "$versions"
is "data diff with nothing" complains "no folder $work/three"
run data diff one --root "$versions"
is "data diff of one" complains 'takes two versions or folders, A and B'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
