"""The contract of users, scores and figures, row by row, in both modes."""
import unittest

from contract import Row, check_unique, error, expected
from contract_rows import INVALID, NOT_FOUND, wrong_types
from matching import INTEGER, SENTENCE, Matcher, difference, holding
from users import UsersCase, entry_of, play_psi, update_body, wait_games
from worlds import KEYS, in_each_mode, now

USERS = "POST /api/users"
NO_USER = error("User not found")
UPDATE = "publicKey, signature, and timestamp are required"


def routes():
    for method, path in (("POST", "/api/scoring"), ("POST", "/api/stats"), ("PUT", "/api/users"),
                         ("DELETE", "/api/users"), ("POST", "/api/users/x"), ("OPTIONS", "/api/scoring/psi"),
                         ("GET", "/api/stats/"), ("GET", "/api/users/"), ("GET", "/api/users/x/nothing"),
                         ("GET", "/api/Stats"), ("POST", "/api/users/x/scores")):
        yield Row(f"{method} {path}", f"{method} {path}", 404, NOT_FOUND, None if method == "GET" else "{}")


def reads():
    yield Row("users", "GET /api/users", 200, Matcher("list", lambda value: isinstance(value, list)))
    yield Row("one user who is not there", "GET /api/users/<W>", 404, NO_USER)
    for name in ("__proto__", "constructor", "username"):
        yield Row(f"the user {name}", f"GET /api/users/{name}", 404, NO_USER)
    for query in ("", "?ids=", "?id=x"):
        yield Row(f"batch {query}", f"GET /api/users/batch{query}", 400, error("ids query parameter is required"))
    yield Row("batch of nobody", "GET /api/users/batch?ids=,,", 200, {})
    yield Row("batch of unknown ones", "GET /api/users/batch?ids=<W>,__proto__", 200, {})
    yield Row("scores of nobody", "GET /api/users/<W>/scores", 200, {"global": None, "challenges": {}})
    for query, limit, offset in (("", 50, 0), ("?limit=7&offset=3", 7, 3), ("?limit=0", 50, 0), ("?limit=-3", 1, 0),
                                 ("?limit=abc&offset=-1", 50, 0), ("?limit=250", 250, 0)):
        yield Row(f"games of nobody {query}", f"GET /api/users/<W>/challenges{query}", 200,
                  {"challenges": [], "total": 0, "limit": limit, "offset": offset, "profiles": {}})
    yield Row("board of an unknown type", "GET /api/scoring/nope", 404, error("Unknown challenge type"))
    yield Row("board of a type without games", "GET /api/scoring/dining-cryptographers", 200, {})
    yield Row("the global board", "GET /api/scoring", 200, Matcher("list", lambda value: isinstance(value, list)))
    yield Row("figures", "GET /api/stats", 200, {"challenges": Matcher("object", lambda value: isinstance(value, dict)),
                                                 "global": {"participants": INTEGER, "gamesPlayed": INTEGER}})


