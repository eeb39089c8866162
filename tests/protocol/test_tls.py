"""HTTPS by a certificate of one's own: requests, streams, early refusals, and what must not get through."""
import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import unittest

from arena_test import PATIENCE, ROOT, Server, eventually

HERE = os.path.join(ROOT, "tests", "protocol", "tls")


def certificate(folder, name="one"):
    """A copy of certificate and key of which the key is its owner's alone, as a fresh clone's is not."""
    paths = []
    for kind in ("pem", "key"):
        path = os.path.join(folder, "server." + kind)
        shutil.copyfile(os.path.join(HERE, f"{name}.{kind}"), path)
        os.chmod(path, 0o600)
        paths.append(path)
    return {"certificate": paths[0], "key": paths[1]}


def context(name="one"):
    return ssl.create_default_context(cafile=os.path.join(HERE, name + ".pem"))


class TlsCase(unittest.TestCase):
    def start(self, settings=None, environment=None):
        self.server = Server({}, environment)
        self.server.configure({"tls": certificate(self.server.folder), **(settings or {})})
        self.addCleanup(self.server.close)
        self.server.start()
        return self.server

    def connect(self, name="one", **options):
        """A TLS connection to the server."""
        plain = socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE)
        secure = context(name).wrap_socket(plain, server_hostname="localhost", **options)
        self.addCleanup(secure.close)
        return secure

    def api(self):
        api = http.client.HTTPSConnection("127.0.0.1", self.server.port, timeout=PATIENCE, context=context())
        self.addCleanup(api.close)
        return api

    def ask(self, api, method, path, body=None):
        api.request(method, path, json.dumps(body) if body is not None else None)
        response = api.getresponse()
        return response.status, response.read()

    def figure(self, name):
        text = self.ask(self.api(), "GET", "/metrics")[1].decode()
        return float(re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE).group(1))


