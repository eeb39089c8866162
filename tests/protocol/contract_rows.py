"""The contract of every route under both modes; auth mode's own rows and those of MCP are in files of their own."""
from contract import Row, check_unique, error, expected
from matching import (HEALTH, INTEGER, INTEGERS, INVITE, OBJECT, PSI_SET, SENTENCE, TIME, UUID, challenge_file, holding,
                      listed,
                      text)

NOT_FOUND = "404 Not Found"
INVALID = error("Invalid JSON in request body")
REQUIRED = error("Required")
NOBODY = error("from is required")
NO_CHALLENGE = error("Challenge not found")
NO_SESSION = {"error": SENTENCE, "code": "UNKNOWN_SESSION"}
RESERVED = {"error": SENTENCE, "code": "RESERVED_NAME"}
USED = error("This invite has already been used.", "INVITE_ALREADY_USED")
SENT = {"ok": "Message sent"}
EMPTY = {"messages": [], "count": 0}
NO_ONE_S_UUID = "00000000-0000-4000-8000-000000000000"
ZERO = {"security": 0, "utility": 0}
GAMES = {"psi": 2, "ultimatum": 2, "millionaire": 2, "dining-cryptographers": 3, "pokemon": 2}

# General ------------------------------------------------------------------------------------------------------------

ROUTES = [("GET", "/health"), ("GET", "/api/metadata"), ("GET", "/api/metadata/psi"), ("GET", "/api/challenges"),
          ("GET POST", "/api/challenges/psi"), ("POST", "/api/arena/join"), ("POST", "/api/arena/message"),
          ("GET", "/api/arena/sync"), ("POST", "/api/chat/send"), ("GET", "/api/chat/sync"),
          ("GET", "/api/chat/ws/none"), ("GET", "/api/invites/none"), ("POST", "/api/invites"),
          ("GET", "/api/sessions/none"), ("GET", "/api/sessions/none/view"), ("GET", "/api/sessions/none/actions"),
          ("GET", "/api/sessions/none/replay")]


def told_of(name):
    """What the metadata of a challenge are: its description, and which rules new games get where they are data."""
    version = HEALTH["data"].get(name)
    return {**challenge_file(name), "dataVersion": version} if version else challenge_file(name)


def general():
    yield Row("health", "GET /health", 200, HEALTH)
    yield Row("health has no v1 form", "GET /api/v1/health", 404, NOT_FOUND)
    for path in ("/nothing", "/api", "/api/", "/api/nothing", "/api/v1", "/api/v1/", "/api/v2/metadata",
                 "/api/v1/v1/metadata", "/v1/metadata", "/api/v1/skill.md", "/api/arena", "/api/chat", "/api/sessions",
                 "/api/sessions/none/nothing", "/api/chat/ws", "/api/chat/ws/", "/api/arena/sse", "/api/chat/sse",
                 "/api/metadata/psi/more", "/API/metadata", "/api/Metadata", "/Health", "/api/arena/Sync", "//health",
                 "/api//metadata", "/api/challenges//psi", "/./health", "/api/../health", "/health%20", "/%68ealth"):
        yield Row(f"no such path: {path}", f"GET {path}", 404, NOT_FOUND, v1=False)
    for methods, path in ROUTES:
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
            if method not in methods.split():
                yield Row(f"wrong method: {method} {path}", f"{method} {path}", 404, NOT_FOUND, body="{}")
        slash = methods.split()[0]
        yield Row(f"slash at the end: {path}/", f"{slash} {path}/", 404, NOT_FOUND, "{}" if slash == "POST" else None)
    for path, size in (("/health", 44), ("/nothing", 13), ("/api/arena/sync", 20), ("/api/chat/sync?channel=none", 25),
                       ("/api/metadata/none", 31), ("/api/arena/join", 13)):
        kind = "text/plain; charset=UTF-8" if size == 13 else "application/json"
        status = 404 if size in (13, 31) else 400 if size == 20 else 200
        yield Row(f"HEAD {path}", f"HEAD {path}", status, None, has={"content-type": kind, "content-length": str(size)})
    yield Row("HEAD of a stream", "HEAD /api/chat/ws/none", 200, None, has={"content-type": "text/event-stream"})


