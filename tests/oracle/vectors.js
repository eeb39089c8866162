// vectors.js - damage vectors of generation 9 by two judges: @smogon/calc and the simulator itself.
//
//   NODE_PATH=/tmp/dex/node_modules node tests/oracle/vectors.js COUNT SEED [--plain] > vectors9.txt
//
// One vector a line: two Pokémon, the field, a move, and its 16 damages from the lowest roll to the highest:
//
//   species level nature IVs EVs ability item tera status stages hp | the same | weather terrain screens | move crit d0,+,..
//
// IVs are six digits of base 32, EVs six quarters as letters of base 64, stages five letters with g as 0 (Attack,
// Defense, Sp. Atk, Sp. Def, Speed); - is none; screens are letters of r (Reflect), l (Light Screen), a (Aurora
// Veil) on the target's side; after the first damage only the steps are written.  Where the simulator says
// otherwise than the calculator, its damages follow after ~; the engine is held against the simulator then.
// --plain leaves abilities, items, field and Tera out.
'use strict';
const fs = require('fs');
const path = require('path');
const {calculate, Pokemon, Move, Field, Generations} = require('@smogon/calc');
const sim = require('./sim');
const {rnd, pick, Dex} = sim;
const data = path.join(__dirname, '../../data/pokemon/gen9-v1');
const read = name => JSON.parse(fs.readFileSync(path.join(data, name), 'utf8'));
const gen = Generations.get(9), plain = process.argv.includes('--plain');
const STATS = ['hp', 'atk', 'def', 'spa', 'spd', 'spe'];
const B64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
sim.seed(process.argv[3] || 1);

// A vector is a hit that lands, or one that the target's types do not let land.
// Not of this harness: more than one hit, no rolls at all, or damage that depends on what came before.
const APART = new Set(`dreameater finalgambit endeavor superfang naturesmadness ruination metalburst counter mirrorcoat
    comeuppance bide futuresight doomdesire fling naturalgift lastresort focuspunch payback struggle spitup suckerpunch
    thunderclap upperhand burnup doubleshock snore synchronoise poltergeist shelltrap beakblast steelroller firstimpression
    fakeout present hyperspacefury aurawheel rollout iceball furycutter ficklebeam meteorbeam electroshot belch beatup`.split(/\s+/));
// Abilities and items that act on coming in, once or only with a past; their part in damage is on the tapes.
const PAST = new Set(`intimidate supersweetsyrup download intrepidsword dauntlessshield embodyaspectteal
    embodyaspecthearthflame embodyaspectwellspring embodyaspectcornerstone slowstart flashfire protosynthesis quarkdrive
    supremeoverlord windrider stakeout analytic unburden truant parentalbond forecast flowergift disguise iceface zenmode
    powerconstruct schooling shieldsdown multitype rkssystem gulpmissile hungerswitch imposter trace neutralizinggas
    electricsurge psychicsurge mistysurge grassysurge drought drizzle sandstream snowwarning orichalcumpulse hadronengine
    deltastream desolateland primordialsea terashift teraformzero terashell electromorphosis windpower zerotohero commander
    illusion protean libero costar mimicry cudchew stancechange battlebond
    normalgem electricseed grassyseed mistyseed psychicseed roomservice boosterenergy metronome micleberry laggingtail`.split(/\s+/));

const BREAKERS = new Set(['brickbreak', 'psychicfangs', 'ragingbull']); // they break the screens before they hit
const both = (table, list) => list.filter(x => table.get(x.id));
const species = both(gen.species, read('species.json')).filter(s => !s.battle_only && s.id !== 'wishiwashi');
const moves = both(gen.moves, read('moves.json')).filter(m => m.category !== 'status' && !m.hits && !m.ohko && !APART.has(m.id));
const abilities = both(gen.abilities, read('abilities.json')).filter(a => !PAST.has(a.id)).map(a => a.id);
const items = both(gen.items, read('items.json')).filter(i => !PAST.has(i.id)).map(i => i.id);
const natures = read('natures.json'), types = read('types.json').map(t => t.name).concat('Stellar');
const WEATHER = {raindance: 'Rain', sunnyday: 'Sun', sandstorm: 'Sand', snowscape: 'Snow'};
const TERRAIN = {electricterrain: 'Electric', grassyterrain: 'Grassy', mistyterrain: 'Misty', psychicterrain: 'Psychic'};

