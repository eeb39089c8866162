/*
 * log.h - lines of the log, for the engine's own files and its tests.
 *
 * A line is a kind, whom it is about, up to three arguments, where it comes from and marks; log.c puts them in
 * the battle protocol's words.  An argument is a tag in the high four bits and a number in the rest.
 */
#ifndef BATTLE_LOG_H
#define BATTLE_LOG_H

#include "battle.h"

/* clang-format off */
#define BATTLE_LINES(X) \
    X(NONE, "") X(BEGIN, "start") X(TURN, "turn") X(WIN, "win") X(TIE, "tie") X(UPKEEP, "upkeep") X(BLANK, "") \
    X(MOVE, "move") X(CANT, "cant") X(SWITCH, "switch") X(DRAG, "drag") X(REPLACE, "replace") X(FAINT, "faint") \
    X(DETAILS, "detailschange") X(FORME, "-formechange") X(DAMAGE, "-damage") X(HEAL, "-heal") X(SET_HP, "-sethp") \
    X(STATUS, "-status") X(CURE, "-curestatus") X(CURE_TEAM, "-cureteam") X(BOOST, "-boost") X(UNBOOST, "-unboost") \
    X(SET_BOOST, "-setboost") X(SWAP_BOOST, "-swapboost") X(INVERT_BOOST, "-invertboost") \
    X(CLEAR_BOOST, "-clearboost") X(CLEAR_ALL, "-clearallboost") X(CLEAR_POSITIVE, "-clearpositiveboost") \
    X(CLEAR_NEGATIVE, "-clearnegativeboost") X(COPY_BOOST, "-copyboost") X(WEATHER, "-weather") \
    X(FIELD_START, "-fieldstart") X(FIELD_END, "-fieldend") X(FIELD_ACTIVATE, "-fieldactivate") \
    X(SIDE_START, "-sidestart") X(SIDE_END, "-sideend") X(SWAP_SIDES, "-swapsideconditions") X(START, "-start") \
    X(END, "-end") X(CRIT, "-crit") X(SUPER, "-supereffective") X(RESIST, "-resisted") X(BLOCK, "-block") \
    X(NO_TARGET, "-notarget") X(MISS, "-miss") X(FAIL, "-fail") X(IMMUNE, "-immune") X(ITEM, "-item") \
    X(END_ITEM, "-enditem") X(ABILITY, "-ability") X(END_ABILITY, "-endability") X(TRANSFORM, "-transform") \
    X(MEGA, "-mega") X(ACTIVATE, "-activate") X(PREPARE, "-prepare") X(MUST_RECHARGE, "-mustrecharge") \
    X(NOTHING, "-nothing") X(HIT_COUNT, "-hitcount") X(SINGLE_MOVE, "-singlemove") X(SINGLE_TURN, "-singleturn") \
    X(TERA, "-terastallize") X(OHKO, "-ohko") X(ANIM, "-anim") X(COMBINE, "-combine") X(WAITING, "-waiting") \
    X(PRIMAL, "-primal") X(BURST, "-burst") X(Z_POWER, "-zpower") X(Z_BROKEN, "-zbroken") \
    X(MESSAGE, "-message")

enum battle_line {
#define X(name, text) LINE_##name,
    BATTLE_LINES(X)
#undef X
    LINES
};

enum { /* tags of arguments; the first five are the classes of rules.h: the bare name */
    SAY_NOTHING = 0, SAY_MOVE = 1 << 12, SAY_ABILITY = 2 << 12, SAY_ITEM = 3 << 12, SAY_COND = 4 << 12,
    SAY_WORD = 5 << 12,
    SAY_MOVE_FULL = 6 << 12,    /* "move: Protect" */
    SAY_ABILITY_FULL = 7 << 12, /* "ability: Intimidate" */
    SAY_ITEM_FULL = 8 << 12,    /* "item: Leftovers" */
    SAY_NUMBER = 9 << 12,
    SAY_TYPES = 10 << 12,       /* type | second << 5 */
    SAY_SPECIES = 11 << 12,
    SAY_WHO = 12 << 12,         /* side * 8 + slot */
    SAY_STAT = 13 << 12,
    SAY_COND_FULL = 14 << 12,   /* "move: Leech Seed", of a condition */
    SAY_MOVE_BARE = 15 << 12,   /* as `from`: "[from] High Jump Kick" */
    SAY_TAG = 15 << 12, SAY_VALUE = 0xfff
};

enum { /* marks, printed at the end in this order */
    MARK_FROM_SHOWN = 0,
    SAID_STILL = 1, SAID_MISS = 2, SAID_NO_TARGET = 4, SAID_SILENT = 8, SAID_UPKEEP = 16, SAID_MSG = 32,
    SAID_FULL_FROM = 64, /* from: a move as "move: X" */
    SAID_TWO = 128,      /* the third argument is an ability that was lost; of a move: it is used as a Z-Move */
};

