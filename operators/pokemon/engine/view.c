/*
 * view.c - what a viewer may know, and nothing else.
 *
 * A side's own Pokémon are shown as they are.  Of others it is shown what the log has told: the records that seen.c
 * keeps, and on top of them what everybody sees of the one that is out.  HP is in percent; stats, PP, nature and all
 * counters stay hidden.  One that looks like another is shown as that other.  The view is built from zero, field by
 * field, so that a new field of the state is hidden until somebody shows it here.
 */
#include "engine.h"
#include "stats.h"

static void own_details(const struct battle_mon *m, struct battle_view_mon *v)
{
    v->hp = m->hp;
    v->hp_max = m->hp_max;
    v->nature = m->nature;
    v->status_n = m->status_n;
    v->ability = m->ability;
    v->item = m->item;
    v->ability_known = v->item_known = true;
    v->tera = m->tera;
}

static void own_mon(const struct dex *dex, const struct battle_mon *m, bool active, struct battle_view_mon *v)
{
    other_stats(&dex->species[m->species], m->level, m->nature, m->ivs, m->evs, v->stats);
    v->known = v->exact = true;
    v->active = active;
    v->fainted = !m->hp;
    v->terastallized = m->flags & MON_TERASTALLIZED;
    v->species = m->species;
    v->types[0] = dex->species[m->species].types[0];
    v->types[1] = dex->species[m->species].types[1];
    v->level = m->level;
    v->gender = m->gender;
    v->status = m->status;
    own_details(m, v);
    memcpy(v->moves, m->moves, sizeof v->moves);
    memcpy(v->pp, m->pp, sizeof v->pp);
    for (int i = 0; i < BATTLE_MOVES; i++)
        v->pp_max[i] = (uint8_t)own_full_pp(dex, m, i);
}

/* As they are now; a type that was burned up is none. */
static void show_types(const struct battle_active *on, struct battle_view_mon *v)
{
    const uint8_t one = on->types[0], two = on->types[1] == TYPE_BLANK ? TYPE_NONE : on->types[1];
    v->types[0] = one == TYPE_BLANK ? two : one;
    v->types[1] = one == TYPE_BLANK ? TYPE_NONE : two;
    v->type_added = on->type_added;
}

static void take_tera_type(struct battle_view_mon *v, unsigned type)
{
    v->terastallized = true;
    v->tera = (uint8_t)type;
    if (type == TYPE_STELLAR)
        return;
    v->types[0] = (uint8_t)type;
    v->types[1] = v->type_added = 0;
}

/* What being on the field adds: a forme or type it took on. */
static void own_active(const struct dex *dex, const struct battle_side *s, struct battle_view_mon *v)
{
    const struct battle_active *on = &s->on;
    v->species = on->species ? on->species : v->species;
    show_types(on, v);
    if (v->terastallized)
        take_tera_type(v, v->tera);
    memcpy(v->stats, on->stats, sizeof v->stats);
    v->ability = on->ability;
    for (int i = 0; i < BATTLE_MOVES; i++)
        if (on->virtual_moves >> i & 1) {
            v->moves[i] = on->moves[i];
            v->pp[i] = on->pp[i];
            v->pp_max[i] = dex->moves[on->moves[i]].pp;
        }
}

static void own_party(const struct dex *dex, const struct battle_side *s, struct battle_view_side *v)
{
    for (int i = 0; i < s->size; i++)
        own_mon(dex, &s->party[i], i == s->active, &v->party[i]);
    if (s->party[s->active].hp)
        own_active(dex, s, &v->party[s->active]);
}

/* ------------------------------------------------------------------------------------------------- others --- */

