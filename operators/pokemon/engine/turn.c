/*
 * turn.c - the course of a battle: sending out, turns, replacements, the end.
 *
 * A turn is a queue of actions.  It may halt in the middle, when U-turn asks its user's side for a switch; what is
 * queued then stays in the state, so a halted turn can be stored and copied like any other.
 */
#include "engine.h"
#include "queue.h"

/* ----------------------------------------------------------------------------------------------- the parts --- */

void bind_active(struct ctx *c, int side)
{
    c->mon[side] = &c->b->sides[side].party[c->b->sides[side].active];
    c->on[side] = &c->b->sides[side].on;
}

void bind_bench(struct ctx *c)
{
    changed_field(c); /* whose foe it is may have changed */
    struct battle_mon *m = &c->b->sides[c->bench_side].party[c->bench_slot];
    memset(&c->bench_on, 0, sizeof c->bench_on);
    c->mon[BENCHED] = m;
    c->on[BENCHED] = &c->bench_on;
    c->bench_on.illusion = 0xff;
    set_species(c, BENCHED, m->species);
}

void ctx_begin(struct ctx *c, struct battle *b, const struct dex *dex, struct battle_log *log)
{
    /* the lists and the queue are filled before they are read */
    c->b = b;
    c->dex = dex;
    c->rules = dex->rules;
    c->log = log && log->cap ? log : NULL;
    c->attack = NULL;
    c->active_user = c->active_target = NOBODY;
    c->dirty = 7;
    c->ability_off[0] = c->ability_off[1] = false;
    c->depth = 0;
    c->queue_n = c->fainted_n = 0;
    c->speed[0] = c->speed[1] = c->speed[2] = 0;
    c->move_event = 0;
    c->bench_side = c->bench_slot = 0;
    c->ended = c->asked = c->undecided = c->called = c->action_pranked = false;
    c->fixed_roll = 0;
    c->sequence = 0;
    c->action_priority = 0;
    c->falling = NOBODY;
    c->attack_done = &c->done;
    bind_active(c, 0);
    bind_active(c, 1);
    c->mon[BENCHED] = c->mon[0];
    c->on[BENCHED] = c->on[0];
}

int bench_left(const struct ctx *c, int side)
{
    const struct battle_side *s = &c->b->sides[side];
    int n = 0;
    for (int i = 0; i < s->size; i++)
        n += i != s->active && s->party[i].hp > 0;
    return n;
}

int can_switch(const struct ctx *c, int side)
{
    return bench_left(c, side);
}

static int team_left(const struct ctx *c, int side)
{
    const struct battle_side *s = &c->b->sides[side];
    int n = 0;
    for (int i = 0; i < s->size; i++)
        n += !(s->party[i].flags & MON_FAINT_TOLD) && !(side == c->falling && i == s->active);
    return n;
}

bool foe_left(const struct ctx *c, int t)
{
    return team_left(c, foe_of(c, t)) > 0;
}

/* ------------------------------------------------------------------------------------------------ the end --- */

static void end_battle(struct ctx *c, enum battle_winner winner)
{
    struct battle *b = c->b;
    b->phase = BATTLE_ENDED;
    b->winner = (uint8_t)winner;
    for (int i = 0; i < 2; i++) {
        b->sides[i].choices = 0;
        b->sides[i].queued = BATTLE_NOTHING_QUEUED;
    }
    c->ended = true;
    struct battle_event *e = say(c, winner == BATTLE_DRAW ? LINE_TIE : LINE_WIN, NOBODY);
    if (e && winner == BATTLE_WON_1)
        e->arg[0] = 1;
}

/* last: the side of who fainted last. */
bool check_win(struct ctx *c, int last)
{
    const int left[2] = {team_left(c, 0), team_left(c, 1)};
    if (left[0] && left[1])
        return false;
    if (c->ended)
        return true;
    if (!left[0] && !left[1])
        end_battle(c, c->dex->last_faint_draws || last == NOBODY ? BATTLE_DRAW : last ? BATTLE_WON_1 : BATTLE_WON_0);
    else
        end_battle(c, left[0] ? BATTLE_WON_0 : BATTLE_WON_1);
    return true;
}

