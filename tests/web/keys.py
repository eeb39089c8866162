"""keys.py - the page without a mouse: Tab, Enter, and whether one sees where one is."""
import json
import re
import sys

MOVES = "document.querySelectorAll('.moves button')"


def check(good, what):
    print(("ok    " if good else "FAIL  ") + what, flush=True)
    if not good:
        sys.exit(1)


FOCUS = """(() => {
  const at = document.activeElement, style = getComputedStyle(at);
  return [at.tagName + " " + (at.name || at.getAttribute("aria-label") || at.textContent).slice(0, 40),
    style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2];
})()"""

# Text whose colour is too near to what lies behind it (WCAG 2, AA), as the browser has computed both.
CONTRAST = """(() => {
  const rgba = (text) => {
    const n = (text.match(/-?[\\d.]+/g) || []).map(Number);
    const s = text.startsWith("color(") ? n.slice(0, 3).map((v) => v * 255) : n.slice(0, 3);
    return [...s, n.length > 3 ? n[3] : 1];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const ground = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const bad = [];
  for (const node of document.querySelectorAll("body *")) {
    if (node.matches("option, script, :disabled, .skip") || !node.getClientRects().length) continue;
    if (![...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim())) continue;
    const style = getComputedStyle(node), below = ground(node), top = over(rgba(style.color), below);
    let opacity = 1;
    for (let at = node; at; at = at.parentElement) opacity *= +getComputedStyle(at).opacity;
    const [a, b] = [light(top), light(below)].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
    const least = parseFloat(style.fontSize) >= 24 ? 3 : 4.5;
    if (ratio < least || opacity < 1)
      bad.push(`${ratio.toFixed(2)} ${node.className || node.tagName}: ${node.textContent.slice(0, 30)}`);
  }
  return bad;
})()"""


def tab_to(page, found, what):
    """Tab until the focus is where an expression of `at` holds; wherever it is on the way, it can be seen."""
    for _ in range(120):
        page.press("Tab")
        name, seen = page.run(FOCUS)
        if not seen and not name.startswith("BODY"):
            check(False, f"the focus can be seen on {name}")
        if page.run(f"((at) => !!({found}))(document.activeElement)"):
            return
    check(False, f"the keyboard reaches {what}")


def told_mistake(page):
    """What the page says of a request that was refused; the browser's own line on it is no complaint then."""
    page.wait("document.querySelector('#notice').textContent", "a word on the mistake")
    refused = [error for error in page.errors if "status of 400" in error]
    check(len(refused) == 1, f"one request was refused {refused}")
    page.errors.remove(refused[0])
    return page.run("document.querySelector('#notice').textContent")


def play_by_keys(page, shot, wanted):
    """Plays the battle to its end with Tab and Enter: what begins or ends with one of the wanted words as soon as it is
    there, otherwise where the focus is put after each turn."""
    done = []
    ended = "document.querySelector('[aria-label=Result]')"
    for _ in range(400):
        page.wait(f"{ended} || {MOVES}.length", "a move or the end")
        if page.run(f"!!{ended}"):
            break
        labels = page.run(f"[...{MOVES}].map((b) => b.children[0]?.textContent ?? '')")
        label = next((label for word in wanted for label in labels if word in label and word not in done), None)
        if label:
            done += [word for word in wanted if word in label]
            tab_to(page, f"at.closest('.moves') && at.children[0]?.textContent === {json.dumps(label)}", label)
            shot("keys-" + re.sub(r"\W+", "-", label))
        elif not page.run("!!document.activeElement.closest('.moves')"):
            tab_to(page, "at.closest('.moves')", "the moves")
        before = page.run("document.querySelectorAll('.log li').length")
        page.press("Enter")
        page.wait(f"{ended} || (document.querySelectorAll('.log li').length > {before} &&"
                  " document.activeElement.closest('.moves'))", "the next turn, with the focus on a move")
    check(page.run(f"!!{ended}"), "a whole battle was played with the keyboard alone")
    check(page.run(CONTRAST) == [], f"all text stands out from its ground {page.run(CONTRAST)}")
    return done
