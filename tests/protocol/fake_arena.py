"""An arena that only repeats what it was told: for clients whose words, not whose server, are under test."""
import http.server
import json
import threading


class FakeArena:
    """Answers "GET /path" (the query left out) from `answers`: a status and what becomes JSON (bytes: the events of a
    stream as they are).  Keeps what it was asked
    as (method, path with query, headers, body)."""

    def __init__(self, answers):
        fake = self
        self.answers, self.asked = answers, []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                fake.asked.append((self.command, self.path, dict(self.headers), body))
                status, what = fake.answers.get(f"{self.command} {self.path.split('?')[0]}",
                                                (404, {"error": "not in this fake"}))
                stream = isinstance(what, bytes)
                data = what if stream else json.dumps(what).encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/event-stream" if stream else "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = answer

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