/* A party member of another side, as the log left it. */
static void seen_mon(const struct dex *dex, const struct battle_mon *m, const struct battle_seen *r,
                     struct battle_view_mon *v)
{
    const bool another = r->flags & SEEN_ANOTHER;
    const unsigned tera = another ? r->tera : m->flags & MON_TERASTALLIZED ? m->tera : 0;
    v->known = true;
    v->species = (uint16_t)plain_looks(dex, m->species);
    v->types[0] = dex->species[v->species].types[0];
    v->types[1] = dex->species[v->species].types[1];
    v->gender = m->gender;
    v->level = another ? r->level : m->level;
    v->status = another ? r->status : m->status;
    v->hp = r->hp;
    v->hp_max = 100;
    v->fainted = !r->hp;
    v->nature = 0xff;
    if (tera)
        take_tera_type(v, tera);
    memcpy(v->moves, r->moves, sizeof v->moves);
    v->ability_known = r->flags & SEEN_ABILITY;
    v->item_known = r->flags & SEEN_ITEM;
    v->ability = v->ability_known ? r->ability : 0;
    v->item = v->item_known ? r->item : 0;
}

/* An ability that changed is known when a line said so. */
static void front_ability(const struct battle_side *s, unsigned told, struct battle_view_mon *v)
{
    if (!(told & TOLD_ABILITY) && s->on.ability == s->party[s->active].ability)
        return;
    v->ability_known = told & TOLD_ABILITY;
    v->ability = v->ability_known ? s->on.ability : 0;
}

/* The types of its looks, unless something changed its own. */
static void front_types(const struct dex *dex, const struct battle_side *s, unsigned told, struct battle_view_mon *v)
{
    const struct battle_active *on = &s->on;
    show_types(on, v);
    if (on->illusion != 0xff && !(told & TOLD_TYPES))
        memcpy(v->types, dex->species[v->species].types, 2);
}

/* Another side's Pokémon that is out: what everybody sees of it, whoever's looks it has. */
static void front_mon(const struct dex *dex, const struct battle_side *s, unsigned told, struct battle_view_mon *v)
{
    const struct battle_mon *m = &s->party[s->active];
    v->active = true;
    v->hp = (uint16_t)battle_percent(m->hp, m->hp_max);
    v->fainted = !m->hp;
    v->level = m->level;
    v->status = m->status;
    v->terastallized = false;
    v->tera = 0;
    if (s->on.illusion == 0xff && m->hp)
        v->species = (uint16_t)plain_looks(dex, s->on.species);
    if (m->hp)
        front_types(dex, s, told, v);
    if (m->flags & MON_TERASTALLIZED)
        take_tera_type(v, m->tera);
    if (m->hp)
        front_ability(s, told, v);
}

/* They are listed as they came out: their slots are secret, for they tell how the team was built. */
static void seen_party(const struct dex *dex, const struct battle_side *s, const struct battle_known_side *k,
                       struct battle_view_side *v)
{
    for (int i = 0; i < s->size; i++) {
        const struct battle_seen *r = &k->seen[i];
        if (!r->order)
            continue;
        seen_mon(dex, &s->party[i], r, &v->party[r->order - 1]);
        if (i == k->front)
            front_mon(dex, s, k->told, &v->party[r->order - 1]);
    }
}

/* -------------------------------------------------------------------------------------------------- sides --- */

/* Conditions that no line tells of, because an item or ability keeps them, or a choice not yet carried out. */
/* clang-format off */
#define HIDDEN(X) \
    X(FLINCH) X(COUNTER) X(MIRROR_COAT) X(CHOICE_LOCK) X(UNBURDEN) X(TRUANT) X(METRONOME) X(MICLE) X(GEM) \
    X(ROLLOUT_STORAGE) X(FLING) X(ZEN_MODE) X(FURY_CUTTER) X(SPARKLING_ARIA) X(CHARGE_TURN) X(PURSUIT) X(COAT_PRANKED)
/* clang-format on */

