"""Rows of the contract, and what runs them: each is one request to one server, and what must come back."""
import json

from matching import difference
from worlds import MODES, WorldCase

TEXT = "text/plain; charset=UTF-8"


class Events(list):
    """An answer of server-sent events, each `event: message` with one line of data."""


class Row:
    """One outcome of one endpoint.

    name     what is shown, unique
    request  "METHOD /path?query"
    status   of the answer
    answer   JSON (a matcher, or with matchers in it), a str: plain text, Events, None: no body
    body     JSON, a str or bytes that go as they are, or a function of the names that gives one of these
    given    the stage of the psi session that is named in the row: open, half, active, ended; after "new " a session
             that no other row sees
    by       the seat that sends it: `from` in standalone mode, the session key in auth mode; None: nobody
    before   requests that come first, as (seat, request, body)
    sent     headers to send;  has: headers that the answer must have
    modes    in which it holds;  v1: whether it holds under /api/v1 too

    In texts <S> is the session, <I> <J> the invites of its seats, <U0> <U1> its users, <K0> <K1> the session keys, <M0>
    <M1> what follows their dot, <S2> <I2> <J2> <L0> another running session with its invites and its first key, <F> a
    free invite, <W> a word that no other row has.
    """

    def __init__(self, name, request, status, answer, body=None, given="active", by=None, before=(), sent=None,
                 has=None, modes=MODES, v1=True):
        self.name, self.request, self.status, self.answer, self.body = name, request, status, answer, body
        self.given, self.by, self.before = given, by, before
        self.sent, self.has = sent or {}, has or {}
        self.modes = (modes,) if isinstance(modes, str) else modes
        self.v1 = v1 and " /api/" in request


def error(words, code=None):
    return {"error": words, **({"code": code} if code else {})}


def expected(wanted, got):
    return error(f"Expected {wanted}, received {got}")


def filled(value, names):
    """The value with the names in its texts put in."""
    if callable(value):
        return filled(value(names), names)
    if isinstance(value, str):
        for name, word in names.items():
            value = value.replace(name, word)
        return value
    if isinstance(value, dict):
        return {filled(key, names): filled(member, names) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(filled(member, names) for member in value)
    return value


def events_of(answer):
    """The data of an answer's events; their form is exact."""
    parts = answer.text.split("\n\n")
    assert parts.pop() == "", answer
    found = Events()
    for part in parts:
        kind, data = part.split("\n")
        assert kind == "event: message" and data.startswith("data: "), answer
        found.append(json.loads(data[6:]))
    return found


class RowsCase(WorldCase):
    """Runs rows; subclasses call `run_rows`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = {}
        cls.ran = cls.serial = 0

    @classmethod
    def tearDownClass(cls):
        if cls.ran:
            print(f"\nrows: {cls.ran} of {cls.__name__}")

    def given(self, world, stage):
        if stage.startswith("new "):
            return world.table(stage[4:])
        if (world.mode, stage) not in self.shared:
            self.shared[world.mode, stage] = world.table("active" if stage == "second" else stage)
        return self.shared[world.mode, stage]

    def names(self, world, table):
        type(self).serial += 1
        names = {"<S>": table.id, "<I>": table.invites[0], "<J>": table.invites[1], "<U0>": world.user(0),
                 "<U1>": world.user(1), "<W>": f"word-{self.serial}"}
        second = self.given(world, "second")
        names.update({"<S2>": second.id, "<I2>": second.invites[0], "<J2>": second.invites[1],
                      "<F>": self.given(world, "open").invites[0]})
        for seat, key in table.keys.items():
            names.update({f"<K{seat}>": key, f"<M{seat}>": key.partition(".")[2]})
        names.update({f"<L{seat}>": key for seat, key in second.keys.items()})
        return names

    def send(self, world, table, names, seat, request, body, sent=None):
        method, path = filled(request, names).split(" ", 1)
        return world.act(table, seat, method, path, filled(body, names), filled(sent or {}, names))

    def run_rows(self, rows):
        for row in rows:
            for world in self.worlds:
                if world.mode not in row.modes:
                    continue
                for prefix in ("/api/", "/api/v1/") if row.v1 else ("/api/",):
                    with self.subTest(row.name, mode=world.mode, under=prefix):
                        self.run_row(world, row, prefix)

    def run_row(self, world, row, prefix):
        type(self).ran += 1
        table = self.given(world, row.given)
        names = self.names(world, table)
        for seat, request, body in row.before:
            self.send(world, table, names, seat, request, body)
        request = row.request.replace(" /api/", " " + prefix, 1)
        answer = self.send(world, table, names, row.by, request, row.body, row.sent)
        self.check_answer(row, answer, names)

    def check_answer(self, row, answer, names):
        wanted = filled(row.answer, names)
        self.assertEqual(answer.status, row.status, answer)
        for name, value in row.has.items():
            self.assertEqual(answer.headers.get(name), filled(value, names), answer)
        if wanted is None:
            self.assertEqual(answer.body, b"")
            return
        kind, found = "application/json", None
        if isinstance(wanted, str):
            kind, found = TEXT, answer.text
        elif isinstance(wanted, Events):
            kind, found = "text/event-stream", events_of(answer)
        else:
            found = answer.json
            self.assertEqual(answer.headers.get("content-length"), str(len(answer.body)))
        self.assertEqual(answer.headers.get("content-type"), kind, answer)
        words = difference(wanted, found)
        if words:
            self.fail(f"{words}\n{answer}")


def check_unique(rows):
    names = [row.name for row in rows]
    assert len(set(names)) == len(names), sorted(name for name in names if names.count(name) > 1)
    return rows
