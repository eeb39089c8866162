#!/usr/bin/env python3
"""What the server costs and how fast it answers, beside baselines taken in the same run.

    bench.py [BUILD] [--quick] [--seconds S] [--only NAME,...] [--json FILE]

The load generator shares the machine with the server, so rates say as much about it as about the server; the server's
own CPU time per unit of work is the figure to compare.  Everything runs on loopback, with the data in a folder that is
removed afterwards.
"""
import argparse
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "protocol"))
if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
    os.environ["ARENA_BUILD"] = os.path.abspath(sys.argv[1])

from arena_test import BUILD, PATIENCE, Server  # noqa: E402

CONNECTIONS = (1, 16, 64, 256)


def load_program(folder):
    """The load generator of the build, or one compiled now."""
    built = os.path.join(BUILD, "tests", "bench", "load")
    if os.path.exists(built):
        return built
    program = os.path.join(folder, "load")
    sources = [os.path.join(HERE, name) for name in ("load.c", "load_net.c", "load_streams.c")]
    compiler = [os.environ.get("CC", "cc"), "-std=c17", "-O2", "-D_POSIX_C_SOURCE=200809L"]
    subprocess.run([*compiler, "-o", program, *sources], check=True)
    return program


def print_machine():
    model = "unknown"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    with open("/proc/meminfo", encoding="utf-8") as file:
        memory = int(file.readline().split()[1]) >> 10
    print(f"machine: {os.cpu_count()} cores, {model}, {memory} MiB, Linux {platform.release()}")
    print_load()


def print_load():
    print(f"load average now: {' '.join(f'{value:.2f}' for value in os.getloadavg())}\n")


def fdatasync_rate(folder, seconds):
    """Appends of 300 bytes, each synced: what one commit at a time could reach on this disk."""
    path = os.path.join(folder, "sync")
    times = []
    with open(path, "wb", buffering=0) as file:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            start = time.perf_counter()
            file.write(b"x" * 300)
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - start)
    os.unlink(path)
    times.sort()
    print(f"bare file, 300 bytes and fdatasync: {len(times) / seconds:,.0f}/s, "
          f"p50 {times[len(times) // 2] * 1e6:,.0f} us, p99 {times[len(times) * 99 // 100] * 1e6:,.0f} us")
    return len(times) / seconds


