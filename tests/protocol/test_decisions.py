"""Where this arena goes its own way: one test for each decision, which the reference server would fail."""
import hashlib
import hmac
import json
import threading
import unittest

import p256
from arena_test import eventually
from contract import events_of
from matching import TIME, difference
from mcp_client import call, post
from users import ABSENT, has_users, update_body
from worlds import KEYS, SECRET, WorldCase, bearer, in_each_mode, now, signed

UNAUTHORIZED = "Authentication required"
SECRETS = ('"userSets"', '"intersectionSet"', '"wealth"', '"reservationValues"', '"payer"', '"guesses"')


class Decisions(WorldCase):
    def auth(self):
        return self.worlds[1]

    def needs_users(self):
        if not has_users(self.world):
            self.skipTest(ABSENT)

    @in_each_mode
    def test_channel_of_the_arena_s_sync(self, world):
        """The bare id and the stored name; the reference answers the second with nothing."""
        table = world.table()
        by_id = world.read(table, 0)
        self.assertEqual(len(by_id), 2)
        self.assertEqual(world.read(table, 0, channel=table.channel), by_id)

    def test_user_of_a_key(self):
        """One key is one user however it is written, and only Ed25519 keys of the exact length are keys."""
        world, key = self.auth(), KEYS[0]
        user = hashlib.sha256(key.hex.encode()).hexdigest()
        for form in (key.hex, key.hex.upper(), key.hex[:40] + key.hex[40:].upper(), key.public.hex(),
                     key.public.hex().upper()):
            table = world.create()
            for invite, body in zip(table.invites, (signed(key, table.invites[0], publicKey=form),
                                                    signed(KEYS[1], table.invites[1]))):
                answer = self.check(world.api.post("/api/arena/join", body), 200)
                table.keys[table.invites.index(invite)] = answer.json["sessionKey"]
            for seat in range(2):
                self.check(world.move(table, seat, "1"), 200)
            self.assertEqual(world.state(table)["playerIdentities"][table.invites[0]], user)
        table, other = world.create(), p256.Key()
        for stranger, form in ((key, key.hex + "zz"), (key, key.hex + "00"), (key, key.hex[:-2]), (other, other.hex)):
            body = signed(key, table.invites[0])
            message = f"arena:v1:join:{body['invite']}:{body['timestamp']}".encode()
            body.update(publicKey=form, signature=stranger.sign(message).hex())
            self.refused(world.api.post("/api/arena/join", body), 401, "Invalid signature")

    def test_session_key(self):
        """Exactly one text is the key, for the session that is really acted on, on streams too."""
        world = self.auth()
        table, other = world.table(), world.table()
        mac = hmac.new(SECRET.encode(), f"arena:v1:session:{table.id}:0".encode(), hashlib.sha256).hexdigest()
        self.assertEqual(table.keys[0], "s_0." + mac)
        path = f"/api/arena/sync?channel={table.id}"
        for key in (f"s_0.{mac}.x", f"s_0.{mac}_x", f"s_0abc.{mac}", f"s_00.{mac}", f"s_-0.{mac}",
                    f"s_0.{mac.upper()}"):
            self.refused(world.api.request("GET", path, headers=bearer(key)), 401, UNAUTHORIZED)
        self.refused(world.api.get(f"{path}&key=s_%200.{mac}"), 401, UNAUTHORIZED)
        for where in (f"/api/arena/message?channel={table.id}", f"/api/arena/message?challengeId={table.id}"):
            body = {"challengeId": other.id, "messageType": "guess", "content": "1"}
            self.check(world.api.request("POST", where, body, bearer(table.keys[0])), 400)
        self.assertEqual(len(world.read(other, 0)), 2)
        stream = self.open_stream(world, table, 0)
        stream.wait_events(1)
        self.assertIn("private set", stream.messages()[0]["content"])
        self.refused(world.api.get(f"/api/chat/ws/{table.channel}?key=garbage"), 401, UNAUTHORIZED)

    def test_timestamp(self):
        """An integer within five minutes; the reference takes a text that is no number for ever."""
        world = self.auth()
        invite = world.create().invites[0]
        for stamp in ("x", "NaN", "1e999", str(now()), [], {}, True, now() + 0.5):
            body = signed(KEYS[0], invite, stamp)
            self.check(world.api.post("/api/arena/join", body), 400)
        for minutes in (-6, 6):
            body = signed(KEYS[0], invite, now() + minutes * 60000)
            self.refused(world.api.post("/api/arena/join", body), 401, "Timestamp expired")
        self.check(world.api.post("/api/arena/join", signed(KEYS[0], invite)), 200)

    def test_profile_updates_in_auth_mode(self):
        """A signature is good once, and for its own time only."""
        self.needs_users()
        world, body = self.auth(), update_body(0, username="first")
        self.assertEqual(self.check(world.api.post("/api/users", body), 200).json["username"], "first")
        for again in (body, {**body, "username": "second"}, {**body, "model": "m"},
                      {**body, "signature": body["signature"].upper(), "username": "second"},
                      {**body, "publicKey": KEYS[0].public.hex(), "username": "second"}):
            answer = world.api.post("/api/users", again)
            self.assertIn(answer.status, (400, 401, 409), answer)
        world.restart(kill=True)
        answer = world.api.post("/api/users", {**body, "username": "second"})
        self.assertIn(answer.status, (400, 401, 409), answer)
        self.assertEqual(world.api.get(f"/api/users/{KEYS[0].user}").json["username"], "first")
        self.check(world.api.post("/api/users", update_body(0, username=5)), 400)

    @in_each_mode
    def test_secrets_before_the_end(self, world):
        """State, identities, profiles and others' invites; after the end all but the unused is told."""
        for challenge in ("psi", "ultimatum", "millionaire", "dining-cryptographers"):
            table = world.create(challenge)
            self.assertEqual(table.created["gameState"], {})
            lookup = world.api.get(f"/api/invites/{table.invites[0]}").json
            self.assertEqual((lookup["invites"], lookup["gameState"]), (table.invites[:1], {}))
            for stage in range(len(table.invites) + 1):
                for path in ("/api/challenges?limit=5", f"/api/challenges/{challenge}?limit=5",
                             f"/api/sessions/{table.id}", f"/api/sessions/{table.id}/view"):
                    told = self.check(world.api.get(path), 200).text
                    self.assertFalse([word for word in (*table.invites, *SECRETS, *map(world.user, range(3)))
                                      if word in told], path)
                if stage < len(table.invites):
                    world.join(table, stage)
        ended = world.table("ended")
        session = world.api.get(f"/api/sessions/{ended.id}").json
        self.assertEqual(list(session["gameState"]), ["userSets", "intersectionSet", "guesses"])
        self.assertEqual(list(session["state"]["playerIdentities"]), ended.invites)

    def test_from_operator(self):
        """Nobody reads or writes as the operator; `viewer` stays nobody."""
        world, table = self.world, self.world.table()
        for name in ("operator", "house:easy"):
            for path in (f"/api/arena/sync?channel={table.id}", f"/api/chat/sync?channel={table.channel}",
                         f"/api/sessions/{table.id}/view?", f"/api/chat/ws/{table.channel}?"):
                self.check(world.api.get(f"{path}&from={name}"), 400)
            for path, body in (("/api/chat/send", {"channel": table.channel, "content": "x", "to": table.invites[0]}),
                               ("/api/arena/message", {"challengeId": table.id, "content": "1",
                                                       "messageType": "guess"})):
                self.check(world.api.post(path, {**body, "from": name}), 400)
                self.check(world.api.post(f"{path}?from={name}", body), 400)
        self.assertEqual(len(world.read(table, 0)), 2)
        self.assertEqual(world.api.messages(table.id, "viewer"), world.read(table))

    @in_each_mode
    def test_announcing_an_invite(self, world):
        """As the reference announces; claimed only when the body says so."""
        table = world.create()
        one, other = table.invites
        for _ in range(2):
            self.check(world.api.post("/api/invites", {"inviteId": one}), 200, {"success": True})
        told = [message["content"] for message in world.read(table, channel="invites", kind="chat")]
        self.assertEqual(told.count(one), 2)
        self.check(world.api.post("/api/invites", {"inviteId": other, "claim": False}), 200, {"success": True})
        answers = world.many(6, lambda api, _: api.post("/api/invites", {"inviteId": other, "claim": True}))
        self.assertEqual(sorted(answer.status for answer in answers), [200] + [409] * 5)
        self.check(world.api.get(f"/api/invites/{other}"), 409, {"error": f"Invite already used: {other}"})
        self.check(world.join(table, 1), 200)

    @in_each_mode
    def test_a_rejected_move(self, world):
        table = world.table()
        before = world.read(table, 0)
        self.refused(world.move(table, 0, "none"), 400, "Invalid guess format.", "INVALID_GUESS")
        self.refused(world.move(table, 0, "1", "nonsense"), 400, "Unknown challenge method: nonsense",
                     "UNKNOWN_METHOD")
        if not world.auth:
            self.refused(world.api.move(table.id, "stranger", "1", "guess"), 400, "Player not found.",
                         "PLAYER_NOT_FOUND")
        self.assertEqual(world.read(table, 0), before)

    @in_each_mode
    def test_messages_and_state(self, world):
        """Whoever hears of a move finds it done, and a move is there wholly or not at all after a kill."""
        for _ in range(20):
            table = world.table()
            stream = self.open_stream(world, table)
            stream.wait_events(1)
            world.move(table, 0, "1")
            stream.wait_events(2)
            self.assertEqual(world.api.get(f"/api/sessions/{table.id}/view").json["guessed"], [True, False])
        tables = [world.table() for _ in range(40)]
        enough = threading.Event()

        def play(api, i, world=world, tables=tables, enough=enough):
            try:
                for number, table in enumerate(tables[i::4]):
                    if i == 0 and number == 3:
                        enough.set()
                    world.move(table, 0, "1", api=api)
            except OSError:
                pass
            except Exception as error:
                if type(error).__module__ != "http.client":
                    raise

        killer = threading.Thread(target=lambda: (enough.wait(), world.server.process.kill()))
        killer.start()
        world.many(4, play)
        killer.join()
        world.restart(kill=True)
        for table in tables:
            guessed = world.api.get(f"/api/sessions/{table.id}/view").json["guessed"][0]
            self.assertEqual(len(world.read(table)), 5 if guessed else 2)
            self.check(world.move(table, 0, "1"), 400 if guessed else 200)

    @in_each_mode
    def test_game_ended(self, world):
        """Once, with profiles, on both channels, live and late; and the session has ended by then."""
        table = world.table()
        streams = [self.open_stream(world, table, seat, channel) for seat in (None, 0)
                   for channel in (table.id, table.channel)]
        for stream in streams:
            stream.wait_events(1)
        statuses = []

        def look(stream, world=world, table=table):
            stream.wait_type("game_ended")
            api = world.connection()
            statuses.append(world.state(table, api)["status"])
            api.close()

        lookers = [threading.Thread(target=look, args=(stream,)) for stream in streams]
        for looker in lookers:
            looker.start()
        for seat in range(2):
            self.check(world.move(table, seat, "1"), 200)
        for looker in lookers:
            looker.join()
        self.assertEqual(statuses, ["ended"] * len(streams))
        world.say(table, 0, "gg")
        world.say(table, 0, "gg", channel=table.channel)
        late = [self.open_stream(world, table, None, channel) for channel in (table.id, table.channel)]
        wanted = {"status": "ended", "scores": [{"security": 1, "utility": -1}] * 2, "players": table.invites,
                  "playerIdentities": {invite: world.user(i) for i, invite in enumerate(table.invites)},
                  "completedAt": TIME, "profiles": {}}
        for stream in streams + late:
            stream.wait(lambda stream: stream.messages() and stream.messages()[-1]["content"] == "gg", "the line")
            ends = stream.of_type("game_ended") or [stream.wait_type("game_ended")]
            self.assertEqual(len(ends), 1)
            self.assertIsNone(difference(wanted, {**ends[0]["data"], "profiles": {}}))
            self.assertIn("profiles", ends[0]["data"])

    @in_each_mode
    def test_streams(self, world):
        """An id for each message, going on after the last one that was seen, a chunk for each event."""
        table = world.table()
        stream = self.open_stream(world, table, 0, table.id)
        stream.wait_events(1)
        for line in range(6):
            world.say(table, line % 2, f"line {line}")
        stream.wait_events(7)
        self.assertEqual([identity for identity, _ in stream.events[1:]], list("123456"))
        for chunk in stream.chunks:
            self.assertEqual((chunk.count(b"data: "), chunk[-2:]), (1, b"\n\n"))
        again = self.open_stream(world, table, 0, table.id, last_event_id=4)
        again.wait_events(2)
        self.assertEqual([(identity, data["type"], data["message"]["content"]) for identity, data in again.events],
                         [("5", "new_message", "line 4"), ("6", "new_message", "line 5")])

    @in_each_mode
    def test_limits(self, world):
        table = world.table()
        line = {"channel": table.id, "content": "x"}
        for size, status in ((1 << 16, 200), ((1 << 16) + 1, 413), (300 * 1024, 413), (50_000_000, 413)):
            api = world.connection()  # one that is too large ends its connection, after its answer
            answer = world.act(table, 0, "POST", "/api/chat/send", {**line, "content": "x" * size}, api=api)
            self.assertEqual(answer.status, status, size)
            api.close()
        for body in ('{"a":' * 5000 + "1" + "}" * 5000, "[" * 5000 + "]" * 5000, '{"channel":' + "9" * 5000 + "}",
                     '{"channel":1e999}'):
            self.assertEqual(world.api.post("/api/chat/send", body).status, 400)
        deep = {**line, "content": "deep", "more": eval("[" * 20 + "]" * 20)}
        self.check(world.act(table, 0, "POST", "/api/chat/send", deep), 200)
        self.assertEqual([len(message["content"]) for message in world.read(table, kind="chat")], [1 << 16, 4])

    @in_each_mode
    def test_long_poll(self, world):
        table = world.table()
        for kind, index in (("arena", 3), ("chat", 1)):
            path = f"/api/{kind}/sync?channel={table.id}&index={index}&wait=60000"
            answers = []

            def wait(path=path, answers=answers, world=world):
                api = world.connection()
                answers.append(api.get(path))
                api.close()

            waiter = threading.Thread(target=wait)
            waiter.start()
            eventually(lambda: "\narena_long_polls 1\n" in world.api.get("/metrics").text, "the long poll")
            self.assertEqual(answers, [])
            (world.move if kind == "arena" else world.say)(table, 1, "1")
            waiter.join()
            self.assertGreaterEqual(self.check(answers[0], 200).json["count"], 1)
            self.check(world.api.get(path.replace(f"index={index}", "index=99").replace("60000", "50")), 200,
                       {"messages": [], "count": 0})

    @in_each_mode
    def test_extra_routes(self, world):
        table, ended = world.table(), world.table("ended")
        for prefix in ("/api", "/api/v1"):
            path = f"{prefix}/sessions/{table.id}"
            self.assertEqual(self.check(world.api.get(path), 200).json["state"]["status"], "active")
            self.assertNotIn("set", self.check(world.api.get(path + "/view"), 200).json)
            self.assertIn("set", self.check(world.act(table, 0, "GET", path + "/view"), 200).json)
            self.assertEqual(self.check(world.act(table, 0, "GET", path + "/actions"), 200).json["actions"],
                             [{"method": "guess", "content": ""}])
            self.assertEqual(self.check(world.api.get(path + "/replay"), 409).json["code"], "NOT_ENDED")
            replay = self.check(world.api.get(f"{prefix}/sessions/{ended.id}/replay"), 200).json
            self.assertEqual([turn["kind"] for turn in replay["turns"]],
                             ["create", "join", "join", "message", "message"])

    def test_profile_merge(self):
        """What an update leaves out stays as it was; in the reference's memory it was lost."""
        self.needs_users()
        profile = {"userId": "merged", "username": "M", "model": "m-1"}
        for update in ({"username": "M"}, {"model": "m-1"}, {}):
            self.check(self.world.api.post("/api/users", {"userId": "merged", **update}), 200)
        self.check(self.world.api.get("/api/users/merged"), 200, profile)
        self.world.restart(kill=True)
        self.check(self.world.api.get("/api/users/merged"), 200, profile)

    @in_each_mode
    def test_mcp(self, world):
        """In both modes; nothing hangs."""
        table = world.table()
        key = bearer(table.keys[0]) if world.auth else {}
        for prefix in ("/api", "/api/v1"):
            answer = post(world.api, prefix + "/arena/mcp", call("challenge_sync", channel=table.id, index=0,
                                                                 **{"from": table.invites[0]}), key)
            told = json.loads(events_of(answer)[0]["result"]["content"][0]["text"])
            self.assertIn("private set", told["messages"][0]["content"])
            for path in (prefix + "/arena/mcp", prefix + "/chat/mcp", "/mcp"):
                self.assertEqual(self.check(post(world.api, path, "{malformed"), 400).json["error"]["code"], -32700)
                self.assertEqual(world.api.get(path).status, 405)
                for method in ("OPTIONS", "PUT"):
                    self.assertEqual(world.api.request(method, path).status, 404)

    @in_each_mode
    def test_unknown_path(self, world):
        """The reference's text for paths that are not there; JSON for all that is."""
        for path in ("/nothing", "/api/nothing", "/api/v1/nothing", "/api/metadata/", "/api/arena/sse"):
            answer = world.api.get(path)
            self.assertEqual((answer.status, answer.headers["content-type"], answer.text),
                             (404, "text/plain; charset=UTF-8", "404 Not Found"))
        for path in ("metadata/none", "invites/none", "sessions/none", "sessions/none/view", "sessions/none/replay",
                     "arena/sync", "chat/sync"):
            self.assertTrue(self.check(world.api.get("/api/" + path), 400 if "sync" in path else 404).json["error"])
        for path, body in (("challenges/none", "{}"), ("arena/join", "null"), ("arena/message", "{"),
                           ("chat/send", "[]"), ("invites", "5"), ("arena/join", "")):
            self.assertTrue(self.check(world.api.post("/api/" + path, body), 400).json["error"])


