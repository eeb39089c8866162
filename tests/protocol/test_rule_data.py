"""Rules as data: staged, checked, promoted and rolled back while games run, on a server and over its restarts."""
import json
import os
import subprocess
import threading
import unittest

from arena_test import ARENA_CLI, POINTS, ArenaCase, Game, at_once

class DataCase(ArenaCase):
    """A server with the race for points, in the server's process."""

    settings = {"operators": [{"module": POINTS}]}

    def admin(self, method, path, body=None, token=None):
        if token is None:
            with open(os.path.join(self.server.data, "admin-token"), encoding="ascii") as file:
                token = file.read().strip()
        return self.api.request(method, "/api/admin" + path, body, {"Authorization": f"Bearer {token}"})

    def setUp(self):
        super().setUp()
        if self.active() != "v1":
            self.promote("v1")

    def data(self, path="", body=None):
        return self.admin("POST" if body is not None else "GET", "/data/points" + path, body)

    def stage(self, changes, **more):
        return self.check(self.data("/stage", {"changes": changes, **more}), 200).json

    def promote(self, version, **more):
        return self.check(self.data("/promote", {"version": version, **more}), 200).json

    def edit(self, changes, **more):
        version = self.stage(changes, **more)["version"]
        self.promote(version)
        return version

    def active(self):
        return self.check(self.api.get("/api/data/points"), 200).json["active"]

    def view(self, game):
        return self.check(self.api.get(f"/api/sessions/{game.id}/view"), 200).json

    def offers(self, game, seat=0):
        answer = self.api.get(f"/api/sessions/{game.id}/actions?from={game.invites[seat]}")
        return [action["content"] for action in self.check(answer, 200).json["actions"]]

    def play(self, game, move="jab", seat=0):
        return self.api.move(game.id, game.invites[seat], move, "play")

    def play_out(self, game, move="jab"):
        """Plays to the end; returns how many moves it took."""
        for n in range(1, 200):
            self.check(self.play(game, move, (n - 1) % 2), 200)
            if self.api.session(game.id).json["state"]["status"] == "ended":
                return n
        return self.fail("the game does not end")


