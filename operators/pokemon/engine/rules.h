/*
 * rules.h - effects compiled: what an ability, item, move or condition does, as hooks on named events.
 *
 * A hook says: on this event, when I stand in this role to it, run this.  Its code is a short program of
 * conditions and operations (program.c) or one C function with a name (a native).  Hooks of an effect lie
 * together; its mask tells which events it listens to at all, so an event nobody listens to costs one test.
 */
#ifndef BATTLE_RULES_H
#define BATTLE_RULES_H

#include "core_rules.h"
#include "dex.h"

/* What an effect is: a class in the high four bits, a number in the rest. */
typedef uint16_t ref;
enum {
    REF_NONE = 0,
    REF_MOVE = 1 << 12,
    REF_ABILITY = 2 << 12,
    REF_ITEM = 3 << 12,
    REF_COND = 4 << 12,
    REF_WORD = 5 << 12,
    REF_CLASS = 15 << 12,
    REF_NUMBER = 0xfff
};

/* Conditions, all kinds in one row. */
enum {
    COND_STATUS = 0,
    COND_VOLATILE = COND_STATUS + STATUSES,
    COND_SIDE = COND_VOLATILE + VOLATILES,
    COND_SLOT = COND_SIDE + SIDE_CONDITIONS,
    COND_WEATHER = COND_SLOT + SLOTS,
    COND_TERRAIN = COND_WEATHER + WEATHERS,
    COND_ROOM = COND_TERRAIN + TERRAINS,
    COND_CLAUSE = COND_ROOM + ROOMS, /* + bit of enum battle_clause; these are there from the start to the end */
    CLAUSES = 2,
    COND_TIES = COND_CLAUSE + CLAUSES, /* there where all ties are drawn; ties_events.c */
    CONDS
};

#define REF_STATUS(s) ((ref)(REF_COND | (COND_STATUS + (s))))
#define REF_VOL(v) ((ref)(REF_COND | (COND_VOLATILE + (v))))
#define REF_SIDE(k) ((ref)(REF_COND | (COND_SIDE + (k))))
#define REF_SLOT(k) ((ref)(REF_COND | (COND_SLOT + (k))))
#define REF_WEATHER(w) ((ref)(REF_COND | (COND_WEATHER + (w))))
#define REF_TERRAIN(t) ((ref)(REF_COND | (COND_TERRAIN + (t))))
#define REF_ROOM(r) ((ref)(REF_COND | (COND_ROOM + (r))))

/* Kinds of immunity that are no condition. */
enum { REF_POWDER = REF_WORD | 0xf00, REF_PRANKSTER, REF_TRAPPED };

/* Events, by the names that the data uses; docs/rules.md says what each is. */
/* clang-format off */
#define EVENTS(X) \
    X(before_turn) X(update) X(weather) X(weather_change) X(terrain_change) X(room_change) X(start) X(end) \
    X(switch_in) X(before_switch_in) X(switch_out) X(before_switch_out) X(drag_out) X(faint) X(after_faint) \
    X(emergency_exit) X(residual) X(override_action) X(before_move) X(move_aborted) X(lock_move) \
    X(modify_type) X(modify_move) X(modify_priority) X(fractional_priority) X(deduct_pp) \
    X(try_move) X(prepare_hit) X(try) X(use_message) X(invulnerability) X(try_hit) X(try_hit_side) \
    X(try_hit_field) X(try_immunity) X(accuracy) X(modify_accuracy) X(modify_boost) X(hit) X(hit_side) \
    X(hit_field) X(try_primary_hit) X(damage) X(modify_crit) X(critical_hit) X(base_power) X(power) \
    X(fixed_damage) X(modify_atk) X(modify_def) X(modify_spa) X(modify_spd) X(modify_spe) X(modify_weight) \
    X(weather_modify_damage) X(modify_stab) X(effectiveness) X(negate_immunity) X(immunity) X(modify_damage) \
    X(modify_secondaries) X(damaging_hit) X(after_hit) X(after_sub_damage) X(after_move_secondary) \
    X(after_move_secondary_self) X(after_move) X(move_fail) X(charge_move) X(set_status) X(after_set_status) \
    X(try_add_volatile) X(change_boost) X(try_boost) X(after_each_boost) X(after_boost) X(try_heal) X(heal) \
    X(take_item) X(after_take_item) X(use_item) X(try_eat_item) X(eat) X(eat_item) X(use) X(after_use_item) \
    X(set_ability) X(disable_move) X(trap) X(attract) X(flinch) X(stall_move) X(set_weather) X(side_start) \
    X(after_tera) X(after_mega) X(before_turn_move) X(priority_charge) X(before_move_own) X(secondary) X(check_show)
