/*
 * odds.c - how often things happen, where no stream of random numbers is shared with anybody.
 *
 *     oracle-odds [TRIALS]
 *
 * Each row plays a short scene again and again with new seeds and counts in how many of them the last step's log has
 * a certain text.  The count must lie within 5 standard deviations of what the rules say; by chance alone one row in
 * 1.7 million falls outside.  The seeds are fixed, so the answer is the same every time.
 */
#define _POSIX_C_SOURCE 200809L
#include "game.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define IVS " 31,31,31,31,31,31 0,0,0,0,0,0"
/* Fast and weak; slow and hard to kill. */
#define FAST(moves) "dugtrio - - hardy 40 M Bug " moves IVS
#define FAST_WITH(ability, item, moves) "dugtrio " ability " " item " hardy 40 M Bug " moves IVS
#define SLOW(moves) "slowbro - - hardy 100 F Water " moves IVS
#define SLOW_WITH(ability, item, moves) "slowbro " ability " " item " hardy 100 F Water " moves IVS

struct odds {
    const char *name;
    const char *teams[2][3]; /* members, as in a tape's line behind the side */
    const char *choices;     /* "00 01": a step each, a digit a side; - when it is not asked */
    const char *given;  /* what the log before the last step must have (with !: must not have, with ^: must begin with);
                           NULL: anything */
    const char *needle; /* what is looked for in the last step's log */
    int n, d;           /* how often: n times in d */
};

