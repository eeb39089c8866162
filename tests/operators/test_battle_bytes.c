/*
 * test_battle_bytes.c - bytes of battles that were stored once are read for good.
 *
 *     test_battle_bytes FILE...
 *
 * Each battle of battle_bytes.txt must be taken, come back as the same bytes, have the digest it had, and go on to the
 * end it came to.  Besides: the orders of engine/wire.h are those of the bytes, and the extension behind the bytes of
 * old is written in one way only.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stored_lines.h"
#include "test_battle_play.h"
#include "wire.h"

enum { LINE = 1 << 16, LINES = 5 };

static int wrong;

#define EXPECT(good, ...)                                                                                              \
    do {                                                                                                               \
        if (!(good)) {                                                                                                 \
            printf(__VA_ARGS__);                                                                                       \
            putchar('\n');                                                                                             \
            wrong++;                                                                                                   \
        }                                                                                                              \
    } while (0)

/* --------------------------------------------------------------------------------------------- stored battles --- */

struct stored {
    char lines[LINES][LINE];
    const char *file;
    int line; /* of the first */
};

static void play_on(const struct stored *st, const struct dex *dex, struct battle *b)
{
    int one, two, used;
    for (const char *p = st->lines[3]; sscanf(p, "%d,%d%n", &one, &two, &used) == 2; p += used)
        if (battle_step(b, dex, one, two, NULL) < 0) {
            EXPECT(false, "%s:%d: turn %d: the choices %d,%d are not taken", st->file, st->line + 3, b->turn, one, two);
            return;
        }
    char end[64];
    snprintf(end, sizeof end, "end %u %u %016" PRIx64, b->turn, b->winner, battle_digest(b));
    EXPECT(!strcmp(end, st->lines[4]), "%s:%d: it comes to another end: %s", st->file, st->line + 4, end);
}

static void check_stored(const struct stored *st)
{
    static uint8_t bytes[BATTLE_ENCODED_MAX], again[BATTLE_ENCODED_MAX], known[BATTLE_KNOWN_BYTES];
    uint8_t known_again[BATTLE_KNOWN_BYTES];
    char version[24];
    unsigned turn;
    uint64_t digest;
    struct battle b;
    struct battle_known k;
    if (sscanf(st->lines[0], "battle %23s %u %16" SCNx64, version, &turn, &digest) != 3) {
        EXPECT(false, "%s:%d: no battle", st->file, st->line);
        return;
    }
    const struct dex *dex = dex_find(version);
    const size_t n = from_hex(st->lines[1], bytes, sizeof bytes);
    if (!dex || !n || from_hex(st->lines[2], known, sizeof known) != sizeof known || battle_decode(&b, dex, bytes, n)) {
        EXPECT(false, "%s:%d: the bytes are not read any more", st->file, st->line);
        return;
    }
    EXPECT(b.turn == turn, "%s:%d: turn %u became %u", st->file, st->line, turn, b.turn);
    EXPECT(battle_encode(&b, again) == n && !memcmp(again, bytes, n), "%s:%d: other bytes come back", st->file,
           st->line);
    EXPECT(battle_digest(&b) == digest, "%s:%d: the digest is %016" PRIx64, st->file, st->line, battle_digest(&b));
    EXPECT(!battle_known_decode(&k, &b, dex, known), "%s:%d: what is known is not read", st->file, st->line);
    battle_known_encode(&k, known_again);
    EXPECT(!memcmp(known, known_again, sizeof known), "%s:%d: what is known comes back otherwise", st->file, st->line);
    play_on(st, dex, &b);
}

static int check_file(const char *name)
{
    static struct stored st;
    FILE *in = fopen(name, "r");
    int line = 0, n = 0;
    EXPECT(in, "%s cannot be read", name);
    while (in && next_line(in, st.lines[0], LINE, &line)) {
        st.file = name;
        st.line = line;
        for (int i = 1; i < LINES; i++)
            if (!next_line(in, st.lines[i], LINE, &line))
                *st.lines[i] = 0;
        check_stored(&st);
        n++;
    }
    if (in)
        fclose(in);
    return n;
}

