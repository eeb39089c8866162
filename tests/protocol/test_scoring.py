"""Boards: every ended game counts once, under every strategy, whatever ends the server in between."""
import random
import threading
import unittest

from arena_test import ArenaCase, Game, operator_path, run_cli
from games import numbers, psi_set
from scoring import Boards

OPERATORS = [{"module": operator_path(name)}
             for name in ("psi", "ultimatum", "millionaire", "dining-cryptographers", "pokemon")]


def guess_wealth(api, game, rng):
    for invite in game.invites:
        assert api.move(game.id, invite, str(rng.randint(1, 100)), "guess").status == 200


def guess_sets(api, game, rng):
    """The truth, a part of it, the other's whole set, or nonsense."""
    sets = [psi_set(api, game.id, invite) for invite in game.invites]
    common = [n for n in sets[0] if n in sets[1]]
    for seat, invite in enumerate(game.invites):
        guess = rng.choice([common, common[:1], sets[1 - seat], [1, 2]])
        assert api.move(game.id, invite, ", ".join(map(str, guess)), "guess").status == 200


def split(api, game, rng):
    share = rng.randint(0, 100)
    assert api.move(game.id, game.invites[0], f"{share} {100 - share}", "submit_offer").status == 200
    assert api.move(game.id, game.invites[1], "", "accept").status == 200


def dine(api, game, rng):
    for invite in game.invites:
        guess = rng.choice(["external", "internal", "unknown", game.invites[0]])
        assert api.move(game.id, invite, guess, "guess").status == 200


def give_up(api, game, rng):
    loser = rng.choice(game.invites)
    answer = api.move(game.id, loser, "", "forfeit")
    assert answer.status == 200, answer


GAMES = {"millionaire": (2, guess_wealth), "psi": (2, guess_sets), "ultimatum": (2, split),
         "dining-cryptographers": (3, dine), "pokemon": (2, give_up)}


class ScoringCase(ArenaCase):
    settings = {"operators": OPERATORS}

    def play(self, kind, users, rng, api=None):
        """One game to its end; returns the session."""
        api = api or self.api
        game = Game(api, kind, users[:GAMES[kind][0]])
        GAMES[kind][1](api, game, rng)
        session = api.session(game.id).json
        self.assertEqual(session["state"]["status"], "ended", session)
        return session

    def check_boards(self, expected, order=True):
        for kind in GAMES:
            told = self.check(self.api.get(f"/api/scoring/{kind}"), 200).json
            wanted = expected.of_type(kind)
            if not order:
                told, wanted = ({name: sorted(board, key=lambda entry: entry["playerId"])
                                 for name, board in boards.items()} for boards in (told, wanted))
            self.assertEqual(told, wanted, kind)
        told = {entry["playerId"]: entry for entry in self.check(self.api.get("/api/scoring"), 200).json}
        self.assertEqual(told, expected.globally())
        stats = self.check(self.api.get("/api/stats"), 200).json
        self.assertEqual({kind: figures["gamesPlayed"] for kind, figures in stats["challenges"].items()},
                         {kind: expected.played.get(kind, 0) for kind in GAMES})
        self.assertEqual(stats["global"], {"participants": len(expected.globally()),
                                           "gamesPlayed": sum(expected.played.values())})


class EveryStrategy(ScoringCase):
    def test_random_games_of_all_types(self):
        """Against the same strategies written down a second time; users may be unknown or sit on two seats."""
        rng, expected = random.Random(11), Boards()
        users = ["ada", "ben", "cleo", "dan", None]
        for _ in range(120):
            kind = rng.choice(list(GAMES))
            expected.count(self.play(kind, [rng.choice(users) for _ in range(3)], rng))
        self.check_boards(expected)
        for user in users[:4]:
            told = self.check(self.api.get(f"/api/users/{user}/scores"), 200).json
            self.assertEqual(told["global"], expected.globally()[user])
            wanted = {}
            for kind in GAMES:
                for strategy, board in expected.of_type(kind).items():
                    for entry in board:
                        if entry["playerId"] == user:
                            wanted.setdefault(kind, {})[strategy] = entry
            self.assertEqual(told["challenges"], wanted)
        self.restart(self.server.stop)
        self.check_boards(expected)
        self.restart(self.server.kill)
        self.check_boards(expected)


