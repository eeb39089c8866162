"""Attacks on who is who, one test each: forged names, keys and signatures, replays, confusion between sessions, JSON
that is meant to break its reader.

Elsewhere: profiles and administrators in general (test_users), keys in every malformed variant, from ignored, another seat's key, a request that names two sessions, two
headers, streams, opaque refusals, the secret's file (test_auth); session keys as arguments (test_mcp_auth); framing
and smuggling (test_malformed); what is revealed before the end (test_secrets, test_anonymity).
"""
import contextlib
import hashlib
import hmac
import json
import os
import random
import socket
import statistics
import time
import unittest
import urllib.parse

import ed25519
from arena_test import PATIENCE, ArenaCase, Game, Server, at_once
from games import psi_set
from test_auth import ALICE, BOB, AuthCase, bearer, join_body, now
from test_mcp import McpCase
from witness import MCP_ENDPOINTS

RESERVED = ("operator", "house:", "house:random", "Operator", "OPERATOR", " operator", "operator ", "oper ator",
            "operator\0", "operator\x1b", "\toperator\r\n", "operator\x7f", "House:x", "house :x")
NOT_RESERVED = ("operators", "op", "operato", "houses:x", "the operator", "inv_operator", "0perator")
CAROL = ed25519.Key(b"c" * 32)
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


