/*
 * start.c - the start of a battle: teams become the state, the leads come in.
 */
#include "seen.h"
#include "ties.h"
#include "turn.h"

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
    event(c, EV_before_switch_in, side, NOBODY, REF_NONE, NULL);
    seen_arrive(c, side);
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
    return battle_start_with(b, dex, teams, sizes, &(struct battle_options){.seed = seed}, log);
}

int battle_members(const struct dex *dex, const struct battle_set team[BATTLE_PARTY], int size,
                   struct battle_mon out[BATTLE_PARTY])
{
    const int bad = battle_team_check(dex, team, size);
    for (int i = 0; !bad && i < size; i++)
        mon_from_set(dex, &team[i], &out[i]);
    return bad;
}

static int teams_bad(const struct dex *dex, const struct battle_set teams[2][BATTLE_PARTY], const int sizes[2])
{
    int bad = battle_team_check(dex, teams[0], sizes[0]);
    if (bad)
        return bad;
    bad = battle_team_check(dex, teams[1], sizes[1]);
    return bad ? bad - 1000 : 0;
}

int battle_start_with(struct battle *b, const struct dex *dex, const struct battle_set teams[2][BATTLE_PARTY],
                      const int sizes[2], const struct battle_options *options, struct battle_log *log)
{
    const bool made = options->members[0] && options->members[1];
    const int bad = made ? 0 : teams_bad(dex, teams, sizes);
    if (bad)
        return bad;
    memset(b, 0, sizeof *b);
    b->rng = options->seed;
    b->clauses = options->clauses & CLAUSE_ALL;
    b->ties = options->ties;
    b->data = dex->fingerprint;
    b->contents = dex->contents;
    b->winner = BATTLE_UNDECIDED;
    for (int i = 0; i < 2; i++) {
        b->sides[i].size = (uint8_t)sizes[i];
        b->sides[i].queued = BATTLE_NOTHING_QUEUED;
        b->sides[i].on.illusion = 0xff;
        for (int j = 0; j < BATTLE_PARTY; j++)
            b->sides[i].standing[j] = (uint8_t)j;
        for (int j = 0; j < sizes[i]; j++)
            if (made)
                b->sides[i].party[j] = options->members[i][j];
            else
                mon_from_set(dex, &teams[i][j], &b->sides[i].party[j]);
    }
    if (log && log->known)
        memset(log->known, 0, sizeof *log->known);
    struct ctx c;
    ctx_begin(&c, b, dex, log);
    if (b->ties)
        draw_team_order(&c);
    say(&c, LINE_BEGIN, NOBODY);
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < sizes[i]; j++) {
            if (mega_forme(&c, &b->sides[i].party[j]))
                b->sides[i].party[j].flags |= MON_MAY_MEGA;
            first_forme(&c, i, j);
        }
    for (int i = 0; i < 2; i++)
        first_in(&c, i);
    run_queue(&c);
    return 0;
}
