"""Clients that do not give up: they play whole games over a server that dies, is full, or is slow.

Every POST carries an Idempotency-Key and is repeated with the same key until it is answered for good; every input that
was acknowledged is written down, so that afterwards the channels can be compared with what the players know they did.
"""
import http.client
import os
import random
import sys
import threading
import time
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "protocol"))

from arena_test import Api, Stream  # noqa: E402

GIVE_UP = 240  # seconds after which a request that was never answered for good is a failure


class Unanswered(AssertionError):
    """The server never came back."""


class Persistent:
    """A client over one connection that repeats what was not answered for good.  Counts the repeats."""

    def __init__(self, port):
        self.api = Api(port, 30)
        self.repeats = 0
        self.busy = 0

    def ask(self, method, path, body=None):
        headers = {"Idempotency-Key": str(uuid.uuid4())} if method == "POST" else None
        end = time.monotonic() + GIVE_UP
        while time.monotonic() < end:
            try:
                answer = self.api.request(method, path, body, headers)
                if answer.status != 503:
                    return answer
                self.busy += 1
                assert answer.json["error"], answer
            except (OSError, http.client.HTTPException):
                self.repeats += 1
            time.sleep(0.02)
        raise Unanswered(f"{method} {path} was not answered for {GIVE_UP} s")

    def good(self, method, path, body=None):
        answer = self.ask(method, path, body)
        assert answer.status == 200, (method, path, body, answer)
        return answer.json


class Ledger:
    """What was acknowledged: of each session the players' inputs, and of the lobby the lines."""

    def __init__(self):
        self.lock = threading.Lock()
        self.games = {}   # session -> {player: [content as it stands in the channel]}
        self.users = {}   # session -> {invite: user}
        self.lines = []   # (index, from, content)
        self.errors = []
        self.refused = 0

    def game(self, session, invites, users):
        with self.lock:
            self.games[session] = {invite: [] for invite in invites}
            self.users[session] = dict(zip(invites, users))

    def moved(self, session, player, method, content):
        self.games[session][player].append(f"({method}) {content}")

    def said(self, index, player, content):
        with self.lock:
            self.lines.append((index, player, content))

    def inputs(self):
        return sum(len(moves) for game in self.games.values() for moves in game.values())


class Player(threading.Thread):
    """Plays one game after the other until told to stop; finishes the last one."""

    def __init__(self, port, number, ledger, stop, kinds=("psi", "pokemon"), lobby="lobby"):
        super().__init__(daemon=True)
        self.client = Persistent(port)
        self.number = number
        self.ledger = ledger
        self.stop = stop
        self.kinds = kinds
        self.lobby = lobby
        self.chance = random.Random(number)

    def run(self):
        try:
            count = 0
            while not self.stop.is_set():
                self.game(self.kinds[(self.number + count) % len(self.kinds)], count)
                count += 1
        except BaseException as error:  # reported by the main thread
            self.ledger.errors.append(f"player {self.number}: {type(error).__name__}: {error}")
        finally:
            self.client.api.close()

    def game(self, kind, count):
        options = {"options": {"teamSize": 2, "maxTurns": 25}} if kind == "pokemon" else None
        created = self.client.good("POST", f"/api/challenges/{kind}", options)
        session, invites = created["id"], created["invites"]
        users = [f"user-{self.number}-{count}-{seat}" for seat in range(len(invites))]
        self.ledger.game(session, invites, users)
        for invite, user in zip(invites, users):
            self.client.good("POST", "/api/arena/join", {"invite": invite, "userId": user})
        self.say(f"game {session}")
        if kind == "psi":
            for invite in invites:
                self.move(session, invite, "guess", "{%d}" % self.chance.randrange(100, 900))
        else:
            self.battle(session, invites)

    def battle(self, session, invites):
        for _ in range(500):
            over = True
            for invite in invites:
                actions = self.client.good("GET", f"/api/sessions/{session}/actions?from={invite}")
                offered = [action["content"] for action in actions["actions"] if action["method"] == "choose"]
                if offered:
                    over = False
                    self.move(session, invite, "choose", self.chance.choice(offered), actions["turn"])
            if over:
                return
        raise AssertionError(f"the battle {session} does not end")

    def move(self, session, invite, method, content, turn=None):
        body = {"challengeId": session, "from": invite, "messageType": method, "content": content}
        if turn is not None:
            body["turn"] = turn
        self.client.good("POST", "/api/arena/message", body)
        self.ledger.moved(session, invite, method, content)
        if self.chance.random() < 0.1:
            answer = self.client.ask("POST", "/api/arena/message", {**body, "messageType": "nonsense"})
            assert answer.status in (200, 400), answer  # 200: the game is over, and it is told so in private
            self.ledger.refused += answer.status == 400

    def say(self, content):
        name = f"player-{self.number}"
        answer = self.client.good("POST", "/api/chat/send", {"channel": self.lobby, "from": name, "content": content})
        self.ledger.said(answer["index"], name, content)


class Follower(threading.Thread):
    """Listens to a channel and comes back with Last-Event-ID whenever the stream breaks."""

    def __init__(self, port, channel, stop):
        super().__init__(daemon=True)
        self.port = port
        self.channel = channel
        self.stop = stop
        self.seen = []  # (index, content), as told, without what the stream of now told
        self.stream = None
        self.streams = 0

    def told(self):
        """All that was told so far."""
        stream = self.stream
        return self.seen + ([(message["index"], message["content"]) for message in stream.messages()] if stream else [])

    def run(self):
        while not self.stop.is_set():
            last = self.seen[-1][0] if self.seen else None
            try:
                self.stream = Stream(self.port, self.channel, last_event_id=last)
            except (OSError, ValueError, IndexError):
                time.sleep(0.02)
                continue
            self.streams += 1
            while not self.stream.finished and not self.stop.wait(0.05):
                pass
            self.stream.close()
            self.seen, self.stream = self.told(), None


def compare(api, ledger):
    """All that differs between the ledger and what the server has, as sentences."""
    wrong = list(ledger.errors)
    for session, players in ledger.games.items():
        state = api.session(session).json["state"]
        if state["status"] != "ended":
            wrong.append(f"{session} has not ended: {state['status']}")
            continue
        if state["playerIdentities"] != ledger.users[session]:
            wrong.append(f"{session} has other players than joined")
        told = api.messages(session)
        if [message["index"] for message in told] != list(range(1, len(told) + 1)):
            wrong.append(f"the indexes of {session} have gaps")
        for player, moves in players.items():
            found = [message["content"] for message in told if message["from"] == player]
            if found != moves:
                wrong.append(f"{session}: {player} was acknowledged {moves}, the channel has {found}")
    return wrong


def compare_lobby(api, ledger, lobby="lobby"):
    told = api.messages(lobby, kind="chat")
    found = {message["index"]: (message["from"], message["content"]) for message in told}
    wrong = []
    if sorted(found) != list(range(1, len(found) + 1)):
        wrong.append("the indexes of the lobby have gaps")
    if {index: (player, content) for index, player, content in ledger.lines} != found:
        wrong.append(f"{len(ledger.lines)} lines were acknowledged, the lobby has {len(found)} or others")
    return wrong
