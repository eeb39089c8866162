/*
 * vocab.h - the closed vocabulary in which the data declares effects.
 *
 * A hook in the data:   {"on": "modify_atk", "priority": 5, "if": ["move type fire", "holder hp at most 1/3"],
 *                        "do": ["times 1.5"]}
 *
 * Each sentence below is a pattern; words that begin with % are arguments.  docs/rules.md says what each means.
 *
 * A condition may begin with "not", and may be several joined by " or ".  All conditions of a hook must hold; then
 * its operations run in order.  An operation may end in " when " and conditions joined by " and "; a deed may begin
 * with "try" (its failure is the hook's answer) or "must" (its failure ends the hook in silence).
 *
 *     %s who: holder, foe (of the holder), target, source, user (of the move)      %n number   %r fraction n/d
 *     %x factor: 1.5, 0.5 or 4915/4096   %t type or "typeless"   %f move flag   %c category   %A aim of a move
 *     %m %a %i %p ids of move, ability, item, species   %S status (or "any", "poison")   %v volatile   %w weather
 *     %T terrain   %R room   %C side condition   %k stat   %b stages: "atk 1 spe -1 def max"   %q quantity
 *     %g group of stats: all, attacks, defenses   %L up to six numbers   %N native function
 */
#ifndef BATTLE_VOCAB_H
#define BATTLE_VOCAB_H

#include <stdint.h>

/* clang-format off */

/* Conditions about the move of the event: C(name, pattern). */
#define VOCAB_OF_MOVE(C) \
    C(MOVE_TYPE, "move type %t") \
    C(MOVE_FLAG, "move flag %f") \
    C(MOVE_CATEGORY, "move category %c") \
    C(MOVE_IS, "move is %m") \
    C(MOVE_POWER_MAX, "move power at most %n") \
    C(MOVE_SECONDARIES, "move has secondaries") \
    C(MOVE_FORGOES, "move forgoes secondaries") \
    C(MOVE_FLINCHES, "move may flinch") \
    C(MOVE_RECOIL, "move has recoil") \
    C(MOVE_FOR, "move is for %A") \
    C(MOVE_PRIORITY, "move has priority") \
    C(MOVE_ACCURACY, "move can miss") \
    C(MOVE_FIXED, "move keeps type") \
    C(MOVE_CONSTANT, "move damage is fixed") \
    C(MOVE_BOUNCED, "move bounced") \
    C(BOOSTED_BY_ME, "type changed by holder") \
    C(CONTACT, "contact") \
    C(CONTACT_TOLD, "contact aloud") \
    C(CRIT, "critical") \
    C(SUPER, "super effective") \
    C(RESISTED, "resisted")

/* Conditions that begin with who they are about. */
#define VOCAB_OF_WHO(C) \
    C(HP_MAX, "%s hp at most %r") \
    C(HP_MIN, "%s hp at least %r") \
    C(HP_FULL, "%s hp full") \
    C(HP_LESS, "%s hp below that of %s") \
    C(FULL_HP_MAX, "%s full hp at most %n") \
    C(PINCH, "%s in a pinch") \
    C(ALIVE, "%s alive") \
    C(IN_PLAY, "%s in play") \
    C(HEALABLE, "%s can be healed") \
    C(STATUS, "%s status %S") \
    C(OPEN_TO, "%s open to %S") \
    C(TYPE, "%s type %t") \
    C(VOLATILE, "%s volatile %v") \
    C(BEHIND, "%s behind a substitute") \
    C(ITEM_ANY, "%s item any") \
    C(ITEM, "%s item %i") \
    C(ITEM_BERRY, "%s item berry") \
    C(ATE, "%s ate a berry") \
    C(ABILITY, "%s ability %a") \
    C(BEARS, "%s bears %a") \
    C(ABILITY_FIXED, "%s ability fixed") \
    C(SPECIES, "%s species %p") \
    C(FORME, "%s forme %p") \
    C(BASE_SPECIES, "%s kind %p") \
    C(BORN, "%s born %p") \
    C(NFE, "%s can evolve") \
    C(DISLIKES, "%s nature lowers %k") \
    C(TERA, "%s terastallized") \
    C(TERA_TYPE, "%s tera %t") \
    C(TRANSFORMED, "%s transformed") \
    C(GROUNDED, "%s grounded") \
    C(UNDER, "%s under %w") \
    C(HEAVY, "%s weighs at least %n") \
    C(WEAK_TO, "%s weak to the move") \
    C(OPEN_TO_MOVE, "%s open to the move") \
    C(STRONGER_ATTACK, "%s attack above spa") \
    C(QUANTITY, "%s %q at least %n") \
    C(STAGE_ABOVE, "%s stage %k above %n") \
    C(STAGE_BELOW, "%s stage %k below %n") \
    C(STAGES_LOWERED, "%s has lowered stages") \
    C(BEST_STAT, "%s best stat %k") \
    C(ROSE_BY_ITEM, "%s rose by item") \
    C(IS_HOLDER, "%s is holder") \
    C(ON_FIELD, "%s on the field") \
    C(NEW, "%s just arrived") \
    C(CAN_SWITCH, "%s can switch") \
    C(GOING, "%s about to leave") \
    C(DRAGGED, "%s dragged out") \
    C(LEAVING, "%s leaving") \
    C(FIRST_TURN, "%s first turn") \
    C(HAS_MOVED, "%s has moved") \
    C(FAILED, "%s failed before") \
    C(WILL_ATTACK, "%s will attack") \
    C(WILL_HURRY, "%s will attack early") \
    C(WAS_HURT, "%s was hurt") \
    C(HURT_BY, "%s was hurt by %s") \
    C(ATTACKED, "%s was attacked") \
    C(RAISED, "%s was raised") \
    C(LOWERED, "%s was lowered") \
    C(STALLS, "%s can stall") \
    C(SIDE, "%s side %C") \
    C(LAYERS, "%s side %C at least %n") \
    C(LOST_ONE, "%s side lost one")