/* ------------------------------------------------------------------------------------------------------ orders --- */

#define NAME(name) #name " "
#define VOLATILE(name) "volatile " #name "\n"
#define TURNS(name) "turns " #name "\n"
#define SIDE(name) "side " #name "\n"
#define ROOM(name) "room " #name "\n"
#define LOOKS(slot) "looks " #slot "\n"
#define ORDER(name) "order " #name "\n"

/* Whoever changes these has changed what bytes mean that are stored somewhere. */
static const uint32_t CLOSED_LISTS = 0xcf3553e5; /* their names, FNV-1a */

static void check_orders(void)
{
    static const char closed[] =
        WIRE_VOLATILES_TIMED(NAME) WIRE_VOLATILES_OTHER(NAME) WIRE_SIDES(NAME) WIRE_ROOMS(NAME);
    static const char open[] = LATER(VOLATILE, TURNS, SIDE, ROOM, LOOKS, ORDER);
    static const char first[] =
        "volatile BIDE\nturns BIDE\nvolatile PURSUIT\nvolatile SPOTLIGHT\nvolatile COAT_PRANKED\n"
        "volatile RAGE\nvolatile POWER_SHIFT\nvolatile SKY_DROP\nvolatile SKY_EMPTY\n"
        "side LUCKY_CHANT\nside CRAFTY_SHIELD\nside MAT_BLOCK\nroom WATER_SPORT\n"
        "room MUD_SPORT\nroom ION_DELUGE\n"
        "looks 0\nlooks 1\nlooks 2\nlooks 3\nlooks 4\nlooks 5\norder before_syrup\n";
    uint32_t h = 2166136261u;
    for (const char *p = closed; *p; p++)
        h = (h ^ (uint8_t)*p) * 16777619u;
    EXPECT(h == CLOSED_LISTS, "the closed lists of wire.h have changed: %08" PRIx32, h);
    EXPECT(!strncmp(open, first, sizeof first - 1), "LATER of wire.h does not begin as it did: append to it");
}

/* --------------------------------------------------------------------------------------------------- extension --- */

/* A battle of natdex-v1 right after its start: nothing of what came later is there. */
static struct battle fresh(const struct dex *dex)
{
    struct battle_set teams[2][BATTLE_PARTY];
    struct battle b;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++) {
            teams[i][j] = battle_set_default(dex_species(dex, i == j ? "snorlax" : "blissey"));
            teams[i][j].moves[0] = dex_move(dex, "tackle");
        }
    EXPECT(!battle_start(&b, dex, (const struct battle_set(*)[BATTLE_PARTY])teams, (int[]){2, 2}, 1, NULL), "no start");
    return b;
}

static bool taken(const struct dex *dex, const uint8_t *bytes, size_t n)
{
    static uint8_t again[BATTLE_ENCODED_MAX];
    struct battle b;
    if (battle_decode(&b, dex, bytes, n))
        return false;
    EXPECT(battle_encode(&b, again) == n && !memcmp(again, bytes, n), "what was taken comes back otherwise");
    return true;
}

static void set_bit(struct battle_active *on, unsigned v)
{
    on->volatiles[v / 64] |= 1ull << (v % 64);
}

