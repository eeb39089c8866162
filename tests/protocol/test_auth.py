"""Auth mode: joining with a signature, acting with a session key, and what must not get through."""
import json
import os
import re
import stat
import subprocess
import tempfile
import time
import unittest

import ed25519
from arena_test import ARENAD, PATIENCE, ArenaCase, Game, Server, Stream, die_with_parent, run_cli
from games import numbers

ALICE, BOB = ed25519.Key(b"a" * 32), ed25519.Key(b"b" * 32)
REQUIRED = "publicKey, signature, and timestamp are required"


def now():
    return int(time.time() * 1000)


def join_body(key, invite, timestamp=None, **changes):
    timestamp = now() if timestamp is None else timestamp
    signature = key.sign(f"arena:v1:join:{invite}:{timestamp}".encode()).hex()
    return {"invite": invite, "publicKey": key.hex, "signature": signature, "timestamp": timestamp, **changes}


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


class AuthCase(ArenaCase):
    settings = {"auth": True, "accessLog": True}

    def join(self, key, invite, timestamp=None, idempotency=None, **changes):
        return self.api.post("/api/arena/join", join_body(key, invite, timestamp, **changes), idempotency)

    def game(self, users=(ALICE, BOB), challenge="psi"):
        """A session in which both have joined, with their keys in game.keys."""
        game = Game(self.api, challenge, join=False)
        game.keys = []
        for invite, user in zip(game.invites, users):
            answer = self.check(self.join(user, invite), 200)
            game.keys.append(answer.json["sessionKey"])
        return game

    def post(self, path, body, key=None):
        return self.api.request("POST", path, body, bearer(key) if key else None)

    def sync(self, game, key=None, query=""):
        return self.api.get(f"/api/arena/sync?channel={game.id}{query}", bearer(key) if key else None)

    def own_set(self, game, seat):
        messages = self.check(self.sync(game, game.keys[seat]), 200).json["messages"]
        own = [m for m in messages if m.get("to") == game.invites[seat]]
        return set(numbers(own[0]["content"]))

    def guess(self, game, seat, guess):
        body = {"challengeId": game.id, "messageType": "guess", "content": ", ".join(map(str, sorted(guess)))}
        return self.post("/api/arena/message", body, game.keys[seat])

    def play_out(self, game):
        common = self.own_set(game, 0) & self.own_set(game, 1)
        for seat in range(2):
            self.check(self.guess(game, seat, common), 200)
        return self.check(self.api.session(game.id), 200).json