/* Conditions about the event itself, what brought it about, the field. */
#define VOCAB_OF_EVENT(C) \
    C(WEATHER_FOR, "weather %w") \
    C(WEATHER, "sky %w") \
    C(SKY_HOLDS, "sky holds %w") \
    C(TERRAIN, "terrain %T") \
    C(ROOM, "room %R") \
    C(CHANCE, "chance %n in %n") \
    C(COUNT, "count at least %n") \
    C(ONCE, "once a battle") \
    C(WORKED, "anything worked") \
    C(ACTS, "anybody still acts") \
    C(CAME_BEFORE, "move before was %m") \
    C(VALUE_MIN, "value at least %n") \
    C(LETHAL, "lethal") \
    C(OPPOSITE, "opposite gender") \
    C(SAME, "same gender") \
    C(LOWERED_BY_FOE, "lowered by foe") \
    C(CAUSE_MOVE, "by move") \
    C(CAUSE_ABILITY, "by ability") \
    C(CAUSE_ITEM, "by item") \
    C(CAUSE_SELF, "by itself") \
    C(BY_MOVE, "by move %m") \
    C(BY_ABILITY, "by ability %a") \
    C(BY_BERRY, "by a berry") \
    C(BY_STATUS, "by status %S") \
    C(BY_VOLATILE, "by volatile %v") \
    C(BY_DRAIN, "by drain") \
    C(BY_RECOIL, "by recoil") \
    C(ABOUT_STATUS, "about status %S") \
    C(ABOUT_VOLATILE, "about volatile %v") \
    C(ABOUT_TYPE, "about type %t") \
    C(ABOUT_POWDER, "about powder") \
    C(ABOUT_SAND, "about sandstorm") \
    C(ABOUT_HAIL, "about hail") \
    C(ABOUT_STRONG, "about strong weather") \
    C(ABOUT_SIDE, "about side %C") \
    C(ABOUT_STAGE, "about stage %k")

