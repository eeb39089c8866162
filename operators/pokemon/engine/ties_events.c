/*
 * ties_events.c - ties of those who listen to one event, drawn as the simulator draws them.
 *
 * There some effects listen that have nothing to say in singles, so no rule tells of them.  They take part in a tie all
 * the same: here they are "silent".  So that they are looked for when nobody else listens, too, a condition of the
 * field (COND_TIES) listens to their events and to those that cost a draw for the two Pokémon alone.
 */
#include "conditions.h"
#include "dispatch.h"
#include "ties.h"

/* ----------------------------------------------------------------------------------------------- the silent --- */

struct silent {
    const char *ability; /* its id; NULL: a condition.  In a version where it has something to say, it is not silent */
    uint16_t cond;       /* COND_ */
    struct hook hook;
    bool besides; /* what it has to say it says in another role */
};

#define SILENT(ev, role_, priority_, suborder_)                                                                        \
    {                                                                                                                  \
        .event = EV_##ev, .role = ROLE_##role_, .priority = (priority_), .suborder = (suborder_),                      \
        .key = HOOK_KEY(0, priority_, suborder_)                                                                       \
    }
#define ABILITY(id, ev, role, priority)                                                                                \
    {                                                                                                                  \
#id, 0, SILENT(ev, role, priority, 7), false                                                                   \
    }
#define ALSO(id, ev, role, priority)                                                                                   \
    {                                                                                                                  \
#id, 0, SILENT(ev, role, priority, 7), true                                                                    \
    }
#define VOLATILE(name, ev, role, priority)                                                                             \
    {                                                                                                                  \
        NULL, COND_VOLATILE + VOL_##name, SILENT(ev, role, priority, 2), false                                         \
    }
#define FIELD(name, ev, role, priority)                                                                                \
    {                                                                                                                  \
        NULL, COND_ROOM + ROOM_##name, SILENT(ev, role, priority, 5), false                                            \
    }

static const struct silent silents[] = {
    ABILITY(aurabreak, try_primary_hit, ANY, 0), ABILITY(battlebond, modify_move, SELF, -1),
    ABILITY(flowergift, modify_atk, ALLY, 3),    ABILITY(flowergift, modify_spd, ALLY, 4),
    ABILITY(friendguard, modify_damage, ANY, 0), ABILITY(gluttony, damage, SELF, 0),
    ABILITY(minus, modify_spa, SELF, 5),         ABILITY(parentalbond, modify_secondaries, SOURCE, 0),
    ALSO(pastelveil, set_status, ALLY, 0),       ABILITY(plus, modify_spa, SELF, 5),
    ABILITY(powerofalchemy, faint, ALLY, 0),     ABILITY(propellertail, modify_move, SELF, 1),
    ABILITY(receiver, faint, ALLY, 0),           ABILITY(stalwart, modify_move, SELF, 1),
    ABILITY(stancechange, modify_move, SELF, 1), ABILITY(symbiosis, after_use_item, ALLY, 0),
    VOLATILE(LASER_FOCUS, modify_crit, SELF, 0), FIELD(WONDER, modify_move, SELF, 0)};
enum { SILENTS = sizeof silents / sizeof *silents };

/* What stands in such a role to the event; false: nobody. */
static bool stands(const struct ctx *c, const struct call *e, enum rank rank, int *holder)
{
    const int t = e->target, side = side_of(c, t), foe = foe_of(c, t);
    *holder = rank >= RANK_FOE ? foe : side;
    switch (rank) {
    case RANK_SELF: return t != BENCHED;
    case RANK_ALLY:
    case RANK_ANY: return alive(c, side);
    case RANK_FOE:
    case RANK_FOE_ANY: return alive(c, foe);
    case RANK_SOURCE: *holder = e->source; return e->source != NOBODY && e->source != BENCHED;
    default: *holder = NOBODY; return rank == RANK_FIELD;
    }
}

static bool carries(const struct ctx *c, const struct silent *s, int holder)
{
    if (s->ability) {
        const unsigned ability = holder == NOBODY ? 0 : c->on[holder]->ability;
        return ability && !strcmp(c->dex->abilities[ability].id, s->ability) &&
               (s->besides || !listens(&c->rules->abilities[ability], (enum event)s->hook.event));
    }
    if (listens(&c->rules->conds[s->cond], (enum event)s->hook.event))
        return false;
    if (s->cond >= COND_ROOM)
        return holder == NOBODY && c->b->rooms[s->cond - COND_ROOM] % 5; /* a new one comes before the others */
    return holder != NOBODY && has(c, holder, (enum battle_volatile)(s->cond - COND_VOLATILE));
}

static enum role role_in(enum rank rank)
{
    static const uint8_t roles[] = {
        [RANK_SELF] = ROLE_SELF,   [RANK_ALLY] = ROLE_ALLY,     [RANK_ANY] = ROLE_ANY,   [RANK_FOE] = ROLE_FOE,
        [RANK_FOE_ANY] = ROLE_ANY, [RANK_SOURCE] = ROLE_SOURCE, [RANK_FIELD] = ROLE_SELF};
    return (enum role)roles[rank];
}

/* Adds those of the event to n that were found. */
static int add_silent(const struct ctx *c, const struct call *e, struct found *list, int n)
{
    for (const struct silent *s = silents; s < silents + SILENTS; s++)
        for (enum rank rank = RANK_SELF; rank <= RANK_FIELD && s->hook.event == e->event; rank++) {
            int holder;
            if (s->hook.role != role_in(rank) || !stands(c, e, rank, &holder) || !carries(c, s, holder))
                continue;
            const struct effect *fx =
                s->ability ? &c->rules->abilities[c->on[holder]->ability] : &c->rules->conds[s->cond];
            list[n++] = (struct found){&s->hook, fx, (int8_t)holder, fx->kind, (uint8_t)rank};
        }
    return n;
}

