// verdicts.js - random teams, most of them spoilt in one respect, with the verdict of the npm simulator's validator.
//
//   NODE_PATH=/tmp/dex/node_modules node tests/oracle/verdicts.js [COUNT [SEED]] > verdicts.txt
//
// A line: FORMAT, what was spoilt ("none": nothing), legal|illegal, the fields of its problems (sorted, with commas;
// "-" when legal), the packed team, the same as
// export text (line ends as \n); tabs between.  See README.md here.
'use strict';
const path = require('path');
const fs = require('fs');
const {Dex, TeamValidator, Teams, toID} = require('pokemon-showdown');
const random = require('./random.js');

const COUNT = Number(process.argv[2] || 1000);
random.seed(process.argv[3] || 1);
const below = n => Number(((random.next() >> 32n) * BigInt(n)) >> 32n);
const one = list => list[below(list.length)];

// ------------------------------------------------------------------------------------------------- formats ---
const folder = path.join(__dirname, '../../data/pokemon/gen9-v1');
const read = name => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
const rows = Object.fromEntries(read('formats.json').map(f => [f.id, f]));
const clauses = Object.fromEntries(read('clauses.json').map(c => [c.id, c]));
const dex = Dex.mod('gen9');
const TAGS = {restricted_legendary: 'Restricted Legendary', mythical: 'Mythical'};
const ONCE = {species: 'Species Clause', item: 'Item Clause = 1', nickname: 'Nickname Clause'};

// The rules of one of our formats in the words of the simulator.
function rulesOf(f) {
    const rules = [], ban = f.ban || {};
    for (const c of f.clauses.map(id => clauses[id])) {
        if (c.once) rules.push(ONCE[c.once]);
        for (const m of c.moves || []) rules.push('-' + dex.moves.get(m).name);
        for (const a of c.abilities || []) rules.push('-' + dex.abilities.get(a).name);
        for (const i of c.items || []) rules.push('-' + dex.items.get(i).name);
    }
    for (const t of ban.tags || []) rules.push('-' + TAGS[t]);
    for (const s of ban.species || []) { // "Landorus" alone would mean all of its formes
        const species = dex.species.get(s);
        rules.push('-' + (species.forme ? species.name : `${species.name}-Base`));
    }
    for (const m of ban.moves || []) rules.push('-' + dex.moves.get(m).name);
    for (const a of ban.abilities || []) rules.push('-' + dex.abilities.get(a).name);
    for (const i of ban.items || []) rules.push('-' + dex.items.get(i).name);
    if (f.level_set) rules.push(`Adjust Level = ${f.level_set}`);
    if (f.size[0] > 1) rules.push(`Min Team Size = ${f.size[0]}`);
    return rules;
}
const validators = {};
for (const id of ['any', 'singles', 'flat'])
    validators[id] = TeamValidator.get(`gen9anythinggoes${rulesOf(rows[id]).length ? '@@@' : ''}${rulesOf(rows[id]).join(',')}`);

// --------------------------------------------------------------------------------------------------- teams ---
const legal = list => list.filter(x => x.exists && !x.isNonstandard);
const species = legal(dex.species.all()).filter(s => !s.battleOnly);
const items = legal(dex.items.all()), natures = dex.natures.all(), moves = legal(dex.moves.all());
const abilities = legal(dex.abilities.all()).filter(a => a.id !== 'noability');
const TYPES = dex.types.all().filter(t => !t.isNonstandard).map(t => t.name);
const STATS = ['hp', 'atk', 'def', 'spa', 'spd', 'spe'];
const pools = new Map();
function pool(s) {
    if (!pools.has(s.id)) pools.set(s.id, [...dex.species.getMovePool(s.id)].filter(m => !dex.moves.get(m).isNonstandard).sort());
    return pools.get(s.id);
}

function randomSet(s) {
    const own = pool(s).slice(), set = {species: s.name, name: '', moves: []};
    while (set.moves.length < 4 && own.length) set.moves.push(dex.moves.get(own.splice(below(own.length), 1)[0]).name);
    if (s.requiredMove && !set.moves.includes(s.requiredMove)) set.moves[0] = s.requiredMove;
    set.ability = one(Object.values(s.abilities));
    set.item = s.requiredItems ? one(s.requiredItems.filter(i => !dex.items.get(i).isNonstandard)) : one(items).name;
    set.nature = one(natures).name;
    set.gender = s.gender || one(['M', 'F', '']);
    set.level = 100;
    set.evs = Object.fromEntries(STATS.map(k => [k, 0]));
    const [a, b, c] = STATS.slice().sort(() => below(2) - 0.5);
    set.evs[a] = 252;
    set.evs[b] = 4 * below(64);
    set.evs[c] = 4;
    if (a === b || b === c) set.evs[b] += 1;
    set.ivs = Object.fromEntries(STATS.map(k => [k, 31]));
    if (below(4) === 0) set.ivs.atk = below(2);
    set.teraType = s.requiredTeraType || one(TYPES);
    if (below(12) === 0) set.shiny = true;
    return set;
}