class Edits(DataCase):
    def test_an_edit_is_in_the_next_game_and_not_in_those_that_run(self):
        before = self.active()
        running = Game(self.api, "points")
        self.check(self.play(running), 200)
        old = self.view(running)["points"][0]
        staged = self.stage({"moves": {"jab": {"points": 9}}}, note="jabs are strong now", by="erika")
        self.assertEqual(staged["parent"], before)
        self.assertEqual(staged["diff"], [{"document": "moves", "path": "/jab/points", "from": old, "to": 9}])
        self.assertEqual(self.active(), before)
        self.assertEqual(self.view(Game(self.api, "points"))["data"], before)
        told = self.promote(staged["version"])
        self.assertEqual((told["active"], told["before"]), (staged["version"], before))
        self.check(self.play(running, seat=1), 200)
        self.assertEqual(self.view(running), {"data": before, "goal": 10, "points": [old, old]})
        after = Game(self.api, "points")
        self.check(self.play(after), 200)
        self.assertEqual(self.view(after), {"data": staged["version"], "goal": 10, "points": [9, 0]})
        self.assertEqual(self.api.session(after.id).json["dataVersion"], staged["version"])
        for place in (self.api.get("/api/metadata/points").json, self.api.get("/api/metadata").json["points"]):
            self.assertEqual(place["dataVersion"], staged["version"])
        self.assertEqual(self.api.get("/health").json, {"status": "ok", "data": {"points": staged["version"]}})

    def test_entries_come_and_go(self):
        self.edit({"moves": {"kick": {"points": 4}, "hook": None}, "rules": {"goal": 8}})
        game = Game(self.api, "points")
        self.assertEqual(self.offers(game), ["jab", "kick"])
        self.assertEqual(self.play_out(game, "kick"), 3)

    def test_a_game_may_ask_for_a_version(self):
        first = self.edit({"rules": {"goal": 11}})
        second = self.edit({"rules": {"goal": 12}})
        unused = self.stage({"rules": {"goal": 13}})["version"]
        for version, goal in (("v1", 10), ("v2", 20), (first, 11), (second, 12)):
            view = self.view(Game(self.api, "points", options={"options": {"data": version}}))
            self.assertEqual((view["data"], view["goal"]), (version, goal))
        for wanted in (unused, "v9", "", 7, None, "v1@"):
            answer = self.check(self.api.create("points", {"options": {"data": wanted}}), 400)
            self.assertEqual(answer.json["code"], "UNKNOWN_DATA_VERSION", wanted)

    def test_onto_another_version(self):
        left = self.stage({"rules": {"goal": 31}}, onto="v2")
        both = self.stage({"moves": {"jab": {"points": 5}}}, onto=left["version"])
        self.assertEqual(both["parent"], left["version"])
        self.assertEqual(self.data(f"/diff?fromVersion=v2&toVersion={both['version']}").json["differences"], 2)
        self.assertEqual(self.data(f"/diff?toVersion={both['version']}").json["diff"], both["diff"])
        shown = self.data(f"?version={both['version']}").json["documents"]
        self.assertEqual(shown, {"rules": {"goal": 31}, "moves": [{"id": "jab", "points": 5}]})

    def test_the_history_and_the_record(self):
        version = self.edit({"rules": {"goal": 40}}, note="longer games", by="konrad")
        self.check(self.data("/rollback", {"note": "too long"}), 200)
        rules = self.data().json
        staged = next(entry for entry in rules["versions"] if entry["version"] == version)
        self.assertEqual((staged["note"], staged["by"], staged["played"]), ("longer games", "konrad", True))
        back, forth = rules["history"][:2]
        self.assertEqual((back["action"], back["before"], back["note"]), ("rollback", version, "too long"))
        self.assertEqual((forth["action"], forth["version"]), ("promote", version))
        self.assertGreater(back["number"], forth["number"])
        record = self.admin("GET", "/audit?limit=3").json["entries"]
        self.assertEqual([(entry["action"], entry["subject"]) for entry in record],
                         [("rollback-data", "points"), ("promote-data", "points"), ("stage-data", "points")])
        self.assertEqual(record[2]["details"]["changes"], {"rules": {"goal": 40}})

    def test_rolling_back_step_by_step(self):
        base = self.active()
        chain = [base] + [self.edit({"rules": {"goal": 50 + n}}) for n in range(4)]
        self.check(self.data("/rollback", {}), 200)
        self.assertEqual(self.active(), chain[3])
        self.check(self.data("/rollback", {"version": chain[1]}), 200)
        answer = self.check(self.data("/rollback", {"version": chain[3]}), 409)
        self.assertEqual(answer.json["code"], "NOTHING_BEFORE")
        self.promote(chain[3])
        self.promote(chain[1])
        self.assertEqual(self.check(self.data("/promote", {"version": chain[1]}), 409).json["code"], "ALREADY_ACTIVE")
        for expected in (chain[3], chain[1], base):
            self.assertEqual(self.check(self.data("/rollback", {}), 200).json["active"], expected)

    def test_the_catalogue(self):
        self.edit({"moves": {"uppercut": {"points": 7}}})
        found = self.data("/catalogue?q=UPPER").json
        self.assertEqual(found["entries"], [{"document": "moves", "entry": "uppercut",
                                             "data": {"id": "uppercut", "points": 7}}])
        self.assertEqual(self.data("/catalogue?q=goal&version=v2").json["entries"],
                         [{"document": "rules", "entry": "goal", "data": 20}])
        every = self.data("/catalogue?document=moves").json
        part = self.data("/catalogue?document=moves&limit=1&offset=1").json
        self.assertEqual((part["entries"], part["total"]), (every["entries"][1:2], every["total"]))

    def test_entries_for_everybody(self):
        entries = "/api/data/points/entries"
        version = self.edit({"moves": {"uppercut": {"points": 7}}})
        found = self.check(self.api.get(entries + "?document=moves&q=UPPER"), 200).json
        self.assertEqual(found["entries"], [{"document": "moves", "entry": "uppercut",
                                             "data": {"id": "uppercut", "points": 7}}])
        self.assertEqual((found["version"], found["total"]), (version, 1))
        old = self.check(self.api.get(entries + "?document=moves&q=upper&version=v1"), 200).json
        self.assertNotEqual(old["entries"], found["entries"])
        every = self.api.get(entries + "?document=moves").json
        part = self.api.get(entries + "?document=moves&limit=1&offset=1").json
        self.assertEqual((part["entries"], part["total"]), (every["entries"][1:2], every["total"]))
        staged = self.stage({"rules": {"goal": 78}})["version"]
        self.assertIn("document is required", self.check(self.api.get(entries), 400).json["error"])
        for path, code in (("?document=none", "UNKNOWN_DOCUMENT"),
                           ("?document=moves&version=v9", "UNKNOWN_DATA_VERSION"),
                           (f"?document=rules&version={staged}", "UNKNOWN_DATA_VERSION")):
            self.assertEqual(self.check(self.api.get(entries + path), 404).json["code"], code, path)
        self.assertEqual(self.check(self.api.get("/api/data/psi/entries?document=moves"), 404).json["code"],
                         "NO_RULE_DATA")

    def test_only_for_administrators(self):
        for method, path, body in (("GET", "", None), ("GET", "/diff?toVersion=v1", None), ("GET", "/catalogue", None),
                                   ("POST", "/stage", {"changes": {}}), ("POST", "/promote", {"version": "v2"}),
                                   ("POST", "/rollback", {})):
            answer = self.check(self.admin(method, "/data/points" + path, body, token="wrong"), 401)
            self.assertEqual(answer.json["code"], "ADMIN_TOKEN_REQUIRED")
        self.assertNotIn("history", self.api.get("/api/data/points").json)

    def test_what_there_is_not(self):
        self.assertEqual(self.check(self.api.get("/api/data/psi"), 404).json["code"], "NO_RULE_DATA")
        for path, body in (("?version=v9", None), ("/diff?toVersion=v9", None), ("/catalogue?version=v9", None),
                           ("/promote", {"version": "v9"}), ("/rollback", {"version": "v9"}),
                           ("/stage", {"changes": {"rules": {"goal": 3}}, "onto": "v9"})):
            self.assertEqual(self.check(self.data(path, body), 404).json["code"], "UNKNOWN_DATA_VERSION", path)
        staged = self.stage({"rules": {"goal": 77}})["version"]
        self.check(self.api.get(f"/api/data/points?version={staged}"), 404)


