"""What went wrong when the reference server was tried: one test for each fault, which it would fail."""
import collections
import json
import re
import socket
import unittest

from arena_test import PATIENCE, eventually
from users import ABSENT, entry_of, has_users, play_psi, update_body, wait_games
from worlds import KEYS, WorldCase, bearer, in_each_mode, now, signed

SESSIONS = 25  # of each race in each mode
FOUR = ("psi", "ultimatum", "millionaire", "dining-cryptographers")
RAW = ('"userSets"', '"intersectionSet"', '"wealth"', '"reservationValues"', '"payer"', '"guesses"')


def pipelined(port, requests):
    """Sends (path, body, headers) as POSTs in one write on one connection; returns the status of each answer."""
    data = b""
    for path, body, headers in requests:
        body = json.dumps(body).encode()
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        data += f"POST {path} HTTP/1.1\r\nHost: a\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        client.sendall(data)
        file, statuses = client.makefile("rb"), []
        for _ in requests:
            statuses.append(int(file.readline().split()[1]))
            length = 0
            for line in iter(file.readline, b"\r\n"):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            file.read(length)
        return statuses


class Leaks(WorldCase):
    def everything(self, world, table, challenge):
        """All that somebody who has no part in the session can be told of it."""
        paths = ["/api/challenges?limit=3", f"/api/challenges/{challenge}?limit=3",
                 f"/api/challenges/{challenge}?limit=3&status=open", f"/api/sessions/{table.id}",
                 f"/api/sessions/{table.id}/view", f"/api/sessions/{table.id}/replay",
                 f"/api/chat/sync?channel={table.id}",
                 "/api/scoring", "/api/users", "/api/stats"]
        told = [world.api.get(path).text for path in paths]
        stream = world.stream(table, None, table.id)
        stream.wait_events(1)
        told.append(json.dumps(stream.events))
        stream.close()
        return told

    @in_each_mode
    def test_secrets_leak(self, world):
        """State, identities and all invites of sessions that have not ended were told to anybody."""
        for challenge in FOUR:
            table = world.create(challenge)
            self.assertEqual(table.created["gameState"], {})
            invites = table.invites
            for seat in range(len(invites) + 1):
                told = self.everything(world, table, challenge)
                for invite in invites[seat:]:
                    answer = self.check(world.api.get(f"/api/invites/{invite}"), 200)
                    self.assertEqual(answer.json["invites"], [invite])
                    self.assertFalse([other for other in invites if other != invite and other in answer.text])
                    told.append(answer.text)
                for text in told:
                    words = (*RAW, *(world.user(who) for who in range(3)))
                    self.assertFalse([word for word in words if word in text], text[:500])
                    self.assertFalse(re.search(r'"gameState":(?!\{\})|"playerIdentities":(?!\{\})', text), text[:500])
                self.assertFalse([invite for invite in invites[seat:] for text in told[:-len(invites[seat:]) or None]
                                  if invite in text])
                if seat < len(invites):
                    self.check(world.join(table, seat), 200)
            for viewer in [None, *range(len(invites))]:  # what the operator said to one is for that one
                for message in world.read(table, viewer):
                    mine = viewer is not None and message.get("to") == invites[viewer]
                    self.assertEqual(bool(message["content"]), mine or "to" not in message)

    def test_from_operator(self):
        """from=operator read every private word, and anybody could speak as the operator."""
        world, table = self.world, self.world.table()
        for name in ("operator", "Operator", "OPERATOR", "%20operator", "operator%20"):
            for path in (f"/api/arena/sync?channel={table.id}", f"/api/chat/sync?channel={table.channel}"):
                answer = world.api.get(f"{path}&from={name}")
                self.assertNotIn("private set", answer.text)
        stream = world.stream(table)
        stream.wait_events(1)
        self.assertNotIn("private set", json.dumps(stream.events))
        stream.close()
        forged = {"channel": table.channel, "from": "operator", "to": table.invites[0],
                  "content": "Your private set is: {1, 2, 3}."}
        self.check(world.api.post("/api/chat/send", forged), 400)
        self.check(world.api.post("/api/chat/send?from=operator", {**forged, "from": "x"}), 400)
        for seat in range(2):
            self.assertEqual([m["index"] for m in world.read(table, seat)], [1, 2])