class Joins(AuthCase):
    """Auth mode: what is not a fresh signature for this invite takes no seat."""

    def setUp(self):
        super().setUp()
        self.free = Game(self.api, "psi", join=False)

    def raw_join(self, **members):
        """A join whose members are JSON texts."""
        body = "{" + ",".join(f'"{name}":{value}' for name, value in members.items()) + "}"
        return self.api.request("POST", "/api/arena/join", body)

    def nobody_sits(self, game=None):
        self.assertEqual(self.api.session((game or self.free).id).json["joined"], 0)

    def test_a_replayed_join(self):
        body = join_body(ALICE, self.free.invites[0])
        used = "This invite has already been used."
        first = self.check(self.post("/api/arena/join", body), 200)
        self.refused(self.post("/api/arena/join", {**body, "invite": self.free.invites[1]}), 401, "Invalid signature")
        for path in ("/api/arena/join", "/api/v1/arena/join", "/api/arena/join?key=" + first.json["sessionKey"]):
            self.refused(self.post(path, body), 400, used, "INVITE_ALREADY_USED")
            self.refused(self.post(path, body, first.json["sessionKey"]), 400, used, "INVITE_ALREADY_USED")
        self.refused(self.api.post("/api/arena/join", body, "a-key-of-another"), 400, used, "INVITE_ALREADY_USED")
        for end in (self.server.stop, self.server.kill):
            self.restart(end)
            self.refused(self.post("/api/arena/join", body), 400, used, "INVITE_ALREADY_USED")
            self.refused(self.post("/api/arena/join", {**body, "invite": self.free.invites[1]}), 401,
                         "Invalid signature")
        self.assertEqual(self.api.session(self.free.id).json["joined"], 1)

    def test_one_signature_by_many_at_once(self):
        body = join_body(ALICE, self.free.invites[0])

        def join(_):
            api = self.server.api()
            try:
                return api.post("/api/arena/join", body).status
            finally:
                api.close()

        self.assertEqual(sorted(at_once(8, join)), [200] + 7 * [400])

    def test_under_an_idempotency_key(self):
        """Only the whole same request gets the same answer; whoever has only the key gets none."""
        body = join_body(ALICE, self.free.invites[0])
        self.check(self.api.post("/api/arena/join", body, "k"), 200)
        other = join_body(BOB, self.free.invites[0])
        self.refused(self.api.post("/api/arena/join", {**body, "signature": other["signature"]}, "k"), 401,
                     "Invalid signature")
        answer = self.check(self.api.post("/api/arena/join", other, "k"), 422)
        self.assertEqual(answer.json["code"], "IDEMPOTENCY_KEY_REUSED")
        stale = join_body(ALICE, self.free.invites[0], now() - 6 * 60000)
        self.refused(self.api.post("/api/arena/join", stale, "k"), 401, "Timestamp expired")
        second = self.check(self.api.post("/api/arena/join", join_body(BOB, self.free.invites[1]), "k"), 200)
        self.assertTrue(second.json["sessionKey"].startswith("s_1."))

    def test_timestamps_at_the_edges(self):
        invite = self.free.invites[0]
        for offset in (-6 * 60000, 6 * 60000, -301000, 301000, -10 ** 15, 10 ** 15):
            self.refused(self.join(ALICE, invite, now() + offset), 401, "Timestamp expired")
        self.nobody_sits()
        self.check(self.join(ALICE, invite, now() + 299000), 200)
        self.check(self.join(BOB, self.free.invites[1], now() - 299000), 200)

    def test_timestamps_that_are_none(self):
        good = join_body(ALICE, self.free.invites[0])
        stamp = str(good["timestamp"])
        for text in ("1e999", "-1e999", stamp + "e0", stamp + ".0", stamp[:-1] + ".5e1", "0.0", "-0", "0e0", "-1",
                     "9223372036854775807", "-9223372036854775808", "9223372036854775808", "9" * 400, stamp + "0" * 9,
                     f'"{stamp}"', f"[{stamp}]", f'{{"a":{stamp}}}', "true", "null", '"NaN"', "0x10", "01", "+1",
                     "NaN", "Infinity", "1_000", f'"{stamp} "'):
            for signed in (stamp, text.strip('"')):
                signature = ALICE.sign(f"arena:v1:join:{good['invite']}:{signed}".encode()).hex()
                answer = self.raw_join(invite=json.dumps(good["invite"]), publicKey=json.dumps(ALICE.hex),
                                       signature=json.dumps(signature), timestamp=text)
                self.assertIn(answer.status, (400, 401), (text, answer))
        self.nobody_sits()

    def test_public_keys_that_are_not_as_they_should_be(self):
        good = join_body(ALICE, self.free.invites[0])
        raw = ALICE.public.hex()
        p256 = "3059301306072a8648ce3d020106082a8648ce3d030107034200" + "04" * 65
        x25519 = ed25519.SPKI.replace("2b6570", "2b656e") + raw
        long_form = "30812a" + ALICE.hex[4:]     # DER with a length in more bytes than it needs
        parameters = "302c300706032b65700500032100" + raw
        for key in (ALICE.hex + "00", ALICE.hex + "zz", ALICE.hex + " ", " " + ALICE.hex, ALICE.hex + "\n",
                    ALICE.hex[:-1], ALICE.hex[:-2], raw + "00", raw[:-2], "0x" + raw, raw + "\0", "z" * 64,
                    ":".join(raw[i:i + 2] for i in range(0, 64, 2)), p256, x25519, long_form, parameters,
                    "0" * 100000, ed25519.SPKI, ed25519.SPKI + ed25519.SPKI + raw, "é" * 32, raw[::-1]):
            self.refused(self.post("/api/arena/join", {**good, "publicKey": key}), 401, "Invalid signature")
        self.nobody_sits()

    def test_points_of_small_order(self):
        """Under these anybody can sign anything, so nobody may be them; nor may a point be written in two ways."""
        chance = random.Random(1)
        eighth = None
        while eighth is None:  # the part of a random point that the group's order does not take away
            y = chance.randrange(ed25519.P)
            x = ed25519.even_x(y)
            if (x * x * (ed25519.D * y * y + 1) - y * y + 1) % ed25519.P:
                continue
            point = ed25519.times(ed25519.ORDER, (x, y, 1, x * y % ed25519.P))
            eighth = point if ed25519.packed(ed25519.times(4, point)) != ed25519.packed(ed25519.NEUTRAL) else None
        small = {ed25519.packed(ed25519.times(n, eighth)) for n in range(8)}
        self.assertEqual(len(small), 8)
        top = 1 << 255
        odd = [(y + sign).to_bytes(32, "little") for sign in (0, top)
               for y in (0, 1, ed25519.P - 1, ed25519.P, ed25519.P + 1)]
        for key in sorted(small | set(odd)):
            body = self.forged(chance, key, self.free.invites[0])
            self.refused(self.post("/api/arena/join", body), 401, "Invalid signature")
        self.nobody_sits()

    def forged(self, chance, public, invite):
        """A join signed without any secret: for a point of small order, R = sB is right whenever 8 divides the hash."""
        message = f"arena:v1:join:{invite}:{now()}".encode()
        for _ in range(200):
            s = chance.randrange(ed25519.ORDER)
            commitment = ed25519.packed(ed25519.times(s, ed25519.BASE))
            if ed25519.number_of(commitment, public, message) % 8 == 0:
                break
        return {"invite": invite, "publicKey": public.hex(), "timestamp": int(message.rpartition(b":")[2]),
                "signature": (commitment + s.to_bytes(32, "little")).hex()}

    def test_a_signature_in_another_form(self):
        """s + L satisfies the same equation: it must not be another signature of the same text."""
        good = join_body(ALICE, self.free.invites[0])
        raw = bytes.fromhex(good["signature"])
        s = int.from_bytes(raw[32:], "little")
        for other in (s + ed25519.ORDER, s + 2 * ed25519.ORDER, s | 1 << 255, s | 1 << 254, ed25519.ORDER - s, 0):
            if other < 1 << 256:
                body = {**good, "signature": (raw[:32] + other.to_bytes(32, "little")).hex()}
                self.refused(self.post("/api/arena/join", body), 401, "Invalid signature")
        y = int.from_bytes(raw[:32], "little")
        for other in (y ^ 1 << 255, 1, 0, ed25519.P + 1):
            body = {**good, "signature": (other.to_bytes(32, "little") + raw[32:]).hex()}
            self.refused(self.post("/api/arena/join", body), 401, "Invalid signature")
        self.nobody_sits()
        self.check(self.post("/api/arena/join", good), 200)

    def test_signatures_for_something_else(self):
        invite, stamp = self.free.invites[0], now()
        for text in (f"arena:v1:user-update:{stamp}", f"arena:v1:join:{invite}", f"arena:v1:join:{invite}:{stamp} ",
                     f"arena:v1:join:{invite}:{stamp}\0", f"arena:v2:join:{invite}:{stamp}", f"{invite}:{stamp}",
                     f"arena:v1:join:{invite}:{stamp - 1}", f"ARENA:v1:join:{invite}:{stamp}", ""):
            signature = ALICE.sign(text.encode()).hex()
            self.refused(self.join(ALICE, invite, stamp, signature=signature), 401, "Invalid signature")
        # an invite that would make another text of the same bytes
        for odd in (f"{invite}:{stamp}", f"{invite}\0", invite.upper()):
            body = join_body(ALICE, odd, stamp)
            self.refused(self.post("/api/arena/join", body), 400,
                         f"Challenge not found for invite: {odd.partition(chr(0))[0]}")
        self.nobody_sits()

    def test_names_of_the_arena_as_user(self):
        """The signature says who it is; what else is said does not matter."""
        for invite, user in zip(self.free.invites, ("operator", "house:random")):
            self.check(self.join(ALICE, invite, userId=user, **{"from": "operator"}), 200)