class CommandLine(DataCase):
    """arena admin data."""

    def arena(self, *words, code=0, **more):
        token = os.path.join(self.server.data, "admin-token")
        done = subprocess.run([ARENA_CLI, "admin", "data", *words, "--token-file", token, "--url",
                               f"http://127.0.0.1:{self.server.port}"],
                              capture_output=True, text=True, timeout=60, check=False, **more)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stderr if code else done.stdout

    def stage_text(self, text, *words, **more):
        return self.arena("stage", "points", "-", *words, input=text, **more)

    def test_from_the_change_to_the_roll_back(self):
        said = self.stage_text('{"moves":{"jab":{"points":6}}}', "--note", "more fun", "--by", "ada")
        self.assertRegex(said, r"^staged v1@\d+ from v1\nmoves/jab/points: 2 -> 6\n$")
        version = said.split()[1]
        self.assertEqual(self.arena("promote", "points", version), f"new games get {version} instead of v1\n")
        listed = self.arena("list", "points")
        self.assertRegex(listed, rf"\* {version} +v1 +played +ada: more fun\n")
        self.assertEqual(self.view(Game(self.api, "points"))["data"], version)
        self.assertEqual(json.loads(self.arena("show", "points"))["moves"][0], {"id": "jab", "points": 6})
        self.assertEqual(self.arena("diff", "points", version), "moves/jab/points: 2 -> 6\n")
        self.assertEqual(self.arena("diff", "points", version, "v1"), "moves/jab/points: 6 -> 2\n")
        self.assertEqual(self.arena("find", "points", "HOOK"), 'moves/hook {"id":"hook","points":3}\n1 found\n')
        self.assertEqual(self.arena("rollback", "points"), f"new games get v1 instead of {version}\n")
        self.assertEqual(json.loads(self.arena("list", "points", "--json"))["active"], "v1")
        onto = self.stage_text('{"rules":{"goal":9}}', "--onto", "v2")
        self.assertIn("from v2\nrules/goal: 20 -> 9\n", onto)

    def test_mistakes_are_all_told(self):
        said = self.stage_text('{"rules":{"goal":0},"moves":{"jab":{"points":0}}}', code=1)
        self.assertIn("  rules, goal: goal must be 1 to 100\n", said)
        self.assertIn("  moves, jab: points must be 1 to 50\n", said)

    def test_what_makes_no_sense(self):
        self.stage_text("{", code=2)
        self.stage_text("[1]", code=2)
        for words in (["list"], ["nothing", "points"], ["stage", "points"], ["diff", "points"], ["promote", "points"]):
            self.arena(*words, code=2)
        self.arena("promote", "points", "v77", code=1)


