"""What the tests over the wire stand on: a server of their own, plain clients, a stream reader.

Every server listens on a free loopback port and keeps its data in a folder that goes away with it.  The programs
under test are found by ARENAD, ARENA_CLI, ARENA_WORKER and ARENA_OPERATORS (the folder of the modules); without these
they are looked for in the build folder (ARENA_BUILD, or build/ beside this tree).  Time-outs here only end what
hangs; nothing is measured by them.

Every answer and every event of a stream that a test of an ArenaCase gets is checked against the server's own
/openapi.json, so what is not described there fails; `described = False` is for tests that need another server.
"""
import ctypes
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from openapi import Description

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("ARENA_BUILD", os.path.join(ROOT, "build"))
PATIENCE = float(os.environ.get("ARENA_TEST_PATIENCE", "60"))  # seconds until something counts as hanging
TROUBLE = re.compile(r"AddressSanitizer|LeakSanitizer|ThreadSanitizer|runtime error:|Assertion")


def first_file(*candidates):
    """The first of these paths that exists, else the first one, for the message of the failure."""
    return next((path for path in candidates if os.path.exists(path)), candidates[0])


ARENAD = os.environ.get("ARENAD") or first_file(os.path.join(BUILD, "arena/arenad"), os.path.join(BUILD, "arenad"))
ARENA_CLI = os.environ.get("ARENA_CLI") or first_file(
    os.path.join(BUILD, "arena/cli/arena"), os.path.join(BUILD, "arena/arena"), os.path.join(BUILD, "arena"))
ARENA_OPERATORS = os.environ.get("ARENA_OPERATORS") or os.path.join(BUILD, "operators")


def operator_path(name):
    """Where the module of an operator lies."""
    return first_file(os.path.join(ARENA_OPERATORS, name + ".so"), os.path.join(ARENA_OPERATORS, name, name + ".so"))


# An operator with rule data, which only tests have.
POINTS = os.path.join(os.environ.get("POINTS_DIR") or
                      os.path.join(os.path.dirname(ARENA_OPERATORS), "tests/operators/points"), "points.so")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def eventually(check, what="a condition", patience=PATIENCE):
    """Waits until check() is true and returns its value."""
    end = time.monotonic() + patience
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {patience:g} s for {what}")
        time.sleep(0.01)


class Server:
    """One arenad.  Start it from the main thread: it dies with the thread that started it."""

    def __init__(self, config=None, environment=None, data=None, limit_file_bytes=None):
        self.folder = tempfile.mkdtemp(prefix="arena-test-")
        self.data = data or os.path.join(self.folder, "data")
        self.config = os.path.join(self.folder, "arena.json")
        self.log = os.path.join(self.folder, "log")
        self.environment = environment or {}
        self.limit_file_bytes = limit_file_bytes
        self.host = "127.0.0.1"
        self.port = free_port()
        self.process = None
        self.description = None  # an openapi.Description: what answers are checked against
        os.makedirs(self.data, exist_ok=True)
        self.configure(config or {})

    def configure(self, settings):
        """Writes the configuration: the two games, and what the caller wants changed (None removes a key)."""
        config = {"operators": [{"module": operator_path("psi")}, {"module": operator_path("pokemon")}]}
        config.update(settings)
        with open(self.config, "w", encoding="utf-8") as file:
            json.dump({key: value for key, value in config.items() if value is not None}, file, indent=2)

    def before_exec(self):
        die_with_parent()
        if self.limit_file_bytes:
            import resource
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.limit_file_bytes, self.limit_file_bytes))
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    def start(self):
        environment = {**os.environ, **self.environment}
        with open(self.log, "ab") as log:
            start_of_log = log.tell()
            self.process = subprocess.Popen(
                [ARENAD, "--listen", f"{self.host}:{self.port}", "--data", self.data, "--config", self.config],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, preexec_fn=self.before_exec)
        eventually(lambda: self.ready(start_of_log), "the server's start")
        return self

    def ready(self, start_of_log):
        if self.process.poll() is not None:
            raise AssertionError(f"arenad ended at start with {self.process.returncode}:\n{self.log_text()}")
        if f"://{self.host}:{self.port}" not in self.log_text()[start_of_log:]:
            return False
        try:
            socket.create_connection((self.host, self.port), timeout=PATIENCE).close()
            return True
        except ConnectionRefusedError:
            return False

    def log_text(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def stop(self, signal_number=signal.SIGTERM):
        """Ends the server and returns its exit code."""
        if self.process is None:
            return 0
        process, self.process = self.process, None
        if process.poll() is None:
            process.send_signal(signal_number)
        try:
            return process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"arenad did not end after signal {signal_number}:\n{self.log_text()[-2000:]}")

    def kill(self):
        return self.stop(signal.SIGKILL)

    def close(self):
        """Ends the server however it stands, removes its files, and reports what a sanitizer had to say."""
        try:
            code = self.stop()
            log = self.log_text()
        finally:
            if self.process and self.process.poll() is None:
                self.process.kill()
            shutil.rmtree(self.folder, ignore_errors=True)
        if code not in (0, -signal.SIGKILL) or TROUBLE.search(log):
            raise AssertionError(f"arenad ended with {code}:\n{log[-4000:]}")

    def stat(self):
        """utime + stime of the server in seconds, and its resident memory in bytes."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        ticks = os.sysconf("SC_CLK_TCK")
        return (int(fields[11]) + int(fields[12])) / ticks, int(fields[21]) * os.sysconf("SC_PAGE_SIZE")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def api(self):
        return Api(self.port, description=self.description)

    def describe(self):
        """From now on clients check every answer against the server's own description."""
        api = Api(self.port)
        self.description = Description(api.get("/openapi.json").json)
        api.close()


