"""Clients that mean harm, on the level of sockets, heads and paths: the server stays what it is for the others."""
import re
import socket
import unittest

import crowd
import malformed
from arena_test import PATIENCE, ArenaCase, Game, Server, eventually
from test_limits import figure

STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
MIB = 1 << 20
LAZY = 40


class Sized(unittest.TestCase):
    """Too much, too many, too slow."""

    def start(self, settings=None):
        self.server = Server(settings or {})
        self.addCleanup(self.server.close)
        self.server.start()
        self.api = self.server.api()
        self.addCleanup(self.api.close)

    def test_a_body_of_100_megabytes(self):
        self.start()
        self.assertEqual(self.api.chat("x", "ann", "warm").status, 200)
        for chunked in (False, True):
            with self.subTest(chunked=chunked):
                before = crowd.memory(self.server)
                crowd.forget_peak(self.server)
                _, answer = crowd.pour(self.server, 100 * MIB, chunked)
                if answer:  # the client that does not stop sending may lose it
                    self.assertRegex(answer, rb"^HTTP/1\.1 413 ")
                    self.assertIn(b"BODY_TOO_LARGE", answer)
                if crowd.counts_memory(self.server):
                    self.assertLess(crowd.memory(self.server, "VmHWM") - before, 8 * MIB)
        self.assertEqual(self.api.chat("x", "ann", "after").status, 200)

    def test_a_body_that_is_announced_too_large_is_refused_before_it_comes(self):
        self.start()
        with crowd.connect(self.server) as client:
            client.sendall(b"POST /api/chat/send HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (100 * MIB))
            received = b""
            while piece := client.recv(65536):
                received += piece
        self.assertRegex(received, rb"^HTTP/1\.1 413 ")
        self.assertIn(b"Connection: close", received)

    def test_slow_clients(self):
        self.start({"limits": {"requestMs": 2500, "idleMs": 2000}})
        descriptors = self.server.descriptors()
        slow = crowd.Slow(self.server, 200)
        self.addCleanup(slow.close)
        for i in range(60):
            slow.trickle()
            if i < 10:
                self.assertGreater(slow.alive, 100, "the slow ones are not there")
            self.assertEqual(self.api.chat("honest", "ann", f"line {i}").status, 200)
        slow.trickle_until_closed()
        self.api.close()  # it was quiet for too long itself
        crowd.all_closed(self.server, descriptors)
        self.assertEqual(len(self.api.messages("honest", kind="chat")), 60)

    def test_slow_clients_on_every_place(self):
        """When all places are taken, patience is a twelfth: by the ordinary limits nobody would get in for 96 s."""
        self.start({"limits": {"connections": 32, "requestMs": 96000, "idleMs": 96000}})
        self.api.close()
        slow = crowd.Slow(self.server, 40)
        self.addCleanup(slow.close)
        honest = crowd.connect(self.server)
        self.addCleanup(honest.close)
        honest.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        honest.settimeout(0.1)

        def answered():
            slow.trickle()
            try:
                return honest.recv(100)
            except TimeoutError:
                return None

        self.assertRegex(eventually(answered, "an answer"), rb"^HTTP/1\.1 200 ")

    def test_many_connections(self):
        count = 1000
        if not crowd.may_open(count):
            self.skipTest("this machine does not allow so many descriptors")
        self.start({"limits": {"connections": count + 100}})
        descriptors = self.server.descriptors()
        clients = [crowd.connect(self.server) for _ in range(count)]
        try:
            self.assertEqual(crowd.ask_on_all(clients, 3), 3 * count)
            self.assertGreaterEqual(figure(self.api, "arena_http_connections"), count)
        finally:
            for client in clients:
                client.close()
        crowd.all_closed(self.server, descriptors + 1)

    def test_readers_that_never_read(self):
        self.start({"limits": {"streamBytes": 131072}})
        _, peak = crowd.drop_lazy_readers(self, LAZY)
        if crowd.counts_memory(self.server):
            # each may be behind by what is allowed and one event; the channel itself is the rest
            self.assertLess(peak, LAZY * 400000 + 32 * MIB)
        eventually(lambda: figure(self.api, "arena_streams") == 1, "their places to be free")


class Smuggling(ArenaCase):
    """What two servers in a row could understand differently is refused, and what comes behind it is not looked at."""

    settings = {"limits": {"idleMs": 2000}}

    def setUp(self):
        super().setUp()
        self.game = Game(self.api, "psi", ("alice", "bob"))

    def statuses(self, data):
        """The statuses of all answers, until the server closes.  The other connection may be too old by then."""
        self.api.close()
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE) as client:
            client.sendall(data)
            received = b""
            try:
                while True:
                    client.settimeout(0.2 if STATUS.search(received) else PATIENCE)
                    piece = client.recv(65536)
                    if not piece:
                        return [int(status) for status in STATUS.findall(received)], received
                    received += piece
            except TimeoutError:
                self.fail(f"the connection stays open: {received!r}")
            except ConnectionResetError:
                return [int(status) for status in STATUS.findall(received)], received

    def test_heads(self):
        body = b'{"channel":"smuggled","from":"eve","content":"x"}'
        right = b"Content-Length: %d\r\n" % len(body)
        chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        rows = {
            "two lengths": (right + b"Content-Length: 0\r\n", body),
            "two equal lengths": (right + right, body),
            "a list of equal lengths": (b"Content-Length: %d, %d\r\n" % (len(body), len(body)), body),
            "length and coding": (right + b"Transfer-Encoding: chunked\r\n", chunked),
            "coding and length": (b"Transfer-Encoding: chunked\r\n" + right, chunked),
            "coding in capitals with a length": (b"TRANSFER-ENCODING: CHUNKED\r\n" + right, chunked),
            "coding twice": (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", chunked),
            "another coding": (b"Transfer-Encoding: identity\r\n", body),
            "a coding with a space before its colon": (b"Transfer-Encoding : chunked\r\n", chunked),
            "a folded coding": (b"Transfer-Encoding:\r\n chunked\r\n", chunked),
            "a folded length": (b"Content-Length:\r\n 5\r\n", body),
            "a header folded behind another": (right + b"X: a\r\n\tTransfer-Encoding: chunked\r\n", body),
            "NUL in a name": (right + b"X\x00Y: a\r\n", body),
            "NUL before the length": (b"X: \x00\r\n" + right, body),
            "bare LF between headers": (b"X: a\n" + right, body),
            "bare LF at the end": (right[:-2] + b"\n\n", body),
            "bare CR between headers": (b"X: a\r" + right, body),
            "two Hosts": (b"Host: b\r\n" + right, body),
            "sign before the length": (b"Content-Length: +%d\r\n" % len(body), body),
            "length in octal clothes": (b"Content-Length: 0x%x\r\n" % len(body), body),
        }
        inner = b"POST /api/chat/send HTTP/1.1\r\nHost: a\r\n" + right + b"\r\n" + body
        for name, (headers, rest) in rows.items():
            with self.subTest(name):
                statuses, received = self.statuses(malformed.framed(headers, rest + inner))
                self.assertIn(statuses, ([400], []), received)
                if statuses:
                    self.assertIn(b"Connection: close", received)
        self.assertEqual(self.api.messages("smuggled", kind="chat"), [])

    def test_chunks(self):
        inner = b"GET /api/metadata HTTP/1.1\r\nHost: a\r\n\r\n"
        for name, body in {
                "size with a sign": b"+5\r\nhello\r\n0\r\n\r\n", "size with 0x": b"0x5\r\nhello\r\n0\r\n\r\n",
                "size beyond 64 bits": b"10000000000000005\r\nhello\r\n0\r\n\r\n",
                "no size": b"\r\nhello\r\n0\r\n\r\n", "size behind a space": b" 5\r\nhello\r\n0\r\n\r\n",
                "chunk that is longer than it says": b"3\r\nhello\r\n0\r\n\r\n"}.items():
            with self.subTest(name):
                statuses, received = self.statuses(malformed.framed(b"Transfer-Encoding: chunked\r\n", body + inner))
                self.assertNotIn(200, statuses, received)
                self.assertLessEqual(len(statuses), 1, received)

    def test_who_asks_is_said_once(self):
        one, other = self.game.invites
        for query in (f"from={one}&from={other}", f"from={one}&from={one}", f"from=&from={other}", f"from&from={one}"):
            with self.subTest(query):
                answer = self.api.get(f"/api/sessions/{self.game.id}/view?{query}")
                self.refused(answer, 400, "from is given more than once", "AMBIGUOUS_QUERY")
                body = {"challengeId": self.game.id, "messageType": "guess", "content": "1"}
                self.refused(self.api.post(f"/api/arena/message?{query}", body), 400, "from is given more than once",
                             "AMBIGUOUS_QUERY")
        for query, name in ((f"channel=a&channel={self.game.id}", "channel"), ("channel=a&key=b&key=c", "key")):
            self.refused(self.api.get(f"/api/arena/sync?{query}&from={one}"), 400, f"{name} is given more than once",
                         "AMBIGUOUS_QUERY")
        self.assertEqual(self.api.session(self.game.id).json["state"]["status"], "active")
        self.assertEqual(self.api.get("/api/challenges?limit=1&limit=2").status, 200)

    def test_a_name_in_disguise_is_another_name(self):
        """Names of parameters are not decoded: who reads `fr%6fm` as `from` is not this server."""
        one, other = self.game.invites
        plain = self.api.get(f"/api/sessions/{self.game.id}/view").json
        self.assertEqual(self.api.get(f"/api/sessions/{self.game.id}/view?fr%6fm={one}").json, plain)
        own = self.api.get(f"/api/sessions/{self.game.id}/view?from={other}").json
        self.assertEqual(self.api.get(f"/api/sessions/{self.game.id}/view?from={other}&fr%6fm={one}").json, own)
        self.assertEqual(self.api.get(f"/api/sessions/{self.game.id}/view?from={other};from={one}").json, plain)

    def test_paths(self):
        session = self.game.id
        for path in ("/api/../health", "/api/%2e%2e/health", "/api/%2E%2E%2Fhealth", "//api/metadata", "/api//metadata",
                     "/./health", "/health/.", "/health/", "/health;x=y", "/HEALTH", "/api/v1/v1/metadata",
                     "/api/v1/api/metadata", "/api/v1/../metadata", "/v1/api/metadata", "/api/v1//metadata",
                     "/api/v1/health", "/api/metadata/", "/api/metadata/..", "/api/metadata/%2e%2e",
                     "/api/metadata/..%2fmetadata%2fpsi", "/api/metadata/psi%2f", "/api/metadata/psi%00",
                     "/api/metadata/%2fpsi", "/api/metadata/psi%20", "/api/metadata/PSI", "/api%2fmetadata",
                     "/%61pi/metadata", "/api\\metadata", "/api/metadata%3Fx", "/api/metadata%23",
                     f"/api/sessions/{session}%2fview", f"/api/sessions/{session}%2Freplay",
                     f"/api/sessions/..%2fsessions%2f{session}", f"/api/sessions/{session}/../{session}/view/x",
                     f"/api/sessions//{session}", f"/api/sessions/{session}/view/", f"/api/sessions/{session}%00",
                     f"/api/sessions/{session.upper()}" if session.upper() != session else "/nothing",
                     "/api/metadata/%c0%afpsi", "/api/metadata/%c0%ae%c0%ae", "/api/metadata/%e0%80%afpsi",
                     "/api/%c0%ae%c0%ae/health", "/assets/..%2findex.html", "/assets/../index.html",
                     "/assets/%2e%2e/%2e%2e/etc/passwd", "/assets/....//etc/passwd", "/assets//etc/passwd",
                     "/assets/%2fetc%2fpasswd", "/assets/", "/assets/style.css%00.js", "/assets/STYLE.CSS"):
            with self.subTest(path):
                statuses, received = self.statuses(malformed.get(path.encode(), b"Connection: close\r\n"))
                self.assertEqual(len(statuses), 1, received)
                self.assertIn(statuses[0], (400, 404), received)
        for path in (b"/api/metadata/\xc0\xafpsi", b"/api/metadata/\xed\xa0\x80", b"/\xff"):
            statuses, received = self.statuses(malformed.get(path, b"Connection: close\r\n"))
            self.assertIn(statuses, ([400], [404]), received)

    def test_what_is_only_written_otherwise(self):
        self.assertEqual(self.api.get("/api/metadata/%70si").json, self.api.get("/api/metadata/psi").json)
        self.assertEqual(self.api.get(f"/api/v1/sessions/{self.game.id}").json, self.api.session(self.game.id).json)


if __name__ == "__main__":
    unittest.main()