# Challenge types and sessions ---------------------------------------------------------------------------------------

def created(name, players):
    return {"id": UUID, "name": name, "createdAt": TIME, "challengeType": name, "invites": [INVITE] * players,
            "gameState": {}, "state": {"status": "open", "scores": [ZERO] * players, "players": [],
                                       "playerIdentities": {}}, "gameCategory": "train"}


def entry(status="open", invites=(), **more):
    """A session of psi before its end, as lists and lookups show it."""
    return {"id": "<S>", "name": "psi", "createdAt": TIME, "challengeType": "psi", "invites": list(invites),
            "gameState": {}, "state": {"status": status, "scores": [], "players": [], "playerIdentities": {}},
            "gameCategory": "train", **more}


ENDED_STATE = {"status": "ended", "scores": [{"security": 1, "utility": -1}] * 2, "players": ["<I>", "<J>"],
               "playerIdentities": {"<I>": "<U0>", "<J>": "<U1>"}, "completedAt": TIME}


def page(challenges, total, limit, offset=0):
    return {"challenges": challenges, "total": total, "limit": limit, "offset": offset, "profiles": {}}


def sessions():
    for name, players in GAMES.items():
        yield Row(f"metadata of {name}", f"GET /api/metadata/{name}", 200, told_of(name))
        yield Row(f"create {name}", f"POST /api/challenges/{name}", 200, created(name, players))
    yield Row("metadata", "GET /api/metadata", 200, {name: told_of(name) for name in GAMES})
    for name in ("none", "PSI", "__proto__", "constructor", "psi%20", "%E2%98%83"):
        yield Row(f"metadata of {name}", f"GET /api/metadata/{name}", 404, NO_CHALLENGE)
    for name in ("nope", "PSI", "__proto__", "constructor"):
        yield Row(f"create {name}", f"POST /api/challenges/{name}", 400, error(f"Unknown challenge type: {name}"))
    for body in ("{}", "[]", "null", "5", '"text"', "not JSON", '{"unknown":1}', '{"options":{}}'):
        yield Row(f"create with the body {body}", "POST /api/challenges/psi", 200, created("psi", 2), body)
    yield Row("create with options of a wrong type", "POST /api/challenges/psi", 400, expected("object", "number"),
              {"options": 5})
    yield Row("create with options that the game has not", "POST /api/challenges/psi", 400,
              {"error": SENTENCE, "code": "INVALID_OPTIONS"}, {"options": {"nonsense": 1}})
    yield Row("list of an unknown type", "GET /api/challenges/nope", 200, page([], 0, 10))
    yield Row("list of an unknown type, with limit", "GET /api/challenges/nope?limit=7&offset=3&status=open", 200,
              page([], 0, 7, 3))


def lists():
    """millionaire has 11 sessions: one ended, then one active, then nine open; the newest is the last."""
    where = "GET /api/challenges/millionaire"
    yield Row("list: default limit of a type", where, 200, page(listed(10), 11, 10))
    yield Row("list: default limit of all", "GET /api/challenges?status=ended&offset=1000", 200,
              page([], INTEGER, 50, 1000))
    for given, used in (("0", 10), ("abc", 10), ("", 10), ("-3", 1), ("1", 1), ("11", 11), ("100", 100), ("101", 100),
                        ("1e3", 1), ("2.9", 2), ("5x", 5), ("99999999999999999999", 100)):
        yield Row(f"list: limit={given}", f"{where}?limit={given}", 200, page(listed(min(used, 11)), 11, used))
    for given, used in (("0", 0), ("abc", 0), ("", 0), ("-5", 0), ("3", 3), ("2.9", 2), ("11", 11), ("500", 500)):
        yield Row(f"list: offset={given}", f"{where}?offset={given}", 200,
                  page(listed(min(10, max(0, 11 - used))), 11, 10, used))
    for status, count in (("open", 9), ("active", 1), ("ended", 1), ("nonsense", 11), ("", 11), ("OPEN", 11)):
        yield Row(f"list: status={status}", f"{where}?status={status}", 200, page(listed(min(count, 10)), count, 10))
        yield Row(f"list: status={status} and limit", f"{where}?status={status}&limit=1", 200,
                  page(listed(1), count, 1))
    for status in ("open", "active"):
        one = {"id": UUID, "name": "millionaire", "createdAt": TIME, "challengeType": "millionaire", "invites": [],
               "gameState": {}, "state": {"status": status, "scores": [], "players": [], "playerIdentities": {}},
               "gameCategory": "train"}
        yield Row(f"list: entry of one that is {status}", f"{where}?status={status}&limit=1", 200,
                  lambda names, one=one, status=status: page([one], 9 if status == "open" else 1, 1))