class Vectors(AuthCase):
    def test_the_helper_signs_as_the_standard_does(self):
        """RFC 8032, 7.1, TEST 2."""
        key = ed25519.Key(bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
        self.assertEqual(key.public.hex(), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
        self.assertTrue(key.sign(b"\x72").hex().startswith("92a009a9f0d4cab8720e820b5f642540"))


class Joining(AuthCase):
    def test_valid(self):
        game = Game(self.api, "psi", join=False)
        for seat, user in enumerate((ALICE, BOB)):
            answer = self.check(self.join(user, game.invites[seat]), 200)
            self.assertEqual(list(answer.json), ["ChallengeID", "ChallengeInfo", "sessionKey"])
            self.assertRegex(answer.json["sessionKey"], rf"^s_{seat}\.[0-9a-f]{{64}}$")

    def test_missing_members_in_order(self):
        invite = Game(self.api, "psi", join=False).invites[0]
        whole = join_body(ALICE, invite)
        for body in ({}, {"invite": ""}, {"invite": None, "publicKey": "x"}):
            self.refused(self.post("/api/arena/join", body), 400, "invite is required")
        for name in ("publicKey", "signature", "timestamp"):
            for nothing in (None, "", 0) if name == "timestamp" else (None, ""):
                self.refused(self.post("/api/arena/join", {**whole, name: nothing}), 400, REQUIRED)
            self.refused(self.post("/api/arena/join", {k: v for k, v in whole.items() if k != name}), 400, REQUIRED)
        self.assertEqual(self.post("/api/arena/join", {**whole, "invite": 5}).status, 400)
        self.check(self.post("/api/arena/join", whole), 200)

    def test_timestamp(self):
        invite = Game(self.api, "psi", join=False).invites[0]
        for timestamp in (now() - 6 * 60000, now() + 6 * 60000, -5, 1, 2 ** 62):
            self.refused(self.join(ALICE, invite, timestamp), 401, "Timestamp expired")
        for timestamp in ("x", str(now()), now() + 0.5, True, [], {}, 10 ** 30):
            answer = self.join(ALICE, invite, timestamp)
            self.assertEqual(answer.status, 400, (timestamp, answer))
        self.check(self.join(ALICE, invite, now() - 4 * 60000), 200)

    def test_the_time_comes_before_the_signature_and_both_before_the_invite(self):
        self.refused(self.join(ALICE, "inv_none", 5, signature="00"), 401, "Timestamp expired")
        self.refused(self.join(ALICE, "inv_none", signature="00"), 401, "Invalid signature")
        self.refused(self.join(ALICE, "inv_none"), 400, "Challenge not found for invite: inv_none")

    def test_what_is_not_signed_by_the_key(self):
        game = Game(self.api, "psi", join=False)
        invite = game.invites[0]
        good = join_body(ALICE, invite)
        flipped = [good["signature"][:at] + format(int(good["signature"][at], 16) ^ 1, "x") + good["signature"][at + 1:]
                   for at in (0, 63, 64, 127)]
        bodies = [{**good, "signature": signature} for signature in flipped]
        bodies += [{**good, "signature": good["signature"] + more} for more in ("0", "00", "zz")]
        bodies += [{**good, "signature": good["signature"][:-2]}, {**good, "timestamp": good["timestamp"] + 1}]
        bodies += [{**good, "invite": game.invites[1]}, {**good, "publicKey": BOB.hex}]
        bodies += [{**good, "publicKey": key} for key in
                   (ALICE.hex + "zz", ALICE.hex + "00", ALICE.hex[2:], " " + ALICE.hex, "00" * 44, "zz" * 32,
                    ALICE.hex.replace("2b6570", "2b6571", 1), ed25519.SPKI + "00" * 32)]
        for body in bodies:
            self.refused(self.post("/api/arena/join", body), 401, "Invalid signature")
        self.check(self.post("/api/arena/join", good), 200)

    def test_one_key_is_one_user(self):
        game = Game(self.api, "psi", join=False)
        game.keys = []
        forms = ({"publicKey": ALICE.hex.upper()}, {"publicKey": ALICE.public.hex(), "userId": "eve"})
        for invite, form in zip(game.invites, forms):
            body = join_body(ALICE, invite, **form)
            body["signature"] = body["signature"].upper()
            game.keys.append(self.check(self.post("/api/arena/join", body), 200).json["sessionKey"])
        identities = self.play_out(game)["state"]["playerIdentities"]
        self.assertEqual(identities, {invite: ALICE.user for invite in game.invites})

    def test_again(self):
        game = Game(self.api, "psi", join=False)
        body = join_body(ALICE, game.invites[0])
        first = self.check(self.api.post("/api/arena/join", body, "join-once"), 200)
        self.check(self.join(BOB, game.invites[1]), 200)
        self.assertEqual(self.api.post("/api/arena/join", body, "join-once").body, first.body)
        self.restart(self.server.stop)
        self.assertEqual(self.api.post("/api/arena/join", body, "join-once").body, first.body)
        self.refused(self.post("/api/arena/join", body), 400, "This invite has already been used.",
                     "INVITE_ALREADY_USED")
        self.refused(self.join(BOB, game.invites[0]), 400, "This invite has already been used.", "INVITE_ALREADY_USED")


class Keys(AuthCase):
    def test_a_whole_game(self):
        game = self.game()
        ended = self.play_out(game)
        self.assertEqual(ended["state"]["status"], "ended")
        self.assertEqual(ended["state"]["playerIdentities"],
                         {game.invites[0]: ALICE.user, game.invites[1]: BOB.user})

    def test_keys_outlive_the_server(self):
        game = self.game()
        self.restart(self.server.kill)
        self.assertEqual(self.play_out(game)["state"]["status"], "ended")

    def test_the_key_in_the_query(self):
        game = self.game()
        header = self.check(self.sync(game, game.keys[0]), 200)
        self.assertEqual(self.sync(game, query=f"&key={game.keys[0]}").body, header.body)
        # the header wins
        self.refused(self.sync(game, "bad", f"&key={game.keys[0]}"), 401, "Authentication required")
        # another scheme, or another case, is no key
        for scheme in ("bearer ", "Basic ", ""):
            answer = self.api.get(f"/api/arena/sync?channel={game.id}", {"Authorization": scheme + game.keys[0]})
            self.assertNotIn("private set", answer.text)
            self.check(answer, 200)

    def test_variants_are_no_keys(self):
        game = self.game()
        key = game.keys[0]
        mac = key.partition(".")[2]
        other = game.keys[1].partition(".")[2]
        for variant in (key + ".x", key + "_x", key + "0", key[:-1], "s_0abc." + mac, "s_00." + mac, "s_-0." + mac,
                        "s_+0." + mac, "s_." + mac, "0." + mac, "s_0." + mac.upper(), key.upper(), "S_0." + mac,
                        "s_0." + other, "s_1." + mac, "s_2." + mac, "s_4294967296." + mac, "s_0", "s_0.", "x" * 5000):
            self.refused(self.sync(game, variant), 401, "Authentication required")
        for variant in (" " + key, "s_ 0." + mac, key + " ", key + "\0"):
            quoted = variant.replace(" ", "%20").replace("\0", "%00")
            self.refused(self.sync(game, query=f"&key={quoted}"), 401, "Authentication required")
        self.check(self.sync(game, key), 200)

    def test_two_headers_are_none(self):
        game = self.game()
        header = f"Authorization: Bearer {game.keys[0]}\r\n"
        stream = Stream(self.server.port, game.id, headers=2 * header)
        self.addCleanup(stream.close)
        self.assertEqual(stream.status, 401)
        self.assertEqual(stream.headers["www-authenticate"], "Bearer")

    def test_another_session(self):
        mine, other = self.game(), self.game()
        message = {"challengeId": other.id, "messageType": "guess", "content": "1"}
        self.refused(self.post("/api/arena/message", message, mine.keys[0]), 401, "Authentication required")
        chat = {"channel": other.id, "content": "hello"}
        self.refused(self.post("/api/chat/send", chat, mine.keys[0]), 401, "Authentication required")
        for path in (f"/api/sessions/{other.id}", f"/api/sessions/{other.id}/view", f"/api/sessions/{other.id}/actions",
                     f"/api/arena/sync?channel={other.id}", f"/api/chat/sync?channel=challenge_{other.id}",
                     f"/api/chat/ws/{other.id}", f"/api/chat/ws/challenge_{other.id}",
                     f"/api/challenges?challengeId={other.id}"):
            self.refused(self.api.get(path, bearer(mine.keys[0])), 401, "Authentication required")

    def test_a_request_for_two_sessions(self):
        mine, other = self.game(), self.game()
        for query in (f"channel={mine.id}", f"challengeId={mine.id}", f"channel=challenge_{mine.id}"):
            for path, body in ((f"/api/arena/message?{query}", {"challengeId": other.id, "content": "1"}),
                               (f"/api/chat/send?{query}", {"channel": other.id, "content": "1"}),
                               (f"/api/chat/send?{query}", {"channel": f"challenge_{other.id}", "content": "1"})):
                answer = self.check(self.post(path, body, mine.keys[0]), 400)
                self.assertEqual(answer.json["code"], "SESSION_MISMATCH")
        self.check(self.api.get(f"/api/sessions/{other.id}/view?channel={mine.id}", bearer(mine.keys[0])), 400)
        self.check(self.post("/api/chat/send", {"channel": other.id, "challengeId": mine.id, "content": "1"},
                             mine.keys[0]), 400)
        self.check(self.post(f"/api/chat/send?channel=challenge_{mine.id}", {"channel": mine.id, "content": "1"},
                             mine.keys[0]), 200)
        for kind in ("arena", "chat"):
            said = self.api.messages(other.id, kind=kind)
            self.assertFalse([m for m in said if m["from"] in mine.invites])

    def test_from_is_ignored(self):
        game = self.game()
        for name in (game.invites[1], "operator", "viewer", "house:x", 5):
            body = {"channel": game.id, "content": "me", "from": name}
            answer = self.check(self.post(f"/api/chat/send?from={name}", body, game.keys[0]), 200)
            self.assertEqual(answer.json["from"], game.invites[0])
            body = {"challengeId": game.id, "content": "1", "messageType": "guess", "from": name}
            self.refused(self.post(f"/api/arena/message?from={name}", body), 400, "from is required")
            self.refused(self.post("/api/chat/send", {**body, "channel": game.id}), 400, "from is required")
            told = self.check(self.sync(game, query=f"&from={name}"), 200)
            self.assertNotIn("private set", told.text)
            self.assertNotIn("private set", self.check(
                self.api.get(f"/api/sessions/{game.id}/view?from={name}"), 200).text)

    def test_viewers(self):
        game = self.game()
        self.check(self.api.get("/api/challenges", bearer("anything")), 200)  # no session: nobody in particular
        told = self.check(self.sync(game), 200).json["messages"]
        self.assertTrue(all(m.get("redacted") for m in told if "to" in m))

    def test_streams(self):
        game = self.game()
        for headers, query in ((f"Authorization: Bearer {game.keys[0]}\r\n", ""), ("", f"?key={game.keys[0]}")):
            stream = Stream(self.server.port, f"challenge_{game.id}{query}", headers=headers)
            self.addCleanup(stream.close)
            self.assertEqual(stream.status, 200)
            stream.wait_events(1)
            shown = {m["to"]: m for m in stream.messages() if "to" in m}
            self.assertIn("private set", shown[game.invites[0]]["content"])
            self.assertTrue(shown[game.invites[1]]["redacted"])
        anonymous = self.stream(f"challenge_{game.id}", game.invites[0])
        anonymous.wait_events(1)
        self.assertNotIn("private set", json.dumps(anonymous.messages()))

    def test_the_log_holds_no_key(self):
        game = self.game()
        body = join_body(ALICE, game.invites[0])
        self.post("/api/arena/join", body)
        self.sync(game, query=f"&key={game.keys[0]}")
        self.sync(game, game.keys[1])
        self.sync(game, game.keys[1] + "x")
        self.server.stop()
        log = self.server.log_text()
        self.server.start()
        self.api.close()
        self.assertIn("/api/arena/join", log)
        for word in [*game.keys, *game.invites, *(key[4:40] for key in game.keys), body["signature"], ALICE.hex]:
            self.assertNotIn(word, log)


class Opaque(AuthCase):
    settings = {"auth": True, "opaque": True}

    def test_every_failure_is_the_same(self):
        game = self.game()
        fresh = Game(self.api, "psi", join=False).invites[0]
        words = {"error": "This invite cannot be used."}
        self.check(self.join(ALICE, "inv_none"), 400, words)
        self.check(self.join(ALICE, game.invites[0]), 400, words)
        self.check(self.join(ALICE, fresh, 5), 400, words)
        self.check(self.join(ALICE, fresh, signature="00"), 400, words)
        self.check(self.post("/api/arena/join", {"invite": fresh}), 400, words)
        self.check(self.post("/api/arena/join", {}), 400, words)
        self.check(self.join(ALICE, fresh), 200)
        self.server.stop()
        log = self.server.log_text()
        self.server.start()
        for reason in ("there is no such invite", "INVITE_ALREADY_USED", "Timestamp expired", "Invalid signature",
                       REQUIRED):
            self.assertIn(reason, log)
        for word in ("inv_none", fresh, *game.invites):
            self.assertNotIn(word, log)


class Secret(ArenaCase):
    settings = {"auth": True}

    def path(self):
        return os.path.join(self.server.data, "auth-secret")

    def test_it_is_made_for_its_owner_alone(self):
        self.assertEqual(stat.S_IMODE(os.stat(self.path()).st_mode), 0o600)
        with open(self.path(), encoding="ascii") as file:
            self.assertRegex(file.read(), r"^[0-9a-f]{64}\n$")

    def refuses(self, environment=None, change=lambda server: None):
        server = Server({"auth": True}, environment)
        self.addCleanup(server.close)
        change(server)
        with self.assertRaises(AssertionError) as caught:
            server.start()
        server.process = None
        return str(caught.exception)

    def test_one_that_others_may_read_is_refused(self):
        def loose(server):
            path = os.path.join(server.data, "auth-secret")
            with open(path, "w", encoding="ascii") as file:
                file.write("x" * 64)
            os.chmod(path, 0o644)
        self.assertIn("chmod 600", self.refuses(change=loose))

    def test_short_ones_are_refused(self):
        self.assertIn("AUTH_SECRET", self.refuses({"AUTH_SECRET": "short"}))

    def listen_everywhere(self, environment):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        process = subprocess.Popen([ARENAD, "--listen", "0.0.0.0:0", "--data", folder.name], stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True, preexec_fn=die_with_parent,
                                   env={**os.environ, "ARENA_OPERATORS": folder.name, **environment})
        words = ""
        for line in process.stdout:
            words += line
            if line.startswith("auth mode"):
                process.terminate()
        process.wait(PATIENCE)
        process.stdout.close()
        return words, process.returncode

    def test_other_machines(self):
        words, code = self.listen_everywhere({"ARENA_AUTH": "1"})
        self.assertIn("auth mode: a player joins", words)
        self.assertEqual(code, 0)
        words, code = self.listen_everywhere({"ARENA_AUTH": "0"})
        self.assertIn("can be reached from other machines", words)
        self.assertEqual(code, 2)
        words, code = self.listen_everywhere({"ARENA_AUTH": "yes"})
        self.assertIn("ARENA_AUTH", words)
        self.assertEqual(code, 2)

    def test_from_the_environment(self):
        """The key is the HMAC that the protocol says, and no file is made."""
        import hashlib
        import hmac
        server = Server({}, {"ARENA_AUTH": "1", "AUTH_SECRET": "a secret of the operator's own"})
        self.addCleanup(server.close)
        server.start()
        api = server.api()
        self.addCleanup(api.close)
        game = Game(api, "psi", join=False)
        answer = self.check(api.post("/api/arena/join", join_body(BOB, game.invites[1])), 200)
        mac = hmac.new(b"a secret of the operator's own", f"arena:v1:session:{game.id}:0".encode(), hashlib.sha256)
        self.assertEqual(answer.json["sessionKey"], "s_0." + mac.hexdigest())
        self.assertFalse(os.path.exists(os.path.join(server.data, "auth-secret")))


class CommandLine(AuthCase):
    def test_a_key_file_and_a_join(self):
        game = Game(self.api, "psi", join=False)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        file = os.path.join(folder.name, "me.pem")
        made = run_cli("identity", "new", file)
        self.assertEqual(made.returncode, 0, made)
        self.assertEqual(stat.S_IMODE(os.stat(file).st_mode), 0o600)
        user = re.search(r"\b[0-9a-f]{64}\b", made.stdout).group()
        self.assertEqual(run_cli("identity", "new", file).returncode, 1)  # a key is not overwritten
        self.assertIn(user, run_cli("identity", "show", file).stdout)
        url = f"http://127.0.0.1:{self.server.port}"
        key = []
        for invite in game.invites:
            joined = run_cli("join", invite, "--sign", file, "--url", url, "--json")
            self.assertEqual(joined.returncode, 0, joined)
            key.append(json.loads(joined.stdout)["sessionKey"])
        sent = run_cli("send", game.id, "1", "--key", key[0], "--url", url)
        self.assertEqual(sent.returncode, 0, sent)
        self.assertEqual(run_cli("send", game.id, "1", "--key", key[0] + "0", "--url", url).returncode, 1)
        game.keys = key
        self.assertEqual(run_cli("join", game.invites[0], "--sign", "/nowhere", "--url", url).returncode, 2)
        self.check(self.guess(game, 1, {1}), 200)
        self.assertEqual(self.api.session(game.id).json["state"]["playerIdentities"][game.invites[0]], user)


if __name__ == "__main__":
    unittest.main()
