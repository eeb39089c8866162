"""A server over very many ended sessions: how long it takes to start, to list, and to tell boards and histories.

    python3 tests/bench/million.py BUILD [SESSIONS [USERS]]
"""
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

BUILD = sys.argv[1] if len(sys.argv) > 1 else "build"
SESSIONS = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
USERS = int(sys.argv[3]) if len(sys.argv) > 3 else 1000


def start(folder):
    """The server, its address, and the seconds until it answered."""
    before = time.monotonic()
    server = subprocess.Popen([os.path.join(BUILD, "arena/arenad"), "--listen", "127.0.0.1:0", "--data", folder],
                              stdout=subprocess.PIPE, text=True)
    address = re.search(r"http://\S+", server.stdout.readline()).group()
    fetch(address + "/health")
    return server, address, time.monotonic() - before


def fetch(url):
    with urllib.request.urlopen(url, timeout=120) as answer:
        return answer.read()


def resident(server):
    with open(f"/proc/{server.pid}/status", encoding="ascii") as file:
        text = file.read()
    return {name: int(re.search(rf"{name}:\s+(\d+)", text).group(1)) / 1024 for name in ("RssAnon", "RssFile")}


def measure(address, path, times=50):
    taken = []
    for _ in range(times):
        before = time.perf_counter()
        body = fetch(address + path)
        taken.append((time.perf_counter() - before) * 1000)
    taken.sort()
    print(f"  {path:58} p50 {statistics.median(taken):7.2f} ms   max {taken[-1]:7.2f} ms   {len(body):9,} bytes")


def main():
    folder = tempfile.mkdtemp(prefix="arena-million-")
    try:
        before = time.monotonic()
        subprocess.run([os.path.join(BUILD, "tests/fill-sessions"), folder, str(SESSIONS), str(USERS)], check=True,
                       stderr=subprocess.DEVNULL)
        size = os.path.getsize(os.path.join(folder, "arena.mdb"))
        print(f"{SESSIONS:,} ended sessions of {USERS:,} users written in {time.monotonic() - before:.1f} s, "
              f"{size / 2**20:,.0f} MiB")
        server, address, seconds = start(folder)
        print(f"first start: answers after {seconds:.2f} s; the boards have no row yet and are filled meanwhile")
        before = time.monotonic()
        while True:
            behind = int(re.search(rb"^arena_scoring_behind (\d+)", fetch(address + "/metrics"), re.M).group(1))
            if not behind:
                break
            time.sleep(0.2)
        print(f"boards filled from the records after {time.monotonic() - before + seconds:.1f} s")
        time.sleep(6)  # written every five seconds
        server.terminate()
        server.wait()
        server, address, seconds = start(folder)
        print(f"second start: answers after {seconds:.2f} s; memory {resident(server)} MiB")
        user = "user-000017"
        for path in ("/api/challenges", "/api/challenges/millionaire?limit=100",
                     "/api/challenges?limit=100&offset=1000", "/api/challenges?status=ended&offset=900000",
                     f"/api/users/{user}/challenges", f"/api/users/{user}/challenges?limit=100&offset=1500",
                     f"/api/users/{user}/scores", "/api/scoring?limit=25&sort=utility", "/api/scoring",
                     "/api/scoring/millionaire?strategy=average&sort=utility&limit=25", "/api/scoring/millionaire",
                     "/api/stats"):
            measure(address, path)
        print(f"memory afterwards {resident(server)} MiB")
        assert json.loads(fetch(address + "/api/stats"))["global"]["gamesPlayed"] == SESSIONS
        server.terminate()
        server.wait()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