class Profiles(AuthCase):
    """Who has not signed it changes nobody's profile; a signature for one purpose is none for another."""

    def update(self, key, text, stamp, **changes):
        body = {"publicKey": key.hex, "signature": key.sign(text.encode()).hex(), "timestamp": stamp,
                "username": "mallory", **changes}
        return self.post("/api/users", body)

    def test_signatures_for_something_else(self):
        invite, stamp = Game(self.api, "psi", join=False).invites[0], now()
        for text in (f"arena:v1:join:{invite}:{stamp}", f"arena:v1:join:user-update:{stamp}", f"user-update:{stamp}",
                     f"arena:v1:user-update:{stamp - 1}", f"arena:v1:user-update:{stamp} ", ""):
            self.refused(self.update(CAROL, text, stamp), 401, "Invalid signature")
        good = f"arena:v1:user-update:{stamp}"
        self.refused(self.update(CAROL, good, stamp, publicKey=BOB.hex), 401, "Invalid signature")
        for offset in (-6 * 60000, 6 * 60000):
            self.refused(self.update(CAROL, f"arena:v1:user-update:{stamp + offset}", stamp + offset), 401,
                         "Timestamp expired")
        for odd in ("1e999", f'"{stamp}"', f"{stamp}.0", "9" * 400):
            body = json.dumps({"publicKey": CAROL.hex, "signature": CAROL.sign(good.encode()).hex(), "timestamp": 0})
            self.assertEqual(self.post("/api/users", body[:-2] + odd + "}").status, 400)
        signature = CAROL.sign(f"arena:v1:user-update:{stamp}".encode()).hex()
        self.refused(self.post("/api/arena/join", {"invite": invite, "publicKey": CAROL.hex, "timestamp": stamp,
                                                   "signature": signature}), 401, "Invalid signature")
        self.check(self.api.get(f"/api/users/{CAROL.user}"), 404)
        self.check(self.api.get(f"/api/users/{BOB.user}"), 404)

    def test_one_signature_sets_one_name(self):
        stamp = now()
        text = f"arena:v1:user-update:{stamp}"
        self.check(self.update(ALICE, text, stamp, username="alice"), 200)
        for changes in ({}, {"publicKey": ALICE.hex.upper()}, {"publicKey": ALICE.public.hex()}, {"model": "x"},
                        {"signature": ALICE.sign(text.encode()).hex().upper()}):
            answer = self.update(ALICE, text, stamp, **changes)
            self.assertEqual(answer.json.get("code"), "SIGNATURE_ALREADY_USED", answer)
        self.assertEqual(self.api.get(f"/api/users/{ALICE.user}").json["username"], "alice")

    def test_neither_a_name_nor_a_session_key_is_enough(self):
        game = self.game()
        for body in ({"userId": ALICE.user, "username": "mallory"}, {"from": ALICE.user, "username": "mallory"},
                     {"channel": game.id, "username": "mallory"}):
            for query in ("", f"?from={ALICE.user}", f"?channel={game.id}"):
                self.check(self.post("/api/users" + query, body, game.keys[0]), 400)
        self.assertNotIn("mallory", self.api.get("/api/users").text)


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
        both = (f"/api/chat/ws/{other.id}?channel={mine.id}", f"/api/chat/ws/challenge_{other.id}?challengeId={mine.id}",
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
                         f"GET / HTTP/1.1\r\nHost: a\r\n{key}\r\n\r\n", f"{key} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"):
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


