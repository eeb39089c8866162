"""The rules of the Pokémon battle as data: edited, checked, promoted and rolled back while battles are played."""
import json
import os
import random
import shutil
import subprocess
import tempfile
import threading
import unittest

from arena_test import ARENA_CLI, ROOT, ArenaCase, Game, at_once, operator_path
from games import battle_out, choose

TEAMS = [[{"species": "mew", "moves": ["swift"]}], [{"species": "snorlax", "ability": "immunity", "moves": ["screech", "amnesia"]}]]
DUEL = {"options": {"format": "any", "teams": TEAMS}}
USUAL, STRONG = 60, 180  # power of Swift
BOUND = 100  # HP: more than it does with the one, critical hits included, less than with the other


class DataCase(ArenaCase):
    """A server with the game, as it is run by default: in the server's process."""

    settings = {"operators": [{"module": operator_path("pokemon")}]}

    def admin(self, method, path, body=None, token=None, api=None):
        if token is None:
            with open(os.path.join(self.server.data, "admin-token"), encoding="ascii") as file:
                token = file.read().strip()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return (api or self.api).request(method, "/api/admin" + path, body, headers)

    def data(self, path="", body=None, **more):
        return self.admin("POST" if body is not None else "GET", "/data/pokemon" + path, body, **more)

    def setUp(self):
        super().setUp()
        if self.active() != "gen9-v1":
            self.promote("gen9-v1")

    def active(self):
        return self.check(self.api.get("/api/data/pokemon"), 200).json["active"]

    def stage(self, changes, **more):
        return self.check(self.data("/stage", {"changes": changes, **more}), 200).json

    def promote(self, version):
        return self.check(self.data("/promote", {"version": version}), 200).json

    def edit(self, changes, **more):
        version = self.stage(changes, **more)["version"]
        self.promote(version)
        return version

    def view(self, game, seat=None):
        query = "" if seat is None else f"?from={game.invites[seat]}"
        return self.check(self.api.get(f"/api/sessions/{game.id}/view{query}"), 200).json

    def duel(self, **options):
        return Game(self.api, "pokemon", options={"options": {**DUEL["options"], **options}})

    def hit(self, game, other="move 1"):
        """HP that Snorlax loses in the next turn, when Mew uses Swift."""
        before = self.view(game, 1)["self"]["team"][0]["hp"]
        for invite, choice in zip(game.invites, ("move 1", other)):
            self.check(choose(self.api, game.id, invite, choice), 200)
        return before - self.view(game, 1)["self"]["team"][0]["hp"]

    def rules_of(self, game):
        version = self.view(game)["data"]
        self.assertEqual(self.api.session(game.id).json["dataVersion"], version)
        return version

    def play_out(self, game):
        battle_out(self.api, game, random.Random(1))

    def cli(self, *words, code=0, **more):
        done = subprocess.run([ARENA_CLI, *words], capture_output=True, text=True, timeout=120, check=False, **more)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stderr if code else done.stdout

    def replays(self, game):
        """Played again, the game comes to the same bytes."""
        said = self.cli("replay", game.id, "--module", operator_path("pokemon"), "--quiet", "--url",
                        f"http://127.0.0.1:{self.server.port}")
        self.assertIn("agrees", said)