static void hide_volatiles(uint64_t volatiles[2])
{
#define FIRST(name) | (VOL_##name < 64 ? 1ull << VOL_##name % 64 : 0)
#define SECOND(name) | (VOL_##name < 64 ? 0 : 1ull << VOL_##name % 64)
    volatiles[0] &= ~(0 HIDDEN(FIRST));
    volatiles[1] &= ~(0 HIDDEN(SECOND));
#undef FIRST
#undef SECOND
}

/* An item may have made it last 8 turns instead of 5: nobody knows before the fifth is over. */
static uint8_t shown_turns(unsigned turns, bool longer)
{
    return (uint8_t)(longer && turns > 3 ? turns - 3 : turns);
}

/* A side without its party.  known: NULL for who sees it exactly; full: all is seen. */
static void side_alone(const struct battle_side *s, const struct battle_known_side *known, bool full,
                       struct battle_view_side *v)
{
    unsigned alive = 0;
    for (int i = 0; i < s->size; i++)
        alive += s->party[i].hp > 0;
    v->size = s->size;
    v->alive = (uint8_t)alive;
    v->bench_alive = (uint8_t)(alive - (s->party[s->active].hp > 0));
    v->tera_used = s->once & ONCE_TERA;
    v->mega_used = s->once & ONCE_MEGA;
    v->z_used = s->once & ONCE_Z;
    memcpy(v->boosts, s->on.boosts, sizeof v->boosts);
    memcpy(v->volatiles, s->on.volatiles, sizeof v->volatiles);
    v->lock_move = s->on.charge_move ? s->on.charge_move : s->on.lock_move;
    memcpy(v->conditions, s->turns, sizeof v->conditions);
    for (int k = 0; s->longer && k < SIDE_CONDITIONS; k++)
        v->conditions[k] = shown_turns(s->turns[k], !full && s->longer >> k & 1);
    if (known) {
        const unsigned order = known->seen[known->front].order;
        v->active = (uint8_t)(order ? order - 1 : 0);
        v->confusion = 0;
        hide_volatiles(v->volatiles);
    } else {
        v->active = s->active;
        v->confusion = s->on.confusion;
    }
}

/* What is no side's. */
static void field_alone(const struct battle *b, bool full, struct battle_view *v)
{
    v->phase = b->phase;
    v->winner = b->winner;
    v->turn = b->turn;
    v->weather = b->weather;
    v->weather_turns = shown_turns(b->weather_turns, !full && b->longer & LONGER_WEATHER);
    v->terrain = b->terrain;
    v->terrain_turns = shown_turns(b->terrain_turns, !full && b->longer & LONGER_TERRAIN);
    memcpy(v->rooms, b->rooms, sizeof v->rooms);
    v->clauses = b->clauses;
    for (int i = 0; i < 2; i++)
        v->asked[i] = stored_choices(&b->sides[i]) != 0;
}

/* known: NULL for who sees it exactly. */
static void view_side(const struct dex *dex, const struct battle_side *s, const struct battle_known_side *known,
                      bool full, struct battle_view_side *v)
{
    side_alone(s, known, full, v);
    if (known)
        seen_party(dex, s, known, v);
    else
        own_party(dex, s, v);
}

/* A size that the compiler knows becomes a string instruction in place, which takes longer to begin than a call. */
static void clear(struct battle_view *out)
{
    size_t n = sizeof *out;
    __asm__("" : "+r"(n));
    memset(out, 0, n);
}

void battle_view(const struct battle *b, const struct battle_known *known, const struct dex *dex, int viewer,
                 struct battle_view *out)
{
    static const struct battle_known nothing;
    const bool full = viewer == BATTLE_FULL;
    const struct battle_known *k = known ? known : &nothing;
    clear(out);
    out->viewer = (int8_t)viewer;
    field_alone(b, full, out);
    for (int i = 0; i < 2; i++)
        view_side(dex, &b->sides[i], full || viewer == i ? NULL : &k->sides[i], full, &out->sides[i]);
    if (viewer == 0 || viewer == 1)
        out->choices = battle_choices(b, dex, viewer);
}
