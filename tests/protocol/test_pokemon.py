"""A battle over the wire: the messages, the choices, the rules of submitting, teams, forfeit, the house's player."""
import json
import random
import re
import unittest

from arena_test import Game
from battle_case import BattleCase
from games import battle_out, choices, choose, offers

TEAM = [{"species": "pikachu", "moves": ["thunderbolt", "quickattack"]}]
EXPORT = """Slugger (Gastrodon-East) (F) @ Leftovers
Ability: Storm Drain
Level: 50
Tera Type: Poison
EVs: 252 HP / 4 Def / 252 SpD
Calm Nature
- Surf
- Recover

Iron Valiant @ Booster Energy
Ability: Quark Drive
EVs: 252 SpA / 4 SpD / 252 Spe
Modest Nature
- Moonblast
- Aura Sphere
"""
HP = re.compile(r"\b(\d+)/(\d+)\b")
OTHER = [{"species": "venusaur", "moves": ["razorleaf"]}]


class Pokemon(BattleCase):
    def test_the_beginning(self):
        game = Game(self.api, "pokemon", ("alice", "bob"))
        for seat, invite in enumerate(game.invites):
            told = self.told(game, invite)
            self.assertEqual([message["type"] for message in told], ["log", "turn", "request"])
            own, public, request = told
            self.assertEqual((own["turn"], public["turn"], request["turn"]), (0, 0, 1))
            self.assertEqual(own["side"], f"p{seat + 1}")
            for log in (own["log"], public["log"]):
                self.assertEqual(sum(line.startswith("|switch|") for line in log), 2)
            self.assertEqual(request["phase"], "choosing")
            self.assertEqual(request["view"], self.view(game, invite))
            self.assertEqual(request["view"]["me"], seat)
            self.assertEqual(request["choices"], choices(self.api, game.id, invite)[0])
        self.assertEqual(sorted(self.view(game)["waiting_for"]), [0, 1])

    def test_both_submit_before_the_turn_resolves(self):
        game = Game(self.api, "pokemon")
        first, second = game.invites
        self.check(choose(self.api, game.id, first, "default"), 200, {"ok": "Message sent"})
        self.assertEqual(self.view(game)["turn"], 1)
        self.assertEqual(self.view(game)["waiting_for"], [1])
        self.assertEqual(len(self.told(game)), 1)
        self.refused(choose(self.api, game.id, first, "default"), 400,
                     "your action for this turn was already submitted", "ALREADY_CHOSEN")
        self.check(choose(self.api, game.id, second, "default"), 200)
        self.assertEqual([message["turn"] for message in self.told(game)], [0, 1])

    def test_an_illegal_action_keeps_the_turn(self):
        game = Game(self.api, "pokemon")
        for illegal in ("move 9", "switch 1", "switch 7", "attack", "", "move", "move splash dance", "x" * 5000):
            with self.subTest(illegal):
                answer = choose(self.api, game.id, game.invites[0], illegal)
                self.check(answer, 400)
                self.assertEqual(answer.json["code"], "INVALID_CHOICE")
        self.check(choose(self.api, game.id, game.invites[0], choices(self.api, game.id, game.invites[0])[0][0]), 200)

    def test_every_offered_choice_is_accepted(self):
        possible = None
        for index in range(9):
            game = Game(self.api, "pokemon", options={"options": {"data": "gen1-v1", "teams": [TEAM, OTHER]}})
            possible, turn = choices(self.api, game.id, game.invites[0])
            if index >= len(possible):
                break
            self.check(choose(self.api, game.id, game.invites[0], possible[index], turn=turn), 200)
        self.assertEqual(possible, ["move 1", "move 2"])

    def test_terastallization(self):
        team = [{"species": "pikachu", "moves": ["thunderbolt", "surf"], "tera": "water"}]
        game = Game(self.api, "pokemon", options={"options": {"format": "any", "teams": [team, [{"species": "venusaur",
                                                                                             "moves": ["growth"]}]]}})
        first, second = game.invites
        self.assertEqual(choices(self.api, game.id, first)[0], ["move 1", "move 2", "move 1 tera", "move 2 tera"])
        self.check(choose(self.api, game.id, first, "move surf Terastallize"), 200)
        self.assertEqual(self.view(game, first)["chosen"], "move 2 tera")
        self.check(choose(self.api, game.id, second, "default"), 200)
        self.assertIn("|-terastallize|p1a: Pikachu|Water", self.told(game)[1]["log"])
        own = self.view(game, first)["self"]["team"][0]
        self.assertEqual((own["type1"], own["type2"], own["terastallized"]), ("Water", "", True))
        self.assertIs(self.view(game, second)["foe_tera_used"], True)
        self.assertEqual(choices(self.api, game.id, first)[0], ["move 1", "move 2"])

    def test_nicknames_and_choices_as_json(self):
        team = [{"nickname": 'Zoë "/" x', "species": "pikachu", "moves": ["thunderbolt", "surf"], "tera": "water"},
                {"nickname": "Wall", "species": "snorlax", "moves": ["bodyslam"]}]
        game = Game(self.api, "pokemon", options={"options": {"format": "any", "teams": [team, [{"species": "venusaur",
                                                                                             "moves": ["growth"]}]]}})
        first, second = game.invites
        for illegal, why in (('{"move":9}', "from 1 to 4"), ('{"move":1,"tera":"yes"}', "true or false"),
                             ('{"switch":"Wal"}', "an action is"), ("{", "no JSON object")):
            answer = choose(self.api, game.id, first, illegal)
            self.check(answer, 400)
            self.assertIn(why, answer.json["error"])
            self.assertIn("switch 2 (Wall, Snorlax)", answer.json["error"])
        self.check(choose(self.api, game.id, first, '{"move": "surf", "tera": true}'), 200)
        self.check(choose(self.api, game.id, second, '{"move": 1}'), 200)
        public = self.told(game)
        self.assertTrue(any(line.startswith('|switch|p1a: Zoë "/" x|Pikachu, ') for line in public[0]["log"]))
        self.assertIn('|-terastallize|p1a: Zoë "/" x|Water', public[1]["log"])
        self.assertEqual(self.view(game, second)["foe"]["nickname"], 'Zoë "/" x')
        hidden = self.told(game, second) + public + [self.view(game), self.view(game, second)]
        self.assertNotIn("Wall", json.dumps(hidden))
        self.check(choose(self.api, game.id, first, '{"switch": "wall"}'), 200)
        self.check(choose(self.api, game.id, second, "default"), 200)
        self.assertTrue(any(line.startswith("|switch|p1a: Wall|Snorlax") for line in self.told(game)[-1]["log"]))

    def test_a_battle_to_the_end(self):
        game = Game(self.api, "pokemon", ("alice", "bob"))
        made = battle_out(self.api, game, random.Random(1))
        self.assertGreater(len(made), 10)
        session = self.check(self.api.session(game.id), 200).json
        state = session["state"]
        self.assertEqual(state["status"], "ended")
        self.assertEqual(state["playerIdentities"], dict(zip(game.invites, ("alice", "bob"))))
        end = self.told(game)[-1]
        self.assertEqual((end["type"], end["reason"]), ("end", "fainted"))
        shares = {0: [1, 0], 1: [0, 1], 2: [0.5, 0.5]}[end["winner"]]
        self.assertEqual([score["utility"] for score in state["scores"]], shares)
        turns = [message["turn"] for message in self.told(game) if message["type"] == "turn"]
        self.assertEqual(turns, sorted(turns))
        moves = [message for message in self.api.messages(game.id) if message.get("to") == "operator"]
        self.assertEqual([(game.invites.index(message["from"]), message["content"]) for message in moves],
                         [(seat, f"(choose) {choice}") for seat, choice in made])
        for invite in game.invites:
            self.assertEqual(offers(self.api, game.id, invite)[0], [])

    def test_the_journal_after_the_end(self):
        game = Game(self.api, "pokemon", ("alice", "bob"), {"options": {"teamSize": 2}})
        self.check(self.api.get(f"/api/sessions/{game.id}/replay"), 409)
        made = battle_out(self.api, game, random.Random(2))
        replay = self.check(self.api.get(f"/api/sessions/{game.id}/replay"), 200).json
        self.assertEqual([turn["kind"] for turn in replay["turns"]],
                         ["create", "join", "join"] + ["message"] * len(made))
        self.assertEqual([(turn["player"], turn["content"]) for turn in replay["turns"][3:]], made)
        digests = [turn["digest"] for turn in replay["turns"][2:]]
        self.assertEqual(len(set(digests)), len(digests))

    def test_forfeit(self):
        game = Game(self.api, "pokemon", ("alice", "bob"))
        self.check(self.api.move(game.id, game.invites[0], "", "forfeit"), 200)
        state = self.api.session(game.id).json["state"]
        self.assertEqual([score["utility"] for score in state["scores"]], [0, 1])
        self.assertEqual(state["attributions"], [{"from": 0, "to": 1, "type": "forfeit"}])
        self.assertEqual(self.told(game)[-1], {"type": "end", "winner": 1, "reason": "forfeit"})

    def test_teams_are_chosen_first(self):
        game = Game(self.api, "pokemon", options={"options": {"data": "gen1-v1", "team": "choose", "teamSize": 1}})
        first, second = game.invites
        self.refused(choose(self.api, game.id, first, "move 1"), 400, "submit a team before sending actions",
                     "TEAM_FIRST")
        bad = [[], [{"species": "missingno", "moves": ["surf"]}], [{"species": "pikachu", "moves": []}],
               [{"species": "pikachu", "moves": ["surf", "surf"]}], [{"species": "magikarp", "moves": ["fireblast"]}],
               TEAM + OTHER, "nonsense", {"a": 1}, [{"species": "pikachu"}], [5]]
        for team in bad:
            with self.subTest(team=team):
                answer = self.api.move(game.id, first, json.dumps(team), "team")
                self.check(answer, 400)
                self.assertEqual(answer.json["code"], "INVALID_TEAM")
        self.check(self.api.move(game.id, first, json.dumps(TEAM), "team"), 200)
        self.check(self.api.move(game.id, first, json.dumps(TEAM), "team"), 400)
        self.assertNotIn("pikachu", self.api.get(f"/api/sessions/{game.id}/view?from={second}").text.lower())
        self.check(self.api.move(game.id, second, "random", "team"), 200)
        self.assertEqual(self.view(game)["phase"], "choosing")
        self.assertEqual(self.view(game, first)["self"]["team"][0]["species"], "pikachu")

    def test_teams_of_generation_9(self):
        """In a format, in each of three forms; a team with mistakes is told all of them, with slot and field."""
        game = Game(self.api, "pokemon", options={"options": {"format": "singles", "team": "choose"}})
        first, second = game.invites
        bad = EXPORT.replace("4 Def", "255 Def").replace("- Surf", "- Thunderbolt").replace("Modest", "Modern")
        answer = self.api.move(game.id, first, bad, "team")
        self.check(answer, 400)
        self.assertEqual(answer.json["code"], "INVALID_TEAM")
        for mistake in ("slot 1, evs: ", "slot 1, moves: ", "slot 2, nature: "):
            self.assertIn(mistake, answer.json["error"])
        self.refused(self.api.move(game.id, first, "Koraidon\nAbility: Orichalcum Pulse\n- Flare Blitz", "team"), 400,
                     "slot 1, species: Koraidon is not allowed in Standard singles; take another Pokémon", "INVALID_TEAM")
        self.check(self.api.move(game.id, first, EXPORT, "team"), 200)
        packed = "Dondozo||leftovers|unaware|wavecrash,rest||||||50|"
        self.check(self.api.move(game.id, second, packed, "team"), 200)
        own = self.view(game, first)["self"]["team"]
        self.assertEqual([(mon["species"], mon["item"], mon["ability"], mon["level"]) for mon in own],
                         [("gastrodoneast", "Leftovers", "Storm Drain", 50), ("ironvaliant", "Booster Energy",
                                                                              "Quark Drive", 100)])
        foe = self.view(game, first)["foe"]
        self.assertEqual(foe["species"], "dondozo")
        self.assertFalse({"item", "ability", "tera_type"} & set(foe))

    def log(self, game, kind, viewer=None):
        """The whole log: the pieces of all messages of a kind, one behind the other."""
        return [line for message in self.told(game, viewer) if message["type"] == kind for line in message["log"]]

    def test_the_log(self):
        """Public and per side, whole from the header to the end, the same but for the own side's HP."""
        game = Game(self.api, "pokemon", ("alice", "bob"))
        own = []
        battle_out(self.api, game, random.Random(6))
        public = self.log(game, "turn")
        self.assertEqual(public[:6], ["|player|p1|p1||", "|player|p2|p2||", "|teamsize|p1|6", "|teamsize|p2|6",
                                      "|gametype|singles", "|gen|9"])
        self.assertTrue(public[6].startswith("|tier|"))
        self.assertEqual(public.count("|start"), 1)
        self.assertLess(public.index("|start"), public.index("|turn|1"))
        self.assertRegex(public[-1], r"^\|(win\|p[12]|tie)$")
        self.assertTrue(all(whole == "100" for line in public for _, whole in HP.findall(line)))
        for side, invite in enumerate(game.invites):
            own = [line for message in self.told(game, invite)
                   if message["type"] == "log" and message["side"] == f"p{side + 1}" for line in message["log"]]
            self.assertEqual([HP.sub("HP", line) for line in own], [HP.sub("HP", line) for line in public])
            for line in own:
                for _, whole in HP.findall(line):
                    self.assertEqual(whole != "100", line.split("|")[2].startswith(f"p{side + 1}"), line)

    def test_options_that_cannot_be_used(self):
        for options in ({"opponent": "champion"}, {"team": "mine"}, {"teamSize": 7}, {"level": 0}, {"nonsense": 1},
                        {"teams": [1, 2]}, {"maxTurns": 1001}, {"turnSeconds": -1}, {"format": "ladder"},
                        {"data": "gen10"}, {"data": "gen1-v1", "maxTurns": 301}, {"format": "flat", "teamSize": 2},
                        {"data": "gen1-v1", "format": "singles"}):
            with self.subTest(options=options):
                answer = self.check(self.api.create("pokemon", {"options": options}), 400)
                self.assertTrue(answer.json["error"])

    def test_a_turn_limit(self):
        game = Game(self.api, "pokemon", options={"options": {"maxTurns": 2}})
        battle_out(self.api, game, random.Random(3))
        self.assertLessEqual(self.view(game)["turn"], 3)
        self.assertEqual(self.told(game)[-1]["type"], "end")

    def test_against_the_house(self):
        for name in ("random", "heuristic"):
            with self.subTest(name):
                options = {"options": {"opponent": name, "teamSize": 3}}
                created = self.check(self.api.create("pokemon", options), 200).json
                self.assertEqual(len(created["invites"]), 1)
                invite, session = created["invites"][0], created["id"]
                self.check(self.api.join(invite, "alice"), 200)
                chance = random.Random(4)
                for _ in range(2000):
                    possible, turn = choices(self.api, session, invite)
                    if not possible:
                        break
                    self.check(choose(self.api, session, invite, chance.choice(possible), turn=turn), 200)
                state = self.api.session(session).json["state"]
                self.assertEqual(state["status"], "ended")
                self.assertEqual(state["playerIdentities"][invite], "alice")
                self.assertEqual(len(state["players"]), 2)
                self.assertEqual(len(state["scores"]), 2)

    def test_the_clock_plays_for_who_is_away(self):
        """With a clock of a second the game ends although nobody ever acts; each seat is told."""
        game = Game(self.api, "pokemon", ("alice", "bob"), {"options": {"turnSeconds": 1, "teams": [TEAM, OTHER]}})
        streams = [self.stream(f"challenge_{game.id}", invite) for invite in game.invites]
        for stream in streams:
            stream.wait_type("game_ended")
        self.assertEqual(self.api.session(game.id).json["state"]["status"], "ended")
        for invite in game.invites:
            self.assertTrue([message for message in self.told(game, invite) if message["type"] == "info"])


if __name__ == "__main__":
    unittest.main()