/* Operations.  Deeds may work or not: */
#define VOCAB_DEEDS(O) \
    O(BOOST, "boost %s %b") \
    O(BOOST_SELF, "boost quietly %s %b") \
    O(BOOST_SECONDARY, "boost aside %s %b") \
    O(HEAL, "heal %s %r") \
    O(HEAL_ROUNDED, "heal %s rounded %r") \
    O(HEAL_TIMES, "heal %s times %x") \
    O(HEAL_BY, "heal %s by %n") \
    O(CURE, "cure %s") \
    O(SET_STATUS, "status %s %S") \
    O(STATUS_DRAWN, "status %s one of %S %S %S") \
    O(ADD_VOLATILE, "volatile %s %v") \
    O(ADD_VOLATILE_BY, "volatile %s %v by %s") \
    O(ADD_TYPE, "add type %s %t") \
    O(TAKE_PP, "take pp %s %n") \
    O(USE_ITEM, "use item") \
    O(EAT_ITEM, "eat item") \
    O(SET_ABILITY, "ability %s %a") \
    O(COPY_ABILITY, "ability of %s to %s") \
    O(SWAP_ABILITIES, "swap abilities %s %s") \
    O(TRANSFORM, "transform %s into %s") \
    O(FORME, "forme %s %p") \
    O(FORME_FOR_GOOD, "forme for good %s %p") \
    O(SET_WEATHER, "weather %w") \
    O(SET_TERRAIN, "terrain %T") \
    O(SET_ROOM, "room %R") \
    O(SET_SIDE, "side %s %C") \
    O(CLEAR_HAZARDS, "clear hazards %s")

/* Changes just happen: to somebody, to the move, to the field and the log. */
#define VOCAB_TO_SOMEBODY(O) \
    O(HURT, "hurt %s %r") \
    O(HURT_BY, "hurt %s by value") \
    O(COST, "cost %s %r") \
    O(COST_ROUNDED, "cost %s rounded %r") \
    O(CRASH, "crash %s %r") \
    O(CRASH_ROUNDED, "crash %s rounded %r") \
    O(END_VOLATILE, "end %s %v") \
    O(END_TOLD, "end %s %v aloud") \
    O(DROP_VOLATILE, "drop %s %v") \
    O(LOSE_TYPE, "lose type %s %t") \
    O(END_SIDE, "end side %s %C") \
    O(FORGET_DAMAGE, "forget damage %s") \
    O(SAY_FAIL, "say fail %s") \
    O(SAY_MOVE_FAILS, "say move fails %s") \
    O(SAY_TOO_WEAK, "say too weak %s") \
    O(SAY_OF, "activate %s of %s")

#define VOCAB_TO_MOVE(O) \
    O(MOVE_TYPE_SET, "make type %t") \
    O(TURN_TYPE, "turn into %t") \
    O(CATEGORY_SET, "make category %c") \
    O(FLAG_OFF, "flag off %f") \
    O(FLAG_ON, "flag on %f") \
    O(NEVER_MISS, "never miss") \
    O(SET_ACCURACY, "accuracy %n") \
    O(POWER_SET, "power %n") \
    O(POWER_TIMES, "power times %n") \
    O(CRIT_SURE, "sure critical") \
    O(MOST_HITS, "most hits") \
    O(NO_SECONDARIES, "no secondaries") \
    O(FORGO_SECONDARIES, "forgo secondaries") \
    O(SECONDARY_TIMES, "secondary times %n") \
    O(SECONDARY_FLINCH, "flinch %n") \
    O(IGNORE_ABILITY, "ignore abilities") \
    O(HIT_THROUGH, "hit through immunity") \
    O(INFILTRATE, "infiltrate") \
    O(STAY, "stay")

#define VOCAB_TO_FIELD(O) \
    O(SET_COUNT, "set count %n") \
    O(STAGES_TIMES, "stages times %n") \
    O(SWAP_STAGES, "swap stages %g") \
    O(AVERAGE_STATS, "average stats %g") \
    O(SWAP_SPEEDS, "swap speeds") \
    O(TRAP, "trap") \
    O(UNTRAP, "untrap") \
    O(LEAVE_AT_ONCE, "leave at once") \
    O(FLEE, "flee") \
    O(CLEAR_WEATHER, "clear weather") \
    O(CLEAR_TERRAIN, "clear terrain") \
    O(CALM_SKY, "calm the sky") \
    O(FREE_SKY, "free the sky") \
    O(LEAVE_SKY, "leave the sky") \
    O(SHOW, "show ability") \
    O(SHOW_UNLESS_IGNORED, "show ability unless ignored") \
    O(ACTIVATE, "activate") \
    O(SAY_ITEM, "say item") \
    O(SAY_ITEM_WEAKENS, "say item weakens") \
    O(SAY_START, "say start") \
    O(SAY_END_SILENTLY, "say end silently") \
    O(SAY_PREPARE, "say prepare") \
    O(SAY_ANIMATION, "say animation") \
    O(SAY_STILL, "say still") \
    O(SAY_NOTHING, "say nothing happens") \
    O(SAY_VEILED, "say veiled") \
    O(IMMUNE, "say immune")