static void end_effects(struct ctx *c, int t)
{
    const struct effect *ability = &c->rules->abilities[c->on[t]->ability], *item = &c->rules->items[c->mon[t]->item];
    if (listens(ability, EV_end))
        single(c, EV_end, ability, t, t, NOBODY, REF_NONE, NULL, R_TRUE);
    if (listens(item, EV_end))
        single(c, EV_end, item, t, t, NOBODY, REF_NONE, NULL, R_TRUE);
}

/* What hangs on two Pokémon ends with one of them. */
static void unlink_foe(struct ctx *c, int t)
{
    struct battle_active *foe = c->on[!t];
    if (has(c, !t, VOL_NO_ESCAPE))
        drop_volatile(c, !t, VOL_NO_ESCAPE);
    foe->gone |= 7;
    foe->hit_by = 0xff;
}

static void clear_active(struct ctx *c, int t)
{
    struct battle_active *on = c->on[t];
    const struct battle_mon *m = c->mon[t];
    unlink_foe(c, t);
    memset(on, 0, sizeof *on);
    on->illusion = 0xff;
    on->ability = m->ability;
    memcpy(on->moves, m->moves, sizeof on->moves);
    on->flags = ON_NEW;
    set_species(c, t, m->species);
}

/* Two formes are not told from the usual one. */
unsigned plain_looks(const struct dex *dex, unsigned species)
{
    const char *id = dex->species[species].id;
    return !strcmp(id, "greninjabond") || !strcmp(id, "rockruffdusk") ? dex->species[species].base_species : species;
}

static void say_details(struct ctx *c, enum battle_line line, int t)
{
    if (!c->log)
        return;
    unsigned shown = c->on[t]->illusion != 0xff ? c->b->sides[t].party[c->on[t]->illusion].species : c->mon[t]->species;
    shown = plain_looks(c->dex, shown);
    struct battle_event *e = say1(c, line, t, SAY_SPECIES | shown);
    if (!e)
        return;
    e->arg[1] = c->mon[t]->flags & MON_TERASTALLIZED ? c->mon[t]->tera : 0;
    e->arg[2] = c->mon[t]->level;
    if (line == LINE_DETAILS) {
        e->marks = SAID_SILENT;
        return;
    }
    e->hp = c->mon[t]->hp;
    e->hp_max = c->mon[t]->hp_max;
    e->status = c->mon[t]->status;
}

static void fall(struct ctx *c, int t, int by, ref cause)
{
    struct battle_mon *m = c->mon[t];
    struct battle_side *s = &c->b->sides[t];
    say(c, LINE_FAINT, t);
    if (s->fainted < 100)
        s->fainted++;
    m->flags |= MON_FAINT_TOLD;
    struct call e = {.event = EV_faint,
                     .target = (int8_t)t,
                     .source = (int8_t)by,
                     .cause = cause,
                     .value = R_TRUE,
                     .mod = 4096,
                     .a = c->attack};
    m->flags &= (uint16_t)~MON_FAINT_TOLD;
    c->falling = (int8_t)t;
    if (heard(c, EV_faint, t, by))
        dispatch(c, &e);
    end_effects(c, t);
    c->falling = NOBODY;
    const bool regresses = m->flags & MON_REGRESS && !has(c, t, VOL_TRANSFORMED);
    if (regresses)
        regress(c, m);
    m->flags |= MON_FAINT_TOLD;
    clear_active(c, t);
    m->status = STATUS_NONE;
    m->status_n = 0;
    m->flags &= (uint16_t) ~(MON_TERASTALLIZED | MON_REGRESS);
    if (regresses)
        say_details(c, LINE_DETAILS, t);
    s->fainted_this_turn = 1;
    changed(c, t);
}

