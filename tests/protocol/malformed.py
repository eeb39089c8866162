"""Malformed requests, as raw bytes: what is sent, and which answers are right.

A row is (name, bytes, right): right is a set of status codes, and CLOSED in it says that closing without an answer is
right too.  SESSION, INVITE and SEAT in the bytes stand for a running session, a free invite and a player's handle.
"""
import json

CLOSED = "closed"
BAD = {400, CLOSED}  # broken framing: an error, or no answer at all
NOT_FOUND = {404}


def post(path, body, headers=b""):
    if not isinstance(body, bytes):
        body = (body if isinstance(body, str) else json.dumps(body)).encode("utf-8")
    return (f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n").encode() + headers + b"\r\n" + body


def get(target, headers=b""):
    return b"GET " + target + b" HTTP/1.1\r\nHost: a\r\n" + headers + b"\r\n"


def framed(headers, body=b"", path=b"/api/chat/send"):
    return b"POST " + path + b" HTTP/1.1\r\nHost: a\r\n" + headers + b"\r\n" + body


CHAT = b'{"channel":"SESSION","from":"SEAT","content":"smuggled"}'
SIZE = b"Content-Length: %d\r\n" % len(CHAT)
CHUNKED = b"%x\r\n%s\r\n0\r\n\r\n" % (len(CHAT), CHAT)


def json_rows():
    """Bodies that are not what they should be.  Each is sent to every route that takes a body."""
    yield "empty", b"", {400}
    yield "spaces", b"   \r\n\t ", {400}
    yield "garbage", b"\x00\x01\x02garbage", {400}
    yield "truncated object", b'{"challengeId":"SESSION","from":"SEAT","content":"x"', {400}
    yield "truncated string", b'{"channel":"SESSION', {400}
    yield "trailing text", b'{"channel":"SESSION","from":"SEAT","content":"x"} more', {400}
    yield "trailing comma", b'{"channel":"SESSION","from":"SEAT","content":"x",}', {400}
    yield "two values", b"{}{}", {400}
    yield "single quotes", b"{'channel':'SESSION'}", {400}
    yield "comment", b'{"channel":"SESSION"/*x*/}', {400}
    yield "byte order mark", b'\xef\xbb\xbf{"channel":5}', {400}
    yield "UTF-16", '{"channel":"x"}'.encode("utf-16"), {400}
    yield "invalid UTF-8", b'{"channel":"SESSION","challengeId":"SESSION","from":"SEAT","content":"\xff\xfe"}', {400}
    yield "overlong UTF-8", b'{"channel":"SESSION","challengeId":"SESSION","from":"SEAT","content":"\xc0\xaf"}', {400}
    yield ("surrogate in UTF-8",
           b'{"channel":"SESSION","challengeId":"SESSION","from":"SEAT","content":"\xed\xa0\x80"}', {400})
    yield "lone surrogate", b'{"channel":"SESSION","challengeId":"SESSION","from":"SEAT","content":"\\ud800"}', {400}
    yield "raw newline in a string", b'{"channel":"a\nb"}', {400}
    yield "raw NUL", b'{"channel":"a\x00b"}', {400}
    yield "bad escape", b'{"channel":"\\x41"}', {400}
    yield "leading zero", b'{"channel":01}', {400}
    yield "not a number", b'{"channel":NaN}', {400}
    yield "infinity", b'{"channel":1e999}', {400}
    yield "huge integer", b'{"channel":' + b"9" * 4000 + b"}", {400}
    yield "deep arrays", b"[" * 100000 + b"]" * 100000, {400, 413}
    yield "deep objects", b'{"a":' * 20000 + b"1" + b"}" * 20000, {400, 413}
    yield "deep and unclosed", b'{"channel":' + b"[" * 5000, {400}
    yield "duplicate keys", b'{"channel":"SESSION","channel":5,"content":"x","from":"SEAT","challengeId":5}', {400}
    for value in (b"null", b"true", b"false", b"5", b"-0", b'"text"', b"[]", b"[{}]"):
        yield "top level " + value.decode(), value, {400}


JSON_ROUTES = ("/api/arena/join", "/api/arena/message", "/api/chat/send", "/api/invites")


def field_rows():
    """Every field of every body with every wrong type."""
    good = {"/api/arena/join": {"invite": "INVITE", "userId": "eve"},
            "/api/arena/message": {"challengeId": "SESSION", "content": "{1}", "messageType": "guess"},
            "/api/chat/send": {"channel": "SESSION", "content": "x", "to": "SEAT"},
            "/api/invites": {"inviteId": "INVITE"}}
    for path, body in good.items():
        for field in body:
            for value in (5, -1.5, True, None, [], {}, ["SESSION"], {"$gt": ""}, 10 ** 30):
                yield f"{path} {field}={value!r}", post(path + "?from=SEAT", {**body, field: value}), {400}


TARGETS = [  # what stands where an id or a name should be
    b"%2e%2e%2f%2e%2e%2fetc%2fpasswd", b"..", b"%2F", b"%00", b"SESSION%00", b"SESSION%2F", b"SESSION%2Fview",
    b"%ff%fe",
    b"%c0%af", b"%", b"%2", b"%zz", b"__proto__", b"constructor", b"-1", b"0", b"'%20OR%201=1--", b"a" * 4000,
    b"%0d%0aX:%20y", b"SESSION%20", b"%20SESSION", b"challenge_SESSION", b"challenge_challenge_SESSION", b"\xff\xfe",
    b"*",
]


def target_rows():
    for name in TARGETS:
        refused = {400, 404, 414, 431, CLOSED}
        for route in (b"/api/sessions/", b"/api/invites/", b"/api/metadata/"):
            if not (route == b"/api/sessions/" and name.startswith(b"challenge_")):
                yield "GET " + (route + name[:40]).decode("latin-1"), get(route + name), refused
        yield "create " + name[:40].decode("latin-1"), post("/api/challenges/" + name.decode("latin-1"), "{}"), refused


FRAMING = [
    ("no Host", b"GET /health HTTP/1.1\r\n\r\n", BAD),
    ("two Hosts", b"GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", BAD | {200}),
    ("unknown method", b"BREW /health HTTP/1.1\r\nHost: a\r\n\r\n", {400, 404, 405, 501, CLOSED}),
    ("very long method", b"G" * 5000 + b" / HTTP/1.1\r\nHost: a\r\n\r\n", {400, 404, 405, 414, 431, 501, CLOSED}),
    ("lower-case method", b"get /health HTTP/1.1\r\nHost: a\r\n\r\n", {400, 404, 405, 501, CLOSED}),
    ("CONNECT", b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", {400, 404, 405, 501, CLOSED}),
    ("TRACE", b"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", {400, 404, 405, 501, CLOSED}),
    ("only a word", b"BAD\r\n\r\n", BAD),
    ("empty lines first", b"\r\n\r\nGET /nothing HTTP/1.1\r\nHost: a\r\n\r\n", {400, 404, CLOSED}),
    ("no version", b"GET /health\r\n\r\n", BAD),
    ("HTTP/0.9", b"GET /health\r\n", BAD),
    ("HTTP/3.0", b"GET /health HTTP/3.0\r\nHost: a\r\n\r\n", {400, 505, CLOSED}),
    ("HTTP/1.x", b"GET /health HTTP/1.x\r\nHost: a\r\n\r\n", {400, 505, CLOSED}),
    ("TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 60 + b"\r\n\r\n", BAD),
    ("binary noise", bytes(range(256)) * 4 + b"\r\n\r\n", BAD),
    ("NUL in the target", get(b"/health\x00x"), BAD | NOT_FOUND),
    ("NUL in a header", get(b"/health", b"X: a\x00b\r\n"), BAD | {200}),
    ("space before the colon", framed(b"Content-Length : 5\r\n", b"hello"), BAD),
    ("header without colon", get(b"/health", b"nonsense\r\n"), BAD),
    ("folded header", get(b"/health", b"X: a\r\n b\r\n"), BAD | {200}),
    ("empty header name", get(b"/health", b": x\r\n"), BAD),
    ("bare LF line ends", b"POST /api/chat/send HTTP/1.1\nHost: a\n" + SIZE.replace(b"\r", b"") + b"\n" + CHAT, BAD),
    ("bare LF within", framed(b"X: y\n" + SIZE, CHAT), BAD),
    ("bare CR within", framed(b"X: y\r" + SIZE, CHAT), BAD),
    ("both framings", framed(SIZE + b"Transfer-Encoding: chunked\r\n", CHUNKED), BAD),
    ("both framings, the other order", framed(b"Transfer-Encoding: chunked\r\n" + SIZE, CHUNKED), BAD),
    ("two lengths", framed(SIZE + b"Content-Length: 5\r\n", CHAT), BAD),
    ("two lengths, the other order", framed(b"Content-Length: 5\r\n" + SIZE, CHAT), BAD),
    ("a list of lengths", framed(b"Content-Length: 5, 6\r\n", CHAT), BAD),
    ("length with plus", framed(b"Content-Length: +5\r\n", b"hello"), BAD),
    ("negative length", framed(b"Content-Length: -5\r\n", b"hello"), BAD),
    ("length in hex", framed(b"Content-Length: 0x5\r\n", b"hello"), BAD),
    ("length of nothing", framed(b"Content-Length: \r\n", b"hello"), BAD),
    ("length with a letter", framed(b"Content-Length: 5a\r\n", b"hello"), BAD),
    ("length beyond 64 bits", framed(b"Content-Length: 99999999999999999999999\r\n", b"x"), {400, 413, CLOSED}),
    ("length of 2^63", framed(b"Content-Length: 9223372036854775808\r\n", b"x"), {400, 413, CLOSED}),
    ("length that is too large", framed(b"Content-Length: 1000000000\r\n", b"x"), {413, CLOSED}),
    ("unknown coding", framed(b"Transfer-Encoding: xchunked\r\n", CHUNKED), BAD | {501}),
    ("coding with a tab", framed(b"Transfer-Encoding:\x0bchunked\r\n", CHUNKED), BAD | {501}),
    ("two codings", framed(b"Transfer-Encoding: gzip, chunked\r\n", CHUNKED), BAD | {501}),
    ("coding twice", framed(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", CHUNKED), BAD | {501}),
    ("bad chunk size", framed(b"Transfer-Encoding: chunked\r\n", b"zz\r\n" + CHAT + b"\r\n0\r\n\r\n"), BAD),
    ("negative chunk size", framed(b"Transfer-Encoding: chunked\r\n", b"-5\r\nhello\r\n0\r\n\r\n"), BAD),
    ("huge chunk size", framed(b"Transfer-Encoding: chunked\r\n", b"fffffffffffffffff\r\nx"), BAD | {413}),
    ("chunk without its end", framed(b"Transfer-Encoding: chunked\r\n", b"3\r\nabcdef\r\n0\r\n\r\n"), BAD),
    ("body beyond the limit", post("/api/chat/send", b'{"channel":"SESSION","from":"SEAT","content":"'
                                   + b"x" * 400000 + b'"}'), {413}),
    ("chunked body beyond the limit",
     framed(b"Transfer-Encoding: chunked\r\n", (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 6 + b"0\r\n\r\n"),
     {413, CLOSED}),
    ("content beyond the limit", post("/api/chat/send", {"channel": "SESSION", "from": "SEAT",
                                                         "content": "x" * 70000}), {400, 413}),
    ("long request line", get(b"/api/chat/sync?channel=" + b"x" * 70000), {400, 414, 431, CLOSED}),
    ("long header", get(b"/health", b"X: " + b"x" * 70000 + b"\r\n"), {400, 413, 431, CLOSED}),
    ("many headers", get(b"/health", b"X: y\r\n" * 20000), {400, 413, 431, CLOSED}),
    ("long name of a channel", post("/api/chat/send", {"channel": "x" * 5000, "from": "SEAT", "content": "x"}), {400}),
    ("long name of a sender", post("/api/chat/send", {"channel": "SESSION", "from": "x" * 5000, "content": "x"}),
     {400}),
    ("long name of a recipient", post("/api/chat/send", {"channel": "SESSION", "from": "SEAT", "to": "x" * 5000,
                                                         "content": "x"}), {400}),
    ("long user", post("/api/arena/join", {"invite": "INVITE", "userId": "x" * 5000}), {400}),
    ("long invite", post("/api/arena/join", {"invite": "x" * 50000}), {400}),
    ("long method of the game", post("/api/arena/message", {"challengeId": "SESSION", "from": "SEAT", "content": "1",
                                                            "messageType": "x" * 50000}), {400}),
    ("NUL in a method", post("/api/arena/message", {"challengeId": "SESSION", "from": "SEAT", "content": "1",
                                                    "messageType": "guess\x00"}), {400}),
    ("NUL in a query", get(b"/api/sessions/none?from=a%00b"), {400, 404}),
    ("invalid UTF-8 in a query", get(b"/api/sessions/none?from=%ff"), {400, 404}),
    ("long key", post("/api/chat/send", {"channel": "SESSION", "from": "SEAT", "content": 5},
                      b"Idempotency-Key: " + b"k" * 4000 + b"\r\n"), {400}),
    ("unknown type with odd characters", post("/api/challenges/%22%3Cscript%3E", "{}"), {400}),
    ("Expect of something", framed(b"Expect: 200-ok\r\n" + b"Content-Length: 5\r\n", b"hello"), {400, 417, CLOSED}),
    ("upgrade to what is not there", get(b"/nothing", b"Connection: Upgrade\r\nUpgrade: h2c\r\n"), {400, 404}),
]

HALF = [  # sent, then the client closes; nothing may come of it
    ("half a request line", b"GET /hea"),
    ("half the headers", b"POST /api/chat/send HTTP/1.1\r\nHost: a\r\nContent-Le"),
    ("headers without body", framed(SIZE)),
    ("half the body", framed(SIZE, CHAT[:20])),
    ("all but one byte", framed(SIZE, CHAT[:-1])),
    ("half a chunk", framed(b"Transfer-Encoding: chunked\r\n", CHUNKED[:20])),
    ("no last chunk", framed(b"Transfer-Encoding: chunked\r\n", CHUNKED[:-5])),
    ("nothing", b""),
]
