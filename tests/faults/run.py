#!/usr/bin/env python3
"""The tests of faults in their long form: 100 kills, 1,000 sessions beside hostile modules, a longer soak, 10,000
connections.

    run.py [BUILD] [--match TEXT]

Ends with the same line as tests/summary.py.  What is set in the environment already stays.
"""
import argparse
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import summary  # noqa: E402

LONG = {"KILL9_ROUNDS": "100", "KILL9_PLAYERS": "8", "HOSTILE_SESSIONS": "1000", "SOAK_SECONDS": "30",
        "NETWORK_CONNECTIONS": "10000", "NETWORK_SLOW": "3000", "NETWORK_LAZY": "1000", "NETWORK_BODIES": "32"}


def main():
    parser = argparse.ArgumentParser(description="Runs the tests of faults in their long form.")
    parser.add_argument("build", nargs="?", default="build")
    parser.add_argument("--match", default="", help="only files whose name contains this")
    options = parser.parse_args()
    os.environ.update({name: value for name, value in LONG.items() if name not in os.environ})
    count = summary.Count()
    summary.run_folder("faults", os.path.abspath(options.build), count, options.match)
    return summary.finish(count)


if __name__ == "__main__":
    sys.exit(main())
