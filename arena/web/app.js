// The arena's page: helpers, home, session, routes.
"use strict";

// ---- helpers

const $ = (selector) => document.querySelector(selector);

// h("button", {class: "first", onclick: f}, "Text", node, ...)
function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child != null && child !== false));
  return node;
}

// The answer's JSON, or an Error with the server's own sentence.
async function api(path, body) {
  const session = (/^sessions\/([\w-]+)/.exec(path) || [])[1] || (body && body.challengeId);
  const key = session && window.auth && auth.seat(session).key;
  const headers = {...(key && {Authorization: "Bearer " + key}), ...(body && {"Content-Type": "application/json"})};
  let response;
  try {
    response = await fetch("/api/" + path, {headers, ...(body && {method: "POST", body: JSON.stringify(body)})});
  } catch {
    throw new Error("The server does not answer.");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error || `The server answered ${response.status}.`);
  return answer;
}

let noticeTimer;
function notice(text) {
  $("#notice").textContent = text;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => { $("#notice").textContent = ""; }, 7000 + 50 * text.length); // time to read it
}

// Runs a click's work: the button waits, and what goes wrong is said.
function doing(work) {
  return async (event) => {
    const button = event.currentTarget;
    button.disabled = true;
    try { await work(); } catch (error) { notice(error.message); }
    button.disabled = false;
  };
}

// What this browser remembers of a session: {seat, invites}.
const recall = (id) => JSON.parse(localStorage.getItem("arena." + id)) || {};
function remember(id, facts) {
  localStorage.setItem("arena." + id, JSON.stringify({...recall(id), ...facts}));
}

const tableHead = (...titles) =>
  h("thead", {}, h("tr", {}, titles.map((title) => h("th", {scope: "col"}, title))));
const player = (index) => `Player ${index + 1}`;
const short = (handle) => (handle.length > 16 ? handle.slice(0, 12) + "…" : handle);

function when(ms) {
  const date = new Date(ms);
  const today = date.toDateString() === new Date().toDateString();
  return h("time", {datetime: date.toISOString()}, today ? date.toLocaleTimeString() : date.toLocaleString());
}

function copyButton(text, what) {
  const button = h("button", {type: "button", "aria-label": `Copy ${what}`}, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      notice("Copying is not allowed here; mark the text instead.");
    }
  });
  return button;
}

// Takes a seat and goes there.
async function join(invite) {
  const joined = await api("arena/join", {invite, ...(window.auth && await auth.sign("join:" + invite))});
  if (window.auth) auth.keep(joined, invite);
  remember(joined.ChallengeID, {seat: invite});
  location.hash = `#/s/${joined.ChallengeID}`;
  return joined.ChallengeID;
}

// ---- home

async function create(type, options, takeSeat) {
  const session = await api("challenges/" + encodeURIComponent(type), {options});
  remember(session.id, {invites: session.invites});
  if (takeSeat) await join(session.invites[0]);
  else location.hash = `#/s/${session.id}`;
}

// A field for an option of one word or number; what is left empty the server decides.
function optionField([name, {enum: words, type, minimum: min, maximum: max, default: placeholder, description}]) {
  const option = (value) => h("option", {value}, value || placeholder || "—");
  const field = words ? h("select", {name}, ["", ...words].map(option))
    : h("input", {name, min, max, placeholder, type: type === "integer" ? "number" : "text", autocomplete: "off"});
  return h("label", {}, name, field, h("small", {}, description));
}