def own_routes():
    more = {"seats": 2, "joined": 2, "turn": 3, "abandoned": False,
            "view": {"range": [100, 900], "intersectionSize": 3, "setSize": 10, "guessed": [False, False]},
            "seedHash": text("[0-9a-f]{64}")}
    yield Row("session, active", "GET /api/sessions/<S>", 200, entry("active", **more))
    yield Row("session, open", "GET /api/sessions/<S>", 200, entry(**{**more, "joined": 0, "turn": 1}), given="open")
    for tail in ("", "/view", "/view?from=p", "/actions?from=p", "/replay"):
        for name in ("none", NO_ONE_S_UUID, "<I2>"):
            modes = "standalone" if "actions" in tail else ("standalone", "auth")
            yield Row(f"session {name}{tail}", f"GET /api/sessions/{name}{tail}", 404, NO_SESSION, modes=modes)
    yield Row("view of a spectator", "GET /api/sessions/<S>/view", 200, more["view"])
    yield Row("view of a player", "GET /api/sessions/<S>/view", 200,
              {"player": 1, "set": INTEGERS, **more["view"]}, by=0)
    yield Row("actions of a player", "GET /api/sessions/<S>/actions", 200,
              {"status": "active", "active": True, "turn": INTEGER, "actions": [{"method": "guess", "content": ""}]},
              by=0)
    yield Row("actions of nobody", "GET /api/sessions/<S>/actions", 400, NOBODY)
    yield Row("actions after the end", "GET /api/sessions/<S>/actions", 200,
              {"status": "ended", "active": False, "turn": INTEGER, "actions": []}, given="ended", by=0)
    for stage in ("open", "active"):
        yield Row(f"replay, {stage}", "GET /api/sessions/<S>/replay", 409,
                  {"error": SENTENCE, "code": "NOT_ENDED"}, given=stage)
    turn = {"kind": SENTENCE, "player": INTEGER, "at": TIME, "method": text("(guess)?"), "content": text("1?"),
            "handle": text(".*"), "digest": text("[0-9a-f]{32}")}
    yield Row("replay, ended", "GET /api/sessions/<S>/replay", 200,
              {"id": "<S>", "challengeType": "psi", "operatorVersion": SENTENCE, "seats": 2,
               "seedHash": more["seedHash"], "seed": more["seedHash"], "turns": [turn] * 5}, given="ended")
    game = {"userSets": [INTEGERS, INTEGERS], "intersectionSet": INTEGERS, "guesses": [[1], [1]]}
    yield Row("session, ended", "GET /api/sessions/<S>", 200,
              lambda names: {**entry("ended", ["<I>", "<J>"]), "gameState": game, "state": ENDED_STATE,
                             "gameCategory": SENTENCE, "seats": 2, "joined": 2, "turn": 5, "abandoned": False,
                             "view": game, "seedHash": more["seedHash"], "seed": more["seedHash"]}, given="ended")


# Joining ------------------------------------------------------------------------------------------------------------

def wrong_types(field, body, wanted):
    """The field of a body with every type but that one."""
    for value, kind in ((5, "number"), (1.5, "number"), ("x", "string"), (None, "null"), ([], "array"),
                        ({}, "object"), (True, "boolean")):
        if kind != wanted:
            yield f"{field} is {value!r}", {**body, field: value}, expected(wanted, kind)


def bodies(path, modes):
    """What is no JSON object is refused before anything else, for whomever."""
    for body in (None, "", "   ", "{", "nonsense", '{"a":1', "{'a':1}", '{"a":1}}'):
        yield Row(f"{path} with the body {body!r}", f"POST {path}", 400, INVALID, body, modes=modes)
    for body, kind in (("null", "null"), ("[]", "array"), ("5", "number"), ('"x"', "string"), ("true", "boolean")):
        yield Row(f"{path} with the body {body}", f"POST {path}", 400, expected("object", kind), body, modes=modes)