function fighter() {
    const s = pick(species), list = f => Object.fromEntries(STATS.map(k => [k, f()]));
    const own = s.abilities.filter(a => a && !PAST.has(a));
    return {species: s, level: pick([1, 5, 50, 50, 73, 88, 100, 1 + rnd(100)]), nature: pick(natures),
        ivs: list(() => rnd(32)), evs: list(() => 4 * rnd(64)), status: pick(['', '', '', 'brn', 'par', 'psn', 'slp']),
        ability: plain ? '' : rnd(2) && own.length ? pick(own) : pick(abilities),
        item: plain ? '' : s.required_items ? s.required_items[0] : rnd(3) ? pick(items) : '',
        tera: plain || rnd(5) || s.required_tera ? '' : pick(types), share: rnd(3) ? 1 : 1 + rnd(100) / 100,
        boosts: Object.fromEntries(STATS.slice(1).map(k => [k, rnd(3) ? 0 : rnd(13) - 6]))};
}
const field = () => (plain ? {weather: '', terrain: '', screens: ''} : {weather: rnd(2) ? pick(Object.keys(WEATHER)) : '',
    terrain: rnd(2) ? pick(Object.keys(TERRAIN)) : '', screens: rnd(5) ? '' : pick(['r', 'l', 'rl', 'a'])});

// ---------------------------------------------------------------------------------------------------- judges ---
function calcMon(f) {
    return new Pokemon(gen, gen.species.get(f.species.id).name, {level: f.level, nature: f.nature.name, ivs: f.ivs, evs: f.evs,
        ability: f.ability ? gen.abilities.get(f.ability).name : 'No Ability', item: f.item ? gen.items.get(f.item).name : undefined,
        teraType: f.tera || undefined, boosts: f.boosts, status: f.status, gender: f.gender, originalCurHP: f.hp});
}

function byCalculator(a, b, f, m, crit) {
    const side = {isReflect: f.screens.includes('r'), isLightScreen: f.screens.includes('l'), isAuroraVeil: f.screens.includes('a')};
    const result = calculate(gen, calcMon(a), calcMon(b), new Move(gen, gen.moves.get(m.id).name,
        {isCrit: crit, isStellarFirstUse: true}), new Field({gameType: 'Singles', weather: WEATHER[f.weather],
        terrain: TERRAIN[f.terrain], defenderSide: side}));
    if (typeof result.damage === 'number') return Array(16).fill(result.damage);
    return result.damage;
}

const set = f => ({name: 'x', species: f.species.id, level: f.level, nature: f.nature.id, gender: f.gender, ability: 'noability',
    item: '', moves: ['splash'], ivs: f.ivs, evs: f.evs});

function dress(battle, p, f) { // as if it had always been so
    Object.assign(p, {ability: f.ability || 'noability', item: f.item, status: f.status, hp: f.hp});
    p.abilityState = battle.initEffectState({id: p.ability, target: p});
    p.abilityState.unnerved = true; // Unnerve and As One have come in
    p.itemState = battle.initEffectState({id: p.item, target: p});
    p.statusState = battle.initEffectState({id: p.status, target: p, time: 3});
    Object.assign(p.boosts, f.boosts);
    if (f.tera) p.terastallized = p.teraType = f.tera;
    p.activeTurns = 1;
}

