#!/usr/bin/env python3
"""manuals.py ARENA ARENAD - the manual pages and the examples of settings name all that the programs have.

Commands and options are asked of the programs by --help; settings and variables are looked for in their sources.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ARENA, ARENAD = sys.argv[1:3] if len(sys.argv) > 2 else (None, None)
GENERAL = {"HOME", "NOTIFY_SOCKET", "NO_COLOR", "TERM", "TMPDIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME"}  # not the arena's own


def text_of(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


def sources(*folders):
    """The C sources in these folders of arena/, without those below them."""
    found = ""
    for folder in folders:
        names = os.listdir(os.path.join(ROOT, "arena", folder))
        found += "".join(text_of("arena", folder, name) for name in sorted(names) if name.endswith(".c"))
    return found


def said(*words):
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=True).stdout


def items(page, macro):
    """The words of a page's `.It` lines with this macro, as "Va" or "Ev"; several may stand on one line."""
    lines = re.findall(r"^\.It .*", page, re.M)
    return [word for line in lines for word in re.findall(rf"\b{macro} (\S+)", line)]


def variables(source):
    names = set(re.findall(r'(?:getenv|environment)\("([A-Z_]+)"', source))
    return names | set(re.findall(r'"(XDG_[A-Z_]+)"', source))


class Arena(unittest.TestCase):
    """arena(1)"""

    @classmethod
    def setUpClass(cls):
        cls.page = text_of("docs", "man", "arena.1")
        cls.help = said(ARENA, "--help")
        cls.commands = [name for name in re.findall(r"^  ([a-z]+) {2,}\S", cls.help, re.M) if name != "arena"]

    def section(self, command):
        start = re.search(rf"^\.It Ic {command}\b.*$", self.page, re.M)
        self.assertTrue(start, f"arena.1 has no command {command}")
        rest = self.page[start.end():]
        return start.group(), rest[:re.search(r"^\.(It Ic|Sh|Ss) ", rest, re.M).start()]

    def test_every_command_with_its_words_and_no_other(self):
        self.assertGreater(len(self.commands), 15)
        self.assertEqual(re.findall(r"^\.It Ic ([a-z]+)", self.page, re.M), self.commands)
        for command in self.commands:
            usage = said(ARENA, command, "--help").splitlines()[0].removeprefix("arena " + command).strip()
            head = f".It Ic {command}" + (f' Li "{usage}"' if usage else "")
            self.assertEqual(self.section(command)[0], head)
            choice = re.match(r"\[?([a-z]+(?:\|[a-z]+)+)", usage)
            verbs = choice.group(1).split("|") if choice else []
            told = re.findall(r"^\.It Cm (.*)$", self.section(command)[1], re.M)
            self.assertEqual([name for line in told for name in re.findall(r"(?:^|(?<=, Cm ))[a-z]+", line)], verbs)

    def test_every_option_with_its_value_and_no_other(self):
        everywhere = self.options(said(ARENA, "challenges", "--help").split("Options of every command")[1])
        self.assertEqual(self.told(self.page.split(".Sh COMMANDS")[0].split(".Sh OPTIONS")[1]), everywhere)
        for command in self.commands:
            own = said(ARENA, command, "--help").split("Options of every command")[0]
            self.assertEqual(self.told(self.section(command)[1]), self.options(own), command)

    @staticmethod
    def options(text):
        """Names and values of options, as the help lists them: the value is in capitals or a choice."""
        return re.findall(r"^  --([a-z-]+)(?: ([A-Z,]+|[a-z0-9]+(?:\|[a-z0-9]+)+)(?= ))?", text, re.M)

    @staticmethod
    def told(text):
        return re.findall(r"^\.It Fl -([a-z-]+)(?: Ar (\S+))?$", text, re.M)

    def test_every_variable(self):
        used = variables(sources("cli")) | {"ARENA_SCORING"}  # recompute loads strategies as the server does
        self.assertEqual(set(items(self.page, "Ev")), used)
        for name in used - GENERAL:
            self.assertIn(name, self.help)


class Arenad(unittest.TestCase):
    """arenad(8), and the examples of its settings"""

    @classmethod
    def setUpClass(cls):
        cls.page = text_of("docs", "man", "arenad.8")
        cls.help = said(ARENAD, "--help")
        cls.keys = set(re.findall(r'(?:\bis_key\([a-z]+, |\bNUMBER\()"([A-Za-z]+)"', sources("")))

    def test_every_option(self):
        options = set(re.findall(r"--([a-z-]+)", self.help.split("environment:")[0]))
        self.assertEqual(set(re.findall(r"^\.It Fl -([a-z-]+)", self.page, re.M)), options)

    def test_every_setting(self):
        self.assertGreater(len(self.keys), 30)
        self.assertEqual(set(items(self.page, "Va")), self.keys)

    def test_every_setting_is_in_running(self):
        page = text_of("docs", "running.md")
        for key in self.keys:
            self.assertRegex(page, rf'[`."]{key}[`".]')

    def test_every_variable(self):
        used = variables(sources("", "core", "host", "store", "http"))
        self.assertEqual(set(items(self.page, "Ev")), used)
        for name in used - GENERAL:
            self.assertIn(name, self.help)

    def test_the_example_has_every_setting_and_is_accepted(self):
        example = json.loads(text_of("docs", "arena.json.example"))
        types = {"psi", "pokemon"}  # names of challenges and their options are no settings
        self.assertEqual(keys_of(example) - types - set(example["challenges"]["psi"]["options"]), self.keys)
        with tempfile.TemporaryDirectory() as folder:
            for name, file in (("certificate", "one.pem"), ("key", "one.key")):
                example["tls"][name] = shutil.copy(os.path.join(ROOT, "tests", "protocol", "tls", file), folder)
                os.chmod(example["tls"][name], 0o600)
            path = os.path.join(folder, "arena.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump(example, file)
            words = [ARENAD, "--config", path, "--listen", "127.0.0.1:0", "--data", folder + "/data"]
            with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
                line = server.stdout.readline()
                while line and not line.startswith("challenges:"):
                    self.assertNotIn("no setting", line)
                    line = server.stdout.readline()
                server.send_signal(signal.SIGTERM)
                server.stdout.read()
            self.assertEqual((line.strip(), server.returncode), ("challenges: psi, pokemon", 0))

    def test_the_example_of_an_environment(self):
        named = re.findall(r"^#? ?([A-Z_]+)=", text_of(".env.example"), re.M)
        self.assertEqual(len(named), len(set(named)))
        self.assertEqual(set(named), variables(sources("", "core", "host", "store", "http", "cli")) - GENERAL)


def keys_of(value):
    """All names of members in JSON."""
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


class Form(unittest.TestCase):
    def test_the_pages_are_well_formed(self):
        for name in ("arena.1", "arenad.8"):
            path = os.path.join(ROOT, "docs", "man", name)
            self.assertNotRegex(text_of("docs", "man", name), re.compile(r"[ \t]$", re.M))
            if shutil.which("mandoc"):
                done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", path], capture_output=True, text=True)
                self.assertEqual(done.stdout + done.stderr, "")
            if shutil.which("man") and shutil.which("groff"):
                done = subprocess.run(["man", "--warnings", "-l", path], capture_output=True, text=True,
                                      env={**os.environ, "LC_ALL": "C.UTF-8", "MANPAGER": "cat"})
                self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
