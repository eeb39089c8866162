"""Server-sent events: what a stream starts with, what it tells live, to whom, and how it resumes."""
import json
import unittest

from arena_test import ArenaCase, Game, Stream, at_once, eventually
from games import psi_guess, psi_play_out


class Streams(ArenaCase):
    settings = {"limits": {"pingMs": 500}}

    def setUp(self):
        super().setUp()
        self.game = Game(self.api, "psi", ("alice", "bob"))
        self.first, self.second = self.game.invites

    def test_headers(self):
        headers = self.stream(self.game.id).headers
        self.assertTrue(headers["content-type"].startswith("text/event-stream"))
        self.assertEqual({name: headers.get(name) for name in (
            "cache-control", "x-accel-buffering", "x-content-type-options", "access-control-allow-origin",
            "access-control-allow-methods", "access-control-allow-headers", "transfer-encoding", "arena-events")},
            {"cache-control": "no-cache, no-transform", "x-accel-buffering": "no",
             "x-content-type-options": "nosniff", "access-control-allow-origin": "*",
             "access-control-allow-methods": "GET", "access-control-allow-headers": "Cache-Control",
             "transfer-encoding": "chunked", "arena-events": "1"})

    def test_initial_then_live(self):
        self.api.chat(self.game.id, self.first, "before")
        stream = self.stream(self.game.id)
        initial = stream.wait_type("initial")
        self.assertEqual([message["content"] for message in initial["messages"]], ["before"])
        self.api.chat(self.game.id, self.first, "after")
        live = stream.wait_type("new_message")
        self.assertEqual(live["message"], self.api.messages(self.game.id, kind="chat")[1])

    def test_a_channel_that_does_not_exist_yet(self):
        stream = self.stream("nobody-here")
        self.assertEqual(stream.wait_type("initial"), {"type": "initial", "messages": []})
        self.api.chat("nobody-here", "ann", "now")
        self.assertEqual(stream.wait_type("new_message")["message"]["index"], 1)

    def test_each_event_is_a_chunk(self):
        stream = self.stream(self.game.id)
        for i in range(30):
            self.api.chat(self.game.id, self.first, f"line {i}")
        stream.wait_events(31)
        for chunk in [chunk for chunk in stream.chunks if b"data:" in chunk]:
            self.assertEqual(chunk.count(b"data:"), 1, chunk)
            self.assertTrue(chunk.endswith(b"\n\n"), chunk)
        live = [chunk for chunk in stream.chunks if b"new_message" in chunk]
        self.assertEqual(len(live), 30)
        for i, chunk in enumerate(live):
            self.assertIn(f"id: {i + 1}\n".encode(), chunk.replace(b"id:", b"id: ").replace(b"id:  ", b"id: "))
            self.assertNotIn(b"event:", chunk)

    def test_each_viewer_sees_its_own(self):
        streams = {viewer: self.stream("challenge_" + self.game.id, viewer)
                   for viewer in (self.first, self.second, None, "stranger")}
        for viewer, stream in streams.items():
            messages = stream.wait_type("initial")["messages"]
            self.assertEqual(messages, self.api.messages(self.game.id, viewer))
        psi_guess(self.api, self.game.id, self.first, [1])
        for viewer, stream in streams.items():
            stream.wait(lambda stream: len(stream.of_type("new_message")) >= 3, "three messages")
            self.assertEqual([data["message"] for data in stream.of_type("new_message")],
                             self.api.messages(self.game.id, viewer, index=3))
        told = [[data["message"]["content"] for data in stream.of_type("new_message")]
                for stream in streams.values()]
        self.assertEqual([[bool(content) for content in contents] for contents in told],
                         [[True, True, True], [False, True, False], [False, True, False], [False, True, False]])

    def test_game_ended_is_told_once_on_both_channels(self):
        streams = [self.stream(channel, viewer) for channel in (self.game.id, "challenge_" + self.game.id)
                   for viewer in (None, self.first)]
        for stream in streams:
            stream.wait_type("initial")
        psi_play_out(self.api, self.game)
        for stream in streams:
            data = stream.wait_type("game_ended")["data"]
            self.check_end(data)
            self.assertEqual(self.api.session(self.game.id).json["state"]["status"], "ended")
        self.api.chat(self.game.id, self.first, "well played")
        for stream in streams[:2]:
            stream.wait(lambda stream: stream.messages() and stream.messages()[-1]["content"] == "well played")
        for stream in streams:
            self.assertEqual(len(stream.of_type("game_ended")), 1)
        operator = streams[2]
        self.assertEqual(operator.events[-1][1]["type"], "game_ended")
        self.assertEqual([message["index"] for message in operator.messages()], list(range(1, 10)))

    def check_end(self, data):
        self.assertEqual(list(data)[:4], ["status", "scores", "players", "playerIdentities"])
        self.assertEqual(data["status"], "ended")
        self.assertEqual(data["scores"], [{"security": 1, "utility": 1}] * 2)
        self.assertEqual(data["players"], self.game.invites)
        self.assertEqual(data["playerIdentities"], {self.first: "alice", self.second: "bob"})
        self.assertIn("completedAt", data)
        self.assertEqual(data["profiles"], {})

    def test_game_ended_for_those_who_come_late(self):
        psi_play_out(self.api, self.game)
        for channel in (self.game.id, "challenge_" + self.game.id):
            stream = self.stream(channel)
            stream.wait_events(2)
            self.assertEqual([data["type"] for _, data in stream.events], ["initial", "game_ended"])
            self.check_end(stream.events[1][1]["data"])
        revealed = stream.events[0][1]["messages"]
        self.assertEqual(len(revealed), 9)
        self.assertFalse([message for message in revealed if "redacted" in message])

    def test_resuming_leaves_no_gap_and_no_double(self):
        for i in range(10):
            self.api.chat(self.game.id, self.first, f"line {i}")
        for last in (1, 5, 9, 10):
            stream = self.stream(self.game.id, last_event_id=last)
            self.api.chat(self.game.id, self.first, f"after {last}")
            count = len(self.api.messages(self.game.id, kind="chat"))
            stream.wait(lambda stream: stream.messages() and stream.messages()[-1]["index"] >= count, "the last one")
            self.assertEqual([message["index"] for message in stream.messages()], list(range(last + 1, count + 1)))
            self.assertEqual(stream.of_type("initial"), [])

    def test_resuming_with_an_odd_id_starts_over(self):
        self.api.chat(self.game.id, self.first, "one")
        for odd in ("abc", "-1", "", "0"):
            stream = self.stream(self.game.id, last_event_id=odd)
            self.assertEqual(len(stream.wait_type("initial")["messages"]), 1)

    def test_no_gap_between_the_start_and_what_is_live(self):
        """Streams that open while others talk: every message exactly once."""
        channel = "busy-" + self.game.id
        count = 150

        def work(i):
            if i == 0:
                api = self.server.api()
                for line in range(count):
                    api.chat(channel, "ann", f"line {line}")
                return api.close()
            stream = Stream(self.server.port, channel)
            try:
                stream.wait(lambda stream: len(stream.messages()) >= count, f"{count} messages")
                return [message["index"] for message in stream.messages()]
            finally:
                stream.close()

        for indexes in at_once(9, work)[1:]:
            self.assertEqual(indexes, list(range(1, count + 1)))

    def test_reconnecting_again_and_again(self):
        channel = "again-" + self.game.id
        count = 60

        def work(i):
            if i == 0:
                api = self.server.api()
                for line in range(count):
                    api.chat(channel, "ann", f"line {line}")
                return api.close()
            last, seen = None, []
            for _ in range(1000):
                stream = Stream(self.server.port, channel, last_event_id=last)
                stream.wait(lambda stream: len(stream.events) >= 1 and stream.messages() or len(seen) == count)
                stream.close()
                seen += [message["index"] for message in stream.messages()]
                last = seen[-1]
                if last == count:
                    break
            return seen

        for indexes in at_once(4, work)[1:]:
            self.assertEqual(indexes, list(range(1, count + 1)))

    def test_streams_are_freed(self):
        before = self.server.descriptors()
        streams = [Stream(self.server.port, "crowd") for _ in range(200)]
        for stream in streams:
            stream.wait_type("initial")
        self.api.chat("crowd", "ann", "hello, all of you")
        for stream in streams:
            self.assertEqual(stream.wait_type("new_message")["message"]["content"], "hello, all of you")
        for stream in streams:
            stream.close()
        eventually(lambda: self.server.descriptors() <= before + 5, "the streams' descriptors to be closed")

    def test_data_is_one_line_whatever_the_text(self):
        text = "line\nbreak\r\n\ndata: forged\n\nevent: x\u2028"
        stream = self.stream("texts")
        stream.wait_type("initial")
        self.api.chat("texts", "ann", text)
        self.assertEqual(stream.wait_type("new_message")["message"]["content"], text)
        raw = next(chunk for chunk in stream.chunks if b"new_message" in chunk)
        data = [line for line in raw.split(b"\n") if line.startswith(b"data:")]
        self.assertEqual(json.loads(data[0][5:])["message"]["content"], text)
        self.assertEqual(len(data), 1)

    def test_reserved_names_cannot_listen(self):
        for name in ("operator",):
            stream = Stream(self.server.port, "challenge_" + self.game.id, name)
            self.addCleanup(stream.close)
            self.assertEqual(stream.status, 400)

    def test_ping(self):
        self.stream("quiet").wait(lambda stream: ": ping" in stream.comments, "ping")


if __name__ == "__main__":
    unittest.main()
