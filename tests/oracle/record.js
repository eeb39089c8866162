// record.js - records whole generation 9 battles of the simulator with every random number it drew.
//
//   NODE_PATH=/tmp/dex/node_modules node tests/oracle/record.js BATTLES SEED [options] > tapes9.txt
//
//   --any          any move, ability and item on anybody (else: what the species can have)
//   --mixed        every second battle so
//   --national     natdex-v1: with mega stones and Z-Crystals
//   --compact      hashes instead of the log and the state
//   --core         no abilities and items; --no-abilities, --no-items: not these
//   --data=FOLDER  another data version than gen9-v1; one without abilities is played with --core
//   --clauses=a,b  the battle is played by these: sleep, freeze
//   --seen         the log as each player and a spectator reads it, too
//   --plain        puts nothing in order: every tie is drawn, as the simulator does by itself
//   --even         everybody is equally fast, for ties
//   --why          names the place that drew each number
//   --only=a,b     moves, abilities, items and species to be seen often
//   --turns=N      stop a battle after N turns (100)
//   --cover=FILE   writes how often each move, ability and item took effect
//
// The format is described in README.md.
'use strict';
const fs = require('fs');
const path = require('path');
const sim = require('./sim');
const {rnd, pick, slot} = sim;
sim.watch(); // before anything is looked up

