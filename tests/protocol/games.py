"""Clients that play: the set intersection game, and what a game's texts tell."""
import re

PSI_SET = re.compile(r"Your private set is: \{([0-9, ]+)\}\.")


def numbers(text):
    return [int(number) for number in re.findall(r"\d+", text)]


def psi_set(api, session, invite):
    """The private set that the operator told this player."""
    for message in api.messages(session, invite):
        found = PSI_SET.fullmatch(message["content"])
        if found and message.get("to") == invite:
            return numbers(found.group(1))
    raise AssertionError(f"{invite} was not told its set")


def psi_guess(api, session, invite, guess, **more):
    content = "{" + ", ".join(map(str, guess)) + "}"
    return api.move(session, invite, content, "guess", **more)


def psi_play_out(api, game):
    """Both players guess the true intersection; returns it, sorted as strings."""
    sets = [set(psi_set(api, game.id, invite)) for invite in game.invites]
    common = sorted(sets[0] & sets[1], key=str)
    for invite in game.invites:
        answer = psi_guess(api, game.id, invite, common)
        assert answer.status == 200, answer
    return common


# Any game that offers its actions one by one.

def offers(api, session, player):
    """What this player may do now, as (method, content), and the turn it is for."""
    answer = api.get(f"/api/sessions/{session}/actions?from={player}")
    assert answer.status == 200, answer
    return [(offer["method"], offer.get("content", "")) for offer in answer.json["actions"]], answer.json["turn"]


def choices(api, session, player):
    """The same for the battle: the choices of a turn, without giving up."""
    found, turn = offers(api, session, player)
    return [content for method, content in found if method == "choose" and content], turn


def choose(api, session, player, choice, **more):
    return api.move(session, player, choice, "choose", **more)


def battle_out(api, game, random, step=None, turns=2000):
    """Both players choose at random until the end; step() is called after every choice.  Returns the choices made."""
    made = []
    for _ in range(turns):
        asked = False
        for seat, invite in enumerate(game.invites):
            possible, _ = choices(api, game.id, invite)
            if not possible:
                continue
            asked = True
            choice = random.choice(possible)
            answer = choose(api, game.id, invite, choice)
            assert answer.status == 200, (answer, choice, possible)
            made.append((seat, choice))
            if step:
                step()
        if not asked:
            return made
    raise AssertionError("the battle does not end")
