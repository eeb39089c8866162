"""Every answer is as /openapi.json says: all challenges are played in both modes, through every route, rightly and
wrongly, until each status that is described has been seen."""
import copy
import http.client
import json
import os
import random
import re
import socket
import time
import unittest
import uuid

import ed25519
from arena_test import PATIENCE, POINTS, Answer, ArenaCase, Game, Stream, operator_path
from contract_rows import ROWS
from json_schema import Checker, schema_errors
from malformed import JSON_ROUTES, json_rows
from openapi import Description, Rules
from test_auth import bearer, join_body

OPERATORS = {"psi": {}, "ultimatum": {"maxRounds": 3}, "millionaire": {}, "dining-cryptographers": {},
             "pokemon": {"maxTurns": 6}}  # with options that make games short
EVERYTHING = {"operators": [{"module": operator_path(name)} for name in OPERATORS] + [{"module": POINTS}]}
DOCUMENTS = ("/SKILL.md", "/skill.md", "/skill.json", "/openapi.json", "/llms.txt")
USERS = [ed25519.Key(bytes([n]) * 32) for n in range(4)]
MCP = {"Accept": "application/json, text/event-stream"}
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}

# What no test can bring about with a server that is well, or only at a price: see the tests of limits and of faults.
UNSEEN = {"429", "500", "503"}


class Player:
    """Somebody who plays any challenge from what the server offers and its metadata."""

    def __init__(self, case, invite, key=None):
        self.case, self.invite, self.key = case, invite, key
        self.headers = bearer(key) if key else {}

    def get(self, path):
        if not self.key:
            path += ("&" if "?" in path else "?") + f"from={self.invite}"
        return self.case.api.get(path, self.headers)

    def post(self, path, body, idempotency=None):
        body = body if self.key else {**body, "from": self.invite}
        headers = {**self.headers, **({"Idempotency-Key": idempotency} if idempotency else {})}
        return self.case.api.request("POST", path, body, headers)

    def move(self, session, method, content, **more):
        body = {"challengeId": session, "messageType": method, "content": content, **more}
        return self.post("/api/arena/message", body)