def joins():
    path, both = "/api/arena/join", ("standalone", "auth")
    yield from bodies(path, both)
    one = "standalone"
    yield Row("join without invite", f"POST {path}", 400, REQUIRED, {}, modes=one)
    yield Row("join without invite, but more", f"POST {path}", 400, REQUIRED, {"userId": "x"}, modes=one)
    for name, body, answer in wrong_types("invite", {}, "string"):
        yield Row(f"join: {name}", f"POST {path}", 400, answer, body, modes=one)
    for field in ("userId", "publicKey", "signature"):
        for name, body, answer in wrong_types(field, {"invite": "x"}, "string"):
            yield Row(f"join: {name}", f"POST {path}", 400, answer, body, modes=one)
    for name, body, answer in wrong_types("timestamp", {"invite": "x"}, "number"):
        yield Row(f"join: {name}", f"POST {path}", 400, answer, body, modes=one)
    yield Row("join: the first of two faults counts", f"POST {path}", 400, expected("string", "number"),
              {"userId": None, "invite": 5}, modes=one)
    for invite in ("inv_none", "x", "", "__proto__", "<S>", "ünknown \\ \" code"):
        yield Row(f"join with the invite {invite}", f"POST {path}", 400,
                  error(f"Challenge not found for invite: {invite}"), {"invite": invite}, modes=one)
    info = challenge_file("psi")
    joined = {"ChallengeID": "<S>", "ChallengeInfo": info}
    yield Row("join", f"POST {path}", 200, joined, {"invite": "<I>", "userId": "alice"}, "new open", modes=one)
    yield Row("join without a user", f"POST {path}", 200, joined, {"invite": "<J>"}, "new open", modes=one)
    yield Row("join with an empty user", f"POST {path}", 200, joined, {"invite": "<I>", "userId": ""}, "new open",
              modes=one)
    yield Row("join: unknown members are dropped", f"POST {path}", 200, joined, {"invite": "<I>", "x": [1, {}]},
              "new open", modes=one)
    yield Row("join as the second", f"POST {path}", 200, joined, {"invite": "<J>", "userId": "bob"}, "new half",
              modes=one)
    yield Row("join as oneself", f"POST {path}", 200, joined, {"invite": "<J>", "userId": "<U0>"}, "new half",
              modes=one)
    for user in ("alice", "eve", ""):
        for stage in ("half", "active", "ended"):
            yield Row(f"join again as {user!r}, {stage}", f"POST {path}", 400, USED, {"invite": "<I>", "userId": user},
                      stage, modes=one)
    yield Row("join as the operator", f"POST {path}", 400, RESERVED, {"invite": "<F>", "userId": "operator"}, modes=one)
    yield Row("join: the request's type is ignored", f"POST {path}", 400,
              error("Challenge not found for invite: n"), '{"invite":"n"}',
              sent={"Content-Type": "application/x-www-form-urlencoded"}, modes=one)


# Moves --------------------------------------------------------------------------------------------------------------

MESSAGE = "POST /api/arena/message"


def validation(path, required, optional):
    """Every member missing and of every wrong type, in the order of the schema, before anybody asks who sends it."""
    whole = {name: "x" for name in required + optional}
    for i, name in enumerate(required):
        yield Row(f"{path} without {name}", f"POST {path}", 400, REQUIRED,
                  {key: value for key, value in whole.items() if key != name})
        yield Row(f"{path} without {name} and all after it", f"POST {path}", 400, REQUIRED,
                  {key: "x" for key in required[:i]})
    for name in required + optional:
        for words, body, answer in wrong_types(name, whole, "string"):
            yield Row(f"{path}: {words}", f"POST {path}", 400, answer, body)
    first, last = required[0], (required + optional)[-1]
    yield Row(f"{path}: the first of two faults counts", f"POST {path}", 400, expected("string", "number"),
              {**whole, last: None, first: 5})