class Keys(WorldCase):
    modes = ("auth",)

    def test_confused_deputy(self):
        """A player of one game wrote into the chat and the operator's channel of another."""
        world = self.world
        mine, other = world.table(), world.table()
        before = {kind: world.read(other, 0, kind) for kind in ("arena", "chat")}
        for where in (f"channel={mine.id}", f"channel={mine.channel}", f"challengeId={mine.id}", ""):
            for path, body in (("/api/chat/send", {"channel": other.id, "content": "x"}),
                               ("/api/chat/send", {"channel": other.channel, "content": "x"}),
                               ("/api/arena/message", {"challengeId": other.id, "content": "1",
                                                       "messageType": "guess"})):
                answer = world.api.request("POST", f"{path}?{where}", body, bearer(mine.keys[0]))
                self.assertEqual(answer.status, 400 if where else 401, answer)
        self.assertEqual(before, {kind: world.read(other, 0, kind) for kind in ("arena", "chat")})

    def test_replay_of_a_join(self):
        world, table = self.world, self.world.create()
        body = signed(KEYS[0], table.invites[0])
        self.check(world.api.post("/api/arena/join", body), 200)
        for again in (body, {**body, "signature": body["signature"].upper()}):
            self.refused(world.api.post("/api/arena/join", again), 400, "This invite has already been used.",
                         "INVITE_ALREADY_USED")
        self.refused(world.api.post("/api/arena/join", {**body, "invite": table.invites[1]}), 401, "Invalid signature")

    def test_replay_of_an_update(self):
        """The signature covers no name: within five minutes it was good for any."""
        if not has_users(self.world):
            self.skipTest(ABSENT)
        body = update_body(1, username="mine")
        self.check(self.world.api.post("/api/users", body), 200)
        statuses = [answer.status for answer in self.world.many(4, lambda api, i: api.post(
            "/api/users", {**body, "username": f"other-{i}"}))]
        self.assertFalse([status for status in statuses if status not in (400, 401, 409)])
        fresh = update_body(1, username="once")
        statuses = [answer.status for answer in self.world.many(6, lambda api, _: api.post("/api/users", fresh))]
        self.assertEqual(statuses.count(200), 1)
        for field in ("username", "model"):
            self.check(self.world.api.post("/api/users", update_body(1, **{field: {"not": "text"}})), 400)
        self.assertEqual(self.world.api.get(f"/api/users/{KEYS[1].user}").json["username"], "once")

    def test_a_signature_that_never_expires(self):
        """The timestamp "x" made one."""
        invite = self.world.create().invites[0]
        self.check(self.world.api.post("/api/arena/join", signed(KEYS[0], invite, "x")), 400)
        self.refused(self.world.api.post("/api/arena/join", signed(KEYS[0], invite, now() - 301000)), 401,
                     "Timestamp expired")

    def test_identity_malleability(self):
        """One key in two spellings was two users, and took both seats of a session."""
        world, table = self.world, self.world.create()
        for seat, spelling in enumerate((KEYS[0].hex.upper(), KEYS[0].hex)):
            answer = self.check(world.api.post("/api/arena/join", signed(
                KEYS[0], table.invites[seat], publicKey=spelling)), 200)
            table.keys[seat] = answer.json["sessionKey"]
        free = world.create().invites[0]
        self.check(world.api.post("/api/arena/join", signed(KEYS[0], free, publicKey=KEYS[0].hex + "zz")), 401)
        for seat in range(2):
            self.check(world.move(table, seat, "1"), 200)
        self.assertEqual(set(world.state(table)["playerIdentities"].values()), {KEYS[0].user})
        if has_users(world):  # both seats are one user, so the game counts for nobody
            play_psi(world, (1, 2))
            wait_games(world, KEYS[1].user, 1)
            self.assertIsNone(entry_of(world, KEYS[0].user))