/* Answers end the hook: what the event becomes.  (Factors and stages that are kept let the event go on.) */
#define VOCAB_ANSWERS(O) \
    O(TIMES, "times %x") \
    O(MULTIPLY, "multiply %x") \
    O(MULTIPLY_HP, "multiply by hp of %s") \
    O(ADD, "add %n") \
    O(ADD_PER, "add %n per %q of %s") \
    O(ADD_PER_UP_TO, "add %n per %q of %s up to %n") \
    O(SET, "set %n") \
    O(SET_PER, "set %n per %q of %s") \
    O(SET_PART, "set %r of %q of %s") \
    O(SET_BY, "set by %q of %s over %s %L") \
    O(SET_SHARE, "set %n by hp of %s") \
    O(EFFECTIVENESS, "effectiveness %n") \
    O(LEAVE_ONE, "leave 1 hp") \
    O(FAIL, "fail") \
    O(STOP, "stop") \
    O(YES, "yes") \
    O(NOTHING, "nothing") \
    O(DONE, "done") \
    O(RELEASE, "release %v") \
    O(CHARGE, "charge %v") \
    O(BOOST_AT_ONCE, "boost at once") \
    O(HEAL_FAILED, "fail to heal") \
    O(BAR_BY_ROOM, "bar by %R") \
    O(BAR_MOVE, "bar move") \
    O(KEEP_STAGES, "keep stages %b") \
    O(KEEP_ALL, "keep stages from falling") \
    O(KEEP_ATTACK, "keep attack") \
    O(REFUSE_STATUS, "refuse status") \
    O(ABSORB_BOOST, "absorb by boost %b") \
    O(ABSORB_HEAL, "absorb by heal %r") \
    O(ABSORB_VOLATILE, "absorb by volatile %v") \
    O(NATIVE, "native %N")

/* clang-format on */

enum vocab {
    V_END,
#define C(name, pattern) VC_##name,
    VOCAB_OF_MOVE(C) V_OF_WHO,
    VOCAB_OF_WHO(C) V_OF_EVENT,
    VOCAB_OF_EVENT(C)
#undef C
        V_OPERATIONS,
#define O(name, pattern) VO_##name,
    VOCAB_DEEDS(O) V_TO_SOMEBODY,
    VOCAB_TO_SOMEBODY(O) V_TO_MOVE,
    VOCAB_TO_MOVE(O) V_TO_FIELD,
    VOCAB_TO_FIELD(O) V_ANSWERS,
    VOCAB_ANSWERS(O)
#undef O
        V_COUNT
};

/* A word of a program that begins a sentence: which one, and flags of conditions or of operations. */
enum {
    V_NOT = 0x8000,  /* a condition, turned over */
    V_OR = 0x4000,   /* one of several; a distance to jump when it holds follows */
    V_WHEN = 0x2000, /* an operation depends on it; a distance to jump when it does not hold follows */
    V_TRY = 0x8000,  /* a deed whose failure is the answer of the hook */
    V_MUST = 0x4000, /* a deed whose failure ends the hook in silence */
    V_WORD = 0x0fff
};

/* Who a sentence is about. */
enum vocab_who { WHO_HOLDER, WHO_FOE, WHO_TARGET, WHO_SOURCE, WHO_USER, WHO_COUNT };

/* What can be counted of somebody. */
enum vocab_quantity {
    Q_HP,        /* left */
    Q_DAMAGE,    /* that the last attack on it did */
    Q_COUNTER,   /* damage that Counter and Mirror Coat give back */
    Q_WOUNDS,    /* hits taken in the battle */
    Q_FALLEN,    /* of its side */
    Q_RISES,     /* stages above 0, all together */
    Q_STRIKES,   /* of the move under way */
    Q_STOCKPILE, /* times it has stockpiled */
    Q_WEIGHT,    /* in 100 g */
    Q_SPEED,
    Q_COUNT
};

/* Groups of stats. */
enum vocab_group { GROUP_ALL, GROUP_ATTACKS, GROUP_DEFENSES, GROUP_COUNT };

enum { VOCAB_LIST = 6 }; /* numbers of a %L; those left out are like the last one */

extern const char *const vocab_patterns[V_COUNT];
extern const uint8_t *const vocab_args; /* words of arguments of each */

#endif