/* -------------------------------------------------------------------------------------------------- sorting --- */

/* Where the simulator comes to it: on Pokémon by its role; then the first side, the second, the field. */
static unsigned found_when(const struct found *f)
{
    if (f->rank < RANK_SIDE || f->rank == RANK_FIELD)
        return f->rank == RANK_FIELD ? UINT8_MAX : f->rank;
    return 16u + 16u * (unsigned)f->holder + f->rank;
}

/* One answer of an effect, which may be several hooks. */
static bool one_answer(const struct found *f, const struct found *g)
{
    return f->fx == g->fx && f->holder == g->holder && f->rank == g->rank;
}

/* The answers among n found, in the order in which the simulator finds them: their places and keys. */
static int answers(const struct search *s, const struct found *all, int n, uint64_t *keys, uint8_t *which)
{
    int count = 0;
    for (int k = 0; k < n; k++) {
        int i = count;
        if (k && one_answer(&all[k], &all[k - 1]))
            continue;
        for (; i && found_when(&all[which[i - 1]]) > found_when(&all[k]); i--)
            which[i] = which[i - 1];
        which[i] = (uint8_t)k;
        count++;
    }
    for (int i = 0; i < count; i++)
        keys[i] = found_key(s, &all[which[i]]) >> 16;
    return count;
}

/* Pastel Veil as its holder's ally: who is first of both answers tells why. */
static int veil_guards(struct ctx *c, struct call *e)
{
    if (e->thing != REF_STATUS(STATUS_PSN) && e->thing != REF_STATUS(STATUS_TOX))
        return R_UNDEF;
    const bool move = is_move_ref(e->cause) && move_row(c, e->cause & REF_NUMBER)->hit.status;
    if (move || e->cause == REF_OF_WORD(WORD_SYNCHRONIZE)) {
        struct battle_event *line = say1(c, LINE_BLOCK, e->target, SAY_ABILITY_FULL | (e->self & REF_NUMBER));
        if (line)
            line->of = who(c, e->holder);
    }
    return R_FALSE;
}

/* What a silent one has to say after all. */
static const struct hook *words_of_silent(const struct ctx *c, const struct call *e)
{
    const struct effect *ties = &c->rules->conds[COND_TIES];
    for (unsigned i = 0; i < ties->hooks; i++) {
        const struct hook *h = &c->rules->hooks[ties->hook + i];
        if (h->event == e->event && h->role == ROLE_ALLY)
            return h;
    }
    return NULL;
}

static bool is_ties(const struct found *f)
{
    return f->fx->self == (REF_COND | COND_TIES);
}

enum { ALL_MAX = SORTED_MAX };
_Static_assert((int)FOUND_MAX + 16 <= (int)ALL_MAX, "all that listen are sorted together");

void sort_found_drawn(struct search *s, const struct call *e)
{
    uint64_t keys[ALL_MAX];
    uint8_t which[ALL_MAX];
    struct found all[ALL_MAX];
    int heard = 0, out = 0;
    bool silent = false;
    for (int i = 0; i < s->n; i++)
        if (is_ties(&s->list[i]))
            silent = true;
        else
            all[heard++] = s->list[i];
    const int n = answers(s, all, silent ? add_silent(s->c, e, all, heard) : heard, keys, which);
    sort_with_ties(s->c, keys, which, n);
    for (int i = 0; i < n; i++) {
        const struct hook *words = which[i] < heard ? NULL : words_of_silent(s->c, e);
        if (words) {
            s->list[out] = all[which[i]];
            s->list[out++].hook = words;
        }
        for (int k = which[i]; k < heard && (k == which[i] || one_answer(&all[k], &all[which[i]])); k++)
            s->list[out++] = all[k];
    }
    s->n = out;
}

/* Nobody else listens. */
static int silent_alone(struct ctx *c, struct call *e)
{
    struct search s;
    search_begins(&s, c, IN_ORDER);
    s.n = add_silent(c, e, s.list, 0);
    if (s.n > 1) {
        uint64_t keys[ALL_MAX];
        uint8_t which[ALL_MAX];
        sort_with_ties(c, keys, which, answers(&s, s.list, s.n, keys, which));
    }
    return R_UNDEF;
}

#define LISTENS(ev)                                                                                                    \
    {                                                                                                                  \
        COND_TIES, EV_##ev, ROLE_SELF, 0, 0, 0, silent_alone                                                           \
    }
const struct native_hook condition_hooks_ties[] = {LISTENS(update),
                                                   LISTENS(before_turn),
                                                   LISTENS(weather),
                                                   LISTENS(weather_change),
                                                   LISTENS(terrain_change),
                                                   LISTENS(damage),
                                                   LISTENS(faint),
                                                   LISTENS(modify_atk),
                                                   LISTENS(modify_spa),
                                                   LISTENS(modify_spd),
                                                   LISTENS(modify_crit),
                                                   LISTENS(modify_damage),
                                                   LISTENS(modify_move),
                                                   LISTENS(set_status),
                                                   LISTENS(modify_secondaries),
                                                   LISTENS(try_primary_hit),
                                                   LISTENS(after_use_item),
                                                   {COND_TIES, EV_set_status, ROLE_ALLY, 0, 0, 0, veil_guards},
                                                   {0, EV_NONE, 0, 0, 0, 0, NULL}};