static const struct odds table[] = {
    {"a critical hit", {{FAST("tackle")}, {SLOW("splash")}}, "00", NULL, "|-crit|", 1, 24},
    {"of a move with a high ratio", {{FAST("slash")}, {SLOW("splash")}}, "00", NULL, "|-crit|", 1, 8},
    {"after Focus Energy", {{FAST("tackle,focusenergy")}, {SLOW("splash")}}, "10 00", NULL, "|-crit|", 1, 2},
    {"Thunder misses", {{FAST("thunder")}, {SLOW("splash")}}, "00", NULL, "|-miss|", 30, 100},
    {"after Double Team", {{FAST("tackle")}, {SLOW("doubleteam")}}, "00 00", NULL, "|-miss|", 25, 100},
    {"after Sand Attack twice", {{FAST("tackle")}, {SLOW("sandattack")}}, "00 00 00", NULL, "|-miss|", 40, 100},
    {"a one-hit knock-out",
     {{"dugtrio - - hardy 100 M Bug guillotine" IVS}, {SLOW("splash")}},
     "00",
     NULL,
     "|-ohko",
     30,
     100},
    {"two hits", {{FAST("bulletseed")}, {SLOW("splash")}}, "00", NULL, "|-hitcount|p2a: Slowbro|2", 35, 100},
    {"three", {{FAST("bulletseed")}, {SLOW("splash")}}, "00", NULL, "|-hitcount|p2a: Slowbro|3", 35, 100},
    {"four", {{FAST("bulletseed")}, {SLOW("splash")}}, "00", NULL, "|-hitcount|p2a: Slowbro|4", 15, 100},
    {"five", {{FAST("bulletseed")}, {SLOW("splash")}}, "00", NULL, "|-hitcount|p2a: Slowbro|5", 15, 100},
    {"paralysis by Body Slam",
     {{FAST("bodyslam")}, {SLOW("splash")}},
     "00",
     NULL,
     "|-status|p2a: Slowbro|par",
     30,
     100},
    {"a burn by Ember", {{FAST("ember")}, {SLOW("splash")}}, "00", NULL, "|-status|p2a: Slowbro|brn", 10, 100},
    {"a flinch", {{FAST("headbutt")}, {SLOW("splash")}}, "00", NULL, "|cant|p2a: Slowbro|flinch", 30, 100},
    {"full paralysis",
     {{FAST("stunspore")}, {SLOW("splash")}},
     "00 -0 00",
     "|-status|p2a: Slowbro|par",
     "|cant|p2a: Slowbro|par",
     25,
     100},
    {"waking after one turn", {{FAST("spore,splash")}, {SLOW("splash")}}, "00 10", NULL, "|-curestatus|", 1, 3},
    {"after two", {{FAST("spore,splash")}, {SLOW("splash")}}, "00 10 10", "!|-curestatus|", "|-curestatus|", 1, 2},
    {"after three", {{FAST("spore,splash")}, {SLOW("splash")}}, "00 10 10 10", "!|-curestatus|", "|-curestatus|", 1, 1},
    {"thawing", {{FAST("icebeam,splash")}, {SLOW("splash")}}, "00 10", "|cant|p2a: Slowbro|frz", "|-curestatus|", 1, 5},
    {"hurting itself",
     {{FAST("confuseray,splash")}, {SLOW("splash")}},
     "00 10",
     "!|-end|",
     "[from] confusion",
     33 * 3,
     400},
    {"out of confusion after one turn",
     {{FAST("confuseray,splash")}, {SLOW("splash")}},
     "00 10",
     NULL,
     "|-end|p2a: Slowbro|confusion",
     1,
     4},
    {"Protect twice", {{FAST("protect")}, {SLOW("splash")}}, "00 00", NULL, "|-singleturn|", 1, 3},
    {"three times", {{FAST("protect")}, {SLOW("splash")}}, "00 00 00", "!|-fail|", "|-singleturn|", 1, 9},
    {"who is first of two equals", {{SLOW("splash")}, {SLOW("splash")}}, "00", NULL, "^|move|p1a", 1, 2},
    {"who is dragged in",
     {{FAST("splash,whirlwind")}, {SLOW("splash"), SLOW("splash"), "ditto - - hardy 50 N Normal splash" IVS}},
     "10",
     NULL,
     "|drag|p2a: Ditto",
     1,
     2},
    {"love", {{FAST("attract,splash")}, {SLOW("splash")}}, "00 10", NULL, "|cant|p2a: Slowbro|Attract", 1, 2},
    {"Static",
     {{FAST("tackle")}, {SLOW_WITH("static", "-", "splash")}},
     "00",
     NULL,
     "|-status|p1a: Dugtrio|par",
     30,
     100},
    {"Cursed Body", {{FAST("tackle")}, {SLOW_WITH("cursedbody", "-", "splash")}}, "00", NULL, "|Disable|", 30, 100},
    {"Effect Spore: sleep",
     {{FAST("tackle")}, {SLOW_WITH("effectspore", "-", "splash")}},
     "00",
     NULL,
     "|-status|p1a: Dugtrio|slp",
     11,
     100},
    {"paralysis",
     {{FAST("tackle")}, {SLOW_WITH("effectspore", "-", "splash")}},
     "00",
     NULL,
     "|-status|p1a: Dugtrio|par",
     10,
     100},
    {"poison",
     {{FAST("tackle")}, {SLOW_WITH("effectspore", "-", "splash")}},
     "00",
     NULL,
     "|-status|p1a: Dugtrio|psn",
     9,
     100},
    {"Quick Claw", {{FAST("splash")}, {SLOW_WITH("-", "quickclaw", "splash")}}, "00", NULL, "Quick Claw", 1, 5},
    {"Quick Draw", {{FAST("splash")}, {SLOW_WITH("quickdraw", "-", "tackle")}}, "00", NULL, "Quick Draw", 30, 100},
    {"Serene Grace doubles",
     {{FAST_WITH("serenegrace", "-", "ember")}, {SLOW("splash")}},
     "00",
     NULL,
     "|-status|p2a: Slowbro|brn",
     20,
     100},
    {"Loaded Dice: four hits",
     {{FAST_WITH("-", "loadeddice", "bulletseed")}, {SLOW("splash")}},
     "00",
     NULL,
     "|-hitcount|p2a: Slowbro|4",
     1,
     2},
    {"Scope Lens", {{FAST_WITH("-", "scopelens", "tackle")}, {SLOW("splash")}}, "00", NULL, "|-crit|", 1, 8},
    {"King's Rock",
     {{FAST_WITH("-", "kingsrock", "tackle")}, {SLOW("splash")}},
     "00",
     NULL,
     "|cant|p2a: Slowbro|flinch",
     10,
     100},
    {"Bright Powder", {{FAST("tackle")}, {SLOW_WITH("-", "brightpowder", "splash")}}, "00", NULL, "|-miss|", 10, 100},
    {"the highest of 16 damage rolls",
     {{"dugtrio - - hardy 100 M Bug earthquake" IVS}, {SLOW("splash")}},
     "00",
     NULL,
     "|-damage|p2a: Slowbro|213/331",
     23,
     24 * 16},
    {"the two lowest, which are alike",
     {{"dugtrio - - hardy 100 M Bug earthquake" IVS}, {SLOW("splash")}},
     "00",
     NULL,
     "|-damage|p2a: Slowbro|231/331",
     23 * 2,
     24 * 16},
    {"the Speed falls", {{FAST("bubblebeam")}, {SLOW("splash")}}, "00", NULL, "|-unboost|", 10, 100},
    {"a stage up of its own", {{FAST("ancientpower")}, {SLOW("splash")}}, "00", NULL, "|-boost|", 10, 100},
    {"Fake Out always", {{FAST("fakeout")}, {SLOW("splash")}}, "00", NULL, "|cant|p2a: Slowbro|flinch", 1, 1},
    {"a freeze", {{FAST("icebeam")}, {SLOW("splash")}}, "00", NULL, "|-status|p2a: Slowbro|frz", 10, 100},
    {"poison by Sludge Bomb",
     {{FAST("sludgebomb")}, {SLOW("splash")}},
     "00",
     NULL,
     "|-status|p2a: Slowbro|psn",
     30,
     100},
    {"confusion by Dynamic Punch",
     {{FAST("dynamicpunch")}, {SLOW("splash")}},
     "00",
     NULL,
     "|-start|p2a: Slowbro|confusion",
     50,
     100},
    {"one of three: Tri Attack burns",
     {{FAST("triattack")}, {SLOW("splash")}},
     "00",
     NULL,
     "|-status|p2a: Slowbro|brn",
     20,
     300},
    {"out of confusion after two turns",
     {{FAST("confuseray,splash")}, {SLOW("splash")}},
     "00 10 10",
     "!|-end|p2a: Slowbro|confusion",
     "|-end|p2a: Slowbro|confusion",
     1,
     3},
    {"after three",
     {{FAST("confuseray,splash")}, {SLOW("splash")}},
     "00 10 10 10",
     "!|-end|p2a: Slowbro|confusion",
     "|-end|p2a: Slowbro|confusion",
     1,
     2},
    {"Endure twice", {{FAST("endure")}, {SLOW("splash")}}, "00 00", NULL, "|-singleturn|", 1, 3},
    {"Protect four times", {{FAST("protect")}, {SLOW("splash")}}, "00 00 00 00", "!|-fail|", "|-singleturn|", 1, 27},
    {"bound for four turns",
     {{FAST("wrap,splash")}, {SLOW("splash")}},
     "00 10 10 10 10",
     "|-activate|p2a: Slowbro|move: Wrap",
     "|-end|p2a: Slowbro|Wrap",
     1,
     2},
    {"a rampage of two turns",
     {{FAST("outrage")}, {SLOW("splash")}},
     "00 40",
     NULL,
     "|-start|p1a: Dugtrio|confusion|[fatigue]",
     1,
     2},
    {"of three",
     {{FAST("outrage")}, {SLOW("splash")}},
     "00 40 40",
     "!|confusion|",
     "|-start|p1a: Dugtrio|confusion|[fatigue]",
     1,
     1},
    {"Metronome calls one of all",
     {{FAST("metronome")}, {SLOW("splash")}},
     "00",
     NULL,
     "|Tackle|p2a: Slowbro|[from] move: Metronome",
     1,
     581},
    {"Sleep Talk: one of two",
     {{FAST("spore")}, {SLOW("sleeptalk,splash,growl")}},
     "00",
     NULL,
     "|move|p2a: Slowbro|Growl|",
     1,
     2},
    {"Present heals", {{FAST("present")}, {SLOW("splash")}}, "00", "", "|-fail|p2a: Slowbro|heal", 18, 100},
    {"Acupressure: the Speed", {{FAST("acupressure")}, {SLOW("splash")}}, "00", NULL, "|spe|2", 1, 7},
    {"Fickle Beam goes all out", {{FAST("ficklebeam")}, {SLOW("splash")}}, "00", NULL, "move: Fickle Beam", 30, 100},
    {"Triple Kick three times",
     {{FAST("triplekick")}, {SLOW("splash")}},
     "00",
     NULL,
     "|-hitcount|p2a: Slowbro|3",
     729,
     1000},
    {"Focus Band",
     {{"dugtrio - - hardy 100 M Bug earthquake" IVS}, {"pichu - focusband hardy 5 M Bug splash" IVS}},
     "00",
     NULL,
     "Focus Band",
     10,
     100},
    {"Flame Body",
     {{FAST("tackle")}, {SLOW_WITH("flamebody", "-", "splash")}},
     "00",
     NULL,
     "|-status|p1a: Dugtrio|brn",
     30,
     100},
    {"Poison Point",
     {{FAST("tackle")}, {SLOW_WITH("poisonpoint", "-", "splash")}},
     "00",
     NULL,
     "|-status|p1a: Dugtrio|psn",
     30,
     100},
    {"Poison Touch",
     {{FAST_WITH("poisontouch", "-", "tackle")}, {SLOW("splash")}},
     "00",
     NULL,
     "|-status|p2a: Slowbro|psn",
     30,
     100},
    {"Cute Charm",
     {{FAST("tackle")}, {SLOW_WITH("cutecharm", "-", "splash")}},
     "00",
     NULL,
     "|-start|p1a: Dugtrio|Attract",
     30,
     100},
    {"Stench",
     {{FAST_WITH("stench", "-", "tackle")}, {SLOW("splash")}},
     "00",
     NULL,
     "|cant|p2a: Slowbro|flinch",
     10,
     100},
    {"Shed Skin",
     {{FAST("toxic")}, {SLOW_WITH("shedskin", "-", "splash")}},
     "00",
     NULL,
     "|-curestatus|p2a: Slowbro|tox",
     9 * 33,
     1000},
    {"Harvest",
     {{FAST("tackle")}, {SLOW_WITH("harvest", "sitrusberry", "bellydrum")}},
     "00",
     NULL,
     "|-item|p2a: Slowbro|Sitrus Berry",
     1,
     2},
    {"Serene Grace: a flinch",
     {{FAST_WITH("serenegrace", "-", "headbutt")}, {SLOW("splash")}},
     "00",
     NULL,
     "|cant|p2a: Slowbro|flinch",
     60,
     100},
    {"Super Luck", {{FAST_WITH("superluck", "-", "tackle")}, {SLOW("splash")}}, "00", NULL, "|-crit|", 1, 8},
    {"Wide Lens", {{FAST_WITH("-", "widelens", "thunder")}, {SLOW("splash")}}, "00", NULL, "|-miss|", 23, 100},
    {"Hustle misses", {{FAST_WITH("hustle", "-", "tackle")}, {SLOW("splash")}}, "00", NULL, "|-miss|", 20, 100},
    {"Skill Link: always five",
     {{FAST_WITH("skilllink", "-", "bulletseed")}, {SLOW("splash")}},
     "00",
     NULL,
     "|-hitcount|p2a: Slowbro|5",
     1,
     1},
};