/* Tells who fainted since the last time.  decide: the battle may end here. */
bool faint_messages(struct ctx *c, bool decide)
{
    if (c->ended || !c->fainted_n)
        return false;
    int last = NOBODY, n = 0, by = NOBODY;
    ref cause = REF_NONE;
    const int length = c->fainted_n;
    while (n < c->fainted_n) {
        int t = c->fainted[n].side;
        by = c->fainted[n].by;
        cause = c->fainted[n].cause;
        const int before = c->fainted_n;
        if (!(c->mon[t]->flags & MON_FAINT_TOLD)) {
            fall(c, t, by, cause);
            if (c->fainted_n > before)
                decide = true;
            last = t;
        }
        n++;
    }
    c->fainted_n = 0;
    c->undecided |= !decide;
    if (decide && check_win(c, last))
        return true;
    if (last != NOBODY && length) {
        struct call e = {.event = EV_after_faint,
                         .target = (int8_t)last,
                         .source = (int8_t)by,
                         .cause = cause,
                         .value = length,
                         .mod = 4096,
                         .a = c->attack};
        if (heard(c, EV_after_faint, last, by))
            dispatch(c, &e);
    }
    return false;
}

/* ------------------------------------------------------------------------------------------ coming, going --- */

/* What Baton Pass leaves behind. */
static bool stays_behind(unsigned v)
{
    static const uint8_t kept[] = {
        VOL_ATTRACT,        VOL_COUNTER,    VOL_DEFENSE_CURL, VOL_DESTINY_BOND, VOL_DISABLE,     VOL_ENCORE,
        VOL_GLAIVE_RUSH,    VOL_IMPRISON,   VOL_LOCK_ON,      VOL_MINIMIZE,     VOL_MIRROR_COAT, VOL_SALT_CURE,
        VOL_SMACK_DOWN,     VOL_STOCKPILE,  VOL_SYRUP_BOMB,   VOL_TORMENT,      VOL_YAWN,        VOL_NO_ESCAPE,
        VOL_CHOICE_LOCK,    VOL_FLASH_FIRE, VOL_UNBURDEN,     VOL_TRUANT,       VOL_TRANSFORMED, VOL_ZEN_MODE,
        VOL_PROTOSYNTHESIS, VOL_QUARK_DRIVE};
    for (size_t i = 0; i < sizeof kept; i++)
        if (kept[i] == v)
            return true;
    return false;
}

static void copy_passed(struct battle_active *to, const struct battle_active *from, int kind)
{
    if (kind == 2)
        memcpy(to->boosts, from->boosts, STAGES);
    for (unsigned v = 0; v < VOLATILES; v++) {
        if (!(from->volatiles[v / 64] >> (v % 64) & 1) || (kind == 3 ? v != VOL_SUBSTITUTE : stays_behind(v)))
            continue;
        to->volatiles[v / 64] |= 1ull << (v % 64);
        if (v < VOLATILES_TIMED)
            to->turns[v] = from->turns[v];
    }
    to->substitute = from->substitute;
    to->confusion = from->confusion;
    to->echo = from->echo;
    to->fury = from->fury;
    to->stall = from->stall;
    to->bound_move = from->bound_move;
    to->bound_part = from->bound_part;
    to->gone = from->gone;
}

static void after_pass(struct ctx *c, int t)
{
    if (has(c, t, VOL_POWER_TRICK)) {
        uint16_t *s = c->on[t]->stats, atk = s[STAT_ATK];
        s[STAT_ATK] = s[STAT_DEF];
        s[STAT_DEF] = atk;
    }
    if (has(c, t, VOL_GASTRO_ACID) && ability_marks(c, t) & DEX_BIT(MARK_CANT_SUPPRESS))
        drop_volatile(c, t, VOL_GASTRO_ACID);
}

static void run_switch(struct ctx *c, int side)
{
    unsigned arrived = 1u << side;
    while (c->queue_n && c->queue[0].kind == ACT_RUN_SWITCH)
        arrived |= 1u << queue_take(c).side;
    switch_in_event(c, arrived);
    for (int t = 0; t < 2; t++)
        if (arrived >> t & 1 && alive(c, t))
            c->on[t]->flags |= ON_STARTED;
}

