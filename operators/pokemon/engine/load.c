/*
 * load.c - a data version from its JSON: rules, facts, then effects (hooks.c).
 *
 * Every mistake is told with file, entry and a sentence.  One is enough to refuse a version, since half a rule is
 * worse than none, but it is read to its end, so that all of them are told.
 */
#include "compile.h"
#include "engine.h"
#include "tables.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool mistake(struct compiler *k, const char *format, ...)
{
    char sentence[320];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    k->failed = true;
    k->mistakes++;
    if (k->tell)
        k->tell(k->ctx, k->file ? k->file : "", k->entry ? k->entry : "", sentence);
    return false;
}

static pthread_once_t prepared = PTHREAD_ONCE_INIT;

static void prepare(void)
{
    natives_prepare();
    vocab_prepare();
}

/* ----------------------------------------------------------------------------------------------- entries --- */

static void find_known(struct compiler *k)
{
    const struct dex *dex = k->dex;
    struct dex_rules *r = k->rules;
#define X(name) r->abilities_known[A_##name] = dex_ability(dex, #name);
    KNOWN_ABILITIES(X)
#undef X
#define X(name) r->items_known[I_##name] = dex_item(dex, #name);
    KNOWN_ITEMS(X)
    KNOWN_ITEMS_PAST(X)
#undef X
#define X(name) r->moves_known[M_##name] = dex_move(dex, #name);
    KNOWN_MOVES(X)
    KNOWN_MOVES_PAST(X)
#undef X
#define X(name) r->species_known[S_##name] = dex_species(dex, #name);
    KNOWN_SPECIES(X)
    KNOWN_SPECIES_PAST(X)
#undef X
}

/* See plain.c. */
static bool is_plain(const struct dex_move *m)
{
    const uint64_t odd =
        DEX_BIT(MF_OHKO) | DEX_BIT(MF_OHKO_ICE) | DEX_BIT(MF_SELF_DESTRUCT) | DEX_BIT(MF_SELF_DESTRUCT_HIT) |
        DEX_BIT(MF_BREAKS_PROTECT) | DEX_BIT(MF_FORCE_SWITCH) | DEX_BIT(MF_FUTUREMOVE) | DEX_BIT(MF_IGNORE_ABILITY) |
        DEX_BIT(MF_FOUL_PLAY) | DEX_BIT(MF_POWDER) | DEX_BIT(MF_IGNORE_EVASION) | DEX_BIT(MF_IGNORE_DEFENSE_STAGES) |
        DEX_BIT(MF_ALWAYS_CRIT) | DEX_BIT(MF_IGNORE_IMMUNITY) | DEX_BIT(MF_STRUGGLE_RECOIL) | DEX_BIT(MF_HALF_RECOIL) |
        DEX_BIT(MF_HALF_RECOIL_ROUND) | DEX_BIT(MF_CALLS_MOVE) | DEX_BIT(MF_SMART_TARGET) | DEX_BIT(MF_MUSTPRESSURE);
    const struct dex_effect *p = &m->hit;
    const bool hits_once = m->hits[0] == 1 && m->hits[1] == 1 && !m->multi;
    const bool does_more = p->boosted || p->status || p->volatile_ || p->side || p->code || m->heal[1] ||
                           m->self_boosted || m->self_switch || m->room || m->weather || m->terrain || m->slot;
    return m->category != MOVE_STATUS && m->target == TARGET_FOE && m->type && m->power && !m->damage && hits_once &&
           !does_more && !m->non_ghost && !m->z && !(m->flags & odd) && !m->hears[0] && !m->hears[1];
}

static bool move_hears(const struct dex_move *m, enum event ev)
{
    return m->hears[ev / 64] >> (ev % 64) & 1;
}