function randomTeam(size) {
    const team = [], seen = new Set(), held = new Set();
    while (team.length < size) {
        const s = one(species), set = randomSet(s);
        if (seen.has(s.num) || held.has(set.item)) continue;
        seen.add(s.num);
        held.add(set.item);
        team.push(set);
    }
    return team;
}

// ------------------------------------------------------------------------------------------------ mistakes ---
const setOf = (team, test) => { const found = team.filter(test); return found.length ? one(found) : null; };
const spoils = {
    none: () => true,
    species_unknown: t => { one(t).species = one(['Missingno.', 'Pikachoo', 'Agumon']); },
    species_other_generation: t => { one(t).species = one(['Beedrill', 'Kangaskhan', 'Genesect', 'Scolipede']); },
    species_twice: t => { const s = dex.species.get(t[0].species); t[1] = {...randomSet(s), item: t[1].item}; },
    forme_battle_only: t => { t[0] = randomSet(dex.species.get(one(['Meloetta', 'Morpeko', 'Palafin', 'Cramorant', 'Zacian', 'Ogerpon', 'Terapagos', 'Minior', 'Eiscue', 'Mimikyu'])));
        const s = dex.species.get(t[0].species); t[0].species = one((s.otherFormes || []).filter(f => dex.species.get(f).battleOnly)) || s.name; },
    forme_without_item: t => { const s = dex.species.get(one(['Giratina-Origin', 'Arceus-Fire', 'Ogerpon-Wellspring', 'Dialga-Origin', 'Zacian-Crowned', 'Palkia-Origin']));
        t[0] = {...randomSet(s), item: one(['Leftovers', 'Life Orb', ''])}; },
    forme_by_item: t => { const [s, i] = one([['Giratina', 'Griseous Core'], ['Arceus', 'Flame Plate'], ['Ogerpon', 'Wellspring Mask'], ['Dialga', 'Adamant Crystal'], ['Zacian', 'Rusted Sword'], ['Palkia', 'Lustrous Globe']]);
        t[0] = {...randomSet(dex.species.get(s)), item: i}; },
    forme_with_move: t => { t[0] = randomSet(dex.species.get(one(['Keldeo', 'Keldeo-Resolute', 'Hoopa', 'Hoopa-Unbound']))); if (below(2)) t[0].moves[1] = one(['Secret Sword', 'Hyperspace Fury', 'Hyperspace Hole']); },
    nickname: t => { one(t).name = one(['Rex', 'Kyogre', 'A very long nickname', 'eighteen letters!!', 'Käthe', '日本', 'x'.repeat(19)]); },
    nickname_twice: t => { t[0].name = t[1].name = 'Rex'; },
    ability_of_others: t => { one(t).ability = one(abilities).name; },
    ability_missing: t => { one(t).ability = 'No Ability'; },
    ability_unknown: t => { one(t).ability = 'Great Courage'; },
    item_unknown: t => { one(t).item = 'Golden Apple'; },
    item_other_generation: t => { one(t).item = one(['Venusaurite', 'Normalium Z', 'Berserk Gene', 'Bug Memory', 'Lax Incense']); },
    item_twice: t => { t[1].item = t[0].item; },
    item_none: t => { one(t).item = ''; },
    move_unknown: t => { one(t).moves[0] = 'Hug'; },
    move_other_generation: t => { one(t).moves[0] = one(['Return', 'Hidden Power Fire', 'Pursuit', 'Max Flare', 'Frustration']); },
    move_not_learned: t => { const set = one(t); set.moves[0] = one(moves).name; },
    move_twice: t => { const set = setOf(t, x => x.moves.length > 1); if (!set) return false; set.moves[1] = set.moves[0]; },
    moves_five: t => { const set = setOf(t, x => pool(dex.species.get(x.species)).length > 6); const m = pool(dex.species.get(set.species)).map(x => dex.moves.get(x).name).find(x => !set.moves.includes(x)); set.moves.push(m); },
    moves_none: t => { one(t).moves = []; },
    move_ohko: t => { const set = setOf(t, x => pool(dex.species.get(x.species)).some(m => dex.moves.get(m).ohko)); if (!set) return false;
        set.moves[0] = dex.moves.get(pool(dex.species.get(set.species)).find(m => dex.moves.get(m).ohko)).name; },
    move_evasion: t => { const set = setOf(t, x => pool(dex.species.get(x.species)).includes('doubleteam')); if (!set) return false; set.moves[0] = 'Double Team'; },
    nature_unknown: t => { one(t).nature = 'Cool'; },
    nature_none: t => { one(t).nature = ''; },
    evs_total: t => { const set = one(t); for (const k of STATS.slice(below(4))) set.evs[k] = 252; set.evs.spe = 252; },
    ev_over: t => { const set = one(t); set.evs.hp = 253 + below(6); set.evs.atk = set.evs.def = set.evs.spa = set.evs.spd = set.evs.spe = 0; },
    ev_negative: t => { one(t).evs.hp = -4; },
    iv_any: t => { const set = one(t); for (const k of STATS) set.ivs[k] = below(32); },
    iv_over: t => { one(t).ivs.hp = 32 + below(10); },
    level_low: t => { const set = one(t); set.level = 1 + below(60); if (set.level === 50) set.level = 51; },
    level_over: t => { one(t).level = 101 + below(100); },
    tera_unknown: t => { one(t).teraType = 'Sound'; },
    tera_required: t => { t[0] = {...randomSet(dex.species.get(one(['Ogerpon', 'Ogerpon-Wellspring', 'Terapagos', 'Ogerpon-Hearthflame']))), teraType: one(TYPES)}; },
    shiny: t => { one(t).shiny = true; },
    gender_other: t => { const set = setOf(t, x => dex.species.get(x.species).gender); if (!set) return false; set.gender = set.gender === 'M' ? 'F' : 'M'; },
    legendary: t => { const s = one(species.filter(x => x.tags.length)); t[0] = randomSet(s); if (below(2)) for (const k of STATS) t[0].ivs[k] = one([31, 15, 0]); if (below(3) === 0) t[0].level = 1 + below(100); if (t[0].level === 50) t[0].level = 51; },
    // Level 50 is taken for a slip there.
    evolved_early: t => { const s = one(species.filter(x => x.evoLevel)); t[0] = {...randomSet(s), level: 1 + below(70)}; if (t[0].level === 50) t[0].level = 49; },
    team_of_seven: t => { while (t.length < 7) { const s = one(species); if (!t.some(x => dex.species.get(x.species).num === s.num)) t.push(randomSet(s)); } },
    team_small: t => { t.length = 1; },
};

