"""What is signed: joins and profiles.  What is not a fresh signature, by this key, for this, does nothing."""
import json
import random
import unittest

import ed25519
from arena_test import Game, at_once
from test_auth import ALICE, BOB, AuthCase, now, join_body

CAROL = ed25519.Key(b"c" * 32)


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


if __name__ == "__main__":
    unittest.main()
