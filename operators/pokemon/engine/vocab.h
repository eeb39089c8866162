/*
 * vocab.h - the closed vocabulary in which the data declares effects.
 *
 * A hook in the data:   {"on": "modify_atk", "priority": 5, "if": ["move type fire", "holder hp at most 1/3"],
 *                        "do": ["times 1.5"]}
 *
 * Each sentence below is a pattern; words that begin with % are arguments.  A condition may begin with "not", and
 * may be several joined by " or ".  All conditions of a hook must hold; then its operations run in order.
 *
 *     %s who: holder, foe (of the holder), target, source, user (of the move)      %n number   %r fraction n/d
 *     %x factor: 1.5, 0.5 or 4915/4096   %t type   %f move flag   %c category   %m %a %i %p ids of move, ability,
 *     item, species   %S status (or "any", "poison")   %v volatile   %w weather   %T terrain   %R room   %C side
 *     condition   %k stat   %b stages: "atk 1 spe -1"   %N native function
 */
#ifndef BATTLE_VOCAB_H
#define BATTLE_VOCAB_H

/* Conditions: C(name, pattern). */
#define VOCAB_CONDITIONS(C)                                                                                            \
    C(MOVE_TYPE, "move type %t")                                                                                       \
    C(MOVE_FLAG, "move flag %f")                                                                                       \
    C(MOVE_CATEGORY, "move category %c") C(MOVE_IS, "move is %m") C(MOVE_POWER_MAX, "move power at most %n") C(        \
        MOVE_POWER_MIN, "move power at least %n") C(MOVE_SECONDARIES, "move has secondaries")                          \
        C(MOVE_RECOIL, "move has recoil") C(MOVE_AT_FOE, "move aims at foe") C(MOVE_PRIORITY, "move has priority") C(  \
            MOVE_MULTI, "move strikes often") C(MOVE_ACCURACY, "move can miss") C(CONTACT, "contact")                  \
            C(CRIT, "critical") C(SUPER, "super effective") C(RESISTED, "resisted") C(HP_MAX, "%s hp at most %r") C(   \
                HP_MIN, "%s hp at least %r") C(HP_FULL, "%s hp full") C(ALIVE, "%s alive") C(STATUS, "%s status %S")   \
                C(TYPE, "%s type %t") C(VOLATILE, "%s volatile %v") C(ITEM_ANY, "%s item any") C(ITEM, "%s item %i")   \
                    C(ABILITY, "%s ability %a") C(SPECIES, "%s species %p") C(BASE_SPECIES, "%s kind %p")              \
                        C(GROUNDED, "%s grounded") C(IS_HOLDER, "%s is holder") C(STAGE_ABOVE, "%s stage %k above %n") \
                            C(STAGE_BELOW, "%s stage %k below %n") C(NFE, "%s can evolve") C(TERA, "%s terastallized") \
                                C(TRANSFORMED, "%s transformed") C(WEATHER_FOR, "weather %w") C(WEATHER, "sky %w")     \
                                    C(TERRAIN, "terrain %T") C(ROOM, "room %R") C(SIDE, "%s side %C") C(               \
                                        CAUSE_MOVE, "by move") C(CAUSE_ABILITY, "by ability") C(CAUSE_ITEM, "by item") \
                                        C(CAUSE_SELF, "by itself") C(ABOUT_STATUS, "about status %S")                  \
                                            C(ABOUT_VOLATILE, "about volatile %v")                                     \
                                                C(ABOUT_TYPE, "about type %t") C(ABOUT_POWDER, "about powder") C(      \
                                                    ABOUT_TRAPPED, "about trapping") C(ABOUT_SAND, "about sandstorm")  \
                                                    C(ABOUT_ITEM, "about item %i") C(ABOUT_BERRY, "about a berry") C(  \
                                                        CHANCE, "chance %n in %n") C(FOE_MOVED, "foe has moved")       \
                                                        C(FIRST_TURN, "%s first turn") C(HIT, "hit %n") C(             \
                                                            VALUE_MIN, "value at least %n") C(LETHAL, "lethal")        \
                                                            C(OPPOSITE, "opposite gender") C(SAME, "same gender")      \
                                                                C(ITEM_FLAG_BERRY, "%s item berry") C(                 \
                                                                    BOOSTED_BY_ME, "type changed by holder")           \
                                                                    C(BORN, "%s born %p") C(PINCH, "%s in a pinch")    \
                                                                        C(DISLIKES, "%s nature lowers %k")             \
                                                                            C(NEW, "%s just arrived")                  \
                                                                                C(MOVE_USED_BY, "%s used item")        \
                                                                                    C(MOVE_FIXED, "move keeps type")   \
                                                                                        C(BY_ABILITY, "by ability %a") \
                                                                                            C(CONTACT_TOLD,            \
                                                                                              "contact aloud")

