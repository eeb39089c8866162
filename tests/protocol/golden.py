"""Plays the transcripts of golden/ (its README.md tells how they are written) and compares what is said with them."""
import json
import re

from matching import difference

DEED = re.compile(r"(P\d) (\w+): ?(.*)")
MESSAGE = re.compile(r"(operator|P\d) to (operator|all|P\d): ?(.*)")
REFUSED = re.compile(r"refused (\w+): ?(.*)")
DRAWS = 5000  # sessions that are made at most until chance gives what is wanted


class Game:
    """One game of a file: what it is made with, its steps, and its end."""

    def __init__(self, challenge, name):
        self.challenge, self.name = challenge, name
        self.options, self.wanted, self.holds = None, "True", []
        self.steps = []     # ("join", player) | ("deed", player, method, text) | ("refused", code, text)
        self.said = []      # | ("said", from, to, text)
        self.end = {}       # scores, attributions, state: as text


def read_text(first, lines):
    """The text that begins with the rest of a line; takes the lines that belong to it."""
    if first.startswith('"'):
        return json.loads(first)
    if first:
        return first
    block = []
    while lines and lines[0].startswith("|"):
        block.append(lines.pop(0)[1:].removeprefix(" "))
    return "\n".join(block)


def read_line(game, line, lines):
    word, _, rest = line.partition(" ")
    if word in ("scores", "attributions", "state"):
        game.end[word] = rest
    elif word == "options":
        game.options = json.loads(rest)
    elif word == "wanted":
        game.wanted = rest
    elif word == "holds":
        game.holds.append(rest)
    elif word == "join":
        game.steps.append(("join", rest))
    elif found := REFUSED.fullmatch(line):
        game.steps.append(("refused", found[1], read_text(found[2], lines)))
    elif found := MESSAGE.fullmatch(line):
        game.steps.append(("said", found[1], found[2], read_text(found[3], lines)))
    elif found := DEED.fullmatch(line):
        game.steps.append(("deed", found[1], found[2], read_text(found[3], lines)))
    else:
        raise AssertionError(f"{game.name}: what is {line!r}?")


def read_games(path):
    with open(path, encoding="utf-8") as file:
        lines = [line for line in file.read().split("\n") if line and not line.startswith("#")]
    games = []
    while lines:
        line = lines.pop(0)
        if line.startswith("game "):
            challenge, _, name = line[5:].partition(": ")
            games.append(Game(challenge, name))
        else:
            read_line(games[-1], line, lines)
    return games


# What chance decided, from the operator's words to the players ------------------------------------------------------

def text(numbers):
    """Numbers as psi writes them."""
    return ", ".join(sorted(map(str, numbers)))


def few(numbers, count):
    """The first few, by size; as a set that still has its order."""
    return Ordered(sorted(numbers)[:count])


class Ordered(frozenset):
    """A set of numbers that is listed in their order."""

    def __iter__(self):
        return iter(sorted(super().__iter__()))

    def __or__(self, other):
        return Ordered(list(self) + list(other))

    def __and__(self, other):
        return Ordered(number for number in self if number in other)

    def __sub__(self, other):
        return Ordered(number for number in self if number not in other)


def number_in(pattern, words):
    found = re.fullmatch(pattern, words, re.DOTALL)
    assert found, f"{words!r} is not like {pattern!r}"
    return int(found[1])


def secrets_of(challenge, told):
    """What the first words to each player tell."""
    if challenge == "psi":
        sets = [Ordered(map(int, re.findall(r"\d+", words))) for words in told]
        return {"s1": sets[0], "s2": sets[1], "common": sets[0] & sets[1], "own1": sets[0] - sets[1],
                "own2": sets[1] - sets[0]}
    if challenge == "ultimatum":
        return {f"R{i + 1}": number_in(r"[^0-9]*(\d+)\. .*", words) for i, words in enumerate(told)}
    if challenge == "millionaire":
        return {f"W{i + 1}": number_in(r"[^0-9]*(\d+)M\. .*", words) for i, words in enumerate(told)}
    paid = [i for i, words in enumerate(told) if words == "You paid the bill."]
    return {"PAYER": paid[0] if paid else "external"}


def shown(value):
    """A value of an expression as it stands in a text: numbers as JavaScript writes them."""
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return str(value)


def fill(words, names):
    return re.sub(r"<([^>]*)>", lambda found: shown(eval(found[1], {}, names)), words)


# Playing ------------------------------------------------------------------------------------------------------------

