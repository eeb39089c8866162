#!/usr/bin/env python3
"""Suspended and resumed connections, many of them, for a bounded time: none may stall.

Every client keeps one connection and sends one durable action after the other, mixed with reads and long polls, so that
each of its requests is suspended until the disk has it.  SOAK_CONNECTIONS (256,1000), SOAK_SECONDS for each (5).
"""
import json
import os
import selectors
import socket
import time
import unittest

import players  # noqa: F401  finds the helpers of tests/protocol

from arena_test import PATIENCE, Server

CONNECTIONS = [int(count) for count in os.environ.get("SOAK_CONNECTIONS", "256,1000").split(",")]
SECONDS = float(os.environ.get("SOAK_SECONDS", "5"))


class Client:
    """One connection in the loop: writes a request, reads its answer, writes the next."""

    def __init__(self, port, number):
        self.number = number
        self.sent = 0        # requests
        self.answered = 0
        self.lines = 0       # of them, chat lines that were acknowledged
        self.buffer = b""
        self.last = time.monotonic()
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setblocking(False)

    def request(self):
        turn = self.sent % 8
        channel = f"soak-{self.number % 50}"
        if turn == 3:
            head, body = f"GET /api/chat/sync?channel={channel}&index=1000000&wait=20", ""
        elif turn == 6:
            head, body = f"GET /api/chat/sync?channel=soak-{self.number}-none", ""
        else:
            head = "POST /api/chat/send"
            body = json.dumps({"channel": channel, "from": f"client-{self.number}", "content": f"line {self.sent}"})
        self.sent += 1
        self.socket.send(f"{head} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())

    def read(self):
        """Takes what came; true when an answer is whole."""
        try:
            piece = self.socket.recv(65536)
        except ConnectionResetError:
            piece = b""
        if not piece:
            raise AssertionError(f"client {self.number}: closed after {self.answered} answers; request {self.sent} was "
                                 f"sent {time.monotonic() - self.last:.1f} s ago, {self.buffer[:100]!r} came")
        self.buffer += piece
        head, gap, rest = self.buffer.partition(b"\r\n\r\n")
        if not gap:
            return False
        length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n")
                      if line.lower().startswith(b"content-length:"))
        if len(rest) < length:
            return False
        if not head.startswith(b"HTTP/1.1 200 "):
            raise AssertionError(f"client {self.number}: {self.buffer[:300]!r}")
        self.buffer = rest[length:]
        self.lines += b'{"index":' in rest[:length]
        self.answered += 1
        self.last = time.monotonic()
        return True


class Soak(unittest.TestCase):
    def drive(self, clients, seconds):
        """Keeps all clients busy for a time, then lets each finish what it sent."""
        selector = selectors.DefaultSelector()
        for client in clients:
            selector.register(client.socket, selectors.EVENT_READ, client)
            client.request()
        end = time.monotonic() + seconds
        pending = len(clients)
        while pending:
            now = time.monotonic()
            self.assertLess(now, end + PATIENCE, f"{pending} of {len(clients)} connections stall")
            for key, _ in selector.select(1):
                client = key.data
                if not client.read():
                    continue
                if now < end:
                    client.request()
                else:
                    selector.unregister(client.socket)
                    pending -= 1
        selector.close()

    def soak(self, count):
        self.server = Server()
        self.addCleanup(self.server.close)
        self.server.start()
        clients = [Client(self.server.port, number) for number in range(count)]
        try:
            self.drive(clients, SECONDS)
        finally:
            for client in clients:
                client.socket.close()
        self.assertEqual([client.number for client in clients if client.answered != client.sent], [])
        api = self.server.api()
        lines = 0
        for channel in range(50):
            told = api.messages(f"soak-{channel}", kind="chat")
            self.assertEqual([message["index"] for message in told], list(range(1, len(told) + 1)))
            lines += len(told)
        api.close()
        self.assertEqual(lines, sum(client.lines for client in clients), "a line is lost or doubled")
        total = sum(client.answered for client in clients)
        print(f"soak: {count} connections, {total} answers in {SECONDS:g} s, least busy client "
              f"{min(client.answered for client in clients)}")

    def test_connections(self):
        for count in CONNECTIONS:
            with self.subTest(connections=count):
                self.soak(count)
                self.assertEqual(self.server.stop(), 0)


if __name__ == "__main__":
    unittest.main()