def moves():
    yield from bodies("/api/arena/message", ("standalone", "auth"))
    yield from validation("/api/arena/message", ["challengeId", "content"], ["messageType"])
    move = {"challengeId": "<S>", "messageType": "guess", "content": "1"}
    yield Row("move of nobody", MESSAGE, 400, NOBODY, move)
    for who in ("", "viewer"):
        yield Row(f"move of {who!r}", MESSAGE, 400, NOBODY, {**move, "from": who})
        yield Row(f"move of {who!r} by the query", MESSAGE + f"?from={who}", 400, NOBODY, move)
    yield Row("move of nobody in no session", MESSAGE, 400, NOBODY, {**move, "challengeId": "none"})
    for session in ("none", "", NO_ONE_S_UUID, "__proto__", "constructor", "challenge_<S>", "<I>", "invites"):
        yield Row(f"move in {session!r}", MESSAGE, 400, NO_CHALLENGE, {**move, "challengeId": session, "from": "p"},
                  modes="standalone")
    yield Row("move in the channel's name", MESSAGE, 400, NO_CHALLENGE, {**move, "challengeId": "challenge_<S>"}, by=0)
    yield Row("move", MESSAGE, 200, SENT, move, "new active", 0)
    yield Row("move of the second", MESSAGE, 200, SENT, move, "new active", 1)
    yield Row("move that ends the game", MESSAGE, 200, SENT, move, "new active", 1, [(0, MESSAGE, move)])
    yield Row("move: unknown members are dropped", MESSAGE, 200, SENT, {**move, "more": {}}, "new active", 0)
    yield Row("move of a stranger", MESSAGE, 400, error("Player not found.", "PLAYER_NOT_FOUND"),
              {**move, "from": "stranger"}, modes="standalone")
    yield Row("move of a number", MESSAGE, 400, error("Player not found.", "PLAYER_NOT_FOUND"), {**move, "from": 5},
              modes="standalone")
    yield Row("move of a stranger with an unknown method", MESSAGE, 400, error("Player not found.", "PLAYER_NOT_FOUND"),
              {**move, "from": "stranger", "messageType": "x"}, modes="standalone")
    yield Row("move of the operator", MESSAGE, 400, RESERVED, {**move, "from": "operator"}, modes="standalone")
    for method in ("nonsense", "Guess", "guess ", "__proto__"):
        yield Row(f"move by {method!r}", MESSAGE, 400, error(f"Unknown challenge method: {method}", "UNKNOWN_METHOD"),
                  {**move, "messageType": method}, by=0)
    yield Row("move without a method", MESSAGE, 400, error("Unknown challenge method: undefined", "UNKNOWN_METHOD"),
              {"challengeId": "<S>", "content": "1"}, by=0)
    yield Row("move that the game refuses", MESSAGE, 400, error("Invalid guess format.", "INVALID_GUESS"),
              {**move, "content": "none"}, by=0)
    yield Row("move twice", MESSAGE, 400, error("Guess already made.", "DUPLICATE_GUESS"), move, "new active", 0,
              [(0, MESSAGE, move)])
    for stage in ("half", "ended"):
        yield Row(f"move, {stage}", MESSAGE, 200, SENT, move, "new " + stage, 0)
        yield Row(f"move without sense, {stage}", MESSAGE, 200, SENT, {**move, "messageType": "x"}, "new " + stage, 0)
    yield Row("move of a stranger after the end", MESSAGE, 200, SENT, {**move, "from": "stranger"}, "new ended",
              modes="standalone")
    yield Row("move for another turn", MESSAGE, 409, {"error": SENTENCE, "code": "STALE_TURN"}, {**move, "turn": 77},
              by=0)
    for turn in ("1", None, True, 1.5, -1):
        yield Row(f"move for the turn {turn!r}", MESSAGE, 400, {"error": SENTENCE}, {**move, "turn": turn}, by=0)
    yield Row("the query's from wins", MESSAGE + "?from=<I>", 200, SENT, {**move, "from": "stranger"}, "new active",
              modes="standalone")
    yield Row("the query's from wins, also when it is wrong", MESSAGE + "?from=stranger", 400,
              error("Player not found.", "PLAYER_NOT_FOUND"), {**move, "from": "<I>"}, modes="standalone")
    yield Row("an empty from of the query is none", MESSAGE + "?from=", 200, SENT, {**move, "from": "<I>"},
              "new active", modes="standalone")


# Reading ------------------------------------------------------------------------------------------------------------