/* The active one goes.  False: it cannot, or fainted on the way. */
static bool leave(struct ctx *c, int side, bool dragged)
{
    c->on[side]->flags |= ON_LEAVING;
    if (!(c->on[side]->flags & ON_BEFORE_OUT) && !dragged) {
        event(c, EV_before_switch_out, side, NOBODY, REF_NONE, NULL);
        each(c, EV_update, REF_NONE);
    }
    c->on[side]->flags &= (uint16_t)~ON_BEFORE_OUT;
    if (!worked(event(c, EV_switch_out, side, NOBODY, REF_NONE, NULL)) || !alive(c, side))
        return false;
    end_effects(c, side);
    cancel_action(c, side);
    return true;
}

/* Who goes in and who goes out change places. */
static void stand(struct battle_side *s, int slot)
{
    for (int i = 1; i < s->size; i++)
        if (s->standing[i] == slot) {
            s->standing[i] = s->standing[0];
            s->standing[0] = (uint8_t)slot;
        }
}

static bool send_in(struct ctx *c, int side, int slot, bool dragged, int pass, ref from)
{
    struct battle_side *s = &c->b->sides[side];
    struct battle_active before = s->on;
    if (slot >= s->size || slot == s->active)
        return false;
    if (dragged)
        s->pivot = 0;
    const bool stays = alive(c, side) && c->b->turn;
    if (c->b->turn && alive(c, side) && !leave(c, side, dragged))
        return false;
    if (stays)
        before = s->on;
    if (c->mon[side]->flags & MON_FAINT_TOLD)
        c->mon[side]->status = STATUS_NONE;
    if (c->mon[side]->flags & MON_TERASTALLIZED)
        s->tera_used = 1;
    unlink_foe(c, side);
    stand(s, slot);
    s->active = (uint8_t)slot;
    bind_active(c, side);
    clear_active(c, side);
    if (stays && pass > 1)
        copy_passed(&s->on, &before, pass);
    if (stays && pass > 1)
        after_pass(c, side);
    c->mon[side]->flags |= MON_SEEN;
    changed(c, side);
    changed_field(c);
    event(c, EV_before_switch_in, side, NOBODY, REF_NONE, NULL);
    say_details(c, dragged ? LINE_DRAG : LINE_SWITCH, side);
    if (c->log && from)
        c->log->events[c->log->count - 1].from = from;
    if (dragged) {
        c->speed[side] = action_speed(c, side);
        run_switch(c, side);
    } else {
        c->speed[side] = action_speed(c, side);
        queue_insert(c, ACT_RUN_SWITCH, side, 0);
    }
    return true;
}

void drag_in(struct ctx *c, int side)
{
    const struct battle_side *s = &c->b->sides[side];
    int bench[BATTLE_PARTY], n = 0;
    for (int i = 0; i < s->size; i++)
        if (i != s->active && s->party[i].hp)
            bench[n++] = i;
    if (!n)
        return;
    int slot = bench[draw(c, 0, (uint32_t)n, DRAW_DRAG)];
    if (!alive(c, side) || !worked(event(c, EV_drag_out, side, NOBODY, REF_NONE, NULL)))
        return;
    send_in(c, side, slot, true, 0, REF_NONE);
}

/* ------------------------------------------------------------------------------------------------ requests --- */

static uint16_t switches(const struct battle_side *s)
{
    unsigned mask = 0;
    for (int i = 0; i < s->size; i++)
        if (i != s->active && s->party[i].hp)
            mask |= 1u << (BATTLE_CHOICE_SWITCH + i);
    return (uint16_t)mask;
}

bool locked_move(struct ctx *c, int t, unsigned *move)
{
    if (!heard(c, EV_lock_move, t, NOBODY))
        return false;
    int r = event(c, EV_lock_move, t, NOBODY, REF_NONE, NULL);
    if (r <= 0)
        return false;
    *move = (unsigned)r;
    return true;
}

static uint16_t move_choices(struct ctx *c, int t)
{
    const struct battle_side *s = &c->b->sides[t];
    unsigned mask = 0, move;
    if (locked_move(c, t, &move))
        return 1u << BATTLE_CHOICE_FORCED;
    for (int i = 0; i < BATTLE_MOVES; i++)
        if (slot_move(c, t, i) && *slot_pp(c, t, i) && !(c->on[t]->disabled >> i & 1))
            mask |= 1u << i;
    const unsigned moves = mask;
    if (!mask)
        mask = 1u << BATTLE_CHOICE_FORCED;
    if (!c->on[t]->trapped)
        mask |= switches(s);
    if (c->dex->generation_tera && !s->tera_used && may_tera(c, t))
        mask |= moves << BATTLE_CHOICE_TERA;
    return (uint16_t)mask;
}

