#!/usr/bin/env python3
"""The server is killed at random moments under load, again and again; nothing acknowledged may be lost or doubled.

KILL9_ROUNDS kills (8 without it), KILL9_PLAYERS clients at a time (6), KILL9_SEED for the moments.
"""
import os
import random
import threading
import time
import unittest

from players import Follower, Ledger, Player, compare, compare_lobby

from arena_test import PATIENCE, Server, eventually, run_cli

ROUNDS = int(os.environ.get("KILL9_ROUNDS", "8"))
PLAYERS = int(os.environ.get("KILL9_PLAYERS", "6"))
SEED = int(os.environ.get("KILL9_SEED", str(random.SystemRandom().randrange(1 << 32))))


class Kill9(unittest.TestCase):
    def test_nothing_acknowledged_is_lost_or_doubled(self):
        chance = random.Random(SEED)
        server = Server()
        self.addCleanup(server.close)
        server.start()
        ledger, stop, silence = Ledger(), threading.Event(), threading.Event()
        players = [Player(server.port, number, ledger, stop) for number in range(PLAYERS)]
        followers = [Follower(server.port, "lobby", silence) for _ in range(2)]
        for thread in players + followers:
            thread.start()
        for _ in range(ROUNDS):
            time.sleep(chance.uniform(0.02, 0.8))
            server.kill()
            server.start()
        stop.set()
        for player in players:
            player.join(5 * PATIENCE)
        self.assertFalse([player.number for player in players if player.is_alive()], f"seed {SEED}: clients hang")
        api = server.api()
        self.addCleanup(api.close)
        self.assertEqual(compare(api, ledger) + compare_lobby(api, ledger), [], f"seed {SEED}")
        self.assertGreater(sum(player.client.repeats for player in players), 0, "no kill hit a request")
        told = [(message["index"], message["content"]) for message in api.messages("lobby", kind="chat")]
        for follower in followers:
            eventually(lambda follower=follower: len(follower.told()) >= len(told), "the streams to catch up")
        silence.set()
        for follower in followers:
            follower.join(PATIENCE)
            self.assertEqual(follower.seen, told, f"seed {SEED}: a stream told what is not so, or not all")
        self.assertEqual(api.get("/api/challenges").json["total"], len(ledger.games),
                         f"seed {SEED}: sessions nobody made")
        ended = api.get("/api/challenges?status=ended").json["total"]
        self.assertEqual(api.get("/api/stats").json["global"]["gamesPlayed"], ended, f"seed {SEED}")
        api.close()
        self.assertEqual(server.stop(), 0)
        self.replay_all(server)
        self.check_boards(server, ended)
        print(f"kill9: {ROUNDS} kills, {len(ledger.games)} games, {ledger.inputs()} moves and {len(ledger.lines)} "
              f"lines acknowledged, {sum(player.client.repeats for player in players)} requests repeated, "
              f"{sum(follower.streams for follower in followers)} streams, seed {SEED}")

    def replay_all(self, server):
        """Every stored session plays again to its stored digests."""
        ended = run_cli("replay", "--all", "--quiet", "--data", server.data)
        self.assertEqual(ended.returncode, 0, ended.stdout[-3000:] + ended.stderr[-3000:])
        self.assertRegex(ended.stdout, r"^[1-9]\d* sessions, [1-9]\d* turns played again; 0 differ")

    def check_boards(self, server, games):
        """Every game counts once on every board (P-42)."""
        ended = run_cli("recompute", "--check", server.data, "--config", server.config)
        self.assertEqual(ended.returncode, 0, ended.stdout[-3000:] + ended.stderr[-3000:])
        self.assertRegex(ended.stdout, rf"^{games} games, .*every row is as it was")


if __name__ == "__main__":
    unittest.main()
