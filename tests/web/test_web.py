#!/usr/bin/env python3
"""test_web.py ARENAD [--shots DIR] - the page as a person would use it, in a headless Chromium.

Starts a server of its own.  The operators are found as the server finds them ($ARENA_OPERATORS).  Without a Chromium
only the files are looked at, and the test counts as skipped (exit code 77).
"""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import browser as chromium  # noqa: E402
from keys import CONTRAST, MOVES, check, play_by_keys, tab_to, told_mistake  # noqa: E402

PAGES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "arena", "web")
LIMIT = 41 * 1024  # of what everybody loads: boards and users took 6 KiB, options of a session and national dex 3
AUTH_LIMIT = 3 * 1024  # of auth.js, which is loaded in auth mode only
SKIPPED = 77


# --------------------------------------------------------------------------------------------------- the files

def check_files():
    names = sorted(os.listdir(PAGES))
    texts = {name: open(os.path.join(PAGES, name), encoding="utf-8").read() for name in names}
    auth = len(texts["auth.js"].encode())
    size = sum(len(text.encode()) for text in texts.values()) - auth
    check(size <= LIMIT, f"the page is small: {size} of {LIMIT} bytes")
    check(auth <= AUTH_LIMIT, f"auth mode adds little: {auth} of {AUTH_LIMIT} bytes")
    for name, text in texts.items():
        text = text.replace('xmlns="http://www.w3.org/2000/svg"', "")  # a name, never fetched
        hosts = re.findall(r"""(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}|@import|url\(""", text, re.I)
        check(not hosts, f"{name} refers to no other host {hosts or ''}")
    page = texts["index.html"]
    check(not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|javascript:", page), "no inline script or style")
    scripts = "".join(text for name, text in texts.items() if name.endswith(".js"))
    check("innerHTML" not in scripts and "eval(" not in scripts, "no text becomes markup or code")
    for landmark in ("<header", "<nav", "<main", "<footer", 'lang="en"', "viewport"):
        check(landmark in page, f"index.html has {landmark}")


# ------------------------------------------------------------------------------------------------- the server

class Server:
    def __init__(self, program, **environment):
        self.data = tempfile.TemporaryDirectory(prefix="arena-web-data-")
        self.process = subprocess.Popen([program, "--listen", "127.0.0.1:0", "--data", self.data.name],
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                        env={**os.environ, **environment})
        self.said = []
        for line in self.process.stdout:
            self.said.append(line)
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                self.url = found.group(0)
                break
        else:
            sys.exit("the server did not start:\n" + "".join(self.said))
        threading.Thread(target=lambda: self.said.extend(self.process.stdout), daemon=True).start()

    def api(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + "/api/" + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        self.data.cleanup()

    def play(self, session, invites):
        """Plays a whole battle: whoever is asked takes the first choice."""
        for invite in invites:
            self.api("arena/join", {"invite": invite, "userId": "user-" + invite[-4:]})
        for _ in range(2000):
            asked = False
            for invite in invites:
                actions = self.api(f"sessions/{session}/actions?from={invite}")
                if actions["status"] == "ended":
                    return
                if actions["active"]:
                    asked = True
                    self.api("arena/message", {"challengeId": session, "from": invite,
                                               "messageType": "choose", "content": "default"})
            if not asked:
                return
        raise AssertionError("the battle does not end")


# ---------------------------------------------------------------------------------------------------- the page

def check_home(page, server, shot):
    page.open(server.url + "/")
    page.wait("document.querySelectorAll('.cards .card').length > 0", "the challenges")
    names = page.run("[...document.querySelectorAll('.cards h3')].map((e) => e.textContent)")
    told = [about["name"] for about in server.api("metadata").values()]
    check(names == told, f"home lists every challenge: {', '.join(names)}")
    check(page.run("document.querySelectorAll('main h1').length") == 1, "one heading of the first level")
    shot("home")


def check_watching(page, server, shot):
    created = server.api("challenges/pokemon", {})
    page.open(f"{server.url}/#/s/{created['id']}")
    page.wait("document.querySelector('.pill')?.textContent === 'open'", "the open session")
    server.play(created["id"], created["invites"])
    page.wait("document.querySelector('[aria-label=Result]')", "the result, live")
    check(page.run("document.querySelector('.pill').textContent") == "ended", "a watched battle is told to its end")
    log = page.run("document.querySelector('.log').innerText")
    check("uses" in log and "fainted!" in log and "won the battle!" in log, "the log is in sentences")
    check("|move|" not in log and '{"type"' not in log, "and in nothing else")
    winner = page.run("document.querySelector('.winner').innerText")
    check("user-" in winner, "identities are shown after the end")
    bars = page.run("[...document.querySelectorAll('[role=meter]')].map((e) => +e.getAttribute('aria-valuenow'))")
    check(len(bars) == 2 and min(bars) == 0, f"the loser's bar is empty: {bars}")
    shot("watched")
    page.call("Page.reload")
    page.wait("document.querySelector('[aria-label=Result]')", "the result after a reload")
    check(page.run("document.querySelectorAll('.log li').length") > 10, "a reload shows it all again")


def play_on(page, shot):
    """Plays the battle on the page to its end by clicking."""
    mine = page.run("document.querySelector('.fighter.mine .who').textContent")
    check(mine == "Player 1 (you)", "one's own side is marked")
    check(page.run(MOVES + "[0].dataset.type.length > 2"), "moves have their type's colour")
    shot("playing")
    for _ in range(400):
        page.wait(f"document.querySelector('[aria-label=Result]') || {MOVES}.length", "a move or the end")
        if page.run("!!document.querySelector('[aria-label=Result]')"):
            break
        page.run(MOVES + "[0].click()")
        page.wait(f"document.querySelector('[aria-label=Result]') || !{MOVES}[0]?.disabled", "the turn")
    check(page.run("!!document.querySelector('[aria-label=Result]')"), "a whole battle was played by clicking")
    check("You " in page.run("document.querySelector('.log .result').textContent"), "the player is told who won")
    shot("played")


def check_playing(page, server, shot):
    page.open(server.url + "/#/")
    page.wait("document.querySelector('.cards .first')", "the button to play")
    page.run("document.querySelector('.cards .first').click()")
    page.wait(MOVES + ".length > 1", "moves to choose from")
    play_on(page, shot)


def check_invites(page, server, shot):
    page.open(server.url + "/#/")
    page.wait("document.querySelector('[aria-label^=\"New session of Pok\"]')", "the button for a session")
    page.run("document.querySelector('[aria-label^=\"New session of Pok\"]').click()")
    page.wait("document.querySelectorAll('[aria-label=Invites] code').length === 2", "two invites")
    invites = page.run("[...document.querySelectorAll('[aria-label=Invites] code')].map((e) => e.textContent)")
    check(all(invite.startswith("inv_") for invite in invites), "a new session shows its invites")
    shot("invites")
    page.run(f"document.querySelector('#invite').value = '{invites[1]}';"
             "document.querySelector('#join button').click()")
    page.wait("document.body.innerText.includes('you have a seat')", "the seat")
    server.api("arena/join", {"invite": invites[0]})
    page.wait(MOVES + ".length > 1", "the moves of the pasted invite's seat")
    page.run("[...document.querySelectorAll('button')].find((b) => b.textContent === 'Give up').click()")
    page.wait("document.querySelector('[aria-label=Result]')", "the end")
    check("You lost" in page.run("document.querySelector('.log').innerText"), "giving up ends the game")


def check_words(page, server, shot):
    """A game that is not a battle: messages as text, a field for what one sends."""
    if "psi" not in server.api("metadata"):
        return
    created = server.api("challenges/psi", {})
    page.open(f"{server.url}/#/s/{created['id']}")
    page.wait("document.querySelector('.pill')", "the session")
    page.run(f"document.querySelector('#invite').value = '{created['invites'][0]}';"
             "document.querySelector('#join button').click()")
    server.api("arena/join", {"invite": created["invites"][1]})
    page.wait("document.querySelector('[aria-label=\"Your move\"] input')", "the field")
    log = page.run("document.querySelector('.log').innerText")
    check("Your private set is" in log, "private words are shown to their player")
    shot("words")
    page.run("document.querySelector('[aria-label=\"Your move\"] input').value = '1 2';"
             "document.querySelector('[aria-label=\"Your move\"] form button').click()")
    page.wait("document.querySelector('.log').innerText.includes('outcome')", "the answer to the guess")
    check(True, "a guess was sent")


def check_keys(page, server, shot):
    """From the lobby to the scores without a mouse: options, a session against the house, Terastallization."""
    page.open("about:blank")
    page.open(server.url + "/#/")
    page.wait("document.querySelector('.cards .first')", "the button to play")
    check(page.run(CONTRAST) == [], f"the lobby can be read {page.run(CONTRAST)}")
    tab_to(page, "at.matches('summary[aria-label^=\"Options of Pok\"]')", "the options")
    page.press("Enter")
    tab_to(page, "at.name === 'teamSize'", "an option")
    page.type("7")
    tab_to(page, "at.textContent === 'Play against the house'", "the button to play")
    page.press("Enter")
    said = told_mistake(page)
    check("teamSize must be a whole number from 1 to 6" in said, f"a wrong option is told: {said}")
    page.run("document.querySelector('[name=teamSize]').select()")
    page.type("2")
    shot("options")
    tab_to(page, "at.textContent === 'Play against the house'", "the button to play")
    page.press("Enter")
    page.wait(MOVES + ".length > 1", "moves to choose from")
    check(page.run("document.querySelector('#notice').textContent") == "", "what was said of the lobby is gone")
    check(play_by_keys(page, shot, ["+ Tera"]) == ["+ Tera"], "Terastallization was chosen")
    log = page.run("document.querySelector('.log').innerText")
    check("terastallizes: " in log and "undefined" not in log, "and told")
    shot("keys-result")


LONG = "W" * 18
NATIONAL = {"data": "natdex-v1", "format": "any", "opponent": "random", "teams": [
    [{"nickname": "Glurak der Große", "species": "charizard", "item": "Charizardite X", "moves": ["dragonclaw"]},
     {"nickname": LONG, "species": "snorlax", "item": "normaliumz", "moves": ["bodyslam", "rest"]},
     {"species": "necrozmaduskmane", "item": "ultranecroziumz", "moves": ["photongeyser"]}],
    [{"nickname": "友だち", "species": "shuckle", "gender": "F", "moves": ["withdraw", "shellsmash"]},
     {"species": "avalugg", "moves": ["irondefense"]}, {"species": "toxapex", "moves": ["banefulbunker"]}]]}


def check_national(page, server, shot):
    """National dex by keyboard, with the invite pasted: nicknames, a mega, a Z-Move and Ultra Burst."""
    created = server.api("challenges/pokemon", {"options": NATIONAL})
    page.open("about:blank")
    page.open(server.url + "/#/")
    page.wait("document.querySelector('.cards .first')", "the lobby")
    tab_to(page, "at.id === 'invite'", "the field for an invite")
    page.type(created["invites"][0])
    page.press("Enter")
    page.wait(MOVES + ".length > 1", "the moves of the pasted invite's seat")
    labels = page.run(f"[...{MOVES}].map((b) => b.innerText)")
    check(any("→ " + LONG in label and "Snorlax" in label for label in labels),
          f"a switch has one's own nickname, and the species: {labels[-2]!r}")
    cards = page.run("[...document.querySelectorAll('.fighter h3')].map((e) => e.textContent)")
    both = ["Glurak der Große (Charizard) L100", "友だち (Shuckle) L100"]
    check(cards == both, f"cards have both names: {cards}")
    wanted = ["+ Mega", "→ " + LONG, "+ Z-Move", "→ Necrozma", "+ Ultra Burst"]
    megas = []

    def look(name):
        shot(name)
        megas.append(page.run("document.querySelector('.fighter.mine h3').textContent"))
    done = play_by_keys(page, look, wanted)
    check(done == wanted, f"all that is special was chosen: {done}")
    check("Glurak der Große (Charizard-Mega-X) L100" in megas, f"the card tells the forme: {megas}")
    log = page.run("document.querySelector('.log').innerText")
    check("Your Glurak der Große mega evolves by its Charizardite X!" in log, "a Mega Evolution is told")
    check(f"Your {LONG} takes up its Z-Power!" in log, "a Z-Move is told")
    check("Ultra Burst!" in log, "Ultra Burst is told")
    check("undefined" not in log, "every line has its words")
    check(page.run("document.documentElement.scrollWidth <= innerWidth"), "a long nickname breaks")
    shot("keys-national")


def check_team(page, server, shot):
    """A team in several lines is sent as it is; a mistake in it is told and the text stays."""
    created = server.api("challenges/pokemon", {"options": {"opponent": "random", "team": "choose"}})
    page.open("about:blank")
    page.open(server.url + "/#/")
    page.wait("document.querySelector('.cards .first')", "the lobby")
    tab_to(page, "at.id === 'invite'", "the field for an invite")
    page.type(created["invites"][0])
    page.press("Enter")
    page.wait("document.querySelector('textarea')", "the field for the team")
    tab_to(page, "at.tagName === 'TEXTAREA'", "the field for the team")
    page.type("Sparky (Pikachu) @ Light Ball\nAbility: Static\n- Thunderbolt\n\nEevee\n- Bitee\n")
    page.press("Tab")
    page.press("Enter")
    said = told_mistake(page)
    check("slot 2" in said and "bitee" in said.lower(), f"a mistake in a team is told: {said[:100]}")
    check("Sparky" in page.run("document.querySelector('textarea').value"), "and what was written stays")
    page.run("((field) => { field.value = field.value.replace('Bitee', 'Bite'); })(document.querySelector('textarea'))")
    page.press("Enter")
    page.wait(MOVES + ".length > 2", "the battle")
    log = page.run("document.querySelector('.log').innerText")
    check("You send out Sparky." in log, "a team of several lines was sent")


def check_people(page, server, shot):
    """Boards, and from there a user with scores and past games."""
    server.api("users", {"userId": "user-" + "0" * 60, "username": "Zero"})
    created = server.api("challenges/pokemon", {"options": {"opponent": "random"}})
    server.api("arena/join", {"invite": created["invites"][0], "userId": "user-" + "0" * 60})
    server.api("arena/message", {"challengeId": created["id"], "from": created["invites"][0],
                                 "messageType": "forfeit", "content": ""})
    page.open(server.url + "/#/")
    page.wait("document.querySelector('.links a')", "the link to the boards")
    page.run("document.querySelector('.links a').click()")
    page.wait("document.querySelector('[aria-label=\"All challenges\"] tbody tr')", "the board of all challenges")
    page.run("[...document.querySelectorAll('summary')].find((s) => s.textContent.startsWith('Pok')).click()")
    page.wait("document.querySelector('[aria-label=elo] tbody tr')", "the ratings")
    ratings = page.run("[...document.querySelectorAll('[aria-label=elo] tbody tr')]"
                       ".map((row) => +row.children[2].textContent)")
    told = [entry["metrics"]["elo:rating"] for entry in
            server.api("scoring/pokemon?strategy=elo&sort=rating&limit=25")["elo"]]
    check(ratings == told and len(told) >= 2, f"ratings, the highest first: {ratings}")
    shot("boards")
    page.run("[...document.querySelectorAll('main a')].find((a) => a.textContent === 'Zero').click()")
    page.wait("document.querySelector('h1')?.textContent === 'Zero'", "the user's name")
    page.wait("document.querySelector('[aria-labelledby=past] tbody a')", "the user's games")
    address = page.run("document.querySelector('[aria-labelledby=past] tbody a').hash")
    check(address == f"#/s/{created['id']}", "a user's games lead to their sessions")
    rows = page.run("document.querySelector('[aria-label=Scores]').innerText")
    check("elo" in rows and "rating 984" in rows, "a user's scores are there")
    check(not page.run("!!document.querySelector('[aria-label=Profile]')"), "nobody else's profile can be edited")
    shot("user")
    page.open(server.url + "/#/u/nobody%20here")
    page.wait("document.body.innerText.includes('None yet.')", "a user without a game")


# ------------------------------------------------------------------------------------------------- auth mode

def check_auth_playing(page, server, shot):
    """A game against the house: the page makes an identity, signs, and acts with the session key."""
    page.open(server.url + "/#/")
    page.wait("document.querySelector('.cards .first')", "the button to play")
    check(page.run("auth.user()") == "", "looking makes no identity")
    page.run("document.querySelector('.cards .first').click()")
    page.wait(MOVES + ".length > 1", "moves to choose from")
    page.call("Page.reload")
    page.wait(MOVES + ".length > 1", "the moves after a reload: the tab still has its seat")
    play_on(page, lambda name: shot("auth-" + name))
    user = page.run("auth.user()")
    check(re.fullmatch("[0-9a-f]{64}", user), f"the browser is a user: {user}")
    ended = server.api("challenges/pokemon?status=ended")["challenges"][0]["state"]
    check(user in ended["playerIdentities"].values(), "it was this user who played")


def check_auth_words(page, server, shot):
    """Private words come with the key only; a tab without it watches."""
    created = server.api("challenges/psi", {})
    page.open(f"{server.url}/#/s/{created['id']}")
    page.wait("document.querySelector('.pill')", "the session")
    for invite in created["invites"]:
        page.run(f"document.querySelector('#invite').value = '{invite}';"
                 "document.querySelector('#join button').click()")
        page.wait("document.body.innerText.includes('you have a seat')", "the seat")
        page.wait(f"JSON.parse(localStorage['arena.{created['id']}']).seat === '{invite}'", "this seat")
    page.wait("document.querySelector('[aria-label=\"Your move\"] input')", "the field")
    log = page.run("document.querySelector('.log').innerText")
    check("Your private set is" in log, "private words are shown to their player")
    page.run("document.querySelector('[aria-label=\"Your move\"] input').value = '1 2';"
             "document.querySelector('[aria-label=\"Your move\"] form button').click()")
    page.wait("document.querySelector('.log').innerText.includes('outcome')", "the answer to the guess")
    check(page.run("Object.keys(localStorage).every((name) => !localStorage[name].includes('s_'))"),
          "session keys are kept for the tab only")
    page.run("sessionStorage.clear()")
    page.call("Page.reload")
    page.wait("document.body?.innerText.includes('your seat is in the tab that took it')", "that this tab watches")
    page.wait("document.querySelectorAll('.log li').length > 0", "the public log")
    check("private set" not in page.run("document.querySelector('.log').innerText"), "another tab sees no secret")


def check_auth_profile(page, server, shot):
    page.open(server.url + "/#/me")
    page.wait("document.querySelector('[aria-label=Profile]')", "the form")
    user = page.run("auth.user()")
    check(user in page.run("document.querySelector('main').innerText"), "the page tells who one is")
    page.run("document.querySelector('[name=username]').value = 'Ada';"
             "document.querySelector('[aria-label=Profile] button').click()")
    page.wait("document.querySelector('h1').textContent === 'Ada'", "the new name")
    check(server.api("users/" + user) == {"userId": user, "username": "Ada"}, "a signed profile was taken")
    shot("auth-me")


KEY = """(async () => {
  const opening = indexedDB.open("arena");
  await new Promise((resolve) => { opening.onsuccess = resolve; });
  const get = opening.result.transaction("keys").objectStore("keys").get("identity");
  await new Promise((resolve) => { get.onsuccess = resolve; });
  opening.result.close();
  return crypto.subtle.exportKey("pkcs8", get.result.privateKey).then(() => "told", (error) => error.name);
})()"""


def check_auth_key(page, server, shot):
    check(page.run(KEY) == "InvalidAccessError", "the private key cannot be read out of the browser")


def check_no_keys(page, server, shot):
    """An address, or a browser, that has no keys: said in words, nothing else is lost."""
    for script, words in (("Object.defineProperty(crypto, 'subtle', {value: undefined})", "https"),
                          ("crypto.subtle.generateKey = () => Promise.reject(new Error('no'))", "Ed25519")):
        page.open("about:blank")
        page.open(server.url + "/#/")
        page.wait("document.querySelector('.cards .first')", "the button to play")
        page.run(script)
        page.run("new Promise((done) => { const r = indexedDB.deleteDatabase('arena'); r.onsuccess = done; })")
        page.run("document.querySelector('.cards .first').click()")
        page.wait("document.querySelector('#notice').textContent", "a word on what is missing")
        said = page.run("document.querySelector('#notice').textContent")
        check(words in said, f"without keys it is said: {said}")


def by_hand(page, **size):
    """From now on the browser is a phone that likes the dark."""
    page.call("Emulation.setDeviceMetricsOverride", mobile=True, **size)
    page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"},
                                                      {"name": "prefers-reduced-motion", "value": "reduce"}])