class Bombs(McpCase):
    """JSON that is meant to break its reader: it is refused, nothing changes, and the server is there afterwards."""

    def setUp(self):
        super().setUp()
        self.game = psi(self.api)
        self.before = self.state()
        self.created = self.counted()

    def tearDown(self):
        self.assertEqual(self.state(), self.before)
        super().tearDown()

    def state(self):
        return [self.api.session(self.game.id).body, *(self.api.sync(self.game.id, invite).body
                                                       for invite in self.game.invites)]

    def counted(self):
        return self.api.get("/api/challenges?limit=1").json["total"]

    def values(self):
        """Values that are no sensible member of anything; text that is no JSON at all."""
        deep = 31  # more than 32 levels with what is around it
        yield "[" * deep + "]" * deep
        yield '{"a":' * deep + "1" + "}" * deep
        yield "[" * 100000 + "]" * 100000
        yield "[" * 100000
        yield from ("1e999", "-1e999", "1e-999", "9" * 20000, "-" + "9" * 400, "0." + "1" * 20000, "1" + "0" * 308)
        yield '{"a":1,"a":2}'
        yield '{"a":1,"\\u0061":2}'
        yield '{"__proto__":{"x":1},"constructor":{"prototype":{}}}'
        yield from ('"\\ud800"', '"\\udc00\\ud800"', '"\\ud800\\u0041"', '"\xff"', '"\xed\xa0\x80"', '"\xc0\x80"',
                    '"\xf4\x90\x80\x80"', '"\\u0000"', '"a\\u0000b"', '"\0"', '"\\x00"', '"\x1f"')
        yield "[" + "1," * 100000 + "1]"
        yield "{" + ",".join(f'"{i}":1' for i in range(20000)) + "}"
        yield '"' + "a" * 200000 + '"'
        yield '"' + "\\u0000" * 30000 + '"'

    def survives(self, answer, what):
        self.assertIn(answer.status, (200, 400, 404, 413), what)
        if answer.body and answer.headers["content-type"].startswith("application/json"):
            json.loads(answer.body)
        return answer

    def test_members(self):
        good = {"/api/arena/join": '"invite":%s', "/api/arena/message": '"challengeId":%s,"content":"x"',
                "/api/chat/send": f'"channel":"bombs","content":"x","to":%s,"from":"ann"',
                "/api/invites": '"inviteId":%s', "/api/challenges/none": '"options":%s',
                "/api/challenges/psi": '"options":{"range":%s}'}
        for value in self.values():
            for path, members in good.items():
                body = ("{" + members % value + "}").encode("latin-1")
                answer = self.survives(self.api.request("POST", path, body), (path, value[:40]))
                if path != "/api/chat/send":
                    self.assertNotEqual(answer.status, 200, (path, value[:40], answer))
        self.assertEqual(self.counted(), self.created)

    def test_names_of_members(self):
        for value in self.values():
            for name in (value, f'"{value}"'):
                body = ('{"challengeId":"x","content":"y",%s:1}' % name).encode("latin-1")
                self.survives(self.api.request("POST", "/api/arena/message?from=a", body), value[:40])

    def test_tools(self):
        for value in self.values():
            for text in ('{"jsonrpc":"2.0","id":%s,"method":"ping"}', '{"jsonrpc":"2.0","id":1,"method":%s}',
                         '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":%s}',
                         '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":%s}}',
                         '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"view","arguments":%s}}',
                         '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":'
                         '{"name":"view","arguments":{"session":%s}}}',
                         '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_session",'
                         '"arguments":{"challenge":"psi","options":{"range":%s}}}}',
                         '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":%s}}',
                         "[%s]", "[[%s]]", '[{"jsonrpc":"2.0","id":1,"method":"ping"},%s]'):
                for endpoint in ("/mcp", "/api/arena/mcp"):
                    body = (text % value).encode("latin-1")
                    answer = self.post(endpoint, body)
                    self.assertIn(answer.status, (200, 400, 413), (endpoint, text, value[:40]))
                    self.assertNotIn("ChallengeID", answer.text)
        self.assertEqual(self.counted(), self.created)

    def test_twice_the_same_name_in_the_arguments(self):
        other = psi(self.api)
        text = ('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"view","arguments":'
                '{"session":"%s","from":"%s","from":"%s"}}}')
        for endpoint in ("/mcp", "/api/arena/mcp", "/api/chat/mcp"):
            answer = self.post(endpoint, text % (other.id, "x", other.invites[0]))
            self.assertEqual((answer.status, answer.json["error"]["code"]), (400, -32700))

    def test_numbers_of_tools(self):
        for number in (0, 2 ** 31, 2 ** 32, 2 ** 53 + 1, 2 ** 63 - 1):
            told = self.done("messages", session=self.game.id, index=number)["messages"]
            self.assertEqual(len(told), 2 if number == 0 else 0)
            now_ = self.done("wait", session=self.game.id, index=number, timeoutSeconds=2 ** 63 - 1,
                             **{"from": self.game.invites[0]})
            self.assertTrue(now_["ready"])
            self.fails("STALE_TURN", "act", session=self.game.id, method="guess", content="x",
                       **{"from": self.game.invites[0]}, turn=number)


