#!/usr/bin/env python3
"""lossy_proxy.py TARGET_PORT - an HTTP proxy that loses the answer to the first try of every POST.

The request reaches the server; its answer is thrown away and the connection closed, as when a line breaks at the worst
moment.  A request is known again by its Idempotency-Key.  Prints its own port, then one line for each loss.
"""
import http.client
import http.server
import sys


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen = set()

    def forward(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        server = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=70)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        server.request(self.command, self.path, body or None, headers)
        answer = server.getresponse()
        data = answer.read()
        server.close()
        key = self.headers.get("Idempotency-Key")
        if self.command == "POST" and key not in self.seen:
            self.seen.add(key)
            print(f"lost the answer to {self.path} under {key}", flush=True)
            self.close_connection = True
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.getheader("Content-Type", ""))
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = forward

    def log_message(self, *_):
        pass


proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
print(proxy.server_port, flush=True)
proxy.serve_forever()