def updates():
    """Standalone: whoever says who it is."""
    one = "standalone"
    for body in (None, "", "{", "nonsense"):
        yield Row(f"update with the body {body!r}", USERS, 400, INVALID, body)
    for body, kind in (("null", "null"), ("[]", "array"), ("5", "number")):
        yield Row(f"update with the body {body}", USERS, 400, expected("object", kind), body, modes=one)
    for body in ({}, {"username": "x"}, {"userId": ""}, {"userId": "", "from": ""}):
        yield Row(f"update without user: {body}", USERS, 400, error("userId is required"), body, modes=one)
    for field in ("userId", "username", "model"):
        for name, body, answer in wrong_types(field, {"userId": "<W>"}, "string"):
            yield Row(f"update: {name}", USERS, 400, answer, body, modes=one)
    yield Row("update", USERS, 200, {"userId": "<W>", "username": "Ann", "model": "m-1"},
              {"userId": "<W>", "username": "Ann", "model": "m-1"}, modes=one)
    yield Row("update of nothing", USERS, 200, {"userId": "<W>"}, {"userId": "<W>"}, modes=one)
    yield Row("update by from", USERS, 200, {"userId": "<W>", "username": "Ann"}, {"from": "<W>", "username": "Ann"},
              modes=one)
    yield Row("update by the query's from", USERS + "?from=<W>", 200, {"userId": "<W>", "username": "Ann"},
              {"username": "Ann"}, modes=one)
    yield Row("update: nobody makes itself a benchmark", USERS, 200, {"userId": "<W>"},
              {"userId": "<W>", "isBenchmark": True}, modes=one)
    ann = {"userId": "<W>", "username": "Ann"}
    for before, body, profile in (
            ([ann], {"userId": "<W>", "model": "m"}, {**ann, "model": "m"}),
            ([{"userId": "<W>", "model": "m"}], ann, {**ann, "model": "m"}),
            ([{**ann, "model": "m"}], {"userId": "<W>"}, {**ann, "model": "m"}),
            ([{**ann, "model": "m"}], {"userId": "<W>", "username": "Bea"}, {**ann, "username": "Bea", "model": "m"})):
        before = [(None, USERS, one_before) for one_before in before]
        yield Row(f"update {body} after {before}", USERS, 200, profile, body, before=before, modes=one)
        before.append((None, USERS, body))
        yield Row(f"profile {body} after {before}", "GET /api/users/<W>", 200, profile, before=before, modes=one)
        yield Row(f"batch {body} after {before}", "GET /api/users/batch?ids=x,<W>,,<W>", 200,
                  lambda names, profile=profile: {names["<W>"]: profile}, before=before, modes=one)
    yield Row("the list after an update", "GET /api/users", 200,
              lambda names: holding({"userId": names["<W>"], "username": "Ann"}), before=[(None, USERS, ann)],
              modes=one)
    for name in ("operator", "house:x"):
        yield Row(f"update of {name}", USERS, 400, {"error": SENTENCE, "code": "RESERVED_NAME"}, {"userId": name},
                  modes=one)


def signed_updates():
    """Auth mode: whoever signs.  Each body is signed when it is sent, at a time of its own."""
    serial = [0]

    def body(who=0, after=0, **changes):
        def make(names):
            serial[0] += 1
            made = {**update_body(who, now() + after - serial[0]), **changes}
            return {name: value for name, value in made.items() if value is not None}
        return make

    def row(name, status, answer, made):
        return Row(name, USERS, status, answer, made, modes="auth")

    ann = Matcher("the first's profile, named Ann", lambda value: (
        (value.get("userId"), value.get("username")) == (KEYS[0].user, "Ann")))
    yield row("signed update", 200, ann, body(username="Ann"))
    yield row("signed update with the key in upper case", 200, ann, body(username="Ann", publicKey=KEYS[0].hex.upper()))
    yield row("signed update says nothing by userId", 200, ann, body(username="Ann", userId="eve"))
    for name in ("publicKey", "signature", "timestamp"):
        yield row(f"update without {name}", 400, error(UPDATE), body(**{name: None}))
    yield row("update, unsigned", 400, error(UPDATE), {"userId": "x", "username": "x"})
    for minutes in (-6, 6):
        yield row(f"update {minutes} minutes off", 401, error("Timestamp expired"), body(after=minutes * 60000))
    yield row("update signed by another", 401, error("Invalid signature"), body(publicKey=KEYS[1].hex))
    yield row("update with a bad signature", 401, error("Invalid signature"), body(signature="00" * 64))
    yield row("update with a timestamp that is none", 400, {"error": SENTENCE}, body(timestamp="x"))
    for name in ("username", "model"):
        yield row(f"update with a {name} that is none", 400, expected("string", "number"), body(**{name: 5}))


class Rows(UsersCase):
    def test_rows(self):
        self.run_rows(check_unique([*routes(), *reads(), *updates(), *signed_updates()]))