class OnceOnly(ScoringCase):
    def test_kills_between_games(self):
        """Killed again and again before and after boards are written: no game is lost or counted twice (P-42)."""
        rng, expected = random.Random(5), Boards()
        for round_number in range(6):
            for _ in range(8):
                expected.count(self.play(rng.choice(["millionaire", "psi"]), rng.sample(["a", "b", "c"], 2), rng))
            self.restart(self.server.kill if round_number % 3 else self.server.stop)
            self.check_boards(expected)

    def test_many_at_once(self):
        """200 games of two users at 16 connections: all of them count, under every strategy."""
        sessions, lock = [], threading.Lock()

        def player(number):
            api, rng = self.server.api(), random.Random(number)
            for _ in range(13):
                session = self.play("millionaire", ["eve", "fay"], rng, api)
                with lock:
                    sessions.append(session)
            api.close()

        threads = [threading.Thread(target=player, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(sessions), 208)
        boards = self.check(self.api.get("/api/scoring/millionaire"), 200).json
        for strategy, board in boards.items():
            games = {entry["playerId"]: entry["gamesPlayed"] for entry in board if entry["playerId"] in ("eve", "fay")}
            self.assertEqual(games, {"eve": 208, "fay": 208}, strategy)
        total = sum(session["state"]["scores"][session["state"]["players"].index(player)]["utility"]
                    for session in sessions for player, user in session["state"]["playerIdentities"].items()
                    if user == "eve")
        eve = next(entry for entry in boards["average"] if entry["playerId"] == "eve")
        self.assertEqual(eve["metrics"]["average:utility"], total / 208)

    def test_the_same_move_again_counts_once(self):
        """The move that ends a game, sent three times under its key."""
        game = Game(self.api, "millionaire", ["gil", "hal"])
        self.api.move(game.id, game.invites[0], "50", "guess")
        for _ in range(3):
            self.check(self.api.move(game.id, game.invites[1], "50", "guess", key="the-last-move"), 200)
        board = self.api.get("/api/scoring/millionaire").json["average"]
        self.assertEqual([entry["gamesPlayed"] for entry in board if entry["playerId"] in ("gil", "hal")], [1, 1])


class BackFill(ScoringCase):
    settings = {"operators": OPERATORS, "scoring": {"default": ["average"], "challenges": {}, "global": []}}

    def test_a_strategy_that_comes_later_has_the_games_before(self):
        rng, expected = random.Random(3), Boards()
        for _ in range(30):
            expected.count(self.play(rng.choice(["millionaire", "psi"]), rng.sample(["a", "b", "c"], 2), rng))
        self.assertEqual(list(self.api.get("/api/scoring/psi").json), ["average"])
        self.assertEqual(self.api.get("/api/scoring").json, [])
        self.server.configure({"operators": OPERATORS})
        self.restart(self.server.stop)
        for _ in range(5):
            expected.count(self.play("psi", rng.sample(["a", "b", "c"], 2), rng))
        self.check_boards(expected, order=False)
        self.server.stop()
        done = run_cli("recompute", self.server.data, "--config", self.server.config, "--json")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r'"games":\s*35\b.*"differs?":\s*0\b')
        self.server.start()
        self.api.close()
        self.check_boards(expected, order=False)


class Queries(ScoringCase):
    def test_the_best_first(self):
        rng = random.Random(9)
        for _ in range(12):
            self.play("pokemon", rng.sample(["a", "b", "c", "d"], 2), rng)
        whole = self.api.get("/api/scoring/pokemon").json["elo"]
        best = self.check(self.api.get("/api/scoring/pokemon?strategy=elo&sort=rating&limit=2"), 200).json
        self.assertEqual(list(best), ["elo"])
        by_rating = sorted(whole, key=lambda entry: (-entry["metrics"]["elo:rating"], -entry["metrics"]["elo:wins"]))
        self.assertEqual(best["elo"], by_rating[:2])
        rest = self.api.get("/api/scoring/pokemon?strategy=elo&sort=rating&offset=2").json["elo"]
        self.assertEqual(best["elo"] + rest, by_rating)

    def test_what_is_not_there(self):
        self.check(self.api.get("/api/scoring/nope"), 404, {"error": "Unknown challenge type"})
        answer = self.check(self.api.get("/api/scoring/pokemon?strategy=luck"), 400)
        self.assertEqual(answer.json["code"], "UNKNOWN_STRATEGY")
        answer = self.check(self.api.get("/api/scoring/pokemon?sort=luck"), 400)
        self.assertEqual(answer.json["code"], "UNKNOWN_METRIC")
        self.check(self.api.get("/api/scoring/ultimatum"), 200, {})

    def test_profiles_stand_in_entries(self):
        self.api.post("/api/users", {"userId": "ida", "username": "Ida", "model": "m-1"})
        self.play("millionaire", ["ida", "jon"], random.Random(1))
        entries = self.api.get("/api/scoring").json
        ida = next(entry for entry in entries if entry["playerId"] == "ida")
        self.assertEqual(list(ida), ["playerId", "gamesPlayed", "metrics", "username", "model"])
        jon = next(entry for entry in entries if entry["playerId"] == "jon")
        self.assertEqual(list(jon), ["playerId", "gamesPlayed", "metrics"])


if __name__ == "__main__":
    unittest.main()
