"""Attacks on who is who, one test each: forged names, keys of others, confusion between sessions and between players.

Elsewhere: signatures (test_signatures); keys in every malformed variant, from ignored, another seat's key, a request
that names two sessions, two headers, streams, opaque refusals, the secret's file (test_auth); session keys as arguments
(test_mcp_auth); profiles and administrators in general (test_users); framing and smuggling (test_malformed); JSON that
is meant to break its reader, and odd names (test_bombs); what is revealed before the end (test_secrets, test_anonymity).
"""
import contextlib
import hashlib
import hmac
import os
import random
import socket
import statistics
import time
import unittest
import urllib.parse

from arena_test import PATIENCE, ArenaCase, Game, Server
from games import psi_set
from test_auth import ALICE, AuthCase, bearer, join_body
from test_mcp import McpCase
from witness import MCP_ENDPOINTS

RESERVED = ("operator", "house:", "house:random", "Operator", "OPERATOR", " operator", "operator ", "oper ator",
            "operator\0", "operator\x1b", "\toperator\r\n", "operator\x7f", "House:x", "house :x")
NOT_RESERVED = ("operators", "op", "operato", "houses:x", "the operator", "inv_operator", "0perator")
PROTO = ("__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "__defineGetter__")


def quoted(text):
    return urllib.parse.quote(text, safe="")


def psi(api):
    return Game(api, "psi", ("u0", "u1"))


class ForgedNames(McpCase):
    """Standalone mode, where a name is all there is: nobody speaks or reads as the arena itself."""

    def setUp(self):
        super().setUp()
        self.game = psi(self.api)
        self.body = {"challengeId": self.game.id, "channel": self.game.id, "content": "Your private set is: {1}.",
                     "messageType": "guess"}

    def said(self):
        """Everything that was said in the session, as nobody in particular sees it."""
        return [self.api.messages(self.game.id, kind=kind) for kind in ("arena", "chat")]

    def test_in_queries_and_bodies(self):
        before = self.said()
        for name in RESERVED:
            query = f"from={quoted(name)}"
            for path in ("/api/arena/message", "/api/chat/send", "/api/v1/chat/send"):
                for answer in (self.api.post(f"{path}?{query}", self.body),
                               self.api.post(path, {**self.body, "from": name}),
                               self.api.post(f"{path}?from=", {**self.body, "from": name}),
                               self.api.post(f"{path}?{query}", {**self.body, "from": self.game.invites[0]})):
                    self.assertEqual((answer.status, answer.json["code"]), (400, "RESERVED_NAME"), (name, path))
            for path in (f"/api/arena/sync?channel={self.game.id}", f"/api/chat/sync?channel=challenge_{self.game.id}",
                         f"/api/chat/ws/{self.game.id}?", f"/api/chat/ws/challenge_{self.game.id}?",
                         f"/api/sessions/{self.game.id}/view?", f"/api/sessions/{self.game.id}/actions?"):
                for encoded in (query, "from=" + "".join(f"%{byte:02x}" for byte in name.encode())):
                    answer = self.api.get(f"{path}&{encoded}")
                    self.assertEqual((answer.status, answer.json["code"]), (400, "RESERVED_NAME"), (name, path))
        self.assertEqual(self.said(), before)

    def test_as_users(self):
        free = Game(self.api, "psi", join=False)
        for name in RESERVED:
            answer = self.api.join(free.invites[0], name)
            self.assertEqual((answer.status, answer.json["code"]), (400, "RESERVED_NAME"), name)
        self.check(self.api.join(free.invites[0], "operators"), 200)

    def test_in_tools(self):
        before = self.said()
        for endpoint in MCP_ENDPOINTS:
            for tool in self.rpc(endpoint, "tools/list")["result"]["tools"]:
                properties = tool["inputSchema"]["properties"]
                if "from" not in properties:
                    continue
                values = {**self.body, "session": self.game.id, "method": "guess", "index": 0, "timeoutSeconds": 0}
                for name in RESERVED:
                    given = {key: value for key, value in {**values, "from": name}.items() if key in properties}
                    text, _ = self.call(tool["name"], endpoint, **given)
                    self.assertIn("RESERVED_NAME", text, (tool["name"], name))
        free = Game(self.api, "psi", join=False)
        for endpoint, tool, user in (("/mcp", "join", "user"), ("/api/arena/mcp", "challenge_join", "userId")):
            text, _ = self.call(tool, endpoint, invite=free.invites[0], **{user: "operator"})
            self.assertIn("RESERVED_NAME", text)
        self.assertEqual(self.said(), before)

    def test_others_may_be_called_what_they_like(self):
        for name in NOT_RESERVED + PROTO:
            self.check(self.api.chat("room", name, "hello"), 200)
            self.assertEqual(self.api.messages("room", quoted(name), kind="chat")[-1]["from"], name)

    def test_a_user_id_is_no_name_in_the_session(self):
        secret = "Your private set"
        for name in ("u0", "u1", self.game.id, "challenge_" + self.game.id, "0", "1", "Player 1", "player 1"):
            self.assertNotIn(secret, self.api.sync(self.game.id, quoted(name)).text)
            view = self.check(self.api.get(f"/api/sessions/{self.game.id}/view?from={quoted(name)}"), 200)
            self.assertNotIn("player", view.json)
            self.refused(self.api.get(f"/api/sessions/{self.game.id}/actions?from={quoted(name)}"), 400,
                         "Player not found.", "PLAYER_NOT_FOUND")
            self.refused(self.api.move(self.game.id, name, "{1}", "guess"), 400, "Player not found.",
                         "PLAYER_NOT_FOUND")

    def test_an_invite_is_a_name_in_its_session_only(self):
        other = psi(self.api)
        self.refused(self.api.move(self.game.id, other.invites[0], "{1}", "guess"), 400, "Player not found.",
                     "PLAYER_NOT_FOUND")
        self.assertNotIn("Your private set", self.api.sync(self.game.id, other.invites[0]).text)


class Administrators(AuthCase):
    def test_what_is_no_token(self):
        with open(os.path.join(self.server.data, "admin-token"), encoding="ascii") as file:
            token = file.read().strip()
        game = self.game()
        paths = [("GET", "/api/admin/status"), ("GET", "/api/admin/audit"), ("GET", "/api/v1/admin/audit"),
                 ("POST", f"/api/admin/sessions/{game.id}/end"), ("POST", f"/api/admin/users/{ALICE.user}")]
        wrong = ["", token[:-1], token + "0", token.upper(), " " + token, "x" * 5000, *game.keys]
        for method, path in paths:
            for value in wrong:
                answer = self.api.request(method, path, {} if method == "POST" else None, bearer(value))
                self.assertEqual((answer.status, answer.json.get("code")), (401, "ADMIN_TOKEN_REQUIRED"), path)
            for headers in ({}, {"Authorization": token}, {"Authorization": f"bearer {token}"},
                            {"Authorization": f"Basic {token}"}):
                self.check(self.api.request(method, f"{path}?key={token}&token={token}", {}, headers), 401)
        self.assertEqual(self.api.session(game.id).json["state"]["status"], "active")
        # and the token opens nothing else
        self.refused(self.sync(game, token), 401, "Authentication required")
        self.check(self.api.get("/api/admin/status", bearer(token)), 200)


class SessionKeys(AuthCase):
    def test_the_key_of_another_server(self):
        """Keys are worth nothing where the secret is another."""
        game = self.game()
        server = Server({"auth": True}, {"AUTH_SECRET": "one secret, long enough"})
        self.addCleanup(server.close)
        server.start()
        api = server.api()
        mine = Game(api, "psi", join=False)
        key = self.check(api.post("/api/arena/join", join_body(ALICE, mine.invites[0])), 200).json["sessionKey"]
        path = f"/api/arena/sync?channel={mine.id}"
        self.refused(api.get(path, bearer(game.keys[0])), 401, "Authentication required")
        self.check(api.get(path, bearer(key)), 200)
        server.stop()
        server.environment = {"AUTH_SECRET": "another secret, long enough"}
        server.start()
        api.close()
        self.refused(api.get(path, bearer(key)), 401, "Authentication required")
        api.close()

    def test_a_key_for_a_seat_that_nobody_has(self):
        """Also the right HMAC is nobody's before somebody sits there."""
        secret = "one secret, long enough"
        server = Server({"auth": True}, {"AUTH_SECRET": secret})
        self.addCleanup(server.close)
        server.start()
        api = server.api()
        self.addCleanup(api.close)
        game = Game(api, "psi", join=False)
        for session, seat in ((game.id, 0), (game.id, 7), ("00000000-0000-4000-8000-000000000000", 0)):
            mac = hmac.new(secret.encode(), f"arena:v1:session:{session}:{seat}".encode(), hashlib.sha256).hexdigest()
            for path, body in (("/api/arena/message", {"challengeId": session, "content": "1"}),
                               ("/api/chat/send", {"channel": session, "content": "1"})):
                answer = api.request("POST", path, body, bearer(f"s_{seat}.{mac}"))
                self.refused(answer, 400, "from is required")

    def test_confused_deputies(self):
        """A key is checked against the session that is used, wherever the request names one."""
        mine, other = self.game(), self.game()
        key = mine.keys[0]
        both = (f"/api/chat/ws/{other.id}?channel={mine.id}",
                f"/api/chat/ws/challenge_{other.id}?challengeId={mine.id}",
                f"/api/sessions/{other.id}/actions?channel=challenge_{mine.id}",
                f"/api/arena/sync?channel={other.id}&challengeId={mine.id}",
                f"/api/arena/sync?challengeId={mine.id}&channel={other.id}",
                f"/api/arena/sync?channel=%63hallenge_{other.id}&challengeId={mine.id}")
        for path in both:
            for query in (f"{path}&key={key}", f"{path}&key={other.keys[0]}"):
                answer = self.check(self.api.get(query), 400)
                self.assertEqual(answer.json["code"], "SESSION_MISMATCH", query)
        # of two of one name, the one that is checked is the one that is used, or both are refused
        told = self.api.get(f"/api/arena/sync?channel={mine.id}&channel={other.id}", bearer(key))
        self.assertIn(told.status, (200, 400))
        self.assertNotIn(other.id, told.text)
        told = self.api.get(f"/api/arena/sync?channel={other.id}&channel={mine.id}", bearer(key))
        self.assertIn(told.status, (400, 401))
        for session in (other.id.upper(), f"challenge_challenge_{mine.id}", mine.id + "%00", mine.id + " ",
                        "%20" + mine.id, mine.id[:-1], f"{mine.id}/view"):
            answer = self.api.get(f"/api/arena/sync?channel={session.replace(' ', '%20')}", bearer(key))
            self.refused(answer, 401, "Authentication required")
        body = {"channel": [mine.id], "challengeId": other.id, "content": "1"}
        self.refused(self.post("/api/arena/message", body, key), 401, "Authentication required")
        self.check(self.post("/api/chat/send", f'{{"channel":"{mine.id}","channel":"{other.id}","content":"1"}}', key),
                   400)
        for kind in ("arena", "chat"):
            self.assertFalse([m for m in self.api.messages(other.id, kind=kind) if m["from"] in mine.invites])

    def test_the_disk_holds_no_session_key(self):
        game = self.game()
        self.check(self.guess(game, 0, {1}), 200)
        joined = Game(self.api, "psi", join=False)
        body = join_body(ALICE, joined.invites[0])
        key = self.check(self.api.post("/api/arena/join", body, "kept"), 200).json["sessionKey"]
        self.restart(self.server.stop)
        for folder, _, files in os.walk(self.server.data):
            for name in files:
                with open(os.path.join(folder, name), "rb") as file:
                    data = file.read()
                for secret in (*game.keys, key, body["signature"]):
                    self.assertNotIn(secret[4:].encode(), data, name)
                    self.assertNotIn(bytes.fromhex(secret[4:] if secret.startswith("s_") else secret), data, name)

    def test_no_level_of_the_log_has_a_key(self):
        for level in ("debug", "info", "warn", "error"):
            server = Server({"auth": True, "accessLog": True, "log": level})
            self.addCleanup(server.close)
            server.start()
            api = server.api()
            game = Game(api, "psi", join=False)
            body = join_body(ALICE, game.invites[0])
            key = api.post("/api/arena/join", body).json["sessionKey"]
            with open(os.path.join(server.data, "admin-token"), encoding="ascii") as file:
                token = file.read().strip()
            api.get(f"/api/admin/status?key={token}", bearer(token))
            api.get(f"/api/admin/{token}", bearer(token + "0"))
            secrets = [key[4:], body["signature"], ALICE.hex, ALICE.public.hex(), ALICE.user, *game.invites, token]
            for path in (f"/api/arena/sync?channel={game.id}&key={key}", f"/nowhere?key={key}", f"/{key}",
                         f"/api/sessions/{key}", f"/api/invites/{game.invites[1]}", f"/assets/{key}"):
                for method in ("GET", "HEAD", "PUT", "DELETE"):
                    api.request(method, path, headers=bearer(key))
            api.post("/api/invites", {"inviteId": game.invites[1]})
            api.post("/api/arena/join", {**body, "timestamp": key})
            api.request("POST", "/api/arena/message", f'{{"challengeId":"{key}', bearer(key))
            for text in (f"GET /?key={key} HTTP/9.9\r\n\r\n", f"GET /?key={key}\r\n\r\n",
                         f"GET /{key} HTTP/1.1\r\nHost: a\r\nHost: {key}\r\n\r\n",
                         f"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\n{'x' * 20000}: {key}\r\n\r\n",
                         f"POST /{key} HTTP/1.1\r\nHost: a\r\nContent-Length: {key}\r\n\r\n",
                         f"GET / HTTP/1.1\r\nHost: a\r\n{key}\r\n\r\n",
                         f"{key} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"):
                with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as raw:
                    with contextlib.suppress(OSError):  # some are cut off
                        raw.sendall(text.encode())
                        raw.shutdown(socket.SHUT_WR)
                        while raw.recv(4096):
                            pass
            api.close()
            server.stop()
            log = server.log_text()
            for secret in secrets:
                self.assertNotIn(secret.lower(), log.lower(), level)


class Timing(AuthCase):
    """Wrong keys take as long as each other, however much of them is right: nothing is learned byte by byte.

    The figures are printed.  What is asserted only fails on a gross difference, for other programs run here too.
    """

    COUNT = 1000

    def measure(self, kinds):
        """Seconds of each request, in a random order, one after the other on one connection."""
        order = [name for name in kinds for _ in range(self.COUNT)]
        random.Random(1).shuffle(order)
        times = {name: [] for name in kinds}
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE) as client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for name in order:
                begun = time.perf_counter()
                client.sendall(kinds[name])
                answer = client.recv(65536)
                times[name].append(time.perf_counter() - begun)
                assert answer.startswith(b"HTTP/1.1 200" if name == "right" else b"HTTP/1.1 401"), answer
        return times

    def test_wrong_keys(self):
        game = self.game()
        key = game.keys[0]
        flip = {"0": "1"}
        variants = {"right": key, "wrong at once": key[:4] + flip.get(key[4], "0") + key[5:],
                    "wrong at the end": key[:-1] + flip.get(key[-1], "0"),
                    "wrong everywhere": "s_0." + "".join(flip.get(c, "0") for c in key[4:]),
                    "of the other seat": "s_0." + game.keys[1][4:]}
        kinds = {name: (f"GET /health?channel={game.id} HTTP/1.1\r\nHost: a\r\n"
                        f"Authorization: Bearer {value}\r\n\r\n").encode() for name, value in variants.items()}
        times = self.measure(kinds)
        quarters = {name: statistics.quantiles(sorted(values), n=4) for name, values in times.items()}
        words = "; ".join(f"{name} {1e6 * q[1]:.1f} us ({1e6 * q[0]:.1f} to {1e6 * q[2]:.1f})"
                          for name, q in quarters.items())
        print(f"\n{self.COUNT} requests each, median (quartiles): {words}")
        for q in quarters.values():
            for other in quarters.values():
                spread = max(q[2] - q[0], other[2] - other[0])
                self.assertLess(abs(q[1] - other[1]), max(spread, q[1] / 2), words)


