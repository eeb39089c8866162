/*
 * turn.c - the course of a battle: a step, the actions of a turn, its end.
 *
 * A turn is a queue of actions.  It may halt in the middle, when U-turn asks its user's side for a switch; what is
 * queued then stays in the state, so a halted turn can be stored and copied like any other.
 */
#include "turn.h"
#include "seen.h"
#include "ties.h"

/* --------------------------------------------------------------------------------------- the end of a turn --- */

/* The move's own rules bar it. */
static APART bool bars_itself(struct ctx *c, int t, unsigned move)
{
    if (move_row(c, move)->flags & DEX_BIT(MF_CANTUSETWICE) && c->on[t]->last_move == move)
        return true;
    if (!move_listens(c, move, EV_disable_move))
        return false;
    struct attack a;
    attack_init(c, &a, move, t);
    return !going(move_single(c, EV_disable_move, &a, t, NOBODY, R_TRUE));
}

static void moves_barred(struct ctx *c, int t)
{
    struct battle_active *on = c->on[t];
    on->disabled = 0;
    event(c, EV_disable_move, t, NOBODY, REF_NONE, NULL);
    for (int i = 0; i < BATTLE_MOVES; i++) {
        const unsigned m = slot_move(c, t, i); /* 0: nothing bars it */
        if (c->rules->bars_itself[m] && bars_itself(c, t, m))
            on->disabled |= (uint8_t)(1u << i);
    }
}

static void say_types(struct ctx *c, int t, const uint8_t types[2])
{
    const struct battle_active *on = c->on[t];
    struct battle_event *e =
        say2(c, LINE_START, t, SAY_WORD | WORD_TYPECHANGE, SAY_TYPES | types[0] | (unsigned)types[1] << 5);
    if (e)
        e->marks = SAID_SILENT;
    e = on->type_added ? say2(c, LINE_START, t, SAY_WORD | WORD_TYPEADD, SAY_TYPES | on->type_added) : NULL;
    if (e)
        e->marks = SAID_SILENT;
}

/* Whose looks it has, and that one is terastallized: its Tera type is told once, while it stays on the bench. */
static void show_type_of_looks(struct ctx *c, int t)
{
    struct battle_side *s = &c->b->sides[t];
    const struct battle_mon *m = &s->party[c->on[t]->illusion];
    const uint8_t *own = c->dex->species[m->species].types, types[2] = {m->tera, TYPE_NONE};
    if (!(m->flags & MON_TERASTALLIZED) || m->tera == TYPE_STELLAR || s->once & ONCE_TERA_OF_LOOKS ||
        !memcmp(own, types, 2))
        return;
    s->once |= ONCE_TERA_OF_LOOKS;
    say_types(c, t, types);
}

/* Types that changed in silence are shown when the turn ends. */
static void show_types(struct ctx *c, int t)
{
    struct battle_active *on = c->on[t];
    if (c->mon[t]->flags & (MON_TERASTALLIZED | MON_FAINT_TOLD))
        return;
    if (on->illusion != 0xff) {
        show_type_of_looks(c, t);
        return;
    }
    if (!memcmp(on->types, on->types_shown, 2) && plain_types(c, t)) /* mostly */
        return;
    uint8_t now[2];
    keep_types(now, types_of(c, t, false, false));
    if (!memcmp(now, on->types_shown, 2))
        return;
    memcpy(on->types_shown, now, 2);
    say_types(c, t, now);
}

static void turn_passes(struct ctx *c, int t)
{
    struct battle_active *on = c->on[t];
    struct battle_side *s = &c->b->sides[t];
    on->moved = 0;
    on->result_before = on->result;
    on->result = 0;
    on->flags &= (uint16_t) ~(ON_NEW | ON_HIT_NOW);
    if (c->b->turn != 1)
        on->flags &= (uint16_t) ~(ON_USED_ITEM | ON_RAISED | ON_LOWERED | ON_HURT);
    moves_barred(c, t);
    show_types(c, t);
    on->trapped = 0;
    event(c, EV_trap, t, NOBODY, REF_NONE, NULL);
    if (!(c->mon[t]->flags & MON_FAINT_TOLD) && on->active_turns < 255)
        on->active_turns++;
    s->fainted_last_turn = s->fainted_this_turn;
    s->fainted_this_turn = 0;
}