static void ask_moves(struct ctx *c)
{
    c->b->phase = BATTLE_CHOOSING;
    for (int i = 0; i < 2; i++) {
        c->b->sides[i].queued = BATTLE_NOTHING_QUEUED;
        c->b->sides[i].choices = move_choices(c, i);
    }
}

static uint16_t revivals(const struct battle_side *s)
{
    unsigned mask = 0;
    for (int i = 0; i < s->size; i++)
        if (s->party[i].flags & MON_FAINT_TOLD)
            mask |= 1u << (BATTLE_CHOICE_SWITCH + i);
    return (uint16_t)mask;
}

/* What is left of the turn is stored and comes back with the next step. */
static void store_queue(struct ctx *c)
{
    for (int i = 0; i < 2; i++) {
        struct battle_side *s = &c->b->sides[i];
        s->queued = BATTLE_NOTHING_QUEUED;
        for (int k = 0; k < c->queue_n; k++) {
            const struct action *a = &c->queue[k];
            if (a->side != i || (a->kind != ACT_MOVE && a->kind != ACT_SWITCH))
                continue;
            s->queued = (uint8_t)(a->kind == ACT_SWITCH ? BATTLE_CHOICE_SWITCH + a->arg
                                  : a->locked           ? BATTLE_CHOICE_FORCED
                                                        : a->arg);
            s->queued_fraction = a->fraction;
        }
    }
}

static void ask_switches(struct ctx *c, const bool asked[2], bool midway)
{
    c->b->phase = midway ? BATTLE_PIVOT : BATTLE_REPLACE;
    for (int i = 0; i < 2; i++) {
        struct battle_side *s = &c->b->sides[i];
        const bool revives = s->replacing >> SLOT_REVIVAL_BLESSING & 1;
        s->choices = !asked[i] ? 0 : revives ? revivals(s) : switches(s);
    }
    store_queue(c);
    c->asked = true;
}

/* After the turn cap. */
static void end_by_cap(struct ctx *c)
{
    uint64_t left[2] = {0, 0};
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < c->b->sides[i].size; j++) {
            const struct battle_mon *m = &c->b->sides[i].party[j];
            left[i] += ((uint64_t)m->hp << 20) / m->hp_max;
        }
    if (!c->dex->cap_by_hp)
        end_battle(c, BATTLE_DRAW);
    else
        end_battle(c, left[0] > left[1] ? BATTLE_WON_0 : left[0] < left[1] ? BATTLE_WON_1 : BATTLE_DRAW);
}