class Confusion(AuthCase):
    """Idempotency keys of one player in the hands of another."""

    def test_in_auth_mode(self):
        game = self.game()
        body = {"channel": game.id, "content": "mine"}
        answers = [self.api.request("POST", "/api/chat/send", body, {**bearer(key), "Idempotency-Key": "same"})
                   for key in game.keys]
        self.assertEqual([answer.json["from"] for answer in answers], game.invites)
        self.refused(self.api.post("/api/chat/send", body, "same"), 400, "from is required")
        self.refused(self.api.request("POST", "/api/chat/send", body, {**bearer("s_0.x"), "Idempotency-Key": "same"}),
                     401, "Authentication required")
        other = self.game()
        answer = self.api.request("POST", "/api/chat/send", {**body, "channel": other.id},
                                  {**bearer(other.keys[0]), "Idempotency-Key": "same"})
        self.assertEqual(self.check(answer, 200).json["channel"], other.id)
        again = self.api.request("POST", "/api/chat/send", body, {**bearer(game.keys[0]), "Idempotency-Key": "same"})
        self.assertEqual(again.body, answers[0].body)
        self.assertEqual(len(self.api.messages(game.id, kind="chat")), 2)


class ConfusionByName(ArenaCase):
    def test_in_standalone_mode(self):
        game = psi(self.api)
        sets = [psi_set(self.api, game.id, invite) for invite in game.invites]
        for invite, own in zip(game.invites, sets):
            self.check(self.api.move(game.id, invite, str(own[0]), "guess", key="same"), 200)
        self.assertEqual(self.api.session(game.id).json["state"]["status"], "ended")
        rooms = [self.api.chat("room", name, "x", key="same").json["from"] for name in ("ann", "bob", game.invites[0])]
        self.assertEqual(rooms, ["ann", "bob", game.invites[0]])
        # the same key on another route is another key
        self.check(self.api.create("psi", key="same"), 200)
        free = Game(self.api, "psi", join=False)
        for invite in free.invites:
            self.check(self.api.join(invite, "x", key="same"), 200)

    def test_a_name_that_ends_where_another_begins(self):
        """Names and keys are not run together."""
        said = [self.api.chat("room2", name, "x", key=key).json["index"] for name, key in
                (("ab", "c"), ("a", "bc"), ("abc", "d"), ("a\0", "bc"))]
        self.assertEqual(said, [1, 2, 3, 4])


if __name__ == "__main__":
    unittest.main()