static void end_turn(struct ctx *c)
{
    struct battle *b = c->b;
    if (b->turn >= c->dex->turn_cap) {
        end_by_cap(c);
        return;
    }
    b->turn++;
    b->last_success = 0;
    for (int t = 0; t < 2; t++)
        turn_passes(c, t);
    struct battle_event *e = say(c, LINE_TURN, NOBODY);
    if (e)
        e->arg[0] = (uint16_t)(SAY_NUMBER | b->turn);
    ask_moves(c);
}

/* ------------------------------------------------------------------------------------------------- actions --- */

static void revive(struct ctx *c, int side, int slot)
{
    struct battle_side *s = &c->b->sides[side];
    struct battle_mon *m = &s->party[slot];
    m->flags &= (uint16_t)~MON_FAINT_TOLD;
    m->status = m->status_n = 0;
    m->hp = m->hp_max / 2 ? m->hp_max / 2 : 1;
    seen_revived(c, side, slot);
    struct battle_event *e = say(c, LINE_HEAL, side);
    if (e) {
        e->who = (uint8_t)(side * 8 + slot + (slot == s->active ? 0 : SAY_BENCHED));
        e->hp = m->hp;
        e->hp_max = m->hp_max;
        e->from = REF_SLOT(SLOT_REVIVAL_BLESSING);
    }
    s->replacing &= (uint8_t) ~(1u << SLOT_REVIVAL_BLESSING);
    s->pivot = 0; /* nobody went: the next switch has nothing to do with it */
    s->pivot_move = 0;
    c->on[side]->flags &= (uint16_t)~ON_SWITCH_OUT;
}

static void charge_move(struct ctx *c, const struct action *a)
{
    struct attack move;
    if (!alive(c, a->side))
        return;
    attack_init(c, &move, a->move, a->side);
    move_single(c, a->kind == ACT_BEFORE_TURN_MOVE ? EV_before_turn_move : EV_priority_charge, &move, a->side, !a->side,
                R_TRUE);
}

static void act(struct ctx *c, const struct action *a)
{
    const int t = a->side;
    if (a->kind == ACT_MOVE) { /* mostly */
        if (!(c->mon[t]->flags & MON_FAINT_TOLD))
            run_move_action(c, a);
        return;
    }
    switch (a->kind) {
    case ACT_MEGA: mega_evolve(c, t); break;
    case ACT_TERA: terastallize(c, t); break;
    case ACT_BEFORE_TURN_MOVE:
    case ACT_CHARGE_MOVE: charge_move(c, a); break;
    case ACT_INSTASWITCH:
    case ACT_SWITCH: {
        const int pass = c->b->sides[t].pivot;
        c->b->sides[t].pivot = 0;
        const unsigned by = c->b->sides[t].pivot_move;
        ref from = pass && by ? (ref)(SAY_MOVE_BARE | by) : REF_NONE;
        c->b->sides[t].pivot_move = 0;
        c->on[t]->flags &= (uint16_t)~ON_SWITCH_OUT;
        send_in(c, t, a->arg, false, pass, from);
        break;
    }
    case ACT_REVIVE: revive(c, t, a->arg); break;
    case ACT_RUN_SWITCH: run_switch(c, t); break;
    case ACT_BEFORE_TURN: each(c, EV_before_turn, REF_NONE); break;
    case ACT_RESIDUAL:
        say(c, LINE_BLANK, NOBODY);
        c->attack = NULL;
        update_speeds(c);
        residual_event(c);
        if (!c->ended)
            say(c, LINE_UPKEEP, NOBODY);
        break;
    default: break;
    }
}

/* It fell to half of its HP or below. */
static bool low(const struct ctx *c, int t, int before)
{
    return c->mon[t]->hp && c->mon[t]->hp <= c->mon[t]->hp_max / 2 && before > c->mon[t]->hp_max / 2;
}

