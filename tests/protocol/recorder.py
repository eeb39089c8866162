"""Keeps all that a viewer was ever told of a game, to look through it for secrets afterwards."""
import json
import re

from arena_test import Stream


class Recorder:
    """Asks everything there is to ask about a session, again and again, as one viewer (None: anybody)."""

    def __init__(self, server, session, challenge, viewer=None):
        self.api = server.api()
        self.session = session
        self.viewer = viewer
        who = f"?from={viewer}" if viewer else "?"
        self.paths = [f"/api/{kind}/sync{who}&channel={channel}" for kind in ("arena", "chat")
                      for channel in (session, f"challenge_{session}", "invites")]  # what reveals comes first
        self.paths += [f"/api/challenges{who}&limit=100", f"/api/challenges/{challenge}{who}&limit=100",
                      f"/api/challenges/{challenge}{who}&status=open", f"/api/sessions/{session}{who}",
                      f"/api/sessions/{session}/view{who}", f"/api/sessions/{session}/actions{who}",
                      f"/api/sessions/{session}/replay{who}", f"/api/invites/{session}{who}",
                      f"/api/metadata/{session}{who}", f"/metrics{who}", f"/health{who}"]
        self.streams = [Stream(server.port, channel, viewer) for channel in (session, f"challenge_{session}")]
        self.told = []  # (path, status, text) in the order of asking

    def ask(self):
        for path in self.paths:
            answer = self.api.get(path)
            self.told.append((path, answer.status, answer.text))

    def keep(self, path, answer):
        """Keeps an answer that came on another way, such as a refusal."""
        self.told.append((path, answer.status, answer.text))

    def close(self):
        for stream in self.streams:
            stream.close()
        self.api.close()

    def threads(self):
        """What was told, as lists of texts, each in its own order: the answers, and each stream's events up to the end
        of the game (game_ended and what comes after it may tell all)."""
        yield [text for _, _, text in self.told]
        for stream in self.streams:
            texts = []
            for _, data in stream.events:
                if data["type"] == "game_ended":
                    break
                texts.append(json.dumps(data))
            yield texts


class Names:
    """Finds the names of a given list in texts, the longest first, so that "Acid" is not found in "Acid Armor"."""

    def __init__(self, names):
        ordered = sorted({name for name in names if name}, key=len, reverse=True)
        self.pattern = re.compile(r"(?<![A-Za-z0-9])(" + "|".join(map(re.escape, ordered)) + r")(?![A-Za-z0-9])")

    def found(self, text):
        return set(self.pattern.findall(text))
