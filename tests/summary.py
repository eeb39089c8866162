#!/usr/bin/env python3
"""Runs all tests of a build and ends with one line: `N passed, N failed` (and `, N skipped`).

    summary.py [BUILD] [--only meson,protocol,faults] [--match TEXT] [--verbose]

First `meson test`, then the Python tests of tests/protocol over the wire, then those of tests/faults in their short
form (faults/run.py runs them in their long one).  Cases are counted one by one: those of Criterion by its summary
line, those of unittest by theirs, any other program as one.  A program that ends before it can say how many cases it
has counts as one failure.  The exit code is 0 only when nothing failed and something passed.
"""
import argparse
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
CRITERION = re.compile(r"Synthesis: .*Tested: .*?(\d+).*?Passing: .*?(\d+).*?Failing: .*?(\d+).*?Crashing: .*?(\d+)")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
UNITTEST_RAN = re.compile(r"^Ran (\d+) tests? in ", re.MULTILINE)
UNITTEST_VERDICT = re.compile(r"^(?:OK|FAILED)(?: \((.*)\))?$", re.MULTILINE)
PROGRAM_LIMIT = 3600  # seconds after which a test program counts as hanging


class Count:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.trouble = []

    def add(self, name, passed, failed, skipped=0):
        self.passed += passed
        self.failed += failed
        self.skipped += skipped
        if failed:
            self.trouble.append(f"{name}: {failed} failed")

    def line(self):
        return f"{self.passed} passed, {self.failed} failed" + (f", {self.skipped} skipped" if self.skipped else "")


def of_criterion(text):
    """Passed and failed cases of a program under Criterion; None when it has no summary line."""
    found = CRITERION.findall(COLOUR.sub("", text))
    if not found:
        return None
    tested, passing, failing, crashing = map(int, found[-1])
    return passing, max(failing + crashing, tested - passing)


def of_unittest(text):
    """Passed, failed and skipped cases of a unittest run; None when it has no summary."""
    ran, verdict = UNITTEST_RAN.findall(text), UNITTEST_VERDICT.findall(text)
    if not ran or not verdict:
        return None
    counts = dict(re.findall(r"(\w[\w ]*)=(\d+)", verdict[-1]))
    failed = sum(int(counts.get(kind, 0)) for kind in ("failures", "errors", "unexpected successes"))
    skipped = int(counts.get("skipped", 0))
    return max(int(ran[-1]) - failed - skipped, 0), failed, skipped


def count_program(count, name, code, text):
    """One test program's cases.  What its exit code says outweighs its summary."""
    cases = of_criterion(text) or of_unittest(text)
    if code == 77:
        count.add(name, 0, 0, 1)
    elif cases is None:
        count.add(name, int(code == 0), int(code != 0))
    elif code != 0 and cases[1] == 0:
        count.add(name, cases[0], 1, *cases[2:])
    else:
        count.add(name, *cases)


def run_meson(build, count, verbose):
    """`meson test`, and the cases of each of its programs from the log it leaves."""
    command = ["meson", "test", "-C", build, "--print-errorlogs"] + (["-v"] if verbose else [])
    log = os.path.join(build, "meson-logs", "testlog.json")
    if os.path.exists(log):
        os.unlink(log)
    code = subprocess.run(command, check=False).returncode
    programs = 0
    if os.path.exists(log):
        with open(log, encoding="utf-8", errors="replace") as file:
            for line in filter(str.strip, file):
                entry = json.loads(line)
                programs += 1
                text = (entry.get("stdout") or "") + "\n" + (entry.get("stderr") or "")
                result = entry.get("result", "")
                code_of = {"OK": 0, "EXPECTEDFAIL": 0, "SKIP": 77}.get(result, 1)
                count_program(count, entry["name"], code_of, text)
    if code and not count.failed or not programs:
        count.add("meson test", 0, 1)


def run_program(path, environment, count):
    """One file of Python tests, in a process of its own; its output is shown when something failed."""
    name = os.path.relpath(path, os.path.dirname(HERE))
    print(f"{name} ...", flush=True)
    try:
        ended = subprocess.run([sys.executable, path], env=environment, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, timeout=PROGRAM_LIMIT, check=False)
        code, text = ended.returncode, ended.stdout.decode("utf-8", "replace")
    except subprocess.TimeoutExpired as hanging:
        code, text = 1, (hanging.stdout or b"").decode("utf-8", "replace") + f"\n{name} hangs"
    before = count.passed, count.failed, count.skipped
    count_program(count, name, code, text)
    passed, failed, skipped = (now - then for now, then in zip((count.passed, count.failed, count.skipped), before))
    if failed:
        print(text)
    else:
        print("".join(line + "\n" for line in text.splitlines() if re.match(r"[a-z0-9]+: ", line)), end="")
    print(f"{name}: {passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""), flush=True)


def python_tests(folder):
    """The files of a folder that are test programs: named test_*, or ending in a call of unittest.main."""
    names = sorted(name for name in os.listdir(folder) if name.endswith(".py"))
    paths = [os.path.join(folder, name) for name in names]
    return [path for path in paths if os.path.basename(path).startswith("test_")
            or "\n    unittest.main()" in open(path, encoding="utf-8").read()]


def run_folder(folder, build, count, match=""):
    """The Python tests of a folder whose file name contains `match`."""
    environment = {**os.environ, "ARENA_BUILD": build}
    for path in python_tests(os.path.join(HERE, folder)):
        if match in os.path.basename(path):
            run_program(path, environment, count)


def finish(count):
    """Prints what failed and the last line; returns the exit code."""
    sys.stdout.flush()
    for line in count.trouble:
        print(line)
    print(count.line(), flush=True)
    return 1 if count.failed or not count.passed else 0


def main():
    parser = argparse.ArgumentParser(description="Runs all tests of a build and counts their cases.")
    parser.add_argument("build", nargs="?", default="build")
    parser.add_argument("--only", default="meson,protocol,faults", help="which of them to run")
    parser.add_argument("--match", default="", help="only files of Python tests whose name contains this")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    build = os.path.abspath(options.build)
    wanted = options.only.split(",")
    count = Count()
    if "meson" in wanted:
        run_meson(build, count, options.verbose)
    for folder in ("protocol", "faults"):
        if folder in wanted:
            run_folder(folder, build, count, options.match)
    return finish(count)


if __name__ == "__main__":
    sys.exit(main())
