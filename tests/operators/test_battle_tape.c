/*
 * test_battle_tape.c - battles of the reference simulator, replayed draw by draw.
 *
 *     test_battle_tape TAPES...
 *
 * Built with BATTLE_TAPE: every draw of the engine is answered from the tape and must ask for the range that
 * the simulator asked for; at the end of a step nothing may be left on it, and both must agree on the state.
 * The format is described in tests/oracle/tape.js.
 */
#define _POSIX_C_SOURCE 200809L /* strtok_r */
#include "engine.h"

#include <stdio.h>
#include <stdlib.h>

struct drawn {
    uint32_t lo, hi, result;
};

static struct drawn tape[512];
static int tape_n, tape_at;
static bool tape_wrong;
static char wrong_text[96];

uint32_t battle_tape(uint32_t lo, uint32_t hi, int why)
{
    if (tape_at >= tape_n || tape[tape_at].lo != lo || tape[tape_at].hi != hi) {
        if (!tape_wrong)
            snprintf(wrong_text, sizeof wrong_text, "draw %d: wants %u..%u (why %d), tape has %u..%u", tape_at, lo, hi,
                     why, tape_at < tape_n ? tape[tape_at].lo : 0, tape_at < tape_n ? tape[tape_at].hi : 0);
        tape_wrong = true;
        return lo;
    }
    return tape[tape_at++].result;
}

static uint32_t mix(uint32_t h, unsigned n)
{
    h = (h ^ (n & 255)) * 16777619u;
    return (h ^ (n >> 8)) * 16777619u;
}

static uint32_t state_hash(const struct battle *b)
{
    uint32_t h = 2166136261u;
    for (int i = 0; i < 2; i++) {
        const struct battle_side *s = &b->sides[i];
        h = mix(h, s->active);
        for (int j = 0; j < s->size; j++) {
            h = mix(mix(h, s->party[j].hp), s->party[j].status);
            for (int k = 0; k < BATTLE_MOVES && s->party[j].moves[k]; k++)
                h = mix(h, s->party[j].pp[k]);
        }
        for (int k = 0; k < STAGES; k++)
            h = mix(h, (unsigned)(s->on.boosts[k] + 6));
    }
    return h;
}

static void show_state(const struct battle *b)
{
    for (int i = 0; i < 2; i++) {
        const struct battle_side *s = &b->sides[i];
        printf(" [%d", s->active);
        for (int j = 0; j < s->size; j++) {
            printf(" [%d,%d", s->party[j].hp, s->party[j].status);
            for (int k = 0; k < BATTLE_MOVES && s->party[j].moves[k]; k++)
                printf(",%d", s->party[j].pp[k]);
            printf("]");
        }
        for (int k = 0; k < STAGES; k++)
            printf(" %d", s->on.boosts[k] + 6);
        printf("]\n");
    }
}

static bool read_list(const char *text, uint8_t *out)
{
    for (int i = 0; i < 6; i++) {
        out[i] = (uint8_t)strtol(text, (char **)&text, 10);
        if (i < 5 && *text++ != ',')
            return false;
    }
    return true;
}

static bool read_team(const struct dex *dex, char *line, struct battle_set teams[2][BATTLE_PARTY], int sizes[2])
{
    int side, level, gender;
    char species[32], nature[32], moves[128], ivs[64], evs[64];
    if (sscanf(line, "team %d %31s %d %d %31s %127s %63s %63s", &side, species, &level, &gender, nature, moves, ivs,
               evs) != 8)
        return false;
    struct battle_set *set = &teams[side & 1][sizes[side & 1]++];
    memset(set, 0, sizeof *set);
    set->species = dex_species(dex, species);
    set->level = (uint8_t)level;
    set->gender = (uint8_t)gender;
    set->nature = (uint8_t)dex_nature(nature);
    int n = 0;
    for (char *save, *m = strtok_r(moves, ",", &save); m; m = strtok_r(NULL, ",", &save))
        set->moves[n++] = dex_move(dex, m);
    return read_list(ivs, set->ivs) && read_list(evs, set->evs);
}

