"""What tests of a battle over the wire share."""
import json

from arena_test import ArenaCase


class BattleCase(ArenaCase):
    def told(self, game, viewer=None):
        """What the operator said, as JSON."""
        return [json.loads(message["content"]) for message in self.api.messages(game.id, viewer)
                if message["from"] == "operator" and message["content"]]

    def view(self, game, viewer=None):
        query = f"?from={viewer}" if viewer else ""
        return self.check(self.api.get(f"/api/sessions/{game.id}/view{query}"), 200).json