class Tls(TlsCase):
    def test_a_game(self):
        self.start()
        api = self.api()
        status, body = self.ask(api, "POST", "/api/challenges/psi", {})
        self.assertEqual(status, 200)
        game = json.loads(body)
        for invite in game["invites"]:
            self.assertEqual(self.ask(api, "POST", "/api/arena/join", {"invite": invite})[0], 200)
        for invite in game["invites"]:
            status, body = self.ask(api, "POST", "/api/arena/message", {
                "challengeId": game["id"], "from": invite, "messageType": "guess", "content": "1"})
            self.assertEqual(status, 200, body)
        self.assertIn(b'"ended"', self.ask(api, "GET", f"/api/sessions/{game['id']}")[1])

    def read_until(self, stream, text):
        received = b""
        while text not in received:
            piece = stream.recv(65536)
            self.assertTrue(piece, received)
            received += piece
        return received

    def test_a_stream(self):
        self.start({"limits": {"pingMs": 300}})
        stream = self.connect()
        stream.sendall(b"GET /api/chat/ws/tls HTTP/1.1\r\nHost: a\r\n\r\n")
        self.assertIn(b"text/event-stream", self.read_until(stream, b'"initial"'))
        api = self.api()
        for i in range(20):
            self.ask(api, "POST", "/api/chat/send", {"channel": "tls", "from": "ann", "content": f"line {i}"})
        self.read_until(stream, b"line 19")
        self.read_until(stream, b": ping")
        self.assertEqual(self.figure("arena_streams"), 1)
        stream.close()
        eventually(lambda: self.figure("arena_streams") == 0, "the stream to be let go")

    def test_large_both_ways(self):
        self.start()
        api = self.api()
        content = "x" * 60000
        for _ in range(40):
            self.assertEqual(self.ask(api, "POST", "/api/chat/send",
                                      {"channel": "large", "from": "ann", "content": content})[0], 200)
        messages = json.loads(self.ask(api, "GET", "/api/chat/sync?channel=large")[1])["messages"]
        self.assertEqual([message["content"] for message in messages], [content] * 40)

    def test_an_early_refusal_arrives(self):
        self.start()
        for body in (b"", b"x" * 3000000):
            client = self.connect()
            try:
                client.sendall(b"POST /api/chat/send HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n" + body)
            except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
                pass
            self.assertRegex(client.recv(1000), rb"^HTTP/1\.1 413 ")

    def test_long_polls(self):
        self.start()
        waiting = self.connect()
        waiting.sendall(b"GET /api/chat/sync?channel=poll&index=1&wait=60000 HTTP/1.1\r\nHost: a\r\n\r\n")
        eventually(lambda: self.figure("arena_long_polls") == 1, "a long poll")
        self.ask(self.api(), "POST", "/api/chat/send", {"channel": "poll", "from": "ann", "content": "there"})
        self.assertIn(b"there", self.read_until(waiting, b"]"))
        leaving = self.connect()
        leaving.sendall(b"GET /api/chat/sync?channel=poll&index=9&wait=60000 HTTP/1.1\r\nHost: a\r\n\r\n")
        eventually(lambda: self.figure("arena_long_polls") == 1, "another long poll")
        leaving.close()
        eventually(lambda: self.figure("arena_long_polls") == 0, "it to be noticed", 30)

    def test_a_reader_that_never_reads_is_let_go(self):
        self.start({"limits": {"streamBytes": 16384}})
        lazy = self.connect()
        lazy.sendall(b"GET /api/chat/ws/busy HTTP/1.1\r\nHost: a\r\n\r\n")
        self.read_until(lazy, b'"initial"')
        api = self.api()

        def dropped():
            for _ in range(20):
                self.ask(api, "POST", "/api/chat/send", {"channel": "busy", "from": "ann", "content": "x" * 60000})
            return self.figure("arena_streams_dropped_total") == 1

        eventually(dropped, "the reader to be dropped")

    def test_versions(self):
        self.start()
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            chosen = context()
            chosen.minimum_version = chosen.maximum_version = version
            plain = socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE)
            with chosen.wrap_socket(plain, server_hostname="localhost") as client:
                client.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
                self.assertRegex(client.recv(1000), rb"^HTTP/1\.1 200 ")

    def test_old_versions_are_refused(self):
        self.start()
        chosen = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        chosen.check_hostname, chosen.verify_mode = False, ssl.CERT_NONE
        try:
            chosen.minimum_version = ssl.TLSVersion.TLSv1
            chosen.maximum_version = ssl.TLSVersion.TLSv1_1
            chosen.set_ciphers("ALL:@SECLEVEL=0")
        except (ValueError, ssl.SSLError):
            self.skipTest("this Python has no TLS 1.1 to try")
        plain = socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE)
        with self.assertRaises((ssl.SSLError, ConnectionResetError)):
            chosen.wrap_socket(plain).close()

    def test_http_is_told_to_be_https(self):
        self.start()
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE) as client:
            client.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
            received = b""
            while piece := client.recv(1000):
                received += piece
        head, _, body = received.partition(b"\r\n\r\n")
        self.assertRegex(head, rb"^HTTP/1\.1 400 ")
        self.assertIn(b"Content-Length: %d\r\n" % len(body), head + b"\r\n")
        self.assertEqual(json.loads(body)["code"], "NEEDS_TLS")

    def test_noise_and_half_handshakes_harm_nobody(self):
        self.start()
        half = []
        for data in (b"", b"\x16", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 60, bytes(range(256)) * 8,
                     b"\x16\x03\x01\xff\xff" + b"\x01" * 4000, b"\x80\x2e\x01\x00\x02"):
            client = socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE)
            self.addCleanup(client.close)
            client.sendall(data)
            half.append(client)
        for _ in range(10):
            self.assertEqual(self.ask(self.api(), "GET", "/health")[0], 200)
        for client in half:  # each is closed in the end, by an alert or by the server's patience
            with self.subTest():
                try:
                    while client.recv(1000):
                        pass
                except ConnectionResetError:
                    pass
        self.assertGreater(self.figure("arena_tls_failed_total"), 0)

    def test_abrupt_ends(self):
        self.start()
        descriptors = self.server.descriptors()
        for i in range(50):
            client = self.connect()
            if i % 2:
                client.sendall(b"POST /api/chat/send HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{")
            client.close() if i % 3 else client.unwrap().close()
        eventually(lambda: self.server.descriptors() <= descriptors, "all connections to be closed")

    def test_links_are_https(self):
        self.start()
        status, body = self.ask(self.api(), "GET", "/skill.json")
        self.assertEqual(status, 200)
        self.assertIn(f"https://127.0.0.1:{self.server.port}", body.decode())
        self.assertNotIn("http://", body.decode())

    def test_who_the_client_is(self):
        """The address is the client's, not that of the pair of sockets in between."""
        self.start({"rates": {"loopback": True, "burstSeconds": 60, "create": 2}})
        statuses = [self.ask(self.api(), "POST", "/api/challenges/psi", {})[0] for _ in range(4)]
        self.assertEqual(statuses, [200, 200, 429, 429])

    def test_a_stop_in_order(self):
        self.start()
        stream = self.connect()
        stream.sendall(b"GET /api/chat/ws/stop HTTP/1.1\r\nHost: a\r\n\r\n")
        self.read_until(stream, b'"initial"')
        waiting = self.connect()
        waiting.sendall(b"GET /api/chat/sync?channel=stop&index=1&wait=60000 HTTP/1.1\r\nHost: a\r\n\r\n")
        eventually(lambda: self.figure("arena_long_polls") == 1, "a long poll")
        self.assertEqual(self.server.stop(), 0)
        self.assertIn(b'"messages":[]', self.read_until(waiting, b"}"))
        received = b""
        while piece := stream.recv(1000):  # an end without close_notify would raise
            received += piece
        self.assertTrue(received.endswith(b"0\r\n\r\n"), received)

    def test_curl(self):
        curl = shutil.which("curl")
        if not curl:
            self.skipTest("there is no curl")
        self.start()
        base = [curl, "-sS", "--max-time", str(PATIENCE), "--cacert", os.path.join(HERE, "one.pem")]
        url = f"https://localhost:{self.server.port}"
        told = subprocess.run([*base, url + "/health"], capture_output=True, text=True, check=True)
        self.assertEqual(told.stdout, '{"status":"ok","data":{"pokemon":"gen9-v1"}}')
        with subprocess.Popen([*base, "-N", url + "/api/chat/ws/curl"], stdout=subprocess.PIPE, text=True) as stream:
            self.assertIn('"initial"', stream.stdout.readline())
            subprocess.run([*base, "-d", '{"channel":"curl","from":"ann","content":"seen"}', url + "/api/chat/send"],
                           capture_output=True, check=True)
            lines = [stream.stdout.readline() for _ in range(3)]
            self.assertIn('"content":"seen"', "".join(lines))
            stream.kill()
        strict = subprocess.run([curl, "-sS", url + "/health"], capture_output=True, text=True, check=False)
        self.assertEqual(strict.returncode, 60, "a certificate that nobody vouches for was believed")