/* All of it at once: the entries are there in their order, and nothing else has changed. */
static void check_all_entries(const struct dex *dex)
{
    static const uint8_t expected[] = {0, 12, 5, 0, 13, 4, 0, 14, 1, 1,  0, 1,  1,  1, 3, 1,  4,
                                       1, 1,  5, 1, 1,  6, 1, 1,  9, 5,  1, 16, 1,  2, 2, 1,  2,
                                       3, 1,  2, 7, 1,  2, 8, 1,  2, 10, 1, 2,  11, 1, 2, 21, 3};
    uint8_t plain[BATTLE_ENCODED_MAX], bytes[BATTLE_ENCODED_MAX];
    struct battle b = fresh(dex);
    const uint64_t digest = battle_digest(&b);
    const size_t n = battle_encode(&b, plain);
    b.rooms[ROOM_WATER_SPORT] = 5, b.rooms[ROOM_MUD_SPORT] = 4, b.rooms[ROOM_ION_DELUGE] = 1;
    b.sides[0].on.turns[VOL_BIDE] = 3, b.sides[0].turns[SIDE_LUCKY_CHANT] = 5;
    b.sides[1].turns[SIDE_CRAFTY_SHIELD] = b.sides[1].turns[SIDE_MAT_BLOCK] = 1;
    set_bit(&b.sides[0].on, VOL_BIDE), set_bit(&b.sides[0].on, VOL_COAT_PRANKED), set_bit(&b.sides[0].on, VOL_RAGE);
    set_bit(&b.sides[0].on, VOL_POWER_SHIFT), set_bit(&b.sides[1].on, VOL_PURSUIT);
    set_bit(&b.sides[1].on, VOL_SPOTLIGHT), set_bit(&b.sides[1].on, VOL_SKY_DROP);
    set_bit(&b.sides[1].on, VOL_SKY_EMPTY);
    b.sides[0].party[1].flags |= 1, b.sides[1].on.before_syrup = OCTOLOCK_FIRST | ATTRACT_FIRST;
    EXPECT(battle_encode(&b, bytes) == n + sizeof expected, "the extension has another length");
    EXPECT(!memcmp(bytes, plain, n), "what came later changes the bytes of old");
    EXPECT(!memcmp(bytes + n, expected, sizeof expected), "the extension has other entries");
    EXPECT(battle_digest(&b) != digest, "the digest knows nothing of what came later");
}

/* Entries are read by themselves, and only in the one form in which they are written. */
static void check_entries(const struct dex *dex)
{
    static const struct {
        const char *what;
        bool taken;
        size_t n;
        uint8_t entries[9];
    } rows[] = {
        {"none", true, 0, {0}},
        {"Water Sport", true, 3, {0, 12, 5}},
        {"Rage, of both", true, 6, {1, 5, 1, 2, 5, 1}},
        {"Lucky Chant and a room", true, 6, {0, 13, 2, 2, 9, 5}},
        {"one byte", false, 1, {0}},
        {"two thirds of an entry", false, 2, {0, 12}},
        {"an entry and one byte", false, 4, {0, 12, 5, 0}},
        {"an entry that says nothing", false, 3, {0, 12, 0}},
        {"three bytes of 0", false, 3, {0, 0, 0}},
        {"the same twice", false, 6, {0, 12, 5, 0, 12, 5}},
        {"falling numbers", false, 6, {0, 13, 5, 0, 12, 5}},
        {"falling places", false, 6, {2, 5, 1, 1, 5, 1}},
        {"a room of a side", false, 3, {1, 12, 5}},
        {"a volatile of the field", false, 3, {0, 5, 1}},
        {"a third side", false, 3, {3, 5, 1}},
        {"a number that is none", false, 3, {1, LATER_N, 1}},
        {"two of one bit", false, 3, {1, 5, 2}},
        {"too many turns of a room", false, 3, {0, 12, 6}},
        {"too many turns of a side", false, 3, {1, 9, 9}},
        {"Bide without its turns", false, 3, {1, 0, 1}},
        {"looks on the bench, of both", true, 6, {1, 16, 1, 2, 16, 1}},
        {"looks kept by who is out", false, 3, {1, 15, 2}},
        {"looks that are its own", false, 3, {1, 16, 2}},
        {"looks of nobody", false, 3, {1, 16, 3}},
        {"looks beyond any party", false, 3, {1, 16, 9}},
        {"looks of one who is not there", false, 3, {1, 17, 1}},
        {"looks on the field", false, 3, {0, 16, 1}},
        {"something before a Syrup Bomb that is not there", false, 3, {1, 21, 1}},
        {"an order of more than there is", false, 3, {1, 21, 4}},
    };
    uint8_t bytes[BATTLE_ENCODED_MAX];
    const struct battle b = fresh(dex);
    const size_t n = battle_encode(&b, bytes);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        memcpy(bytes + n, rows[i].entries, rows[i].n);
        EXPECT(taken(dex, bytes, n + rows[i].n) == rows[i].taken, "an extension of %s is %s", rows[i].what,
               rows[i].taken ? "refused" : "taken");
    }
}