class Pruning(WorldCase):
    settings = {"limits": {"openAgeMs": 1000, "idleAgeMs": 2500}}

    @in_each_mode
    def test_pruning(self, world):
        """Open sessions go when nothing happened in them; active ones end as abandoned, and nothing goes by reading."""
        busy, idle, stale, half = world.table(), world.table(), world.create(), world.table("half")

        def all_over(world=world, busy=busy, idle=idle, stale=stale, half=half):
            self.assertEqual(world.say(busy, 0, "still here").status, 200)
            self.assertEqual(world.state(busy)["status"], "active")
            gone = [world.api.get(f"/api/sessions/{table.id}").status == 404 for table in (stale, half)]
            return all(gone) and world.state(idle)["status"] == "ended"

        eventually(all_over, "the pruning")
        session = world.api.get(f"/api/sessions/{idle.id}").json
        self.assertTrue(session["abandoned"])
        self.assertEqual(len(world.read(busy, 0)), 2)
        self.check(world.move(busy, 0, "1"), 200)
        listed = {entry["id"] for entry in world.api.get("/api/challenges?limit=100").json["challenges"]}
        self.assertEqual(listed & {table.id for table in (busy, idle, stale, half)}, {busy.id, idle.id})


if __name__ == "__main__":
    unittest.main()
