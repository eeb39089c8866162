/*
 * compare.c - battles of the simulator played again by the engine, draw by draw.
 *
 *     compare [options] TAPES...
 *       --show N       differences to print in full (5)
 *       --kind K       print only differences of this kind
 *       --pool FOLDER  data version whose moves, abilities and items the table lists
 *       --table FILE   write the table: how often each took effect in steps that were equal and that differed
 *       --from N       print only differences of battle N
 *       --tally N      the N most frequent reasons
 *       --seed         draws come from the seed that a tape of the plain simulator names, not from the tape
 *       --strict       log, what each reads, and volatiles count too for the answer of the program
 *
 * Every draw of the engine is answered from the tape and must ask for the range that the simulator asked for; after
 * a step nothing may be left, and both must agree on the state.  Where they do not, the battle is left.  Legal
 * choices, the log and the names of volatile conditions are compared too, but a difference there does not stop it.
 *
 * A step that differs is blamed on what took effect in it: first on the entry whose share of differing steps is
 * largest, and so on until every differing step has a suspect.
 */
#include "game.h"
#include "seed.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

enum kind { EQUAL, UNKNOWN, REFUSED, DRAW, LEFT, STATE, WINNER, MASK, LOG, VOLATILES, SEEN, KINDS };
static const char *const kind_names[KINDS] = {"equal",  "unknown", "refused", "draw",      "left", "state",
                                              "winner", "mask",    "log",     "volatiles", "seen"};

static struct {
    int show, from, tally;
    const char *kind, *pool, *table;
    bool strict, seed;
} options = {.show = 5, .from = -1};

/* --------------------------------------------------------------------------------------------------- draws --- */

static const struct tape_step *step;
static struct seed seed;
static bool seeded; /* draws of this battle come from it */
static int drawn;
static bool draw_wrong;
static char draw_text[256];

uint32_t battle_tape(uint32_t lo, uint32_t hi, int why)
{
    const struct tape_draw *d = drawn < step->draws_n ? &step->draws[drawn] : NULL;
    if (seeded)
        return seed_draw(&seed, lo, hi);
    if (!draw_wrong && d && d->lo == lo && d->hi == hi) {
        drawn++;
        return d->result;
    }
    if (!draw_wrong && d)
        snprintf(draw_text, sizeof draw_text, "draw %d: engine wants %u..%u (why %d), tape has %u..%u (%s)", drawn, lo,
                 hi, why, d->lo, d->hi, d->why);
    else if (!draw_wrong)
        snprintf(draw_text, sizeof draw_text, "draw %d: engine wants %u..%u (why %d), tape has no more", drawn, lo, hi,
                 why);
    draw_wrong = true;
    return lo;
}

/* ------------------------------------------------------------------------------------------------- compare --- */

static bool same(enum tape_part p)
{
    const char *text = game_text(p);
    return step->text ? !strcmp(text, step->part[p]) : tape_hash(text) == step->hash[p];
}

static enum kind judge(bool played)
{
    if (draw_wrong)
        return DRAW;
    if (!played)
        return REFUSED;
    if (!seeded && drawn != step->draws_n)
        return LEFT;
    if (!same(PART_STATE))
        return STATE;
    if (!same(PART_LOG))
        return LOG;
    if (!same(PART_VOLATILES))
        return VOLATILES;
    return !step->seen || (same(PART_SEEN) && same(PART_SEEN + 1) && same(PART_SEEN + 2)) ? EQUAL : SEEN;
}

enum { LINES = 400 };