class Bench:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.load = load_program(folder)
        self.rows = []
        self.server = None

    def start(self):
        self.stop()
        limits = {"openAgeMs": 3600000, "streams": 20000, "streamsPerAddress": 20000}
        self.server = Server({"limits": limits, "accessLog": False}).start()
        return self.server

    def stop(self):
        if self.server:
            self.server.close()
            self.server = None

    def run(self, scenario, connections=1, **more):
        settings = {"seconds": self.options.seconds, **more}
        arguments = [self.load, scenario, "--port", str(self.server.port), "--pid", str(self.server.process.pid),
                     "--connections", str(connections)]
        for name, value in settings.items():
            arguments += ["--" + name.replace("_", "-"), str(value)]
        ended = subprocess.run(arguments, capture_output=True, text=True, timeout=20 * PATIENCE, check=False)
        if not ended.stdout:
            raise SystemExit(f"bench: {scenario} failed: {ended.stderr}")
        row = json.loads(ended.stdout)
        if row["failures"]:
            print(f"!! {scenario}, {connections} connections: {ended.stderr.strip()}")
        self.rows.append(row)
        return row

    def rates(self, title, scenario, floor=None):
        """A table over the numbers of connections; floor: rates of another table, to divide by."""
        print(f"{title}\n{'connections':>12} {'per second':>11} {'p50 us':>8} {'p99 us':>8} {'server CPU us':>14}"
              f"{'  of the floor' if floor else ''}")
        rates = {}
        self.start()
        for connections in CONNECTIONS:
            row = self.run(scenario, connections)
            rates[connections] = row["per_second"]
            share = f"  {row['per_second'] / floor[connections]:>11.0%}" if floor else ""
            print(f"{connections:>12} {row['per_second']:>11,.0f} {row['p50_us']:>8,} {row['p99_us']:>8,} "
                  f"{row['cpu_us_per_action']:>14.1f}{share}")
        print(f"{'':>12} server memory afterwards {self.server.stat()[1] / 1e6:,.0f} MB\n")
        return rates

    def sessions(self):
        print(f"whole psi sessions, 12 requests each, all durable\n{'connections':>12} {'sessions/s':>11} "
              f"{'requests/s':>11} {'p50 us':>8} {'p99 us':>8} {'CPU us a session':>17}")
        self.start()
        for connections in CONNECTIONS[:3]:
            row = self.run("psi-session", connections)
            cpu = row["cpu_s"] * 1e6 / (row["requests"] / 12) if row["requests"] else 0
            print(f"{connections:>12} {row['requests'] / 12 / row['seconds']:>11,.0f} "
                  f"{row['requests'] / row['seconds']:>11,.0f} {row['p50_us']:>8,} {row['p99_us']:>8,} {cpu:>17,.0f}")
        print()

    def streams(self):
        print(f"streams: one message to all viewers of a channel\n{'viewers':>12} {'deliveries/s':>13} "
              f"{'messages/s':>11} {'p50 us':>8} {'p99 us':>8} {'CPU us a delivery':>18}")
        for viewers, window in ((1, 1), (100, 4), (1000, 1), (1000, 4)):
            self.start()
            row = self.run("streams", viewers=viewers, window=window)
            print(f"{viewers:>12} {row['per_second']:>13,.0f} {row['units_per_second']:>11,.0f} {row['p50_us']:>8,} "
                  f"{row['p99_us']:>8,} {row['cpu_us_per_action']:>18.2f}")
        print()

    def memory(self):
        """Resident memory: of an empty server, per idle session, per open stream."""
        count = 1000 if self.options.quick else 10000
        self.start()
        self.run("health", 4, seconds=0.3, warm_up=0)
        empty = self.server.stat()[1]
        self.run("idle", 4, limit=count, warm_up=0, seconds=120)
        loaded = self.server.stat()[1]
        viewers = []
        for number in range(1000):
            viewer = socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE)
            viewer.sendall(b"GET /api/chat/ws/memory-%d HTTP/1.1\r\nHost: a\r\n\r\n" % (number % 100))
            viewer.recv(4096)
            viewers.append(viewer)
        streaming = self.server.stat()[1]
        cpu = self.server.stat()[0]
        time.sleep(2)
        idle = self.server.stat()[0] - cpu
        for viewer in viewers:
            viewer.close()
        print(f"memory: empty {empty / 1e6:.1f} MB, {(loaded - empty) / count:,.0f} bytes for each of {count:,} idle "
              f"sessions, {(streaming - loaded) / 1000:,.0f} bytes for each of 1,000 open streams")
        print(f"idle: {idle / 2:.1%} of a core with {count:,} sessions and 1,000 streams\n")
        self.rows.append({"scenario": "memory", "empty": empty, "session": (loaded - empty) / count,
                          "stream": (streaming - loaded) / 1000, "idle_core": idle / 2})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("build", nargs="?", default="build", help="the build folder")
    parser.add_argument("--quick", action="store_true", help="a second for each row")
    parser.add_argument("--seconds", type=float, default=None, help="for each row (5)")
    parser.add_argument("--only", default="", help="floor,chat,psi,pokemon,sessions,streams,memory")
    parser.add_argument("--json", default=None, help="write all rows to this file")
    options = parser.parse_args()
    options.seconds = options.seconds or (1 if options.quick else 5)
    wanted = set(options.only.split(",")) if options.only else None
    folder = tempfile.mkdtemp(prefix="arena-bench-")
    bench = Bench(options, folder)

    def runs(name):
        return wanted is None or name in wanted

    try:
        print_machine()
        sync = fdatasync_rate(folder, min(2, options.seconds))
        floor = bench.rates("GET /health (the floor of any request)", "health") if runs("floor") else None
        if runs("chat"):
            rates = bench.rates("chat lines, durable", "chat", floor)
            print(f"best rate is {max(rates.values()) / sync:.1f} times what one fdatasync for each would give\n")
        if runs("psi"):
            bench.rates("psi inputs (create, 2 joins, 2 guesses), durable", "psi-action", floor)
        if runs("pokemon"):
            bench.rates("pokemon choices in battles of 50 turns, durable", "pokemon-action", floor)
        if runs("sessions"):
            bench.sessions()
        if runs("streams"):
            bench.streams()
        if runs("memory"):
            bench.memory()
        bench.stop()
        fdatasync_rate(folder, min(2, options.seconds))
        print_load()
        if options.json:
            with open(options.json, "w", encoding="utf-8") as file:
                json.dump({"fdatasync_per_second": sync, "rows": bench.rows}, file, indent=1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        bench.stop()


if __name__ == "__main__":
    main()