class Races(WorldCase):
    """Real threads, each with a socket of its own, that start at the same instant; and writes in one piece."""

    def ended_once(self, world, table):
        told = world.read(table)
        self.assertEqual([message["index"] for message in told], list(range(1, 10)))
        self.assertEqual(collections.Counter(message["from"] for message in told),
                         {"operator": 7, **{invite: 1 for invite in table.invites}})
        self.assertEqual(sum(message["content"].startswith("Game ended.") for message in told), 1)
        self.assertEqual(world.state(table)["status"], "ended")

    @in_each_mode
    def test_two_guesses_at_once(self, world):
        for _ in range(SESSIONS):
            table = world.table()
            answers = world.many(2, lambda api, i, table=table: world.move(table, i, "1", api=api))
            self.assertEqual([answer.status for answer in answers], [200, 200], answers)
            self.ended_once(world, table)

    @in_each_mode
    def test_two_joins_at_once(self, world):
        for _ in range(SESSIONS):
            table = world.create()
            bodies = [world.join_body(invite, i) for i, invite in enumerate(table.invites)]
            answers = world.many(2, lambda api, i, bodies=bodies: api.post("/api/arena/join", bodies[i]))
            self.assertEqual([answer.status for answer in answers], [200, 200], answers)
            self.assertEqual(world.state(table)["status"], "active")
            if world.auth:  # the seats are given in the order of joining
                self.assertEqual({answer.json["sessionKey"][:3] for answer in answers}, {"s_0", "s_1"})
            self.assertEqual(sorted(message["to"] for message in world.read(table)), sorted(table.invites))

    @in_each_mode
    def test_one_invite_four_times_at_once(self, world):
        for _ in range(SESSIONS):
            table = world.create()
            bodies = [world.join_body(table.invites[0], i % 3) for i in range(4)]
            answers = world.many(4, lambda api, i, bodies=bodies: api.post("/api/arena/join", bodies[i]))
            self.assertEqual(sorted(answer.status for answer in answers), [200, 400, 400, 400], answers)
            self.assertEqual({answer.json["code"] for answer in answers if answer.status == 400},
                             {"INVITE_ALREADY_USED"})
            self.assertEqual(world.api.get(f"/api/sessions/{table.id}").json["joined"], 1)

    @in_each_mode
    def test_one_guess_four_times_at_once(self, world):
        """More than one accepted guess is an oracle."""
        for _ in range(SESSIONS):
            table = world.table()
            answers = world.many(4, lambda api, i, table=table: world.move(table, 0, str(i), api=api))
            self.assertEqual(sorted(answer.status for answer in answers), [200, 400, 400, 400], answers)
            self.assertEqual({answer.json["code"] for answer in answers if answer.status == 400}, {"DUPLICATE_GUESS"})
            self.assertEqual(len(world.read(table)), 5)

    @in_each_mode
    def test_200_chats_at_once(self, world):
        table = world.table()

        def talk(api, i):
            return [world.say(table, i % 2, f"{i}:{line}", api=api) for line in range(10)]

        answers = sum(world.many(20, talk), [])
        self.assertEqual({answer.status for answer in answers}, {200})
        self.assertEqual(sorted(answer.json["index"] for answer in answers), list(range(1, 201)))
        told = world.read(table, kind="chat")
        self.assertEqual([message["index"] for message in told], list(range(1, 201)))
        self.assertEqual({message["content"] for message in told}, {f"{i}:{n}" for i in range(20) for n in range(10)})

    @in_each_mode
    def test_in_one_write(self, world):
        joining = world.create()
        joins = [("/api/arena/join", world.join_body(invite, i), {}) for i, invite in enumerate(joining.invites)]
        self.assertEqual(pipelined(world.server.port, joins + joins[:1]), [200, 200, 400])
        table = world.table()
        moves = [("/api/arena/message", {"challengeId": table.id, "content": "1", "messageType": "guess",
                                         "from": table.invites[seat]}, bearer(table.keys.get(seat)))
                 for seat in (0, 0, 1, 0)]
        self.assertEqual(pipelined(world.server.port, moves), [200, 400, 200, 200])
        told = world.read(table)
        self.assertEqual([message["index"] for message in told], list(range(1, 11)))
        self.assertEqual(told[-1]["content"], "ERR_GAME_NOT_RUNNING: Game not running.")


