"""What a client may take: rates by address and by seat, and bounds on everything that can queue up."""
import http.client
import json
import os
import re
import socket
import threading
import time
import unittest

import ed25519
from arena_test import BUILD, PATIENCE, ArenaCase, Game, Server, Stream, at_once, eventually, operator_path
from test_auth import join_body

HOSTILE = os.environ.get("HOSTILE_DIR") or os.path.join(BUILD, "tests", "operators", "hostile")


def figure(api, name):
    """A figure of /metrics."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", api.get("/metrics").text, re.MULTILINE)
    return float(found.group(1)) if found else 0.0


class LimitCase(ArenaCase):
    """The test is a proxy that the server trusts, so it can come from any address.  A bucket holds what comes in a
    minute: no test takes so long that a token comes back."""

    bursts = {"create": 3, "join": 4, "write": 8, "read": 12, "seatWrite": 5, "seatRead": 6}
    settings = {"proxies": ["127.0.0.1", "10.0.0.0/8"], "rates": {"loopback": True, "burstSeconds": 60, **bursts}}

    def setUp(self):
        super().setUp()
        self.limited = 0

    def ask(self, address, method, path, body=None, headers=None):
        answer = self.api.request(method, path, body, {"X-Forwarded-For": address, **(headers or {})})
        if answer.status == 429:
            self.limited += 1
        return answer

    def create(self, address):
        return self.ask(address, "POST", "/api/challenges/psi")

    def check_limited(self, answer):
        self.check(answer, 429)
        self.assertEqual(set(answer.json), {"error", "code"})
        self.assertEqual(answer.json["code"], "RATE_LIMITED")
        seconds = answer.headers["retry-after"]
        self.assertRegex(seconds, r"^[1-9][0-9]*$")
        self.assertIn(f"{seconds} second", answer.json["error"])
        self.assertLessEqual(int(seconds), 60)

    def use_up(self, address, rate):
        """Takes all creates of an address."""
        for i in range(self.bursts[rate]):
            self.check(self.create(address), 200)
        self.check_limited(self.create(address))

    def shares(self, address, other):
        """Whether the two are limited together."""
        self.use_up(address, "create")
        return self.create(other).status == 429


class Rates(LimitCase):
    def test_creates(self):
        before = figure(self.api, "arena_sessions_created_total")
        self.use_up("192.0.2.1", "create")
        for _ in range(10):
            self.check_limited(self.create("192.0.2.1"))
        self.check(self.create("192.0.2.2"), 200)
        self.assertEqual(figure(self.api, "arena_sessions_created_total") - before, self.bursts["create"] + 1)
        self.check(self.ask("192.0.2.1", "GET", "/api/challenges"), 200)

    def test_joins(self):
        invites = []
        for i in range(3):
            invites += self.check(self.create(f"192.0.2.{10 + i}"), 200).json["invites"]
        answers = [self.ask("192.0.2.20", "POST", "/api/arena/join", {"invite": invite}) for invite in invites]
        self.assertEqual([answer.status for answer in answers], [200] * 4 + [429] * 2)
        self.check_limited(answers[-1])
        self.check(self.ask("192.0.2.21", "GET", f"/api/invites/{invites[5]}"), 200)
        self.check(self.ask("192.0.2.21", "POST", "/api/arena/join", {"invite": invites[5]}), 200)

    def test_writes_that_are_refused_change_nothing(self):
        said = 0
        for i in range(20):
            answer = self.ask("192.0.2.30", "POST", "/api/chat/send",
                              {"channel": "rates", "from": f"name {i}", "content": f"line {i}"})
            said += answer.status == 200
        self.assertEqual(said, self.bursts["write"])
        self.check_limited(answer)
        messages = self.ask("192.0.2.31", "GET", "/api/chat/sync?channel=rates").json["messages"]
        self.assertEqual([message["content"] for message in messages], [f"line {i}" for i in range(said)])

    def test_reads_and_what_is_not_there(self):
        def look_for_nothing():
            """No such route, so that no description of it can be kept to."""
            client = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
            self.addCleanup(client.close)
            client.request("GET", "/nothing", headers={"X-Forwarded-For": "192.0.2.40"})
            return client.getresponse().status

        paths = ["/api/challenges", "/api/metadata", "/api/chat/sync?channel=x"] * 3
        for path in paths:
            self.assertEqual(self.ask("192.0.2.40", "GET", path).status, 200)
        self.assertEqual([look_for_nothing() for _ in range(4)], [404, 404, 404, 429])
        for path in paths + ["/api/sessions/none"]:
            self.check_limited(self.ask("192.0.2.40", "GET", path))

    def test_streams_count_as_reads(self):
        for i in range(self.bursts["read"]):
            self.ask("192.0.2.41", "GET", "/api/metadata")
        stream = Stream(self.server.port, "rates", headers="X-Forwarded-For: 192.0.2.41\r\n")
        self.addCleanup(stream.close)
        self.assertEqual(stream.status, 429)
        self.limited += 1

    def test_a_seat_has_a_rate_of_its_own(self):
        def chat(address, name):
            return self.ask(address, "POST", "/api/chat/send", {"channel": "seats", "from": name, "content": "x"})

        statuses = [chat("192.0.2.50", "ann").status for _ in range(self.bursts["seatWrite"] + 1)]
        self.assertEqual(statuses, [200] * self.bursts["seatWrite"] + [429])
        self.assertEqual(chat("192.0.2.50", "bob").status, 200)
        self.assertEqual(chat("192.0.2.51", "ann").status, 200, "a stranger's address used up somebody's name")
        reads = [self.ask("192.0.2.52", "GET", "/api/chat/sync?channel=seats&from=ann").status
                 for _ in range(self.bursts["seatRead"] + 1)]
        self.assertEqual(reads, [200] * self.bursts["seatRead"] + [429])

    def test_tools_count(self):
        def tool(address, name, arguments):
            return self.ask(address, "POST", "/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
                "name": name, "arguments": arguments}}, {"Accept": "application/json, text/event-stream"})

        def result(answer):
            self.assertEqual(answer.status, 200, answer)
            return json.loads(answer.text.split("data: ", 1)[1])["result"]

        for _ in range(self.bursts["create"]):
            self.assertFalse(result(tool("192.0.2.60", "create_session", {"challenge": "psi"})).get("isError"))
        refused = result(tool("192.0.2.60", "create_session", {"challenge": "psi"}))
        self.assertTrue(refused["isError"])
        self.assertIn("RATE_LIMITED", refused["content"][0]["text"])
        self.check_limited(self.create("192.0.2.60"))
        for _ in range(self.bursts["read"] - 4):
            self.assertEqual(tool("192.0.2.60", "nonsense", {}).status, 200)
        self.check_limited(tool("192.0.2.60", "nonsense", {}))

    def test_a_batch_of_tools_counts_one_by_one(self):
        calls = [{"jsonrpc": "2.0", "id": i, "method": "tools/call", "params": {
            "name": "create_session", "arguments": {"challenge": "psi"}}} for i in range(6)]
        answer = self.ask("192.0.2.61", "POST", "/mcp", calls, {"Accept": "application/json, text/event-stream"})
        self.assertEqual(answer.text.count("RATE_LIMITED"), 6 - self.bursts["create"], answer.text)
        self.check_limited(self.create("192.0.2.61"))

    def test_those_who_run_the_server_are_not_limited(self):
        for _ in range(50):
            for path in ("/health", "/metrics", "/"):
                self.assertEqual(self.ask("192.0.2.70", "GET", path).status, 200)

    def test_figures_are_the_truth(self):
        def limited():
            return {rate: figure(self.api, f'arena_rate_limited_total{{rate="{rate}"}}') for rate in self.bursts}

        before = limited()
        self.use_up("192.0.2.80", "create")
        for _ in range(4):
            self.create("192.0.2.80")
        for _ in range(self.bursts["write"] + 3):
            self.ask("192.0.2.80", "POST", "/api/chat/send", {"channel": "x"})
        grown = {rate: after - before[rate] for rate, after in limited().items()}
        self.assertEqual(grown, {"create": 5, "join": 0, "write": 3, "read": 0, "seatWrite": 0, "seatRead": 0})
        self.assertEqual(self.limited, 8)

    def test_a_token_comes_back(self):
        server = Server({"rates": {"loopback": True, "burstSeconds": 1, "create": 60}})
        self.addCleanup(server.close)
        api = server.start().api()
        self.addCleanup(api.close)
        refused = None
        while refused is None:
            answer = api.create("psi")
            refused = answer if answer.status == 429 else None
        time.sleep(int(refused.headers["retry-after"]))
        self.check(api.create("psi"), 200)


class Clients(LimitCase):
    def test_ipv6_is_counted_by_64(self):
        self.assertTrue(self.shares("2001:db8:1:1::1", "2001:db8:1:1:ffff:ffff:ffff:ffff"))
        self.assertFalse(self.shares("2001:db8:2:1::1", "2001:db8:2:2::1"))

    def test_ipv4_is_ipv4_however_it_is_written(self):
        self.assertTrue(self.shares("192.0.2.1", "::ffff:192.0.2.1"))
        self.assertTrue(self.shares("192.0.2.2", "192.0.2.2:4711"))
        self.assertFalse(self.shares("192.0.2.3", "192.0.2.4"))

    def test_the_client_is_the_last_one_that_no_trusted_proxy_vouches_for(self):
        self.assertTrue(self.shares("192.0.2.10", "6.6.6.6, 192.0.2.10"))
        self.assertTrue(self.shares("192.0.2.11", "6.6.6.6, 192.0.2.11 , 10.1.2.3"))
        self.assertTrue(self.shares("192.0.2.12", "nonsense, 192.0.2.12"))
        self.assertFalse(self.shares("192.0.2.13", "192.0.2.13, 192.0.2.14"))

    def test_a_list_in_several_lines_is_one_list(self):
        def create(*lines):
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE) as client:
                head = "".join(f"X-Forwarded-For: {line}\r\n" for line in lines)
                client.sendall(f"POST /api/challenges/psi HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n"
                               f"Connection: close\r\n{head}\r\n".encode())
                return int(client.makefile("rb").readline().split()[1])

        self.use_up("192.0.2.20", "create")
        self.assertEqual(create("192.0.2.21", "192.0.2.20"), 429)
        self.assertEqual(create("192.0.2.20", "10.0.0.1"), 429)
        self.assertEqual(create("192.0.2.20", "10.0.0.1, 10.0.0.2"), 429)
        self.assertEqual(create("192.0.2.20", "192.0.2.22"), 200)

    def test_what_cannot_be_read_is_the_proxy(self):
        for _ in range(self.bursts["create"]):
            self.check(self.create("nonsense"), 200)
        for odd in ("", "nonsense", "192.0.2.30, nonsense", ",", "1.2.3.4/8", "unknown", "x" * 1000):
            self.check_limited(self.create(odd))
        self.check(self.create("192.0.2.30"), 200)

    def test_nobody_else_can_say_who_asks(self):
        server = Server({"rates": {"loopback": True, "burstSeconds": 60, "create": 2}, "proxies": ["10.0.0.0/8"]})
        self.addCleanup(server.close)
        api = server.start().api()
        self.addCleanup(api.close)
        statuses = [api.request("POST", "/api/challenges/psi", None, {"X-Forwarded-For": f"192.0.2.{i}"}).status
                    for i in range(4)]
        self.assertEqual(statuses, [200, 200, 429, 429])


class Standing(unittest.TestCase):
    """Defaults, the environment, and what is refused at the start."""

    def start(self, settings=None, environment=None):
        server = Server(settings or {}, environment)
        self.addCleanup(server.close)
        api = server.start().api()
        self.addCleanup(api.close)
        return api

    def test_this_machine_is_not_limited_by_default(self):
        api = self.start()
        statuses = {api.chat("many", "ann", "x").status for _ in range(3000)}
        self.assertEqual(statuses, {200})

    def test_other_machines_are_limited_by_default(self):
        api = self.start({"proxies": ["127.0.0.1"]})
        statuses = [api.request("POST", "/api/challenges/psi", None, {"X-Forwarded-For": "192.0.2.1"}).status
                    for _ in range(200)]
        self.assertEqual(set(statuses), {200, 429})

    def test_the_environment(self):
        api = self.start({"proxies": ["10.0.0.1"]}, {
            "ARENA_RATES": "create=2, burstSeconds=60,loopback=1", "ARENA_PROXIES": "127.0.0.1, 10.0.0.0/8"})
        statuses = [api.request("POST", "/api/challenges/psi", None, {"X-Forwarded-For": f"192.0.2.{i % 2}"}).status
                    for i in range(6)]
        self.assertEqual(statuses, [200] * 4 + [429] * 2)

    def refuses(self, sentence, settings=None, environment=None):
        server = Server(settings or {}, environment)
        try:
            with self.assertRaisesRegex(AssertionError, "(?s)ended at start with [1-9].*" + sentence):
                server.start()
        finally:
            server.process = None
            server.close()

    def test_what_is_refused(self):
        for settings, sentence in (
                ({"rates": {"create": -1}}, "rates.create must be"), ({"rates": {"create": "x"}}, "rates.create must be"),
                ({"rates": {"create": 1e9}}, "rates.create must be"), ({"rates": {"speed": 1}}, "rates.speed is no"),
                ({"rates": {"burstSeconds": 0}}, "rates.burstSeconds must be"), ({"rates": 5}, "rates must be"),
                ({"rates": {"loopback": 1}}, "rates.loopback must be"), ({"proxies": "127.0.0.1"}, "proxies must be"),
                ({"proxies": ["proxy.example"]}, "proxies: \"proxy.example\" is no address"),
                ({"proxies": ["10.0.0.0/40"]}, "proxies"), ({"limits": {"longPolls": 0}}, "limits.longPolls must be")):
            with self.subTest(settings=settings):
                self.refuses(sentence, settings)
        for environment, sentence in (({"ARENA_RATES": "create"}, "ARENA_RATES must be like"),
                                      ({"ARENA_RATES": "create=x"}, "ARENA_RATES must be like"),
                                      ({"ARENA_RATES": "speed=1"}, "rates.speed is no"),
                                      ({"ARENA_PROXIES": "here"}, "proxies: \"here\" is no address")):
            with self.subTest(environment=environment):
                self.refuses(sentence, None, environment)


class Seats(ArenaCase):
    """In auth mode a seat is known by its key, wherever it comes from."""

    settings = {"auth": True, "proxies": ["127.0.0.1"],
                "rates": {"loopback": True, "burstSeconds": 60, "seatWrite": 3, "create": 0, "join": 0, "write": 0}}

    def test_a_key_is_limited_from_everywhere(self):
        game = Game(self.api, "psi", join=False)
        keys = [self.check(self.api.post("/api/arena/join", join_body(ed25519.Key(letter * 32), invite)), 200)
                .json["sessionKey"] for letter, invite in zip((b"a", b"b"), game.invites)]

        def chat(key, i):
            return self.api.request("POST", "/api/chat/send", {"channel": game.id, "content": "x"},
                                    {"Authorization": f"Bearer {key}", "X-Forwarded-For": f"192.0.2.{i}"}).status

        self.assertEqual([chat(keys[0], i) for i in range(5)], [200] * 3 + [429] * 2)
        self.assertEqual(chat(keys[1], 0), 200)


class Queues(unittest.TestCase):
    def start(self, settings, environment=None):
        self.server = Server(settings, environment)
        self.addCleanup(self.server.close)
        self.server.start()
        self.api = self.server.api()
        self.addCleanup(self.api.close)
        return self.api

    def check_busy(self, answer, code):
        self.assertEqual(answer.status, 503, answer)
        self.assertEqual(answer.json["code"], code)
        self.assertEqual(set(answer.json), {"error", "code"})
        self.assertRegex(answer.headers["retry-after"], r"^[1-9][0-9]*$")

    def shed(self, queue):
        return figure(self.api, f'arena_shed_total{{queue="{queue}"}}')

    def test_requests_for_one_session(self):
        """An operator that thinks for long: two wait for its session, the others are told to come again."""
        slow = {"module": os.path.join(HOSTILE, "hostile-loop.so"), "hosting": "sandbox", "deadlineMs": 4000}
        self.start({"limits": {"sessionQueue": 2}, "operators": [slow]})
        game = Game(self.api, "hostile-loop", ("alice", "bob"))

        def slow_move():
            api = self.server.api()
            self.slow = api.move(game.id, game.invites[0], "3", "add")
            api.close()

        def ask(i):
            api = self.server.api()
            try:
                return api.session(game.id)
            finally:
                api.close()

        threads = [threading.Thread(target=slow_move)]
        threads[0].start()
        while figure(self.api, "arena_session_queue") < 1:  # until somebody waits for the move to end
            threads.append(threading.Thread(target=ask, args=(0,)))
            threads[-1].start()
            threads[-1].join(0.1)
        answers = at_once(8, ask)
        for thread in threads:
            thread.join(PATIENCE)
        self.assertEqual(self.slow.json["code"], "OPERATOR_FAILED")
        busy = [answer for answer in answers if answer.status == 503]
        self.assertEqual(len([answer for answer in answers if answer.status == 200]), 1)
        self.assertEqual(len(busy), 7)
        for answer in busy:
            self.check_busy(answer, "SESSION_BUSY")
        self.assertGreaterEqual(self.shed("session"), 7)
        self.assertEqual(figure(self.api, "arena_session_queue"), 0)
        self.assertEqual(self.api.session(game.id).status, 200)

    def test_changes_on_their_way_to_the_disk(self):
        self.start({"limits": {"commitsWaiting": 1}})

        def talk(i):
            api = self.server.api()
            answers = [api.chat("commits", f"name-{i}", f"{i}-{n}") for n in range(60)]
            api.close()
            return answers

        said, busy = [], 0
        for i, answers in enumerate(at_once(16, talk)):
            for n, answer in enumerate(answers):
                if answer.status == 200:
                    said.append(f"{i}-{n}")
                else:
                    self.check_busy(answer, "STORE_BUSY")
                    busy += 1
        self.assertGreater(busy, 0)
        self.assertGreater(len(said), 0)
        self.assertEqual(self.shed("commits"), busy)
        told = [message["content"] for message in self.api.messages("commits", kind="chat")]
        self.assertEqual(sorted(told), sorted(said))
        self.assertEqual(figure(self.api, "arena_commits_waiting"), 0)

    def test_sessions(self):
        self.start({"limits": {"sessions": 3}})
        answers = [self.api.create("psi") for _ in range(5)]
        self.assertEqual([answer.status for answer in answers], [200] * 3 + [503] * 2)
        self.check_busy(answers[-1], "TOO_MANY_SESSIONS")
        self.assertEqual(self.shed("sessions"), 2)
        self.assertEqual(self.api.get("/api/challenges").json["total"], 3)
        self.assertEqual(self.api.join(answers[0].json["invites"][0]).status, 200, "those that are there go on")

    def test_long_polls(self):
        self.start({"limits": {"longPolls": 3}})

        def wait(i):
            api = self.server.api()
            try:
                return api.sync("polls", index=1, wait=20000, kind="chat")
            finally:
                api.close()

        threads = [threading.Thread(target=wait, args=(i,)) for i in range(3)]
        for thread in threads:
            thread.start()
        eventually(lambda: figure(self.api, "arena_long_polls") == 3, "three long polls")
        self.check_busy(self.api.sync("polls", index=1, wait=20000, kind="chat"), "TOO_MANY_WAITS")
        self.assertEqual(self.api.sync("polls", index=1, kind="chat").json, {"messages": [], "count": 0})
        self.assertEqual(self.shed("longPolls"), 1)
        self.api.chat("polls", "ann", "there")
        for thread in threads:
            thread.join(PATIENCE)
        eventually(lambda: figure(self.api, "arena_long_polls") == 0, "the long polls to end")
        self.assertEqual(self.api.sync("polls", index=2, wait=10, kind="chat").status, 200)

    def test_streams(self):
        self.start({"limits": {"streams": 3, "streamsPerAddress": 2}, "proxies": ["127.0.0.1"]})

        def stream(address):
            stream = Stream(self.server.port, "streams", headers=f"X-Forwarded-For: {address}\r\n")
            self.addCleanup(stream.close)
            return stream

        self.assertEqual([stream("192.0.2.1").status for _ in range(3)], [200, 200, 429])
        self.assertEqual([stream("192.0.2.2").status for _ in range(2)], [200, 503])
        refused = stream("192.0.2.2")
        self.assertRegex(refused.headers["retry-after"], r"^[1-9][0-9]*$")
        self.assertEqual(self.shed("streams"), 3)
        self.assertEqual(figure(self.api, "arena_streams"), 3)

    def test_a_queue_of_turns(self):
        """One worker that is busy: its queue is a figure, and empty in the end."""
        slow = {"module": os.path.join(HOSTILE, "hostile-loop.so"), "hosting": "sandbox", "deadlineMs": 700}
        self.start({"operators": [slow]})
        games = [Game(self.api, "hostile-loop", ("alice", "bob")) for _ in range(4)]
        depths = []

        def work(i):
            api = self.server.api()
            try:
                if i < len(games):
                    return api.move(games[i].id, games[i].invites[0], "3", "add").status
                while len(depths) < 400 and (not depths or max(depths) == 0):
                    depths.append(figure(api, 'arena_operator_queue{operator="hostile-loop"}'))
                return 0
            finally:
                api.close()

        statuses = at_once(len(games) + 1, work)
        # after so many failures in a row the worker pauses, and who comes then may try again
        self.assertEqual(set(statuses[:-1]) - {500, 503}, set())
        failed = statuses.count(500)
        self.assertGreater(failed, 0)
        self.assertEqual(self.shed("operator"), statuses.count(503))
        self.assertGreater(max(depths), 0)
        self.assertEqual(figure(self.api, 'arena_operator_queue{operator="hostile-loop"}'), 0)
        self.assertEqual(figure(self.api, 'arena_operator_faults_total{operator="hostile-loop"}'), failed)
        self.assertGreater(figure(self.api, 'arena_operator_seconds_total{operator="hostile-loop"}'), 0.7 * failed)

    def test_connections_of_one_address(self):
        """Loopback is not counted, so the test comes from the machine's own other address."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(("192.0.2.1", 9))  # nothing is sent
                host = probe.getsockname()[0]
            except OSError:
                self.skipTest("this machine has no address but loopback")
        if host.startswith("127."):
            self.skipTest("this machine has no address but loopback")
        server = Server({"limits": {"connectionsPerAddress": 5}, "insecure": True})
        server.host = "0.0.0.0"
        self.addCleanup(server.close)
        server.start()

        def connect(address):
            client = socket.create_connection((address, server.port), timeout=PATIENCE)
            self.addCleanup(client.close)
            client.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
            try:
                return client, client.recv(100)[:15]
            except ConnectionResetError:
                return client, b""

        clients = [connect(host) for _ in range(8)]
        self.assertEqual([answer for _, answer in clients], [b"HTTP/1.1 200 OK"] * 5 + [b""] * 3)
        self.assertEqual([connect("127.0.0.1")[1] for _ in range(8)], [b"HTTP/1.1 200 OK"] * 8)
        clients[0][0].close()
        eventually(lambda: connect(host)[1], "the place of a connection that was closed")
        api = server.api()
        self.addCleanup(api.close)
        self.assertGreaterEqual(figure(api, 'arena_shed_total{queue="connections"}'), 3)


