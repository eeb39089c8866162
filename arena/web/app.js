// The arena's page: helpers, home, battle log, session, routes.
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

// ---- battle log

const bare = (effect = "") => effect.replace(/^\w+: ?/, "");
const words = {
  stat: {atk: "Attack", def: "Defense", spa: "Sp. Atk", spd: "Sp. Def", spe: "Speed"},
  ailment: {brn: "burned", par: "paralysed", slp: "asleep", frz: "frozen", psn: "poisoned", tox: "poisoned"},
  cause: {brn: "burn", psn: "poison", tox: "poison"},
  extra: {tera: "Tera", mega: "Mega", zmove: "Z-Move", ultra: "Ultra Burst"},
  cant: {flinch: "flinches", recharge: "must recharge"},
  start: {confusion: "became confused", "Leech Seed": "was seeded", Substitute: "put up a substitute"},
  end: {confusion: "snapped out of its confusion", Substitute: "lost its substitute"},
  activate: {confusion: "is confused", Protect: "protected itself", Substitute: "has its substitute hit"},
  weather: {SunnyDay: "The sunlight is harsh.", RainDance: "It is raining.", Sandstorm: "A sandstorm rages.",
    Snowscape: "It is snowing.", none: "The weather is calm again."},
};

// Reads log lines; keeps the two sides' active Pokémon; gives sentences as {kind, text}.
function battleReader() {
  const battle = {me: -1, sides: [{}, {}]};
  const sideOf = (who) => (who && /^p[12]/.test(who) ? who[1] - 1 : -1);

  function mon(who, first) {
    const side = sideOf(who);
    if (side < 0) return who;
    if (battle.me < 0) return `${player(side)}'s ${bare(who)}`;
    const whose = side === battle.me ? "your" : "the foe's";
    return (first ? whose[0].toUpperCase() + whose.slice(1) : whose) + " " + bare(who);
  }
  function condition(who, text) {
    const side = battle.sides[sideOf(who)] || {};
    const [hp, status] = text.split(" ");
    const [now, max] = hp.split("/").map(Number);
    return Object.assign(side, {hp: now, max: max || side.max || 100, status: now && status || ""});
  }
  function change(who, text, from) {
    const before = (battle.sides[sideOf(who)] || {}).hp;
    const side = condition(who, text);
    const by = side.hp - before, percent = side.max === 100;
    const rest = side.hp ? `, now ${side.hp}${percent ? "%" : "/" + side.max}` : "";
    return `${mon(who, true)} ${by < 0 ? "loses" : "recovers"} ${Math.abs(by)}${percent ? "%" : " HP"}` +
      `${from ? ` (${words.cause[from] || from})` : ""}${rest}.`;
  }
  function meet(who, details) {
    const [species, ...more] = details.split(", "), level = (/L(\d+)/.exec(more) || [])[1];
    Object.assign(battle.sides[sideOf(who)] || {}, {name: bare(who), species, level});
  }
  function enter(who, details, hp) {
    const index = sideOf(who), side = battle.sides[index];
    meet(who, details);
    side.max = 100;
    condition(who, hp);
    const whose = battle.me < 0 ? player(index) + " sends" : index === battle.me ? "You send" : "The foe sends";
    return `${whose} out ${side.name}.`;
  }
  function boost(up) {
    const how = ["is at its limit", up ? "rose" : "fell", up ? "rose sharply" : "fell harshly"];
    return (who, stat, n) => `${mon(who, true)}'s ${words.stat[stat] || stat} ${how[Math.min(n, 2)]}.`;
  }
  function win(who) {
    const index = sideOf(who);
    if (battle.me < 0 || index < 0) return `${index < 0 ? who : player(index)} won the battle!`;
    return index === battle.me ? "You won the battle!" : "You lost the battle.";
  }
  function ailing(on) {
    return (who, id) => {
      (battle.sides[sideOf(who)] || {}).status = on ? id : "";
      return `${mon(who, true)} is ${on ? "now" : "no longer"} ${words.ailment[id] || bare(id)}.`;
    };
  }
  function cannot(who, id) {
    return `${mon(who, true)} ${words.cant[id] || `is ${words.ailment[id] || "held back"} and cannot move`}.`;
  }
  const around = (how) => (who, id) => `${player(sideOf(who))}: ${bare(id)} is ${how}.`;
  function effect(table, otherwise) {
    return (who, id, more) => {
      const [, , stat] = /^(quarkdrive|protosynthesis)(...)$/.exec(id) || [];
      const how = stat ? `is helped in its ${words.stat[stat]}` : id === "typechange" ? `is now of type ${more}`
        : words[table][bare(id)] || `${/^(ability|item):/.test(id) ? "shows its" : otherwise} ${bare(id)}`;
      return `${mon(who, true)} ${how}.`;
    };
  }
  function reveal(who, details) {
    meet(who, details);
    return `It was ${mon(who)} all along!`;
  }
  function changeForme(who, details) {
    const {name, level} = battle.sides[sideOf(who)] || {};
    const text = `${mon(who, true)} changes into ${details.split(",")[0]}.`;
    meet(who, details);
    Object.assign(battle.sides[sideOf(who)] || {}, {name, level});
    return text;
  }
  function faint(who) {
    Object.assign(battle.sides[sideOf(who)] || {}, {hp: 0});
    return `${mon(who, true)} fainted!`;
  }

  // @1 is the Pokémon of field 1, $2 the text of field 2.
  const sentences = {
    "-ability": "@1 has $2.", "-item": "@1 holds: $2.", "-enditem": "@1 lost its $2.",
    "-endability": "@1's ability does nothing now.", "-transform": "@1 turns into @2.",
    "-crit": "A critical hit!", "-supereffective": "It is super effective!", "-resisted": "It is not very effective.",
    "-immune": "It does not affect @1.", "-miss": "@1 misses!", "-fail": "But it failed.", "-hitcount": "Hits: $2.",
    "-prepare": "@1 prepares $2.", "-mustrecharge": "@1 must recharge.",
    "-clearallboost": "All boosts are gone.", "-clearboost": "@1's boosts are gone.",
    "-invertboost": "@1's boosts are turned round.", "-copyboost": "@1 copies the boosts of @2.",
    "-swapboost": "@1 swaps boosts with @2.", "-setboost": "@1 changes its boosts.",
    "-singlemove": "@1 uses $2.", "-block": "@1 is kept safe by $2.", "-fieldactivate": "$1 is in effect.",
    "-fieldstart": "$1 is in effect.", "-fieldend": "$1 is over.",
  };
  const says = (text) => (...fields) => text.replace(/([@$])(\d)/g, (all, sign, n, at) =>
    (sign === "@" ? mon(fields[n - 1], !at) : bare(fields[n - 1]).split(",")[0]));

  const action = "action", small = "effect";
  const lines = {
    turn: ["turn", says("Turn $1")],
    move: [action, says("@1 uses $2!")], "-terastallize": [action, says("@1 terastallizes: $2!")],
    "-mega": [action, says("@1 mega evolves by its $3!")],
    "-burst": [action, says("@1 bursts into light: Ultra Burst!")],
    "-primal": [action, says("@1 returns to its primal form!")], "-zpower": [action, says("@1 takes up its Z-Power!")],
    switch: [action, enter], drag: [action, enter], replace: [action, reveal],
    detailschange: [small, changeForme], "-formechange": [small, changeForme],
    cant: [action, cannot],
    faint: ["faint", faint],
    win: ["result", win], tie: ["result", says("The battle is a draw.")],
    "-damage": [small, change], "-heal": [small, change], "-sethp": [small, change],
    "-status": [small, ailing(true)], "-curestatus": [small, ailing(false)],
    "-boost": [small, boost(true)], "-unboost": [small, boost(false)],
    "-start": [small, effect("start", "is under")], "-end": [small, effect("end", "is free of")],
    "-singleturn": [small, effect("activate", "uses")],
    "-activate": [small, effect("activate", "is caught by")],
    "-weather": [small, (id) => words.weather[id] || `${id}.`],
    "-sidestart": [small, around("up")], "-sideend": [small, around("gone")],
  };
  battle.read = (line) => {
    const [, command, ...fields] = line.split("|");
    const from = (fields.find((field) => field.startsWith("[from]")) || "").slice(7);
    const row = lines[command] || [small, says(sentences[command] || "")];
    const changes = row[1] === change;
    const text = changes ? change(fields[0], fields[1], bare(from)) : row[1](...fields);
    return text && !/\[(silent|upkeep)]/.test(line) ? {kind: row[0], text} : null;
  };
  return battle;
}

