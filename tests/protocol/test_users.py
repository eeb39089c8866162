"""Users: profiles, their history, what they make of a game; and what administrators may do."""
import os
import stat
import threading
import time
import unittest

import ed25519
from arena_test import ArenaCase, Game, operator_path

OPERATORS = [{"module": operator_path(name)} for name in ("psi", "millionaire")]


def play(api, users, guesses=("50", "50")):
    game = Game(api, "millionaire", users)
    for invite, guess in zip(game.invites, guesses):
        assert api.move(game.id, invite, guess, "guess").status == 200
    return game


class UsersCase(ArenaCase):
    settings = {"operators": OPERATORS}

    def admin(self, method, path, body=None):
        with open(os.path.join(self.server.data, "admin-token"), encoding="ascii") as file:
            token = file.read().strip()
        return self.api.request(method, "/api/admin" + path, body, {"Authorization": f"Bearer {token}"})


class Profiles(UsersCase):
    def test_what_is_left_out_stays(self):
        self.check(self.api.post("/api/users", {"userId": "u1", "username": "One"}), 200,
                   {"userId": "u1", "username": "One"})
        self.check(self.api.post("/api/users", {"userId": "u1", "model": "m"}), 200,
                   {"userId": "u1", "username": "One", "model": "m"})
        self.check(self.api.post("/api/users", {"userId": "u1", "username": ""}), 200, {"userId": "u1", "model": "m"})
        self.check(self.api.get("/api/users/u1"), 200, {"userId": "u1", "model": "m"})

    def test_who_is_meant(self):
        self.check(self.api.post("/api/users?from=u2", {"model": "m"}), 200, {"userId": "u2", "model": "m"})
        self.check(self.api.post("/api/users", {"from": "u3"}), 200, {"userId": "u3"})
        self.check(self.api.post("/api/users", {"username": "nobody"}), 400, {"error": "userId is required"})
        for body, error in (({"userId": 5}, "Expected string, received number"),
                            ({"userId": "u", "username": None}, "Expected string, received null"),
                            ({"userId": "u", "model": ["m"]}, "Expected string, received array")):
            self.check(self.api.post("/api/users", body), 400, {"error": error})
        for name in ("operator", "house:random"):
            answer = self.check(self.api.post("/api/users", {"userId": name}), 400)
            self.assertEqual(answer.json["code"], "RESERVED_NAME")
        answer = self.check(self.api.post("/api/users", {"userId": "x" * 129}), 400)
        self.assertEqual(answer.json["code"], "INVALID_USER")
        answer = self.check(self.api.post("/api/users", {"userId": "x", "model": "x" * 129}), 400)
        self.assertEqual(answer.json["code"], "INVALID_PROFILE")
        self.check(self.api.get("/api/users/x"), 404, {"error": "User not found"})

    def test_names_of_the_language(self):
        """A map of users that is one is not disturbed by any name."""
        for name in ("__proto__", "constructor", "toString", "a,b", "ü/ñ", "\u0001users"):
            self.check(self.api.post("/api/users", {"userId": name, "username": name}), 200,
                       {"userId": name, "username": name})
        self.check(self.api.get("/api/users/__proto__"), 200, {"userId": "__proto__", "username": "__proto__"})
        self.check(self.api.get("/api/users/username"), 404)

    def test_batch(self):
        for name in ("b1", "b2"):
            self.api.post("/api/users", {"userId": name})
        self.check(self.api.get("/api/users/batch?ids=b2,none,b1"), 200,
                   {"b2": {"userId": "b2"}, "b1": {"userId": "b1"}})
        for query in ("", "?ids="):
            self.check(self.api.get("/api/users/batch" + query), 400, {"error": "ids query parameter is required"})
        self.check(self.api.get("/api/users/batch?ids=,,"), 200, {})

    def test_list_in_the_order_of_coming_and_after_a_kill(self):
        names = [f"list-{n}" for n in (3, 1, 2)]
        for name in names:
            self.api.post("/api/users", {"userId": name, "model": "m"})
        before = self.api.get("/api/users").json
        self.assertEqual([user["userId"] for user in before if user["userId"].startswith("list-")], names)
        self.restart(self.server.kill)
        self.check(self.api.get("/api/users"), 200, before)
        self.check(self.api.get("/api/users?limit=2&offset=1"), 200, before[1:3])

    def test_many_at_once(self):
        """Halves of profiles from many connections: none is lost."""
        def change(number):
            api = self.server.api()
            for user in range(20):
                field = "username" if number % 2 else "model"
                assert api.post("/api/users", {"userId": f"race-{user}", field: f"{field}-{user}"}).status == 200
            api.close()

        threads = [threading.Thread(target=change, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for user in range(20):
            self.check(self.api.get(f"/api/users/race-{user}"), 200,
                       {"userId": f"race-{user}", "username": f"username-{user}", "model": f"model-{user}"})


class History(UsersCase):
    def test_ended_games_only_newest_first(self):
        self.api.post("/api/users", {"userId": "h1", "username": "H"})
        games = [play(self.api, ["h1", "h2"]) for _ in range(3)]
        Game(self.api, "millionaire", ["h1", "h2"])
        page = self.check(self.api.get("/api/users/h1/challenges"), 200).json
        self.assertEqual(list(page), ["challenges", "total", "limit", "offset", "profiles"])
        self.assertEqual((page["total"], page["limit"], page["offset"]), (3, 50, 0))
        self.assertEqual([c["id"] for c in page["challenges"]], [game.id for game in reversed(games)])
        self.assertEqual(page["profiles"], {"h1": {"userId": "h1", "username": "H"}})
        page = self.check(self.api.get("/api/users/h1/challenges?limit=1&offset=1"), 200).json
        self.assertEqual([c["id"] for c in page["challenges"]], [games[1].id])
        self.assertEqual(self.api.get("/api/users/nobody/challenges").json["total"], 0)

    def test_one_player_on_both_seats_is_listed_once(self):
        play(self.api, ["twin", "twin"])
        self.assertEqual(self.api.get("/api/users/twin/challenges").json["total"], 1)

    def test_profiles_stand_in_lists_and_ends(self):
        self.api.post("/api/users", {"userId": "l1", "username": "L"})
        game = Game(self.api, "millionaire", ["l1", "l2"])
        stream = self.stream(game.id)
        listed = self.api.get("/api/challenges/millionaire?status=active").text
        self.assertNotIn("l1", listed)
        for invite in game.invites:
            self.api.move(game.id, invite, "50", "guess")
        self.assertEqual(stream.wait_type("game_ended")["data"]["profiles"], {"l1": {"userId": "l1", "username": "L"}})
        self.assertEqual(self.stream(game.id).wait_type("game_ended")["data"]["profiles"],
                         {"l1": {"userId": "l1", "username": "L"}})
        page = self.api.get("/api/challenges/millionaire?limit=1").json
        self.assertEqual(page["profiles"], {"l1": {"userId": "l1", "username": "L"}})


class Categories(UsersCase):
    def category(self, users):
        return self.api.session(play(self.api, users).id).json["gameCategory"]

    def test_who_played_decides(self):
        for name in ("bench-1", "bench-2"):
            self.check(self.admin("POST", f"/users/{name}", {"isBenchmark": True}), 200,
                       {"userId": name, "isBenchmark": True})
        self.assertEqual(self.category(["bench-1", "bench-2"]), "benchmark")
        self.assertEqual(self.category(["bench-1", "person"]), "test")
        self.assertEqual(self.category(["other", "person"]), "train")
        self.assertEqual(self.category([None, None]), "train")

    def test_it_stays_as_it_was_at_the_end(self):
        game = play(self.api, ["later", "person"])
        self.admin("POST", "/users/later", {"isBenchmark": True})
        self.restart(self.server.kill)
        self.assertEqual(self.api.session(game.id).json["gameCategory"], "train")


class Administration(UsersCase):
    def test_only_with_the_token(self):
        for method, path in (("GET", "/status"), ("GET", "/audit"), ("POST", "/sessions/x/end"), ("POST", "/users/x")):
            for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}):
                answer = self.api.request(method, "/api/admin" + path, {} if method == "POST" else None, headers)
                self.check(answer, 401)
                self.assertEqual(answer.json["code"], "ADMIN_TOKEN_REQUIRED")
        mode = os.stat(os.path.join(self.server.data, "admin-token")).st_mode
        self.assertEqual(stat.S_IMODE(mode), 0o600)

    def test_ending_sessions_and_the_record(self):
        running, waiting = Game(self.api, "psi", ["a", "b"]), Game(self.api, "psi", join=False)
        ended = play(self.api, ["c", "d"])
        self.check(self.admin("POST", f"/sessions/{running.id}/end"), 200, {"ok": True})
        session = self.api.session(running.id).json
        self.assertEqual((session["state"]["status"], session["abandoned"]), ("ended", True))
        self.assertEqual(self.api.messages(running.id)[-1]["content"],
                         "The session was ended by the arena's administrator.")
        self.check(self.admin("POST", f"/sessions/{waiting.id}/end"), 200, {"ok": True})
        self.assertEqual(self.api.session(waiting.id).status, 404)
        self.check(self.admin("POST", f"/sessions/{ended.id}/end"), 409)
        self.check(self.admin("POST", "/sessions/none/end"), 404)
        self.check(self.admin("POST", "/users/aud", {"isBenchmark": True, "username": 'A"'}), 200)
        self.restart(self.server.kill)
        record = self.check(self.admin("GET", "/audit"), 200).json
        told = [(entry["action"], entry["subject"]) for entry in record["entries"]]
        self.assertEqual(told[0], ("change-user", "aud"))
        self.assertEqual(record["entries"][0]["details"], {"isBenchmark": True, "username": 'A"'})
        self.assertEqual([subject for action, subject in told[1:] if action == "end-session"][:4],
                         ["none", ended.id, waiting.id, running.id])
        self.assertEqual([entry["number"] for entry in record["entries"]], list(range(record["total"], 0, -1)))

    def test_an_abandoned_game_counts_on_no_board(self):
        game = Game(self.api, "psi", ["ab-1", "ab-2"])
        self.admin("POST", f"/sessions/{game.id}/end")
        self.check(self.api.get("/api/users/ab-1/scores"), 200, {"global": None, "challenges": {}})
        self.assertEqual(self.api.get("/api/users/ab-1/challenges").json["total"], 1)

    def test_status(self):
        status = self.check(self.admin("GET", "/status"), 200).json
        self.assertEqual(status["status"], "ok")
        self.assertEqual(list(status["sessions"]), ["open", "active", "ended"])


