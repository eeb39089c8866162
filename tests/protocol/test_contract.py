"""The contract, row by row, over a real socket in both modes: tables in contract_rows*.py, streams here."""
import unittest

import contract_rows
import contract_rows_auth
import contract_rows_mcp
from contract import RowsCase, check_unique, filled
from contract_rows import ENDED_STATE, WHOLE, message
from matching import PSI_SET, difference
from worlds import in_each_mode


class Contract(RowsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        check_unique(contract_rows.ROWS + contract_rows_auth.ROWS + contract_rows_mcp.ROWS)
        for world in cls.worlds:  # what the rows of lists count
            for stage in ["ended", "active"] + ["open"] * 9:
                world.table(stage, "millionaire")

    def test_rows(self):
        self.run_rows(contract_rows.ROWS)

    def test_rows_of_auth_mode(self):
        self.run_rows(contract_rows_auth.ROWS)

    def test_rows_of_mcp(self):
        self.run_rows(contract_rows_mcp.ROWS)

    @in_each_mode
    def test_answers_keep_the_connection(self, world):
        api = world.connection()
        self.addCleanup(api.close)
        api.get("/health")
        socket = api.connection.sock
        for path in ("/nothing", "/api/metadata", "/api/arena/sync", "/api/chat/sync?channel=x"):
            answer = api.get(path)
            self.assertNotEqual(answer.headers.get("connection", "keep-alive").lower(), "close")
        self.assertIs(api.connection.sock, socket)


HEADERS = {"cache-control": "no-cache, no-transform", "x-accel-buffering": "no", "x-content-type-options": "nosniff",
           "access-control-allow-origin": "*", "access-control-allow-methods": "GET",
           "access-control-allow-headers": "Cache-Control", "transfer-encoding": "chunked",
           "content-type": "text/event-stream"}


def initial(*messages):
    return {"type": "initial", "messages": list(messages)}


def live(one):
    return {"type": "new_message", "message": one}


DEALT = [message(1, "operator", "<I>", PSI_SET), message(2, "operator", "<J>", PSI_SET)]
ENDS = {"type": "game_ended", "data": {**ENDED_STATE, "profiles": {}}}


def seen(who, messages=()):
    """Messages as a seat sees them before the end."""
    names = {0: "<I>", 1: "<J>"}
    return [one if not one.get("to") or names.get(who) in (one["to"], one["from"])
            else message(one["index"], one["from"], one["to"], None, one["channel"]) for one in messages]


# name, stage, channel, who reads, what is done then as (seat, verb, content), events that must come in this order
STREAMS = [
    ("a channel that is not there", "active", "nobody-here", None, [], [initial()]),
    ("the chat of a session", "active", "<S>", None, [], [initial()]),
    ("the first's game", "active", "challenge_<S>", 0, [], [initial(*seen(0, DEALT))]),
    ("the second's game", "active", "challenge_<S>", 1, [], [initial(*seen(1, DEALT))]),
    ("nobody's game", "active", "challenge_<S>", None, [], [initial(*seen(None, DEALT))]),
    ("a line", "active", "<S>", None, [(0, "say", "hello")],
     [initial(), live(message(1, "<I>", None, "hello", "<S>"))]),
    ("a move, seen by the mover", "active", "challenge_<S>", 0, [(0, "move", "1")],
     [initial(*seen(0, DEALT)), *map(live, seen(0, WHOLE[2:5]))]),
    ("a move, seen by the other", "active", "challenge_<S>", 1, [(0, "move", "1")],
     [initial(*seen(1, DEALT)), *map(live, seen(1, WHOLE[2:5]))]),
    ("a refused move is not seen", "active", "challenge_<S>", 0, [(0, "move", "none"), (0, "move", "1")],
     [initial(*seen(0, DEALT)), *map(live, seen(0, WHOLE[2:5]))]),
    ("the end, on the chat", "active", "<S>", None, [(0, "move", "1"), (1, "move", "1")], [initial(), ENDS]),
    ("the end, coming late to the chat", "ended", "<S>", None, [], [initial(), ENDS]),
    ("the end, coming late to the game", "ended", "challenge_<S>", None, [], [initial(*WHOLE), ENDS]),
    ("a whisper, seen by its reader", "active", "<S>", 1, [(0, "whisper", "psst")],
     [initial(), live(message(1, "<I>", "<J>", "psst", "<S>"))]),
    ("a whisper, seen by its speaker", "active", "<S>", 0, [(0, "whisper", "psst")],
     [initial(), live(message(1, "<I>", "<J>", "psst", "<S>"))]),
    ("a whisper, seen by nobody", "active", "<S>", None, [(0, "whisper", "psst")],
     [initial(), live(message(1, "<I>", "<J>", None, "<S>"))]),
    ("a whisper after the end is none of others' business", "ended", "<S>", None, [(0, "whisper", "psst")],
     [initial(), ENDS, live(message(1, "<I>", "<J>", None, "<S>"))]),
    ("a whisper on the game's channel after the end, live", "ended", "challenge_<S>", None, [(0, "whisper", "psst")],
     [initial(*WHOLE), ENDS, live(message(10, "<I>", "<J>", None))]),
    ("a line after the end", "ended", "<S>", None, [(1, "say", "gg")],
     [initial(), ENDS, live(message(1, "<J>", None, "gg", "<S>"))]),
]


class Streams(RowsCase):
    def test_rows(self):
        for name, stage, channel, who, deeds, wanted in STREAMS:
            for world in self.worlds:
                for prefix in ("/api/", "/api/v1/"):
                    with self.subTest(name, mode=world.mode, under=prefix):
                        self.run_stream(world, stage, channel, who, deeds, wanted, prefix)

    def run_stream(self, world, stage, channel, who, deeds, wanted, prefix):
        type(self).ran += 1
        table = self.given(world, "new " + stage)
        names = self.names(world, table)
        stream = self.open_stream(world, table, who, filled(channel, names), prefix=prefix)
        for key, value in HEADERS.items():
            self.assertEqual(stream.headers.get(key), value)
        stream.wait_events(1)
        for seat, verb, content in deeds:
            if verb == "move":
                world.move(table, seat, content)
            else:
                to = table.invites[1 - seat] if verb == "whisper" else None
                self.check(world.say(table, seat, content, to, filled(channel, names)), 200)
        stream.wait_events(len(wanted))
        found = [data for _, data in stream.events]
        words = difference(filled(wanted, names), found)
        self.assertIsNone(words, words)
        for chunk in stream.chunks:
            self.assertRegex(chunk, rb"\A(id: ?\d+\n)?data: [^\n]*\n\n\Z", "an event is not one chunk")


if __name__ == "__main__":
    unittest.main()