/* Looks have one place in the bytes, not a second one among the flags; who has fallen keeps none. */
static void check_looks(const struct dex *dex)
{
    uint8_t bytes[BATTLE_ENCODED_MAX], marked[BATTLE_ENCODED_MAX];
    struct battle b = fresh(dex);
    const size_t n = battle_encode(&b, bytes);
    b.sides[0].party[1].flags |= MON_ONCE;
    EXPECT(battle_encode(&b, marked) == n, "a flag needs room");
    size_t at = 0;
    while (at < n && bytes[at] == marked[at])
        at++;
    EXPECT(at > 0 && at < n && marked[at] == MON_ONCE >> 8, "the flags are not found");
    EXPECT(taken(dex, marked, n), "a flag is refused");
    memcpy(marked, bytes, n);
    marked[at - 1] = 1; /* the lower byte of the flags */
    EXPECT(!taken(dex, marked, n), "looks among the flags are taken");
    b = fresh(dex);
    b.sides[0].party[1].flags |= 1;
    EXPECT(taken(dex, bytes, battle_encode(&b, bytes)), "looks on the bench are refused");
    b.sides[0].party[1].hp = 0;
    b.sides[0].party[1].flags |= MON_FAINT_TOLD;
    b.sides[0].fainted = 1;
    b.sides[0].choices &= (uint16_t) ~(1u << (BATTLE_CHOICE_SWITCH + 1));
    EXPECT(!taken(dex, bytes, battle_encode(&b, bytes)), "looks of one that fell are taken");
    b.sides[0].party[1].flags &= (uint16_t)~MON_LOOKS;
    EXPECT(taken(dex, bytes, battle_encode(&b, bytes)), "one that fell is refused");
}

/* Future Sight takes the last one of a side, the Life Orb of who foresaw it takes that one, and the battle is over
 * before the latter's fainting is told. */
static void check_untold_faint(const struct dex *dex)
{
    uint8_t bytes[BATTLE_ENCODED_MAX];
    struct battle_set teams[2][BATTLE_PARTY];
    struct battle b;
    for (int i = 0; i < 2; i++) {
        teams[i][0] = battle_set_default(dex_species(dex, "blissey"));
        teams[i][0].moves[0] = dex_move(dex, "futuresight");
        teams[i][0].moves[1] = dex_move(dex, "splash");
    }
    teams[0][0].item = dex_item(dex, "lifeorb");
    EXPECT(!battle_start(&b, dex, (const struct battle_set(*)[BATTLE_PARTY])teams, (int[]){1, 1}, 1, NULL), "no start");
    b.sides[0].party[0].hp = b.sides[1].party[0].hp = 1;
    for (int turn = 0; turn < 3; turn++)
        EXPECT(battle_step(&b, dex, turn > 0, 1, NULL) >= 0, "turn %d is refused", turn + 1);
    const struct battle_mon *seer = &b.sides[0].party[0];
    EXPECT(b.phase == BATTLE_ENDED && b.winner == BATTLE_WON_0, "it did not end by Future Sight");
    EXPECT(!seer->hp && !(seer->flags & MON_FAINT_TOLD), "the Life Orb's holder is there still, or told");
    const size_t n = battle_encode(&b, bytes);
    EXPECT(taken(dex, bytes, n), "an end before a fainting is told is refused");
    b = fresh(dex);
    b.sides[0].party[0].hp = 0;
    EXPECT(!taken(dex, bytes, battle_encode(&b, bytes)), "one without HP that fights on is taken");
}

