/*
 * fuzz_battle.c - bytes that decode must be playable, whoever wrote them.
 *
 * The first two bytes say where the state ends; what follows it chooses among the legal choices.  Without libFuzzer,
 * built with FUZZ_MAIN, it runs the files it is given, and with no files makes seeds: fuzz_battle -seeds DIR.
 */
#include "battle.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int choose(uint32_t mask, uint8_t byte)
{
    int options[BATTLE_CHOICES], n = 0;
    for (int i = 0; i < BATTLE_CHOICES; i++)
        if (mask >> i & 1)
            options[n++] = i;
    return n ? options[byte % n] : BATTLE_NO_CHOICE;
}

static void look(const struct battle *b, const struct dex *dex, const struct battle_log *log)
{
    static char text[65536];
    struct battle_text out = {text, sizeof text, 0, false};
    for (int viewer = BATTLE_FULL; viewer < 2; viewer++) {
        struct battle_view view;
        battle_view(b, dex, viewer, &view);
        out.len = 0;
        battle_log_text(b, dex, log, viewer, &out);
        const struct battle_view_mon *m = &view.sides[0].party[view.sides[0].active];
        for (int i = 0; i < BATTLE_MOVES; i++)
            battle_expected_damage(dex, &view, 0, view.sides[0].active, view.sides[1].active, m->moves[i]);
    }
}

static void round_trip(const struct battle *b, const struct dex *dex)
{
    uint8_t one[BATTLE_ENCODED_MAX], two[BATTLE_ENCODED_MAX];
    struct battle back;
    size_t n = battle_encode(b, one);
    assert(n <= sizeof one);
    int refused = battle_decode(&back, dex, one, n);
    assert(!refused);
    assert(battle_encode(&back, two) == n && !memcmp(one, two, n));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct battle_event events[BATTLE_EVENTS_MAX];
    const struct dex *dex = dex_find("gen1-v1");
    struct battle b;
    if (size < 2)
        return 0;
    size_t n = (size_t)data[0] | (size_t)data[1] << 8;
    data += 2;
    size -= 2;
    if (n > size || battle_decode(&b, dex, data, n))
        return 0;
    uint8_t again[BATTLE_ENCODED_MAX];
    assert(battle_encode(&b, again) == n && !memcmp(again, data, n));
    for (; n < size && b.phase != BATTLE_ENDED; n++) {
        struct battle_log log = {events, BATTLE_EVENTS_MAX, 0, false};
        int one = choose(battle_choices(&b, dex, 0), data[n] & 15);
        int two = choose(battle_choices(&b, dex, 1), data[n] >> 4);
        enum battle_result r = battle_step(&b, dex, one, two, &log);
        assert(r >= 0 && !log.overflow);
        round_trip(&b, dex);
        look(&b, dex, &log);
    }
    return 0;
}

#ifdef FUZZ_MAIN
#include "../operators/test_battle_play.h"

/* States from the midst of random battles, each with bytes to go on with. */
static int write_seeds(const char *dir)
{
    const struct dex *dex = dex_find("gen1-v1");
    uint64_t state = 1;
    for (int i = 0; i < 64; i++) {
        struct battle_set teams[2][BATTLE_PARTY];
        int sizes[2];
        struct battle b;
        uint8_t bytes[2 + BATTLE_ENCODED_MAX + 64];
        char name[256];
        play_teams(dex, &state, teams, sizes);
        if (battle_start(&b, dex, (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, (uint64_t)i, NULL))
            return 1;
        for (int turn = (int)play_below(&state, 60); turn && b.phase != BATTLE_ENDED; turn--) {
            int one = play_choice(battle_choices(&b, dex, 0), &state);
            battle_step(&b, dex, one, play_choice(battle_choices(&b, dex, 1), &state), NULL);
        }
        size_t n = battle_encode(&b, bytes + 2);
        bytes[0] = (uint8_t)n;
        bytes[1] = (uint8_t)(n >> 8);
        for (int j = 0; j < 64; j++)
            bytes[2 + n + (size_t)j] = (uint8_t)play_next(&state);
        snprintf(name, sizeof name, "%s/seed%02d", dir, i);
        FILE *f = fopen(name, "wb");
        if (!f || fwrite(bytes, 1, n + 66, f) != n + 66 || fclose(f))
            return perror(name), 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    static uint8_t bytes[1 << 16];
    if (argc == 3 && !strcmp(argv[1], "-seeds"))
        return write_seeds(argv[2]);
    for (int i = 1; i < argc; i++) {
        FILE *f = fopen(argv[i], "rb");
        if (!f)
            return perror(argv[i]), 1;
        size_t n = fread(bytes, 1, sizeof bytes, f);
        fclose(f);
        LLVMFuzzerTestOneInput(bytes, n);
    }
    return 0;
}
#endif
