"""The end of the server and what comes after: nothing acknowledged is lost, clients go on as if nothing had been."""
import random
import socket
import threading
import unittest

from arena_test import PATIENCE, ArenaCase, Game, Server, Stream, eventually
from games import battle_out, choices, choose, psi_guess, psi_play_out, psi_set
from malformed import framed, get


class Restart(ArenaCase):
    def ends(self):
        return (("SIGTERM", self.server.stop), ("kill -9", self.server.kill))

    def test_a_psi_game_over_restarts(self):
        for name, end in self.ends():
            with self.subTest(name):
                game = Game(self.api, "psi", join=False)
                self.restart(end)
                self.check(self.api.join(game.invites[0], "alice"), 200)
                self.restart(end)
                self.check(self.api.join(game.invites[1], "bob"), 200)
                told = self.api.messages(game.id, game.invites[0])
                self.restart(end)
                self.assertEqual(self.api.messages(game.id, game.invites[0]), told)
                self.refused(self.api.join(game.invites[0], "eve"), 400, "This invite has already been used.",
                             "INVITE_ALREADY_USED")
                own = psi_set(self.api, game.id, game.invites[0])
                self.check(psi_guess(self.api, game.id, game.invites[0], own[:1]), 200)
                self.restart(end)
                self.refused(psi_guess(self.api, game.id, game.invites[0], own[:1]), 400, "Guess already made.",
                             "DUPLICATE_GUESS")
                self.check(psi_guess(self.api, game.id, game.invites[1], [1]), 200)
                ended = self.api.session(game.id)
                self.restart(end)
                self.assertEqual(self.api.session(game.id).body, ended.body)
                self.assertEqual(ended.json["state"]["playerIdentities"], dict(zip(game.invites, ("alice", "bob"))))

    def test_a_battle_over_restarts(self):
        for name, end in self.ends():
            with self.subTest(name):
                game = Game(self.api, "pokemon", ("alice", "bob"))
                chance = random.Random(5)
                for _ in range(4):
                    for invite in game.invites:
                        possible, turn = choices(self.api, game.id, invite)
                        if possible:
                            view = self.api.get(f"/api/sessions/{game.id}/view?from={invite}").body
                            told = self.api.messages(game.id, invite)
                            self.restart(end)
                            self.assertEqual(self.api.get(f"/api/sessions/{game.id}/view?from={invite}").body, view)
                            self.assertEqual(self.api.messages(game.id, invite), told)
                            self.assertEqual(choices(self.api, game.id, invite), (possible, turn))
                            answer = choose(self.api, game.id, invite, chance.choice(possible), turn=turn)
                            self.check(answer, 200)
                battle_out(self.api, game, chance)
                self.assertEqual(self.api.session(game.id).json["state"]["status"], "ended")

    def test_channels_go_on_where_they_were(self):
        for name, end in self.ends():
            channel = f"lobby {name}".replace(" ", "-")
            for i in range(1, 6):
                self.assertEqual(self.api.chat(channel, "ann", f"line {i}").json["index"], i)
                self.restart(end)
            self.assertEqual([message["content"] for message in self.api.messages(channel, kind="chat")],
                             [f"line {i}" for i in range(1, 6)])

    def test_streams_resume_after_a_restart(self):
        channel = "resumed"
        for i in range(5):
            self.api.chat(channel, "ann", f"line {i}")
        stream = self.stream(channel)
        last = stream.wait_type("initial")["messages"][-1]["index"]
        self.restart(self.server.kill)
        self.api.chat(channel, "ann", "after")
        stream = self.stream(channel, last_event_id=last)
        self.assertEqual(stream.wait_type("new_message")["message"]["index"], last + 1)
        self.assertEqual(stream.of_type("initial"), [])

    def test_lists_after_a_restart(self):
        game = Game(self.api, "psi", ("alice", "bob"))
        psi_play_out(self.api, game)
        before = self.api.get("/api/challenges?limit=100").body
        self.restart(self.server.kill)
        self.assertEqual(self.api.get("/api/challenges?limit=100").body, before)


