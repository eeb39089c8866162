#!/usr/bin/env python3
"""Operators that are wrong on purpose, sandboxed beside the good ones: each costs its own turn and nothing else.

The modules are those of tests/operators/hostile (HOSTILE_DIR): a game in which two players add 1, 2 or 3, and adding 3
is where most of them go wrong.  Meanwhile HOSTILE_SESSIONS (200) sessions of psi and pokemon are played by others, who
must notice nothing.
"""
import os
import re
import threading
import time
import unittest

from players import Ledger, Player, compare, compare_lobby

from arena_test import BUILD, PATIENCE, Game, Server, operator_path

FOLDER = os.environ.get("HOSTILE_DIR") or os.path.join(BUILD, "tests", "operators", "hostile")
SESSIONS = int(os.environ.get("HOSTILE_SESSIONS", "200"))
FAILED = {"error": "the operator failed in this turn: nothing was changed, another move may do", "code": "OPERATOR_FAILED"}

# Wrong when somebody adds 3: the turn fails, the session stays as it was.
IN_A_TURN = ("crash", "overflow-stack", "abort", "exit", "loop", "hog", "write-anywhere", "forge", "say-many",
             "say-much", "state-large", "result-odd", "say-nobody", "say-latin1", "timer-beyond", "active-beyond")
# The same, where the worker has its system call filter (a build with sanitizers has none).
FILTERED = ("open-file", "socket", "fork", "thread-signal")
# Wrong only at the end of the game.
AT_THE_END = ("score-nan", "finish-twice")
# Wrong when a move is refused: how it is told differs, that nothing changes does not.
IN_A_REFUSAL = ("reject-silent", "code-odd", "no-reason")
# Refused when the server starts.
AT_LOAD = ("abi-next", "no-symbol", "struct-short", "no-view", "id-odd", "metadata-broken", "metadata-no-players",
           "quota-greedy", "constructor-crash", "id-twice")