static void powered_moves(struct compiler *k)
{
    struct dex_move *moves = (struct dex_move *)k->dex->moves;
    for (unsigned i = 1; i <= k->dex->moves_n; i++)
        for (int w = 0; w < 2; w++)
            moves[i].hears[w] = hears(&k->rules->moves[i], w);
    for (unsigned i = 1; i <= k->dex->moves_n; i++)
        moves[i].powered = move_hears(&moves[i], EV_power);
    for (unsigned i = 1; i <= k->dex->moves_n; i++)
        moves[i].plain = is_plain(&moves[i]) && i != k->rules->moves_known[M_spectralthief];
    k->rules->attacks = calloc(k->dex->moves_n + 1u, sizeof *k->rules->attacks);
    k->rules->full_pp = calloc(k->dex->moves_n + 1u, sizeof *k->rules->full_pp);
    k->rules->bars_itself = calloc(k->dex->moves_n + 1u, sizeof *k->rules->bars_itself);
    k->rules->acts_early = calloc(k->dex->moves_n + 1u, sizeof *k->rules->acts_early);
    if (!k->rules->attacks || !k->rules->full_pp || !k->rules->bars_itself || !k->rules->acts_early) {
        mistake(k, "not enough memory");
        return;
    }
    for (unsigned i = 0; i <= k->dex->moves_n; i++) {
        attack_of_row(&k->rules->attacks[i], &moves[i], i);
        k->rules->full_pp[i] = moves[i].pp;
        k->rules->bars_itself[i] = moves[i].flags & DEX_BIT(MF_CANTUSETWICE) || move_hears(&moves[i], EV_disable_move);
        k->rules->acts_early[i] =
            move_hears(&moves[i], EV_priority_charge) || move_hears(&moves[i], EV_before_turn_move);
    }
}

/* --------------------------------------------------------------------------------------------------- files --- */

const char *const dex_files[DEX_FILES] = {
    "rules",         "species",           "moves",         "abilities",          "items", "learnsets", "zmoves",
    "effects/moves", "effects/abilities", "effects/items", "effects/conditions", "types", "natures"};

static void read_rules(struct compiler *k, const json_t *rules)
{
    static const char *const known[] = {"turn_cap", "cap_by_hp", "last_faint_draws", "tera", "mega", "z_moves", "base"};
    struct dex *dex = k->dex;
    const char *key;
    json_t *v;
    k->file = dex_files[FILE_RULES];
    json_object_foreach((json_t *)rules, key, v) {
        size_t i = 0;
        while (i < sizeof known / sizeof *known && strcmp(known[i], key) != 0)
            i++;
        k->entry = key;
        if (i == sizeof known / sizeof *known)
            mistake(k, "there is no such rule");
        else if (i && !json_is_boolean(v) && strcmp(key, "base") != 0)
            mistake(k, "it must be true or false");
    }
    json_int_t cap = json_integer_value(json_object_get(rules, "turn_cap"));
    k->entry = "turn_cap";
    if (cap < 1 || cap > 4000)
        mistake(k, "it must be a whole number from 1 to 4000");
    dex->turn_cap = (uint16_t)cap;
    dex->cap_by_hp = json_is_true(json_object_get(rules, "cap_by_hp"));
    dex->last_faint_draws = json_is_true(json_object_get(rules, "last_faint_draws"));
    dex->generation_tera = json_is_true(json_object_get(rules, "tera"));
    dex->mega = json_is_true(json_object_get(rules, "mega"));
    dex->z_moves = json_is_true(json_object_get(rules, "z_moves"));
}

/* What core_rules.h leaves out is not there. */
static bool asks_for_core_rules(const struct dex *dex)
{
    struct events heard = {{0, 0}};
    for (int i = 0; i < CONDS; i++)
        for (int w = 0; w < 2 && i != COND_TIES; w++) /* a battle that draws all ties is not played so */
            heard.w[w] |= hears(&dex->rules->conds[i], (unsigned)w);
    return !dex->abilities_n && !dex->items_n && !dex->generation_tera && !dex->mega && !dex->z_moves &&
           !(heard.w[0] & events_of_kits.w[0]) && !(heard.w[1] & events_of_kits.w[1]);
}

static void compile_all(struct compiler *k, json_t *const files[DEX_FILES])
{
    struct dex *dex = k->dex;
    read_rules(k, files[FILE_RULES]);
    read_types(k, files[FILE_TYPES]);
    check_natures(k, files[FILE_NATURES]);
    if (!read_facts(k, files[FILE_SPECIES], files[FILE_MOVES], files[FILE_ABILITIES], files[FILE_ITEMS],
                    files[FILE_LEARNSETS], files[FILE_ZMOVES]))
        return;
    k->rules->moves = new_effects(k, dex->moves_n, REF_MOVE, 0);
    k->rules->abilities = new_effects(k, dex->abilities_n, REF_ABILITY, 7);
    k->rules->items = new_effects(k, dex->items_n, REF_ITEM, 8);
    if (!k->rules->moves || !k->rules->abilities || !k->rules->items || !emit(k, 0))
        return;
    find_known(k);
    read_conditions(k, files[FILE_CONDITIONS]);
    read_effects(k, dex_files[FILE_MOVE_EFFECTS], files[FILE_MOVE_EFFECTS], k->rules->moves, dex_move);
    read_effects(k, dex_files[FILE_ABILITY_EFFECTS], files[FILE_ABILITY_EFFECTS], k->rules->abilities, dex_ability);
    read_effects(k, dex_files[FILE_ITEM_EFFECTS], files[FILE_ITEM_EFFECTS], k->rules->items, dex_item);
    abilities_marks(k);
    hook_keys(k, k->rules->conds, CONDS);
    hook_keys(k, k->rules->moves, dex->moves_n + 1u);
    hook_keys(k, k->rules->abilities, dex->abilities_n + 1u);
    hook_keys(k, k->rules->items, dex->items_n + 1u);
    powered_moves(k);
    dex->core = asks_for_core_rules(dex);
}