/* Who must be asked for a switch now.  True when the turn halts. */
static bool switch_requests(struct ctx *c)
{
    if (!((c->on[0]->flags | c->on[1]->flags) & ON_SWITCH_OUT)) /* mostly */
        return false;
    bool asked[2] = {false, false};
    for (int t = 0; t < 2; t++)
        asked[t] = c->on[t]->flags & ON_SWITCH_OUT;
    for (int t = 0; t < 2; t++) {
        const bool revives = c->b->sides[t].replacing >> SLOT_REVIVAL_BLESSING & 1;
        if (!asked[t] || revives)
            continue;
        if (!can_switch(c, t)) {
            c->on[t]->flags &= (uint16_t)~ON_SWITCH_OUT;
            c->b->sides[t].pivot = 0;
            asked[t] = false;
        } else if (alive(c, t) && !(c->on[t]->flags & ON_BEFORE_OUT)) {
            event(c, EV_before_switch_out, t, NOBODY, REF_NONE, NULL);
            c->on[t]->flags |= ON_BEFORE_OUT;
            faint_messages(c, true);
            if (c->ended)
                return true;
            if (c->mon[t]->flags & MON_FAINT_TOLD)
                asked[t] = c->on[t]->flags & ON_SWITCH_OUT;
        }
    }
    if (!asked[0] && !asked[1])
        return false;
    bool over = true;
    for (int i = 0; i < c->queue_n; i++)
        over &= c->queue[i].kind == ACT_RUN_SWITCH;
    ask_switches(c, asked, !over);
    return true;
}

static void resort(struct ctx *c)
{
    update_speeds(c);
    if (c->queue_n == 2 && c->queue[1].kind == ACT_RESIDUAL) { /* mostly: one move left, and none before it */
        if (HAS_KITS || c->queue[0].move == 0xfff || move_listens(c, c->queue[0].move, EV_modify_priority))
            action_time(c, &c->queue[0]);
        return;
    }
    for (int i = 0; i < c->queue_n; i++)
        if (c->queue[i].kind != ACT_RESIDUAL && c->queue[i].kind != ACT_BEFORE_TURN)
            action_time(c, &c->queue[i]);
    queue_sort(c);
}

/* One action and what follows it.  True when the turn halts: the battle is over or somebody must choose. */
static bool run_action(struct ctx *c, const struct action *a)
{
    const bool flees = a->kind == ACT_RESIDUAL || a->kind == ACT_RUN_SWITCH; /* who is hurt by it may */
    int hps[2];
    for (int t = 0; t < 2 && flees; t++)
        hps[t] = c->mon[t]->hp;
    act(c, a);
    if ((c->on[0]->flags | c->on[1]->flags) & ON_DRAG_OUT) /* the simulator drags even after the end */
        drags(c);
    if (c->ended)
        return true;
    if (c->attack) {
        c->b->last_move = c->attack->number;
        c->b->last_z = c->attack->z;
    }
    c->attack = NULL;
    c->active_user = NOBODY;
    faint_messages(c, true);
    if (c->ended)
        return true;
    if (!c->queue_n) {
        for (int t = 0; t < 2; t++)
            if (c->mon[t]->flags & MON_FAINT_TOLD)
                c->on[t]->flags |= ON_SWITCH_OUT;
    } else if (c->queue[0].kind == ACT_INSTASWITCH) {
        return false;
    }
    each(c, EV_update, REF_NONE);
    for (int t = 0; t < 2 && flees; t++)
        if ((a->kind == ACT_RESIDUAL || a->side == t) && low(c, t, hps[t]))
            event(c, EV_emergency_exit, t, NOBODY, REF_NONE, NULL);
    if (c->ended || switch_requests(c))
        return true;
    if (c->queue_n && c->queue[0].kind == ACT_MOVE)
        resort(c);
    return false;
}

void run_queue(struct ctx *c)
{
    while (c->queue_n) {
        struct action a = queue_take(c);
        if (run_action(c, &a))
            return;
    }
    if (!c->ended)
        end_turn(c);
}

/* -------------------------------------------------------------------------------------------------- a step --- */

