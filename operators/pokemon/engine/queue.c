/*
 * queue.c - the actions of a turn in their order: who acts first, and what is still to come.
 */
#include "queue.h"
#include "ties.h"

bool will_move(const struct ctx *c, int t)
{
    if (c->mon[t]->flags & MON_FAINT_TOLD)
        return false;
    for (int i = 0; i < c->queue_n; i++)
        if (c->queue[i].kind == ACT_MOVE && c->queue[i].side == t)
            return true;
    return false;
}

bool will_act(const struct ctx *c)
{
    for (int i = 0; i < c->queue_n; i++)
        if (c->queue[i].kind == ACT_MOVE || c->queue[i].kind == ACT_SWITCH || c->queue[i].kind == ACT_INSTASWITCH)
            return true;
    return false;
}

struct action *queued_move(struct ctx *c, int t)
{
    for (int i = 0; i < c->queue_n; i++)
        if (c->queue[i].kind == ACT_MOVE && c->queue[i].side == t)
            return &c->queue[i];
    return NULL;
}

static void remove_at(struct ctx *c, int i)
{
    for (c->queue_n--; i < c->queue_n; i++)
        c->queue[i] = c->queue[i + 1];
}

void cancel_action(struct ctx *c, int t)
{
    for (int i = c->queue_n - 1; i >= 0; i--)
        if (c->queue[i].side == t && c->queue[i].kind != ACT_RESIDUAL && c->queue[i].kind != ACT_BEFORE_TURN)
            remove_at(c, i);
}

/* Below 0: x comes first. */
static inline int compare(const struct action *x, const struct action *y)
{
    if (x->order != y->order)
        return x->order - y->order;
    if (x->priority != y->priority)
        return y->priority - x->priority;
    return y->speed - x->speed;
}

static inline bool in_order(const struct action *q, int n)
{
    for (int i = 0; i + 1 < n; i++)
        if (compare(&q[i], &q[i + 1]) >= 0)
            return false;
    return true;
}

static void exchange(struct action *x, struct action *y)
{
    const struct action other = *x;
    *x = *y;
    *y = other;
}

/* Equals are drawn, as the simulator shuffles them. */
static APART void put_in_order(struct ctx *c)
{
    struct action *q = c->queue;
    for (int sorted = 0; sorted + 1 < c->queue_n;) {
        int next[ACTIONS], n = 1;
        next[0] = sorted;
        for (int i = sorted + 1; i < c->queue_n; i++) {
            int order = compare(&q[next[0]], &q[i]);
            if (order > 0) {
                next[0] = i;
                n = 1;
            } else if (order == 0) {
                next[n++] = i;
            }
        }
        for (int i = 0; i < n; i++)
            if (next[i] != sorted + i)
                exchange(&q[sorted + i], &q[next[i]]);
        for (int i = 0; i < n - 1; i++)
            exchange(&q[sorted + i], &q[draw(c, (uint32_t)(sorted + i), (uint32_t)(sorted + n), DRAW_TIE)]);
        sorted += n;
    }
}

/* Two moves, when a turn begins: mostly it is no more. */
static void put_two_in_order(struct ctx *c)
{
    const int order = compare(&c->queue[0], &c->queue[1]);
    if (order > 0 || (!order && draw(c, 0, 2, DRAW_TIE)))
        exchange(&c->queue[0], &c->queue[1]);
}

void queue_sort(struct ctx *c)
{
    if (c->queue_n == 2)
        put_two_in_order(c);
    else if (!in_order(c->queue, c->queue_n)) /* seldom */
        put_in_order(c);
}

/* Priority as abilities and the move itself have it. */
static APART void ask_priority(struct ctx *c, struct action *a, unsigned number)
{
    if (!heard(c, EV_modify_priority, a->side, NOBODY) && !move_listens(c, number, EV_modify_priority))
        return;
    struct attack move;
    attack_init(c, &move, number, a->side);
    move.target = (int8_t)!a->side;
    int p = move.move->priority + 64;
    p = move_single(c, EV_modify_priority, &move, a->side, !a->side, p);
    p = event_number(c, EV_modify_priority, a->side, NOBODY, (ref)(REF_MOVE | number), &move, p) - 64;
    a->move_priority = (int8_t)p;
    a->pranked = move.pranked;
}

/* Priority as it is now, and speed as it was last found, of what a Pokémon does. */
void action_time(struct ctx *c, struct action *a)
{
    const int t = a->side;
    if (a->kind == ACT_MOVE) {
        const unsigned number = HAS_GIMMICKS && a->z ? a->z : a->move;
        if (a->move == 0xfff) {
            a->priority = a->fraction;
        } else {
            a->move_priority = move_row(c, number)->priority;
            a->pranked = false;
            if (perhaps_heard(c, EV_modify_priority, t, NOBODY) || move_listens(c, number, EV_modify_priority))
                ask_priority(c, a, number);
            a->priority = (int16_t)(10 * a->move_priority + a->fraction);
        }
    }
    a->speed = (int16_t)(c->mon[t]->flags & MON_FAINT_TOLD ? action_speed(c, t) : c->speed[t]);
}

/* The last of its equals, which is at i, goes to a place among them that is drawn. */
static APART void draw_place(struct ctx *c, int i)
{
    const struct action a = c->queue[i];
    int first = i;
    while (first && !compare(&a, &c->queue[first - 1]))
        first--;
    const int place = place_among(c, first, i);
    for (; i > place; i--)
        c->queue[i] = c->queue[i - 1];
    c->queue[place] = a;
}

/* In its place among those there; after its equals. */
void queue_insert(struct ctx *c, enum action_kind kind, int side, int arg)
{
    struct action *added = queue_add(c, kind, side, arg);
    if (kind == ACT_BEFORE_TURN)
        added->speed = 1;
    else
        action_time(c, added);
    struct action a = *added;
    int i = c->queue_n - 1;
    for (; i && compare(&a, &c->queue[i - 1]) < 0; i--)
        c->queue[i] = c->queue[i - 1];
    c->queue[i] = a;
    if (draws_ties(c))
        draw_place(c, i);
}

struct action queue_take(struct ctx *c)
{
    c->queue_n--;
    return *c->queue++;
}

/* In front of all. */
static void put_first(struct ctx *c, struct action a)
{
    if (c->queue > c->actions)
        c->queue--;
    else
        memmove(&c->queue[1], &c->queue[0], sizeof a * (size_t)c->queue_n);
    c->queue[0] = a;
    c->queue_n++;
}

void queue_next(struct ctx *c, struct action *a)
{
    struct action next = *a;
    next.order = 3;
    next.locked |= ACTION_CALLED;
    remove_at(c, (int)(a - c->queue));
    put_first(c, next);
}

/* The move comes next, whatever its speed (Instruct). */
void queue_first(struct ctx *c, enum action_kind kind, unsigned move, int t)
{
    struct action a = {.kind = (uint8_t)kind, .side = (uint8_t)t, .move = (uint16_t)move, .order = 3, .arg = 0xff};
    if (c->queue_n >= ACTIONS)
        return;
    put_first(c, a);
}