static void moves_barred(struct ctx *c, int t)
{
    struct battle_active *on = c->on[t];
    on->disabled = 0;
    event(c, EV_disable_move, t, NOBODY, REF_NONE, NULL);
    for (int i = 0; i < BATTLE_MOVES; i++) {
        const unsigned m = slot_move(c, t, i);
        struct attack a;
        if (!m)
            continue;
        if (move_row(c, m)->flags & DEX_BIT(MF_CANTUSETWICE) && on->last_move == m)
            on->disabled |= (uint8_t)(1u << i);
        if (!move_listens(c, m, EV_disable_move))
            continue;
        attack_init(c, &a, m, t);
        if (!going(move_single(c, EV_disable_move, &a, t, NOBODY, R_TRUE)))
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
    if (!(m->flags & MON_TERASTALLIZED) || m->tera == TYPE_STELLAR || s->tera_used == 2 || !memcmp(own, types, 2))
        return;
    s->tera_used = 2;
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
    switch (a->kind) {
    case ACT_MOVE:
        if (!(c->mon[t]->flags & MON_FAINT_TOLD))
            run_move_action(c, a);
        break;
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

static bool low(const struct ctx *c, int t, int before)
{
    return c->mon[t]->hp && c->mon[t]->hp <= c->mon[t]->hp_max / 2 && before > c->mon[t]->hp_max / 2;
}

static void drags(struct ctx *c)
{
    for (int t = 0; t < 2; t++)
        if (c->on[t]->flags & ON_DRAG_OUT) {
            c->on[t]->flags &= (uint16_t)~ON_DRAG_OUT;
            if (alive(c, t))
                drag_in(c, t);
        }
}

/* Who must be asked for a switch now.  True when the turn halts. */
static bool switch_requests(struct ctx *c)
{
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
    for (int i = 0; i < c->queue_n; i++)
        if (c->queue[i].kind != ACT_RESIDUAL && c->queue[i].kind != ACT_BEFORE_TURN)
            action_time(c, &c->queue[i]);
    queue_sort(c);
}

/* One action and what follows it.  True when the turn halts: the battle is over or somebody must choose. */
static bool run_action(struct ctx *c, const struct action *a)
{
    const int hp = c->mon[a->side]->hp, hps[2] = {c->mon[0]->hp, c->mon[1]->hp};
    act(c, a);
    if (c->ended)
        return true;
    drags(c);
    c->b->last_move = c->attack ? c->attack->number : c->b->last_move;
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
    if (a->kind == ACT_RESIDUAL)
        for (int t = 0; t < 2; t++)
            if (low(c, t, hps[t]))
                event(c, EV_emergency_exit, t, NOBODY, REF_NONE, NULL);
    if (a->kind == ACT_RUN_SWITCH && low(c, a->side, hp))
        event(c, EV_emergency_exit, a->side, NOBODY, REF_NONE, NULL);
    if (c->ended || switch_requests(c))
        return true;
    if (c->queue_n && c->queue[0].kind == ACT_MOVE)
        resort(c);
    return false;
}

static void run_queue(struct ctx *c)
{
    while (c->queue_n) {
        struct action a = queue_take(c);
        if (run_action(c, &a))
            return;
    }
    if (!c->ended)
        end_turn(c);
}

/* ------------------------------------------------------------------------------------------------- commit --- */

static unsigned chosen_move(struct ctx *c, int t, int choice, bool *locked)
{
    unsigned move;
    *locked = locked_move(c, t, &move);
    if (*locked)
        return move;
    *locked = choice == BATTLE_CHOICE_FORCED;
    return *locked ? M(struggle) : slot_move(c, t, choice);
}

static void commit_move(struct ctx *c, int t, int choice)
{
    const bool tera = choice >= BATTLE_CHOICE_TERA;
    const int slot = tera ? choice - BATTLE_CHOICE_TERA : choice;
    bool locked;
    const unsigned move = chosen_move(c, t, slot, &locked);
    struct action extra[3];
    int n = 0;
    const unsigned row = move == 0xfff ? 0 : move;
    if (move_listens(c, row, EV_priority_charge))
        extra[n++].kind = ACT_CHARGE_MOVE;
    if (tera)
        extra[n++].kind = ACT_TERA;
    if (move_listens(c, row, EV_before_turn_move))
        extra[n++].kind = ACT_BEFORE_TURN_MOVE;
    for (int i = 0; i < n; i++) {
        struct action *a = queue_add(c, (enum action_kind)extra[i].kind, t, slot);
        a->move = (uint16_t)move;
        action_time(c, a);
    }
    struct action *a = queue_add(c, ACT_MOVE, t, slot);
    a->move = (uint16_t)move;
    a->locked = locked;
    struct attack attack;
    if (heard(c, EV_fractional_priority, t, NOBODY)) {
        attack_init(c, &attack, row, t);
        a->fraction =
            (int8_t)(event_number(c, EV_fractional_priority, t, NOBODY, (ref)(REF_MOVE | move), &attack, 64) - 64);
    }
    action_time(c, a);
}

static void commit_switch(struct ctx *c, int t, int slot)
{
    struct action *a = queue_add(c, ACT_SWITCH, t, slot);
    action_time(c, a);
}

static void begin_turn(struct ctx *c, const int choices[2])
{
    update_speeds(c);
    for (int t = 0; t < 2; t++)
        if (choices[t] >= BATTLE_CHOICE_SWITCH && choices[t] < BATTLE_CHOICE_TERA)
            commit_switch(c, t, choices[t] - BATTLE_CHOICE_SWITCH);
        else
            commit_move(c, t, choices[t]);
    queue_sort(c);
    queue_insert(c, ACT_BEFORE_TURN, 0, 0);
    queue_add(c, ACT_RESIDUAL, 0, 0);
    run_queue(c);
}

/* The stored rest of a halted turn, behind what was just chosen. */
static void restore_queue(struct ctx *c, const uint8_t queued[2])
{
    for (int t = 0; t < 2; t++) {
        if (queued[t] == BATTLE_NOTHING_QUEUED)
            continue;
        if (queued[t] >= BATTLE_CHOICE_SWITCH) {
            commit_switch(c, t, queued[t] - BATTLE_CHOICE_SWITCH);
            continue;
        }
        bool locked;
        const unsigned move = chosen_move(c, t, queued[t], &locked);
        struct action *a = queue_add(c, ACT_MOVE, t, queued[t]);
        a->move = (uint16_t)move;
        a->locked = locked;
        a->fraction = c->b->sides[t].queued_fraction;
        action_time(c, a);
    }
}

static void go_on(struct ctx *c, const int choices[2], int phase)
{
    const uint8_t queued[2] = {c->b->sides[0].queued, c->b->sides[1].queued};
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

/* What a stored battle would offer: turn by turn it is what the engine stored itself. */
void battle_offered(struct battle *b, const struct dex *dex, uint16_t out[2])
{
    struct ctx c;
    ctx_begin(&c, b, dex, NULL);
    for (int i = 0; i < 2; i++) {
        const struct battle_side *s = &b->sides[i];
        const bool revives = s->replacing >> SLOT_REVIVAL_BLESSING & 1;
        if (b->phase == BATTLE_CHOOSING)
            out[i] = alive(&c, i) ? move_choices(&c, i) : 0;
        else
            out[i] = !s->choices ? 0 : revives ? revivals(s) : switches(s);
    }
    if (b->phase != BATTLE_CHOOSING && !out[0] && !out[1])
        out[0] = 0xffff; /* somebody must be asked */
}

static bool legal(const struct battle *b, int side, int choice)
{
    const uint16_t mask = b->sides[side].choices;
    if (!mask)
        return choice == BATTLE_NO_CHOICE;
    return choice >= 0 && choice < BATTLE_CHOICES && mask >> choice & 1;
}

uint16_t battle_choices(const struct battle *b, const struct dex *dex, int side)
{
    (void)dex;
    return b->sides[side].choices;
}

enum battle_result battle_step(struct battle *b, const struct dex *dex, int choice0, int choice1,
                               struct battle_log *log)
{
    const int choices[2] = {choice0, choice1};
    if (b->phase >= BATTLE_ENDED || b->data != dex->fingerprint || !legal(b, 0, choice0) || !legal(b, 1, choice1))
        return BATTLE_BAD_CHOICE;
    struct ctx c;
    ctx_begin(&c, b, dex, log);
    const int phase = b->phase;
    b->sides[0].choices = b->sides[1].choices = 0;
    b->phase = BATTLE_CHOOSING;
    if (phase == BATTLE_CHOOSING)
        begin_turn(&c, choices);
    else
        go_on(&c, choices, phase);
    return c.ended ? BATTLE_DONE : BATTLE_ONGOING;
}

size_t battle_step_many(struct battle *b, const struct dex *dex, size_t n, const int8_t *choices, int8_t *results)
{
    size_t going_on = 0;
    for (size_t i = 0; i < n; i++) {
        enum battle_result r = b[i].phase == BATTLE_ENDED
                                   ? BATTLE_DONE
                                   : battle_step(&b[i], dex, choices[2 * i], choices[2 * i + 1], NULL);
        if (results)
            results[i] = (int8_t)r;
        going_on += r != BATTLE_DONE;
    }
    return going_on;
}

void battle_forfeit(struct battle *b, int side, struct battle_log *log)
{
    if (b->phase == BATTLE_ENDED)
        return;
    struct ctx c;
    memset(&c, 0, sizeof c);
    c.b = b;
    c.log = log && log->cap ? log : NULL;
    end_battle(&c, side ? BATTLE_WON_0 : BATTLE_WON_1);
}

void battle_reseed(struct battle *b, uint64_t seed)
{
    b->rng = seed;
}

/* -------------------------------------------------------------------------------------------------- start --- */

/* Zacian and Zamazenta come with their sword and shield. */
static void first_forme(struct ctx *c, int t, int slot)
{
    struct battle_mon *m = &c->b->sides[t].party[slot];
    const unsigned item = m->item, forme = item ? c->dex->items[item].users[0] : 0;
    const bool sword =
        (m->species == S(zacian) && item == I(rustedsword)) || (m->species == S(zamazenta) && item == I(rustedshield));
    if (!item || !sword || !forme)
        return;
    const unsigned head = dex_move(c->dex, "ironhead");
    const unsigned bash = dex_move(c->dex, m->species == S(zacian) ? "behemothblade" : "behemothbash");
    m->species = (uint16_t)forme;
    m->ability = c->dex->species[forme].abilities[0];
    for (int i = 0; i < BATTLE_MOVES; i++)
        if (head && m->moves[i] == head) {
            m->moves[i] = (uint16_t)bash;
            m->pp[i] = c->dex->moves[bash].pp;
        }
}

static void first_in(struct ctx *c, int side)
{
    struct battle_side *s = &c->b->sides[side];
    s->active = 0;
    bind_active(c, side);
    clear_active(c, side);
    c->mon[side]->flags |= MON_SEEN;
    event(c, EV_before_switch_in, side, NOBODY, REF_NONE, NULL);
    say_details(c, LINE_SWITCH, side);
    c->speed[side] = action_speed(c, side);
    queue_insert(c, ACT_RUN_SWITCH, side, 0);
}

static void mon_from_set(const struct dex *dex, const struct battle_set *set, struct battle_mon *m)
{
    uint16_t stats[6];
    battle_stats(dex, set, stats);
    memset(m, 0, sizeof *m);
    m->species = m->first_species = set->species;
    m->hp = m->hp_max = stats[0];
    for (int i = 0; i < BATTLE_MOVES && set->moves[i]; i++) {
        m->moves[i] = set->moves[i];
        m->pp[i] = dex->moves[set->moves[i]].pp;
    }
    for (int i = 0; i < 6; i++) {
        m->ivs |= (uint32_t)set->ivs[i] << (5 * i);
        m->evs[i] = set->evs[i];
    }
    m->ability = set->ability;
    m->item = set->item;
    m->level = set->level;
    m->gender = set->gender;
    m->nature = set->nature;
    m->tera = set->tera ? set->tera : dex->species[set->species].types[0];
}

int battle_start(struct battle *b, const struct dex *dex, const struct battle_set teams[2][BATTLE_PARTY],
                 const int sizes[2], uint64_t seed, struct battle_log *log)
{
    int bad = battle_team_check(dex, teams[0], sizes[0]);
    if (bad)
        return bad;
    bad = battle_team_check(dex, teams[1], sizes[1]);
    if (bad)
        return bad - 1000;
    memset(b, 0, sizeof *b);
    b->rng = seed;
    b->data = dex->fingerprint;
    b->winner = BATTLE_UNDECIDED;
    for (int i = 0; i < 2; i++) {
        b->sides[i].size = (uint8_t)sizes[i];
        b->sides[i].queued = BATTLE_NOTHING_QUEUED;
        b->sides[i].on.illusion = 0xff;
        for (int j = 0; j < BATTLE_PARTY; j++)
            b->sides[i].standing[j] = (uint8_t)j;
        for (int j = 0; j < sizes[i]; j++)
            mon_from_set(dex, &teams[i][j], &b->sides[i].party[j]);
    }
    struct ctx c;
    ctx_begin(&c, b, dex, log);
    say(&c, LINE_BEGIN, NOBODY);
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < sizes[i]; j++)
            first_forme(&c, i, j);
    for (int i = 0; i < 2; i++)
        first_in(&c, i);
    run_queue(&c);
    return 0;
}