class Waiting(ArenaCase):
    """A client that leaves while it waits is noticed long before its time is over."""

    def wait(self, channel, half=False):
        client = socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE)
        self.addCleanup(client.close)
        client.sendall(f"GET /api/chat/sync?channel={channel}&index=1&wait=60000 HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        if half:
            client.shutdown(socket.SHUT_WR)
        return client

    def test_who_leaves_frees_everything(self):
        polls, left = figure(self.api, "arena_long_polls"), figure(self.api, "arena_long_polls_left_total")
        descriptors = self.server.descriptors()
        clients = [self.wait("leaving") for _ in range(20)]
        eventually(lambda: figure(self.api, "arena_long_polls") - polls == 20, "20 long polls")
        for client in clients[:15]:
            client.close()
        eventually(lambda: figure(self.api, "arena_long_polls") - polls == 5, "15 to be noticed", 30)
        self.assertEqual(figure(self.api, "arena_long_polls_left_total") - left, 15)
        eventually(lambda: self.server.descriptors() - descriptors <= 5, "their connections to be closed", 30)
        self.api.chat("leaving", "ann", "still here?")
        for client in clients[15:]:
            self.assertIn(b"still here?", client.recv(65536))

    def test_who_waits_is_left_in_peace(self):
        client = self.wait("patient")
        client.settimeout(5)
        with self.assertRaises(TimeoutError):
            client.recv(1)
        client.settimeout(PATIENCE)
        self.api.chat("patient", "ann", "now")
        self.assertIn(b'"now"', client.recv(65536))

    def test_who_only_stops_sending_gets_an_answer(self):
        self.assertIn(b'{"messages":[],"count":0}', self.wait("half", half=True).recv(65536))


if __name__ == "__main__":
    unittest.main()
