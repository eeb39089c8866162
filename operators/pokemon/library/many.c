/*
 * many.c - battles that lie one after another, stepped in one call, by one thread or several.
 *
 * The work is done on a piece that fits the cache; what the caller wants to know is gathered from it right after.
 * Battles do not know of one another, so pieces may be done in any order by anybody.
 */
#include "library.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 64, THREADS_MAX = 256 };

struct many { /* what pb_step_many() is called with */
    const struct pb_game *game;
    struct pb_battle *battles;
    size_t n;
    const int8_t *actions;
    uint32_t flags;
    int8_t *results;
    float *rewards;
    uint32_t *masks;
    int16_t *observations;
};

static bool good(const struct many *m)
{
    return m->game && (m->battles || !m->n) && (uintptr_t)m->battles % _Alignof(struct pb_battle) == 0 &&
           m->n <= SIZE_MAX / sizeof(struct pb_battle) && !(m->flags & ~(uint32_t)PB_AUTO_RESET);
}

static void look(const struct many *m, size_t i)
{
    const struct pb_battle *b = &m->battles[i];
    for (int side = 0; side < 2; side++) {
        if (m->masks)
            m->masks[2 * i + (size_t)side] = pb_mask(b, side);
        if (m->observations)
            pb_observe(m->game, b, side, m->observations + (2 * i + (size_t)side) * (size_t)pb_observation_length());
    }
}

static void reward(const struct many *m, size_t i, bool ended_now)
{
    static const float of_side_0[] = {
        [BATTLE_WON_0] = 1, [BATTLE_WON_1] = -1, [BATTLE_DRAW] = 0, [BATTLE_UNDECIDED] = 0};
    const float r = ended_now ? of_side_0[m->battles[i].battle.winner] : 0;
    m->rewards[2 * i] = r;
    m->rewards[2 * i + 1] = 0 - r;
}

/* The seed of the battle after this one. */
static uint64_t seed_after(const struct battle *b)
{
    uint64_t state = b->rng ^ 0x70625f6e657874u;
    return pb_next(&state);
}

/* The battle that comes next is on its way to the cache while this one is stepped: thousands of them do not fit in it,
 * and a step alone would wait for each line that it touches. */
static inline void fetch(const struct pb_battle *b)
{
    enum { LINE = 64 };
    for (size_t at = 0; at < sizeof *b; at += (size_t)4 * LINE) { /* four lines a time: what is beyond comes next */
        __builtin_prefetch((const char *)b + at);
        __builtin_prefetch((const char *)b + at + LINE);
        __builtin_prefetch((const char *)b + at + (size_t)2 * LINE);
        __builtin_prefetch((const char *)b + at + (size_t)3 * LINE);
    }
}

/* Steps battles from .. from + n - 1, n <= PIECE; how many were refused. */
static int64_t step_piece(const struct many *m, size_t from, size_t n)
{
    int8_t results[PIECE];
    bool over[PIECE];
    int64_t refused = 0;
    for (size_t i = 0; i < n; i++)
        over[i] = m->battles[from + i].battle.phase == BATTLE_ENDED;
    for (size_t i = 0; i < n; i++) {
        const int8_t *actions = m->actions + 2 * (from + i);
        if (i + 1 < n)
            fetch(&m->battles[from + i + 1]);
        results[i] = (int8_t)(over[i] ? PB_DONE : pb_step(m->game, &m->battles[from + i], actions[0], actions[1]));
        refused += results[i] < 0;
        if (m->rewards)
            reward(m, from + i, results[i] == PB_DONE && !over[i]);
        if (results[i] == PB_DONE && m->flags & PB_AUTO_RESET)
            pb_reset(m->game, &m->battles[from + i], seed_after(&m->battles[from + i].battle));
        look(m, from + i);
    }
    if (m->results)
        memcpy(m->results + from, results, n);
    return refused;
}

static int64_t step_from(const struct many *m, size_t from, size_t end)
{
    int64_t refused = 0;
    for (; from < end; from += PIECE)
        refused += step_piece(m, from, end - from < PIECE ? end - from : PIECE);
    return refused;
}

int64_t pb_step_many(const struct pb_game *game, void *battles, size_t n, const int8_t *actions, uint32_t flags,
                     int8_t *results, float *rewards, uint32_t *masks, int16_t *observations)
{
    const struct many m = {game, battles, n, actions, flags, results, rewards, masks, observations};
    if (!good(&m) || (!actions && n) || (flags & PB_AUTO_RESET && !game->count))
        return PB_BAD_ARGUMENT;
    return step_from(&m, 0, n);
}

int pb_look_many(const struct pb_game *game, const void *battles, size_t n, uint32_t *masks, int16_t *observations)
{
    struct many m = {.game = game, .battles = (struct pb_battle *)battles, .n = n}; /* only read */
    m.masks = masks;
    m.observations = observations;
    if (!good(&m))
        return PB_BAD_ARGUMENT;
    for (size_t i = 0; i < n; i++)
        look(&m, i);
    return PB_ONGOING;
}