class EveryAnswer(ArenaCase):
    """Plays every challenge, rightly and wrongly, through every route; the harness checks each answer."""

    settings = EVERYTHING
    impossible = set()

    def seat(self, invite, number):
        answer = self.check(self.api.join(invite, f"user-{number}"), 200)
        return Player(self, invite), answer.json["ChallengeID"]

    def play(self, name, options, rng):
        game = Game(self.api, name, options={"options": options}, join=False)
        self.check(self.api.get(f"/api/invites/{game.invites[0]}"), 200)
        players = [self.seat(invite, number)[0] for number, invite in enumerate(game.invites)]
        metadata = self.check(self.api.get(f"/api/metadata/{name}"), 200).json
        methods = {method["name"]: method.get("example", "") for method in metadata["methods"]}
        streams = [self.stream(channel) for channel in (game.id, f"challenge_{game.id}")]
        self.reads(game, players)
        for _ in range(200):
            moved = False
            for player in players:
                moved |= self.act(game, player, methods, rng)
            if not moved:
                break
        self.assertEqual(self.api.session(game.id).json["state"]["status"], "ended")
        self.reads(game, players)
        for stream in streams:
            stream.wait_type("game_ended")
        return game, players

    def act(self, game, player, methods, rng):
        """One wrong move and one right one, if the player is asked."""
        answer = self.check(player.get(f"/api/sessions/{game.id}/actions"), 200).json
        if not answer["active"] or not answer["actions"]:
            return False
        self.check(player.move(game.id, "nonsense", "x"), 400)
        self.check(player.move(game.id, None, "x"), 400)
        self.check(player.move(game.id, list(methods)[0], "x", turn=10 ** 6), 409)
        self.check(player.post("/api/chat/send", {"channel": game.id, "content": "hello"}), 200)
        method, content = rng.choice([name for name in methods if name != "forfeit"]), rng.choice(["", "x", "-1"])
        self.assertIn(player.move(game.id, method, content).status, (200, 400))
        answer = self.check(player.get(f"/api/sessions/{game.id}/actions"), 200).json
        offers = [offer for offer in answer["actions"] if offer["method"] != "forfeit"]
        if answer["active"] and offers:
            offer = rng.choice(offers)
            self.check(player.move(game.id, offer["method"], offer["content"] or methods[offer["method"]],
                                   turn=answer["turn"]), 200)
        return True

    def reads(self, game, players):
        for player in players:
            for path in (f"/api/arena/sync?channel={game.id}", f"/api/arena/sync?channel={game.id}&index=2&wait=1",
                         f"/api/chat/sync?channel={game.id}", f"/api/chat/sync?channel={game.id}&index=99999&wait=1",
                         f"/api/sessions/{game.id}/view", f"/api/sessions/{game.id}/actions"):
                self.check(player.get(path), 200)
            self.check(self.api.get(f"/api/invites/{player.invite}"), 409)
        for path in (f"/api/sessions/{game.id}", f"/api/sessions/{game.id}/view", f"/api/sessions/{game.id}/replay",
                     "/api/challenges", f"/api/challenges/{game.created['name']}?limit=1&offset=1&status=ended",
                     "/api/challenges?status=active", "/api/metadata", "/metrics", "/health"):
            self.assertIn(self.api.get(path).status, (200, 409))

    def wrong_requests(self, game, players):
        """Whatever is wrong with it: the status and the words must be described."""
        for row in ROWS:
            if "<" not in f"{row.request} {row.body}":  # it names no session
                self.api.request(*row.request.split(" ", 1), row.body)
        for path in JSON_ROUTES:
            for _, body, _ in json_rows():
                if len(body) < 60000:
                    self.api.post(path, body.replace(b"SESSION", game.id.encode()))
        for name in ("operator", "house:x"):
            self.api.get(f"/api/sessions/{game.id}/view?from={name}")
            self.api.chat("room", name, "x")
        self.api.create("psi", {"options": {"setSize": -1}})
        self.api.create("psi", {"options": []})
        self.api.get("/api/sessions/%ff/view")
        self.api.move(game.id, players[0].invite, "x" * 70000, "guess")
        self.api.get("/assets/none")
        self.api.get("/assets/style.css")
        self.api.get("/")
        stranger = Game(self.api, "psi", join=False).invites[0]
        self.check(self.api.get(f"/api/sessions/{game.id}/actions?from={stranger}",
                                bearer(players[0].key) if players[0].key else None), 200 if players[0].key else 400)

    def announce(self):
        invite = Game(self.api, "psi", join=False).invites[0]
        for status, body in ((200, {"inviteId": invite}), (200, {"inviteId": invite, "claim": True}),
                             (409, {"inviteId": invite, "claim": True}), (404, {"inviteId": "none"})):
            self.check(self.api.post("/api/invites", body), status)

    def reuse_keys(self, game, players):
        """422 on every route that keeps answers."""
        key, other = str(uuid.uuid4()), Game(self.api, "psi", join=False)
        for size, status in ((3, 200), (4, 422)):
            self.check(self.api.create("psi", {"options": {"setSize": size}}, key), status)
        for word, status in (("one", 200), ("two", 422)):
            self.check(players[0].post("/api/chat/send", {"channel": game.id, "content": word}, key), status)
            move = {"challengeId": game.id, "messageType": "guess", "content": f"1 {word}"}
            self.check(players[0].post("/api/arena/message", move, key), status)
            self.check(self.api.post("/api/invites", {"inviteId": other.invites[0], "x": word}, key), status)
            self.check(self.join_again(other.invites[1], word, key), status)

    def join_again(self, invite, word, key):
        return self.api.post("/api/arena/join", {"invite": invite, "userId": word}, key)

    def mcp(self):
        for path in ("/mcp", "/api/arena/mcp", "/api/chat/mcp"):
            for status, body, headers in ((200, PING, {}), (200, [PING, PING], {}), (400, "{", {}), (400, "5", {}),
                                          (200, {**PING, "method": "nope"}, {}),
                                          (200, {**PING, "method": "tools/list"}, {}),
                                          (202, {"jsonrpc": "2.0", "method": "x"}, {}), (406, PING, {"Accept": "*/*"}),
                                          (415, PING, {"Content-Type": "text/plain"})):
                answer = self.api.request("POST", path, body, {**MCP, **headers})
                self.assertEqual(answer.status, status, (path, body, answer))
            for method in ("GET", "DELETE"):
                self.assertEqual(self.api.request(method, path).status, 405)

    def profile(self, number, **changes):
        """A body that sets the profile of a user of these games."""
        return {"userId": f"user-{number}", **changes}

    def user(self, number):
        return f"user-{number}"

    def users(self):
        self.check(self.api.post("/api/users", self.profile(0, username="Ada", model="m")), 200)
        self.api.post("/api/users", {"username": 5})
        for path in ("/api/users", "/api/users?limit=1&offset=1", f"/api/users/batch?ids=x,{self.user(0)}",
                     f"/api/users/{self.user(0)}", "/api/scoring", "/api/scoring/psi", "/api/stats",
                     "/api/scoring/pokemon?strategy=elo&sort=rating&limit=1", f"/api/users/{self.user(0)}/scores",
                     "/api/users/none/scores", f"/api/users/{self.user(0)}/challenges?limit=2", "/api/users/x/challenges"):
            self.check(self.api.get(path), 200)
        for path in ("/api/users/none", "/api/scoring/none"):
            self.check(self.api.get(path), 404)
        for path in ("/api/users/batch", "/api/scoring?strategy=none", "/api/scoring/psi?sort=none"):
            self.check(self.api.get(path), 400)

    def administration(self, ended, running):
        with open(os.path.join(self.server.data, "admin-token"), encoding="ascii") as file:
            token = bearer(file.read().strip())
        for method, path, body, status in (
                ("GET", "/status", None, 200), ("POST", f"/users/{self.user(1)}", {"isBenchmark": True}, 200),
                ("POST", f"/users/{self.user(1)}", {"isBenchmark": 1}, 400),
                ("POST", f"/sessions/{ended.id}/end", None, 409), ("POST", "/sessions/none/end", None, 404),
                ("POST", f"/sessions/{running.id}/end", None, 200), ("GET", "/audit?limit=3", None, 200)):
            self.check(self.api.request(method, "/api/admin" + path, body, token), status)
            self.check(self.api.request(method, "/api/admin" + path, body), 401)

    def rule_data(self):
        with open(os.path.join(self.server.data, "admin-token"), encoding="ascii") as file:
            token = bearer(file.read().strip())
        change, bad, goal = {"rules": {"goal": 11}}, {"rules": {"goal": 0}}, {"rules": {"goal": 12}}
        for path, status in (("points", 200), ("points?version=v1", 200), ("points?version=none", 404), ("psi", 404),
                             ("points/entries?document=moves&q=jab", 200), ("points/entries", 400),
                             ("points/entries?document=none", 404)):
            self.check(self.api.get(f"/api/data/{path}"), status)
        for method, path, body, status in (
                ("POST", "/stage", {"changes": change}, 200), ("POST", "/stage", {"changes": bad}, 400),
                ("POST", "/stage", {"changes": goal, "onto": "none"}, 404), ("POST", "/stage", {"changes": goal, "hash": "0"}, 409),
                ("POST", "/promote", {"version": 1}, 400),
                ("POST", "/promote", {"version": "v1@1", "note": "n", "by": "b"}, 200),
                ("POST", "/promote", {"version": "v1@1"}, 409), ("POST", "/promote", {"version": "none"}, 404),
                ("GET", "", None, 200), ("GET", "?version=v1@1", None, 200), ("GET", "?version=none", None, 404),
                ("GET", "/diff?toVersion=v1@1", None, 200), ("GET", "/diff?toVersion=none", None, 404),
                ("GET", "/diff", None, 400), ("GET", "/catalogue?q=jab&limit=1", None, 200),
                ("GET", "/catalogue?version=none", None, 404), ("POST", "/rollback", {}, 200),
                ("POST", "/rollback", {}, 409), ("POST", "/rollback", {"version": "none"}, 404),
                ("POST", "/rollback", {"version": 7}, 400)):
            self.check(self.api.request(method, "/api/admin/data/points" + path, body, token), status)
            self.check(self.api.request(method, "/api/admin/data/points" + path, body), 401)

    def known_already(self):
        with open(os.path.join(self.server.data, "admin-token"), encoding="ascii") as file:
            token = bearer(file.read().strip())
        for path in (*DOCUMENTS, "/", "/assets/style.css", "/api/data/points", "/api/data/points/entries?document=moves",
                     "/api/admin/data/points", "/api/admin/data/points/catalogue"):
            headers = {"If-None-Match": "*", **(token if "/admin/" in path else {})}
            self.assertEqual(self.api.get(path, headers).status, 304, path)

    def raw(self, method, path, headers):
        """The answer to a request that a client's library would not send; checked as the others are."""
        with socket.create_connection(("127.0.0.1", self.server.port), PATIENCE) as connection:
            connection.sendall(f"{method} {path} HTTP/1.1\r\nHost: a\r\n{headers}\r\n".encode())
            response = http.client.HTTPResponse(connection, method=method)
            response.begin()
            answer = Answer(response.status, response.getheaders(), response.read())
        self.assertEqual(self.server.description.errors(method, path, None, answer), [], (method, path, answer))
        return answer

    def each_operation(self):
        for path, item in self.server.description.document["paths"].items():
            for method in item:
                yield method.upper(), re.sub(r"{\w+}", "none", path)

    def refused_before_the_route(self):
        for method, path in self.each_operation():
            self.assertEqual(self.raw(method, path, "Content-Length: 1\r\nContent-Length: 2\r\n").status, 400)
            self.assertEqual(self.raw(method, path, "Content-Length: 300000\r\n").status, 413)
            self.assertEqual(self.raw(method, path, f"X: {'x' * 9000}\r\n").status, 431)

    def test_every_answer_is_described(self):
        rng = random.Random(7)
        for path in DOCUMENTS:
            self.api.get(path)
        for name, options in OPERATORS.items():
            with self.subTest(challenge=name):
                last, players = self.play(name, options, rng)
        game = Game(self.api, "psi", join=False)
        playing = [self.seat(invite, number)[0] for number, invite in enumerate(game.invites)]
        self.wrong_requests(game, playing)
        self.announce()
        self.reuse_keys(game, playing)
        self.mcp()
        self.users()
        self.administration(last, game)
        self.rule_data()
        self.known_already()
        self.refused_before_the_route()
        self.more(last, players)
        self.everything_was_seen()

    def more(self, game, players):
        for kind in ("arena", "chat"):  # a stream is a GET of its own
            for query in ("", "&index=abc", "&index=-1", "&wait=-1"):
                self.check(self.api.get(f"/api/{kind}/sync?channel={game.id}{query}"), 200)

    def everything_was_seen(self):
        """Every status of every operation, so that none is described that nobody has looked at."""
        seen = self.server.description.seen | {("get", "/api/chat/ws/{channel}", "200")}  # by the streams above
        missing = [(method, path, status)
                   for path, item in self.server.description.document["paths"].items()
                   for method, operation in item.items() for status in operation["responses"]
                   if (method, path, status) not in seen | self.impossible and status not in UNSEEN]
        self.assertEqual(missing, [])


