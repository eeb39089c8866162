#!/usr/bin/env python3
"""The disk fills up: writes are refused honestly, reads go on, and when there is room again all goes on.

Once with the store's own limit in the configuration, and, where this user may mount one, on a small tmpfs, where the
kernel says that there is no space left.
"""
import os
import shutil
import subprocess
import tempfile
import threading
import unittest
import uuid

from players import Ledger, Player, compare, compare_lobby

from arena_test import PATIENCE, Game, Server, eventually, run_cli
from games import psi_play_out

MIB = 1 << 20


class FullDisk(unittest.TestCase):
    def fill(self, api, channel):
        """Writes until the server refuses; returns the acknowledged lines and the refusal."""
        kept = []
        for line in range(100000):
            answer = api.chat(channel, "ann", f"{line} " + "x" * 8000, key=str(uuid.uuid4()))
            if answer.status != 200:
                return kept, answer
            kept.append((answer.json["index"], f"{line} " + "x" * 8000))
        raise AssertionError("the disk does not fill up")

    def check_refusal(self, answer):
        self.assertEqual(answer.status, 503, answer)
        self.assertIn(answer.json["code"], ("STORE_FULL", "STORE_FAILED"))
        self.assertTrue(answer.json["error"])
        self.assertGreaterEqual(int(answer.headers["retry-after"]), 1)

    def check_lines(self, api, channel, kept):
        told = [(message["index"], message["content"]) for message in api.messages(channel, kind="chat")]
        self.assertEqual(len(told), len(kept))
        self.assertEqual(told, kept)

    def check_full(self, api, games, kept, refusal):
        """While it is full: refusals tell what is wrong, everything can be read, nothing of a refused write is seen."""
        self.check_refusal(refusal)
        health = api.get("/health")
        self.assertEqual(health.status, 503)
        self.assertEqual((health.json["status"], health.json["reason"]), ("degraded", "STORE_FAILED"))
        self.assertIn("disk", health.json["error"])
        active, ended, free = games
        before = api.get(f"/api/sessions/{active.id}/view?from={active.invites[0]}")
        refused = 0
        for _ in range(5):
            for answer in (api.chat("filling", "ann", "y" * 20000), api.create("psi"), api.join(free.invites[0], "eve"),
                           api.move(active.id, active.invites[0], "{1}", "guess")):
                if answer.status == 503:
                    self.check_refusal(answer)
                    refused += 1
        self.assertGreater(refused, 0)
        self.assertEqual(api.session(ended.id).json["state"]["status"], "ended")
        self.assertEqual(api.get(f"/api/sessions/{active.id}/view?from={active.invites[0]}").status, before.status)
        told = [message["content"] for message in api.messages("filling", kind="chat")]
        self.assertEqual(told[:len(kept)], [content for _, content in kept])
        listed = api.get("/api/challenges?limit=100")
        if listed.status == 503:  # a list that cannot be brought up to date is refused, never told as of earlier
            self.check_refusal(listed)
        else:
            self.assertEqual(listed.status, 200)
            self.assertGreaterEqual(listed.json["total"], len(games))  # some of the five may have found room

    def prepare(self, api):
        games = Game(api, "psi", ("alice", "bob")), Game(api, "psi", ("carl", "dora")), Game(api, "psi", join=False)
        psi_play_out(api, games[1])
        return games

    def check_again(self, server, api, games):
        """After there is room: the games go on, and a fresh load of players finds all as it should be."""
        eventually(lambda: api.chat("filling", "ann", "at last").status == 200, "room on the disk")
        eventually(lambda: api.get("/health").status == 200, "good health")
        active, _, free = games
        if api.session(active.id).json["state"]["status"] == "active":
            for invite in active.invites:
                api.move(active.id, invite, "{1}", "guess")
        self.assertEqual(api.session(active.id).json["state"]["status"], "ended")
        for invite in free.invites:
            api.join(invite, "late")
        self.assertEqual(api.session(free.id).json["joined"], 2)
        self.play_on(server, api)

    def play_on(self, server, api):
        ledger, stop = Ledger(), threading.Event()
        stop.set()
        players = [Player(server.port, number, ledger, stop, lobby="afterwards") for number in range(3)]
        for player in players:
            player.game("psi", 0)
            player.game("pokemon", 1)
            player.client.api.close()
        self.assertEqual(compare(api, ledger) + compare_lobby(api, ledger, "afterwards"), [])

    def replay_all(self, server):
        ended = run_cli("replay", "--all", "--quiet", "--data", server.data)
        self.assertEqual(ended.returncode, 0, ended.stdout[-3000:] + ended.stderr[-3000:])

    def test_the_store_s_own_limit(self):
        server = Server({"store": {"limitBytes": 4 * MIB}})
        self.addCleanup(server.close)
        server.start()
        api = server.api()
        self.addCleanup(api.close)
        games = self.prepare(api)
        kept, refusal = self.fill(api, "filling")
        self.check_full(api, games, kept, refusal)
        told = api.messages("filling", kind="chat")
        for end in (server.stop, server.kill):
            end()
            server.start()
            api.close()
            self.assertEqual(api.messages("filling", kind="chat"), told)
        server.stop()
        server.configure({"store": {"limitBytes": 256 * MIB}})
        server.start()
        api.close()
        self.assertEqual(api.messages("filling", kind="chat"), told)
        self.check_again(server, api, games)
        api.close()
        server.stop()
        self.replay_all(server)

    def test_players_who_wait_for_room(self):
        """Clients that repeat what was refused lose nothing: the disk fills up in the middle of their games."""
        server = Server({"store": {"limitBytes": 3 * MIB}})
        self.addCleanup(server.close)
        server.start()
        ledger, stop = Ledger(), threading.Event()
        players = [Player(server.port, number, ledger, stop) for number in range(4)]
        for player in players:
            player.start()
        api = server.api()
        self.fill(api, "filling")
        eventually(lambda: all(player.client.busy for player in players), "every player to be refused")
        server.stop()
        server.configure({"store": {"limitBytes": 256 * MIB}})
        server.start()
        api.close()
        stop.set()
        for player in players:
            player.join(5 * PATIENCE)
        self.assertFalse([player.number for player in players if player.is_alive()])
        self.assertEqual(compare(api, ledger) + compare_lobby(api, ledger), [])
        api.close()
        server.stop()
        self.replay_all(server)

    def test_no_space_left_on_the_device(self):
        folder = tempfile.mkdtemp(prefix="arena-full-")
        self.addCleanup(shutil.rmtree, folder, True)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "arena-test", folder], capture_output=True,
                                 check=False)
        if mounted.returncode:
            self.skipTest("this user may not mount a tmpfs")
        self.addCleanup(subprocess.run, ["umount", "-l", folder], check=False)
        server = Server(data=os.path.join(folder, "data"))
        self.addCleanup(server.close)
        server.start()
        api = server.api()
        self.addCleanup(api.close)
        games = self.prepare(api)
        kept, refusal = self.fill(api, "filling")
        self.check_full(api, games, kept, refusal)
        subprocess.run(["mount", "-o", "remount,size=256m", folder], check=True)
        self.check_again(server, api, games)
        told = [(message["index"], message["content"]) for message in api.messages("filling", kind="chat")]
        self.assertEqual(told[:len(kept)], kept)
        api.close()
        self.assertEqual(server.stop(), 0)
        self.replay_all(server)


if __name__ == "__main__":
    unittest.main()