int pb_reset_many(const struct pb_game *game, void *battles, size_t n, uint64_t first)
{
    const struct many m = {.game = game, .battles = battles, .n = n};
    if (!good(&m) || !game->count)
        return PB_BAD_ARGUMENT;
    for (size_t i = 0; i < n; i++) {
        int result = pb_reset(game, &m.battles[i], first + i);
        if (result)
            return result;
    }
    return PB_ONGOING;
}

void pb_choose_many(const uint32_t *masks, size_t count, uint64_t *state, int8_t *actions)
{
    for (size_t i = 0; i < count; i++)
        actions[i] = (int8_t)(masks[i] ? pb_pick(masks[i], state) : PB_NO_ACTION);
}

/* -------------------------------------------------------------------------------------------------- crews --- */

struct pb_crew {
    pthread_mutex_t lock;
    pthread_cond_t begun, finished;
    const struct many *work; /* under way, NULL: none */
    uint64_t round;          /* grows with each piece of work */
    int at_work;             /* helpers that are not done with it */
    bool over;
    atomic_size_t next; /* the first battle that nobody has taken */
    atomic_llong refused;
    int helpers; /* besides the caller */
    pthread_t threads[THREADS_MAX - 1];
};

/* Takes pieces until none is left. */
static void take_part(struct pb_crew *crew, const struct many *m)
{
    enum { SHARE = 4 * PIECE };
    for (size_t from; (from = atomic_fetch_add(&crew->next, SHARE)) < m->n;)
        atomic_fetch_add(&crew->refused, step_from(m, from, m->n - from < SHARE ? m->n : from + SHARE));
}

static void *help(void *arg)
{
    struct pb_crew *crew = arg;
    uint64_t seen = 0;
    pthread_mutex_lock(&crew->lock);
    for (;;) {
        while (crew->round == seen && !crew->over)
            pthread_cond_wait(&crew->begun, &crew->lock);
        if (crew->over)
            break;
        seen = crew->round;
        const struct many *work = crew->work;
        pthread_mutex_unlock(&crew->lock);
        take_part(crew, work);
        pthread_mutex_lock(&crew->lock);
        if (!--crew->at_work)
            pthread_cond_signal(&crew->finished);
    }
    pthread_mutex_unlock(&crew->lock);
    return NULL;
}

struct pb_crew *pb_crew_open(int threads, char *why, size_t size)
{
    struct pb_crew *crew = threads >= 1 && threads <= THREADS_MAX ? calloc(1, sizeof *crew) : NULL;
    if (!crew) {
        pb_fail(0, why, size, "a crew has 1 to %d threads, and needs memory for them", THREADS_MAX);
        return NULL;
    }
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->begun, NULL);
    pthread_cond_init(&crew->finished, NULL);
    for (; crew->helpers < threads - 1; crew->helpers++)
        if (pthread_create(&crew->threads[crew->helpers], NULL, help, crew)) {
            pb_fail(0, why, size, "the system gives no more than %d threads", crew->helpers + 1);
            pb_crew_close(crew);
            return NULL;
        }
    return crew;
}

void pb_crew_close(struct pb_crew *crew)
{
    if (!crew)
        return;
    pthread_mutex_lock(&crew->lock);
    crew->over = true;
    pthread_cond_broadcast(&crew->begun);
    pthread_mutex_unlock(&crew->lock);
    for (int i = 0; i < crew->helpers; i++)
        pthread_join(crew->threads[i], NULL);
    pthread_cond_destroy(&crew->finished);
    pthread_cond_destroy(&crew->begun);
    pthread_mutex_destroy(&crew->lock);
    free(crew);
}

int64_t pb_crew_step(struct pb_crew *crew, const struct pb_game *game, void *battles, size_t n, const int8_t *actions,
                     uint32_t flags, int8_t *results, float *rewards, uint32_t *masks, int16_t *observations)
{
    const struct many m = {game, battles, n, actions, flags, results, rewards, masks, observations};
    if (!crew || !good(&m) || (!actions && n) || (flags & PB_AUTO_RESET && !game->count))
        return PB_BAD_ARGUMENT;
    pthread_mutex_lock(&crew->lock);
    crew->work = &m;
    crew->at_work = crew->helpers;
    crew->next = 0;
    crew->refused = 0;
    crew->round++;
    pthread_cond_broadcast(&crew->begun);
    pthread_mutex_unlock(&crew->lock);
    take_part(crew, &m);
    pthread_mutex_lock(&crew->lock);
    while (crew->at_work)
        pthread_cond_wait(&crew->finished, &crew->lock);
    crew->work = NULL;
    pthread_mutex_unlock(&crew->lock);
    return crew->refused;
}
