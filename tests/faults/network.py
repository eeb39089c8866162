#!/usr/bin/env python3
"""Clients that mean harm, in crowds: 10,000 connections, thousands of slow ones, readers that never read, huge bodies.

The same scenes as in tests/protocol/test_network.py, in numbers: NETWORK_CONNECTIONS (2,000), NETWORK_SLOW (500),
NETWORK_LAZY (100), NETWORK_BODIES (4 at once, of 100 MB each).
"""
import os
import unittest

import players  # noqa: F401  finds the helpers of tests/protocol

import crowd
from arena_test import Server, at_once
from test_limits import figure

CONNECTIONS = int(os.environ.get("NETWORK_CONNECTIONS", "2000"))
SLOW = int(os.environ.get("NETWORK_SLOW", "500"))
LAZY = int(os.environ.get("NETWORK_LAZY", "100"))
BODIES = int(os.environ.get("NETWORK_BODIES", "4"))
MIB = 1 << 20


class Network(unittest.TestCase):
    def start(self, limits, descriptors):
        if not crowd.may_open(descriptors):
            self.skipTest(f"this machine does not allow {descriptors} descriptors")
        self.server = Server({"limits": limits})
        self.addCleanup(self.server.close)
        self.server.start()
        self.api = self.server.api()
        self.addCleanup(self.api.close)

    def test_connections(self):
        self.start({"connections": CONNECTIONS + 100, "idleMs": 600000}, CONNECTIONS)
        before, descriptors = crowd.memory(self.server), self.server.descriptors()
        clients = [crowd.connect(self.server) for _ in range(CONNECTIONS)]
        try:
            self.assertEqual(crowd.ask_on_all(clients, 3), 3 * CONNECTIONS)
            self.assertGreaterEqual(figure(self.api, "arena_http_connections"), CONNECTIONS)
            grown = crowd.memory(self.server) - before
            print(f"network: {CONNECTIONS} connections, all answered three times, {grown / CONNECTIONS / 1024:.1f} KiB "
                  "each")
            if crowd.counts_memory(self.server):
                self.assertLess(grown, CONNECTIONS * 32 * 1024)
        finally:
            for client in clients:
                client.close()
        crowd.all_closed(self.server, descriptors + 1)
        self.assertEqual(self.api.get("/health").status, 200)

    def test_slow_clients(self):
        self.start({"requestMs": 5000, "idleMs": 4000}, SLOW)
        slow = crowd.Slow(self.server, SLOW)
        self.addCleanup(slow.close)
        answered = 0
        while slow.alive:
            slow.trickle()
            for _ in range(10):
                answered += self.api.chat("honest", "ann", "x").status == 200
            self.assertLess(answered, 1000000, f"{slow.alive} slow connections are still open")
        print(f"network: {SLOW} slow connections, all closed; {answered} honest requests answered meanwhile")

    def test_readers_that_never_read(self):
        self.start({"streamBytes": 131072}, LAZY)
        lines, peak = crowd.drop_lazy_readers(self, LAZY)
        print(f"network: {LAZY} readers that never read were dropped within {lines} lines of 50 kB, at the most "
              f"{peak / LAZY / 1024:.0f} KiB each; the one that read got all")
        if crowd.counts_memory(self.server):
            self.assertLess(peak, LAZY * 400000 + 64 * MIB)

    def test_huge_bodies(self):
        self.start({}, BODIES)
        before = crowd.memory(self.server)
        crowd.forget_peak(self.server)
        poured = at_once(BODIES, lambda i: crowd.pour(self.server, 100 * MIB, chunked=bool(i % 2)))
        for _, answer in poured:
            if answer:
                self.assertTrue(answer.startswith(b"HTTP/1.1 413 "), answer[:100])
        peak = crowd.memory(self.server, "VmHWM") - before
        print(f"network: {BODIES} bodies of 100 MB at once cost {peak / MIB:.1f} MiB at the most")
        if crowd.counts_memory(self.server):
            self.assertLess(peak, BODIES * 2 * MIB + 8 * MIB)
        self.assertEqual(self.api.get("/health").status, 200)


if __name__ == "__main__":
    unittest.main()