/* clang-format on */

enum event {
    EV_NONE,
#define X(name) EV_##name,
    EVENTS(X)
#undef X
        EVENT_COUNT
};

enum role {                /* how the holder of a hook stands to the event */
            ROLE_SELF = 1, /* it happens to the holder (or its side) */
            ROLE_ALLY = 2, /* the same; told apart for order only */
            ROLE_ANY = 4,
            ROLE_FOE = 8,    /* it happens to the foe */
            ROLE_SOURCE = 16 /* the holder does it */
};

struct hook {
    uint8_t event, role;
    int8_t priority;
    uint8_t order;    /* 0: last */
    uint8_t suborder; /* 0: by kind of effect */
    uint8_t spare;
    uint16_t code; /* HOOK_NATIVE | index, or where its program begins */
    uint64_t key;  /* HOOK_KEY of these, for putting hooks in order: order, priority, room for speed, suborder */
};
#define HOOK_KEY(order, priority, suborder)                                                                            \
    ((uint64_t)((order) ? (order) : 255) << 48 | (uint64_t)(127 - (priority)) << 40 | (uint64_t)(suborder) << 16)
enum { HOOK_NATIVE = 0x8000 };

enum hearing { HEARS_OWN, HEARS_OTHER, HEARS_SOURCE, HEARINGS };

struct events { /* a set of them, a bit each */
    uint64_t w[2];
};
/* Bit n, when it lies in word w of such a set. */
#define IN_WORD(n, w) ((n) / 64 == (w) ? 1ull << (n) % 64 : 0)
static inline bool has_event(struct events set, unsigned ev)
{
    return set.w[ev / 64] >> (ev % 64) & 1;
}
#define OR_FIRST(name) | IN_WORD(EV_##name, 0)
#define OR_SECOND(name) | IN_WORD(EV_##name, 1)
static const struct events events_of_kits = {{0 EVENTS_OF_KITS(OR_FIRST), 0 EVENTS_OF_KITS(OR_SECOND)}};
#undef OR_FIRST
#undef OR_SECOND
/* Nobody can hear it, whatever happens: known when it is compiled, or false. */
static inline bool unheard(enum event ev)
{
    return !HAS_KITS && __builtin_constant_p(ev) && has_event(events_of_kits, ev);
}

/* Where an effect at work hangs: on a Pokémon, its side or the field. */
enum carrier_kind { CARRY_STATUS, CARRY_VOLATILE, CARRY_ABILITY, CARRY_ITEM, CARRY_SLOT, CARRY_SIDE, CARRY_FIELD };

enum {                          /* of an ability */
       MARK_SUPPRESSES = MARKS, /* it may turn off others, items or the weather */
       MARK_PLATED              /* its holder's type may follow its item */
};

/* When what an effect does on `update` can come to anything: that event comes after whatever happens, and mostly it is
 * a berry that waits for its holder to be hurt. */
enum {
    UPDATE_ALWAYS = 1,
    UPDATE_HURT = 2,    /* its holder has half of its HP or less */
    UPDATE_ILL = 4,     /* its holder has a status */
    UPDATE_BOTHERED = 8 /* its holder has a volatile that hears something itself */
};

struct effect {                    /* 64 bytes */
    struct events hears[HEARINGS]; /* events it listens to: of its holder, of the foe, and what the holder does */
    uint16_t hook, hooks;
    ref self;
    uint8_t suborder; /* of its kind */
    uint8_t breakable;
    uint8_t kind;    /* enum carrier_kind */
    uint8_t updates; /* UPDATE_* of its hooks */
    uint32_t marks;  /* of an ability, as in struct dex_ability, and these two */
};

/* Word w of the events it listens to in any role. */
static inline uint64_t hears(const struct effect *fx, unsigned w)
{
    return fx->hears[HEARS_OWN].w[w] | fx->hears[HEARS_OTHER].w[w] | fx->hears[HEARS_SOURCE].w[w];
}

