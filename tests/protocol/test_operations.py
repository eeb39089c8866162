"""What people who run the server rely on: health, figures, versions of the routes, pruning, deadlines, the start."""
import os
import re
import signal
import socket
import subprocess
import time
import unittest

from arena_test import ARENAD, PATIENCE, ArenaCase, Game, Server, eventually, operator_path
from games import psi_guess, psi_play_out

LINE = re.compile(r'[a-z_]+(\{([a-z_]+="[^"\n]*",?)*\})? (\d+(\.\d+)?([eE][-+]\d+)?|\+Inf|NaN)')


class Figures(ArenaCase):
    def figures(self):
        answer = self.api.get("/metrics")
        self.assertEqual(answer.status, 200)
        self.assertTrue(answer.headers["content-type"].startswith("text/plain; version=0.0.4"))
        values = {}
        for line in answer.text.splitlines():
            if line.startswith("#"):
                self.assertRegex(line, r"^# (HELP|TYPE) [a-z_]+ .+$")
                continue
            self.assertTrue(LINE.fullmatch(line), line)
            name, _, value = line.rpartition(" ")
            self.assertNotIn(name, values)
            values[name] = float(value)
        return values

    def test_health(self):
        self.check(self.api.get("/health"), 200, {"status": "ok", "data": {"pokemon": "gen9-v1"}})

    def test_figures_count_what_happens(self):
        before = self.figures()
        game = Game(self.api, "psi", ("alice", "bob"))
        self.api.move(game.id, game.invites[0], "none", "guess")
        psi_play_out(self.api, game)
        self.api.chat(game.id, game.invites[0], "hello")
        after = self.figures()
        for name, grown in (("arena_sessions_created_total", 1), ("arena_joins_total", 2), ("arena_moves_total", 2),
                            ("arena_chats_total", 1), ("arena_rejected_total", 1), ("arena_faults_total", 0)):
            self.assertEqual(after[name] - before[name], grown, name)
        moves = 'arena_http_requests_total{method="POST",route="/api/arena/message",status="%d"}'
        self.assertEqual(after[moves % 200] - before.get(moves % 200, 0), 2)
        self.assertEqual(after[moves % 400] - before.get(moves % 400, 0), 1)

    def test_figures_of_streams_and_waits(self):
        before = self.figures()
        name = next(name for name in before if "streams" in name and "total" not in name)
        streams = [self.stream("figures") for _ in range(5)]
        for stream in streams:
            stream.wait_type("initial")
        self.assertEqual(self.figures()[name] - before[name], 5)
        for stream in streams:
            stream.close()
        eventually(lambda: self.figures()[name] == before[name], "the streams to be counted out")

    def test_figures_of_sessions(self):
        """By operator and status they are what the lists say; operators' turns and their time grow."""
        def counted(values):
            return {(operator, status): values[f'arena_sessions{{operator="{operator}",status="{status}"}}']
                    for operator in ("psi", "pokemon") for status in ("open", "active", "ended")}

        def listed():
            return {(operator, status): self.api.get(f"/api/challenges/{operator}?status={status}&limit=1").json["total"]
                    for operator in ("psi", "pokemon") for status in ("open", "active", "ended")}

        def settled():
            return counted(self.figures()) == listed() and self.figures()["arena_store_unsettled"] == 0

        eventually(settled, "the figures to be what the lists say")
        before = self.figures()
        before_by = counted(before)
        Game(self.api, "psi", join=False)
        Game(self.api, "pokemon", join=False)
        Game(self.api, "psi", ("alice", "bob"))
        ended = Game(self.api, "psi", ("alice", "bob"))
        psi_play_out(self.api, ended)
        eventually(settled, "the figures to be what the lists say")
        after = self.figures()
        grown = {key: value - before_by[key] for key, value in counted(after).items()}
        self.assertEqual(grown, {("psi", "open"): 1, ("psi", "active"): 1, ("psi", "ended"): 1, ("pokemon", "open"): 1,
                                 ("pokemon", "active"): 0, ("pokemon", "ended"): 0})
        self.assertGreaterEqual(after["arena_store_sessions"] - before["arena_store_sessions"], 4)
        for name in ("arena_operator_turns_total", "arena_operator_seconds_total"):
            label = name + '{operator="psi"}'
            self.assertGreater(after[label], before[label])
        self.assertGreaterEqual(after['arena_operator_turns_total{operator="psi"}']
                                - before['arena_operator_turns_total{operator="psi"}'], 9)  # 3 creates, 4 joins, 2 moves

    def test_figures_of_the_store_and_of_requests(self):
        channel, count = "figures-of-the-store", 20
        label = '{method="POST",route="/api/chat/send"}'
        before = self.figures()
        for i in range(count):
            self.api.chat(channel, "ann", f"line {i}")
        after = self.figures()
        grown = {name: after[name] - before.get(name, 0) for name in after}
        commits = grown["arena_store_commits_total"]
        self.assertTrue(count <= commits <= count + 5, commits)  # boards of games that have just ended are kept, too
        self.assertTrue(1 <= grown["arena_store_batches_total"] <= commits)
        self.assertEqual(grown["arena_store_failed_commits_total"], 0)
        self.assertEqual(grown["arena_http_request_seconds_count" + label], count)
        self.assertEqual(grown["arena_http_request_seconds_bucket" + label[:-1] + ',le="+Inf"}'], count)
        self.assertGreater(grown["arena_http_request_seconds_sum" + label], 0)
        self.assertEqual(after["arena_commits_waiting"], 0)
        self.assertEqual(after["arena_session_queue"], 0)
        self.assertGreater(after["arena_store_bytes"], 0)

    def test_figures_hold_no_secret(self):
        game = Game(self.api, "psi", ("alice", "bob"))
        text = self.api.get("/metrics").text
        self.assertFalse([word for word in (game.id, *game.invites, "alice") if word in text])

    def test_both_versions_of_the_routes_answer_the_same(self):
        game = Game(self.api, "psi", ("alice", "bob"))
        psi_play_out(self.api, game)
        for path in ("metadata", "metadata/psi", "metadata/none", "challenges", "challenges/psi", f"sessions/{game.id}",
                     f"sessions/{game.id}/replay", f"arena/sync?channel={game.id}", f"chat/sync?channel={game.id}",
                     "invites/none", f"invites/{game.invites[0]}", f"sessions/{game.id}/actions?from={game.invites[0]}",
                     f"sessions/{game.id}/view"):
            one, other = self.api.get("/api/" + path), self.api.get("/api/v1/" + path)
            self.assertEqual((one.status, one.body), (other.status, other.body), path)

    def test_no_secret_in_the_log(self):
        game = Game(self.api, "psi", ("user-in-the-log", "bob"))
        self.api.sync(game.id, game.invites[0])
        self.api.get(f"/api/sessions/{game.id}/view?from={game.invites[1]}&key=s_0.{'a' * 64}")
        psi_guess(self.api, game.id, game.invites[0], [123454321])
        log = self.server.log_text()
        self.assertFalse([word for word in (*game.invites, "user-in-the-log", "a" * 64, "123454321") if word in log])