static const char *add_member(int side, const char *text)
{
    char line[256], buffer[256];
    snprintf(line, sizeof line, "mon %d %s\n", side, text);
    snprintf(buffer, sizeof buffer, "%s", line);
    struct tape t = {.file = fmemopen(buffer, strlen(buffer), "r")};
    enum tape_kind kind = t.file ? tape_next(&t) : TAPE_BAD;
    if (t.file)
        fclose(t.file);
    return kind == TAPE_MON ? game_add(&t.mon) : "a line that cannot be read";
}

static int choice_of(char c)
{
    return c == '-' ? -1 : c == 't' ? 11 : c - '0';
}

static bool has_it(const char *log, const char *needle)
{
    if (needle[0] == '^')
        return !strncmp(log, needle + 1, strlen(needle + 1));
    return needle[0] == '!' ? !strstr(log, needle + 1) : strstr(log, needle) != NULL;
}

enum trial { NO, YES, NOT_GIVEN, REFUSED };

static enum trial play(const struct odds *o, uint64_t seed)
{
    static char before[1 << 16];
    before[0] = 0;
    game_seed(seed);
    if (!game_start())
        return REFUSED;
    for (const char *c = o->choices; *c; c += 2 + (c[2] == ' ')) {
        int choice[2] = {choice_of(c[0]), choice_of(c[1])};
        for (int i = 0; i < 2; i++) /* who is not asked says nothing */
            choice[i] = game_mask(i) ? choice[i] < 0 ? 0 : choice[i] : -1;
        if (!game_step(choice))
            return NOT_GIVEN;
        if (!c[2])
            break;
        strncat(before, game_text(PART_LOG), sizeof before - strlen(before) - 1);
    }
    if (o->given && !has_it(before, o->given))
        return NOT_GIVEN;
    return has_it(game_text(PART_LOG), o->needle) ? YES : NO;
}

