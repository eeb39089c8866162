"""arena(1): identities and their files, whole games in auth mode without a flag, boards and users, administration."""
import hashlib
import json
import os
import pty
import re
import select
import shutil
import signal
import stat
import subprocess
import tempfile
import time
import unittest

import ed25519
from arena_test import ARENA_CLI, PATIENCE, ArenaCase, Game, Server, run_cli
from fake_arena import FakeArena
from games import numbers

USER = re.compile(r"\b[0-9a-f]{64}\b")


class Home(unittest.TestCase):
    """A home folder of the test's own, and the tool in it."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory(prefix="arena-cli-home-")
        self.addCleanup(folder.cleanup)
        self.home = folder.name
        self.url = None

    def arena(self, *arguments, code=0, stdin="", home=None, **environment):
        home = home or self.home
        environment = {"HOME": home, "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": "", "ARENA_KEY": "",
                       "ARENA_IDENTITY": "", "ARENA_ADMIN_TOKEN": "",
                       **({"ARENA_URL": self.url} if self.url else {}), **environment}
        done = run_cli(*arguments, stdin=stdin, environment=environment)
        self.assertEqual(done.returncode, code, done)
        return done

    def lines(self, *arguments, **more):
        return [json.loads(line) for line in self.arena(*arguments, "--json", **more).stdout.splitlines()]

    def file(self, name):
        return os.path.join(self.home, name)

    def fake(self, answers):
        fake = FakeArena(answers)
        self.addCleanup(fake.close)
        self.url = fake.url
        return fake


def private_bytes(path):
    """What must never be shown of a key file: its base64 line."""
    with open(path, encoding="ascii") as file:
        return file.read().splitlines()[1]


class LaterEvents(Home):
    def test_a_watcher_passes_over_what_it_does_not_know(self):
        """Events and members of a later version (P-105)."""
        message = {"channel": "challenge_s", "from": "operator", "content": "it goes on", "timestamp": 1, "index": 1}
        end = {"status": "ended", "scores": [], "players": [], "playerIdentities": {}, "completedAt": 2, "profiles": {}}
        events = [{"type": "initial", "messages": [{**message, "mood": {"later": [1]}}], "v": 2},
                  {"type": "weather", "v": 2, "data": {"rain": True}}, {"no": "type"}, [1, 2], "text",
                  {"type": "new_message", "message": {**message, "content": "and on", "index": 2}, "v": 2},
                  {"type": "game_ended", "data": {**end, "prize": "a cup"}, "v": 2}]
        stream = "".join(f"event: later\nretry: 5\ndata: {json.dumps(event)}\n\n" for event in events).encode()
        self.fake({"GET /api/chat/ws/challenge_s": (200, stream)})
        shown = self.arena("watch", "s").stdout
        self.assertIn("it goes on", shown)
        self.assertIn("and on", shown)
        self.assertIn("The game has ended", shown)


class Identities(Home):
    def test_the_first_one_is_the_default_until_another_is_chosen(self):
        self.assertIn("identity new", self.arena("identity", "list").stdout)
        first, second = (USER.search(self.arena("identity", "new", *name).stdout).group() for name in ([], ["work"]))
        self.assertEqual([(line["name"], line["userId"], line["default"]) for line in self.lines("identity", "list")],
                         [("default", first, True), ("work", second, False)])
        self.assertIn(first, self.arena("identity", "show").stdout)
        self.arena("identity", "use", "work")
        self.assertIn(second, self.arena("identity", "show").stdout)
        self.assertIn("* work", self.arena("identity", "list").stdout)

    def test_the_user_id_is_the_hash_of_the_key(self):
        self.arena("identity", "new")
        shown = self.lines("identity", "show")[0]
        self.assertTrue(shown["publicKey"].startswith(ed25519.SPKI))
        self.assertEqual(shown["userId"], hashlib.sha256(shown["publicKey"].encode()).hexdigest())

    def test_files_are_private_and_never_shown(self):
        made = self.arena("identity", "new")
        path = self.file(".config/arena/identities/default.pem")
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        for folder in (".config/arena/identities", ".config/arena"):
            self.assertEqual(stat.S_IMODE(os.stat(self.file(folder)).st_mode), 0o700, folder)
        secret = private_bytes(path)
        for said in (made, self.arena("identity", "list"), self.arena("identity", "show"),
                     self.arena("identity", "show", "--json"), self.arena("identity", "new", code=1)):
            self.assertNotIn(secret, said.stdout + said.stderr)
        self.assertEqual(private_bytes(path), secret)  # and `new` has not overwritten it

    def test_a_key_that_others_can_read_is_not_used(self):
        self.arena("identity", "new")
        fake = self.fake({"POST /api/arena/join": (200, {"ChallengeID": "s", "ChallengeInfo": {}, "sessionKey": "k"})})
        path = self.file(".config/arena/identities/default.pem")
        for mode in (0o640, 0o604, 0o620):
            os.chmod(path, mode)
            self.assertIn("chmod 600", self.arena("identity", "show", code=1).stderr)
            self.assertIn("chmod 600", self.arena("join", "inv_1", code=2).stderr)
        self.assertEqual(fake.asked, [])

    def test_bad_names_and_files(self):
        for word in ("", "a b", "ä", "x" * 65):
            self.arena("identity", "new", word, code=1)
        self.arena("identity", "show", "nobody", code=1)
        self.arena("identity", "use", "nobody", code=1)
        self.arena("identity", "rename", code=2)
        path = self.file("me.pem")
        for text in ("", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "\0" * 5000):
            with open(path, "w", encoding="ascii") as file:
                file.write(text)
            os.chmod(path, 0o600)
            self.arena("identity", "show", path, code=1)
        os.unlink(path)
        self.arena("identity", "new", path)
        self.assertIn("only an identity with a name", self.arena("identity", "use", path, code=1).stderr)


class AuthGames(Home, ArenaCase):
    """Everything a person does, against a real server in auth mode."""

    settings = {"auth": True}

    def setUp(self):
        super().setUp()
        self.url = f"http://127.0.0.1:{self.server.port}"

    def create(self, challenge="psi"):
        out = self.arena("create", challenge).stdout
        session = re.search(r"session +(\S+)", out).group(1)
        return session, re.findall(r"inv_[0-9a-f-]+", out)

    def test_without_an_identity_the_way_is_told(self):
        _, invites = self.create()
        self.assertIn("arena identity new", self.arena("join", invites[0], code=1).stderr)
        self.assertIn("without --user", self.arena("join", invites[0], "--user", "alice", code=1).stderr)
        self.arena("join", invites[0], "--sign", "nobody", code=2)

    def test_a_whole_game_without_flags(self):
        """Two people, each with a home folder: after joining, no command needs to be told who asks."""
        session, invites = self.create()
        homes = [os.path.join(self.home, name) for name in ("alice", "bob")]
        users, sets = [], []
        for home, invite in zip(homes, invites):
            users.append(USER.search(self.arena("identity", "new", home=home).stdout).group())
            joined = self.arena("join", invite, home=home).stdout
            self.assertNotIn("s_", joined.split("Next:")[1])
            self.assertIn(session, joined)
            seats = os.path.join(home, ".local/state/arena/seats", session + ".json")
            self.assertEqual(stat.S_IMODE(os.stat(seats).st_mode), 0o600)
        for home, invite in zip(homes, invites):
            told = self.arena("sync", session, home=home).stdout
            sets.append(set(numbers(re.search(r"\{(.*?)\}", told).group(1))))
            self.assertIn("→ you", told)
            self.assertIn("guess", self.arena("actions", session, home=home).stdout)
            view = self.lines("view", session, "--as", invite, home=home)[0]
            self.assertEqual(set(view["set"]), sets[-1])
        stranger = self.arena("sync", session, "--as", "viewer", home=homes[0]).stdout
        self.assertNotIn("private set", stranger)
        self.assertNotIn("private set", self.arena("sync", session).stdout)
        watcher = subprocess.Popen([ARENA_CLI, "watch", session, "--url", self.url], stdout=subprocess.PIPE, text=True,
                                   env={"HOME": homes[0], "PATH": os.environ["PATH"]})
        for end in (watcher.stdout.close, watcher.wait, watcher.kill):
            self.addCleanup(end)
        watched = watcher.stdout.readline() + watcher.stdout.readline()
        self.assertIn("private set", watched)  # the stream's reader is known by the key, before all is revealed
        self.arena("chat", session, "hello", home=homes[0])
        self.assertIn("hello", self.arena("sync", session, "--chat", home=homes[1]).stdout)
        guess = ", ".join(map(str, sorted(sets[0] & sets[1])))
        for home in homes:
            self.assertIn("sent", self.arena("send", session, guess, home=home).stdout)
        watched += watcher.communicate(timeout=PATIENCE)[0]
        self.assertEqual(watcher.returncode, 0)
        self.assertIn("The game has ended", watched)
        state = self.api.session(session).json["state"]
        self.assertEqual(state["playerIdentities"], dict(zip(invites, users)))
        self.assertEqual([score["utility"] for score in state["scores"]], [1, 1])

    def test_two_seats_of_one_home_must_be_named(self):
        session, invites = self.create()
        self.arena("identity", "new")
        self.arena("identity", "new", "second")
        self.arena("join", invites[0])
        self.arena("join", invites[1], "--sign", "second")
        self.assertIn("--as INVITE", self.arena("sync", session, code=2).stderr)
        for invite in invites:
            told = self.arena("sync", session, "--as", invite).stdout
            self.assertIn("Your private set is", told)
            self.arena("send", session, "1", "--as", invite)
        self.assertEqual(self.api.session(session).json["state"]["status"], "ended")

    def test_a_key_goes_to_its_own_server_only(self):
        session, invites = self.create()
        self.arena("identity", "new")
        self.arena("join", invites[0])
        fake = self.fake({"GET /api/arena/sync": (200, {"messages": [], "count": 0})})
        self.arena("sync", session)
        self.assertNotIn("Authorization", fake.asked[0][2])

    def test_a_remembered_key_that_others_can_read_is_not_used(self):
        session, invites = self.create()
        self.arena("identity", "new")
        self.arena("join", invites[0])
        os.chmod(self.file(f".local/state/arena/seats/{session}.json"), 0o644)
        self.assertIn("chmod 600", self.arena("sync", session, code=1).stderr)

    def test_the_same_by_a_key_on_the_command_line(self):
        session, invites = self.create()
        self.arena("identity", "new")
        key = self.lines("join", invites[0])[0]["sessionKey"]
        elsewhere = self.file("elsewhere")
        self.assertIn("private set", self.arena("sync", session, "--key", key, home=elsewhere).stdout)
        self.assertIn("private set", self.arena("sync", session, home=elsewhere, ARENA_KEY=key).stdout)
        self.arena("sync", session, "--key", key + "0", home=elsewhere, code=1)

    def test_play_to_the_end(self):
        self.arena("identity", "new")
        done = self.arena("play", "pokemon", "--opponent", "random", stdin="1\n" * 2000)
        self.assertIn("The game has ended", done.stdout)
        self.assertIn("(you)", done.stdout)
        user = self.lines("identity", "show")[0]["userId"]
        listed = self.api.get("/api/challenges/pokemon?status=ended").json["challenges"]
        self.assertTrue(any(user in game["state"]["playerIdentities"].values() for game in listed))

    def test_play_goes_on_where_it_was(self):
        self.arena("identity", "new")
        session, invites = self.create()
        for invite in invites:
            self.arena("join", invite)
        self.assertIn("Go on with", self.arena("play", invites[0], "--session", session, stdin="quit\n").stdout)
        self.arena("send", session, "1", "--as", invites[1])
        done = self.arena("play", invites[0], "--session", session, stdin="1 2 3\n")
        self.assertIn("private set", done.stdout)
        self.assertIn("The game has ended", done.stdout)
        self.assertEqual(self.api.session(session).json["state"]["status"], "ended")

    def test_a_profile_of_ones_own(self):
        self.arena("identity", "new")
        user = self.lines("identity", "show")[0]["userId"]
        self.assertIn("User not found", self.arena("users", "show", code=1).stderr)
        self.arena("users", "set", "--name", "Alice", "--model", "m-7b")
        self.arena("users", "set", "--model", "")
        self.assertEqual(self.api.get("/api/users/" + user).json, {"userId": user, "username": "Alice"})
        self.assertRegex(self.arena("users", "show").stdout, user + " +Alice\n")

    def test_demo(self):
        done = self.arena("demo", "--fast", "--seed", "3")
        self.assertIn("Scores", done.stdout)
        self.assertFalse(os.path.exists(self.file(".config")))  # its keys are for this game only


ALICE = {"userId": "alice", "username": "Alice", "model": "m-7b"}
BOARD = [{"playerId": "bob", "gamesPlayed": 2, "metrics": {"average:security": 1, "average:utility": 0.25}},
         {"playerId": "alice", "gamesPlayed": 3, "metrics": {"average:security": 0, "average:utility": 1},
          "username": "Alice", "model": "m-7b", "isBenchmark": True},
         {"playerId": "c" * 64, "gamesPlayed": 9, "metrics": {"average:security": 1, "average:utility": 0.25}}]
ELO = [{"playerId": "bob", "gamesPlayed": 2, "metrics": {"elo:rating": 984.5, "elo:wins": 0}},
       {"playerId": "alice", "gamesPlayed": 3, "metrics": {"elo:rating": 1016, "elo:wins": 2}}]


def ranks(text):
    """The second column of a board, in order."""
    return re.findall(r"^ +\d+  (\S+)", text, re.M)


class Boards(Home):
    def test_boards_of_a_type(self):
        self.fake({"GET /api/scoring/psi": (200, {"average": BOARD, "elo": ELO})})
        out = self.arena("scoring", "psi").stdout
        self.assertEqual(ranks(out), ["Alice", "bob", "cccccccccccc…", "alice", "bob"])
        self.assertRegex(out, r"rank +player +games +security +utility")
        self.assertRegex(out, r"1 +Alice +3 +0 +1 +m-7b +benchmark")
        self.assertEqual(ranks(self.arena("scoring", "psi", "--strategy", "elo").stdout), ["alice", "bob"])

    def test_sort_and_limit(self):
        self.fake({"GET /api/scoring/psi": (200, {"average": BOARD, "elo": ELO})})
        self.assertEqual(ranks(self.arena("scoring", "psi", "--sort", "games", "--limit", "1").stdout),
                         ["cccccccccccc…", "alice"])
        self.assertEqual(ranks(self.arena("scoring", "psi", "--sort", "average:security").stdout),
                         ["bob", "cccccccccccc…", "Alice"])
        self.assertEqual(ranks(self.arena("scoring", "psi", "--sort", "name", "--strategy", "elo").stdout),
                         ["alice", "bob"])
        self.arena("scoring", "psi", "--sort", "beauty", code=1)
        self.arena("scoring", "psi", "--strategy", "none", code=1)
        self.arena("scoring", "psi", "--limit", "0", code=2)
        lines = self.lines("scoring", "psi", "--limit", "2")
        self.assertEqual([(line["strategy"], [entry["playerId"] for entry in line["entries"]]) for line in lines],
                         [("average", ["alice", "bob"]), ("elo", ["alice", "bob"])])

    def test_all_types_and_none(self):
        fake = self.fake({"GET /api/scoring": (200, BOARD), "GET /api/scoring/psi": (200, {}),
                          "GET /api/scoring/zzz": (404, {"error": "Unknown challenge type"})})
        self.assertEqual(ranks(self.arena("scoring").stdout)[0], "Alice")
        self.assertIn("No scored game", self.arena("scoring", "psi").stdout)
        self.assertIn("Unknown challenge type", self.arena("scoring", "zzz", code=1).stderr)
        fake.answers["GET /api/scoring"] = (200, [])
        self.assertEqual(self.arena("scoring", "--json").stdout, "")

    def test_stats(self):
        stats = {"challenges": {"psi": {"gamesPlayed": 3}, "pokemon": {"gamesPlayed": 0}},
                 "global": {"participants": 2, "gamesPlayed": 3}}
        self.fake({"GET /api/stats": (200, stats)})
        out = self.arena("stats").stdout
        self.assertRegex(out, r"psi +3 games")
        self.assertRegex(out, r"all challenges +3 games +2 participants")
        self.assertEqual(self.lines("stats"), [stats])


class Users(Home):
    def test_list_and_batch(self):
        bob = {"userId": "bob", "isBenchmark": True}
        fake = self.fake({"GET /api/users": (200, [ALICE, bob]),
                          "GET /api/users/batch": (200, {"alice": ALICE, "bob": bob})})
        for words in (["users"], ["users", "list"], ["users", "batch", "alice", "bob"]):
            out = self.arena(*words).stdout
            self.assertRegex(out, r"alice +Alice +m-7b\n")
            self.assertRegex(out, r"bob +benchmark\n")
        self.assertEqual(fake.asked[-1][1], "/api/users/batch?ids=alice%2Cbob")
        self.assertEqual(self.lines("users"), [ALICE, bob])
        self.arena("users", "batch", code=2)
        fake.answers["GET /api/users"] = (200, [])
        self.assertIn("users set", self.arena("users").stdout)

    def test_show_with_scores_and_history(self):
        ended = {"id": "3f0c", "challengeType": "psi", "createdAt": 1795248676898,
                 "state": {"status": "ended", "players": ["inv_1", "inv_2"], "scores": [{"utility": 1}, {"utility": -1}],
                           "playerIdentities": {"inv_1": "bob", "inv_2": "alice"}}}
        fake = self.fake({
            "GET /api/users/batch": (200, {"alice": ALICE}),
            "GET /api/users/none/scores": (200, {"global": None, "challenges": {}}),
            "GET /api/users/alice/scores": (200, {"global": None, "challenges": {"psi": {"average": BOARD[1]}}}),
            "GET /api/users/alice/challenges": (200, {"challenges": [ended], "total": 7, "limit": 1, "offset": 2,
                                                      "profiles": {}}),
            "GET /api/users/none": (404, {"error": "User not found"})})
        out = self.arena("users", "show", "alice").stdout
        self.assertRegex(out, r"psi +average +games 3  security 0  utility 1\n")
        self.assertNotIn("newest first", out)
        out = self.arena("users", "show", "alice", "--history", "--limit", "1", "--offset", "2").stdout
        self.assertEqual(fake.asked[-1][1], "/api/users/alice/challenges?limit=1&offset=2")
        self.assertIn("1 of 7", out)
        self.assertRegex(out, r"3f0c +psi +ended")
        self.assertIn("as player 2", out)
        self.assertIn("User not found", self.arena("users", "show", "none", code=1).stderr)
        self.arena("users", "show", code=2)

    def test_set_on_a_standalone_server(self):
        fake = self.fake({"POST /api/users": (200, ALICE)})
        self.assertRegex(self.arena("users", "set", "--user", "alice", "--name", "Alice").stdout, "alice +Alice +m-7b")
        self.assertEqual(fake.asked[-1][3], {"userId": "alice", "username": "Alice"})  # what is not named stays
        self.arena("users", "set", code=2)
        self.arena("users", "set", "--name", "Alice", code=2)

    def test_set_is_signed(self):
        self.arena("identity", "new")
        me = self.lines("identity", "show")[0]
        fake = self.fake({"POST /api/users": (200, {"userId": me["userId"], "model": ""})})
        self.arena("users", "set", "--model", "")
        body = fake.asked[-1][3]
        self.assertEqual((body["userId"], body["publicKey"], body["model"]), (me["userId"], me["publicKey"], ""))
        self.assertNotIn("username", body)
        self.assertTrue(ed25519.verify(bytes.fromhex(me["publicKey"][len(ed25519.SPKI):]),
                                       f"arena:v1:user-update:{body['timestamp']}".encode(),
                                       bytes.fromhex(body["signature"])))


class Admin(Home):
    ANSWERS = {"GET /api/admin/status": (200, {"sessions": {"active": 2}}),
               "POST /api/admin/sessions/s-1/end": (200, {"ok": "ended"}),
               "POST /api/admin/users/alice": (200, {**ALICE, "isBenchmark": True}),
               "GET /api/admin/audit": (200, {"entries": []})}

    def test_every_request_has_the_token(self):
        fake = self.fake(self.ANSWERS)
        token = self.file("token")
        with open(token, "w", encoding="ascii") as file:
            file.write("secret-token\n")
        os.chmod(token, 0o600)
        self.assertIn("active", self.arena("admin", "status", "--token-file", token).stdout)
        for words in (["end", "s-1"], ["benchmark", "alice", "on"], ["audit", "--limit", "3", "--offset", "1"]):
            self.arena("admin", *words, ARENA_ADMIN_TOKEN="secret-token")
        self.assertEqual({headers["Authorization"] for _, _, headers, _ in fake.asked}, {"Bearer secret-token"})
        self.assertEqual([path for _, path, _, _ in fake.asked],
                         ["/api/admin/status", "/api/admin/sessions/s-1/end", "/api/admin/users/alice",
                          "/api/admin/audit?limit=3&offset=1"])
        self.assertEqual(fake.asked[2][3], {"isBenchmark": True})
        self.arena("admin", "benchmark", "alice", "off", ARENA_ADMIN_TOKEN="t")
        self.assertEqual(fake.asked[-1][3], {"isBenchmark": False})

    def test_what_makes_no_sense_asks_nobody(self):
        fake = self.fake(self.ANSWERS)
        token = self.file("token")
        with open(token, "w", encoding="ascii") as file:
            file.write("secret-token\n")
        os.chmod(token, 0o644)
        self.assertIn("chmod 600", self.arena("admin", "status", "--token-file", token, code=2).stderr)
        self.assertIn("ARENA_ADMIN_TOKEN", self.arena("admin", "status", code=2).stderr)
        for words in (["end"], ["status", "now"], ["benchmark", "alice"], ["benchmark", "alice", "maybe"], ["stop"]):
            self.arena("admin", *words, code=2, ARENA_ADMIN_TOKEN="t")
        self.assertEqual(fake.asked, [])


class People(Home, ArenaCase):
    """Boards, users and administration on a real server."""

    def setUp(self):
        super().setUp()
        self.url = f"http://127.0.0.1:{self.server.port}"

    @staticmethod
    def play(api, users):
        """A psi game in which the first one finds what is common, and the second one nothing."""
        game = Game(api, "psi", users=users)
        common = set.intersection(*(
            set(numbers(next(m["content"] for m in api.messages(game.id, invite) if m.get("to") == invite)))
            for invite in game.invites))
        api.move(game.id, game.invites[0], ", ".join(map(str, sorted(common))), "guess")
        assert api.move(game.id, game.invites[1], "1", "guess").status == 200
        return game.id

    def test_boards_users_and_figures(self):
        games = [self.play(self.api, ("ada", "bea")) for _ in range(2)]
        self.arena("users", "set", "--user", "ada", "--name", "Ada", "--model", "m-7b")
        out = self.arena("scoring", "psi").stdout
        self.assertRegex(out, r"average\n +rank +player.*\n +1 +Ada +2 +1 +1 +m-7b\n +2 +bea +2 +1 +-1\n")
        self.assertIn("win-rate", out)
        self.assertEqual(ranks(self.arena("scoring", "psi", "--strategy", "average", "--limit", "1").stdout), ["Ada"])
        self.assertEqual(ranks(self.arena("scoring", "--sort", "name").stdout), ["Ada", "bea"])
        played = self.api.get("/api/stats").json["challenges"]["psi"]["gamesPlayed"]
        self.assertRegex(self.arena("stats").stdout, rf"psi +{played} games")
        out = self.arena("users", "show", "ada", "--history").stdout
        self.assertRegex(out, r"psi +average +games 2  security 1  utility 1\n")
        self.assertIn("2 of 2", out)
        self.assertRegex(self.arena("users", "show", "bea", "--history").stdout, r"(?s)^bea\n.*utility -1\n.*2 of 2")
        self.assertIn("User not found", self.arena("users", "show", "nobody", code=1).stderr)
        self.assertEqual([game in out for game in games], [True, True])
        self.assertRegex(self.arena("users", "batch", "ada", "nobody").stdout, r"^ada +Ada +m-7b\n$")
        self.assertIn("Ada", self.arena("users").stdout)

    def test_administration(self):
        token = ["--token-file", os.path.join(self.server.data, "admin-token")]
        self.assertEqual(self.lines("admin", "status", *token)[0]["status"], "ok")
        self.arena("admin", "benchmark", "eve", "on", *token)
        self.assertTrue(self.api.get("/api/users/eve").json["isBenchmark"])
        game = Game(self.api, "psi")
        self.arena("admin", "end", game.id, *token)
        self.assertTrue(self.api.session(game.id).json["abandoned"])
        audit = self.arena("admin", "audit", "--limit", "2", *token).stdout
        self.assertIn("end-session", audit)
        self.assertIn("change-user", audit)
        self.arena("admin", "status", code=1, ARENA_ADMIN_TOKEN="not the administrators' token")

    def test_recompute(self):
        server = Server()
        self.addCleanup(server.close)
        server.start()
        api = server.api()
        self.play(api, ("ada", "bea"))
        self.play(api, ("bea", "ada"))
        api.close()
        config = ["--config", server.config]
        self.assertIn("2 games", self.arena("recompute", server.data, "--check", *config).stdout)  # beside the server
        self.arena("recompute", server.data, *config, code=1)
        server.stop()
        found = self.lines("recompute", server.data, *config)[0]
        self.assertEqual((found["games"], found["differs"], found["written"]), (2, 0, True))
        self.assertGreater(found["rows"], 4)
        self.assertIn("as it was", self.arena("recompute", server.data, "--check", *config).stdout)
        self.assertIn("no data folder", self.arena("recompute", server.data + "/none", code=1).stderr)
        self.arena("recompute", server.data, "--config", "/nowhere.json", code=2)


def help_names(text, pattern):
    return re.findall(pattern, text, re.M)


class Completion(Home):
    """What the shells offer, and a bash that is typed into."""

    def words(self, *line, **more):
        """The words that fit at the end of a line."""
        out = self.arena("completion", "words", "--", *line, **more).stdout
        return [word.split("\t")[0] for word in out.splitlines()]

    def test_every_command_and_option_is_offered(self):
        commands = help_names(self.arena("--help").stdout, r"^  ([a-z]+) {2,}\S")
        commands = [name for name in commands if name != "arena"]
        self.assertGreater(len(commands), 15)
        self.assertEqual(self.words(""), commands + ["help"])
        for name in commands:
            options = help_names(self.arena(name, "--help").stdout, r"^  (--[a-z-]+)")
            self.assertEqual(self.words(name, "--"), options, name)
            self.assertLessEqual({"--url", "--json", "--help"}, set(options))

    def test_what_fits_where(self):
        self.arena("identity", "new")
        self.arena("identity", "new", "work")
        self.assertEqual(self.words("iden"), ["identity"])
        self.assertEqual(self.words("help", "iden"), ["identity"])
        self.assertEqual(self.words("identity", ""), ["new", "list", "show", "use"])
        self.assertEqual(self.words("identity", "use", ""), ["default", "work"])
        self.assertEqual(self.words("identity", "use", "work", ""), [])
        self.assertEqual(self.words("join", "inv_1", "--sign", "w"), ["work"])
        self.assertEqual(self.words("sessions", "--status", ""), ["open", "active", "ended"])
        self.assertEqual(self.words("sessions", "--status", "="), ["open", "active", "ended"])  # as bash cuts it
        self.assertEqual(self.words("sessions", "--status", "=", "e"), ["ended"])
        self.assertEqual(self.words("sessions", "--status=e"), ["--status=ended"])  # as zsh and fish do
        self.assertEqual(self.words("--json", "sessions", "--st"), ["--status"])
        self.assertEqual(self.words("send", "--", "--"), [])
        self.assertEqual(self.words("export", "--data", ""), ["/"])
        self.assertEqual(self.words("check", ""), ["/"])
        self.assertEqual(self.words("nonsense", ""), [])

    def test_words_that_the_server_knows(self):
        fake = self.fake({"GET /api/metadata": (200, {"psi": {"name": "PSI"}, "pokemon": {"name": "Pokémon"}}),
                          "GET /api/challenges": (200, {"challenges": [{"id": "abc-1", "challengeType": "psi",
                                                                        "state": {"status": "open"}}]})})
        self.assertEqual(self.words("create", "p"), ["psi", "pokemon"])
        self.assertEqual(self.words("sync", ""), ["abc-1"])
        self.url = "http://127.0.0.1:9"
        self.assertEqual(self.words("--url", fake.url, "scoring", "ps"), ["psi"])

    def bash(self, typed):
        """What a bash makes of a line when Tab is pressed at its end: the line is printed instead of run."""
        environment = {"PATH": os.path.dirname(os.path.realpath(ARENA_CLI)) + ":" + os.environ["PATH"], "TERM": "dumb",
                       "HOME": self.home, "PS1": "", "ARENA_URL": "http://127.0.0.1:9", "INPUTRC": "/dev/null"}
        try:
            child, terminal = pty.fork()
        except OSError as error:
            self.skipTest(f"this machine has no terminals: {error}")
        if child == 0:
            os.execvpe("bash", ["bash", "--norc", "--noprofile", "-i"], environment)
        said = b""
        try:
            os.write(terminal, b"source <(arena completion bash); echo rea\"\"dy\n")
            said = read_until(terminal, b"ready\r\n")
            os.write(terminal, typed.encode() + b"\t\x01echo '<\x05>'\n")  # to the line's ends: echo '<line>'
            said = read_until(terminal, b">\r\n", also=b"\r\n<")
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(terminal)
        return re.findall(rb"\n<(.*)>\r\n", said)[-1].decode()

    def test_the_function_that_a_bash_calls(self):
        """The same without a terminal, on the words as bash cuts them."""
        script = self.arena("completion", "bash").stdout
        ask = 'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _arena; printf "%s\\n" "${COMPREPLY[@]}"'
        for words, found in ((["sess"], ["sessions"]), (["sessions", "--status", "=", ""], ["open", "active", "ended"]),
                             (["watch", "--ch"], ["--chat"]), (["nonsense", "x"], [""])):
            done = subprocess.run(["bash", "-c", script + ask, "bash", ARENA_CLI, *words], capture_output=True,
                                  text=True, check=True, timeout=PATIENCE, env={"PATH": os.environ["PATH"]})
            self.assertEqual(done.stdout.splitlines(), found, words)

    def test_a_bash_completes(self):
        self.arena("identity", "new", "work")
        for typed, line in {"arena sess": "arena sessions ", "arena sessions --status e": "arena sessions --status ended ",
                            "arena sessions --status=e": "arena sessions --status=ended ",
                            "arena identity use w": "arena identity use work ",
                            "arena watch --ch": "arena watch --chat "}.items():
            self.assertEqual(self.bash(typed), line, typed)

    def test_a_bash_completes_paths(self):
        os.makedirs(self.file("arena data"))
        self.assertEqual(self.bash(f"arena export --data {self.home}/are"), f"arena export --data {self.home}/arena\\ data/")

    def test_the_other_shells_can_read_their_scripts(self):
        for shell in ("zsh", "fish"):
            script = self.arena("completion", shell).stdout
            self.assertIn("completion words --", script)
            if shutil.which(shell):
                subprocess.run([shell, "--no-execute" if shell == "fish" else "-n"], input=script, text=True, check=True)


def read_until(terminal, end, also=b""):
    """What a terminal says up to these bytes."""
    said, until = b"", time.monotonic() + PATIENCE
    while not (said.endswith(end) and also in said):
        if not select.select([terminal], [], [], max(0, until - time.monotonic()))[0]:
            raise AssertionError(f"the shell did not say {end!r}: {said!r}")
        said += os.read(terminal, 4096)
    return said


if __name__ == "__main__":
    unittest.main()