def message(index, sender, to, content, channel="challenge_<S>"):
    """A message; content None: redacted."""
    return {"channel": channel, "from": sender, **({"to": to} if to else {}), "content": content or "",
            "timestamp": TIME, "index": index, **({"redacted": True} if content is None else {})}


def told(*messages):
    return {"messages": list(messages), "count": len(messages)}


OUTCOME = text(r"Player [12] outcome:\n- Intersection Found: false\n- Wrong Guess: 1\n- Extra Guess: 0\n- Utility: -1\n"
               r"- Target: \{\d+(, \d+)*\}\n")
END = ('Game ended.\n\nScores are:\n- Player 1: {"security":1,"utility":-1}\n'
       '- Player 2: {"security":1,"utility":-1}')
WHOLE = [message(1, "operator", "<I>", "set"), message(2, "operator", "<J>", "set"),
         message(3, "<I>", "operator", "(guess) 1"), message(4, "operator", None, "Player <I> sent a guess"),
         message(5, "operator", "<I>", "outcome"), message(6, "<J>", "operator", "(guess) 1"),
         message(7, "operator", None, "Player <J> sent a guess"), message(8, "operator", "<J>", "outcome"),
         message(9, "operator", None, END)]
for at, content in ((0, PSI_SET), (1, PSI_SET), (4, OUTCOME), (7, OUTCOME)):
    WHOLE[at]["content"] = content


def syncs():
    sync, guess = "GET /api/arena/sync", {"challengeId": "<S>", "messageType": "guess", "content": "1"}
    for kind in ("arena", "chat"):
        where = f"GET /api/{kind}/sync"
        yield Row(f"{kind} sync without channel", where, 400, REQUIRED)
        yield Row(f"{kind} sync with the channel in no case", where + "?Channel=<S>", 400, REQUIRED)
        for channel in ("", "none", NO_ONE_S_UUID, "__proto__", "constructor", "challenge_", "challenge_none"):
            yield Row(f"{kind} sync of {channel!r}", f"{where}?channel={channel}", 200, EMPTY)
    own = [message(1, "operator", "<I>", PSI_SET), message(2, "operator", "<J>", None)]
    others = [message(1, "operator", "<I>", None), message(2, "operator", "<J>", PSI_SET)]
    nobody = [message(1, "operator", "<I>", None), message(2, "operator", "<J>", None)]
    for channel, kind in (("<S>", "arena"), ("challenge_<S>", "arena"), ("challenge_<S>", "chat")):
        where = f"GET /api/{kind}/sync?channel={channel}"
        yield Row(f"{kind} sync of {channel} by the first", where, 200, told(*own), by=0)
        yield Row(f"{kind} sync of {channel} by the second", where, 200, told(*others), by=1)
        yield Row(f"{kind} sync of {channel} by nobody", where, 200, told(*nobody))
        yield Row(f"{kind} sync of {channel} by a stranger", where + "&from=stranger", 200, told(*nobody))
        yield Row(f"{kind} sync of {channel} by viewer", where + "&from=viewer", 200, told(*nobody))
        yield Row(f"{kind} sync of {channel} after the end", where, 200, told(*WHOLE), given="ended")
        yield Row(f"{kind} sync of {channel} as operator", where + "&from=operator", 400, RESERVED, modes="standalone")
    yield Row("chat sync of the bare id has no game in it", "GET /api/chat/sync?channel=<S>", 200, EMPTY, by=0)
    for index, first in (("", 1), ("0", 1), ("1", 1), ("5", 5), ("9", 9), ("10", 10), ("-4", 1), ("2.7", 2),
                         ("abc", 10), ("99999999999999999999", 10)):
        yield Row(f"sync: index={index}", sync + f"?channel=<S>&index={index}", 200, told(*WHOLE[first - 1:]),
                  given="ended")
    yield Row("sync: waiting for nothing", sync + "?channel=<S>&index=99&wait=60", 200, EMPTY)
    yield Row("sync: waiting for what is there", sync + "?channel=<S>&wait=60000", 200, told(*nobody))
    yield Row("the channel after a refused move", sync + "?channel=<S>", 200, told(*own), given="new active", by=0,
              before=[(0, MESSAGE, {**guess, "content": "none"}), (0, MESSAGE, {**guess, "messageType": "x"})])
    yield Row("the channel after a move", sync + "?channel=<S>", 200,
              told(*own, message(3, "<I>", "operator", "(guess) 1"),
                   message(4, "operator", None, "Player <I> sent a guess"), message(5, "operator", "<I>", OUTCOME)),
              given="new active", by=0, before=[(0, MESSAGE, guess)])
    yield Row("the channel after the other's move", sync + "?channel=<S>", 200,
              told(*others, message(3, "<I>", "operator", None),
                   message(4, "operator", None, "Player <I> sent a guess"), message(5, "operator", "<I>", None)),
              given="new active", by=1, before=[(0, MESSAGE, guess)])
    not_running = "ERR_GAME_NOT_RUNNING: Game not running."
    yield Row("the word about a game that does not run", sync + "?channel=<S>&index=2", 200,
              told(message(2, "operator", "<I>", not_running)), given="new half", by=0, before=[(0, MESSAGE, guess)])
    yield Row("the word about a game that does not run any more", sync + "?channel=<S>&index=10", 200,
              told(message(10, "operator", "<J>", not_running)), given="new ended", by=1, before=[(1, MESSAGE, guess)])
    yield Row("the session after its end", "GET /api/challenges/psi?limit=1&status=ended", 200,
              page([{**entry("ended", ["<I>", "<J>"]), "state": ENDED_STATE, "gameState": OBJECT,
                     "gameCategory": SENTENCE}], INTEGER, 1), given="new ended")


