"""The scoring strategies once more, straight from their definitions, for comparison with the server's boards."""
import math

TYPE_STRATEGIES = {
    "psi": ["average", "win-rate", "red-team", "consecutive"],
    "ultimatum": ["average", "win-rate", "red-team", "consecutive"],
    "millionaire": ["average", "win-rate", "red-team", "consecutive"],
    "dining-cryptographers": ["average", "win-rate", "consecutive"],
    "pokemon": ["average", "win-rate", "elo"],
}


class Standing:
    """What one strategy keeps of one player."""

    def __init__(self):
        self.games = 0
        self.sums = {"security": 0.0, "utility": 0.0}
        self.wins = {"security": 0, "utility": 0}
        self.streaks = {"security": 0, "utility": 0, "attack": 0}
        self.caused = self.suffered = 0
        self.rating, self.won, self.drawn, self.lost = 1000, 0, 0, 0

    def metrics(self, strategy):
        if strategy == "average":
            return {f"average:{kind}": total / self.games for kind, total in self.sums.items()}
        if strategy == "win-rate":
            return {f"win-rate:{kind}": wins / self.games for kind, wins in self.wins.items()}
        if strategy == "consecutive":
            return {f"consecutive:{kind}": streak for kind, streak in self.streaks.items()}
        if strategy == "red-team":
            return {"red-team:attack": self.caused / self.games, "red-team:defend": 1 - self.suffered / self.games}
        return {"elo:rating": self.rating, "elo:wins": self.won, "elo:draws": self.drawn, "elo:losses": self.lost}


def half_away(value):
    return math.floor(value + 0.5) if value >= 0 else math.ceil(value - 0.5)


class Boards:
    """Boards of all types, filled game by game in the order in which the games ended."""

    def __init__(self):
        self.boards = {kind: {name: {} for name in names} for kind, names in TYPE_STRATEGIES.items()}
        self.played = {}

    def count(self, session):
        """session: an ended one, as GET /api/sessions/:id tells it."""
        kind, state = session["challengeType"], session["state"]
        self.played[kind] = self.played.get(kind, 0) + 1
        users = [state["playerIdentities"].get(player) for player in state["players"]]
        known = [user for user in users if user is not None]
        if len(set(known)) < len(known) or session.get("abandoned"):
            return
        breaches = [(blame["from"], blame["to"]) for blame in state.get("attributions", [])
                    if blame["type"] == "security_breach"]
        for strategy, board in self.boards[kind].items():
            if strategy in ("red-team", "consecutive", "elo") and (None in users or len(users) < 2):
                continue
            before = [board[user].rating if user in board else 1000 for user in users]
            for seat, user in enumerate(users):
                if user is not None:
                    self.change(board.setdefault(user, Standing()), seat, state["scores"], breaches, before)

    @staticmethod
    def change(standing, seat, scores, breaches, before):
        score = scores[seat]
        standing.games += 1
        caused = sum(1 for source, _ in breaches if source == seat)
        standing.caused += caused
        standing.suffered += sum(1 for _, target in breaches if target == seat)
        for kind in ("security", "utility"):
            standing.sums[kind] += score[kind]
            standing.wins[kind] += score[kind] >= 1
            standing.streaks[kind] = standing.streaks[kind] + 1 if score[kind] >= 1 else 0
        standing.streaks["attack"] = standing.streaks["attack"] + 1 if caused else 0
        if len(scores) == 2:
            other = scores[1 - seat]["utility"]
            result = 1 if score["utility"] > other else 0 if score["utility"] < other else 0.5
            expected = 1 / (1 + 10 ** ((before[1 - seat] - before[seat]) / 400))
            standing.rating = half_away(before[seat] + 32 * (result - expected))
            standing.won += result == 1
            standing.drawn += result == 0.5
            standing.lost += result == 0

    def of_type(self, kind):
        """As GET /api/scoring/:type, without profiles."""
        return {strategy: [self.entry(strategy, user, standing) for user, standing in board.items()]
                for strategy, board in self.boards[kind].items() if board}

    @staticmethod
    def entry(strategy, user, standing):
        return {"playerId": user, "gamesPlayed": standing.games, "metrics": standing.metrics(strategy)}

    def globally(self):
        """As GET /api/scoring, by player."""
        found = {}
        for kind in sorted(self.boards):
            for user, standing in self.boards[kind]["average"].items():
                found.setdefault(user, []).append(standing)
        entries = {}
        for user, standings in found.items():
            metrics = {}
            for name in ("security", "utility"):
                total = 0.0
                for standing in standings:
                    total += standing.metrics("average")[f"average:{name}"]
                metrics[f"global-average:{name}"] = total / len(standings)
            games = sum(standing.games for standing in standings)
            entries[user] = {"playerId": user, "gamesPlayed": games, "metrics": metrics}
        return entries