class Certificates(TlsCase):
    def serial(self):
        """The fingerprint of what the server shows."""
        chosen = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        chosen.check_hostname, chosen.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE)
        with chosen.wrap_socket(plain) as client:
            return client.getpeercert(binary_form=True)

    def test_a_new_one_by_sighup(self):
        self.start()
        before = self.serial()
        stays = self.connect()
        certificate(self.server.folder, "two")
        self.server.process.send_signal(signal.SIGHUP)
        eventually(lambda: self.serial() != before, "the new certificate")
        stays.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        self.assertRegex(stays.recv(1000), rb"^HTTP/1\.1 200 ")
        with open(os.path.join(self.server.folder, "server.pem"), "w", encoding="ascii") as file:
            file.write("nonsense")
        after = self.serial()
        self.server.process.send_signal(signal.SIGHUP)
        eventually(lambda: "the old certificate stays" in self.server.log_text(), "a line in the log")
        self.assertEqual(self.serial(), after)

    def test_from_the_environment(self):
        server = Server()
        self.addCleanup(server.close)
        paths = certificate(server.folder)
        server.environment = {"ARENA_TLS_CERTIFICATE": paths["certificate"], "ARENA_TLS_KEY": paths["key"]}
        self.server = server.start()
        self.assertEqual(self.ask(self.api(), "GET", "/health")[0], 200)
        self.assertIn("https://127.0.0.1", server.log_text())

    def refuses(self, sentence, change):
        server = Server()
        try:
            settings = certificate(server.folder)
            settings = change(server, settings) or settings
            server.configure({"tls": settings})
            with self.assertRaisesRegex(AssertionError, "(?s)ended at start with [1-9].*" + sentence):
                server.start()
            self.assertEqual(os.listdir(server.data), [])
        finally:
            server.process = None
            server.close()

    def test_what_cannot_be_used_is_refused_with_a_sentence(self):
        def spoil(server, settings):
            with open(settings["certificate"], "w", encoding="ascii") as file:
                file.write("-----BEGIN CERTIFICATE-----\nnonsense\n")

        def other_key(server, settings):
            shutil.copyfile(os.path.join(HERE, "two.key"), settings["key"])

        for sentence, change in (
                ("/nonexistent.pem: No such file", lambda s, t: {**t, "certificate": "/nonexistent.pem"}),
                ("/nonexistent.key: No such file", lambda s, t: {**t, "key": "/nonexistent.key"}),
                ("this is no file", lambda s, t: {**t, "certificate": s.folder}),
                ("a certificate needs a key", lambda s, t: {"certificate": t["certificate"]}),
                ("a key needs a certificate", lambda s, t: {"key": t["key"]}),
                ("tls.cert is no setting", lambda s, t: {**t, "cert": "x"}),
                ("tls.key must be the path", lambda s, t: {**t, "key": 5}),
                ("everybody may read this key", lambda s, t: os.chmod(t["key"], 0o644)),
                ("cannot be used as certificate and key", spoil),
                ("cannot be used as certificate and key", other_key)):
            with self.subTest(sentence):
                self.refuses(sentence, change)


if __name__ == "__main__":
    unittest.main()
