"""What an answer must be: a value, or a sort of value where chance or time decides.  Objects match with their keys in
exactly this order."""
import json
import os
import re

from arena_test import ROOT


class Matcher:
    """A sort of JSON value; `check` tells whether a value is of it."""

    def __init__(self, name, check):
        self.name = name
        self.check = check

    def __repr__(self):
        return f"<{self.name}>"


UUID_PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


def text(pattern):
    """A text that a pattern matches as a whole."""
    compiled = re.compile(pattern, re.DOTALL)
    return Matcher(f"text like {pattern}", lambda value: isinstance(value, str) and compiled.fullmatch(value))


def is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def listed(count):
    """A list of that many members."""
    return Matcher(f"list of {count}", lambda value: isinstance(value, list) and len(value) == count)


def holding(wanted):
    """A list in which one member is as wanted."""
    return Matcher(f"list with {wanted!r}", lambda value: isinstance(value, list) and
                   any(difference(wanted, one) is None for one in value))


ANYTHING = Matcher("anything", lambda value: True)
OBJECT = Matcher("object", lambda value: isinstance(value, dict))
INTEGER = Matcher("integer", is_integer)
INTEGERS = Matcher("list of integers", lambda value: isinstance(value, list) and value and
                   all(map(is_integer, value)))
TIME = Matcher("milliseconds since 1970", lambda value: is_integer(value) and value > 1_600_000_000_000)
UUID = text(UUID_PATTERN)
INVITE = text("inv_" + UUID_PATTERN)
SENTENCE = text(".+")
SESSION_KEY = text(r"s_[0-9]\.[0-9a-f]{64}")
PSI_SET = text(r"Your private set is: \{\d+(, \d+){9,12}\}\.")


HEALTH = {"status": "ok", "data": {"pokemon": "gen9-v1"}}  # rules that are data are named


def challenge_file(name):
    """The description of a challenge as its operator's folder has it."""
    with open(os.path.join(ROOT, "operators", name.replace("-", "_"), "challenge.json"), encoding="utf-8") as file:
        return json.load(file)


def difference(wanted, found, at="$"):
    """None when found is as wanted; else what is different, and where."""
    if isinstance(wanted, Matcher):
        return None if wanted.check(found) else f"{at}: {found!r} is not {wanted!r}"
    if type(wanted) is not type(found) and not (isinstance(wanted, (int, float)) and isinstance(found, (int, float))
                                                and not isinstance(wanted, bool) and not isinstance(found, bool)):
        return f"{at}: {found!r} instead of {wanted!r}"
    if isinstance(wanted, dict):
        if list(wanted) != list(found):
            return f"{at}: the keys are {list(found)} instead of {list(wanted)}"
        pairs = [(f"{at}.{key}", wanted[key], found[key]) for key in wanted]
    elif isinstance(wanted, list):
        if len(wanted) != len(found):
            return f"{at}: {len(found)} members instead of {len(wanted)}: {found!r}"
        pairs = [(f"{at}[{i}]", one, other) for i, (one, other) in enumerate(zip(wanted, found))]
    else:
        return None if wanted == found else f"{at}: {found!r} instead of {wanted!r}"
    return next((words for words in (difference(one, other, where) for where, one, other in pairs) if words), None)
