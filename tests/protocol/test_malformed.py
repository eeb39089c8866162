"""What is malformed gets the right refusal and leaves everything as it was."""
import re
import socket
import time
import unittest

import malformed
from arena_test import PATIENCE, ArenaCase, Game, eventually

STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


class Malformed(ArenaCase):
    settings = {"limits": {"idleMs": 1000}}  # what waits for the rest of a request that never comes, waits for this

    def setUp(self):
        super().setUp()
        self.game = Game(self.api, "psi", ("alice", "bob"))
        self.free = Game(self.api, "psi", join=False)
        self.before = self.snapshot()

    def tearDown(self):
        self.assertEqual(self.snapshot(), self.before, "something was changed")
        super().tearDown()

    def snapshot(self):
        """All that can be read of the sessions and channels that the requests name."""
        self.api.close()  # it may have been idle for too long
        paths = ["/api/challenges?limit=100", "/api/metadata", "/api/chat/sync?channel=invites",
                 "/api/chat/sync?channel=none", f"/api/sessions/{self.free.id}",
                 f"/api/invites/{self.free.invites[0]}"]
        for invite in self.game.invites:
            paths += [f"/api/sessions/{self.game.id}/view?from={invite}", f"/api/chat/sync?channel={self.game.id}",
                      f"/api/arena/sync?channel={self.game.id}&from={invite}"]
        return [(answer.status, answer.body) for answer in map(self.api.get, paths)]

    def filled(self, data):
        return (data.replace(b"SESSION", self.game.id.encode()).replace(b"INVITE", self.free.invites[0].encode())
                .replace(b"SEAT", self.game.invites[0].encode()))

    def fill_length(self, data):
        """Puts the ids in, and the length of the body right if the row meant it to be."""
        head, gap, body = data.partition(b"\r\n\r\n")
        length = b"Content-Length: %d\r\n" % len(body)
        filled_body = self.filled(body)
        if length in head + b"\r\n":
            head = (head + b"\r\n").replace(length, b"Content-Length: %d\r\n" % len(filled_body))[:-2]
        filled_head = self.filled(head)
        return filled_head + gap + filled_body

    def send(self, data, half=False):
        """The statuses of all answers to these bytes, until the server closes or has answered once."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE) as client:
            received = b""
            try:
                client.sendall(data)
                if half:
                    client.shutdown(socket.SHUT_WR)
                while True:
                    # once an answer is there, anything further must follow soon or not at all
                    client.settimeout(0.05 if STATUS.search(received) else PATIENCE)
                    piece = client.recv(65536)
                    if not piece:
                        break
                    received += piece
            except TimeoutError:
                self.assertTrue(received, "no answer, and the connection stays open")
            except (ConnectionResetError, BrokenPipeError):
                pass
        return [int(status) for status in STATUS.findall(received)]

    def check_row(self, data, right):
        statuses = self.send(data)
        if not statuses:
            self.assertIn(malformed.CLOSED, right, "closed without an answer")
        for status in statuses:
            self.assertIn(status, right)
        self.assertLessEqual(len(statuses), 1, "one request, more than one answer")

    def test_bodies(self):
        for path in malformed.JSON_ROUTES:
            for name, body, right in malformed.json_rows():
                with self.subTest(path=path, body=name):
                    self.check_row(malformed.post(path + "?from=" + self.game.invites[0], self.filled(body)), right)

    def test_bodies_of_create_are_refused_or_ignored(self):
        for name, body, _ in malformed.json_rows():
            with self.subTest(body=name):
                self.check_row(malformed.post("/api/challenges/none", self.filled(body)), {400, 413})

    def test_fields(self):
        for name, data, right in malformed.field_rows():
            with self.subTest(name):
                self.check_row(self.fill_length(data), right)

    def test_targets(self):
        for name, data, right in malformed.target_rows():
            with self.subTest(name):
                self.check_row(self.filled(data), right)

    def test_framing(self):
        for name, data, right in malformed.FRAMING:
            with self.subTest(name):
                self.check_row(self.fill_length(data), right)

    def test_half_requests(self):
        for name, data in malformed.HALF:
            with self.subTest(name):
                data = self.filled(data)
                if b"Content-Length: " in data:  # keep promising more than what is sent
                    data = re.sub(rb"Content-Length: \d+", b"Content-Length: 500", data)
                for status in self.send(data, half=True):
                    self.assertIn(status, (400, 408))

    def test_a_smuggled_request_is_not_answered(self):
        inner = b"GET /api/metadata HTTP/1.1\r\nHost: a\r\n\r\n"
        for headers in (b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                        b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
                        b"Content-Length: 0\r\nContent-Length: %d\r\n" % len(inner)):
            data = malformed.framed(headers, b"0\r\n\r\n" + inner)
            statuses = self.send(data)
            self.assertNotIn(200, statuses, headers)
            self.assertLessEqual(len(statuses), 1, headers)


class Unusual(ArenaCase):
    """Requests that are odd and right."""

    def exchange(self, data, pieces=None):
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE) as client:
            for piece in pieces or [data]:
                client.sendall(piece)
            client.shutdown(socket.SHUT_WR)
            received = b""
            while piece := client.recv(65536):
                received += piece
        return received

    def test_pipelining(self):
        count = 20
        requests = [b"GET /api/metadata/none-%d HTTP/1.1\r\nHost: a\r\n\r\n" % i if i % 2 else
                    malformed.post("/api/chat/send", {"channel": "pipe", "from": "ann", "content": f"line {i}"})
                    for i in range(count)]
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE) as client:
            client.sendall(b"".join(requests))
            received = b""
            while len(STATUS.findall(received)) < count or not received.endswith((b"}", b"]")):
                piece = client.recv(65536)
                self.assertTrue(piece, received)
                received += piece
        self.assertEqual([int(status) for status in STATUS.findall(received)],
                         [404 if i % 2 else 200 for i in range(count)])
        self.assertEqual([message["content"] for message in self.api.messages("pipe", kind="chat")],
                         [f"line {i}" for i in range(0, count, 2)])

    def test_http_1_0(self):
        received = self.exchange(b"GET /health HTTP/1.0\r\n\r\n")
        self.assertRegex(received, rb"^HTTP/1\.[01] 200 ")
        self.assertTrue(received.endswith(b'\r\n\r\n{"status":"ok","data":{"pokemon":"gen9-v1"}}'), received)
        self.assertNotIn(b"chunked", received)

    def test_absolute_target(self):
        received = self.exchange(b"GET http://a/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        self.assertRegex(received, rb"^HTTP/1\.1 (200|400|404) ")

    def test_chunked_body(self):
        body = b'{"channel":"chunks","from":"ann","content":"in pieces"}'
        chunks = b"".join(b"1;ext=x\r\n%c\r\n" % byte for byte in body) + b"0\r\nTrailer: x\r\n\r\n"
        received = self.exchange(malformed.framed(b"Transfer-Encoding: chunked\r\nConnection: close\r\n", chunks))
        self.assertRegex(received, rb"^HTTP/1\.1 200 ")
        self.assertEqual(self.api.messages("chunks", kind="chat")[0]["content"], "in pieces")

    def test_byte_by_byte(self):
        data = malformed.post("/api/chat/send", {"channel": "slow", "from": "ann", "content": "slowly"},
                              b"Connection: close\r\n")
        received = self.exchange(None, [bytes([byte]) for byte in data])
        self.assertRegex(received, rb"^HTTP/1\.1 200 ")

    def test_slow_clients_do_not_hold_up_others(self):
        slow = [socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE) for _ in range(100)]
        try:
            for client in slow:
                client.sendall(b"POST /api/chat/send HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{")
            for i in range(50):
                self.assertEqual(self.api.chat("quick", "ann", f"line {i}").status, 200)
        finally:
            for client in slow:
                client.close()

    def test_expect_continue(self):
        body = b'{"channel":"expect","from":"ann","content":"x"}'
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE) as client:
            client.sendall(malformed.framed(b"Expect: 100-continue\r\nContent-Length: %d\r\n" % len(body)))
            self.assertRegex(client.recv(1000), rb"^HTTP/1\.1 100 ")
            client.sendall(body)
            self.assertRegex(client.recv(1000), rb"^HTTP/1\.1 200 ")

    def test_a_client_that_never_reads(self):
        """It asks for much and reads nothing: the others go on, and its connection is freed when it goes."""
        for i in range(20):
            self.api.chat("heavy", "ann", "x" * 60000)
        before = self.server.descriptors()
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", self.server.port))
            client.sendall(malformed.get(b"/api/chat/sync?channel=heavy") * 5)
            time.sleep(0.2)  # lets the server fill the socket
            self.assertEqual(self.api.get("/health").status, 200)
            self.assertEqual(self.api.chat("heavy", "ann", "still here").status, 200)
        eventually(lambda: self.server.descriptors() <= before + 1, "the connection to be freed")


if __name__ == "__main__":
    unittest.main()