# Chat ---------------------------------------------------------------------------------------------------------------

CHAT = "POST /api/chat/send"


def chat():
    yield from bodies("/api/chat/send", ("standalone", "auth"))
    yield from validation("/api/chat/send", ["channel", "content"], ["to"])
    line = {"channel": "<S>", "content": "hello"}
    read, game = "GET /api/chat/sync?channel=<S>", "GET /api/chat/sync?channel=challenge_<S>"
    yield Row("chat of nobody", CHAT, 400, NOBODY, line)
    for who in ("", "viewer"):
        yield Row(f"chat of {who!r}", CHAT, 400, NOBODY, {**line, "from": who})
    yield Row("chat of the operator", CHAT, 400, RESERVED, {**line, "from": "operator"}, modes="standalone")
    yield Row("chat of a house player", CHAT, 400, RESERVED, {**line, "from": "house:x"}, modes="standalone")
    said = {"index": 1, "channel": "<S>", "from": "<I>", "to": None}
    yield Row("chat", CHAT, 200, said, line, "new active", 0)
    yield Row("chat before the game", CHAT, 200, said, line, "new half", 0)
    yield Row("chat after the game", CHAT, 200, said, line, "new ended", 0)
    yield Row("chat of nothing", CHAT, 200, said, {**line, "content": ""}, "new active", 0)
    yield Row("chat to one", CHAT, 200, {**said, "to": "<J>"}, {**line, "to": "<J>"}, "new active", 0)
    yield Row("chat on the operator's channel", CHAT, 200, {**said, "index": 3, "channel": "challenge_<S>"},
              {**line, "channel": "challenge_<S>"}, "new active", 0)
    yield Row("chat, the second line", CHAT, 200, {**said, "index": 2, "from": "<J>"}, line, "new active", 1,
              [(0, CHAT, line)])
    own = {"channel": "<W>", "from": "ann", "content": "hi"}
    yield Row("chat in a room", CHAT, 200, {"index": 1, "channel": "<W>", "from": "ann", "to": None}, own,
              modes="standalone")
    yield Row("chat in a room, to one", CHAT, 200, {"index": 2, "channel": "<W>", "from": "ann", "to": "bob"},
              {**own, "to": "bob"}, before=[(None, CHAT, own)], modes="standalone")
    yield Row("chat in a room, the query's from", CHAT + "?from=bob", 200,
              {"index": 1, "channel": "<W>", "from": "bob", "to": None}, own, modes="standalone")
    for name in ("__proto__", "constructor", "a b", "ünï"):
        yield Row(f"chat in {name}", CHAT, 200, {"index": INTEGER, "channel": name, "from": "ann", "to": None},
                  {**own, "channel": name}, modes="standalone")
    both = [(0, CHAT, line), (0, CHAT, {**line, "to": "<J>"})]
    public, private = message(1, "<I>", None, "hello", "<S>"), message(2, "<I>", "<J>", "hello", "<S>")
    hidden = message(2, "<I>", "<J>", None, "<S>")
    for who, seen in ((0, private), (1, private), (None, hidden)):
        yield Row(f"chat read by {who}", read, 200, told(public, seen), given="new active", by=who, before=both)
    yield Row("chat is not revealed by the end", read, 200, told(public, hidden), given="new ended", before=both)
    whisper = {**line, "channel": "challenge_<S>", "to": "<J>"}
    yield Row("a whisper on the operator's channel", game + "&index=3", 200,
              told(message(3, "<I>", "<J>", None)), given="new active", before=[(0, CHAT, whisper)])
    yield Row("a whisper on the operator's channel after the end", game + "&index=10", 200,
              told(message(10, "<I>", "<J>", "hello")), given="new ended", before=[(0, CHAT, whisper)])