function challengeCard([type, about]) {
  const options = Object.entries(about.options?.properties || {});
  const house = about.options?.properties?.opponent?.enum;
  const fields = options.filter(([, about]) => about.enum || /^(integer|string)$/.test(about.type)).map(optionField);
  const start = (usual, takeSeat) => doing(() => {
    const set = fields.map((label) => label.children[0]).filter((field) => field.value);
    const chosen = set.map((field) => [field.name, field.type === "number" ? +field.value : field.value]);
    return create(type, {...usual, ...Object.fromEntries(chosen)}, takeSeat);
  });
  return h("li", {class: "card"},
    h("h3", {}, about.name),
    h("p", {class: "soft"}, about.description),
    h("span", {class: "soft"}, `${about.players} player${about.players === 1 ? "" : "s"}`),
    fields.length > 0 && h("details", {}, h("summary", {"aria-label": `Options of ${about.name}`}, "Options"),
      h("div", {class: "field"}, fields)),
    h("div", {class: "row"},
      house && h("button", {class: "first", onclick: start({opponent: house.at(-1)}, true)}, "Play against the house"),
      h("button", {"aria-label": `New session of ${about.name}`, onclick: start({}, false)}, "New session")));
}

function sessionRow(session, names) {
  const {status, scores} = session.state;
  const score = status === "ended" ? scores.map((s) => s.utility).join(" : ") : "";
  return h("tr", {},
    h("td", {}, h("a", {href: `#/s/${session.id}`}, names[session.challengeType] || session.challengeType)),
    h("td", {}, h("span", {class: `pill ${status}`}, status)),
    h("td", {}, when(session.createdAt)),
    h("td", {class: "number"}, score));
}

async function showHome(main) {
  const rows = h("tbody");
  const names = {};
  const list = h("ul", {class: "cards"});
  main.append(
    h("h1", {}, "Challenges"),
    h("p", {class: "soft"}, "Play one yourself, or make a session and hand out its invites."),
    list,
    h("h2", {id: "recent"}, "Recent sessions"),
    h("table", {"aria-labelledby": "recent"},
      tableHead("Challenge", "Status", "Since", "Score"), rows));
  const challenges = Object.entries(await api("metadata"));
  for (const [type, about] of challenges) names[type] = about.name;
  list.append(...challenges.map(challengeCard));

  let last = "";
  async function refresh() {
    if (document.hidden) return;
    const sessions = (await api("challenges?limit=15")).challenges;
    const now = JSON.stringify(sessions);
    if (now === last) return; // keeps the focus where it is
    last = now;
    rows.replaceChildren(...sessions.map((session) => sessionRow(session, names)));
    if (!sessions.length) rows.append(h("tr", {}, h("td", {colspan: 4, class: "soft"}, "None yet.")));
  }
  await refresh();
  const timer = setInterval(() => refresh().catch(() => {}), 4000);
  return () => clearInterval(timer);
}

// ---- session

// An action that wants words of the player's own.
function actionForm(offer, about, send) {
  const {description = ""} = (about.methods || []).find((method) => method.name === offer.method) || {};
  const input = h(offer.method === "team" ? "textarea" : "input", // teams have many lines
    {autocomplete: "off", "aria-label": offer.method, placeholder: description});
  const submit = (event) => {
    event.preventDefault();
    send(offer.method, input.value).catch((error) => notice(error.message));
  };
  return h("form", {class: "row", onsubmit: submit}, input, h("button", {}, offer.method));
}

function resultTable({scores, players, playerIdentities = {}, profiles = {}}, me) {
  const best = Math.max(...scores.map((score) => score.utility));
  const row = (score, i) => {
    const invite = players[i] || "", user = playerIdentities[invite];
    return h("tr", {class: score.utility === best ? "winner" : ""},
      h("td", {}, player(i) + (invite === me ? " (you)" : "")),
      h("td", {class: "id"}, user ? userLink(user, (profiles[user] || {}).username) : short(invite)),
      h("td", {class: "number"}, score.utility), h("td", {class: "number"}, score.security));
  };
  return h("table", {"aria-label": "Result"}, tableHead("Player", "Who", "Utility", "Security"),
    h("tbody", {}, scores.map(row)));
}