static bool read_step(char *line, int choices[2], uint32_t *hash)
{
    char *save, *word;
    strtok_r(line, " \n", &save);
    tape_n = tape_at = 0;
    for (int i = 0; (word = strtok_r(NULL, " \n", &save)); i++) {
        if (i < 2) {
            choices[i] = atoi(word);
        } else if (i == 2) {
            *hash = (uint32_t)strtoul(word, NULL, 10);
        } else {
            struct drawn *d = &tape[tape_n++];
            if (strchr(word, '-')) {
                if (sscanf(word, "%u-%u:%u", &d->lo, &d->hi, &d->result) != 3)
                    return false;
            } else {
                d->lo = 0;
                if (sscanf(word, "%u:%u", &d->hi, &d->result) != 2)
                    return false;
            }
        }
    }
    return true;
}

static struct battle_event events[BATTLE_EVENTS_MAX];

static void complain(const struct battle *b, const struct dex *dex, const struct battle_log *log, int line)
{
    static char text[32768];
    struct battle_text out = {text, sizeof text, 0, false};
    printf("line %d: turn %d, %s; draws %d of %d\n", line, b->turn, tape_wrong ? wrong_text : "states differ", tape_at,
           tape_n);
    battle_log_text(b, dex, log, BATTLE_FULL, &out);
    fwrite(text, 1, out.len, stdout);
    show_state(b);
}

/* Number of battles that differ. */
static int replay(const struct dex *dex, FILE *f, int *battles, int *steps)
{
    static char line[16384];
    struct battle b;
    struct battle_set teams[2][BATTLE_PARTY];
    int sizes[2] = {0, 0}, bad = 0, number = 0;
    bool running = false, skip = false;
    while (fgets(line, sizeof line, f)) {
        number++;
        if (!strncmp(line, "battle", 6)) {
            sizes[0] = sizes[1] = 0;
            running = skip = tape_wrong = false;
            ++*battles;
        } else if (!strncmp(line, "team", 4)) {
            skip |= !read_team(dex, line, teams, sizes);
        } else if (!strncmp(line, "step", 4) && !skip) {
            int choices[2] = {BATTLE_NO_CHOICE, BATTLE_NO_CHOICE};
            uint32_t hash = 0;
            if (!running && battle_start(&b, dex, (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, 0, NULL))
                return printf("line %d: bad team\n", number), bad + 1;
            running = true;
            struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX};
            skip = !read_step(line, choices, &hash);
            enum battle_result r = battle_step(&b, dex, choices[0], choices[1], &log);
            ++*steps;
            if (r < 0 || tape_wrong || tape_at != tape_n || state_hash(&b) != hash) {
                if (r < 0)
                    printf("line %d: choice %d %d refused, may %x %x\n", number, choices[0], choices[1],
                           battle_choices(&b, dex, 0), battle_choices(&b, dex, 1));
                if (bad < 5)
                    complain(&b, dex, &log, number);
                bad++;
                skip = true;
            }
        } else if (!strncmp(line, "end", 3) && !skip && b.winner != atoi(line + 4)) {
            printf("line %d: winner %d, should be %s", number, b.winner, line + 4);
            bad++;
        }
    }
    return bad;
}

int main(int argc, char **argv)
{
    const struct dex *dex = dex_find("gen1-v1");
    int bad = 0, battles = 0, steps = 0;
    for (int i = 1; i < argc; i++) {
        FILE *f = fopen(argv[i], "r");
        if (!f)
            return printf("cannot read %s\n", argv[i]), 1;
        bad += replay(dex, f, &battles, &steps);
        fclose(f);
    }
    printf("%d battles, %d steps, %d differ\n", battles, steps, bad);
    return bad || !battles;
}