struct ctx;
struct call;
/* Returns R_UNDEF to let things go on, or what the event becomes; may change call->value. */
typedef int native_fn(struct ctx *c, struct call *e);
struct native {
    const char *name;
    native_fn *fn;
};
extern const struct native *const native_lists[]; /* each ends with a NULL name; the last pointer is NULL */
struct native_hook {                              /* a hook that C declares itself (conditions) */
    uint16_t cond;
    uint8_t event, role;
    int8_t priority;
    uint8_t order, suborder;
    native_fn *fn;
};

/* Entries that C code asks for by name; 0 in versions that lack them. */
/* clang-format off */
#define KNOWN_ABILITIES(X) \
    X(guts) X(levitate) X(infiltrator) X(prankster) X(neutralizinggas) X(klutz) X(quickfeet) X(earlybird) \
    X(corrosion) X(sheerforce) X(illusion) X(dancer) X(contrary) X(simple) X(toxicboost) X(multitype) X(rkssystem) \
    X(magicguard) X(shielddust) X(serenegrace) X(longreach) X(airlock) X(cloudnine) X(overcoat) X(terashell) \
    X(suctioncups) X(truant) X(comatose) X(purifyingsalt) X(goodasgold) X(unseenfist) X(wonderguard) X(normalize) \
    X(scrappy) X(mindseye) X(adaptability) X(oblivious) X(stall) X(poisontouch) X(perishbody) X(magicbounce) \
    X(unburden) X(gluttony) X(ripen) X(cudchew) X(parentalbond) X(stancechange) X(schooling) X(zerotohero) \
    X(disguise) X(iceface) X(flashfire) X(soundproof) X(stickyhold) X(symbiosis) X(rockhead) X(liquidooze) \
    X(protosynthesis) X(quarkdrive) X(shellarmor) X(battlearmor) X(noguard) X(aromaveil) X(sweetveil) X(shadowtag) \
    X(mummy) X(lingeringaroma) X(naturalcure) X(vitalspirit) X(insomnia) X(sandstream) X(trace) X(imposter) \
    X(angerpoint) X(chillingneigh) X(grimneigh) X(unnerve) X(desolateland) X(primordialsea) X(deltastream) \
    X(aurabreak) X(intimidate) X(healer)
#define KNOWN_ITEMS(X) \
    X(abilityshield) X(ironball) X(airballoon) X(utilityumbrella) X(loadeddice) X(blunderpolicy) X(gripclaw) \
    X(bindingband) X(lightclay) X(heatrock) X(damprock) X(smoothrock) X(icyrock) X(terrainextender) X(powerherb) \
    X(protectivepads) X(punchingglove) X(safetygoggles) X(covertcloak) X(clearamulet) X(heavydutyboots) \
    X(boosterenergy) X(shedshell) X(lifeorb) X(bigroot) X(redcard) X(ejectbutton) X(ejectpack) X(jabocaberry) \
    X(rowapberry) X(mentalherb) X(whiteherb) X(mirrorherb) X(roomservice) X(throatspray) X(choiceband) \
    X(choicescarf) X(choicespecs) X(metronome) X(adamantcrystal) X(lustrousglobe) X(griseouscore) X(rustedsword) \
    X(rustedshield) X(bigmush) X(flameorb) X(toxicorb) X(leppaberry) X(berryjuice) X(quickclaw) X(custapberry) \
    X(micleberry) X(loadeddice2) X(blacksludge) X(leftovers)
#define KNOWN_MOVES(X) \
    X(protect) X(psychicnoise) X(trick) X(fling) X(struggle) X(toxic) X(earthquake) X(magnitude) X(surf) \
    X(whirlpool) X(gust) X(twister) X(thunder) X(hurricane) X(skyuppercut) X(smackdown) X(thousandarrows) X(facade) \
    X(hydrosteam) X(axekick) X(focuspunch) X(burnup) X(doubleshock) X(iceball) X(rollout) X(uproar) X(bide) \
    X(weatherball) X(terablast) X(terastarstorm) X(judgment) X(multiattack) X(technoblast) X(revelationdance) \
    X(naturepower) X(hiddenpower) X(substitute) X(feint) X(transform) X(rest) X(perishsong) X(pollenpuff) \
    X(bellydrum) X(solarbeam) X(solarblade) X(recharge) X(futuresight) X(doomdesire) X(bulldoze) X(fusionbolt) \
    X(fusionflare) X(shadowforce) X(phantomforce) X(fly) X(bounce) X(dig) X(dive) X(skydrop) X(electroshot) \
    X(meteorbeam) X(mefirst) X(beatup) X(sleeptalk) X(round) X(furycutter) X(helpinghand) X(dragondarts) \
    X(direclaw) X(stealthrock) X(spikes) X(toxicspikes) X(stickyweb) X(aurawheel) X(ragingbull) X(ivycudgel) \
    X(rapidspin) X(tidyup) X(wish) X(spectralthief) X(stompingtantrum) X(strengthsap) X(bugbite) X(pluck) \
    X(explosion) X(mindblown) X(mistyexplosion) X(selfdestruct) X(counter) X(metalburst) X(mirrorcoat) \
    X(watershuriken)
