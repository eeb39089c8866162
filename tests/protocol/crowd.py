"""Clients that are many, slow, or never read; what they do to a server, for tests in a short form and in a long one."""
import resource
import selectors
import socket
import time

from arena_test import PATIENCE, Stream, eventually
from test_limits import figure


def may_open(count):
    """Raises this process's limit of descriptors; false when so many connections cannot be had, or the server, which
    inherits the hard limit, could not hold them."""
    needed = count + 200
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < needed:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (needed, needed))
        except (ValueError, OSError):
            return False
    elif soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
    return True


def memory(server, name="VmRSS"):
    """Resident bytes of the server now (VmRSS), or at the most so far (VmHWM)."""
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(name + ":")) * 1024


def forget_peak(server):
    """VmHWM starts over."""
    with open(f"/proc/{server.process.pid}/clear_refs", "w", encoding="ascii") as file:
        file.write("5")


def counts_memory(server):
    """False for a build with sanitizers, which keeps what is freed."""
    with open(f"/proc/{server.process.pid}/maps", encoding="utf-8") as file:
        return "asan" not in file.read()


def connect(server):
    return socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)


def pour(server, total, chunked=False):
    """Sends a body of `total` bytes until the server has had enough; how much it took, and what it answered."""
    piece = b"x" * (1 << 20)
    with connect(server) as client:
        length = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % total
        client.sendall(b"POST /api/chat/send HTTP/1.1\r\nHost: a\r\n" + length + b"\r\n\r\n")
        sent, answer = 0, b""
        client.settimeout(5)
        try:
            while sent < total:
                client.sendall((b"%x\r\n" % len(piece) + piece + b"\r\n") if chunked else piece)
                sent += len(piece)
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            pass
        try:
            while part := client.recv(65536):
                answer += part
        except (ConnectionResetError, TimeoutError):
            pass
    return sent, answer


class Slow:
    """Connections that send a byte now and then: a head that does not end, a body that does not, a request line."""

    SCRIPTS = (b"GET /health HTTP/1.1\r\nHost: a\r\n" + b"X-Slow: yes\r\n" * 100000,
               b"POST /api/chat/send HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + b"x" * 200000,
               b"GET /" + b"a" * 100000)

    def __init__(self, server, count):
        self.selector = selectors.DefaultSelector()
        self.alive = 0
        for number in range(count):
            client = connect(server)
            client.setblocking(False)
            script = self.SCRIPTS[number % len(self.SCRIPTS)]
            # the first part at once: it is the rest that takes for ever
            start = script.find(b"\r\n\r\n") + 4 if number % 3 == 1 else 8
            client.send(script[:start])
            self.selector.register(client, selectors.EVENT_READ, [script, start])
            self.alive += 1

    def drop(self, client):
        self.selector.unregister(client)
        client.close()
        self.alive -= 1

    def trickle(self):
        """One more byte on each; notices which the server has closed."""
        for key, _ in self.selector.select(0):
            try:
                if key.fileobj.recv(65536):
                    continue  # an answer, and then the end
            except BlockingIOError:
                continue
            except OSError:
                pass
            self.drop(key.fileobj)
        for key in list(self.selector.get_map().values()):
            script, at = key.data
            try:
                key.fileobj.send(script[at:at + 1])
                key.data[1] = at + 1
            except BlockingIOError:
                pass
            except OSError:
                self.drop(key.fileobj)

    def trickle_until_closed(self, patience=PATIENCE):
        end = time.monotonic() + patience
        while self.alive:
            self.trickle()
            if time.monotonic() > end:
                raise AssertionError(f"{self.alive} slow connections are still open")
            time.sleep(0.1)

    def close(self):
        for key in list(self.selector.get_map().values()):
            self.drop(key.fileobj)
        self.selector.close()


def ask_on_all(clients, rounds):
    """Sends a request on every connection and reads every answer, so often; how many were answered with 200."""
    selector = selectors.DefaultSelector()
    good = 0
    for _ in range(rounds):
        for client in clients:
            client.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        for client in clients:
            selector.register(client, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(PATIENCE)
            if not ready:
                raise AssertionError(f"{len(selector.get_map())} connections wait for an answer")
            for key, _ in ready:
                selector.unregister(key.fileobj)
                good += key.fileobj.recv(65536).startswith(b"HTTP/1.1 200 ")
    selector.close()
    return good


def open_lazy_streams(server, channel, count):
    """Streams that read their beginning and then nothing."""
    streams = []
    for _ in range(count):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(PATIENCE)
        client.connect(("127.0.0.1", server.port))
        client.sendall(f"GET /api/chat/ws/{channel} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        received = b""
        while b'"initial"' not in received:
            received += client.recv(4096)
        streams.append(client)
    return streams


def drop_lazy_readers(case, count):
    """Of streams on one busy channel one reads and `count` never do: these are dropped, that one gets every line.
    How many lines that took, and by how many bytes the server grew at the most."""
    reader = Stream(case.server.port, "busy")
    case.addCleanup(reader.close)
    for client in open_lazy_streams(case.server, "busy", count):
        case.addCleanup(client.close)
    before = memory(case.server)
    forget_peak(case.server)
    lines = 0

    def dropped():
        nonlocal lines
        for _ in range(4):
            case.assertEqual(case.api.chat("busy", "ann", "x" * 50000).status, 200)
            lines += 1
        reader.wait(lambda stream: len(stream.messages()) == lines, f"all {lines} messages")
        return figure(case.api, "arena_streams_dropped_total") == count

    eventually(dropped, "the lazy readers to be dropped")
    case.assertEqual([message["index"] for message in reader.messages()], list(range(1, lines + 1)))
    return lines, memory(case.server, "VmHWM") - before


def all_closed(server, descriptors):
    """Waits until the server holds no more descriptors than before."""
    eventually(lambda: server.descriptors() <= descriptors, "all connections to be closed")
