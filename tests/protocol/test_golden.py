"""Whole games of every operator in both modes: the four of SpecArena to the byte, a battle to its end."""
import os
import random
import unittest

from golden import Play, read_games
from worlds import WorldCase, in_each_mode

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden")


class Golden(WorldCase):
    def play(self, name):
        for game in read_games(os.path.join(FOLDER, name + ".txt")):
            for world in self.worlds:
                with self.subTest(game.name, mode=world.mode):
                    Play(self, world, game).run()

    def test_psi(self):
        self.play("psi")

    def test_ultimatum(self):
        self.play("ultimatum")

    def test_millionaire(self):
        self.play("millionaire")

    def test_dining_cryptographers(self):
        self.play("dining-cryptographers")


class Battle(WorldCase):
    """The battle's rules have tests of their own; here it is played through by whoever may act."""

    def asked(self, world, table, seat):
        answer = world.act(table, seat, "GET", f"/api/sessions/{table.id}/actions")
        self.assertEqual(answer.status, 200, answer)
        return [action for action in answer.json["actions"] if action["method"] == "choose"], answer.json["turn"]

    @in_each_mode
    def test_a_battle(self, world):
        chance, table = random.Random(5), world.table(challenge="pokemon")
        for _ in range(1000):
            deeds = [(seat, *self.asked(world, table, seat)) for seat in range(2)]
            for seat, actions, turn in deeds:
                if actions:
                    move = chance.choice(actions)
                    answer = world.move(table, seat, move["content"], move["method"], turn=turn)
                    self.assertIn(answer.status, (200, 409), answer)  # 409: the other's choice ended the turn
            if not any(actions for _, actions, _ in deeds):
                break
        state = world.state(table)
        self.assertEqual(state["status"], "ended")
        utilities = sorted(score["utility"] for score in state["scores"])
        self.assertIn(utilities, ([0, 1], [0.5, 0.5]))  # the last two may faint at once: a draw
        self.assertEqual(list(state["playerIdentities"].values()), [world.user(0), world.user(1)])
        self.assertEqual([message["index"] for message in world.read(table)],
                         list(range(1, len(world.read(table)) + 1)))

    @in_each_mode
    def test_giving_up(self, world):
        table = world.table(challenge="pokemon")
        self.check(world.move(table, 1, "", "forfeit"), 200, {"ok": "Message sent"})
        self.assertEqual([score["utility"] for score in world.state(table)["scores"]], [1, 0])


if __name__ == "__main__":
    unittest.main()