def check_phone_keys(page, server, shot):
    by_hand(page, width=390, height=844, deviceScaleFactor=1)
    check_keys(page, server, lambda name: shot("phone-" + name))
    check_national(page, server, lambda name: shot("phone-" + name))


def check_phone(page, server, shot):
    by_hand(page, width=360, height=740, deviceScaleFactor=2)
    ended = server.api("challenges/pokemon?status=ended")["challenges"][0]["id"]
    for address, name in (("/#/", "phone-home"), (f"/#/s/{ended}", "phone-session"), ("/#/boards", "phone-boards"),
                          ("/#/u/user-" + "0" * 60, "phone-user")):
        page.open("about:blank")
        page.open(server.url + address)
        page.wait("document.querySelector('.cards .card, .log li, .wide td')", "the page on a phone")
        page.run("document.querySelectorAll('summary').forEach((summary) => summary.click())")
        page.wait("!document.querySelector('summary') || document.querySelector('details td, details label')",
                  "boards, or options")
        width = page.run("document.documentElement.scrollWidth")
        check(width <= 360, f"{name}: nothing is wider than a phone ({width})")
        check(page.run(CONTRAST) == [], f"{name}: all text stands out from its ground {page.run(CONTRAST)}")
        shot(name)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    check_files()
    path = chromium.find()
    if not path:
        print("SKIPPED: there is no Chromium here, so the page was not run")
        sys.exit(SKIPPED)
    shots = sys.argv[sys.argv.index("--shots") + 1] if "--shots" in sys.argv else None
    run(path, shots, (check_home, check_watching, check_playing, check_invites, check_words, check_people, check_keys,
                     check_national, check_team, check_phone_keys, check_phone))
    run(path, shots, (check_auth_playing, check_keys, check_auth_words, check_auth_profile, check_auth_key,
                      check_no_keys), ARENA_AUTH="1")


def run(path, shots, parts, **environment):
    """Runs parts of the test in a browser and against a server of their own."""
    server, page = Server(sys.argv[1], **environment), chromium.Browser(path)
    try:
        def shot(name):
            if shots:
                page.screenshot(os.path.join(shots, name + ".png"))
        page.call("Emulation.setDeviceMetricsOverride", width=1100, height=900, deviceScaleFactor=1, mobile=False)
        page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
        for part in parts:
            part(page, server, shot)
        strangers = [url for url in page.requests if not url.startswith((server.url + "/", "about:", "data:"))]
        check(not strangers, f"no request went to another host {strangers or ''}")
        loaded = any(url.endswith("/assets/auth.js") for url in page.requests)
        check(loaded == ("ARENA_AUTH" in environment), "auth.js is loaded in auth mode, and only there")
        check(not page.errors, f"the browser has nothing to complain of {page.errors or ''}")
    finally:
        page.close()
        server.close()


if __name__ == "__main__":
    main()