class BadSets(DataCase):
    BAD = [
        ({"rules": {"goal": 0}}, ["rules"], "goal must be"),
        ({"rules": {"goal": "ten"}}, ["rules"], "goal must be"),
        ({"rules": {"gaol": 3}}, ["rules"], "nothing else"),
        ({"moves": {"jab": {"points": 51}}}, ["moves"], "points must be"),
        ({"moves": {"jab": {"points": None}}}, ["moves"], "points must be"),
        ({"moves": {"jab": {"power": 1}}}, ["moves"], "nothing else"),
        ({"moves": {"JAB": {"points": 1}}}, ["moves"], "letters"),
        ({"moves": []}, ["moves"], "at least one"),
        ({"moves": {"jab": None, "hook": None}}, ["moves"], "at least one"),
        ({"moves": {f"m{'abcdefghijklmnopq'[n]}": {"points": 1} for n in range(17)}}, ["moves"], "more than 16"),
        ({"rules": {"goal": 0}, "moves": {"jab": {"points": 0}}}, ["moves", "rules"], "must be"),
    ]

    def state(self):
        return self.data().json, self.api.get("/api/data/points?version=" + self.active()).json

    def test_every_rule_refuses_and_nothing_is_touched(self):
        before = self.state()
        for changes, documents, sentence in self.BAD:
            with self.subTest(changes=changes):
                answer = self.check(self.data("/stage", {"changes": changes}), 400)
                self.assertEqual(answer.json["code"], "BAD_RULE_DATA")
                self.assertEqual(sorted({mistake["document"] for mistake in answer.json["mistakes"]}), documents)
                self.assertTrue(any(sentence in mistake["error"] for mistake in answer.json["mistakes"]), answer)
        self.assertEqual(self.state(), before)

    def test_what_is_no_change(self):
        before = self.state()
        for changes, code in (({}, "NOTHING_CHANGES"), ({"rules": {"goal": 10}}, "NOTHING_CHANGES"),
                              ({"nothing": {"a": 1}}, "UNKNOWN_DOCUMENT"), ({"rules": None}, "UNKNOWN_DOCUMENT"),
                              ({"rules": 5}, "UNKNOWN_DOCUMENT")):
            self.assertEqual(self.check(self.data("/stage", {"changes": changes}), 400).json["code"], code, changes)
        for body in ({}, {"changes": []}, {"changes": "x"}, {"changes": {"rules": {"goal": 3}}, "note": 5}):
            self.check(self.data("/stage", body), 400)
        twice = '{"changes":{"rules":{"goal":3},"rules":{"goal":4}}}'
        self.assertEqual(self.check(self.data("/stage", twice), 400).json["code"], "INVALID_CHANGES")
        long = {"changes": {"rules": {"goal": 3}}, "note": "x" * 1001}
        self.assertEqual(self.check(self.data("/stage", long), 400).json["code"], "INVALID_NOTE")
        self.assertEqual(self.state(), before)


