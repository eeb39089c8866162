// sim.js - the simulator of the npm package pokemon-showdown as an oracle: every draw is recorded, ties that
// decide nothing are put in a fixed order, and what took effect is noted.  Used by record.js and speed.js.
'use strict';
const {Battle, PRNG, Dex, toID} = require('pokemon-showdown');
const {extractChannelMessages} = require('pokemon-showdown/dist/sim/battle');
const {Pokemon} = require('pokemon-showdown/dist/sim/pokemon');
const {seed, rnd, pick} = require('./random.js');

// ------------------------------------------------------------------------------------------------- randomness ---
// Who asked for a number: the first function of the simulator that is not the generator's own.
const PLUMBING = /^(random|randomChance|sample|shuffle|next|speedSort|sort|why|apply|call)$/;
function why(battle) {
    const hold = Error.stackTraceLimit;
    Error.stackTraceLimit = 12;
    const at = new Error().stack.split('\n').slice(1).map(l => (/at (?:new )?([\w.$<> ]+?)(?: \[as (\w+)\])? \(/.exec(l) || []))
        .map(m => m[2] || (m[1] || '').split('.').pop()).find(f => f && !PLUMBING.test(f)) || '?';
    Error.stackTraceLimit = hold;
    const effect = battle && battle.effect && battle.effect.id ? battle.effect.id : '';
    return /^on[A-Z]|Callback$/.test(at) && effect ? `${effect}.${at}` : at;
}

class Recorder extends PRNG {
    random(from, to) {
        const lo = to === undefined ? 0 : from, hi = to === undefined ? from : to;
        if (this.silent) {
            this.battle.ordered = true;
            return hi - 1;
        }
        const r = super.random(from, to);
        if (hi - lo > 1 || this.plain) this.draws.push((lo ? `${lo}-${hi}:${r}` : `${hi}:${r}`) + (this.explain ? `@${this.battle?.tied || why(this.battle)}` : ''));
        return r;
    }
}

// Ties of equal handlers keep the order in which they were found; the queue of actions keeps its real ties.  `ordered`
// is set when that was needed: without it, the plain simulator plays the same battle from the same seed.
class Oracle extends Battle {
    speedSort(list, compare = this.comparePriority) {
        if (list === this.queue?.list && list[0]?.choice !== 'team') return super.speedSort(list, compare);
        const order = list.map((v, i) => [v, i]).sort((p, q) => compare(p[0], q[0]) || p[1] - q[1]);
        order.forEach((v, i) => { list[i] = v[0]; });
        for (let i = 1; i < list.length && !this.ordered; i++) if (!compare(list[i - 1], list[i])) this.ordered = true;
    }
    getRandomSwitchable(side) { // in party order, whoever has been swapped with whom
        const found = this.possibleSwitches(side), bench = [...found].sort((p, q) => slot(p) - slot(q));
        if (found.some((p, i) => p !== bench[i])) this.ordered = true;
        return bench.length ? this.sample(bench) : null;
    }
}

// The simulator as it is: all ties are drawn.  It only notes, for --why, which event a tie is of and what is tied.
class Plain extends Battle {
    speedSort(list, compare = this.comparePriority) {
        if (this.prng.explain && list !== this.queue?.list) {
            const tied = list.filter(h => list.some(other => other !== h && !compare(h, other)));
            this.tied = tied.length ? `${this.asked}:${tied.map(h => h.effect?.id || h.species?.id || '?').join('+')}` : '';
        }
        super.speedSort(list, compare);
        this.tied = '';
    }
    runEvent(id, ...rest) { this.asked = id; return super.runEvent(id, ...rest); }
    eachEvent(id, ...rest) { this.asked = `each${id}`; return super.eachEvent(id, ...rest); }
    fieldEvent(id, ...rest) { this.asked = `field${id}`; return super.fieldEvent(id, ...rest); }
}

const slot = p => p.side.team.indexOf(p.set);

// Clauses that say something about the course of a battle, by the names of this project.
const CLAUSES = {sleep: 'Sleep Clause Mod', freeze: 'Freeze Clause Mod'};
const CLAUSE_IDS = new Set(Object.values(CLAUSES).map(toID));

const hex = digits => Array.from({length: digits / 4}, () => rnd(65536).toString(16).padStart(4, '0')).join('');

function start(teams, explain, format = 'gen9customgame', plain = false) {
    const prng = new Recorder(plain && rnd(2) ? `sodium,${hex(32)}` : [rnd(65536), rnd(65536), rnd(65536), rnd(65536)].join(','));
    prng.draws = [];
    prng.explain = explain;
    const battle = new (plain ? Plain : Oracle)({formatid: format, prng,
        p1: {name: 'A', team: teams[0]}, p2: {name: 'B', team: teams[1]}});
    prng.battle = battle;
    prng.plain = plain;
    battle.reportExactHP = false; // this format alone shows everybody's HP to everybody
    battle.trunc = battle.dex.trunc; // this format alone computes without the limits of the real games
    if (plain) return battle;
    const insert = battle.queue.insertChoice;
    battle.queue.insertChoice = function (choices, midTurn) { // a tie of two arrivals decides nothing
        prng.silent = true;
        insert.call(this, choices, midTurn);
        prng.silent = false;
    };
    return battle;
}

// ---------------------------------------------------------------------------------------------------- choices ---
// 0..3 moves, 4 Struggle or a forced continuation, 5..10 switch to that slot of the team, 11..14 moves with Tera,
// 15..18 with Mega Evolution (or Ultra Burst), 19..22 as Z-Moves.
function legal(side, tera) {
    const request = side.activeRequest;
    if (!request || request.wait) return [];
    const options = [];
    const add = (text, number) => {
        const flag = side.active[0].switchFlag; // Revival Blessing takes it at once
        if (side.choose(text)) options.push({text, number});
        side.active[0].switchFlag = flag;
        side.choice.cantUndo = false;
        side.clearChoice();
    };
    if (!request.forceSwitch) {
        const p = side.active[0], moves = request.active[0].moves;
        const lone = moves.length === 1 && !(moves[0].id === p.moveSlots[0].id && p.moveSlots.length === 1 && moves[0].pp !== undefined);
        if (lone || !p.getMoves(p.getLockedMove()).length) { // all barred in secret (Imprison): any of them is Struggle
            add('move 1', 4);
        } else {
            moves.forEach((m, i) => add(`move ${i + 1}`, i));
            if (tera && request.active[0].canTerastallize) moves.forEach((m, i) => add(`move ${i + 1} terastallize`, 11 + i));
            const {canMegaEvo, canUltraBurst, canZMove} = request.active[0];
            if (canMegaEvo || canUltraBurst) moves.forEach((m, i) => add(`move ${i + 1} ${canMegaEvo ? 'mega' : 'ultra'}`, 15 + i));
            (canZMove || []).forEach((z, i) => { if (z) add(`move ${i + 1} zmove`, 19 + i); });
        }
    }
    side.pokemon.forEach((p, i) => add(`switch ${i + 1}`, 5 + slot(p)));
    return options;
}

function choose(options) {
    if (!options.length) return null;
    const of = (lo, hi) => options.filter(o => o.number >= lo && o.number <= hi);
    const switches = of(5, 10), tera = of(11, 14), moves = of(0, 4);
    if (!moves.length || (switches.length && rnd(6) === 0)) return pick(switches);
    if (tera.length && rnd(8) === 0) return pick(tera);
    const mega = of(15, 18), z = of(19, 22);
    if (mega.length && rnd(2)) return pick(mega);
    if (z.length && rnd(4) === 0) return pick(z);
    return pick(moves);
}
const mask = options => options.reduce((m, o) => m | 1 << o.number, 0);

// ------------------------------------------------------------------------------------------------------ state ---
const STAGES = ['atk', 'def', 'spa', 'spd', 'spe', 'accuracy', 'evasion'];
const list = l => l.sort().join(',') || '-';
const counted = o => Object.entries(o).map(([id, s]) => `${id}:${s.layers || s.duration || 0}`);

function statusText(p) {
    if (p.status === 'slp') return `slp:${p.statusState.time}`;
    if (p.status === 'tox') return `tox:${p.statusState.stage}`;
    return p.status || '-';
}

function monText(p, n) {
    if (!p.hp) return `${n} fnt`;
    return `${n} ${p.species.id} ${p.hp}/${p.maxhp} ${statusText(p)} ${p.ability && p.ability !== 'noability' ? p.ability : '-'} ${p.item || '-'} ` +
        p.moveSlots.map(m => `${m.id}:${m.pp}`).join(',');
}

// Marks of the simulator's own, which nobody sees and whose effects are compared anyway.
const INNER = new Set(['trapper', 'stall', 'choicelock', 'micleberry', 'unburden', 'metronome', 'truant', 'furycutter', 'rollout',
    'chillyreception', 'allyswitch', 'counter', 'mirrorcoat', 'fling', 'gem', 'iceball']);

// Lines that the engine must be able to write too; see README.md.
function describe(battle) {
    const f = battle.field, lines = [];
    const rooms = Object.fromEntries(Object.entries(f.pseudoWeather).filter(([id]) => !CLAUSE_IDS.has(id))); // clauses lie among them
    lines.push(`field ${f.weather ? `${f.weather}:${f.weatherState.duration || 0}` : '-'} ` +
        `${f.terrain ? `${f.terrain}:${f.terrainState.duration || 0}` : '-'} ${list(counted(rooms))}`);
    const volatiles = [];
    for (const side of battle.sides) {
        const active = side.active[0], n = side.n;
        lines.push(`side ${n} ${slot(active)} ${list(counted(side.sideConditions))} ${list(Object.keys(side.slotConditions[0]))}`);
        side.team.forEach((set, i) => lines.push(`mon ${n} ` + monText(side.pokemon.find(p => p.set === set), i)));
        if (active.hp) {
            lines.push(`active ${n} ${STAGES.map(s => active.boosts[s]).join(',')} ${active.getTypes().join('/')} ${active.terastallized || '-'}`);
            volatiles.push(`volatiles ${n} ${list(Object.keys(active.volatiles).filter(v => !INNER.has(v)))}`);
        }
    }
    return {state: lines.join('\n') + '\n', volatiles: volatiles.map(l => l + '\n').join('')};
}

function hash(text) { // FNV-1a
    let h = 2166136261;
    for (const byte of Buffer.from(text)) h = Math.imul(h ^ byte, 16777619) >>> 0;
    return h.toString(16);
}

const SILENT = /^(\|((t:|debug|-hint)\|.*|-?message\|(?!(Sleep|Freeze) Clause ).*)?)?$/;

// What was said in one of the simulator's channels: -1 sees all, 0 is a spectator, 1 and 2 are the players.
function logText(lines, channel = -1) {
    const out = extractChannelMessages(lines.join('\n'), [channel])[channel].filter(l => !SILENT.test(l));
    // The players' names are the caller's business.
    return out.map(l => l.replace(/\|p([12]): [AB](?=\||$)/g, '|p$1').replace(/^\|win\|A$/, '|win|p1').replace(/^\|win\|B$/, '|win|p2') + '\n').join('');
}

// --------------------------------------------------------------------------------------------------- coverage ---
// A move counts when it is used; an ability or item when one of its handlers answered, spoke, drew, or changed the
// event's factor or the move at hand, or when the rules asked for it by name and found it in force.
const touched = new Set();

function thingText(args) { // what handlers change in place: Pokémon, moves, tables of stages
    return args.map(a => {
        if (!a || typeof a !== 'object') return '';
        if (a.side && a.getStat) return [a.hp, a.status, a.item, a.ability, a.species.id, a.types, Object.keys(a.volatiles).length].join();
        if (a.effectType === 'Move') return [a.type, a.category, a.multihit, a.priority, a.pranksterBoosted, a.infiltrates,
            a.ignoreAbility, a.secondaries ? a.secondaries.length + a.secondaries.map(x => x.chance).join() : '', a.forceSTAB,
            a.self ? 1 : 0, a.flags?.contact, a.flags?.protect, a.accuracy, JSON.stringify(a.ignoreImmunity), a.drain, a.basePower, a.critRatio,
            a.tracksTarget, a.willCrit, a.hasBounced, a.typeChangerBoosted ? 1 : 0].join();
        return a.constructor === Object && !a.effectType ? Object.entries(a).filter(([, v]) => typeof v === 'number').join() : '';
    }).join('|');
}

function wrap(kind, id, name, f) {
    const looks = !/(BasePower|Modify(Atk|Def|SpA|SpD|Spe|Damage|Accuracy|CritRatio|Weight|STAB))$/.test(name);
    return function (...args) {
        const b = this, log = b.log.length, factor = b.event?.modifier, draws = b.prng.draws?.length;
        const before = looks ? thingText(args) : '';
        const answer = f.apply(this, args);
        if (answer !== undefined || b.log.length !== log || b.event?.modifier !== factor || b.prng.draws?.length !== draws ||
            (looks && thingText(args) !== before)) touched.add(`${kind}:${id}`);
        return answer;
    };
}


// What the log tells: moves used, items that came or went.
function touchLog(lines) {
    for (const line of lines) {
        const part = line.split('|');
        if (part[1] === 'move') touched.add('m:' + toID(part[3]));
        if (part[1] === '-item' || part[1] === '-enditem') touched.add('i:' + toID(part[3]));
        const from = /\[from\] (ability|item): ([^|]+)/.exec(line);
        if (from) touched.add(from[1][0] + ':' + toID(from[2]));
    }
}

function watch() {
    const dex = Dex.mod('gen9');
    for (const [kind, table] of [['a', dex.data.Abilities], ['i', dex.data.Items]]) {
        for (const [id, row] of Object.entries(table)) {
            for (const part of [row, row.condition || {}])
                for (const [name, f] of Object.entries(part)) {
                    if (typeof f === 'function' && /^on|Callback$/.test(name)) part[name] = wrap(kind, id, name, f);
                    else if (/^on(CriticalHit|FractionalPriority|NegateImmunity)$/.test(name)) part[name] = wrap(kind, id, name, () => f);
                }
        }
    }
    for (const [method, kind, field] of [['hasAbility', 'a', 'ability'], ['hasItem', 'i', 'item']]) {
        const f = Pokemon.prototype[method];
        Pokemon.prototype[method] = function (x) {
            const yes = f.call(this, x);
            if (yes) touched.add(`${kind}:${this[field]}`);
            return yes;
        };
    }
}

module.exports = {Battle, CLAUSES, Dex, Oracle, Recorder, seed, rnd, pick, slot, start, legal, choose, mask, describe, hash, logText,
    touched, touchLog, watch};
