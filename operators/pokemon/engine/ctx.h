/*
 * ctx.h - one call of battle_step() and what it carries: the move under way, the queue of actions, who listens.
 *
 * A Pokémon on the field is named by its side: 0 or 1.  BENCHED (2) stands for one that attacks from the bench
 * (Future Sight), NOBODY for none.
 *
 * Results.  Much that happens may work, fail aloud ("But it failed!"), or fail in silence.  A result is one int:
 * a number from 0, or one of the R_ values.
 */
#ifndef BATTLE_CTX_H
#define BATTLE_CTX_H

#include "battle.h"
#include "rules.h"

#include <string.h>

/* What happens seldom stands apart from what happens always, which then needs less of a frame, and less of the cache.
 */
#define APART __attribute__((noinline))

enum { BENCHED = 2, NOBODY = -1 };
enum { TYPE_BLANK = TYPES }; /* in battle_active.types: one that burnt out, "???" in lines */

enum {
    R_UNDEF = -1,    /* nothing was said about it */
    R_NOT_FAIL = -2, /* it did nothing, which is no failure */
    R_NULL = -3,     /* failed, and that has been told or needs no word */
    R_FALSE = -4,    /* failed, to be told */
    R_TRUE = -5,
};

static inline bool worked(int r) /* R_TRUE or a number above 0 */
{
    return r == R_TRUE || r > 0;
}
static inline bool going(int r) /* as worked, or nothing was said */
{
    return r == R_TRUE || r > 0 || r == R_UNDEF;
}
int combined(int left, int right);

/* One use of a move.  A copy of its row where abilities, items and the move itself may change it. */
struct attack {
    const struct dex_move *move;
    const struct dex_effect *hit_effect; /* primary effects */
    uint64_t flags;
    uint16_t number;
    ref source;     /* what made it be used: another move, an ability */
    ref boosted_by; /* ability that changed its type and strengthens it */
    int16_t power;
    uint16_t total;  /* damage of all hits so far */
    uint16_t damage; /* constant damage */
    uint16_t flung;  /* item that Fling throws */
    uint16_t z_base; /* the move that became this Z-Move, 0: it is none */
    int8_t user, target;
    int8_t priority;
    int8_t type_mod;
    uint8_t type, category, target_kind;
    uint8_t accuracy; /* 0: always hits */
    uint8_t crit, hit, hits[2];
    uint8_t heal[2];      /* part of the target's HP that it gets */
    uint8_t chance_times; /* of secondary effects */
    uint8_t extra_flinch; /* chance of 100 */
    uint8_t self_switch;
    uint8_t offense_now; /* 1 + stat, when it is not that of its row */
    uint8_t echo;        /* free for natives of the move */
    bool flung_part, multi, sure_crit, no_crit, crit_now, last_hit, always_hit, ignore_ability, ignore_immunity,
        infiltrates, pranked, has_sheer_force, landing, ignore_accuracy, serene, calls_bounce, self_dropped, external,
        bounced, force_stab, no_secondaries, no_self, stellar_boosted, bond, contact_off, fallen_back, breaks_protect,
        hit_through, z, z_chosen, z_broke; /* a Z-Move; chosen as one, not called by one; it broke a shield */
    const struct dex_effect *self_now;     /* the user's own part, when it is not that of its row */
    struct dex_effect own;                 /* room for a changed hit_effect */
};

enum { ACTION_CALLED = 2 }; /* action.locked */

struct action {
    uint8_t kind; /* enum action_kind */
    uint8_t side;
    uint8_t arg; /* move slot or party slot */
    uint8_t order;
    int16_t priority; /* tenths */
    int16_t speed;
    int8_t fraction;
    uint8_t locked;       /* the move comes from lock_move, not from a slot; ACTION_CALLED: Round made it come next */
    int8_t move_priority; /* as the abilities have it */
    bool pranked;
    uint16_t move; /* 0xfff: none, it recharges */
    uint16_t z;    /* the move it is as a Z-Move (status moves: itself), 0: it is used as usual */
};
enum action_kind {
    ACT_START,
    ACT_INSTASWITCH,
    ACT_BEFORE_TURN,
    ACT_BEFORE_TURN_MOVE,
    ACT_REVIVE,
    ACT_RUN_SWITCH,
    ACT_SWITCH,
    ACT_MEGA,
    ACT_TERA,
    ACT_CHARGE_MOVE,
    ACT_MOVE,
    ACT_RESIDUAL
};

enum { ACTIONS = 12 };

/* The effects at work that hang on one Pokémon, side or the field, in the order in which they are asked; those
 * without a hook are left out. */
struct carrier {
    struct events hears[HEARINGS]; /* of all together; see struct effect */
    struct events awake;           /* as HEARS_OWN, but for updates that can come to nothing now */
    bool update_hurt;              /* some wait on `update` until their holder is hurt */
    int n;
    const struct effect *list[VOLATILES + 3]; /* status, volatiles, ability, item */
};

struct ctx { /* one call of battle_step() */
    struct battle *b;
    const struct dex *dex;
    const struct dex_rules *rules;
    struct battle_log *log;
    struct battle_known *known; /* NULL: nobody wants to know */
    bool watched;               /* there is a log or what is known */
    struct battle_mon *mon[3];
    struct battle_active *on[3];
    struct attack *attack; /* the active move */
    int active_user, active_target;
    /* who listens to what, kept by listeners.c */
    uint8_t dirty; /* bits 0, 1: of that side's Pokémon; 2: sides and field */
    bool ability_off[3], item_off[3], weather_off;
    bool some_off;              /* of them all, but for BENCHED */
    bool update_hurt;           /* of any of of_mon */
    struct events any;          /* heard of anybody; all while it must be found out anew */
    struct events around_of[2]; /* heard through sides and field when it happens to that one */
    struct events around;       /* of both together */
    struct events by_target[3]; /* heard when it happens to this one, whoever does it */
    struct events by_source[4]; /* [1 + source]: heard when this one does it */
    int depth;
    int programs;         /* run in this step */
    struct action *queue; /* what is still to be done: the next of `actions` */
    int queue_n;
    struct action actions[4 * ACTIONS];
    int32_t speed[3];
    uint32_t move_event; /* index + 1 of the last move line, for marks */
    struct {
        uint8_t side;
        int8_t by;
        ref cause;
    } fainted[4];
    int fainted_n;
    int bench_slot, bench_side; /* of BENCHED */
    struct battle_active bench_on;
    bool ended, asked, undecided, called;
    uint8_t fixed_roll;     /* 1 + per cent off, for calculators; 0: drawn */
    uint32_t sequence;      /* in which the next boost() tells its stages; see dex_effect */
    int8_t action_priority; /* of the action that runs */
    uint8_t fell_with[2];   /* status that who fell in this step had then */
    int8_t falling;         /* side whose Pokémon's faint is being told: it is there still, but counts no more */
    bool action_pranked;
    bool z_now;         /* run_move() is to use the move as a Z-Move */
    struct attack done; /* the last move used, when it is over */
    const struct attack *attack_done;
    struct carrier of_mon[2], of_side[2], of_field;
    int around_n; /* effects of the latter three */
};

enum move_result { MOVE_UNKNOWN, MOVE_DONE, MOVE_NULL, MOVE_FAILED };

#endif