static int split(const char *text, const char *lines[LINES])
{
    int n = 0;
    while (*text && n < LINES) {
        lines[n++] = text;
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return n;
}

static bool line_same(const char *a, const char *b)
{
    size_t n = strcspn(a, "\n");
    return n == strcspn(b, "\n") && !strncmp(a, b, n);
}

static void print_line(char mark, const char *line)
{
    printf("    %c %.*s\n", mark, (int)strcspn(line, "\n"), line);
}

/* Lines of two texts: ours alone with +, the tape's alone with -; by the longest common part. */
static void print_difference(const char *ours, const char *theirs)
{
    static const char *a[LINES], *b[LINES];
    static uint16_t common[LINES + 1][LINES + 1];
    int n = split(ours, a), m = split(theirs, b), i = 0, j = 0;
    memset(common, 0, sizeof common);
    for (i = n - 1; i >= 0; i--)
        for (j = m - 1; j >= 0; j--)
            common[i][j] = line_same(a[i], b[j])                 ? (uint16_t)(common[i + 1][j + 1] + 1)
                           : common[i + 1][j] > common[i][j + 1] ? common[i + 1][j]
                                                                 : common[i][j + 1];
    for (i = j = 0; i < n || j < m;) {
        if (i < n && j < m && line_same(a[i], b[j])) {
            print_line(' ', a[i++]);
            j++;
        } else if (j < m && (i == n || common[i][j + 1] >= common[i + 1][j])) {
            print_line('-', b[j++]);
        } else {
            print_line('+', a[i++]);
        }
    }
}

static void complain(int battle, enum kind kind, const char *extra)
{
    if (options.show <= 0 || (options.kind && strcmp(options.kind, kind_names[kind])) ||
        (options.from >= 0 && options.from != battle))
        return;
    options.show--;
    printf("battle %d, line %d: %s %s\n  choices %d %d; took effect:%s\n", battle, step->line, kind_names[kind], extra,
           step->choice[0], step->choice[1], step->touched);
    if (kind == LEFT)
        printf("  draw %d of %d was not made: %u..%u %s\n", drawn, step->draws_n, step->draws[drawn].lo,
               step->draws[drawn].hi, step->draws[drawn].why);
    if (kind == REFUSED || kind == MASK || !step->text)
        return;
    for (int p = PART_SEEN; p < PARTS && kind == SEEN; p++)
        print_difference(game_text((enum tape_part)p), step->part[p]);
    if (kind == SEEN)
        return;
    print_difference(game_text(PART_LOG), step->part[PART_LOG]);
    if (kind != LOG)
        print_difference(game_text(kind == VOLATILES ? PART_VOLATILES : PART_STATE),
                         step->part[kind == VOLATILES ? PART_VOLATILES : PART_STATE]);
}

/* A line without the names and numbers that differ from battle to battle: they become x and 0. */
static void general(const char *line, char *out, size_t size)
{
    size_t n = 0;
    for (const char *c = line; *c && *c != '\n' && n + 2 < size; c++) {
        if ((!strncmp(c, "p1a: ", 5) || !strncmp(c, "p2a: ", 5))) {
            out[n++] = 'x';
            c += strcspn(c, "|\n") - 1;
        } else if (*c >= '0' && *c <= '9') {
            if (!n || out[n - 1] != '0')
                out[n++] = '0';
        } else {
            out[n++] = *c;
        }
    }
    out[n] = 0;
}

/* The first pair of lines in which a part differs, as a reason. */
static void tally_part(enum kind kind, enum tape_part part)
{
    static const char *a[LINES], *b[LINES];
    char ours[120] = "", theirs[120] = "", text[300];
    int n = split(game_text(part), a), m = split(step->part[part], b), i = 0;
    while (i < n && i < m && line_same(a[i], b[i]))
        i++;
    if (part == PART_LOG) {
        general(i < n ? a[i] : "(end)", ours, sizeof ours);
        general(i < m ? b[i] : "(end)", theirs, sizeof theirs);
    } else if (i < n && i < m) { /* the first word that differs */
        size_t k = 0;
        while (a[i][k] == b[i][k])
            k++;
        while (k && a[i][k - 1] != ' ' && a[i][k - 1] != ',')
            k--;
        snprintf(ours, sizeof ours, "%.5s.. %.*s", a[i], (int)strcspn(a[i] + k, " ,\n"), a[i] + k);
        snprintf(theirs, sizeof theirs, "%.*s", (int)strcspn(b[i] + k, " ,\n"), b[i] + k);
    }
    snprintf(text, sizeof text, "%s: tape %s | engine %s", kind_names[kind], theirs, ours);
    tally_add(text);
}

static void tally(enum kind kind, const char *extra)
{
    char text[320];
    const struct tape_draw *d = drawn < step->draws_n ? &step->draws[drawn] : NULL;
    if (!options.tally)
        return;
    if (kind == STATE || kind == LOG || kind == VOLATILES)
        tally_part(kind, kind == STATE ? PART_STATE : kind == LOG ? PART_LOG : PART_VOLATILES);
    else if (kind == DRAW || kind == LEFT) {
        const char *wants = kind == DRAW ? strstr(extra, "wants") : "nothing";
        snprintf(text, sizeof text, "%s: tape %u..%u %s | engine %.*s", kind_names[kind], d ? d->lo : 0, d ? d->hi : 0,
                 d ? d->why : "nothing", (int)strcspn(wants, ","), wants);
        tally_add(text);
    } else {
        snprintf(text, sizeof text, "%s %.60s", kind_names[kind], kind == MASK ? "" : extra);
        tally_add(text);
    }
}

static int battles, steps, equal_battles, plain_battles, plain_equal, counts[KINDS];

struct run { /* one battle */
    int number;
    bool skip, plain;
    enum kind worst; /* EQUAL while nothing differed */
};

static void found(struct run *r, enum kind kind, const char *extra)
{
    counts[kind]++;
    tally(kind, extra);
    complain(r->number, kind, extra);
    if (r->worst == EQUAL || kind < r->worst)
        r->worst = kind;
}

static void one_step(struct run *r, bool start)
{
    char masks[64];
    bool equal = true, played;
    drawn = 0;
    draw_wrong = false;
    for (int i = 0; i < 2 && !start; i++) {
        if (game_mask(i) == step->mask[i])
            continue;
        snprintf(masks, sizeof masks, "side %d: engine %x, tape %x", i, game_mask(i), step->mask[i]);
        found(r, MASK, masks);
        equal = false;
    }
    played = start ? game_start() : game_step(step->choice);
    steps++;
    enum kind kind = judge(played);
    if (kind != EQUAL)
        found(r, kind, kind == DRAW ? draw_text : "");
    table_count(step->touched, equal && kind == EQUAL);
    r->skip = kind != EQUAL && kind != LOG && kind != VOLATILES && kind != SEEN;
}

static void end_battle(struct run *r)
{
    if (r->number < 0)
        return;
    battles++;
    equal_battles += r->worst == EQUAL;
    plain_battles += r->plain;
    plain_equal += r->plain && r->worst == EQUAL;
}

static bool read_tape(const char *path)
{
    static struct tape t;
    struct run r = {-1, false, false, EQUAL};
    memset(&t, 0, sizeof t);
    t.file = fopen(path, "r");
    if (!t.file)
        return printf("cannot read %s\n", path), false;
    step = &t.step;
    for (enum tape_kind k; (k = tape_next(&t)) != TAPE_END_OF_FILE;) {
        if (k == TAPE_BAD) {
            fclose(t.file);
            return printf("%s:%d is not understood\n", path, t.line), false;
        }
        if (k == TAPE_BATTLE) {
            end_battle(&r);
            r = (struct run){t.battle, false, false, EQUAL};
            if (!game_data(t.data)) {
                fclose(t.file);
                return printf("there is no data version %s\n", t.data), false;
            }
            game_clear();
            seeded = false;
        } else if (k == TAPE_CLAUSES) {
            game_clauses(t.sleep_clause, t.freeze_clause);
        } else if (k == TAPE_PLAIN) {
            game_ties();
            seeded = options.seed && seed_read(&seed, t.seed);
        } else if (k == TAPE_MON && !r.skip) {
            const char *unknown = game_add(&t.mon);
            r.skip = unknown;
            if (unknown)
                found(&r, UNKNOWN, unknown);
        } else if ((k == TAPE_START || k == TAPE_STEP) && !r.skip) {
            one_step(&r, k == TAPE_START);
        } else if (k == TAPE_WINNER) {
            r.plain = t.plain;
            if (!r.skip && (!game_ended() || game_winner() != t.winner))
                found(&r, WINNER, "");
        }
    }
    end_battle(&r);
    fclose(t.file);
    return true;
}

int main(int argc, char **argv)
{
    bool fine = true;
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (!strcmp(argv[i], "--strict"))
            options.strict = true;
        else if (!strcmp(argv[i], "--seed"))
            options.seed = true;
        else if (!strcmp(argv[i], "--show"))
            options.show = atoi(value), i++;
        else if (!strcmp(argv[i], "--tally"))
            options.tally = atoi(value), i++;
        else if (!strcmp(argv[i], "--from"))
            options.from = atoi(value), i++;
        else if (!strcmp(argv[i], "--kind"))
            options.kind = value, i++;
        else if (!strcmp(argv[i], "--pool"))
            options.pool = value, i++;
        else if (!strcmp(argv[i], "--table"))
            options.table = value, i++;
        else
            fine &= read_tape(argv[i]);
    }
    if (options.pool) {
        table_pool(options.pool, "moves", 'm');
        table_pool(options.pool, "abilities", 'a');
        table_pool(options.pool, "items", 'i');
    }
    tally_write(options.tally);
    table_blame();
    table_write(options.table);
    printf("%d battles, %d equal to the end (%.2f %%), %d steps", battles, equal_battles,
           battles ? 100.0 * equal_battles / battles : 0, steps);
    printf("; of %d that the plain simulator plays so too, %d equal", plain_battles, plain_equal);
    int bad = 0;
    for (int k = EQUAL + 1; k < KINDS; k++) {
        if (counts[k])
            printf(", %s %d", kind_names[k], counts[k]);
        bad += k < MASK || options.strict ? counts[k] : 0;
    }
    printf("\n");
    return !fine || bad || !battles;
}