class EveryAnswerInAuthMode(EveryAnswer):
    settings = {**EVERYTHING, "auth": True}
    impossible = {("get", "/api/sessions/{id}/actions", "404")}  # there is no key for a session that is not there

    def seat(self, invite, number):
        answer = self.check(self.api.post("/api/arena/join", join_body(USERS[number], invite)), 200)
        return Player(self, invite, answer.json["sessionKey"]), answer.json["ChallengeID"]

    def join_again(self, invite, word, key):
        return self.api.post("/api/arena/join", join_body(USERS[0], invite, more=word), key)

    def profile(self, number, **changes):
        timestamp = int(time.time() * 1000)
        signature = USERS[number].sign(f"arena:v1:user-update:{timestamp}".encode()).hex()
        return {"publicKey": USERS[number].hex, "signature": signature, "timestamp": timestamp, **changes}

    def user(self, number):
        return USERS[number].user

    def more(self, game, players):
        """401 on every route: a request that names a session with a key that is not for it."""
        invite = Game(self.api, "psi", join=False).invites[0]
        for body in (join_body(USERS[0], invite, 5), join_body(USERS[0], invite, signature="00")):
            self.check(self.api.post("/api/arena/join", body), 401)
        self.check(self.api.get(f"/api/sessions/{game.id}/view?channel=other", bearer(players[0].key)), 400)
        for method, path in self.each_operation():
            path = path.replace("none", game.id)
            body = {"challengeId": game.id, "channel": game.id, "content": "x"} if method == "POST" else None
            for target in (f"{path}?channel={game.id}&key=bad", f"{path}?challengeId=challenge_{game.id}&key=s_0.x"):
                answer = self.api.request(method, target, body, MCP)
                self.assertEqual(answer.status, 401, (method, target))
        stream = Stream(self.server.port, f"challenge_{game.id}?key={players[0].key}",
                        description=self.server.description)
        self.addCleanup(stream.close)
        stream.wait_type("game_ended")


