/*
 * test_battle_vocabulary.c - any sentence may stand on any event: random rules of random sentences, and battles by
 * them.
 *
 *     test-battle-vocabulary [VERSIONS [SEED]]
 *
 * Every version must load, every battle must end; sanitizers see the rest.  Natives are left out: they have places of
 * their own (places.c).
 */
#include "test_battle_play.h"

#include "engine.h"
#include "vocab.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t state;

static unsigned below(unsigned n)
{
    return play_below(&state, n);
}

struct text {
    char bytes[1 << 18];
    size_t len;
};

static void put(struct text *t, const char *s)
{
    t->len += (size_t)snprintf(t->bytes + t->len, sizeof t->bytes - t->len, "%s", s);
    if (t->len >= sizeof t->bytes) {
        fputs("a text is too long\n", stderr);
        exit(1);
    }
}

static const char *one_of(const char *const *list, unsigned n)
{
    return list[below(n)];
}

#define ONE_OF(...)                                                                                                    \
    one_of((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static const char *number(int low, int high)
{
    static char out[16];
    snprintf(out, sizeof out, "%d", low + (int)below((unsigned)(high - low + 1)));
    return out;
}

static void volatile_word(struct text *t)
{
    const char *id = NULL;
    while (!id)
        id = volatile_id((int)below(VOLATILES));
    put(t, id);
}

static void ratio_word(struct text *t)
{
    put(t, number(0, 4));
    put(t, "/");
    put(t, number(1, 16));
}

static void list_of_words(struct text *t, char kind)
{
    for (unsigned i = 1 + below(3); i; i--) {
        if (kind == 'b')
            put(t, ONE_OF("atk ", "def ", "spa ", "spd ", "spe ", "accuracy ", "evasion "));
        put(t, kind == 'b' && !below(8) ? "max" : number(kind == 'b' ? -6 : 0, kind == 'b' ? 6 : 200));
        put(t, i > 1 ? " " : "");
    }
}

static void argument(struct text *t, const struct dex *dex, char kind)
{
    switch (kind) {
    case 's': put(t, ONE_OF("holder", "foe", "target", "source", "user")); break;
    case 'n': put(t, below(4) ? number(-3, 9) : number(-999, 9999)); break;
    case 'r': ratio_word(t); break;
    case 'x': put(t, ONE_OF("0.5", "2", "1.5", "5325/4096", "0", "255")); break;
    case 't': put(t, ONE_OF("fire", "water", "ghost", "stellar", "typeless", "normal")); break;
    case 'f': put(t, ONE_OF("contact", "sound", "protect", "ohko", "multi_accuracy", "charge", "force_switch")); break;
    case 'c': put(t, ONE_OF("physical", "special", "status")); break;
    case 'A': put(t, ONE_OF("foe", "self", "all", "foe_side", "own_side", "ally")); break;
    case 'm': put(t, dex->moves[1 + below(dex->moves_n)].id); break;
    case 'a': put(t, dex->abilities[1 + below(dex->abilities_n)].id); break;
    case 'i': put(t, dex->items[1 + below(dex->items_n)].id); break;
    case 'p': put(t, dex->species[1 + below(dex->species_n)].id); break;
    case 'S': put(t, ONE_OF("brn", "par", "slp", "frz", "psn", "tox")); break;
    case 'v': volatile_word(t); break;
    case 'w': put(t, ONE_OF("none", "sun", "rain", "sand", "snow", "harsh_sun", "heavy_rain", "strong_winds")); break;
    case 'T': put(t, ONE_OF("none", "electric", "grassy", "misty", "psychic")); break;
    case 'R': put(t, ONE_OF("trickroom", "gravity", "wonderroom", "magicroom", "fairylock", "echoedvoice")); break;
    case 'C': put(t, ONE_OF("reflect", "auroraveil", "tailwind", "spikes", "stickyweb", "firepledge")); break;
    case 'k': put(t, ONE_OF("atk", "def", "spe", "evasion")); break;
    case 'q': put(t, ONE_OF("hp", "damage", "counter", "fallen", "rises", "strikes", "weight", "speed")); break;
    case 'g': put(t, ONE_OF("all", "attacks", "defenses")); break;
    default: list_of_words(t, kind); break;
    }
}

static void sentence(struct text *t, const struct dex *dex, int from, int to)
{
    const char *pattern = NULL;
    while (!pattern || strstr(pattern, "%N"))
        pattern = vocab_patterns[from + (int)below((unsigned)(to - from))];
    for (const char *p = pattern; *p; p++) {
        if (*p == '%')
            argument(t, dex, *++p);
        else
            put(t, (const char[]){*p, 0});
    }
}

static void condition(struct text *t, const struct dex *dex)
{
    put(t, below(3) ? "" : "not ");
    sentence(t, dex, V_END + 1, V_OPERATIONS);
    if (!below(4)) {
        put(t, " or ");
        sentence(t, dex, V_END + 1, V_OPERATIONS);
    }
}

static void operation(struct text *t, const struct dex *dex)
{
    if (!below(4)) {
        put(t, below(2) ? "try " : "must ");
        sentence(t, dex, V_OPERATIONS + 1, V_TO_SOMEBODY);
    } else {
        sentence(t, dex, V_OPERATIONS + 1, V_COUNT);
    }
    if (!below(3)) {
        put(t, " when ");
        condition(t, dex);
    }
}

static void hook(struct text *t, const struct dex *dex)
{
    static const char *const events[] = {
#define X(name) #name,
        EVENTS(X)
#undef X
    };
    put(t, "{\"on\": \"");
    put(t, one_of(events, sizeof events / sizeof *events));
    put(t, "\", \"role\": \"");
    put(t, ONE_OF("self", "self", "any", "foe", "source", "ally"));
    put(t, "\", \"if\": [");
    for (unsigned n = below(2), i = 0; i < n; i++) {
        put(t, "\"");
        condition(t, dex);
        put(t, "\"");
    }
    put(t, "], \"do\": [");
    for (unsigned n = 1 + below(3), i = 0; i < n; i++) {
        put(t, i ? ", \"" : "\"");
        operation(t, dex);
        put(t, "\"");
    }
    put(t, "]}");
}

/* Rules of every entry of a kind: some hooks each. */
static void rules(struct text *t, const struct dex *dex, char kind)
{
    const unsigned all = kind == 'm' ? dex->moves_n : kind == 'a' ? dex->abilities_n : dex->items_n;
    t->len = 0;
    put(t, "{");
    for (unsigned i = 1; i <= all; i++) {
        const char *id = kind == 'm' ? dex->moves[i].id : kind == 'a' ? dex->abilities[i].id : dex->items[i].id;
        put(t, i > 1 ? ", \"" : "\"");
        put(t, id);
        put(t, "\": [");
        for (unsigned n = below(3), k = 0; k < n; k++) {
            put(t, k ? ", " : "");
            hook(t, dex);
        }
        put(t, "]");
    }
    put(t, "}");
}

static void tell(void *ctx, const char *document, const char *entry, const char *told)
{
    (void)ctx;
    fprintf(stderr, "%s, %s: %s\n", document, entry, told);
}

static struct dex *made_up(const struct dex *dex)
{
    static struct text texts[3];
    static const struct {
        const char *name;
        char kind;
    } kinds[3] = {{"effects/moves", 'm'}, {"effects/abilities", 'a'}, {"effects/items", 'i'}};
    struct dex_document documents[16];
    const size_t n = dex_documents("gen9-v1", documents, 16);
    for (int k = 0; k < 3; k++) {
        rules(&texts[k], dex, kinds[k].kind);
        for (size_t i = 0; i < n; i++)
            if (!strcmp(documents[i].name, kinds[k].name))
                documents[i] = (struct dex_document){kinds[k].name, texts[k].bytes, texts[k].len};
    }
    return dex_from_texts("made up", documents, n, tell, NULL);
}

/* Moves, abilities and items of all kinds on anybody that the engine takes. */
static void team(const struct dex *dex, struct battle_set sets[BATTLE_PARTY])
{
    for (int i = 0; i < BATTLE_PARTY; i++)
        do {
            sets[i] = play_set(dex, &state);
            for (unsigned m = 0, first = below(dex->moves_n - 4); m < BATTLE_MOVES; m++)
                sets[i].moves[m] = (uint16_t)(1 + first + m);
            sets[i].ability = (uint16_t)(1 + below(dex->abilities_n));
            sets[i].item = (uint16_t)(1 + below(dex->items_n));
        } while (battle_team_check(dex, &sets[i], 1));
}

static int played(const struct dex *dex)
{
    static struct battle_event events[BATTLE_EVENTS_MAX];
    struct battle b;
    struct battle_set teams[2][BATTLE_PARTY];
    const int sizes[2] = {BATTLE_PARTY, BATTLE_PARTY};
    struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX};
    int steps = 0;
    team(dex, teams[0]);
    team(dex, teams[1]);
    if (battle_start(&b, dex, (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, play_next(&state), &log)) {
        fputs("a team is refused\n", stderr);
        exit(1);
    }
    while (b.phase != BATTLE_ENDED && steps++ < 300) {
        int choice[2];
        for (int i = 0; i < 2; i++)
            choice[i] = play_choice(battle_choices(&b, dex, i), &state);
        log.count = 0;
        if (battle_step(&b, dex, choice[0], choice[1], below(4) ? &log : NULL) < 0) {
            fputs("a choice is refused\n", stderr);
            exit(1);
        }
    }
    return steps;
}

int main(int argc, char **argv)
{
    const int versions = argc > 1 ? atoi(argv[1]) : 20;
    const struct dex *dex = dex_find("gen9-v1");
    long steps = 0;
    state = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    for (int i = 0; i < versions; i++) {
        struct dex *other = made_up(dex);
        if (!other)
            return 1;
        for (int k = 0; k < 20; k++)
            steps += played(other);
        dex_free(other);
    }
    printf("%d versions of random sentences, %ld steps of battles\n", versions, steps);
    return 0;
}