function bySimulator(a, b, f, m, crit) {
    const battle = sim.start([[set(a)], [set(b)]], false);
    let roll = 0, rolls = null, chance = false;
    battle.prng.random = (from, to) => {
        chance ||= to === undefined && from === 2 && !rolls;
        return to === undefined && from === 16 ? roll : to === undefined ? 0 : from;
    };
    battle.makeChoices('default', 'default');
    const source = battle.sides[0].active[0], target = battle.sides[1].active[0];
    dress(battle, source, a);
    dress(battle, target, b);
    if (f.weather) Object.assign(battle.field, {weather: f.weather, weatherState: battle.initEffectState({id: f.weather, duration: 5})});
    if (f.terrain) Object.assign(battle.field, {terrain: f.terrain, terrainState: battle.initEffectState({id: f.terrain, duration: 5})});
    for (const [c, id] of [['r', 'reflect'], ['l', 'lightscreen'], ['a', 'auroraveil']])
        if (f.screens.includes(c)) target.side.sideConditions[id] = battle.initEffectState({id, target: target.side, duration: 5});
    for (const p of [source, target]) p.speed = p.getActionSpeed();
    const move = battle.dex.getActiveMove(m.id);
    Object.assign(move, {willCrit: crit, accuracy: true, hit: 0});
    if (m.flags.includes('charge')) source.volatiles[m.id] = battle.initEffectState({id: m.id, target: source});
    const getDamage = battle.actions.getDamage;
    battle.actions.getDamage = function (...args) {
        if (rolls) return 1;
        const held = [source, target].map(p => [p.item, p.itemState]);
        rolls = [];
        for (roll = 15; roll >= 0; roll--) {
            [source, target].forEach((p, i) => { [p.item, p.itemState] = held[i]; });
            source.stellarBoostedTypes = [];
            rolls.push(getDamage.apply(this, args));
        }
        return 1;
    };
    chance = false;
    battle.faint = () => 0; // Explosion: who has fainted has no ability, but here a hit is judged
    battle.actions.useMove(move, source, {target});
    if (chance) return null; // Shell Side Arm when both ways come out equal
    if (!rolls && target.runImmunity(move)) return null; // something stopped the move: no hit, so no damage of one
    return rolls ? rolls.map(v => v || 0) : Array(16).fill(0);
}

// ---------------------------------------------------------------------------------------------------- output ---
const show = f => [f.species.id, f.level, f.nature.id, STATS.map(k => f.ivs[k].toString(32)).join(''),
    STATS.map(k => B64[f.evs[k] / 4]).join(''), f.ability || '-', f.item || '-', f.tera || '-', f.status || '-',
    STATS.slice(1).map(k => String.fromCharCode(103 + f.boosts[k])).join(''), f.gender, f.hp].join(' ');
const steps = d => d.map((v, i) => (i ? v - d[i - 1] : v)).join();

let differ = 0, lost = 0;
for (let n = 0; n < +process.argv[2];) {
    const a = fighter(), b = fighter(), f = field(), m = pick(moves), sure = m.flags.includes('always_crit');
    for (const p of [a, b]) {
        p.gender = p.species.gender || pick(['M', 'F']);
        const full = calcMon({...p, hp: undefined}).rawStats.hp;
        p.hp = Math.max(1, Math.floor(full / p.share));
    }
    const crit = sure || rnd(6) === 0 || (a.ability === 'merciless' && b.status === 'psn');
    let calc, real;
    try {
        calc = byCalculator(a, b, f, m, crit);
        real = bySimulator(a, b, f, m, crit);
    } catch (e) {
        if (!lost++) console.error(m.id, e.stack);
        continue;
    }
    if (calc.length !== 16 || !real || (f.screens && BREAKERS.has(m.id))) continue;
    const same = calc.every((v, i) => v === real[i]);
    if (!same) differ++;
    console.log(`${show(a)} | ${show(b)} | ${f.weather || '-'} ${f.terrain || '-'} ${f.screens || '-'} | ${m.id} ${crit ? 1 : 0} ` +
        steps(calc) + (same ? '' : ` ~ ${steps(real)}`));
    n++;
}
console.error(`${species.length} species, ${moves.length} moves, ${abilities.length} abilities, ${items.length} items; ` +
    `the two differ in ${differ} vectors; ${lost} lost`);