/* Each makes of a battle one that cannot be; what stands behind it is what could come of it. */
static void spoil(struct battle *b, int what)
{
    struct battle_side *s = &b->sides[0];
    struct battle_mon *m = &s->party[1];
    switch (what) {
    case 0: s->replacing |= 1u << SLOT_REVIVAL_BLESSING; break; /* nobody is asked once the side is to switch */
    case 1: m->flags |= MON_TERASTALLIZED; break;               /* and another may, too */
    case 2: m->pp[0] = 255; break;
    case 3: s->on.virtual_moves = 1, s->on.pp[0] = 255; break;
    case 4: s->on.moves[0]++; break; /* not the one that its party slot has */
    case 5: m->moves[2] = m->moves[0]; break;
    case 6: s->on.stats[STAT_DEF] = 0; break;
    case 7: m->hp_max++; break;
    case 8: m->level++; break;
    case 9: m->evs[3] = 253; break;
    case 10: m->tera = 0; break;
    case 11: m->status = STATUS_SLP, m->status_n = 5; break;
    case 12: s->on.confusion = 6; break;
    case 13: s->on.best_stat = 6; break;
    case 14: s->on.hit_by = 2; break; /* of two */
    case 15: s->on.gone = 2 << 3; break;
    case 16: s->once = ONCE_ALL + 1; break;
    case 17: m->hp = 0, m->flags |= MON_FAINT_TOLD, s->choices &= (uint16_t) ~(1u << (BATTLE_CHOICE_SWITCH + 1)); break;
    case 18: s->wish_by = 2; break;
    case 19: s->future_by = 2; break;
    case 20: s->wish_hp = 715; break;
    case 21: s->on.substitute = 179; break;
    case 22: b->weather_by = 2; break;
    case 23: b->magic_by = 16; break;
    case 24: b->weather_turns = 1; break; /* of no weather */
    case 25: b->terrain = TERRAIN_GRASSY; break;
    case 26: b->last_z = 2; break;
    case 27: b->turn = 0; break;
    case 28: b->clauses = CLAUSE_FREEZE, m->status = s->party[0].status = STATUS_FRZ; break;
    case 29: b->phase = BATTLE_ENDED, b->winner = BATTLE_WON_1, s->choices = b->sides[1].choices = 0; break;
    default: break;
    }
}

/* Of the last of these the other side has fallen, and yet it won. */
static void check_impossible(const struct dex *dex)
{
    enum { KINDS = 30, LAST = KINDS - 1 };
    uint8_t bytes[BATTLE_ENCODED_MAX];
    for (int what = 0; what <= KINDS; what++) {
        struct battle b = fresh(dex);
        for (int i = 0; what == LAST && i < b.sides[1].size; i++)
            b.sides[1].party[i].hp = 0, b.sides[1].party[i].flags |= MON_FAINT_TOLD, b.sides[1].fainted++;
        spoil(&b, what);
        EXPECT(taken(dex, bytes, battle_encode(&b, bytes)) == (what == KINDS), "%s: battle %d that cannot be is taken",
               dex->version, what);
    }
}

int main(int argc, char **argv)
{
    int n = 0;
    for (int i = 1; i < argc; i++)
        n += check_file(argv[i]);
    EXPECT(n, "no battle was read: test_battle_bytes FILE...");
    check_orders();
    check_all_entries(dex_find("natdex-v1"));
    check_entries(dex_find("natdex-v1"));
    check_looks(dex_find("natdex-v1"));
    check_impossible(dex_find("gen9-v1"));
    check_impossible(dex_find("natdex-v1"));
    check_untold_faint(dex_find("gen9-v1"));
    check_untold_faint(dex_find("natdex-v1"));
    printf("%d stored battles, %d wrong\n", n, wrong);
    return wrong > 0;
}
