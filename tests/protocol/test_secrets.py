"""No secret before the end: everything that anybody can be told of a whole game is kept and looked through.

A free invite, a user's id, the raw state, the seed, a private set, a Pokémon that was not yet seen, a move that was
not yet used, an ability or item that did not show, exact HP of the foe: none of them may be in an answer or an event before the session has ended.
"""
import json
import random
import re
import unittest
import uuid

from arena_test import ArenaCase, Game
from games import battle_out, choices, choose, psi_guess, psi_set
from recorder import Names, Recorder

REVEALS = re.compile(r"\|(?:switch|drag|replace|detailschange|-formechange)\|p([12])a: ([^|\\]+)\|([^,|\\]+)")
USES = re.compile(r"\|(?:move|cant|-singleturn|-prepare|-start|-activate)\|p([12])a: [^|\\]+\|(?:move: )?([^|\\]+)")
NAMES = re.compile(r"move: Poltergeist\|([^|\\\"]+)"
                   r"|(?:ability|item|move): ([^|\\\"]+)"  # in a line of the log: from then on it is known
                   r"|\|-(?:ability|item|enditem|endability)\|p[12]a: [^|\\]+\|([^|\\\"]+)"
                   r"|\|-(?:end|weather|sidestart|sideend|fieldstart)\|(?:p[12][^|]*\|)?([^|\\\"]+)")
OWN = re.compile(r'"self\\?":(.*?)\\?"self_conditions')  # in a view: what one has, though it may lose it later
CONDITION = re.compile(r"\|p([12])a: [^|\\]+\|(?:[^|\\]+, L\d+[^|\\]*\|)?(\d+)/(\d+)")
PRIVATE_KEYS = ("max_hp", "hp", "stats", "pp", "max_pp", "nature", "sleep_turns", "toxic_counter")
TYPES = {"Psychic"}  # a move that is called as its type, which is no secret
RAW_STATE = ("userSets", "intersectionSet", "guesses", "rng", "digest", "seed\":")


