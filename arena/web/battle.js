// A Pokémon battle: its log in words, the fighters' cards, the buttons. What it uses of app.js is there when it runs.
"use strict";

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