static bool check(const struct odds *o, long trials)
{
    long counts[4] = {0};
    const char *unknown = NULL;
    game_clear();
    for (int side = 0; side < 2 && !unknown; side++)
        for (int i = 0; i < 3 && o->teams[side][i] && !unknown; i++)
            unknown = add_member(side, o->teams[side][i]);
    if (unknown)
        return printf("left out  %-32s this data version has no %s\n", o->name, unknown), true;
    for (long i = 0; i < trials; i++)
        counts[play(o, (uint64_t)i * 0x9E3779B97F4A7C15u)]++;
    double n = (double)(counts[YES] + counts[NO]), p = (double)o->n / o->d, got = n > 0 ? (double)counts[YES] / n : 0;
    double sigma = n > 0 ? sqrt(p * (1 - p) / n) : 0, off = sigma > 0 ? (got - p) / sigma : 0;
    bool good = n >= (double)trials / 100 && (sigma > 0 ? fabs(off) <= 5 : got == p); /* NOLINT */
    printf("%-9s %-32s %.5f, should be %.5f: %+.2f sigma of %.0f trials\n", good ? "ok" : "WRONG", o->name, got, p, off,
           n);
    return good;
}

int main(int argc, char **argv)
{
    long trials = argc > 1 ? atol(argv[1]) : 100000;
    int wrong = 0;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        wrong += !check(&table[i], trials);
    printf("%zu odds, %d wrong\n", sizeof table / sizeof table[0], wrong);
    return wrong != 0;
}