class Secrets(ArenaCase):
    def play(self, challenge, play):
        """Plays one game under the eyes of a recorder for nobody and one for each player; returns it, ended."""
        users = [f"user-{uuid.uuid4()}" for _ in range(2)]
        game = Game(self.api, challenge, users, join=False)
        everybody = Recorder(self.server, game.id, challenge)
        self.addCleanup(everybody.close)
        everybody.ask()
        for seat, (invite, user) in enumerate(zip(game.invites, users)):
            self.no_secret(everybody, users + game.invites[seat:])
            joined = self.check(self.api.join(invite, user), 200)
            self.assertFalse([word for word in users + game.invites[seat + 1:] if word in joined.text])
            everybody.keep("join again", self.api.join(invite, "eve"))
            everybody.keep("used invite", self.api.get(f"/api/invites/{invite}"))
            everybody.ask()
        players = [Recorder(self.server, game.id, challenge, invite) for invite in game.invites]
        recorders = [everybody] + players
        for recorder in players:
            self.addCleanup(recorder.close)
        self.ask(game, recorders)
        play(game, recorders)
        for recorder in recorders:
            for stream in recorder.streams:
                stream.wait_type("game_ended")
            self.no_secret(recorder, users)
            self.no_raw_state(recorder)
        self.no_seed(game, recorders)
        return game, recorders

    def ask(self, game, recorders):
        """Lets the recorders look around, if the game still runs."""
        if self.api.session(game.id).json["state"]["status"] != "ended":
            for recorder in recorders:
                recorder.ask()

    def no_secret(self, recorder, words):
        for texts in recorder.threads():
            for text in texts:
                self.assertFalse([word for word in words if word in text], text[:2000])

    def no_raw_state(self, recorder):
        for path, status, text in recorder.told:
            self.assertFalse([word for word in RAW_STATE if f'"{word}' in text], (path, text[:2000]))
            self.assertFalse(re.search(r'"gameState":(?!\{\})', text), (path, text[:2000]))
            if "/replay" in path:
                self.assertGreaterEqual(status, 400, "the journal is open before the end")

    def no_seed(self, game, recorders):
        """The seed is told after the end; nothing of it was told before."""
        replay = self.check(self.api.get(f"/api/sessions/{game.id}/replay"), 200).json
        seed = replay["seed"]
        self.assertRegex(seed, r"^[0-9a-f]{64}$")
        for recorder in recorders:
            self.no_secret(recorder, [seed])

    def test_psi(self):
        def play(game, recorders):
            self.sets = [psi_set(self.api, game.id, invite) for invite in game.invites]
            everybody = recorders[0]
            everybody.keep("stranger", self.api.move(game.id, "stranger", "{1}", "guess"))
            for seat, invite in enumerate(game.invites):
                for recorder in recorders:
                    recorder.keep("refused", self.api.move(game.id, invite, "nothing", "guess"))
                psi_guess(self.api, game.id, invite, [1000 + seat])
                self.ask(game, recorders)

        _, recorders = self.play("psi", play)
        for recorder, own in zip(recorders, (None, 0, 1)):
            # what a player is told after its guess names the common numbers; they are in its own set too
            hidden = [set(map(str, numbers)) for seat, numbers in enumerate(self.sets) if seat != own]
            hidden = set().union(*hidden) - (set(map(str, self.sets[own])) if own is not None else set())
            for texts in recorder.threads():
                for text in texts:
                    contents = " ".join(re.findall(r'"content": ?"((?:[^"\\]|\\.)*)"', text))
                    lists = " ".join(re.findall(r"\[[0-9, ]+\]", re.sub(r'"range": ?\[[0-9, ]+\]', "", text)))
                    self.assertFalse(hidden & set(re.findall(r"(?<![\w-])\d+(?![\w-])", contents + lists)), text[:2000])
                    if "private set" in contents:
                        self.assertIsNotNone(own, "somebody's set is told to everybody")

    def test_pokemon(self):
        for seed in (3, 4, 5):
            with self.subTest(seed=seed):
                self.battle(random.Random(seed))

    def battle(self, chance):
        def play(game, recorders):
            count = [0]

            def look():
                count[0] += 1
                if count[0] % 3 == 0:
                    self.ask(game, recorders)

            self.ask(game, recorders)
            possible, _ = choices(self.api, game.id, game.invites[0])
            refusals = [choose(self.api, game.id, game.invites[0], "move 9"),
                        choose(self.api, game.id, "stranger", possible[0]),
                        self.api.move(game.id, game.invites[0], "x", "nonsense")]
            for refusal in refusals:
                self.assertEqual(refusal.status, 400)
                recorders[0].keep("refused", self.api.get(f"/api/sessions/{game.id}"))
            recorders[0].keep("refused", refusals[1])
            recorders[1].keep("refused", refusals[0])
            battle_out(self.api, game, chance, look)

        game, recorders = self.play("pokemon", play)
        state = self.check(self.api.session(game.id), 200).json
        self.assertEqual(sorted(state["state"]["playerIdentities"].values()), sorted(game.users))
        teams = [self.team(side) for side in state["gameState"]["sides"]]
        for recorder, own in zip(recorders, (None, 0, 1)):
            for texts in recorder.threads():
                self.no_secret_of_the_battle(texts, teams, own)
            for _, _, text in recorder.told:
                self.no_private_key(text, own)

    def team(self, side):
        """Names of the Pokémon, and of their moves, abilities and items, of one side, as shown after the end."""
        return ({mon["name"] for mon in side["team"]},
                {move["name"] for mon in side["team"] for move in mon["moves"]} |
                {mon[kit] for mon in side["team"] for kit in ("ability", "item")})

    def no_secret_of_the_battle(self, texts, teams, own):
        species, moves = teams[0][0] | teams[1][0], teams[0][1] | teams[1][1]
        known = set() if own is None else teams[own][0] | teams[own][1]
        names = Names((species | moves) - TYPES)
        seen = set()  # messages come again and again; what one knows only grows, so each is looked at once
        for text in texts:
            if "Pokémon" in text and '"methods"' in text:
                continue  # the challenge's description
            pieces = [piece for piece in text.split('{"channel":') if piece not in seen]
            seen.update(pieces)
            for piece in pieces:
                mine = OWN.search(piece) if own is not None else None
                known |= names.found(mine.group(1)) if mine else set()
                known |= {name for found in NAMES.findall(piece) for name in found}
                known |= {name.strip() for found in REVEALS.findall(piece) for name in found[1:]}
                known |= {move for _, move in USES.findall(piece)}
            for piece in pieces:
                self.assertFalse(names.found(piece) - known, piece[:3000])
                for side, _, whole in CONDITION.findall(piece):
                    if own is None or int(side) != own + 1:
                        self.assertEqual(whole, "100", piece[:3000])

    def no_private_key(self, text, own):
        """Facts of a Pokémon that only its owner may know stand in the owner's own part of a view alone."""
        def keys(value):
            if isinstance(value, dict):
                for key, inner in value.items():
                    if key != "self" or own is None:
                        yield key
                        yield from keys(inner)
            elif isinstance(value, list):
                for inner in value:
                    yield from keys(inner)
            elif isinstance(value, str) and value.startswith("{"):
                yield from keys(json.loads(value))

        if text.startswith("{"):
            self.assertFalse([key for key in keys(json.loads(text)) if key in PRIVATE_KEYS], text[:3000])


if __name__ == "__main__":
    unittest.main()