function inviteList(invites) {
  const take = (invite) => doing(async () => { await join(invite); route(); });
  const line = (invite, i) => h("p", {class: "row"}, h("code", {}, invite),
    copyButton(invite, `invite ${i + 1}`),
    h("button", {type: "button", onclick: take(invite)}, "Take this seat"));
  return h("section", {class: "card", "aria-label": "Invites"}, h("h3", {}, "Invites"),
    h("p", {class: "soft"}, "One for each seat: whoever has it may take it. Only this browser shows them."),
    invites.map(line));
}

async function showSession(main, id) {
  const base = "sessions/" + id, {seat: taken, invites} = recall(id);
  const {seat, key} = window.auth ? auth.seat(id) : {seat: taken}, as = "?from=" + seat;
  const session = await api(base);
  const about = await api("metadata/" + session.challengeType).catch(() => ({}));
  const battle = battleReader(), cards = [fighterCard(0), fighterCard(1)];
  const pill = h("span"), seats = h("div"), field = h("div", {class: "field"}, cards);
  const result = h("section", {"aria-live": "polite"}), act = h("section", {"aria-label": "Your move"});
  const log = h("ol", {class: "card log", role: "log", "aria-label": "What happened", tabindex: 0});
  let ended = false, again = false, last = 0, seen = null, asked = 0, told = 0;
  field.hidden = session.challengeType !== "pokemon";
  main.append(
    h("div", {class: "row"}, h("h1", {}, about.name || session.challengeType), pill),
    h("p", {class: "soft"}, h("span", {class: "id"}, id),
      seat ? " · you have a seat" : taken ? " · watching; your seat is in the tab that took it" : " · watching"),
    seats, field, result, act, h("h2", {}, "What happened"), log);

  const draw = () => cards.forEach((card, i) => card.update(battle.sides[i], battle.me === i, seen && seen[i]));
  function setStatus(status) {
    pill.className = `pill ${status}`;
    pill.textContent = status;
    seats.replaceChildren(status === "open" && invites ? inviteList(invites) : "");
  }
  function write(kind, text, from) {
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    log.append(h("li", {class: kind}, from ? h("span", {class: "from"}, from + "  ") : null, text));
    if (atEnd) log.scrollTop = log.scrollHeight;
  }

  // Live lines come one after the other, what was there before at once.
  const queue = [], still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let playing = false;
  function step(live) {
    playing = queue.length > 0;
    if (!playing) return refresh();
    queue.shift()();
    if (live && !still && queue.length < 60) setTimeout(step, 350, live);
    else step(live);
  }
  function readLine(line) {
    const said = battle.read(line);
    if (said) write(said.kind, said.text);
    draw();
  }
  function tell(message) {
    if (message.index <= last || message.redacted) return;
    last = message.index;
    if (message.to === "operator" && !field.hidden) return; // the log tells what became of a move
    let data = null;
    try { data = JSON.parse(message.content); } catch { /* plain words */ }
    const {type, log: lines, text, side} = data || {};
    const own = side === "p" + (battle.me + 1); // the next "turn" with own HP
    if (type === "log" && !own) return;
    if (type === "turn" && told > 0) { told--; return; }
    if (type === "log") told++;
    if (type === "turn" || type === "log") for (const line of lines) queue.push(() => readLine(line));
    else if (type === "info") queue.push(() => write("action", text));
    else if (type === "end" && data.reason !== "forfeit") return; // the log has told it
    else if (type === "end") queue.push(() => write("effect", "One side gave up."));
    else if (type !== "request") {
      const from = {operator: "", [seat]: "you"}[message.from] ?? short(message.from);
      queue.push(() => write("", message.content, from));
    }
  }
  function finish(state) {
    ended = true;
    setStatus("ended");
    act.replaceChildren();
    result.replaceChildren(h("h2", {}, "Result"), resultTable(state, seat));
  }

  // The public picture, and for a player what may be done now.
  async function refresh() {
    const ask = ++asked;
    try {
      const now = await api(base);
      if (ask !== asked) return;
      if (!ended) setStatus(now.state.status);
      seen = now.view && now.view.sides; // after the end a side has its whole team
      for (const side of seen || []) if (side.team) side.active = side.team[side.active - 1];
      draw();
      if (seat && !ended && now.state.status === "active") await showActions(ask);
    } catch (error) { notice(error.message); }
  }
  async function showActions(ask) {
    const [offers, view] = await Promise.all([api(base + "/actions" + as), api(base + "/view" + as)]);
    if (ask !== asked || ended) return;
    battle.me = view.me ?? -1;
    draw();
    if (!offers.active) return act.replaceChildren(h("p", {class: "soft"}, "Waiting for the other side …"));
    const send = async (messageType, content) => {
      await api("arena/message", {challengeId: id, from: seat, messageType, content, turn: offers.turn});
      again = true;
      if (!ended) act.replaceChildren(h("p", {class: "soft"}, "Sent."));
      if (!playing) refresh();
    };
    const giveUp = doing(async () => confirm("Give up this game?") && send("forfeit", ""));
    const free = (offer) => (offer.method === "forfeit"
      ? h("button", {type: "button", onclick: giveUp}, "Give up") : actionForm(offer, about, send));
    const groups = {}; // moves, the same with something special, switches
    for (const offer of offers.actions.filter(({content}) => content)) {
      const [kind, , extra = ""] = offer.content.split(" ");
      (groups[kind + extra] ||= []).push(actionButton(offer, view, send));
    }
    act.replaceChildren(h("h2", {}, "Your move"),
      ...Object.keys(groups).sort().map((group) => h("div", {class: "moves"}, groups[group])),
      ...offers.actions.filter((offer) => !offer.content).map(free));
    if (again) act.querySelector("button, input, textarea").focus(); // for those without a mouse
    again = false;
  }

  setStatus(session.state.status);
  if (seat && session.state.status !== "open") // whose side "your" is, before the log is read
    battle.me = (await api(base + "/view" + as).catch(() => ({}))).me ?? -1;
  draw();
  const stream = new EventSource(`/api/chat/ws/challenge_${id}` + (seat ? as : "") + (key ? "&key=" + key : ""));
  stream.onmessage = (event) => {
    const data = JSON.parse(event.data);
    if (data.type === "initial") data.messages.forEach(tell);
    else if (data.type === "new_message") tell(data.message);
    else if (data.type === "game_ended") {
      queue.push(() => finish(data.data));
      stream.close();
    }
    if (!playing) step(data.type === "new_message");
  };
  stream.onerror = () => notice("The connection is lost; it is tried again.");
  return () => stream.close();
}