class Lasting(DataCase):
    """Servers end, in order or killed."""

    def test_what_was_told_is_there_after_a_kill(self):
        running = Game(self.api, "points")
        versions = []
        for n in range(3):
            versions.append(self.stage({"rules": {"goal": 20 + n}})["version"])
            self.restart(self.server.kill)
            self.assertIn(versions[-1], [entry["version"] for entry in self.data().json["versions"]])
            self.promote(versions[-1])
            self.restart(self.server.kill)
            self.assertEqual(self.active(), versions[-1])
        told = self.data().json
        self.check(self.data("/rollback", {}), 200)
        self.restart(self.server.kill)
        self.assertEqual(self.active(), versions[1])
        self.assertEqual(self.data().json["history"][1:], told["history"])
        self.assertEqual(self.view(running)["goal"], 10)
        self.assertEqual(self.view(Game(self.api, "points"))["goal"], 21)
        self.assertEqual(len(set(versions)), 3)

    def test_an_old_game_after_three_promotions(self):
        games = []
        for goal in (14, 15, 16, 17):
            self.edit({"rules": {"goal": goal}, "moves": {"jab": {"points": goal - 11}}})
            games.append(Game(self.api, "points"))
        moves = [self.play_out(game) for game in games]
        for game in games:
            said = self.cli("replay", game.id, "--module", POINTS, "--quiet")
            self.assertIn("agrees", said)
        self.assertEqual(moves, [9, 7, 7, 5])
        self.restart(self.server.stop)
        self.assertIn("agrees", self.cli("replay", games[0].id, "--module", POINTS, "--quiet"))
        self.server.stop()
        said = self.cli("replay", "--data", self.server.data, "--all", "--module", POINTS)
        self.server.start()
        self.assertIn("0 differ", said)

    def test_another_module_with_another_set_by_the_same_name(self):
        """What was made from the old one stays as it is; what the new module does not accept is said in the log."""
        version = self.edit({"moves": {"jab": {"points": 5}}})
        shown = self.data(f"?version={version}").json["documents"]
        games = [Game(self.api, "points", options={"options": {"data": name}}) for name in ("v1", version)]
        log = self.next_module()
        self.assertIn("has other rule data v1 than it had", log)
        self.assertNotIn("does not accept", log)
        self.assertEqual(self.data(f"?version={version}").json["documents"], shown)
        self.assertEqual((self.active(), self.view(games[1])["goal"]), (version, 10))
        self.assertEqual(self.view(Game(self.api, "points"))["goal"], 10)
        self.check(self.data("/rollback", {}), 200)
        self.assertEqual(self.view(Game(self.api, "points"))["goal"], 16)
        self.assertEqual(self.stage({"moves": {"jab": {"points": 6}}})["parent"], "v1")
        answer = self.check(self.data("/stage", {"changes": {"rules": {"goal": 51}}}), 400)
        self.assertEqual(answer.json["code"], "BAD_RULE_DATA")

    def test_a_module_that_does_not_accept_what_is_active(self):
        version = self.edit({"rules": {"goal": 60}})
        running = Game(self.api, "points")
        log = self.next_module()
        self.assertIn(f"does not accept the active rule data {version} any more", log)
        self.assertEqual(self.check(self.api.create("points"), 500).json["code"], "OPERATOR_FAILED")
        self.assertEqual(self.check(self.api.get(f"/api/sessions/{running.id}/view"), 500).json["code"],
                         "OPERATOR_FAILED")
        self.assertEqual(self.check(self.data("/promote", {"version": "v2"}), 200).json["before"], version)
        self.assertEqual(self.check(self.data("/rollback", {}), 400).json["code"], "BAD_RULE_DATA")
        self.check(self.api.create("points"), 200)

    def next_module(self):
        """Starts the server with a later module of the challenge, until the test is over; returns what it logs."""
        self.server.stop()
        before = len(self.server.log_text())
        module = POINTS.replace("points.so", "points-next.so")
        self.server.configure({"operators": [{**self.settings["operators"][0], "module": module}]})
        self.addCleanup(self.settle)
        self.server.start()
        self.api.close()
        return self.server.log_text()[before:]

    def settle(self):
        self.server.stop()
        self.server.configure(self.settings)
        self.server.start()

    def test_a_copy_of_the_folder_has_it_all(self):
        version = self.edit({"rules": {"goal": 4}})
        self.play_out(Game(self.api, "points"))
        self.server.stop()
        copy = os.path.join(self.server.folder, "copy-" + str(id(self)))
        exported = copy + ".arena"
        for words in (["export", "--data", self.server.data, exported], ["import", "--data", copy, exported]):
            done = subprocess.run([ARENA_CLI, *words], capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.server.start()
        self.api.close()
        said = self.cli("replay", "--data", copy, "--all", "--module", POINTS)
        self.assertIn("0 differ", said)
        self.assertEqual(self.active(), version)

    def cli(self, *words):
        done = subprocess.run([ARENA_CLI, *words, "--url", f"http://127.0.0.1:{self.server.port}"],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout


class Load(DataCase):
    def test_promotions_while_games_are_made_and_played(self):
        """Every game that was made has one version from its beginning to its end, and plays by its rules."""
        goals = {self.active(): 10}
        for goal in (4, 6, 8):
            goals[self.stage({"rules": {"goal": goal}, "moves": {"jab": {"points": goal // 2}}})["version"]] = goal
        over = threading.Event()
        seen = []

        def player(_):
            api = self.new_api()
            while not over.is_set():
                game = Game(api, "points")
                for n in range(30):
                    answer = api.move(game.id, game.invites[n % 2], "jab", "play")
                    assert answer.status == 200, answer
                    session = api.session(game.id).json
                    view = session["view"]
                    assert view["data"] == session["dataVersion"] and view["goal"] == goals[view["data"]], session
                    if session["state"]["status"] == "ended":
                        break
                assert session["state"]["status"] == "ended", session
                expected = 9 if view["data"] == "v1" else 3
                assert n + 1 == expected, (n, session)
                seen.append(view["data"])

        def work(i):
            if i < 3:
                return player(i)
            try:
                for _ in range(10):
                    for version in goals:
                        answer = self.data("/promote", {"version": version})
                        assert answer.status in (200, 409), answer
            finally:
                over.set()

        at_once(4, work)
        self.assertGreater(len(seen), 3)
        self.assertLessEqual(set(seen), set(goals))

    def test_stages_and_promotions_at_once(self):
        token = self.server.data

        def work(i):
            with open(os.path.join(token, "admin-token"), encoding="ascii") as file:
                headers = {"Authorization": f"Bearer {file.read().strip()}"}
            api, names = self.new_api(), []
            for n in range(5):
                body = {"changes": {"rules": {"goal": 20 + 5 * i + n}}}
                answer = api.request("POST", "/api/admin/data/points/stage", body, headers)
                assert answer.status == 200, answer
                names.append(answer.json["version"])
                answer = api.request("POST", "/api/admin/data/points/promote", {"version": names[-1]}, headers)
                assert answer.status == 200, answer
            return names

        names = sum(at_once(4, work), [])
        self.assertEqual(len(set(names)), 20)
        history = self.data().json["history"]
        for newer, older in zip(history, history[1:]):
            self.assertEqual(newer["before"], older["version"])


SANDBOX = {"operators": [{"module": POINTS, "hosting": "sandbox", "workers": 2}]}


class EditsInWorkers(Edits):
    settings = SANDBOX


class BadSetsInWorkers(BadSets):
    settings = SANDBOX


class LastingInWorkers(Lasting):
    settings = SANDBOX


class LoadInWorkers(Load):
    settings = SANDBOX


if __name__ == "__main__":
    unittest.main()