class Pruning(ArenaCase):
    settings = {"limits": {"openAgeMs": 1500}}

    def test_only_stale_open_sessions_go(self):
        stale = Game(self.api, "psi", join=False)
        half = Game(self.api, "psi", join=False)
        active = Game(self.api, "psi", ("alice", "bob"))
        ended = Game(self.api, "psi", ("alice", "bob"))
        psi_play_out(self.api, ended)
        self.check(self.api.join(half.invites[0], "alice"), 200)
        for game in (stale, half):
            eventually(lambda game=game: self.api.session(game.id).status == 404, "a stale session to go")
            self.refused(self.api.join(game.invites[1], "bob"), 400,
                         f"Challenge not found for invite: {game.invites[1]}")
            self.assertEqual(self.api.messages(game.id, game.invites[0]), [])
        listed = {entry["id"] for entry in self.api.get("/api/challenges?limit=100").json["challenges"]}
        self.assertEqual(listed & {game.id for game in (stale, half, active, ended)}, {active.id, ended.id})
        self.check(psi_guess(self.api, active.id, active.invites[0], [1]), 200)
        self.assertEqual(self.api.session(ended.id).json["state"]["status"], "ended")

    def test_activity_keeps_a_session(self):
        game = Game(self.api, "psi", join=False)
        end = time.monotonic() + 4
        while time.monotonic() < end:
            self.check(self.api.chat(game.id, game.invites[0], "still waiting"), 200)
            time.sleep(0.1)
        self.check(self.api.join(game.invites[0], "alice"), 200)
        self.check(self.api.join(game.invites[1], "bob"), 200)
        self.assertEqual(self.api.session(game.id).json["state"]["status"], "active")

    def test_sessions_become_stale_over_a_restart(self):
        game = Game(self.api, "psi", join=False)
        self.restart(self.server.kill)
        eventually(lambda: self.api.session(game.id).status == 404, "a stale session to go")