const option = name => (process.argv.find(a => a.startsWith(`--${name}=`)) || '').slice(name.length + 3);
const flag = name => process.argv.includes(`--${name}`);
const count = +process.argv[2], full = !flag('compact'), seen = flag('seen'), core = flag('core'), plainly = flag('plain');
const bare = core || flag('no-abilities'), empty = core || flag('no-items');
const national = flag('national'), version = option('data') || (national ? 'natdex-v1' : 'gen9-v1');
const data = name => path.join(__dirname, '../../data/pokemon', name);
const rowsOf = (folder, name) => (fs.existsSync(path.join(folder, name)) ? JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')) : []);
const base = rowsOf(data(version), 'rules.json').base;
function read(name) { // a version that builds on another has only what differs
    const own = rowsOf(data(version), name), mine = new Set(own.map(r => r.id));
    return (base ? rowsOf(data(base), name).filter(r => !mine.has(r.id) || name === 'learnsets.json') : []).concat(own);
}
const clauses = option('clauses').split(',').filter(Boolean);
for (const c of clauses) if (!sim.CLAUSES[c]) throw Error(`there is no clause ${c}`);
const rules = (national ? ['NatDex Mod'] : []).concat(clauses.map(c => sim.CLAUSES[c]));
const format = 'gen9customgame' + (rules.length ? '@@@' + rules.join(',') : '');
const lastTurn = +option('turns') || 100;
const only = new Set(option('only').split(',').filter(Boolean));
sim.seed(process.argv[3] || 1);

const allSpecies = read('species.json'), byId = new Map(allSpecies.map(s => [s.id, s]));
const allMoves = read('moves.json').filter(m => !m.z), allItems = read('items.json');
const moves = allMoves.map(m => m.id), abilities = read('abilities.json').map(a => a.id);
const items = allItems.map(i => i.id), natures = read('natures.json').map(n => n.id);
const types = read('types.json').map(t => t.name).concat('Stellar');
const pools = new Map();
for (const s of allSpecies) if (s.moves) pools.set(s.id, s.moves);
for (const row of read('learnsets.json'))
    pools.set(row.id, row.same ? pools.get(row.same) : row.plus !== undefined
        ? pools.get(row.id).concat(row.plus.split(' ').filter(Boolean)) : row.moves.split(' ').filter(Boolean));

const species = allSpecies.filter(s => !s.battle_only && !s.required_move && !/^(Mega|Primal|Ultra)/.test(s.forme || '') &&
    pools.get(s.id).length);
const stones = allItems.filter(i => i.mega || i.primal), crystals = allItems.filter(i => i.z_move);
const special = species.filter(s => stones.some(i => i.users.includes(s.id)) || crystals.some(i => i.users && i.users.includes(s.id)) ||
    /^(rayquaza|necrozmaduskmane|necrozmadawnwings)$/.test(s.id));

// -------------------------------------------------------------------------------------------------------- teams ---
const effect = new Map(); // kind:id -> in how many steps it took effect
function rare(kind, list) { // the least seen of a few
    if (only.size && rnd(2)) {
        const wanted = list.filter(id => only.has(id));
        if (wanted.length) return pick(wanted);
    }
    let best = pick(list);
    for (let i = 0; i < 3; i++) {
        const other = pick(list);
        if ((effect.get(`${kind}:${other}`) || 0) < (effect.get(`${kind}:${best}`) || 0)) best = other;
    }
    return best;
}

const IDS = ['hp', 'atk', 'def', 'spa', 'spd', 'spe'];
function spread() { // at most 510 in fours
    const evs = Object.fromEntries(IDS.map(k => [k, 0]));
    for (let left = 508, n = 0; n < 6 && left > 0; n++) {
        const k = pick(IDS), v = Math.min(4 * rnd(64), left, 252 - evs[k]);
        evs[k] += v;
        left -= v;
    }
    return evs;
}

// What some abilities need to be of any use, as moves or an item of their own.
const NEEDS = [[/^(hydration|raindish|swiftswim|dryskin)$/, 'raindance'], [/^(leafguard|solarpower|chlorophyll|harvest|flowergift)$/, 'sunnyday'],
    [/^(sandforce|sandrush|sandveil)$/, 'sandstorm'], [/^(icebody|slushrush|snowcloak)$/, 'snowscape'],
    [/^surgesurfer$/, 'electricterrain'], [/^(grasspelt|mimicry)$/, 'grassyterrain'], [/^(flareboost|guts|quickfeet|marvelscale)$/, 'flameorb'],
    [/^(toxicboost|poisonheal|shedskin|naturalcure|healer)$/, 'toxicorb'], [/^(ripen|gluttony|cudchew|cheekpouch)$/, 'sitrusberry'],
    [/^(earlybird|sweetveil)$/, 'rest'], [/^merciless$/, 'toxic'], [/^terashift$/, 'sunnyday'],
    [/^pickup$/, '']];

// Of one base Speed that many have; level, nature and training do the rest in mon().
const even = flag('even') ? 70 : 0;
if (even) species.splice(0, Infinity, ...species.filter(s => s.stats[5] === even));

const wantedSpecies = species.filter(s => only.has(s.id));
function rareSpecies() { // the one of a few with the least seen ability
    const seen = s => Math.min(...s.abilities.filter(Boolean).map(a => effect.get('a:' + a) || 0));
    let best = pick(species);
    for (let i = 0; i < 4 && !bare; i++) {
        const other = pick(species);
        if (seen(other) < seen(best)) best = other;
    }
    return best;
}

// Struggle is nobody's own.
const teachable = moves.filter(m => m !== 'struggle');

function mon(any) {
    const s = national && rnd(3) === 0 ? pick(special) : wantedSpecies.length && rnd(2) ? pick(wantedSpecies) : rnd(3) ? pick(species) : rareSpecies(), own = pools.get(s.id), learn = any ? teachable : own, chosen = [];
    while (chosen.length < 4 && chosen.length < learn.length) {
        const m = rare('m', any && rnd(3) ? teachable : own);
        if (!chosen.includes(m)) chosen.push(m);
        else if (rnd(40) === 0) break;
    }
    const ability = any && !bare && rnd(8) ? rare('a', abilities) : bare ? '' : rare('a', s.abilities.filter(Boolean));
    let item = empty ? '' : s.required_items ? pick(s.required_items) : rnd(8) ? rare('i', items) : '';
    if (national && !s.required_items && rnd(2)) item = specialItem(s, chosen) || item;
    const need = NEEDS.find(([abilities]) => abilities.test(ability));
    if (any && need && rnd(3)) {
        if (moves.includes(need[1])) chosen[0] = need[1];
        else if (!s.required_items && !empty) item = need[1];
    }
    if (new Set(chosen).size < chosen.length) chosen.shift();
    const gender = s.gender || pick(['M', 'F']);
    const all = {name: s.name, species: s.id, level: pick([50, 50, 50, 73, 100, 1 + rnd(100)]), nature: pick(natures), gender,
        ability: ability || 'noability', item, moves: chosen, teraType: s.required_tera || pick(types),
        ivs: Object.fromEntries(IDS.map(k => [k, rnd(4) ? 31 : rnd(32)])), evs: spread()};
    if (even) {
        all.level = 50;
        all.nature = 'hardy';
        all.ivs.spe = 31;
        all.evs.spe = 0;
    }
    return all;
}

// What a Pokémon of national-dex play can do something with: the stone or crystal made for it, or the crystal of a move.
function specialItem(s, chosen) {
    const own = stones.filter(i => i.users.includes(s.id));
    const signature = crystals.filter(i => i.users && (i.users.includes(s.id) || (i.id === 'ultranecroziumz' && /^necrozma./.test(s.id))));
    if (own.length && rnd(3)) return pick(own).id;
    if (signature.length && rnd(3)) {
        const i = pick(signature);
        if (!chosen.includes(i.z_from)) chosen[0] = i.z_from;
        return i.id;
    }
    const move = pick(chosen), type = allMoves.find(m => m.id === move).type;
    return (crystals.find(i => i.z_type === type && !i.users) || {id: ''}).id;
}

function teamLine(side, m) {
    return ['mon', side, m.species, m.ability === 'noability' ? '-' : m.ability, m.item || '-', m.nature, m.level, m.gender, m.teraType, m.moves.join(),
        IDS.map(k => m.ivs[k]).join(), IDS.map(k => m.evs[k]).join()].join(' ');
}

// ------------------------------------------------------------------------------------------------------- record ---
function stepLines(battle, from, lines) { // what one step was, after its head line
    const log = battle.log.slice(from), told = sim.logText(log), now = sim.describe(battle);
    const channels = seen ? [1, 2, 0].map(channel => sim.logText(log, channel)) : [];
    sim.touchLog(log);
    for (const t of sim.touched) effect.set(t, (effect.get(t) || 0) + 1);
    if (full) lines.push('touched ' + [...sim.touched].filter(t => t !== 'a:' && t !== 'i:').sort().join(' '));
    sim.touched.clear();
    if (full) for (const part of [told, now.state, now.volatiles]) lines.push(...part.split('\n').slice(0, -1).map(l => '  ' + l));
    if (full) channels.forEach((text, i) => lines.push(...text.split('\n').slice(0, -1).map(l => `  ${i} ${l}`)));
    lines.push(['hash', ...[told, now.state, now.volatiles, ...channels].map(sim.hash)].join(' '));
}

function record(n, lines) {
    const any = flag('any') || (flag('mixed') && n % 2 === 1), size = 2 + rnd(5);
    const teams = [0, 1].map(() => Array.from({length: size}, () => mon(any)));
    lines.push(`battle ${n}${version === 'gen9-v1' ? '' : ' ' + version}`);
    if (clauses.length) lines.push(['clauses', ...clauses].join(' '));
    teams.forEach((team, i) => team.forEach(m => lines.push(teamLine(i, m))));
    sim.touched.clear();
    const battle = sim.start(teams, flag('why'), format, plainly);
    if (plainly) lines.splice(1, 0, `plain ${battle.prng.startingSeed}`);
    battle.makeChoices('default', 'default');
    lines.push(['start', ...battle.prng.draws].join(' '));
    stepLines(battle, battle.log.indexOf('|start'), lines);
    let told = battle.prng.draws.length;
    while (!battle.ended && battle.turn <= lastTurn) {
        const options = battle.sides.map(side => sim.legal(side, abilities.length > 0)), choices = options.map(sim.choose), from = battle.log.length;
        if (plainly && battle.prng.draws.length !== told) throw Error('drawn between two steps');
        battle.prng.draws = [];
        sim.touched.clear();
        battle.sides.forEach((side, i) => {
            if (choices[i] && !side.choose(choices[i].text)) throw Error(`${choices[i].text}: ${side.choice.error}`);
        });
        battle.commitChoices();
        lines.push(['step', ...options.map(o => sim.mask(o).toString(16)), ...choices.map(c => (c ? c.number : -1)),
            ...battle.prng.draws].join(' '));
        stepLines(battle, from, lines);
        told = battle.prng.draws.length;
    }
    if (battle.ended) lines.push(`end ${battle.winner === 'A' ? 0 : battle.winner === 'B' ? 1 : 2}${battle.ordered || plainly ? '' : ' plain'}`);
    plain += !battle.ordered && !plainly;
    return battle.turn;
}

let turns = 0, failed = 0, plain = 0;
for (let n = 0; n < count; n++) {
    const lines = [];
    try {
        turns += record(n, lines);
        fs.writeSync(1, lines.join('\n') + '\n');
    } catch (e) { // the simulator itself gave up
        failed++;
        console.error(`battle ${n}: ${e.stack.split('\n').slice(0, 3).join(' ')}`);
    }
}
const table = [['m', moves], ['a', abilities], ['i', items]].flatMap(([k, ids]) => ids.map(id => [`${k}:${id}`, effect.get(`${k}:${id}`) || 0]));
if (option('cover')) fs.writeFileSync(option('cover'), table.map(([id, c]) => `${id} ${c}\n`).join(''));
console.error(`${count} battles, ${turns} turns, ${failed} given up${plainly ? '' : `, ${plain} as the plain simulator plays them`}; never seen: ` +
    (['m', 'a', 'i'].map(k => `${k} ${table.filter(([id, c]) => id[0] === k && !c).length}`).join(', ')));