/* Words.  In `extra` they are printed last, as they are. */
#define BATTLE_WORDS(X) \
    X(NONE, "") X(RECOIL, "Recoil") X(STRUGGLE_RECOIL, "recoil") X(DRAIN, "drain") X(CONFUSION, "confusion") X(FLINCH, "flinch") \
    X(RECHARGE, "recharge") X(NOPP, "nopp") X(HEAL, "heal") X(TYPECHANGE, "typechange") X(TYPEADD, "typeadd") \
    X(BOOST, "boost") X(TAG_FAIL, "[fail]") X(TAG_EAT, "[eat]") X(TAG_DAMAGE, "[damage]") X(TAG_FATIGUE, "[fatigue]") \
    X(TAG_PARTIAL, "[partiallytrapped]") X(TAG_BROKEN, "[broken]") X(TAG_WEAKEN, "[weaken]") X(TAG_OHKO, "[ohko]") X(TAG_FORME, "[forme]") X(TAG_MISS, "[miss]") \
    X(TAG_GEM, "[from] gem") X(TAG_MSG, "[msg]") X(LOCKED, "lockedmove") X(TAG_IDENTIFY, "[identify]") \
    X(ATK, "Attack") X(DEF, "Defense") X(PERISH3, "perish3") X(PERISH2, "perish2") X(PERISH1, "perish1") \
    X(PERISH0, "perish0") X(STOCKPILE1, "stockpile1") X(STOCKPILE2, "stockpile2") X(STOCKPILE3, "stockpile3") \
    X(TAG_CONSUMED, "[consumed]") X(TAG_PREMAJOR, "[premajor]") X(TAG_NAME, "[from]") X(TAG_UPKEEP, "[upkeep]") \
    X(BATTLE_BOND, "Battle Bond") X(UNBOOST, "unboost") X(TAG_SILENT, "[silent]") X(TAG_ZEFFECT, "[zeffect]") \
    X(CONFUSED, "confused") X(TRAPPED, "trapped") X(MIMIC, "Mimic") X(TAG_STEAL, "[steal]") \
    X(QUASH, "move: Quash") X(BEAK_BLAST, "move: Beak Blast") X(DISGUISE, "Disguise") \
    X(REST, "rest") X(ABILITY, "[ability]") X(TAG_MOVE, "[move]") X(CRASH, "crash") X(TAG_FROM_MOVE, "[from]move: ") \
X(PROTO, "protosynthesis") X(QUARK, "quarkdrive") X(FALLEN1, "fallen1") X(FALLEN2, "fallen2") \
    X(FALLEN3, "fallen3") X(FALLEN4, "fallen4") X(FALLEN5, "fallen5") X(WATER_PLEDGE, "Water Pledge") \
    X(TAG_FROM_BOOSTER, "[fromitem]") X(PROTOATK, "protosynthesisatk") X(PROTODEF, "protosynthesisdef") \
    X(PROTOSPA, "protosynthesisspa") X(PROTOSPD, "protosynthesisspd") X(PROTOSPE, "protosynthesisspe") \
    X(QUARKATK, "quarkdriveatk") X(QUARKDEF, "quarkdrivedef") X(QUARKSPA, "quarkdrivespa") \
    X(QUARKSPD, "quarkdrivespd") X(QUARKSPE, "quarkdrivespe") X(PROTECT, "Protect") X(STATS, "stats") X(NULL, "null") X(ALL_OUT, "All Out") X(PHYSICAL, "Physical") X(SPECIAL, "Special") X(TAG_WEAK, "[weak]") X(CRASH_NAME, "crash") X(DEF_SPD, "def, spd") X(ATK_SPA, "atk, spa") X(STEAL_EAT, "stealeat") X(ACCURACY, "accuracy") X(MIND_BLOWN, "Mind Blown") X(BATON_PASS, "Baton Pass") X(SHED_TAIL, "Shed Tail") X(SYNCHRONIZE, "synchronize") X(TAG_SOURCE, "[source]") X(FALLEN_NONE, "fallenundefined") X(SKILL_SWAP, "Skill Swap") X(AS_ONE, "As One") \
    X(DESOLATE_LAND, "Desolate Land") X(PRIMORDIAL_SEA, "Primordial Sea") X(DELTA_STREAM, "Delta Stream") \
    X(DESOLATE_ID, "desolateland") X(PRIMORDIAL_ID, "primordialsea") X(DELTA_ID, "deltastream") \
    X(Z_POWER, "zpower") X(HEAL_REPLACEMENT, "healreplacement") X(TAG_HEAVY, "[heavy]") X(TAG_INTERRUPT, "[interrupt]") X(TAG_STILL, "[still]") \
    X(SLEEP_CLAUSE, "Sleep Clause Mod activated.") X(FREEZE_CLAUSE, "Freeze Clause activated.") \
    X(TAG_NO_TARGET, "[notarget]")
/* clang-format on */

enum { SAY_BENCHED = 0x40 }; /* in who: it is not on the field */

enum battle_word {
#define X(name, text) WORD_##name,
    BATTLE_WORDS(X)
#undef X
        WORDS
};

#define REF_OF_WORD(w) ((uint16_t)(5 << 12 | (w)))

#endif