class Signed(ArenaCase):
    settings = {"operators": OPERATORS, "auth": True}

    def body(self, key, timestamp=None, **changes):
        timestamp = int(time.time() * 1000) if timestamp is None else timestamp
        signature = key.sign(f"arena:v1:user-update:{timestamp}".encode()).hex()
        return {"publicKey": key.hex, "signature": signature, "timestamp": timestamp, **changes}

    def test_a_signature_says_who_it_is(self):
        key = ed25519.Key(b"k" * 32)
        answer = self.check(self.api.post("/api/users", self.body(key, username="K")), 200)
        self.assertEqual(answer.json, {"userId": key.user, "username": "K"})
        self.check(self.api.get(f"/api/users/{key.user}"), 200, {"userId": key.user, "username": "K"})

    def test_each_signature_once_also_after_a_kill(self):
        key = ed25519.Key(b"o" * 32)
        body = self.body(key, username="first")
        self.check(self.api.post("/api/users", body), 200)
        for changes in ({"username": "second"}, {"signature": body["signature"].upper()}, {}):
            answer = self.check(self.api.post("/api/users", {**body, **changes}), 400)
            self.assertEqual(answer.json["code"], "SIGNATURE_ALREADY_USED")
        self.restart(self.server.kill)
        answer = self.check(self.api.post("/api/users", {**body, "username": "third"}), 400)
        self.assertEqual(answer.json["code"], "SIGNATURE_ALREADY_USED")
        self.check(self.api.get(f"/api/users/{key.user}"), 200, {"userId": key.user, "username": "first"})

    def test_the_order_of_checks(self):
        key = ed25519.Key(b"p" * 32)
        required = {"error": "publicKey, signature, and timestamp are required"}
        self.check(self.api.post("/api/users", {"userId": "x", "username": "X"}), 400, required)
        self.check(self.api.post("/api/users", self.body(key, timestamp=0)), 400, required)
        old = int(time.time() * 1000) - 360_000
        self.check(self.api.post("/api/users", self.body(key, timestamp=old)), 401, {"error": "Timestamp expired"})
        other = ed25519.Key(b"q" * 32)
        self.check(self.api.post("/api/users", {**self.body(key), "publicKey": other.hex}), 401,
                   {"error": "Invalid signature"})
        self.check(self.api.post("/api/users", self.body(key, username=5)), 400,
                   {"error": "Expected string, received number"})
        self.check(self.api.get(f"/api/users/{key.user}"), 404)


if __name__ == "__main__":
    unittest.main()