uint64_t hash_on(uint64_t h, const void *bytes, size_t len)
{
    const uint8_t *p = bytes;
    h = (h ^ len) * 0x9E3779B97F4A7C15u;
    for (size_t i = 0; i < len; i += 8) {
        uint64_t word = 0;
        for (size_t k = 0; k < 8 && i + k < len; k++)
            word |= (uint64_t)p[i + k] << (8 * k);
        h = (h ^ word) * 0xBF58476D1CE4E5B9u;
        h ^= h >> 32;
    }
    return h;
}

static uint32_t fingerprint(const char *s)
{
    uint32_t h = 2166136261u;
    for (; *s; s++)
        h = (h ^ (uint8_t)*s) * 16777619u;
    return h;
}

void dex_free(struct dex *dex)
{
    if (!dex)
        return;
    struct dex_rules *r = (struct dex_rules *)dex->rules;
    if (r) {
        free(r->attacks);
        free(r->full_pp);
        free(r->bars_itself);
        free(r->acts_early);
        free(r->moves);
        free(r->abilities);
        free(r->items);
        free(r->hooks);
        free(r->code);
        free(r);
    }
    free((void *)dex->species);
    free((void *)dex->moves);
    free((void *)dex->abilities);
    free((void *)dex->items);
    free((void *)dex->effects);
    free((void *)dex->species_by_id);
    free((void *)dex->learnsets);
    free((void *)dex->metronome);
    free((void *)dex->z);
    free(dex);
}

struct dex *compile_version(struct compiler *k, json_t *const files[DEX_FILES], const char *version)
{
    k->dex = calloc(1, sizeof *k->dex);
    k->rules = calloc(1, sizeof *k->rules);
    if (!k->dex || !k->rules || strlen(version) >= sizeof k->dex->version) {
        mistake(k, "not enough memory, or the version's name is too long");
        free(k->dex);
        free(k->rules);
        return NULL;
    }
    pthread_once(&prepared, prepare);
    k->dex->rules = k->rules;
    memcpy(k->dex->version, version, strlen(version) + 1);
    k->dex->fingerprint = fingerprint(version);
    compile_all(k, files);
    k->contents = hash_on(k->contents, k->dex->chart, sizeof k->dex->chart);
    k->dex->contents = (uint16_t)(k->contents ^ k->contents >> 32);
    if (!k->mistakes)
        return k->dex;
    dex_free(k->dex);
    return NULL;
}

/* -------------------------------------------------------------------------------------------------- counts --- */

static bool calls_native(const struct dex_rules *r, const struct hook *h)
{
    if (h->code & HOOK_NATIVE)
        return true;
    return program_calls_native(r->code + h->code);
}

static void count(const struct dex_rules *r, const struct effect *list, unsigned n, unsigned out[5])
{
    out[0] = n;
    for (unsigned i = 1; i <= n; i++) {
        unsigned native = 0;
        for (unsigned k = 0; k < list[i].hooks; k++)
            native += calls_native(r, &r->hooks[list[i].hook + k]);
        out[1] += list[i].hooks > 0;
        out[2] += list[i].hooks;
        out[3] += native;
        out[4] += list[i].hooks > 0 && !native;
    }
}

void dex_count(const struct dex *dex, struct dex_stats *out)
{
    unsigned n[3][5] = {{0}};
    count(dex->rules, dex->rules->moves, dex->moves_n, n[0]);
    count(dex->rules, dex->rules->abilities, dex->abilities_n, n[1]);
    count(dex->rules, dex->rules->items, dex->items_n, n[2]);
    memcpy(&out->moves, n[0], sizeof n[0]);
    memcpy(&out->abilities, n[1], sizeof n[1]);
    memcpy(&out->items, n[2], sizeof n[2]);
}