class Play:
    """One game on one world; `case` is the test that is told what is wrong."""

    def __init__(self, case, world, game):
        self.case, self.world, self.game = case, world, game
        self.table = self.names = None
        self.expected = []  # messages, as (from, to, text)
        self.streams = {}   # of each viewer, None being nobody

    def run(self):
        for _ in range(DRAWS):
            if self.attempt():
                return
        self.case.fail(f"{DRAWS} sessions, and none in which {self.game.wanted}")

    def attempt(self):
        """False when chance did not give what is wanted: seen as soon as all have joined."""
        self.table, self.names, self.expected = self.world.create(self.game.challenge, self.game.options), None, []
        steps = list(self.game.steps)
        while steps:
            step = steps.pop(0)
            if step[0] == "join":
                if not self.join(int(step[1][1:]) - 1):
                    return False
            elif step[0] == "deed":
                self.deed(step, steps[0] if steps and steps[0][0] == "refused" else None)
            elif step[0] == "said":
                self.expected.append(step[1:])
            if self.names and (not steps or steps[0][0] in ("join", "deed")):
                self.compare()
        self.compare_streams()
        self.compare_end()
        return True

    def join(self, seat):
        answer = self.world.join(self.table, seat)
        self.case.assertEqual(answer.status, 200, answer)
        if seat + 1 < len(self.table.invites):
            return True
        told = [next(message["content"] for message in self.world.read(self.table, i)
                     if message.get("to") == invite) for i, invite in enumerate(self.table.invites)]
        names = {**secrets_of(self.game.challenge, told), "text": text, "few": few}
        if not eval(self.game.wanted, {}, names):
            return False
        for condition in self.game.holds:
            self.case.assertTrue(eval(condition, {}, names), (condition, told))
        self.names = {**names, **{f"P{i + 1}": invite for i, invite in enumerate(self.table.invites)}}
        for viewer in self.viewers():
            self.streams[viewer] = self.case.open_stream(self.world, self.table, viewer)
            self.streams[viewer].wait_events(1)
        return True

    def viewers(self):
        return [None, *range(len(self.table.invites))]

    def deed(self, step, refusal):
        _, player, method, words = step
        answer = self.world.move(self.table, int(player[1:]) - 1, fill(words, self.names or {}), method)
        if refusal:
            body = {"error": fill(refusal[2], self.names), "code": refusal[1]}
            self.case.assertEqual((answer.status, answer.json), (400, body), step)
        else:
            self.case.assertEqual((answer.status, answer.json), (200, {"ok": "Message sent"}), step)

    def as_seen(self, viewer, ended):
        """All that was said so far, as (index, channel, from, to, content, redacted)."""
        me = None if viewer is None else self.table.invites[viewer]
        for index, (who, to, words) in enumerate(self.expected, 1):
            who, to, words = self.name(who), self.name(to), fill(words, self.names)
            shown = ended or to is None or me in (who, to)
            yield index, self.table.channel, who, to, words if shown else "", None if shown else True

    def same(self, viewer, ended, messages, where):
        found = [(m["index"], m["channel"], m["from"], m.get("to"), m["content"], m.get("redacted")) for m in messages]
        self.case.assertEqual(list(self.as_seen(viewer, ended)), found, f"{where}, seen by {viewer}")

    def compare(self):
        """The channel as everybody sees it: all that was said so far, and no more."""
        ended = any(words.startswith("Game ended.") for _, _, words in self.expected)
        for viewer in self.viewers():
            self.same(viewer, ended, self.world.read(self.table, viewer), "the channel")

    def compare_streams(self):
        """What was told live: the same, each for its viewer, and the end once."""
        for viewer, stream in self.streams.items():
            stream.wait(lambda stream: len(stream.messages()) >= len(self.expected) and stream.of_type("game_ended"),
                        "all that was said, and the end")
            self.same(viewer, False, stream.messages(), "the stream")
            ended, = stream.of_type("game_ended")
            self.case.assertEqual(ended["data"], {**self.world.state(self.table), "profiles": {}})
            stream.close()
        self.streams = {}

    def name(self, short):
        return None if short == "all" else self.names.get(short, short)

    def compare_end(self):
        session = self.world.api.get(f"/api/sessions/{self.table.id}").json
        end = {key: json.loads(fill(value, self.names)) for key, value in self.game.end.items()}
        found = session["state"]
        wanted = {"status": "ended", "scores": end["scores"], "players": self.table.invites,
                  "playerIdentities": {invite: self.world.user(i) for i, invite in enumerate(self.table.invites)},
                  **({"attributions": end["attributions"]} if "attributions" in end else {}),
                  "completedAt": found.get("completedAt")}
        state = in_order(session["gameState"])
        words = difference(wanted, found) or difference(end.get("state", state), state, "gameState")
        self.case.assertIsNone(words, words)


def in_order(state):
    """The numbers of psi's sets in their order: it is not said anywhere."""
    if "userSets" not in state:
        return state
    return {key: sorted(value) if key == "intersectionSet" else [sorted(one) for one in value]
            for key, value in state.items()}
