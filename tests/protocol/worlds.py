"""The same games in both modes: a server, players who can prove who they are in its way, and sessions at each stage.

In standalone mode a player acts by naming its invite as `from`; in auth mode it has joined with a signature and acts
with the session key that it got.  A test that is written with these runs in both.
"""
import functools
import time
import unittest

import ed25519
from arena_test import Answers, Server, Stream, at_once, operator_path

MODES = ("standalone", "auth")
OPERATORS = ("psi", "ultimatum", "millionaire", "dining-cryptographers", "pokemon")
KEYS = [ed25519.Key(name * 32) for name in (b"a", b"b", b"c")]
NAMES = ("alice", "bob", "carol")
SECRET = "the secret of a server under test"  # of auth mode, so that keys can be worked out here too


def now():
    return int(time.time() * 1000)


def signed(key, invite, timestamp=None, **changes):
    """The body of a join in auth mode."""
    timestamp = now() if timestamp is None else timestamp
    signature = key.sign(f"arena:v1:join:{invite}:{timestamp}".encode()).hex()
    return {"invite": invite, "publicKey": key.hex, "signature": signature, "timestamp": timestamp, **changes}


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


class Table:
    """A session: its id, its invites, and the session keys of those who joined (auth mode)."""

    def __init__(self, created):
        self.created = created
        self.id = created["id"]
        self.invites = created["invites"]
        self.channel = "challenge_" + self.id
        self.keys = {}


class World:
    """One server in one mode.  Threads take an Api of their own from `connection` and pass it on."""

    def __init__(self, mode, **settings):
        self.mode = mode
        self.auth = mode == "auth"
        operators = [{"module": operator_path(name)} for name in OPERATORS]
        self.server = Server({"operators": operators, **({"auth": True} if self.auth else {}), **settings},
                             {"AUTH_SECRET": SECRET} if self.auth else {})
        self.server.start()
        self.server.describe()  # so every answer is checked against /openapi.json too
        self.api = self.connection()

    def connection(self):
        return self.server.api()

    def close(self):
        self.api.close()
        self.server.close()

    def restart(self, kill=False):
        self.api.close()
        (self.server.kill if kill else self.server.stop)()
        self.server.start()

    def user(self, who):
        """The id under which the who-th person is known after the end."""
        return KEYS[who].user if self.auth else NAMES[who]

    def join_body(self, invite, who):
        return signed(KEYS[who], invite) if self.auth else {"invite": invite, "userId": NAMES[who]}

    def join(self, table, seat, who=None, api=None):
        """The who-th person takes the invite of this number.  A seat number here is the number of the invite."""
        answer = (api or self.api).post("/api/arena/join",
                                        self.join_body(table.invites[seat], seat if who is None else who))
        if answer.status == 200 and self.auth:
            table.keys[seat] = answer.json["sessionKey"]
        return answer

    def act(self, table, seat, method, path, body=None, headers=None, api=None):
        """A request by the holder of that invite; seat None: by nobody in particular."""
        headers = dict(headers or {})
        if seat is not None and self.auth:
            headers.update(bearer(table.keys[seat]))
        elif seat is not None and isinstance(body, dict):
            body = {"from": table.invites[seat], **body}
        elif seat is not None:
            path += ("&" if "?" in path else "?") + "from=" + table.invites[seat]
        return (api or self.api).request(method, path, body, headers)

    def move(self, table, seat, content, method="guess", api=None, **more):
        body = {"challengeId": table.id, "content": content, **({} if method is None else {"messageType": method})}
        return self.act(table, seat, "POST", "/api/arena/message", {**body, **more}, api=api)

    def say(self, table, seat, content, to=None, channel=None, api=None):
        body = {"channel": channel or table.id, "content": content, **({} if to is None else {"to": to})}
        return self.act(table, seat, "POST", "/api/chat/send", body, api=api)

    def read(self, table, seat=None, kind="arena", channel=None, api=None):
        answer = self.act(table, seat, "GET", f"/api/{kind}/sync?channel={channel or table.id}", api=api)
        assert answer.status == 200, answer
        return answer.json["messages"]

    def state(self, table, api=None):
        return (api or self.api).get(f"/api/sessions/{table.id}").json["state"]

    def stream(self, table, seat=None, channel=None, last_event_id=None, prefix="/api/"):
        channel, headers = channel or table.channel, ""
        if seat is not None and self.auth:
            headers = f"Authorization: Bearer {table.keys[seat]}\r\n"
            seat = None
        return Stream(self.server.port, channel, None if seat is None else table.invites[seat], last_event_id, headers,
                      self.server.description, prefix)

    def create(self, challenge="psi", options=None, api=None):
        answer = (api or self.api).create(challenge, {"options": options} if options else None)
        assert answer.status == 200, answer
        return Table(answer.json)

    def table(self, stage="active", challenge="psi", options=None, users=None, api=None):
        """A new session at this stage: open, half (one has joined), active, or ended (psi and millionaire: by guesses
        of 1, which is in no set and no secret of psi)."""
        table = self.create(challenge, options, api)
        for seat in range({"open": 0, "half": 1}.get(stage, len(table.invites))):
            answer = self.join(table, seat, users[seat] if users else None, api)
            assert answer.status == 200, answer
        if stage == "ended":
            for seat in range(len(table.invites)):
                answer = self.move(table, seat, "1", api=api)
                assert answer.status == 200, answer
        return table

    def many(self, count, work):
        """work(api, i) in `count` threads at the same instant, each with a connection of its own."""
        apis = [self.connection() for _ in range(count)]
        try:
            for api in apis:
                api.get("/health")  # connected before the start
            return at_once(count, lambda i: work(apis[i], i))
        finally:
            for api in apis:
                api.close()


def in_each_mode(test):
    """A test that takes a world runs once for each, as a sub-test named after its mode."""
    @functools.wraps(test)
    def run(self):
        for world in self.worlds:
            with self.subTest(mode=world.mode):
                test(self, world)
    return run


class WorldCase(Answers, unittest.TestCase):
    """Tests over one server of each mode, shared by the tests of a class."""

    settings = {}
    modes = MODES
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.worlds = []
        for mode in cls.modes:
            world = World(mode, **cls.settings)
            cls.addClassCleanup(world.close)
            cls.worlds.append(world)
        cls.world = cls.worlds[0]

    def open_stream(self, world, table, seat=None, channel=None, last_event_id=None, prefix="/api/"):
        stream = world.stream(table, seat, channel, last_event_id, prefix)
        self.addCleanup(stream.close)
        self.assertEqual(stream.status, 200)
        return stream