class Answer:
    """One HTTP answer: status, headers (lower-case names), body, and the body as JSON."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body

    @property
    def text(self):
        return self.body.decode("utf-8")

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


class Api:
    """A client with one kept-alive connection.  Not to be shared between threads."""

    def __init__(self, port, patience=PATIENCE, description=None):
        self.port = port
        self.description = description
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)

    def close(self):
        self.connection.close()

    def request(self, method, path, body=None, headers=None):
        """Sends one request; body may be bytes, text, or anything that becomes JSON."""
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        if isinstance(body, str):
            body = body.encode("utf-8")
        sent = {"Content-Type": "application/json"} if body is not None else {}
        sent.update(headers or {})
        try:
            self.connection.request(method, path, body=body, headers=sent)
            response = self.connection.getresponse()
            answer = Answer(response.status, response.getheaders(), response.read())
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise
        errors = self.description.errors(method, path, body, answer) if self.description else None
        assert not errors, f"{method} {path} is not as /openapi.json has it: {errors}\n{answer}"
        return answer

    def get(self, path, headers=None):
        return self.request("GET", path, headers=headers)

    def post(self, path, body=None, key=None):
        return self.request("POST", path, body, {"Idempotency-Key": key} if key else None)

    # the verbs of the protocol; each returns the Answer

    def create(self, challenge, options=None, key=None):
        return self.post(f"/api/challenges/{challenge}", options, key)

    def join(self, invite, user=None, key=None):
        return self.post("/api/arena/join", {"invite": invite, **({"userId": user} if user else {})}, key)

    def move(self, session, player, content, method=None, turn=None, key=None):
        body = {"challengeId": session, "from": player, "content": content}
        if method is not None:
            body["messageType"] = method
        if turn is not None:
            body["turn"] = turn
        return self.post("/api/arena/message", body, key)

    def chat(self, channel, player, content, to=None, key=None):
        body = {"channel": channel, "from": player, "content": content, **({"to": to} if to else {})}
        return self.post("/api/chat/send", body, key)

    def sync(self, session, player=None, index=None, wait=None, kind="arena"):
        query = f"channel={session}"
        query += f"&from={player}" if player else ""
        query += f"&index={index}" if index is not None else ""
        query += f"&wait={wait}" if wait is not None else ""
        return self.get(f"/api/{kind}/sync?{query}")

    def messages(self, session, player=None, index=None, kind="arena"):
        """The messages of a session's operator channel (or of any chat channel), as the player sees them."""
        answer = self.sync(session, player, index, kind=kind)
        assert answer.status == 200, answer
        return answer.json["messages"]

    def session(self, session):
        return self.get(f"/api/sessions/{session}")


class Game:
    """A session that this test made: its id, its invites in the order of the seats, and who joined."""

    def __init__(self, api, challenge, users=("user-of-seat-0", "user-of-seat-1"), options=None, join=True):
        answer = api.create(challenge, options)
        assert answer.status == 200, answer
        self.created = answer.json
        self.id = self.created["id"]
        self.invites = self.created["invites"]
        self.users = users
        if join:
            for invite, user in zip(self.invites, users):
                answer = api.join(invite, user)
                assert answer.status == 200, answer