void ctx_begin(struct ctx *c, struct battle *b, const struct dex *dex, struct battle_log *log)
{
    /* the lists and the queue are filled before they are read */
    c->b = b;
    c->dex = dex;
    c->rules = dex->rules;
    c->log = log && log->cap ? log : NULL;
    c->known = log ? log->known : NULL;
    c->watched = c->log || c->known;
    c->attack = NULL;
    c->active_user = c->active_target = NOBODY;
    c->dirty = 0;
    dirty(c, 7);
    memset(c->by_source, 0, sizeof c->by_source);
    for (int i = 0; i < 2; i++)
        forget_carried(&c->of_side[i]);
    forget_carried(&c->of_field);
    c->around_n = 0;
    c->around_of[0] = c->around_of[1] = c->around = (struct events){{0, 0}};
    nothing_off(c);
    c->depth = c->programs = 0;
    c->queue = c->actions + ACTIONS / 2; /* some room in front */
    c->queue_n = c->fainted_n = 0;
    c->speed[0] = c->speed[1] = c->speed[2] = 0;
    c->move_event = 0;
    c->bench_side = c->bench_slot = 0;
    c->ended = c->asked = c->undecided = c->called = c->action_pranked = false;
    c->fixed_roll = 0;
    c->z_now = false;
    c->sequence = 0;
    c->action_priority = 0;
    c->falling = NOBODY;
    c->fell_with[0] = c->fell_with[1] = STATUS_NONE;
    c->attack_done = &c->done;
    bind_active(c, 0);
    bind_active(c, 1);
    c->mon[BENCHED] = c->mon[0];
    c->on[BENCHED] = c->on[0];
}

/* Nobody waits for the turn to begin, and nothing has changed the order since it was found. */
static bool nothing_before_turn(const struct ctx *c)
{
    return !c->dirty && !c->fainted_n && (unheard(EV_before_turn) || !has_event(c->any, EV_before_turn)) &&
           !has_event(c->any, EV_update) &&
           (unheard(EV_fractional_priority) || !has_event(c->any, EV_fractional_priority)) && !any_hurt_wakes(c) &&
           !((c->on[0]->flags | c->on[1]->flags) & (ON_SWITCH_OUT | ON_DRAG_OUT));
}

static void begin_turn(struct ctx *c, const int choices[2])
{
    if (draws_ties(c))
        speeds_before(c);
    update_speeds(c);
    for (int t = 0; t < 2; t++)
        if (choices[t] >= BATTLE_CHOICE_SWITCH && choices[t] < BATTLE_CHOICE_TERA)
            commit_switch(c, t, choices[t] - BATTLE_CHOICE_SWITCH);
        else
            commit_move(c, t, choices[t]);
    queue_sort(c);
    if (!nothing_before_turn(c))
        queue_insert(c, ACT_BEFORE_TURN, 0, 0);
    else if (c->queue[0].kind == ACT_MOVE)
        queue_sort(c); /* as after that action: equals are drawn once more */
    queue_add(c, ACT_RESIDUAL, 0, 0);
    run_queue(c);
}

static void go_on(struct ctx *c, const int choices[2], int phase)
{
    const uint8_t queued[2] = {c->b->sides[0].queued, c->b->sides[1].queued};
    if (draws_ties(c))
        speeds_before(c);
    update_speeds(c);
    for (int t = 0; t < 2; t++) {
        if (choices[t] < 0)
            continue;
        const bool revives = c->b->sides[t].replacing >> SLOT_REVIVAL_BLESSING & 1;
        struct action *a = queue_add(c, revives ? ACT_REVIVE : ACT_INSTASWITCH, t, choices[t] - BATTLE_CHOICE_SWITCH);
        action_time(c, a);
    }
    queue_sort(c);
    restore_queue(c, queued);
    if (phase == BATTLE_PIVOT)
        queue_add(c, ACT_RESIDUAL, 0, 0);
    run_queue(c);
}

enum battle_result play_step(struct battle *b, const struct dex *dex, const int choices[2], struct battle_log *log)
{
    struct ctx c;
    ctx_begin(&c, b, dex, log);
    const int phase = b->phase;
    set_choices(&b->sides[0], 0);
    set_choices(&b->sides[1], 0);
    b->phase = BATTLE_CHOOSING;
    if (phase == BATTLE_CHOOSING)
        begin_turn(&c, choices);
    else
        go_on(&c, choices, phase);
    return c.ended ? BATTLE_DONE : BATTLE_ONGOING;
}