#define KNOWN_SPECIES(X) \
    X(shaymin) X(shayminsky) X(terapagosterastal) X(terapagosstellar) X(ogerpon) X(terapagos) X(arceus) X(silvally) \
    X(morpeko) X(morpekohangry) X(mimikyu) X(mimikyubusted) X(eiscue) X(eiscuenoice) X(cramorant) \
    X(cramorantgulping) X(cramorantgorging) X(palafin) X(palafinhero) X(minior) X(miniormeteor) X(wishiwashi) \
    X(wishiwashischool) X(aegislash) X(aegislashblade) X(darmanitan) X(meloetta) X(meloettapirouette) X(castform) \
    X(cherrim) X(cherrimsunshine) X(tatsugiri) X(dondozo) X(zacian) X(zamazenta) X(giratina) X(dialga) X(palkia) \
    X(keldeo) X(genesect) X(ditto) X(pikachu) X(greninjabond) X(greninja) X(castformsunny) X(castformrainy) \
    X(castformsnowy) X(darmanitanzen) X(darmanitangalar) X(darmanitangalarzen) X(kyogre) X(groudon) X(hoopaunbound) \
    X(hoopa) X(ogerponwellspring) X(ogerponhearthflame) X(ogerponcornerstone) X(ogerpontealtera) \
    X(ogerponwellspringtera) X(ogerponhearthflametera) X(ogerponcornerstonetera) X(necrozma) X(latias) X(latios) \
    X(rockruffdusk)

/* The same, of what only national-dex play has. */
#define KNOWN_ITEMS_PAST(X) \
    X(ultranecroziumz)
#define KNOWN_MOVES_PAST(X) \
    X(partingshot) X(kingsshield) X(secretpower)
#define KNOWN_SPECIES_PAST(X) \
    X(necrozmadawnwings) X(necrozmaduskmane) X(necrozmaultra) X(kyogreprimal) X(groudonprimal) X(zygarde) \
    X(zygardecomplete) X(mimikyutotem) X(mimikyubustedtotem)
/* clang-format on */

enum {
#define X(name) A_##name,
    KNOWN_ABILITIES(X)
#undef X
        A_COUNT
};
enum {
#define X(name) I_##name,
    KNOWN_ITEMS(X) KNOWN_ITEMS_PAST(X)
#undef X
        I_COUNT
};
enum {
#define X(name) M_##name,
    KNOWN_MOVES(X) KNOWN_MOVES_PAST(X)
#undef X
        M_COUNT
};
enum {
#define X(name) S_##name,
    KNOWN_SPECIES(X) KNOWN_SPECIES_PAST(X)
#undef X
        S_COUNT
};

struct attack;
struct dex_rules {
    struct attack *attacks;                   /* each move as a use of it begins */
    bool *bars_itself;                        /* of each move: it may be barred by what it is, or by its last use */
    bool *acts_early;                         /* of each move: it has something to do before its turn comes */
    uint8_t *full_pp;                         /* of each move, side by side: views ask for those of a whole party */
    struct effect *moves, *abilities, *items; /* by number */
    struct effect conds[CONDS];
    uint64_t volatiles[2]; /* those with hooks */
    struct hook *hooks;
    uint16_t *code;
    unsigned hooks_n, code_n;
    uint16_t abilities_known[A_COUNT], items_known[I_COUNT], moves_known[M_COUNT], species_known[S_COUNT];
};

extern native_fn *const *const battle_natives; /* by index */

const char *volatile_id(int v); /* words.c: "leechseed"; NULL for those the data cannot name */

#endif