class Service(unittest.TestCase):
    """What a supervisor such as systemd is told."""

    def check(self, address):
        server = Server(environment={"NOTIFY_SOCKET": address.replace("\0", "@")})
        self.addCleanup(server.close)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
            supervisor.bind(address.replace("FOLDER", server.folder))
            server.environment["NOTIFY_SOCKET"] = server.environment["NOTIFY_SOCKET"].replace("FOLDER", server.folder)
            supervisor.settimeout(PATIENCE)
            server.start()
            self.assertEqual(supervisor.recv(1000), b"READY=1")
            server.process.send_signal(signal.SIGHUP)  # there is nothing to be read again, and nothing ends
            eventually(lambda: "SIGHUP" in server.log_text(), "a line about the signal")
            self.assertEqual(server.api().get("/health").status, 200)
            self.assertEqual(server.stop(), 0)
            self.assertEqual(supervisor.recv(1000), b"STOPPING=1")

    def test_a_socket_in_a_folder(self):
        self.check("FOLDER/notify")

    def test_a_socket_without_a_file(self):
        self.check(f"\0arena-test-{os.getpid()}")

    def test_nobody_listens(self):
        server = Server(environment={"NOTIFY_SOCKET": "/nonexistent/notify"})
        self.addCleanup(server.close)
        server.start()


class Start(unittest.TestCase):
    """What cannot be used is refused at the start, with a sentence and an exit code."""

    def run_server(self, *arguments):
        return subprocess.run([ARENAD, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=PATIENCE, check=False)

    def test_command_lines(self):
        for arguments in (["--nonsense"], ["--listen"], ["--listen", "nowhere"], ["--listen", "127.0.0.1:99999"],
                          ["--config", "/nonexistent/arena.json"], ["--data"], ["surplus"]):
            with self.subTest(arguments=arguments):
                ended = self.run_server(*arguments)
                self.assertNotEqual(ended.returncode, 0)
                self.assertGreater(ended.returncode, 0, ended.stderr)
                self.assertTrue(ended.stderr.strip())

    def test_help(self):
        ended = self.run_server("--help")
        self.assertEqual(ended.returncode, 0)
        self.assertIn("--listen", ended.stdout)

    def test_configurations(self):
        for text in ("", "{", "[]", '{"operators":5}', '{"nonsense":1}', '{"limits":{"bodyBytes":"many"}}'):
            with self.subTest(text=text):
                server = Server()
                try:
                    with open(server.config, "w", encoding="utf-8") as file:
                        file.write(text)
                    with self.assertRaisesRegex(AssertionError, "ended at start with [1-9]"):
                        server.start()
                finally:
                    server.process = None
                    server.close()

    def test_a_module_that_cannot_be_loaded_is_left_out(self):
        server = Server({"operators": [{"module": "/nonexistent.so"}, {"module": operator_path("psi")}]})
        self.addCleanup(server.close)
        server.start()
        api = server.api()
        self.addCleanup(api.close)
        self.assertEqual(list(api.get("/api/metadata").json), ["psi"])
        self.assertIn("/nonexistent.so", server.log_text())

    def test_a_port_that_is_taken(self):
        server = Server()
        self.addCleanup(server.close)
        server.start()
        other = Server()
        other.port = server.port
        try:
            with self.assertRaisesRegex(AssertionError, "ended at start with [1-9]"):
                other.start()
        finally:
            other.process = None
            other.close()

    def test_data_in_a_folder_that_cannot_be_made(self):
        server = Server()
        try:
            blocked = os.path.join(server.folder, "file")
            with open(blocked, "w", encoding="utf-8"):
                pass
            server.data = os.path.join(blocked, "data")
            with self.assertRaisesRegex(AssertionError, "ended at start with [1-9]"):
                server.start()
        finally:
            server.process = None
            server.close()


if __name__ == "__main__":
    unittest.main()