// ---- session

const called = (mon) => mon.nickname || mon.name;
const typesOf = (mon) => [mon.type1, mon.type2, mon.type3].filter(Boolean);
const gearOf = (mon) => [mon.ability, mon.item, mon.tera_type && "Tera " + mon.tera_type].filter(Boolean);
const chip = (text, kind, value) => h("span", {class: "chip", ["data-" + kind]: value}, text);

// One fighter's card; built once, so that the bar moves.
function fighterCard(index) {
  const who = h("div", {class: "who"}), name = h("h3"), chips = h("span", {class: "row"}), fill = h("div");
  const bar = h("div", {role: "meter", "aria-label": `HP of ${player(index)}`, "aria-valuemin": 0}, fill);
  const value = h("span", {class: "value"}), pips = h("span", {class: "pips"});
  const card = h("section", {class: "card fighter", "aria-label": player(index)}, who,
    h("div", {class: "row between"}, name, chips), bar, h("div", {class: "row between"}, value, pips));
  card.update = (side, mine, seen) => {
    const {hp = 0, max = 100} = side, share = (100 * hp) / max;
    bar.className = "hp" + (share > 50 ? "" : share > 20 ? " fair" : " low");
    bar.setAttribute("aria-valuemax", max);
    bar.setAttribute("aria-valuenow", hp);
    fill.style.width = share + "%";
    card.classList.toggle("mine", mine);
    card.classList.toggle("fainted", side.hp === 0);
    who.textContent = player(index) + (mine ? " (you)" : "");
    const species = side.species !== side.name ? ` (${side.species})` : "";
    name.textContent = side.name ? `${side.name}${species} L${side.level || 100}` : "—";
    value.textContent = side.name ? (max === 100 ? `${hp}%` : `${hp}/${max}`) : "";
    const on = seen?.active, names = on ? [called(on), on.name] : [];
    const active = names.some((it) => it === side.name || it === side.species) ? on : {};
    chips.replaceChildren(...typesOf(active).map((type) => chip(type, "type", type)),
      side.status ? chip(side.status.toUpperCase(), "status", side.status) : "",
      ...gearOf(active).map((name) => chip(name, "gear")));
    const alive = seen ? seen.bench_alive + (hp > 0) : 0;
    pips.textContent = seen ? "●".repeat(alive) + "○".repeat(Math.max(0, seen.size - alive)) : "";
    pips.title = seen ? `${alive} of ${seen.size} can fight` : "";
  };
  return card;
}

