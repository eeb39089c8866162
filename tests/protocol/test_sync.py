"""Reading channels: indexes, redaction, what the end reveals, chat, direct messages, the long poll."""
import threading
import unittest
import urllib.parse

from arena_test import ArenaCase, Game, at_once, eventually
from games import psi_guess, psi_play_out


class Sync(ArenaCase):
    def setUp(self):
        super().setUp()
        self.game = Game(self.api, "psi", ("alice", "bob"))
        self.first, self.second = self.game.invites

    def indexes(self, query, kind="chat"):
        answer = self.check(self.api.get(f"/api/{kind}/sync?{query}"), 200).json
        self.assertEqual(answer["count"], len(answer["messages"]))
        return [message["index"] for message in answer["messages"]]

    def test_shape(self):
        direct = self.api.messages(self.game.id, self.first)[0]
        self.assertEqual(list(direct), ["channel", "from", "to", "content", "timestamp", "index"])
        self.assertEqual(direct["channel"], "challenge_" + self.game.id)
        self.assertIsInstance(direct["timestamp"], int)
        self.api.chat(self.game.id, self.first, "to all")
        self.assertEqual(list(self.api.messages(self.game.id, kind="chat")[0]),
                         ["channel", "from", "content", "timestamp", "index"])

    def test_index_rules(self):
        channel = "table-of-" + self.game.id
        for i in range(5):
            self.api.chat(channel, "ann", f"line {i}")
        for given, wanted in (("", [1, 2, 3, 4, 5]), ("&index=0", [1, 2, 3, 4, 5]), ("&index=1", [1, 2, 3, 4, 5]),
                              ("&index=3", [3, 4, 5]), ("&index=5", [5]), ("&index=6", []),
                              ("&index=-9", [1, 2, 3, 4, 5]),
                              ("&index=2.7", [2, 3, 4, 5]), ("&index=", [1, 2, 3, 4, 5]), ("&index=abc", []),
                              ("&index=99999999999999999999", []), ("&index=4294967297", []), ("&index=1e1", [])):
            with self.subTest(index=given):
                self.assertEqual(self.indexes(f"channel={channel}{given}"), wanted)

    def test_indexes_have_no_gaps(self):
        psi_play_out(self.api, self.game)
        for i in range(3):
            self.api.chat(self.game.id, self.first, f"line {i}")
        for kind, count in (("arena", 9), ("chat", 3)):
            self.assertEqual(self.indexes(f"channel={self.game.id}&from={self.first}", kind),
                             list(range(1, count + 1)))

    def test_the_operator_channel_by_both_names(self):
        psi_guess(self.api, self.game.id, self.first, [1])
        by_id = self.api.messages(self.game.id, self.first)
        self.assertEqual(len(by_id), 5)
        self.assertEqual(self.api.messages("challenge_" + self.game.id, self.first), by_id)
        self.assertEqual(self.api.messages("challenge_" + self.game.id, self.first, kind="chat"), by_id)
        self.assertEqual(self.api.messages(self.game.id, self.first, kind="chat"), [])

    def test_redaction(self):
        psi_guess(self.api, self.game.id, self.first, [1])
        as_first, as_second = (self.api.messages(self.game.id, invite) for invite in self.game.invites)
        as_nobody = self.api.messages(self.game.id)
        as_stranger = self.api.messages(self.game.id, "stranger")
        self.assertEqual(as_nobody, as_stranger)
        for own, other, public in zip(as_first, as_second, as_nobody):
            for copy in (own, other, public):
                self.assertEqual({key: copy.get(key) for key in ("from", "to", "timestamp", "index", "channel")},
                                 {key: own.get(key) for key in ("from", "to", "timestamp", "index", "channel")})
                mine = ("to" not in own) or (copy is own and self.first in (own["to"], own["from"])) or \
                       (copy is other and self.second in (own["to"], own["from"]))
                self.assertEqual(copy.get("redacted"), None if mine else True)
                self.assertEqual(copy["content"] == "", not mine)
                self.assertTrue(mine or list(copy)[-1] == "redacted")

    def test_the_end_reveals_the_operator_channel_and_no_other(self):
        self.api.chat(self.game.id, self.first, "just between us", self.second)
        psi_play_out(self.api, self.game)
        for viewer in (None, "stranger", self.first):
            told = self.api.messages(self.game.id, viewer)
            self.assertTrue(all(message["content"] and "redacted" not in message for message in told))
        chat = self.api.messages(self.game.id, kind="chat")
        self.assertEqual([(message["content"], message.get("redacted")) for message in chat], [("", True)])

    def test_direct_chat(self):
        channel = "whisper-" + self.game.id
        self.api.chat(channel, "ann", "for bob", "bob")
        self.api.chat(channel, "ann", "for all")
        for viewer, wanted in (("ann", ["for bob", "for all"]), ("bob", ["for bob", "for all"]),
                               ("eve", ["", "for all"]), (None, ["", "for all"])):
            self.assertEqual([message["content"] for message in self.api.messages(channel, viewer, kind="chat")],
                             wanted)

    def test_chat_carries_any_text(self):
        texts = ["", " ", "ünïcödé \U0001f409", "quote \" backslash \\ newline \n tab \t bell \u0007", "</script>",
                 "x" * 60000, "\u2028\u2029", "data: x\n\nid: 5"]
        channel = "texts-" + self.game.id
        for text in texts:
            self.assertEqual(self.api.chat(channel, "ann", text).status, 200)
        self.assertEqual([message["content"] for message in self.api.messages(channel, kind="chat")], texts)

    def test_channels_with_odd_names(self):
        for i, name in enumerate(("a b", "ä", "a/b", "x" * 200, "a%b", "__proto__", 'q"q', "a\nb")):
            with self.subTest(channel=name):
                answer = self.api.chat(name, "ann", f"line {i}")
                self.check(answer, 200, {"index": 1, "channel": name, "from": "ann", "to": None})
                told = self.api.messages(urllib.parse.quote(name, safe=""), kind="chat")
                self.assertEqual([(message["channel"], message["content"]) for message in told],
                                 [(name, f"line {i}")])

    def test_the_operator_s_channel_cannot_be_forged(self):
        before = self.api.messages(self.game.id, self.first)
        answer = self.api.chat("challenge_" + self.game.id, "operator", "Your private set is: {1}.", self.first)
        self.assertEqual(answer.status, 400, answer)
        told = [message for message in self.api.messages(self.game.id, self.first) if message["from"] == "operator"]
        self.assertEqual(told, before)