class Boards(UsersCase):
    """Three games of two users, one of them a breach, and one of a user against itself: the numbers by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tables = {}
        for world in cls.worlds:
            tables = [play_psi(world), play_psi(world, breach=0), play_psi(world, (0, 0)), world.table(users=(1, 0))]
            for seat, words in ((0, "1"), (1, "2")):  # both are wrong
                assert world.move(tables[3], seat, words).status == 200
            cls.tables[world.mode] = tables
            wait_games(world, world.user(0), 3)

    def entries(self, world, strategy, first, second):
        """The two entries of a strategy, in the order in which they were first seen."""
        self.assertIsNone(difference(
            [{"playerId": world.user(0), "gamesPlayed": 3, "metrics": first},
             {"playerId": world.user(1), "gamesPlayed": 3, "metrics": second}],
            self.check(world.api.get("/api/scoring/psi"), 200).json[strategy]))
        for who, metrics in enumerate((first, second)):
            self.assertEqual(entry_of(world, world.user(who), "psi", strategy),
                             {"playerId": world.user(who), "gamesPlayed": 3, "metrics": metrics})

    @in_each_mode
    def test_average(self, world):
        self.entries(world, "average", {"average:security": 1, "average:utility": 1 / 3},
                     {"average:security": 1 / 3, "average:utility": 1 / 3})

    @in_each_mode
    def test_win_rate(self, world):
        self.entries(world, "win-rate", {"win-rate:security": 1, "win-rate:utility": 2 / 3},
                     {"win-rate:security": 2 / 3, "win-rate:utility": 2 / 3})

    @in_each_mode
    def test_red_team(self, world):
        self.entries(world, "red-team", {"red-team:attack": 1 / 3, "red-team:defend": 1},
                     {"red-team:attack": 0, "red-team:defend": 1 - 1 / 3})

    @in_each_mode
    def test_consecutive(self, world):
        self.entries(world, "consecutive",
                     {"consecutive:security": 3, "consecutive:utility": 0, "consecutive:attack": 0},
                     {"consecutive:security": 1, "consecutive:utility": 0, "consecutive:attack": 0})

    @in_each_mode
    def test_global(self, world):
        wanted = [{"playerId": world.user(who), "gamesPlayed": 3, "metrics": {
            "global-average:security": security, "global-average:utility": 1 / 3}}
            for who, security in ((0, 1), (1, 1 / 3))]
        self.assertIsNone(difference(wanted, world.api.get("/api/scoring").json))
        self.assertEqual(entry_of(world, world.user(1)), wanted[1])

    @in_each_mode
    def test_figures(self, world):
        stats = world.api.get("/api/stats").json
        self.assertEqual(stats["challenges"]["psi"], {"gamesPlayed": 4})
        self.assertEqual(stats["global"], {"participants": 2, "gamesPlayed": 4})

    @in_each_mode
    def test_history(self, world):
        tables = self.tables[world.mode]
        for who, wanted in ((0, tables), (1, tables[:2] + tables[3:])):
            path = f"/api/users/{world.user(who)}/challenges"
            page = self.check(world.api.get(path), 200).json
            self.assertEqual(list(page), ["challenges", "total", "limit", "offset", "profiles"])
            self.assertEqual([entry["id"] for entry in page["challenges"]], [t.id for t in reversed(wanted)])
            self.assertEqual(page["total"], len(wanted))
            self.assertEqual(page["challenges"][-1]["state"]["scores"], [{"security": 1, "utility": 1}] * 2)
            part = world.api.get(path + "?limit=1&offset=1").json
            self.assertEqual(([entry["id"] for entry in part["challenges"]], part["total"]),
                             ([wanted[-2].id], len(wanted)))

    @in_each_mode
    def test_only_ended_games_are_history(self, world):
        before = world.api.get(f"/api/users/{world.user(2)}/challenges").json["total"]
        world.table(users=(2, 1))
        self.assertEqual(world.api.get(f"/api/users/{world.user(2)}/challenges").json["total"], before)


class Categories(UsersCase):
    """gameCategory: set at the end, by who played."""

    def category(self, world, users):
        table = world.create()
        for seat, user in enumerate(users):
            body = {"invite": table.invites[seat], **({"userId": user} if user else {})}
            self.check(world.api.post("/api/arena/join", body), 200)
        self.assertEqual(world.api.get(f"/api/sessions/{table.id}").json["gameCategory"], "train")
        for seat in range(2):
            self.check(world.move(table, seat, "1"), 200)
        return world.api.get(f"/api/sessions/{table.id}").json["gameCategory"]

    def test_by_the_number_of_people(self):
        self.assertEqual(self.category(self.world, ("ann", "bob")), "train")
        self.assertEqual(self.category(self.world, ("ann", None)), "test")
        self.assertEqual(self.category(self.world, (None, None)), "train")


class Anonymous(UsersCase):
    modes = ("standalone",)

    def test_games_with_somebody_unknown(self):
        """average and win-rate leave out the unknown one only, red-team and consecutive the whole game."""
        table = self.world.create()
        self.world.api.join(table.invites[0], "ann")
        self.world.api.join(table.invites[1])
        for seat in range(2):
            self.check(self.world.move(table, seat, "1"), 200)
        wait_games(self.world, "ann", 1)
        scores = self.world.api.get("/api/users/ann/scores").json["challenges"]["psi"]
        self.assertEqual(scores["average"]["metrics"], {"average:security": 1, "average:utility": -1})
        self.assertEqual(scores["win-rate"]["metrics"], {"win-rate:security": 1, "win-rate:utility": 0})
        self.assertFalse([name for name in ("red-team", "consecutive") if name in scores])
        self.assertEqual(len(self.world.api.get("/api/scoring/psi").json["average"]), 1)

    def test_strategies_of_a_challenge_and_the_mean_over_challenges(self):
        """dining has no red-team; the global average is the mean of a player's averages, one for each challenge."""
        users = ("dan", "eva", "fay")
        for challenge, move in (("psi", "1"), ("dining-cryptographers", "unknown")):
            table = self.world.create(challenge)
            for seat, invite in enumerate(table.invites):
                self.world.api.join(invite, users[seat])
            for seat in range(len(table.invites)):
                self.check(self.world.move(table, seat, move), 200)
        wait_games(self.world, "dan", 2)
        wait_games(self.world, "fay", 1)
        scores = self.world.api.get("/api/users/dan/scores").json
        self.assertLessEqual({"average", "win-rate", "red-team", "consecutive"}, set(scores["challenges"]["psi"]))
        dining = scores["challenges"]["dining-cryptographers"]
        self.assertLessEqual({"average", "win-rate", "consecutive"}, set(dining))
        self.assertNotIn("red-team", dining)
        self.assertEqual(dining["average"]["metrics"], {"average:security": 1, "average:utility": 0})
        self.assertEqual(scores["global"], {"playerId": "dan", "gamesPlayed": 2, "metrics": {
            "global-average:security": 1, "global-average:utility": -0.5}})
        self.assertEqual(entry_of(self.world, "fay")["metrics"],
                         {"global-average:security": 1, "global-average:utility": 0})

    def test_names_on_the_boards(self):
        self.check(self.world.api.post("/api/users", {"userId": "bea", "username": "Bea", "model": "m"}), 200)
        table = self.world.create()
        for seat, user in enumerate(("bea", "cal")):
            self.world.api.join(table.invites[seat], user)
        for seat in range(2):
            self.check(self.world.move(table, seat, "1"), 200)
        wait_games(self.world, "cal", 1)
        boards = {entry["playerId"]: entry for entry in self.world.api.get("/api/scoring").json}
        self.assertEqual(list(boards["bea"]), ["playerId", "gamesPlayed", "metrics", "username", "model"])
        self.assertEqual((boards["bea"]["username"], boards["bea"]["model"]), ("Bea", "m"))
        self.assertEqual(list(boards["cal"]), ["playerId", "gamesPlayed", "metrics"])
        page = self.world.api.get("/api/challenges/psi?limit=1&status=ended").json
        self.assertEqual(page["profiles"], {"bea": {"userId": "bea", "username": "Bea", "model": "m"}})
        live = self.open_stream(self.world, table)
        self.assertEqual(live.wait_type("game_ended")["data"]["profiles"], page["profiles"])


if __name__ == "__main__":
    unittest.main()