/* Operations. */
#define VOCAB_OPERATIONS(O)                                                                                            \
    O(TIMES, "times %x")                                                                                               \
    O(SET, "set %n")                                                                                                   \
    O(ADD, "add %n") O(MULTIPLY, "multiply %x") O(FAIL, "fail") O(STOP, "stop") O(YES, "yes") O(NOTHING, "nothing")    \
        O(BOOST, "boost %s %b") O(BOOST_SELF, "boost quietly %s %b") O(HEAL, "heal %s %r") O(HURT, "hurt %s %r")       \
            O(SET_STATUS, "status %s %S") O(ADD_VOLATILE, "volatile %s %v") O(END_VOLATILE, "end %s %v")               \
                O(CURE, "cure %s") O(SET_WEATHER, "weather %w") O(SET_TERRAIN, "terrain %T") O(SET_ROOM, "room %R")    \
                    O(USE_ITEM, "use item") O(EAT_ITEM, "eat item") O(SHOW, "show ability") O(ACTIVATE, "activate")    \
                        O(IMMUNE, "say immune") O(BLOCK, "say fail") O(MOVE_TYPE_SET, "make type %t")                  \
                            O(FLAG_OFF, "flag off %f") O(FLAG_ON, "flag on %f") O(NEVER_MISS, "never miss")            \
                                O(SET_ACCURACY, "accuracy %n") O(NO_SECONDARIES, "no secondaries")                     \
                                    O(SECONDARY_TIMES, "secondary times %n") O(IGNORE_ABILITY, "ignore abilities")     \
                                        O(INFILTRATE, "infiltrate") O(KEEP_STAGES, "keep stages %b")                   \
                                            O(POWER_SET, "power %n") O(NATIVE, "native %N") O(SAY_ITEM, "say item")    \
                                                O(TRAP, "trap") O(SECONDARY_FLINCH, "flinch %n")                       \
                                                    O(CRIT_SURE, "sure critical")                                      \
                                                        O(KEEP_ALL, "keep stages from falling")                        \
                                                            O(TURN_TYPE, "turn into %t")                               \
                                                                O(REFUSE_STATUS, "refuse status")                      \
                                                                    O(KEEP_ATTACK, "keep attack")                      \
                                                                        O(ABSORB_BOOST, "absorb by boost %b")          \
                                                                            O(ABSORB_HEAL, "absorb by heal %r")

enum vocab {
    V_END,
#define C(name, pattern) VC_##name,
    VOCAB_CONDITIONS(C)
#undef C
        V_OPERATIONS,
#define O(name, pattern) VO_##name,
    VOCAB_OPERATIONS(O)
#undef O
        V_COUNT
};

enum { V_NOT = 0x8000, V_OR = 0x4000, V_WORD = 0x3fff };

/* Who a sentence is about. */
enum vocab_who { WHO_HOLDER, WHO_FOE, WHO_TARGET, WHO_SOURCE, WHO_USER, WHO_COUNT };

extern const char *const vocab_patterns[V_COUNT];

#endif
