"""The contract of auth mode: joining with a signature, session keys in all their variants, whom a request is from."""
from contract import Row, check_unique, error, expected, filled
from contract_rows import CHAT, MESSAGE, NOBODY, REQUIRED, SENT, USED, message, told
from matching import HEALTH, PSI_SET, SENTENCE, SESSION_KEY, challenge_file
from worlds import KEYS, now, signed

JOIN = "POST /api/arena/join"
NEEDED = error("publicKey, signature, and timestamp are required")
EXPIRED, UNSIGNED = error("Timestamp expired"), error("Invalid signature")
UNAUTHORIZED = error("Authentication required")
MISMATCH = {"error": SENTENCE, "code": "SESSION_MISMATCH"}
MINUTE = 60000


def row(name, request, status, answer, body=None, given="active", **more):
    return Row(name, request, status, answer, body, given, modes="auth", **more)


def by(who, invite="<F>", after=0, **changes):
    """A body that is signed when it is sent; a change of None leaves the member out."""
    def body(names):
        made = signed(KEYS[who], filled(invite, names), now() + after)
        made.update({name: change(made) if callable(change) else change for name, change in changes.items()})
        return {name: value for name, value in made.items() if value is not None}
    return body


def joins():
    info = challenge_file("psi")
    yield row("join, signed", JOIN, 200, {"ChallengeID": "<S>", "ChallengeInfo": info, "sessionKey": SESSION_KEY},
              by(0, "<I>"), "new open")
    for name, key in (("upper case", KEYS[0].hex.upper()), ("raw", KEYS[0].public.hex())):
        yield row(f"join with the key in {name}", JOIN, 200,
                  {"ChallengeID": "<S>", "ChallengeInfo": info, "sessionKey": SESSION_KEY},
                  by(0, "<I>", publicKey=key), "new open")
    for body in ({}, {"invite": ""}, {"invite": None}, {"publicKey": "x", "signature": "x", "timestamp": 1}):
        yield row(f"join: no invite in {body}", JOIN, 400, error("invite is required"), body)
    for name in ("publicKey", "signature", "timestamp"):
        yield row(f"join without {name}", JOIN, 400, NEEDED, by(0, **{name: None}))
        yield row(f"join with an empty {name}", JOIN, 400, NEEDED, by(0, **{name: ""}))
    yield row("join with the timestamp 0", JOIN, 400, NEEDED, by(0, timestamp=0))
    yield row("join with an invite alone", JOIN, 400, NEEDED, {"invite": "<F>"})
    yield row("join with an invite that is none, alone", JOIN, 400, NEEDED, {"invite": "none"})
    yield row("join with an invite of a wrong type", JOIN, 400, expected("string", "number"), by(0, invite=5))
    for value in ("x", str(now()), [], {}, True):
        yield row(f"join with the timestamp {type(value).__name__} {str(value)[:2]}", JOIN, 400, {"error": SENTENCE},
                  by(0, timestamp=value))
    yield row("join with half a millisecond", JOIN, 400, {"error": SENTENCE}, by(0, timestamp=now() + 0.5))
    for minutes in (-6, 6, -100000):
        yield row(f"join {minutes} minutes off", JOIN, 401, EXPIRED, by(0, after=minutes * MINUTE))
        yield row(f"join {minutes} minutes off, unsigned", JOIN, 401, EXPIRED, by(0, after=minutes * MINUTE,
                                                                                 signature="00"))
    for minutes in (-4, 4):
        yield row(f"join {minutes} minutes off is in time", JOIN, 400, error("Challenge not found for invite: none"),
                  by(0, "none", minutes * MINUTE))
    wrong = {"of another": lambda made: signed(KEYS[1], made["invite"], made["timestamp"])["signature"],
             "of another invite": lambda made: signed(KEYS[0], made["invite"] + "x", made["timestamp"])["signature"],
             "of another time": lambda made: signed(KEYS[0], made["invite"], made["timestamp"] + 1)["signature"],
             "too short": lambda made: made["signature"][:-2], "too long": lambda made: made["signature"] + "00",
             "no hex": "z" * 128, "zeros": "00" * 64}
    for name, change in wrong.items():
        yield row(f"join with a signature: {name}", JOIN, 401, UNSIGNED, by(0, signature=change))
    for name, key in (("appended", KEYS[0].hex + "zz"), ("zeros appended", KEYS[0].hex + "00"), ("of another",
                      KEYS[1].hex), ("another algorithm", KEYS[0].hex.replace("2b6570", "2b6571", 1)), ("short", "00")):
        yield row(f"join with a key: {name}", JOIN, 401, UNSIGNED, by(0, publicKey=key))
    yield row("join: the signature comes before the invite", JOIN, 401, UNSIGNED, by(0, "none", signature="00" * 64))
    yield row("join with an invite that is none", JOIN, 400, error("Challenge not found for invite: none"),
              by(0, "none"))
    for stage in ("half", "active", "ended"):
        yield row(f"join again, {stage}", JOIN, 400, USED, by(0, "<I>"), stage)
        yield row(f"join in another's place, {stage}", JOIN, 400, USED, by(2, "<I>"), stage)
    yield row("join says nothing by userId", JOIN, 200,
              {"ChallengeID": "<S>", "ChallengeInfo": info, "sessionKey": SESSION_KEY},
              by(1, "<J>", userId="operator"), "new half")