# Invites ------------------------------------------------------------------------------------------------------------

def invites():
    path = "POST /api/invites"
    yield from bodies("/api/invites", ("standalone", "auth"))
    yield Row("look at a free invite", "GET /api/invites/<I>", 200, entry(invites=["<I>"]), given="open")
    yield Row("look at the other free invite", "GET /api/invites/<J>", 200, entry(invites=["<J>"]), given="half")
    for stage in ("half", "active", "ended"):
        used = error("Invite already used: <I>")
        yield Row(f"look at a used invite, {stage}", "GET /api/invites/<I>", 409, used, given=stage)
        yield Row(f"announce a used invite, {stage}", path, 409, used, {"inviteId": "<I>"}, stage)
        yield Row(f"claim a used invite, {stage}", path, 409, used, {"inviteId": "<I>", "claim": True}, stage)
    for name in ("none", "__proto__", "<S>", "inv_" + NO_ONE_S_UUID):
        unknown = error(f"Challenge not found for invite: {name}")
        yield Row(f"look at {name}", f"GET /api/invites/{name}", 404, unknown)
        yield Row(f"announce {name}", path, 404, unknown, {"inviteId": name})
    for body in ({}, {"inviteId": ""}, {"claim": True}):
        yield Row(f"announce {body}", path, 400, error("inviteId is required"), body)
    for name, body, answer in wrong_types("inviteId", {}, "string"):
        yield Row(f"announce: {name}", path, 400, answer, body)
    for name, body, answer in wrong_types("claim", {"inviteId": "x"}, "boolean"):
        yield Row(f"announce: {name}", path, 400, answer, body)
    done, one = {"success": True}, {"inviteId": "<I>"}
    yield Row("announce", path, 200, done, one, "new open")
    yield Row("announce again", path, 200, done, one, "new open", before=[(None, path, one)])
    yield Row("an announced invite is free", "GET /api/invites/<I>", 200, entry(invites=["<I>"]), given="new open",
              before=[(None, path, one)])
    yield Row("an announcement is public", "GET /api/chat/sync?channel=invites", 200,
              lambda names: {"messages": holding({"channel": "invites", "from": "operator", "content": names["<I>"],
                                                  "timestamp": TIME, "index": INTEGER}), "count": INTEGER},
              given="new open", before=[(None, path, one)])
    claim = {"inviteId": "<I>", "claim": True}
    yield Row("claim", path, 200, done, claim, "new open")
    for name, body in (("claim", claim), ("announce", one)):
        yield Row(f"{name} what is claimed", path, 409, error("Invite already used: <I>"), body, "new open",
                  before=[(None, path, claim)])
    yield Row("look at what is claimed", "GET /api/invites/<I>", 409, error("Invite already used: <I>"),
              given="new open", before=[(None, path, claim)])
    yield Row("join with what is claimed", "POST /api/arena/join", 200,
              {"ChallengeID": "<S>", "ChallengeInfo": challenge_file("psi")}, {"invite": "<I>"}, "new open",
              before=[(None, path, claim)], modes="standalone")


ROWS = check_unique([*lists(), *general(), *sessions(), *own_routes(), *joins(), *moves(), *syncs(), *chat(),
                     *invites()])
