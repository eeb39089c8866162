#!/usr/bin/env python3
"""The proxies of packaging/proxy in front of a server: nginx and Caddy, each if it is installed.

Their files are used as they are, but for addresses, names and certificates.  What is looked at: requests, event streams
that come at once, long polls, clients that leave, who the client is, early refusals, links.  `make proxies` runs it.
"""
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "protocol"))

from arena_test import PATIENCE, Server, die_with_parent, eventually, free_port  # noqa: E402
from test_limits import figure  # noqa: E402
from test_tls import certificate, context  # noqa: E402


def example(name):
    with open(os.path.join(ROOT, "packaging", "proxy", name), encoding="utf-8") as file:
        return file.read()


class Proxy:
    """Tests of a proxy; a class below says how it is started."""

    rates = {"loopback": True, "burstSeconds": 60, "create": 5}

    @classmethod
    def setUpClass(cls):
        if not cls.program():
            raise unittest.SkipTest(f"there is no {cls.__name__}")
        cls.server = Server({"proxies": ["127.0.0.1"], "rates": cls.rates, "limits": {"pingMs": 500}})
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.port = free_port()
        cls.pair = certificate(cls.server.folder)
        cls.log = open(os.path.join(cls.server.folder, "proxy.log"), "wb")
        cls.addClassCleanup(cls.log.close)
        cls.process = subprocess.Popen(cls.command(), stdin=subprocess.DEVNULL, stdout=cls.log, stderr=cls.log,
                                       env={**os.environ, "HOME": cls.server.folder}, preexec_fn=die_with_parent)
        cls.addClassCleanup(cls.process.wait)
        cls.addClassCleanup(cls.process.terminate)
        eventually(cls.is_up, "the proxy's start")

    @classmethod
    def is_up(cls):
        if cls.process.poll() is not None:
            with open(cls.log.name, encoding="utf-8", errors="replace") as file:
                raise AssertionError(f"the proxy ended:\n{file.read()}")
        try:
            socket.create_connection(("127.0.0.1", cls.port), timeout=PATIENCE).close()
            return True
        except ConnectionRefusedError:
            return False

    @classmethod
    def write(cls, name, text):
        path = os.path.join(cls.server.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def setUp(self):
        self.direct = self.server.api()
        self.addCleanup(self.direct.close)

    def api(self):
        # from an address of this machine that is not the proxy's
        api = http.client.HTTPSConnection("localhost", self.port, timeout=PATIENCE, context=context(),
                                          source_address=("127.0.0.2", 0))
        self.addCleanup(api.close)
        return api

    def ask(self, method, path, body=None, headers=None):
        api = self.api()
        api.request(method, path, json.dumps(body) if body is not None else None, headers or {})
        response = api.getresponse()
        return response.status, dict(response.getheaders()), response.read()

    def open(self, path):
        """A request whose answer is read by hand."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        client = context().wrap_socket(plain, server_hostname="localhost")
        self.addCleanup(client.close)
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost:{self.port}\r\n\r\n".encode())
        return client

    def read_until(self, client, text):
        received = b""
        while text not in received:
            piece = client.recv(65536)
            self.assertTrue(piece, received)
            received += piece
        return received

    def chat(self, channel, content):
        self.assertEqual(self.direct.chat(channel, "ann", content).status, 200)

    def test_requests(self):
        status, _, body = self.ask("GET", "/health")
        self.assertEqual((status, body), (200, b'{"status":"ok"}'))
        self.assertEqual(self.ask("POST", "/api/chat/send", {"channel": "via", "from": "ann", "content": "x" * 60000})[0],
                         200)
        self.assertEqual(len(self.direct.messages("via", kind="chat")[0]["content"]), 60000)
        self.assertEqual(self.ask("GET", "/nothing")[0], 404)

    def test_streams_come_at_once(self):
        stream = self.open("/api/chat/ws/proxy")
        self.read_until(stream, b'"initial"')
        for i in range(5):  # one after the other: a buffer in between would keep the first ones back
            self.chat("proxy", f"line {i}")
            self.read_until(stream, f"line {i}".encode())
        self.read_until(stream, b": ping")
        stream.close()
        eventually(lambda: figure(self.direct, "arena_streams") == 0, "the stream to be let go")

    def test_long_polls(self):
        poll = self.open("/api/chat/sync?channel=poll&index=1&wait=60000")
        eventually(lambda: figure(self.direct, "arena_long_polls") == 1, "a long poll")
        time.sleep(2)
        self.chat("poll", "there")
        self.read_until(poll, b"there")

    def test_who_leaves_a_long_poll_is_noticed(self):
        poll = self.open("/api/chat/sync?channel=left&index=1&wait=60000")
        eventually(lambda: figure(self.direct, "arena_long_polls") == 1, "a long poll")
        poll.close()
        eventually(lambda: figure(self.direct, "arena_long_polls") == 0, "it to be noticed", 30)

    def test_the_client_is_not_the_proxy_and_cannot_be_another(self):
        statuses = [self.ask("POST", "/api/challenges/psi", {}, {"X-Forwarded-For": f"192.0.2.{i}"})[0]
                    for i in range(8)]
        self.assertEqual(statuses.count(429), 3, statuses)
        self.assertEqual(self.direct.create("psi").status, 200, "another address was limited with it")

    def test_large_bodies(self):
        self.assertEqual(self.ask("POST", "/api/chat/send", {"channel": "x", "from": "ann", "content": "x" * 300000})[0],
                         413)

    def test_links(self):
        status, _, body = self.ask("GET", "/skill.json")
        if status == 404:
            self.skipTest("this server has no page with links of its own")
        links = re.findall(r"https?://localhost[^/\"]*", body.decode())
        self.assertEqual(set(links), {f"https://localhost:{self.port}"})


class nginx(Proxy, unittest.TestCase):
    @classmethod
    def program(cls):
        return shutil.which("nginx") or shutil.which("/usr/sbin/nginx")

    @classmethod
    def command(cls):
        site = example("nginx.conf").replace("127.0.0.1:3001", f"127.0.0.1:{cls.server.port}")
        site = site.replace("listen 443 ssl", f"listen 127.0.0.1:{cls.port} ssl").replace("arena.example", "localhost")
        site = site.replace("/etc/ssl/arena.pem", cls.pair["certificate"])
        site = site.replace("/etc/ssl/private/arena.key", cls.pair["key"])
        temporary = "".join(f"{kind}_temp_path {cls.server.folder}/{kind};\n" for kind in (
            "client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root;\n" if os.geteuid() == 0 else ""
        path = cls.write("nginx.conf", f"{user}pid {cls.server.folder}/nginx.pid;\nerror_log stderr;\nevents {{}}\n"
                         f"http {{\naccess_log off;\n{temporary}{site}}}\n")
        return [cls.program(), "-c", path, "-p", cls.server.folder, "-g", "daemon off;"]


class caddy(Proxy, unittest.TestCase):
    @classmethod
    def program(cls):
        return shutil.which("caddy")

    @classmethod
    def command(cls):
        site = example("Caddyfile").replace("127.0.0.1:3001", f"127.0.0.1:{cls.server.port}")
        site = site.replace("arena.example {", f"https://localhost:{cls.port} {{\n\ttls {cls.pair['certificate']} "
                                               f"{cls.pair['key']}")
        path = cls.write("Caddyfile", "{\n\tadmin off\n\tauto_https off\n}\n" + site)
        return [cls.program(), "run", "--config", path, "--adapter", "caddyfile"]


if __name__ == "__main__":
    unittest.main()