def variants():
    """What is nearly a key, as it goes into a query."""
    for variant in ("<K0>.x", "<K0>_x", "<K0>0", "s_0abc.<M0>", "s_%200.<M0>", "s_00.<M0>", "s_-0.<M0>", "s_%2B0.<M0>",
                    "s_.<M0>", "0.<M0>", "S_0.<M0>", "s_1.<M0>", "s_0.<M1>", "s_2.<M0>", "s_4294967296.<M0>", "s_0.",
                    "s_0", "%20<K0>", "<K0>%20", "<K0>%00", "<L0>", "x", "s_0." + "0" * 64, "s_0.<M0>" * 20):
        yield variant


def keys():
    read, move = "GET /api/arena/sync?channel=<S>", {"challengeId": "<S>", "messageType": "guess", "content": "none"}
    own = told(message(1, "operator", "<I>", PSI_SET), message(2, "operator", "<J>", None))
    nobody = told(message(1, "operator", "<I>", None), message(2, "operator", "<J>", None))
    refused = error("Invalid guess format.", "INVALID_GUESS")
    yield row("key in the header", read, 200, own, sent={"Authorization": "Bearer <K0>"})
    yield row("key in the query", read + "&key=<K0>", 200, own)
    yield row("the header's key wins", read + "&key=<K1>", 200, own, sent={"Authorization": "Bearer <K0>"})
    yield row("the header's key wins, also when it is wrong", read + "&key=<K0>", 401, UNAUTHORIZED,
              sent={"Authorization": "Bearer x"}, has={"www-authenticate": "Bearer"})
    for scheme in ("bearer ", "BEARER ", "Basic ", "Bearer", ""):
        yield row(f"key behind {scheme!r}", read, 200, nobody, sent={"Authorization": scheme + "<K0>"})
    for variant in variants():
        yield row(f"variant {variant[:30]}", f"{read}&key={variant}", 401, UNAUTHORIZED)
        yield row(f"variant {variant[:30]} on a move", f"{MESSAGE}?key={variant}", 401, UNAUTHORIZED, move)
    upper = "s_0.0" + "A" * 63
    yield row("variant in upper case", f"{read}&key={upper}", 401, UNAUTHORIZED)
    # wherever the session is named, a bad key is refused, before anything else is looked at
    bad = {"Authorization": "Bearer s_0." + "0" * 64}
    for request, body in (("GET /api/challenges?challengeId=<S>", None), ("GET /api/metadata?channel=<S>", None),
                          ("GET /api/challenges?channel=challenge_<S>", None), ("GET /api/sessions/<S>", None),
                          ("GET /api/sessions/<S>/view", None), ("GET /api/chat/sync?channel=<S>", None),
                          ("GET /api/chat/sync?channel=challenge_<S>", None), ("GET /api/chat/ws/<S>", None),
                          (MESSAGE, move), (MESSAGE, {"challengeId": "<S>"}), (CHAT, {"channel": "<S>"}),
                          (CHAT, {"channel": "<S>", "content": 5}), (MESSAGE + "?channel=<S>", {}),
                          (CHAT + "?challengeId=<S>", "nonsense"), ("POST /api/invites?channel=<S>", {})):
        yield row(f"bad key: {request} {body}", request, 401, UNAUTHORIZED, body, sent=bad)
    for request in ("GET /api/metadata/psi", "GET /api/challenges/nope", "GET /health"):
        answer = HEALTH if "health" in request else challenge_file("psi") if "psi" in request else {
            "challenges": [], "total": 0, "limit": 10, "offset": 0, "profiles": {}}
        yield row(f"bad key where no session is named: {request}", request, 200, answer, sent=bad)
    yield row("bad key where no session is named, writing", MESSAGE, 400, REQUIRED, {}, sent=bad)
    # who asks
    yield row("a move without a key", MESSAGE, 400, NOBODY, move)
    yield row("a move without a key, from a player", MESSAGE + "?from=<I>", 400, NOBODY, {**move, "from": "<I>"})
    yield row("a move with a key, from another", MESSAGE + "?from=<J>", 400, refused, {**move, "from": "<J>"},
              sent={"Authorization": "Bearer <K0>"})
    yield row("a move with the key in the query", MESSAGE + "?key=<K0>", 400, refused, move)
    yield row("a chat without a key, from a player", CHAT, 400, NOBODY,
              {"channel": "<S>", "content": "x", "from": "<I>"})
    yield row("a chat with a key, from the operator", CHAT, 200,
              {"index": 1, "channel": "<S>", "from": "<I>", "to": None},
              {"channel": "<S>", "content": "x", "from": "operator"}, "new active",
              sent={"Authorization": "Bearer <K0>"})
    for who in ("<I>", "operator", "viewer", "house:x"):
        yield row(f"reading as {who} without its key", f"{read}&from={who}", 200, nobody)
    # another session
    for request, body in ((MESSAGE + "?channel=<S>", {**move, "challengeId": "<S2>"}),
                          (MESSAGE + "?challengeId=<S>", {**move, "challengeId": "<S2>"}),
                          (CHAT + "?channel=<S>", {"channel": "<S2>", "content": "x"}),
                          (CHAT + "?channel=challenge_<S>", {"channel": "challenge_<S2>", "content": "x"}),
                          (CHAT, {"channel": "<S2>", "challengeId": "<S>", "content": "x"}),
                          ("GET /api/sessions/<S2>/view?channel=<S>", None),
                          ("GET /api/arena/sync?channel=<S>&challengeId=<S2>", None)):
        yield row(f"two sessions: {request} {body}", request, 400, MISMATCH, body,
                  sent={"Authorization": "Bearer <K0>"})
    for request, body in ((MESSAGE, {**move, "challengeId": "<S2>"}), (CHAT, {"channel": "<S2>", "content": "x"}),
                          (CHAT, {"channel": "challenge_<S2>", "content": "x"}),
                          (CHAT, {"channel": "elsewhere", "content": "x"}), ("GET /api/sessions/<S2>/view", None),
                          ("GET /api/arena/sync?channel=<S2>", None), ("GET /api/chat/ws/challenge_<S2>", None)):
        yield row(f"a key of another session: {request} {body}", request, 401, UNAUTHORIZED, body,
                  sent={"Authorization": "Bearer <K0>"})
    yield row("one session by all its names", CHAT + "?channel=<S>&challengeId=challenge_<S>", 200,
              {"index": 3, "channel": "challenge_<S>", "from": "<I>", "to": None},
              {"channel": "challenge_<S>", "challengeId": "<S>", "content": "x"}, "new active",
              sent={"Authorization": "Bearer <K0>"})
    yield row("a move with a key", MESSAGE, 200, SENT, {**move, "content": "1"}, "new active",
              sent={"Authorization": "Bearer <K1>"})


ROWS = check_unique([*joins(), *keys()])