class Checks(ArenaCase):
    """The checks themselves can fail: each of these is wrong, and is found."""

    settings = EVERYTHING

    def test_schemas(self):
        checker = Checker({"named": {"type": "integer"}}, closed=True)
        rows = [
            ({"type": "string"}, "x", 5), ({"type": ["string", "null"]}, None, 5), ({"type": "integer"}, 5, 5.5),
            ({"type": "integer"}, 5.0, True), ({"type": "number"}, 1.5, False), ({"const": True}, True, 1),
            ({"enum": ["a", 1]}, 1, "b"), ({"pattern": "^a+$"}, "aa", "ab"), ({"minLength": 2}, "ab", "a"),
            ({"minimum": 1}, 1, 0), ({"maximum": 1}, 1, 2), ({"items": {"type": "string"}}, ["a"], ["a", 1]),
            ({"minItems": 1}, [1], []), ({"maxItems": 1}, [1], [1, 2]), ({"$ref": "#/named"}, 1, "1"),
            ({"required": ["a"]}, {"a": 1}, {}), ({"properties": {"a": {"type": "string"}}}, {"a": ""}, {"a": 1}),
            ({"properties": {"a": {}}}, {"a": 1}, {"b": 1}), ({"additionalProperties": False}, {}, {"a": 1}),
            ({"additionalProperties": {"type": "string"}}, {"x": ""}, {"x": 1}),
            ({"allOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}]}, {"a": 1, "b": 1}, {"c": 1}),
            ({"anyOf": [{"type": "string"}, {"type": "null"}]}, None, 5),
            ({"oneOf": [{"type": "integer"}, {"minimum": 5}]}, 1, 6), (True, 1, None), ({"not-a-word": 1}, None, None),
        ]
        for schema, good, bad in rows[:-2]:
            with self.subTest(schema=schema):
                self.assertEqual(checker.errors(good, schema), [])
                self.assertNotEqual(checker.errors(bad, schema), [])
                self.assertEqual(schema_errors(schema), [])
        self.assertNotEqual(schema_errors({"not-a-word": 1}), [])
        self.assertNotEqual(schema_errors({"properties": {"a": {"type": "text"}}}), [])
        self.assertNotEqual(schema_errors({"properties": {"a": {}}, "required": ["b"]}), [])

    def broken(self, change):
        document = copy.deepcopy(self.server.description.document)
        change(document)
        return document

    def test_rules(self):
        view = "/api/sessions/{id}/view"
        for change in (
                lambda d: d.update(openapi="3.0.0"), lambda d: d["info"].pop("version"),
                lambda d: d["components"]["schemas"].pop("Error"), lambda d: d["components"]["parameters"].pop("wait"),
                lambda d: d["paths"][view]["get"].pop("responses"), lambda d: d["paths"][view]["get"].pop("parameters"),
                lambda d: d["paths"][view]["get"].update(operationId="getSessionsId"),
                lambda d: d["paths"][view]["get"]["responses"].update({"200": {}}),
                lambda d: d["paths"][view].update(fetch={}),
                lambda d: d["paths"].update({"/api/sessions/{x}/view": {}}),
                lambda d: d["paths"][view]["get"].update(security=[{"none": []}])):
            self.assertNotEqual(Rules(self.broken(change)).errors, [])

    def test_answers(self):
        """An answer with a member too many, one too few, of another type, or with a status that is not said."""
        def shape(d):
            return d["components"]["schemas"]["Challenge"]
        game = Game(self.api, "psi")
        for change in (lambda d: shape(d)["properties"].pop("createdAt") and shape(d).pop("required"),
                       lambda d: shape(d)["properties"].update(id={"type": "integer"}),
                       lambda d: shape(d)["required"].append("more"),
                       lambda d: d["paths"]["/api/sessions/{id}"]["get"]["responses"].pop("200"),
                       lambda d: d["paths"].pop("/api/sessions/{id}"),
                       lambda d: d["components"]["schemas"]["Session"].update(contentMediaType="text/plain") or
                       d["paths"]["/api/sessions/{id}"]["get"]["responses"]["200"].update(content={"text/plain": {}})):
            api = self.server.api()
            self.addCleanup(api.close)
            api.description = Description(self.broken(change))
            with self.assertRaises(AssertionError):
                api.get(f"/api/sessions/{game.id}")


if __name__ == "__main__":
    unittest.main()