class Stream:
    """Reads a server-sent event stream in a thread of its own, chunk by chunk."""

    def __init__(self, port, channel, player=None, last_event_id=None, headers="", description=None, prefix="/api/"):
        self.description = description
        self.misfits = []      # events that are not as the description says
        self.path = path = f"{prefix}chat/ws/{channel}" + (f"?from={player}" if player else "")
        if last_event_id is not None:
            headers += f"Last-Event-ID: {last_event_id}\r\n"
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n".encode())
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        self.headers = {}
        for line in iter(self.file.readline, b"\r\n"):
            name, _, value = line.decode().partition(":")
            self.headers[name.lower()] = value.strip()
        self.chunks = []       # as they came
        self.events = []       # (id or None, data as JSON)
        self.comments = []
        self.finished = None   # "clean" after the last chunk, "broken" after anything else
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        finished = "broken"
        try:
            while True:
                size = self.file.readline()
                if not size.endswith(b"\r\n"):
                    break
                data = self.file.read(int(size, 16) + 2)[:-2]
                if int(size, 16) == 0:
                    finished = "clean"
                    break
                self.take(data)
        except (OSError, ValueError):
            pass
        with self.changed:
            self.finished = finished
            self.changed.notify_all()

    def take(self, chunk):
        with self.changed:
            self.chunks.append(chunk)
            for block in chunk.decode("utf-8").split("\n\n"):
                identity, data = None, None
                for line in block.split("\n"):
                    if line.startswith(":"):
                        self.comments.append(line)
                    elif line.startswith("id:"):
                        identity = line[3:].strip()
                    elif line.startswith("data:"):
                        data = line[5:].strip()
                if data is not None:
                    self.events.append((identity, json.loads(data)))
                    if self.description:
                        self.misfits += self.description.stream_errors(self.path, self.events[-1][1])
            self.changed.notify_all()

    def wait(self, check, what="an event", patience=PATIENCE):
        """Waits until check(self) is true."""
        with self.changed:
            if not self.changed.wait_for(lambda: check(self) or self.finished, patience) or not check(self):
                raise AssertionError(f"no {what} on the stream ({self.finished}); events: {self.events[-5:]}")

    def wait_events(self, count):
        self.wait(lambda stream: len(stream.events) >= count, f"{count} events")
        return self.events

    def wait_type(self, kind):
        """The data of the first event of this type."""
        self.wait(lambda stream: stream.of_type(kind), f"event of type {kind}")
        return self.of_type(kind)[0]

    def of_type(self, kind):
        return [data for _, data in self.events if data["type"] == kind]

    def messages(self):
        """All messages told so far, those of the initial event included."""
        found = []
        for data in (data for _, data in list(self.events)):
            found += data["messages"] if data["type"] == "initial" else []
            found += [data["message"]] if data["type"] == "new_message" else []
        return found

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.thread.join(PATIENCE)
        self.file.close()
        self.socket.close()
        assert not self.misfits, f"{self.path} is not as /openapi.json has it: {self.misfits}"


class Answers:
    """What test cases say of answers."""

    def check(self, answer, status, body=None, kind="application/json"):
        """Status, content type and, if given, the whole JSON body of an answer."""
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.headers.get("content-type"), kind, answer)
        if body is not None:
            self.assertEqual(answer.json, body)
        return answer

    def refused(self, answer, status, error, code=None):
        """An error answer of exactly this text, and this code if there is one."""
        return self.check(answer, status, {"error": error, **({"code": code} if code else {})})


class ArenaCase(Answers, unittest.TestCase):
    """Tests that share one server.  `settings` go into its configuration, `environment` into its environment;
    `described` checks all answers against /openapi.json."""

    settings = {}
    environment = {}
    described = True
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.server = Server(cls.settings, cls.environment)
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        if cls.described:
            cls.server.describe()

    def setUp(self):
        self.api = self.new_api()

    def new_api(self):
        api = self.server.api()
        self.addCleanup(api.close)
        return api

    def restart(self, end):
        """Ends the server (end is its stop or kill) and starts it again on the same data and port."""
        end()
        self.server.start()
        self.api.close()

    def stream(self, channel, player=None, last_event_id=None):
        stream = Stream(self.server.port, channel, player, last_event_id, description=self.server.description)
        self.addCleanup(stream.close)
        self.assertEqual(stream.status, 200)
        return stream


def at_once(count, work):
    """Runs work(i) in `count` threads that start at the same instant; returns the results in order."""
    barrier = threading.Barrier(count)
    results = [None] * count

    def run(i):
        barrier.wait(PATIENCE)
        try:
            results[i] = work(i)
        except BaseException as error:  # handed to the caller below
            results[i] = error

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


HOME = tempfile.TemporaryDirectory(prefix="arena-test-home-")  # of the command-line tool: nobody's own keys


def run_cli(*arguments, stdin="", environment=None):
    """Runs the command-line tool to its end."""
    return subprocess.run(
        [ARENA_CLI, *arguments], input=stdin, capture_output=True, text=True, timeout=10 * PATIENCE, check=False,
        env={**os.environ, "ARENA_OPERATORS": ARENA_OPERATORS, "HOME": HOME.name,
             "XDG_CONFIG_HOME": HOME.name + "/config", "XDG_STATE_HOME": HOME.name + "/state", **(environment or {})})
