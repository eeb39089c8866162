"""National-dex play over the wire: Mega Evolution, Z-Moves, teams of the past, the house, a replay from the journal."""
import random
import unittest

from arena_test import Game
from battle_case import BattleCase
from games import battle_out, choices, choose

EXPORT = """Charizard @ Charizardite Y
Ability: Blaze
- Flamethrower
- Roost

Snorlax @ Snorlium Z
Ability: Thick Fat
- Giga Impact
- Rest
"""
PACKED = "Metagross||metagrossite|clearbody|meteormash,earthquake||||||100|]Hitmonlee||fightiniumz||highjumpkick||||||100|"
OPTIONS = {"data": "natdex-v1", "format": "any"}


class NationalDex(BattleCase):
    def request(self, game, invite):
        return [message for message in self.told(game, invite) if message["type"] == "request"][-1]

    def play(self, game, first, second):
        for invite, choice in zip(game.invites, (first, second)):
            self.check(choose(self.api, game.id, invite, choice), 200)

    def test_mega_evolution_and_z_moves(self):
        """Offered, said in the request, carried out, seen by the other, and then gone."""
        game = Game(self.api, "pokemon", options={"options": {**OPTIONS, "teams": {"p1": EXPORT, "p2": PACKED}}})
        first, second = game.invites
        asked = self.request(game, first)
        self.assertIs(asked["canMegaEvo"], True)
        self.assertNotIn("canZMove", asked)
        self.assertEqual(asked["choices"], ["move 1", "move 2", "switch 2", "move 1 mega", "move 2 mega"])
        self.assertEqual(self.check(choose(self.api, game.id, first, "move 1 zmove"), 400).json["code"], "INVALID_CHOICE")
        self.play(game, "move roost mega", "switch 2")
        turn = [message for message in self.told(game) if message["type"] == "turn"][-1]
        self.assertIn("|-mega|p1a: Charizard|Charizard|Charizardite Y", turn["log"])
        self.assertEqual(self.view(game, second)["foe"]["species"], "charizardmegay")
        self.assertIs(self.view(game, second)["foe_mega_used"], True)
        asked = self.request(game, second)
        self.assertEqual(asked["canZMove"], [{"move": "All-Out Pummeling"}, None, None, None])
        self.assertEqual(choices(self.api, game.id, second)[0], ["move 1", "switch 1", "move 1 zmove"])
        self.play(game, "switch 2", "move 1 zmove")
        turn = [message for message in self.told(game) if message["type"] == "turn"][-1]
        self.assertIn("|-zpower|p2a: Hitmonlee", turn["log"])
        self.assertIs(self.view(game, first)["foe_z_used"], True)
        self.assertIs(self.view(game, first)["self_z_used"], False)

    def test_a_team_that_is_not_legal(self):
        game = Game(self.api, "pokemon", options={"options": {**OPTIONS, "team": "choose"}})
        answer = self.api.move(game.id, game.invites[0], EXPORT.replace("Roost", "Recover"), "team")
        self.refused(answer, 400, "slot 1, moves: Charizard cannot learn Recover; take another move", "INVALID_TEAM")
        for invite, team in zip(game.invites, (EXPORT, "random")):
            self.check(self.api.move(game.id, invite, team, "team"), 200)
        self.assertEqual(self.view(game)["phase"], "choosing")

    def test_a_battle_to_the_end(self):
        game = Game(self.api, "pokemon", ("alice", "bob"), {"options": {"data": "natdex-v1"}})
        battle_out(self.api, game, random.Random(5))
        self.assertEqual(self.told(game)[-1]["type"], "end")
        self.assertEqual(self.view(game)["data"], "natdex-v1")

    def test_against_the_house(self):
        created = self.check(self.api.create("pokemon", {"options": {**OPTIONS, "opponent": "heuristic",
                                                                     "teams": {"p1": PACKED, "p2": EXPORT}}}), 200).json
        invite, session = created["invites"][0], created["id"]
        self.check(self.api.join(invite, "alice"), 200)
        for _ in range(300):
            possible, turn = choices(self.api, session, invite)
            if not possible:
                break
            self.check(choose(self.api, session, invite, possible[0], turn=turn), 200)
        self.assertEqual(self.api.session(session).json["state"]["status"], "ended")
        said = "".join(message["content"] for message in self.api.messages(session) if message["from"] == "operator")
        self.assertIn("|-mega|p2a: Charizard|Charizard|Charizardite Y", said)


if __name__ == "__main__":
    unittest.main()