class OddNames(ArenaCase):
    """Names that mean something to a language or a disk, and names without end, in every place a name can stand."""

    def places(self, name):
        """Each request with this name in one place."""
        q = quoted(name)
        game = self.game
        yield "GET", f"/api/challenges/{q}", None
        yield "POST", f"/api/challenges/{q}", {}
        yield "GET", f"/api/metadata/{q}", None
        yield "GET", f"/api/invites/{q}", None
        yield "GET", f"/api/sessions/{q}", None
        yield "GET", f"/api/sessions/{q}/view", None
        yield "GET", f"/api/sessions/{q}/actions?from=x", None
        yield "GET", f"/api/sessions/{q}/replay", None
        yield "GET", f"/api/sessions/{game.id}/view?from={q}", None
        yield "GET", f"/api/sessions/{game.id}/actions?from={q}", None
        yield "GET", f"/api/arena/sync?channel={q}&from={q}", None
        yield "GET", f"/api/chat/sync?channel={q}&from={q}", None
        yield "GET", f"/api/challenges?status={q}&limit={q}&offset={q}", None
        yield "GET", f"/assets/{q}", None
        yield "POST", "/api/invites", {"inviteId": name}
        yield "POST", "/api/arena/join", {"invite": name, "userId": name}
        yield "POST", "/api/arena/message", {"challengeId": name, "content": "x", "from": name, "messageType": name}
        yield "POST", "/api/arena/message", {"challengeId": game.id, "content": name, "from": game.invites[0],
                                             "messageType": name}
        yield "POST", "/api/chat/send", {"channel": name, "content": name, "from": name, "to": name}
        yield "POST", "/api/challenges/psi", {"options": {name: name}}
        yield "POST", "/api/challenges/psi", {name: name, "options": {"players": name}}

    def setUp(self):
        super().setUp()
        self.game = psi(self.api)

    def walk(self, names, right):
        before = self.api.session(self.game.id).body
        for name in names:
            for method, path, body in self.places(name):
                try:
                    answer = self.api.request(method, path, body)
                except ConnectionError:
                    self.assertGreater(len(path), 8192, "the connection was closed")  # more than a head may have
                    continue
                self.assertIn(answer.status, right, (method, path[:100], answer))
                if answer.status in (413, 414, 431):
                    self.api.close()  # as the server does
        self.assertEqual(self.api.session(self.game.id).body, before)

    def test_names_of_a_language(self):
        self.walk(PROTO, (200, 400, 404))
        told = self.api.get("/api/chat/sync?channel=__proto__&from=__proto__").json["messages"]
        self.assertEqual([message["content"] for message in told], ["__proto__"])

    def test_names_of_a_disk_or_a_terminal(self):
        self.walk(("../../etc/passwd", "..", ".", "/", "//", "a/b", "a\\b", "%00", "\0", "a\0b", "\x1b[2J", "\r\nX: y",
                   "'; drop table", "${7*7}", "{{7*7}}", "<script>", "\u202eroot", "\U0001f600", "\ufeff", "NUL", "-1"),
                  (200, 400, 404))

    def test_names_without_end(self):
        self.api.description = None  # what is too long for a head is refused in words of the library's own
        for length in (255, 256, 257, 1000, 5000):
            self.walk(("x" * length, "é" * (length // 2)), (200, 400, 404, 413, 414, 431))
        for name in ("x" * 100000, "\0" * 30000):
            for method, path, body in self.places(name):
                if method == "POST" and len(path) < 1000:
                    answer = self.api.request(method, path, body)
                    self.assertIn(answer.status, (400, 404, 413), (path, answer))

    def test_a_user_of_an_odd_name_is_told_as_it_is(self):
        for user in ("__proto__", "constructor", "<script>", "a\"b\\c", "\u202e"):
            game = Game(self.api, "psi", (user, user))
            for invite in game.invites:
                self.check(self.api.move(game.id, invite, "1", "guess"), 200)
            identities = self.api.session(game.id).json["state"]["playerIdentities"]
            self.assertEqual(identities, dict.fromkeys(game.invites, user))


if __name__ == "__main__":
    unittest.main()