// ------------------------------------------------------------------------------------------------ verdicts ---
const FIELDS = [ // what a sentence of the validator is about; the first that fits
    [/is learned at|event\/egg moves/, 'moves'], [/(at least|more than|at most) \d+ (different )?Pok/i, 'team'], [/bring (at|up)/i, 'team'],
    [/nickname/i, 'nickname'], [/Item Clause|limited to 1 of each item/i, 'item'], [/one of each Pok|Species Clause|limited to 1 of|more than one [A-Z]/i, 'species'],
    [/transforms in-battle with .*fix its ability/, 'ability'], [/transforms in-battle with .*fix its moves/, 'moves'],
    [/needs to hold|fix its item/, 'item'], [/needs to know the move/, 'moves'],
    [/'s item .* does not exist/, 'item'], [/'s ability .* does not exist/, 'ability'], [/'s move .* does not exist/, 'moves'],
    [/Tera(stal)? ?type/i, 'tera'], [/EVs|Awakening/, 'evs'], [/perfect IVs| IVs /, 'ivs'], [/must(?: not)? be shiny/i, 'shiny'],
    [/gender must|must be (fe)?male/, 'gender'], [/level/i, 'level'], [/invalid nature/, 'nature'],
    [/invalid ability|needs to have an ability|can't have [A-Z]/, 'ability'],
    [/invalid item/, 'item'], [/invalid move|can't learn|moves|no moves|multiple copies|because it gets replaced|is learned at/, 'moves'],
    [/only obtainable from Pokemon GO/, 'ivs'], [/does not exist|only obtainable|event-exclusive/, 'species'],
];
function fieldOf(text) { // a ban names the thing alone
    for (const [test, field] of FIELDS) if (test.test(text)) return field;
    const name = (text.match(/^(?:.*?'s (?:move|item|ability) )?(.*?) (?:is|does not|\(|can)/) || [])[1] || '';
    if (/'s move|is tagged.*move/.test(text) || dex.moves.get(name).exists) return 'moves';
    if (/'s item/.test(text) || dex.items.get(name).exists) return 'item';
    if (/'s ability/.test(text) || dex.abilities.get(name).exists) return 'ability';
    return dex.species.get(name).exists || /Restricted|Mythical/.test(text) ? 'species' : 'other';
}

function main() {
    const names = Object.keys(spoils), lines = [];
    for (let i = 0; i < COUNT; i++) {
        const format = one(['any', 'any', 'singles', 'flat']);
        // Two sets are the least in which anything can be twice; few make the one mistake stand out.
        const team = randomTeam(format === 'flat' ? 3 : 2), name = names[i % names.length];
        if (spoils[name](team) === false) continue;
        const packed = Teams.pack(team), text = JSON.stringify(team); // the validator changes what it is given
        if (process.env.WHY_LINE && Number(process.env.WHY_LINE) !== lines.length + 1) { lines.push(''); continue; }
        const problems = validators[format].validateTeam(Teams.unpack(packed));
        if (process.env.WHY_LINE) { console.log(packed, problems); return; }
        const fields = [...new Set((problems || []).filter(p => !p.startsWith('(') && !/(to be|origin).*Pokemon GO|Pokemon GO because|with a Pokemon GO/.test(p)).map(fieldOf))].sort().join(',');
        if (process.env.WHY && fields.includes('other')) console.error(problems);
        lines.push([format, name, problems ? 'illegal' : 'legal', fields || '-', packed,
            Teams.export(JSON.parse(text)).replace(/\n/g, '\\n')].join('\t'));
    }
    console.log(lines.join('\n'));
}
main();
