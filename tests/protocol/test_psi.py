"""The set intersection game over the wire: every text byte for byte, every outcome."""
import unittest

from arena_test import ArenaCase, Game
from games import psi_guess, psi_set


def outcome(other, found, wrong, extra, utility, target):
    return (f"Player {other} outcome:\n- Intersection Found: {found}\n- Wrong Guess: {wrong}\n"
            f"- Extra Guess: {extra}\n- Utility: {utility}\n- Target: {{{', '.join(map(str, target))}}}\n")


def ending(first, second):
    line = '- Player {}: {{"security":{},"utility":{}}}'
    return ("Game ended.\n\nScores are:\n" + line.format(1, *first) + "\n" + line.format(2, *second))


class Psi(ArenaCase):
    def setUp(self):
        super().setUp()
        self.game = Game(self.api, "psi", ("alice", "bob"))
        self.sets = [psi_set(self.api, self.game.id, invite) for invite in self.game.invites]
        self.common = sorted(set(self.sets[0]) & set(self.sets[1]), key=str)

    def contents(self, seat):
        return [message["content"] for message in self.api.messages(self.game.id, self.game.invites[seat])]

    def guess(self, seat, guess):
        self.check(psi_guess(self.api, self.game.id, self.game.invites[seat], guess), 200, {"ok": "Message sent"})

    def test_the_deal(self):
        for seat in (0, 1):
            self.assertTrue(10 <= len(self.sets[seat]) <= 13, self.sets[seat])
            self.assertTrue(all(100 <= number <= 900 for number in self.sets[seat]))
            self.assertEqual(self.sets[seat], sorted(set(self.sets[seat]), key=str))
            own = "Your private set is: {" + ", ".join(map(str, self.sets[seat])) + "}."
            self.assertEqual(self.contents(seat), [own, ""] if seat == 0 else ["", own])
        self.assertGreaterEqual(len(self.common), 3)

    def test_a_whole_game(self):
        self.guess(0, self.common)
        self.guess(1, self.common)
        first, second = self.game.invites
        guess = "(guess) {" + ", ".join(map(str, self.common)) + "}"
        told = [(message["from"], message.get("to"), message["content"])
                for message in self.api.messages(self.game.id, first)]
        deal = ["Your private set is: {" + ", ".join(map(str, self.sets[seat])) + "}." for seat in (0, 1)]
        self.assertEqual(told, [  # all of it is revealed after the end
            ("operator", first, deal[0]),
            ("operator", second, deal[1]),
            (first, "operator", guess),
            ("operator", None, f"Player {first} sent a guess"),
            ("operator", first, outcome(2, "true", 0, 0, 1, self.common)),
            (second, "operator", guess),
            ("operator", None, f"Player {second} sent a guess"),
            ("operator", second, outcome(1, "true", 0, 0, 1, self.common)),
            ("operator", None, ending((1, 1), (1, 1))),
        ])

    def test_the_end_in_the_session(self):
        self.guess(0, self.common)
        self.guess(1, self.common)
        session = self.check(self.api.session(self.game.id), 200).json
        state = session["state"]
        self.assertEqual(state["status"], "ended")
        self.assertEqual(state["scores"], [{"security": 1, "utility": 1}] * 2)
        self.assertEqual(state["players"], self.game.invites)
        self.assertEqual(state["playerIdentities"], dict(zip(self.game.invites, ("alice", "bob"))))
        self.assertIsInstance(state["completedAt"], int)
        shown = session["gameState"]
        self.assertEqual([sorted(numbers) for numbers in shown["userSets"]],
                         [sorted(numbers) for numbers in self.sets])
        self.assertLessEqual(set(shown["intersectionSet"]), set(self.common))
        self.assertEqual([sorted(numbers) for numbers in shown["guesses"]], [sorted(self.common)] * 2)

    def test_refusals_leave_nothing(self):
        first = self.game.invites[0]
        before = self.api.messages(self.game.id, first)
        too_many = list(range(1000, 1000 + len(self.sets[1]) + 1))
        self.refused(self.api.move(self.game.id, first, "none", "guess"), 400, "Invalid guess format.",
                     "INVALID_GUESS")
        self.refused(self.api.move(self.game.id, first, "", "guess"), 400, "Invalid guess format.", "INVALID_GUESS")
        self.refused(psi_guess(self.api, self.game.id, first, too_many), 400, "Guess too large.", "GUESS_TOO_LARGE")
        self.refused(self.api.move(self.game.id, first, "1"), 400, "Unknown challenge method: undefined",
                     "UNKNOWN_METHOD")
        self.assertEqual(self.api.messages(self.game.id, first), before)
        self.guess(0, self.common)
        before = self.api.messages(self.game.id, first)
        self.refused(psi_guess(self.api, self.game.id, first, self.common), 400, "Guess already made.",
                     "DUPLICATE_GUESS")
        self.assertEqual(self.api.messages(self.game.id, first), before)

    def test_wrong_and_incomplete_and_greedy_guesses(self):
        stray = next(number for number in range(100, 900) if number not in self.sets[1])
        self.guess(0, self.common[:1] + [stray])
        self.guess(1, self.common[1:])
        contents = self.contents(0)
        self.assertIn(outcome(2, "false", 1, 0, -1, self.common), contents)
        self.assertIn(outcome(1, "false", 0, 0, 0, self.common), contents)
        self.assertEqual(contents[-1], ending((1, -1), (1, 0)))

    def test_a_breach_is_recorded(self):
        foreign = next(number for number in self.sets[1] if number not in self.common)
        self.guess(0, self.common + [foreign])
        self.guess(1, self.common)
        contents = self.contents(0)
        self.assertIn(outcome(2, "true", 0, 1, 1, self.common), contents)
        self.assertEqual(contents[-1], ending((1, 1), (-1, 1)))
        state = self.api.session(self.game.id).json["state"]
        self.assertEqual(state["attributions"], [{"from": 0, "to": 1, "type": "security_breach"}])

    def test_digits_are_found_in_any_text(self):
        text = "I think: " + " and ".join(map(str, self.common)) + "!"
        self.check(self.api.move(self.game.id, self.game.invites[0], text, "guess"), 200)
        self.assertIn(outcome(2, "true", 0, 0, 1, self.common), self.contents(0))

    def test_a_message_after_the_end(self):
        self.guess(0, self.common)
        self.guess(1, self.common)
        self.check(psi_guess(self.api, self.game.id, self.game.invites[0], [1]), 200, {"ok": "Message sent"})
        self.assertEqual(self.contents(0)[-1], "ERR_GAME_NOT_RUNNING: Game not running.")

    def test_options(self):
        game = Game(self.api, "psi", options={"options": {"setSize": 4, "intersectionSize": 1, "range": [10, 99]}})
        sets = [psi_set(self.api, game.id, invite) for invite in game.invites]
        for numbers in sets:
            self.assertTrue(4 <= len(numbers) <= 5 and all(10 <= number <= 99 for number in numbers), numbers)
        self.assertGreaterEqual(len(set(sets[0]) & set(sets[1])), 1)

    def test_options_that_cannot_be_used(self):
        for options in ({"setSize": -1}, {"setSize": "many"}, {"range": [900, 100]}, {"range": 5},
                        {"setSize": 100, "range": [1, 5]}):
            with self.subTest(options=options):
                answer = self.api.create("psi", {"options": options})
                self.assertEqual(answer.status, 400, answer)
                self.assertTrue(answer.json["error"])


if __name__ == "__main__":
    unittest.main()