class Shutdown(ArenaCase):
    def tearDown(self):
        self.server.stop()
        self.server.start()
        super().tearDown()

    def test_streams_end_cleanly(self):
        streams = [self.stream(f"channel-{i % 3}") for i in range(30)]
        for stream in streams:
            stream.wait_type("initial")
        self.assertEqual(self.server.stop(), 0)
        for stream in streams:
            stream.wait(lambda stream: stream.finished, "end")
            self.assertEqual(stream.finished, "clean")

    def test_long_polls_are_answered(self):
        count, answers = 10, []

        def wait():
            api = self.server.api()
            answers.append(api.get("/api/chat/sync?channel=never&wait=60000"))
            api.close()

        waiters = [threading.Thread(target=wait) for _ in range(count)]
        for waiter in waiters:
            waiter.start()
        eventually(lambda: f"\narena_long_polls {count}\n" in self.api.get("/metrics").text, "the long polls to arrive")
        self.assertEqual(self.server.stop(), 0)
        for waiter in waiters:
            waiter.join(PATIENCE)
        self.assertEqual(len(answers), count)
        for answer in answers:
            self.check(answer, 200, {"messages": [], "count": 0})

    def test_what_is_in_hand_is_answered(self):
        """Requests go on while the server ends: what was answered with 200 is there afterwards."""
        kept, stop = [], threading.Event()

        def talk(i):
            api, line = self.server.api(), 0
            while not stop.is_set():
                try:
                    answer = api.chat("busy", f"writer-{i}", f"{i}:{line}")
                except OSError:
                    break
                except Exception as error:
                    if type(error).__module__ != "http.client":
                        raise
                    break
                if answer.status == 200:
                    kept.append((answer.json["index"], f"{i}:{line}"))
                else:
                    self.assertEqual(answer.status, 503)
                line += 1

        writers = [threading.Thread(target=talk, args=(i,)) for i in range(4)]
        for writer in writers:
            writer.start()
        eventually(lambda: len(kept) > 100, "some lines")
        self.assertEqual(self.server.stop(), 0)
        stop.set()
        for writer in writers:
            writer.join(PATIENCE)
        self.server.start()
        self.api.close()
        told = {message["index"]: message["content"] for message in self.api.messages("busy", kind="chat")}
        self.assertEqual({index: told.get(index) for index, _ in kept}, dict(kept))
        self.assertEqual(sorted(told), list(range(1, len(told) + 1)))

    def test_idle_and_half_open_connections_do_not_hold_it_up(self):
        sockets = [socket.create_connection(("127.0.0.1", self.server.port)) for _ in range(20)]
        for i, client in enumerate(sockets):
            client.sendall((b"", get(b"/health"), framed(b"Content-Length: 100\r\n", b"{"))[i % 3])
        self.assertEqual(self.server.stop(), 0)
        for client in sockets:
            client.close()

    def test_a_second_server_on_the_same_data_is_refused(self):
        other = Server(data=self.server.data)
        try:
            with self.assertRaisesRegex(AssertionError, "ended at start with [1-9]"):
                other.start()
            self.assertEqual(self.api.get("/health").status, 200)
        finally:
            other.process = None
            other.close()

    def test_a_stream_that_does_not_read_does_not_hold_it_up(self):
        streams = [socket.create_connection(("127.0.0.1", self.server.port)) for _ in range(3)]
        for client in streams:
            client.sendall(get(b"/api/chat/ws/deaf"))
        witness = Stream(self.server.port, "deaf")
        self.addCleanup(witness.close)
        for i in range(100):
            self.api.chat("deaf", "ann", "x" * 50000)
        witness.wait(lambda stream: len(stream.messages()) == 100, "all lines")
        self.assertEqual(self.server.stop(), 0)
        for client in streams:
            client.close()


if __name__ == "__main__":
    unittest.main()
