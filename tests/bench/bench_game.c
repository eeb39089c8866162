/*
 * bench_game.c - what a choice costs the Pokémon operator: restore, choose, step, log, views, messages, serialize.
 *
 *     bench-game [SECONDS]        for each data version, 1 second unless another number is given
 *
 * Random battles by random choices through the smallest host there is (tests/operators/fake_host.c), in this process,
 * with nothing stored and nobody told.  A choice ends a turn, or it is kept until the other side has chosen.  Seconds
 * are those of the processor.
 */
#include <time.h>

#include "engine/battle.h"
#include "fake_host.h"

enum { ENDS_TURN, IS_KEPT, KINDS };

struct cost {
    double seconds;
    uint64_t count, said; /* said: bytes of messages */
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); /* what others take of the core is not counted */
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A random choice of one that is waited for, timed without what it takes to find it. */
static void choose(struct fake *f, uint64_t *rng, struct cost costs[KINDS])
{
    const char *offers[BATTLE_CHOICES];
    char choice[64];
    uint64_t n = 0;
    const uint32_t seat = f->active == 3 ? (uint32_t)fake_draw(rng, 2) : f->active - 1;
    struct cost *cost = &costs[f->active == 3 ? IS_KEPT : ENDS_TURN];
    fake_actions(f, seat);
    for (uint32_t i = 0; i < f->run.count; i++)
        if (!strcmp(f->run.effects[i].name, "choose"))
            offers[n++] = f->run.effects[i].text;
    CHECK(n);
    snprintf(choice, sizeof choice, "%s", offers[fake_draw(rng, n)]);
    const double begun = now();
    CHECK(fake_message(f, seat, "choose", choice) == ARENA_OK);
    cost->seconds += now() - begun;
    cost->count++;
    cost->said += f->run.said;
}

static void battle(const char *options, uint64_t seed, struct cost costs[KINDS])
{
    struct fake f = {.once = true};
    uint64_t rng = seed;
    CHECK(fake_create(&f, fake_operator(), seed, options) == ARENA_OK);
    CHECK(fake_join(&f, 0) == ARENA_OK && fake_join(&f, 1) == ARENA_OK);
    while (!f.finished)
        choose(&f, &rng, costs);
    fake_finish(&f);
}

static double us(const struct cost *cost)
{
    return cost->seconds / (double)cost->count * 1e6;
}

int main(int argc, char **argv)
{
    static const char *const versions[] = {"gen9-v1", "natdex-v1", "gen1-v1"};
    const double seconds = argc > 1 ? strtod(argv[1], NULL) : 1;
    for (int i = 0; i < 3; i++) {
        struct cost costs[KINDS] = {{0}}, warm[KINDS] = {{0}};
        char options[64];
        uint64_t seed = 0;
        snprintf(options, sizeof options, "{\"data\":\"%s\"}", versions[i]);
        battle(options, ++seed, warm); /* reads the data */
        for (const double until = now() + seconds; now() < until;)
            battle(options, ++seed, costs);
        const struct cost *turn = &costs[ENDS_TURN], *kept = &costs[IS_KEPT];
        printf("%-10s  a choice %.1f us: one that ends a turn %.1f us, which says %.1f KB; one that is kept %.1f us\n",
               versions[i], (turn->seconds + kept->seconds) / (double)(turn->count + kept->count) * 1e6, us(turn),
               (double)turn->said / (double)turn->count / 1e3, us(kept));
    }
    return 0;
}