def module(name):
    return os.path.join(FOLDER, f"hostile-{name}.so")


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        names = IN_A_TURN + FILTERED + AT_THE_END + IN_A_REFUSAL + AT_LOAD
        names += ("good", "view-spectator-crash", "say-in-create")
        modules = [{"module": operator_path(name)} for name in ("psi", "pokemon")]
        modules += [{"module": module(name), "hosting": "sandbox", "deadlineMs": 400, "memoryBytes": 64 << 20}
                    for name in names]
        cls.server = Server({"operators": modules})
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.unfiltered = "filter" in cls.server.log_text()
        cls.ledger, cls.stop = Ledger(), threading.Event()
        cls.neighbours = [Player(cls.server.port, number, cls.ledger, cls.stop) for number in range(3)]
        for neighbour in cls.neighbours:
            neighbour.start()

    @classmethod
    def tearDownClass(cls):
        cls.stop.set()

    def setUp(self):
        self.api = self.server.api()
        self.addCleanup(self.api.close)

    def new_game(self, name):
        return Game(self.api, f"hostile-{name}", ("alice", "bob"))

    def add(self, game, seat, number):
        return self.api.move(game.id, game.invites[seat], str(number), "add")

    def seen(self, game):
        """All that the players can see of a game."""
        return [self.api.get(f"/api/sessions/{game.id}/view?from={invite}").body for invite in game.invites] + \
               [self.api.messages(game.id, invite) for invite in game.invites]

    def costs_one_turn(self, name):
        game = self.new_game(name)
        self.assertEqual(self.add(game, 0, 1).status, 200)
        before = self.seen(game)
        answer = self.add(game, 1, 3)
        self.assertEqual((answer.status, answer.json), (500, FAILED))
        self.assertEqual(self.seen(game), before)
        self.assertEqual(self.add(game, 1, 3).status, 500)
        answer = self.add(game, 1, 1)  # the game goes on
        self.assertEqual((answer.status, answer.json), (200, {"ok": "Message sent"}))
        self.assertEqual(self.add(game, 0, 1).status, 200)
        self.assertNotEqual(self.seen(game), before)

    def bad_game(self, name):
        """A game with a bad turn, as far as it gets: who fails again and again is held back for a while."""
        created = self.api.create(f"hostile-{name}")
        answers = [created]
        if created.status == 200:
            invites = created.json["invites"]
            answers += [self.api.join(invite) for invite in invites]
            answers.append(self.api.move(created.json["id"], invites[0], "3", "add"))
        for answer in answers:
            self.assertIn(answer.status, (200, 500, 503))
            self.assertTrue(answer.status == 200 or answer.json["code"] in ("OPERATOR_FAILED", "OPERATOR_BUSY"))

    def test_a_bad_turn_costs_one_turn(self):
        for name in IN_A_TURN:
            with self.subTest(name):
                self.costs_one_turn(name)

    def test_a_forbidden_system_call_costs_one_turn(self):
        if self.unfiltered:  # one of them sends the server a signal, and nothing would stop it
            self.skipTest("a build with sanitizers runs workers without the filter")
        for name in FILTERED:
            with self.subTest(name):
                self.costs_one_turn(name)

    def test_a_bad_end_leaves_the_game_open(self):
        for name in AT_THE_END:
            with self.subTest(name):
                game = self.new_game(name)
                for turn in range(5):
                    self.assertEqual(self.add(game, turn % 2, 2).status, 200)
                before = self.seen(game)
                answer = self.add(game, 1, 2)
                self.assertEqual((answer.status, answer.json), (500, FAILED))
                self.assertEqual(self.seen(game), before)
                self.assertEqual(self.api.session(game.id).json["state"]["status"], "active")

    def test_a_bad_refusal_changes_nothing(self):
        for name in IN_A_REFUSAL:
            with self.subTest(name):
                game = self.new_game(name)
                before = self.seen(game)
                answer = self.add(game, 0, 9)
                self.assertIn(answer.status, (400, 500))
                self.assertRegex(answer.json["code"], r"^[A-Z0-9_]{1,64}$")
                self.assertEqual(self.seen(game), before)
                self.assertEqual(self.add(game, 0, 1).status, 200)

    def test_a_bad_view_hides_the_game_and_not_the_session(self):
        game = self.new_game("view-spectator-crash")
        self.assertEqual(self.api.get(f"/api/sessions/{game.id}/view").json, FAILED)
        session = self.api.session(game.id)
        self.assertEqual((session.status, session.json["view"]), (200, {}))
        self.assertEqual(self.add(game, 0, 1).status, 200)

    def test_a_bad_create_makes_no_session(self):
        total = self.api.get("/api/challenges/hostile-say-in-create").json["total"]
        answer = self.api.create("hostile-say-in-create")
        self.assertEqual((answer.status, answer.json), (500, FAILED))
        self.assertEqual(self.api.get("/api/challenges/hostile-say-in-create").json["total"], total)

    def test_what_cannot_be_loaded_is_left_out(self):
        loaded = self.api.get("/api/metadata").json
        log = self.server.log_text()
        for name in AT_LOAD:
            self.assertNotIn(f"hostile-{name}", loaded)
            self.assertIn(module(name), log)
        self.assertIn("hostile-good", loaded)

    def test_bad_turns_one_after_the_other_do_not_wear_the_good_one_down(self):
        good, bad = self.new_game("good"), self.new_game("crash")
        for turn in range(6):
            # three failures in a row, then the module is paused: come back later
            self.assertIn(self.add(bad, 0, 3).status, (500,) if turn < 3 else (500, 503))
            self.assertEqual(self.add(good, turn % 2, 2).status, 200)
        state = self.api.session(good.id).json["state"]
        self.assertEqual((state["status"], [score["utility"] for score in state["scores"]]), ("ended", [0, 1]))

    def test_the_neighbours_notice_nothing(self):
        """Runs beside all of the others and after them, until enough sessions have been played."""
        end = time.monotonic() + 10 * PATIENCE
        while len(self.ledger.games) < SESSIONS and not self.ledger.errors and time.monotonic() < end:
            for name in ("crash", "exit", "say-many"):
                self.bad_game(name)
            time.sleep(0.05)
        self.stop.set()
        for neighbour in self.neighbours:
            neighbour.join(5 * PATIENCE)
            self.assertFalse(neighbour.is_alive())
        self.assertGreaterEqual(len(self.ledger.games), SESSIONS)
        self.assertEqual(compare(self.api, self.ledger) + compare_lobby(self.api, self.ledger), [])
        self.assertEqual([neighbour.client.repeats for neighbour in self.neighbours], [0] * len(self.neighbours))
        faults = re.search(r"^arena_faults_total (\d+)$", self.api.get("/metrics").text, re.MULTILINE)
        self.assertGreater(int(faults.group(1)), 0)
        print(f"hostile: {len(self.ledger.games)} sessions and {self.ledger.inputs()} moves of neighbours, "
              f"{faults.group(1)} faults beside them")


if __name__ == "__main__":
    unittest.main()