// ---- routes

let leave = null, visit = 0;
async function route() {
  const mine = ++visit, main = $("#main");
  if (leave) leave();
  leave = null;
  $("#notice").textContent = ""; // it was about what is left now
  const page = h("div"); // of its own: a visit that was left behind writes where nobody sees it
  main.replaceChildren(page);
  const [, view, id = ""] = /^#\/(\w+)\/?([\w:.%-]*)$/.exec(location.hash) || [];
  try {
    const done = await (view === "s" ? showSession(page, id)
      : view === "u" ? showUser(page, decodeURIComponent(id))
        : view === "me" && window.auth ? showUser(page, await auth.user(true))
          : view === "boards" ? showBoards(page) : showHome(page));
    if (mine === visit) leave = done;
    else done();
  } catch (error) {
    page.append(h("h1", {}, "That did not work"), h("p", {}, error.message),
      h("p", {}, h("a", {href: "#/"}, "All challenges")));
  }
}

window.addEventListener("hashchange", () => { route(); $("#main").focus({preventScroll: true}); });
$("#join").addEventListener("submit", async (event) => {
  event.preventDefault();
  const input = $("#invite");
  try {
    const before = location.hash, id = await join(input.value.trim());
    input.value = "";
    if (before === `#/s/${id}`) route();
  } catch (error) { notice(error.message); }
});
route();