class Edits(DataCase):
    def test_a_move_is_changed_and_taken_back(self):
        running = self.duel()
        self.assertLess(self.hit(running), BOUND)
        staged = self.stage({"moves": {"swift": {"power": STRONG}}}, note="stars hurt", by="ada")
        self.assertEqual(staged["diff"], [{"document": "moves", "path": "/swift/power", "from": USUAL, "to": STRONG}])
        untouched = self.duel()
        self.assertLess(self.hit(untouched), BOUND)
        self.assertEqual(self.rules_of(untouched), "gen9-v1")
        self.promote(staged["version"])
        after = self.duel()
        self.assertGreater(self.hit(after), BOUND)
        self.assertLess(self.hit(running), BOUND)
        self.assertEqual((self.rules_of(running), self.rules_of(after)), ("gen9-v1", staged["version"]))
        self.assertEqual(self.api.get("/health").json["data"], {"pokemon": staged["version"]})
        self.check(self.data("/rollback", {"note": "too much"}), 200)
        back = self.duel()
        self.assertLess(self.hit(back), BOUND)
        self.assertGreater(self.hit(after), BOUND)
        for game in (running, untouched, after, back):
            self.play_out(game)
            self.replays(game)
        self.assertEqual([entry["action"] for entry in self.admin("GET", "/audit?limit=3").json["entries"]],
                         ["rollback-data", "promote-data", "stage-data"])

    def test_hooks_and_abilities(self):
        """An effect that is declared: Amnesia also takes a quarter of its user's HP."""
        self.edit({"effects/moves": {"amnesia": [{"on": "hit", "do": ["hurt user 1/4"]}]},
                   "moves": {"swift": {"type": "Ghost"}}})
        game = self.duel()
        before = self.view(game, 1)["self"]["team"][0]
        self.assertEqual(self.hit(game, "move 2"), before["max_hp"] // 4)  # Ghost does nothing to Snorlax

    def test_the_chart_of_types(self):
        """Swift is of type Normal, as Snorlax: now that does nothing."""
        against = next(row for row in self.documents()["types"] if row["name"] == "Normal")["against"]
        place = [row["name"] for row in self.documents()["types"]].index("Normal")
        types = self.documents()["types"]
        types[place]["against"] = against[:place] + [0] + against[place + 1:]
        self.edit({"types": types})
        self.assertEqual(self.hit(self.duel()), 0)

    def test_teams_are_checked_by_the_edited_version(self):
        spore = [{"species": "mew", "moves": ["spore"]}]
        options = {"options": {"format": "any", "teams": [spore, TEAMS[1]]}}
        self.check(self.api.create("pokemon", options), 400)
        learnset = next(row for row in self.documents()["learnsets"] if row["id"] == "mew")["moves"]
        self.edit({"learnsets": {"mew": {"moves": learnset + " spore"}}})
        self.check(self.api.create("pokemon", options), 200)
        singles = {"options": {"format": "singles", "teams": TEAMS}}
        self.check(self.api.create("pokemon", singles), 200)
        self.edit({"clauses": {"moody": {"moves": ["swift"], "why": "take another move"}}})
        answer = self.check(self.api.create("pokemon", singles), 400)
        self.assertIn("swift", answer.text.lower())

    def documents(self, version=None):
        return self.check(self.data("?version=" + (version or self.active())), 200).json["documents"]

    def test_a_new_move_and_an_older_version(self):
        """Entries come anywhere; and the first generation is data as well."""
        star = {"num": 9999, "name": "Star Fall", "type": "Normal", "category": "special", "power": STRONG,
                "accuracy": 0, "pp": 5, "pp_max": 8, "priority": 0, "target": "normal", "flags": []}
        learnset = next(row for row in self.documents()["learnsets"] if row["id"] == "mew")["moves"]
        self.edit({"moves": {"starfall": star}, "learnsets": {"mew": {"moves": learnset + " starfall"}}})
        game = self.duel(teams=[[{"species": "mew", "moves": ["Star Fall"]}], TEAMS[1]])
        self.assertGreater(self.hit(game), BOUND)
        first = self.stage({"moves": {"surf": {"power": 10}}}, onto="gen1-v1")["version"]
        self.promote(first)
        game = Game(self.api, "pokemon", options={"options": {"teamSize": 2}})
        self.assertEqual(self.rules_of(game), first)
        self.play_out(game)
        self.replays(game)

    def test_a_house_player_knows_the_new_rules(self):
        version = self.edit({"moves": {"swift": {"power": STRONG}}})
        game = Game(self.api, "pokemon", users=("alice",), options={"options": {"opponent": "heuristic"}})
        self.assertEqual(self.rules_of(game), version)
        for _ in range(5):
            if not self.view(game)["waiting_for"]:
                break
            self.check(choose(self.api, game.id, game.invites[0], "default"), 200)

    def test_strangers(self):
        version = self.stage({"moves": {"swift": {"power": 61}}})["version"]
        active = self.active()
        for method, path, body in (("GET", "", None), ("POST", "/stage", {"changes": {"moves": {"swift": {"pp": 5}}}}),
                                   ("POST", "/promote", {"version": version}), ("POST", "/rollback", {})):
            for token in ("", "wrong"):
                answer = self.admin(method, "/data/pokemon" + path, body, token=token)
                self.assertIn(answer.status, (401, 403), answer)
        self.assertEqual(self.active(), active)


class BadEdits(DataCase):
    """Each is refused with every reason, and the active version is as it was."""

    def refused_with(self, changes, *expected):
        active, count = self.active(), len(self.data().json["versions"])
        answer = self.check(self.data("/stage", {"changes": changes}), 400)
        self.assertEqual(answer.json["code"], "BAD_RULE_DATA", answer)
        told = [(m["document"], m["entry"], m["error"]) for m in answer.json["mistakes"]]
        for document, entry, words in expected:
            self.assertTrue(any((d, e) == (document, entry) and words in s for d, e, s in told),
                            f"{document}, {entry}: {words} is not among {told}")
        self.assertEqual((self.active(), len(self.data().json["versions"])), (active, count))
        self.assertLess(self.hit(self.duel()), BOUND)
        return told

    def test_a_number_out_of_bounds(self):
        told = self.refused_with({"moves": {"swift": {"power": 999}}}, ("moves", "swift", '"power"'))
        self.assertEqual(len(told), 1)

    def test_an_unknown_event(self):
        self.refused_with({"effects/items": {"leftovers": [{"on": "teatime", "do": ["heal holder 1/2"]}]}},
                          ("effects/items", "leftovers", '"teatime" is no event'))

    def test_a_sentence_that_means_nothing(self):
        self.refused_with({"effects/items": {"leftovers": [{"on": "residual", "do": ["make tea"]}]}},
                          ("effects/items", "leftovers", "no operation"))

    def test_a_function_where_it_does_not_belong(self):
        self.refused_with({"effects/items": {"leftovers": [{"on": "residual", "do": ["native trick"]}]}},
                          ("effects/items", "leftovers", "trick"))

    def test_a_learnset_of_nobody(self):
        self.refused_with({"learnsets": {"mew": {"id": "meww"}}}, ("learnsets", "meww", "not in species"))

    def test_all_mistakes_at_once(self):
        told = self.refused_with(
            {"moves": {"swift": {"power": -1, "type": "Starry"}, "tackle": {"flags": ["hard"]}},
             "species": {"mew": {"abilities": ["nothing"]}},
             "learnsets": {"mew": {"moves": "swift slow"}},
             "effects/moves": {"slow": []},
             "formats": {"any": {"level": [5, 1]}},
             "clauses": {"moody": {"abilities": ["moodyy"]}},
             "legality": {"mew": {"level": 200}},
             "rules": {"turn_cap": 0}},
            ("moves", "swift", '"power"'), ("moves", "swift", '"type"'), ("moves", "tackle", "hard"),
            ("species", "mew", "nothing"), ("learnsets", "mew", "slow"), ("effects/moves", "slow", "no such entry"),
            ("formats", "any", '"level"'), ("clauses", "moody", "moodyy"), ("legality", "mew", '"level"'),
            ("rules", "turn_cap", "1 to 4000"))
        self.assertGreaterEqual(len(told), 10)

    def test_rules_that_leave_nobody_to_draw(self):
        everyone = [row["id"] for row in self.data("?version=gen9-v1").json["documents"]["species"]][:60]
        told = self.refused_with({"formats": {name: {"ban": {"species": everyone}} for name in ("random", "any")}},
                                 ("formats", "random", "species"), ("formats", "any", "species"))
        self.assertEqual(len(told), 2)
        self.refused_with({"formats": {"random": None}}, ("formats", "random", "random teams"))

    def test_a_damaged_document(self):
        self.refused_with({"species": {"mew": None}}, ("learnsets", "mew", "not in species"))


    def test_another_set_than_was_meant(self):
        changes = {"moves": {"swift": {"power": 62}}}
        staged = self.stage(changes)
        wrong = "0" * 64
        active, count = self.active(), len(self.data().json["versions"])
        for path, body in (("/stage", {"changes": changes, "hash": wrong}),
                           ("/promote", {"version": staged["version"], "hash": wrong})):
            answer = self.check(self.data(path, body), 409)
            self.assertEqual(answer.json["code"], "OTHER_HASH")
            self.assertIn(staged["hash"], answer.json["error"])
        self.assertEqual((self.active(), len(self.data().json["versions"])), (active, count))
        again = self.stage(changes, hash=staged["hash"])
        self.check(self.data("/promote", {"version": again["version"], "hash": again["hash"]}), 200)


class Folders(DataCase):
    """A person edits files: arena data, arena admin data stage."""

    def setUp(self):
        super().setUp()
        self.folder = os.path.join(tempfile.mkdtemp(dir=self.server.folder), "mine")
        shutil.copytree(os.path.join(ROOT, "data", "pokemon", "gen9-v1"), self.folder)

    def write(self, name, old, new):
        path = os.path.join(self.folder, name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.assertEqual(text.count(old), 1, old)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(old, new))

    def strengthen(self):
        self.write("moves.json", '"Swift","type":"Normal","category":"special","power":60',
                   f'"Swift","type":"Normal","category":"special","power":{STRONG}')

    def told(self, *words, code=1):
        done = subprocess.run([ARENA_CLI, *words], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def admin_cli(self, *words, code=0):
        return self.told("admin", "data", *words, "--token-file", os.path.join(self.server.data, "admin-token"),
                         "--url", f"http://127.0.0.1:{self.server.port}", code=code)

    def test_from_the_file_to_the_battle(self):
        self.strengthen()
        self.assertIn("moves.json is not what it was", self.told("data", "validate", self.folder))
        self.assertIn("moves.json is not what it was", self.admin_cli("stage", "pokemon", self.folder, code=1))
        self.assertIn("moves.json", self.told("data", "seal", self.folder, code=0))
        self.assertIn("is good", self.told("data", "validate", self.folder, code=0))
        said = self.admin_cli("stage", "pokemon", self.folder, "--note", "stars hurt")
        self.assertRegex(said, rf"^staged gen9-v1@\d+ from gen9-v1\nmoves/swift/power: 60 -> {STRONG}\n$")
        self.assertEqual(self.active(), "gen9-v1")
        self.admin_cli("promote", "pokemon", said.split()[1])
        self.assertGreater(self.hit(self.duel()), BOUND)
        self.assertIn("stays as it is", self.admin_cli("stage", "pokemon", self.folder, code=1))
        root = os.path.dirname(self.folder)
        self.assertIn("is staged", self.told("data", "stage", self.folder, "gen9-v2", "--root", root, code=0))
        self.assertRegex(self.told("data", "stats", "gen9-v2", "--root", root, code=0),
                         r"moves +689 +\d+ +\d+ +\d+ +\d+\.\d%\n")

    def test_a_folder_with_mistakes(self):
        self.strengthen()
        self.write("effects/items.json", '"leftovers": [{"on": "residual"', '"leftovers": [{"on": "teatime"')
        self.write("learnsets.json", '{"id":"mew",', '{"id":"meww",')
        count = len(self.data().json["versions"])
        said = self.admin_cli("stage", "pokemon", self.folder, code=1)
        for words in ("moves.json is not what it was", "effects/items.json is not what it was", "teatime", "meww"):
            self.assertIn(words, said)
        self.assertEqual(len(self.data().json["versions"]), count)


class Lasting(DataCase):
    def test_a_kill_between_every_step(self):
        """Nothing that was answered is lost, and every battle goes on by its own version and replays by it."""
        old = self.duel()
        self.assertLess(self.hit(old), BOUND)
        version = self.stage({"moves": {"swift": {"power": STRONG}}})["version"]
        self.restart(self.server.kill)
        self.assertEqual(self.active(), "gen9-v1")
        self.promote(version)
        self.restart(self.server.kill)
        self.assertEqual(self.active(), version)
        new = self.duel()
        self.restart(self.server.kill)
        self.assertGreater(self.hit(new), BOUND)
        self.assertLess(self.hit(old), BOUND)
        self.check(self.data("/rollback", {}), 200)
        self.restart(self.server.kill)
        self.assertGreater(self.hit(new), BOUND)
        self.assertLess(self.hit(self.duel()), BOUND)
        self.play_out(old)
        self.play_out(new)
        self.restart(self.server.kill)
        for game in (old, new):
            self.replays(game)
        self.server.stop()
        said = self.cli("replay", "--data", self.server.data, "--all", "--module", operator_path("pokemon"))
        self.server.start()
        self.api.close()
        self.assertIn("0 differ", said)


class Load(DataCase):
    def test_promotions_while_battles_are_made_and_played(self):
        """Every battle has one version from its beginning to its end, and its damage is by that version."""
        strong = {self.active(): False}
        for power in (STRONG, STRONG + 10, USUAL + 1):
            strong[self.stage({"moves": {"swift": {"power": power}}})["version"]] = power > 100
        over = threading.Event()
        seen, made = [], []

        def player(_):
            api = self.new_api()
            while not over.is_set():
                game = Game(api, "pokemon", options=DUEL)
                made.append(game.id)
                hp = None
                for _ in range(3):
                    for invite in game.invites:
                        answer = choose(api, game.id, invite, "move 1")
                        assert answer.status == 200, answer
                    view = api.get(f"/api/sessions/{game.id}/view?from={game.invites[1]}").json
                    left = view["self"]["team"][0]["hp"]
                    if hp is None:
                        damage = view["self"]["team"][0]["max_hp"] - left
                        assert (damage > BOUND) == strong[view["data"]], (damage, view["data"])
                    hp = left
                assert view["data"] == api.session(game.id).json["dataVersion"]
                seen.append(view["data"])

        def work(i):
            if i < 3:
                return player(i)
            try:
                api = self.new_api()
                for _ in range(5):
                    for version in strong:
                        answer = self.data("/promote", {"version": version}, api=api)
                        assert answer.status in (200, 409), answer
            finally:
                over.set()

        at_once(4, work)
        self.assertGreater(len(seen), 3)
        self.assertEqual(len(seen), len(made))
        for game in made:
            self.check(self.api.session(game), 200)


WORKERS = {"operators": [{"module": operator_path("pokemon"), "hosting": "sandbox", "workers": 2}]}


class EditsInWorkers(Edits):
    settings = WORKERS


class BadEditsInWorkers(BadEdits):
    settings = WORKERS


class LastingInWorkers(Lasting):
    settings = WORKERS


if __name__ == "__main__":
    unittest.main()