// The button of one offered action; a Pokémon's move or switch tells what it does.
function actionButton(offer, view, send) {
  const go = {type: "button", onclick: doing(() => send(offer.method, offer.content))};
  const [kind, slot, extra] = offer.content.split(" ");
  const team = view && view.self ? view.self.team || [] : [];
  const active = team.find((mon) => mon.active);
  const move = kind === "move" && active && active.moves[slot - 1];
  const mon = kind === "switch" && team[slot - 1];
  const label = (type, ...parts) =>
    h("button", {...go, "data-type": type}, parts.map((part, i) => part && h(i ? "small" : "span", {}, part)));
  if (move)
    return label(extra === "tera" ? active.tera_type : move.type,
      extra ? `${move.name} + ${words.extra[extra] || extra}` : move.name, `PP ${move.pp}/${move.max_pp}`,
      `${move.type}, ${move.power ? "power " + move.power : move.category}`,
      move.accuracy ? `${move.accuracy}%` : "");
  if (mon)
    return label(mon.type1, "→ " + called(mon), `${mon.hp}/${mon.max_hp}`, mon.nickname && mon.name,
      typesOf(mon).join(", "), mon.status.toUpperCase(), gearOf(mon).join(", "));
  return h("button", go, `${offer.method} ${offer.content}`);
}

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