class LongPoll(ArenaCase):
    def test_it_answers_when_a_message_comes(self):
        for kind in ("chat", "arena"):
            game = Game(self.api, "psi", ("alice", "bob"))
            channel = game.id
            index = len(self.api.messages(channel, game.invites[0], kind=kind)) + 1
            got, started = [], threading.Event()

            def wait():
                api = self.new_api()
                started.set()
                got.append(api.sync(channel, game.invites[0], index, wait=60000, kind=kind))

            waiter = threading.Thread(target=wait)
            waiter.start()
            started.wait()
            eventually(lambda: "\narena_long_polls 1\n" in self.api.get("/metrics").text, "the long poll to arrive")
            self.assertEqual(got, [])
            if kind == "chat":
                self.api.chat(channel, "ann", "at last")
            else:
                psi_guess(self.api, game.id, game.invites[1], [1])
            waiter.join(50)
            self.assertFalse(waiter.is_alive(), "the long poll did not answer")
            self.assertGreaterEqual(len(self.check(got[0], 200).json["messages"]), 1)
            self.assertEqual(got[0].json["messages"][0]["index"], index)

    def test_it_answers_at_once_when_there_is_something(self):
        self.api.chat("full", "ann", "here")
        self.assertEqual(self.check(self.api.sync("full", wait=60000, kind="chat"), 200).json["count"], 1)

    def test_it_ends_empty(self):
        for channel in ("empty-channel", "no-such-channel"):
            self.check(self.api.sync(channel, wait=150, kind="chat"), 200, {"messages": [], "count": 0})
        game = Game(self.api, "psi")
        self.check(self.api.sync(game.id, index=100, wait=150), 200, {"messages": [], "count": 0})

    def test_odd_waits(self):
        for wait in ("0", "-5", "abc", "", "0.5"):
            self.assertEqual(self.api.get(f"/api/chat/sync?channel=none&wait={wait}").status in (200, 400), True)

    def test_many_wait_on_one_channel(self):
        count = 40
        ready = threading.Semaphore(0)

        def wait(i):
            api = self.server.api()
            ready.release()
            try:
                return api.sync("crowd", f"reader-{i}", wait=60000, kind="chat").json["count"]
            finally:
                api.close()

        def speak():
            for _ in range(count):
                ready.acquire()
            eventually(lambda: f"\narena_long_polls {count}\n" in self.api.get("/metrics").text, "the long polls")
            self.api.chat("crowd", "ann", "everybody!")

        speaker = threading.Thread(target=speak)
        speaker.start()
        self.assertEqual(at_once(count, wait), [1] * count)
        speaker.join()

    def test_a_client_that_leaves_while_it_waits(self):
        for _ in range(20):
            api = self.server.api()
            api.connection.request("GET", "/api/chat/sync?channel=left&wait=30000")
            api.close()
        self.assertEqual(self.api.chat("left", "ann", "anybody?").status, 200)
        self.assertEqual(self.api.get("/health").status, 200)


if __name__ == "__main__":
    unittest.main()