class Boards(WorldCase):
    @in_each_mode
    def test_leaderboard_loses_no_updates(self, world):
        """200 games of two users, 16 at once: each of them counts, once, in every board."""
        if not has_users(world):
            self.skipTest(ABSENT)
        shares = [200 // 16 + (i < 200 % 16) for i in range(16)]

        def play(api, i):
            for _ in range(shares[i]):
                table = world.table(users=(0, 1), api=api)
                for seat in range(2):
                    assert world.move(table, seat, "1", api=api).status == 200

        world.many(16, play)
        for who in range(2):
            user = world.user(who)
            for strategy in ("average", "win-rate", "red-team", "consecutive"):
                entry = wait_games(world, user, 200, "psi", strategy)
                self.assertEqual(entry["gamesPlayed"], 200, (strategy, entry))
            self.assertEqual(wait_games(world, user, 200)["gamesPlayed"], 200)
            average = entry_of(world, user, "psi", "average")["metrics"]
            self.assertEqual(average, {"average:security": 1, "average:utility": -1})
        self.assertEqual(world.api.get("/api/stats").json["challenges"]["psi"]["gamesPlayed"], 200)


class Restart(WorldCase):
    @in_each_mode
    def test_restart(self, world):
        """Memory lost all; the database forgot the order of the invites."""
        table, open_one, half = world.create(), world.create(), world.create()
        for seat in (1, 0):
            self.check(world.join(table, seat), 200)
        self.check(world.join(half, 1), 200)
        self.check(world.move(table, 1, "1"), 200)
        world.say(table, 0, "hello")
        before = [world.read(table, seat, kind) for seat in (0, 1, None) for kind in ("arena", "chat")]
        for kill in (True, False):
            world.restart(kill)
            self.assertEqual(before, [world.read(table, seat, kind) for seat in (0, 1, None)
                                      for kind in ("arena", "chat")])
            self.check(world.move(table, 1, "1"), 400)
        self.check(world.move(table, 0, "1"), 200)
        session = world.api.get(f"/api/sessions/{table.id}").json
        self.assertEqual(session["state"]["status"], "ended")
        self.assertEqual(session["invites"], table.invites)  # as they were made
        self.assertEqual(session["state"]["players"], table.invites[::-1])  # as they joined
        self.assertEqual(list(session["state"]["playerIdentities"].items()),
                         [(table.invites[1], world.user(1)), (table.invites[0], world.user(0))])
        self.check(world.api.get(f"/api/invites/{open_one.invites[1]}"), 200)
        self.check(world.api.get(f"/api/invites/{half.invites[1]}"), 409)
        self.check(world.join(half, 0), 200)
        self.assertEqual(world.state(half)["status"], "active")


class Denial(WorldCase):
    settings = {"limits": {"openAgeMs": 1000}}

    @in_each_mode
    def test_a_chat_of_50_megabytes(self, world):
        table = world.table()
        resident = world.server.stat()[1]
        api = world.connection()
        answer = world.act(table, 0, "POST", "/api/chat/send", {"channel": table.id, "content": "x" * 50_000_000},
                           api=api)
        api.close()
        self.assertEqual(answer.status, 413)
        self.assertLess(world.server.stat()[1] - resident, 20_000_000)
        self.assertEqual(world.read(table, kind="chat"), [])

    @in_each_mode
    def test_sessions_created_freely(self, world):
        """10,000 were made and stayed for ever; here who is not played goes, and what is kept stays the same."""
        kept = world.table("ended")

        def create(api, _):
            return [world.create(api=api).id for _ in range(100)]

        made = sum(world.many(4, create), [])
        eventually(lambda: {world.api.get(f"/api/sessions/{one}").status for one in made[::20]} == {404}, "them to go")
        self.assertLess(world.api.get("/api/challenges?status=open").json["total"], len(made))
        self.assertEqual(world.state(kept)["status"], "ended")

    @in_each_mode
    def test_connections_held_for_ever(self, world):
        """Malformed MCP, and the addresses of MCP's older transport."""
        headers = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
        for path in ("/api/arena/mcp", "/api/chat/mcp", "/mcp", "/api/v1/arena/mcp"):
            for body in ("{", "", "[", '{"jsonrpc":'):
                self.assertEqual(world.api.request("POST", path, body, headers).status, 400)
            for method in ("OPTIONS", "PUT"):
                self.assertEqual(world.api.request(method, path, "{}", headers).status, 404)
        for path in ("/api/arena/sse", "/api/chat/sse", "/api/v1/arena/sse", "/api/chat/message"):
            self.assertEqual(world.api.get(path).status, 404)
            self.assertEqual(world.api.post(path, "{}").status, 404)

    @in_each_mode
    def test_names_that_are_no_names(self, world):
        """__proto__ and its like: 500, or a polluted map of users."""
        for name in ("__proto__", "constructor", "toString", "hasOwnProperty", "prototype"):
            for path in (f"/api/arena/sync?channel={name}", f"/api/chat/sync?channel={name}"):
                self.check(world.api.get(path), 200, {"messages": [], "count": 0})
            self.check(world.api.get(f"/api/sessions/{name}"), 404)
            self.check(world.api.get(f"/api/invites/{name}"), 404)
            self.check(world.api.get(f"/api/metadata/{name}"), 404)
            body = {"challengeId": name, "content": "1", "messageType": "guess", "from": "p"}
            self.refused(world.api.post("/api/arena/message", body), 400,
                         "from is required" if world.auth else "Challenge not found")
            if not world.auth:
                self.check(world.api.post("/api/arena/join", {"invite": name}), 400)
                self.check(world.api.chat(f"{name}-room", name, "x"), 200)
        if has_users(world) and not world.auth:
            self.check(world.api.post("/api/users", {"userId": "__proto__", "username": "polluted"}), 200,
                       {"userId": "__proto__", "username": "polluted"})
            for name in ("username", "userId", "toString"):
                self.refused(world.api.get(f"/api/users/{name}"), 404, "User not found")
        self.check(world.api.get("/health"), 200)

    @in_each_mode
    def test_10_minute_death(self, world):
        """A game died by its age, in the middle of playing, even by being read.  Ten minutes are a second here."""
        table, reader = world.table(), world.table()
        old = world.create()
        eventually(lambda: world.api.get(f"/api/sessions/{old.id}").status == 404, "an open session to go")
        for one in (table, reader):  # both are older than the one that has gone
            stream = self.open_stream(world, one)
            stream.wait_events(1)
            self.assertEqual(len(world.read(one, 0)), 2)
            self.assertEqual(len(world.read(one, 0, channel=one.channel, kind="chat")), 2)
            self.assertEqual(world.state(one)["status"], "active")
        for seat in range(2):
            self.check(world.move(table, seat, "1"), 200)
        self.assertEqual(world.state(table)["status"], "ended")
        self.assertEqual(len(world.read(table)), 9)


if __name__ == "__main__":
    unittest.main()
