#include "cli/showdown.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum { FIELDS_MAX = 10 };

/* One line, cut at the bars: field 0 is the command.  Fields like "[from] brn" are kept apart. */
struct line {
    char bytes[512];
    const char *field[FIELDS_MAX]; /* never NULL */
    const char *from;              /* "[from] X" without the tag; NULL when absent */
    bool silent;                   /* "[silent]", "[upkeep]": nothing to tell, though it may change the HP */
};

struct words {
    const char *id, *text;
};

static const struct words stat_words[] = {
    {"atk", "Attack"}, {"def", "Defense"},       {"spa", "Sp. Atk"},         {"spd", "Sp. Def"},
    {"spe", "Speed"},  {"accuracy", "accuracy"}, {"evasion", "evasiveness"}, {0},
};

static const struct words status_words[] = {
    {"brn", "was burned"},
    {"par", "is paralysed: it may be unable to move"},
    {"slp", "fell asleep"},
    {"frz", "was frozen solid"},
    {"psn", "was poisoned"},
    {"tox", "was badly poisoned"},
    {0},
};

static const struct words cure_words[] = {
    {"brn", "is no longer burned"},
    {"par", "is no longer paralysed"},
    {"slp", "woke up"},
    {"frz", "thawed out"},
    {"psn", "is no longer poisoned"},
    {"tox", "is no longer poisoned"},
    {"confusion", "is no longer confused"},
    {0},
};

static const struct words cant_words[] = {
    {"slp", "is fast asleep"},
    {"par", "is paralysed and cannot move"},
    {"frz", "is frozen solid"},
    {"flinch", "flinched and could not move"},
    {"recharge", "must recharge"},
    {"move: Taunt", "cannot use that after the taunt"},
    {"nopp", "has no PP left for its move"},
    {0},
};

static const struct words start_words[] = {
    {"confusion", "became confused"},
    {"Leech Seed", "was seeded"},
    {"Substitute", "put up a substitute"},
    {"Focus Energy", "is getting pumped"},
    {"Aqua Ring", "surrounded itself with a veil of water"},
    {"Ingrain", "planted its roots"},
    {"Taunt", "fell for the taunt"},
    {"Curse", "was cursed"},
    {"Yawn", "grew drowsy"},
    {"Encore", "must do its encore"},
    {"Disable", "had a move disabled"},
    {"Attract", "fell in love"},
    {"Minimize", "shrank"},
    {"typechange", "changed its type"},
    {"perish3", "will perish in three turns"},
    {"perish2", "will perish in two turns"},
    {"perish1", "will perish in one turn"},
    {"perish0", "perishes"},
    {0},
};

static const struct words end_words[] = {
    {"confusion", "snapped out of its confusion"},
    {"Substitute", "lost its substitute"},
    {"Leech Seed", "was freed from Leech Seed"},
    {"Taunt", "shook off the taunt"},
    {"Bind", "was freed from Bind"},
    {0},
};

static const struct words turn_words[] = {
    {"Protect", "protected itself"},
    {"Detect", "protected itself"},
    {"Endure", "braced itself"},
    {"Roost", "landed"},
    {"Focus Punch", "is tightening its focus"},
    {0},
};

static const struct words activate_words[] = {
    {"confusion", "is confused"},
    {"Protect", "protected itself"},
    {"Substitute", "let its substitute take the hit"},
    {"Endure", "endured the hit"},
    {"trapped", "cannot escape"},
    {"Safeguard", "is protected by Safeguard"},
    {"Mist", "is protected by the mist"},
    {0},
};

/* What hurt or healed it, in "... lost HP ..." sentences. */
static const struct words hurt_words[] = {
    {"brn", "is hurt by its burn"},
    {"psn", "is hurt by poison"},
    {"tox", "is hurt by poison"},
    {"confusion", "hurt itself in its confusion"},
    {"Recoil", "is hurt by recoil"},
    {"Leech Seed", "is sapped by Leech Seed"},
    {"Sandstorm", "is buffeted by the sandstorm"},
    {"Stealth Rock", "is hurt by pointed stones"},
    {"Spikes", "is hurt by spikes"},
    {"Curse", "is hurt by the curse"},
    {"crash", "kept going and crashed"},
    {"Life Orb", "is hurt by its Life Orb"},
    {"Rocky Helmet", "is hurt by the Rocky Helmet"},
    {"Salt Cure", "is hurt by the salt"},
    {0},
};

static const struct words weather_words[] = {
    {"SunnyDay", "The sunlight is harsh"},
    {"RainDance", "It is raining"},
    {"Sandstorm", "A sandstorm rages"},
    {"Snow", "It is snowing"},
    {"Snowscape", "It is snowing"},
    {"Hail", "It is hailing"},
    {"DesolateLand", "The sunlight is extremely harsh"},
    {"PrimordialSea", "A heavy rain is falling"},
    {"DeltaStream", "Strong winds are blowing"},
    {"none", "The weather is calm again"},
    {0},
};

static const char *look_up(const struct words *table, const char *id)
{
    for (; table->id; table++)
        if (strcasecmp(table->id, id) == 0)
            return table->text;
    return NULL;
}

/* "move: Leech Seed" -> "Leech Seed". */
static const char *bare(const char *effect)
{
    const char *colon = strchr(effect, ':');
    if (!colon)
        return effect;
    return colon[1] == ' ' ? colon + 2 : colon + 1;
}

static void cut(struct line *line, const char *text)
{
    snprintf(line->bytes, sizeof line->bytes, "%s", text[0] == '|' ? text + 1 : text);
    line->bytes[strcspn(line->bytes, "\r\n")] = '\0';
    for (int i = 0; i < FIELDS_MAX; i++)
        line->field[i] = "";
    line->from = NULL;
    line->silent = false;
    int count = 0;
    for (char *p = line->bytes; p;) {
        char *end = strchr(p, '|');
        if (end)
            *end++ = '\0';
        if (strncmp(p, "[from] ", 7) == 0)
            line->from = bare(p + 7);
        else if (strcmp(p, "[upkeep]") == 0 || strcmp(p, "[silent]") == 0)
            line->silent = true;
        else if ((p[0] != '[' || count == 0) && count < FIELDS_MAX)
            line->field[count++] = p;
        p = end;
    }
}

/* The side of "p1a: Charizard" or "p2: Blue"; -1 when it is none. */
static int side_of(const char *who)
{
    return who[0] == 'p' && (who[1] == '1' || who[1] == '2') ? who[1] - '1' : -1;
}

/* "Your Charizard", "the foe's Venusaur" or, for a spectator, "Red's Charizard". */
static void put_pokemon(struct text *out, const struct showdown *s, const char *who)
{
    int side = side_of(who);
    bool first = out->len == 0;
    const char *name = side < 0 ? who : bare(who);
    if (side >= 0 && s->me < 0 && s->sides[side].trainer[0])
        text_printf(out, "%s's %s", s->sides[side].trainer, name);
    else if (side >= 0 && s->me < 0)
        text_printf(out, "Player %d's %s", side + 1, name);
    else if (side < 0)
        text_puts(out, name);
    else
        text_printf(out, "%s %s", side == s->me ? first ? "Your" : "your" : first ? "The foe's" : "the foe's", name);
}

static void put_trainer(struct text *out, const struct showdown *s, const char *who)
{
    int side = side_of(who);
    if (side >= 0 && s->me == side)
        text_puts(out, out->len == 0 ? "Your side" : "your side");
    else if (side >= 0 && s->sides[side].trainer[0])
        text_puts(out, s->sides[side].trainer);
    else if (side >= 0)
        text_printf(out, "Player %d", side + 1);
    else
        text_puts(out, who);
}

void showdown_condition(struct showdown_side *side, const char *condition)
{
    char *end;
    side->hp = strtol(condition, &end, 10);
    if (*end == '/')
        side->hp_max = strtol(end + 1, &end, 10);
    while (*end == ' ')
        end++;
    snprintf(side->status, sizeof side->status, "%.7s", strcmp(end, "fnt") == 0 ? "" : end);
}

static void put_hp(struct text *out, const struct showdown_side *side)
{
    if (side->hp_max == 100)
        text_printf(out, "%ld%%", side->hp);
    else
        text_printf(out, "%ld/%ld HP", side->hp, side->hp_max);
}

/* --------------------------------------------------------------------------- lines that need a function --- */

static void tell_switch(struct showdown *s, const struct line *l, struct text *out)
{
    int side = side_of(l->field[1]);
    if (side < 0)
        return;
    struct showdown_side *it = &s->sides[side];
    snprintf(it->pokemon, sizeof it->pokemon, "%.79s", bare(l->field[1]));
    it->hp_max = 100;
    showdown_condition(it, l->field[3]);
    if (side == s->me)
        text_printf(out, "You send out %s", it->pokemon);
    else {
        if (s->me >= 0)
            text_puts(out, "The foe");
        else
            put_trainer(out, s, l->field[1]);
        text_printf(out, " sends out %s", it->pokemon);
    }
    text_puts(out, strcmp(l->field[0], "drag") == 0 ? ", dragged into battle (" : " (");
    put_hp(out, it);
    text_puts(out, ").");
}

/* "Palafin-Hero, L97, M" is a forme with what else is seen of it. */
static void tell_forme(struct showdown *s, const struct line *l, struct text *out)
{
    put_pokemon(out, s, l->field[1]);
    text_printf(out, " changes into %.*s.", (int)strcspn(l->field[2], ","), l->field[2]);
}

/* It looked like another one. */
static void tell_replace(struct showdown *s, const struct line *l, struct text *out)
{
    int side = side_of(l->field[1]);
    if (side < 0)
        return;
    snprintf(s->sides[side].pokemon, sizeof s->sides[side].pokemon, "%.79s", bare(l->field[1]));
    text_puts(out, "It was ");
    put_pokemon(out, s, l->field[1]);
    text_puts(out, " all along!");
}

static void tell_hp(struct showdown *s, const struct line *l, struct text *out)
{
    int side = side_of(l->field[1]);
    if (side < 0)
        return;
    struct showdown_side *it = &s->sides[side];
    long before = it->hp;
    showdown_condition(it, l->field[2]);
    long change = it->hp - before;
    put_pokemon(out, s, l->field[1]);
    const char *why = l->from ? look_up(hurt_words, l->from) : NULL;
    if (change < 0 && why)
        text_printf(out, " %s: -", why);
    else
        text_puts(out, change < 0 ? " loses " : " recovers ");
    text_printf(out, "%ld%s", labs(change), it->hp_max == 100 ? "%" : " HP");
    if (l->from && !why)
        text_printf(out, " (%s)", l->from);
    if (it->hp > 0) {
        text_puts(out, ", now ");
        put_hp(out, it);
    }
    text_puts(out, ".");
}

static void tell_boost(struct showdown *s, const struct line *l, struct text *out)
{
    static const char *const up[] = {"will not go higher", "rose", "rose sharply", "rose drastically"};
    static const char *const down[] = {"will not go lower", "fell", "fell harshly", "fell severely"};
    long n = strtol(l->field[3], NULL, 10);
    const char *stat = look_up(stat_words, l->field[2]);
    put_pokemon(out, s, l->field[1]);
    n = n < 0 ? 0 : n > 3 ? 3 : n;
    text_printf(out, "'s %s %s.", stat ? stat : l->field[2], l->field[0][1] == 'u' ? down[n] : up[n]);
}

/* The Pokémon, then the words for the effect in field 2, or else `otherwise` with the effect's name. */
static void tell_effect(struct showdown *s, const struct line *l, struct text *out, const struct words *table,
                        const char *otherwise)
{
    const char *words = look_up(table, l->field[2]);
    if (!words)
        words = look_up(table, bare(l->field[2]));
    put_pokemon(out, s, l->field[1]);
    text_puts(out, " ");
    if (words)
        text_puts(out, words);
    else
        text_printf(out, "%s %s", otherwise, bare(l->field[2]));
    text_puts(out, ".");
}

static void tell_status(struct showdown *s, const struct line *l, struct text *out)
{
    int side = side_of(l->field[1]);
    if (side >= 0)
        snprintf(s->sides[side].status, sizeof s->sides[side].status, "%.7s", l->field[2]);
    tell_effect(s, l, out, status_words, "has");
}

static void tell_cure(struct showdown *s, const struct line *l, struct text *out)
{
    int side = side_of(l->field[1]);
    if (side >= 0)
        s->sides[side].status[0] = '\0';
    tell_effect(s, l, out, cure_words, "is cured of");
}

/* Effects whose words are in a table; `otherwise` stands before the name of one that is not. */
#define EFFECT_LINE(name, table, otherwise)                                                                            \
    static void name(struct showdown *s, const struct line *l, struct text *out)                                       \
    {                                                                                                                  \
        tell_effect(s, l, out, table, otherwise);                                                                      \
    }
EFFECT_LINE(tell_cant, cant_words, "cannot move:")
EFFECT_LINE(tell_start, start_words, "is under")
EFFECT_LINE(tell_end, end_words, "is free of")
EFFECT_LINE(tell_single, turn_words, "uses")
EFFECT_LINE(tell_activate, activate_words, "is caught by")

static void tell_weather(struct showdown *s, const struct line *l, struct text *out)
{
    (void)s;
    const char *words = look_up(weather_words, l->field[1]);
    text_printf(out, "%s.", words ? words : l->field[1]);
}

static void tell_side(struct showdown *s, const struct line *l, struct text *out)
{
    bool ends = strcmp(l->field[0], "-sideend") == 0;
    put_trainer(out, s, l->field[1]);
    text_printf(out, ": %s %s.", bare(l->field[2]), ends ? "is gone" : "is up");
}

static void tell_player(struct showdown *s, const struct line *l, struct text *out)
{
    (void)out;
    int side = side_of(l->field[1]);
    if (side >= 0 && strcmp(l->field[1], l->field[2]) != 0) /* who is called "p1" has no name yet */
        snprintf(s->sides[side].trainer, sizeof s->sides[side].trainer, "%.47s", l->field[2]);
}

static void tell_faint(struct showdown *s, const struct line *l, struct text *out)
{
    int side = side_of(l->field[1]);
    if (side >= 0)
        s->sides[side].hp = 0;
    put_pokemon(out, s, l->field[1]);
    text_puts(out, " fainted!");
}

static void tell_win(struct showdown *s, const struct line *l, struct text *out)
{
    const char *who = l->field[1];
    int side = side_of(who);
    for (int i = 0; side < 0 && i < 2; i++)
        if (s->sides[i].trainer[0] && strcmp(s->sides[i].trainer, who) == 0)
            side = i;
    if (s->me >= 0 && side >= 0)
        text_puts(out, side == s->me ? "You won the battle!" : "You lost the battle.");
    else if (side >= 0 && !s->sides[side].trainer[0])
        text_printf(out, "Player %d won the battle!", side + 1);
    else
        text_printf(out, "%s won the battle!", side >= 0 ? s->sides[side].trainer : who);
}

/* ----------------------------------------------------------------------------------------------- the table --- */

/* In a sentence @1 is the Pokémon of field 1 and $2 the text of field 2 without "move: ". */
static const struct {
    const char *command;
    enum showdown_kind kind;
    const char *sentence; /* or: */
    void (*tell)(struct showdown *s, const struct line *l, struct text *out);
} lines[] = {
    {"turn", LINE_TURN, "Turn $1", NULL},
    {"move", LINE_ACTION, "@1 uses $2!", NULL},
    {"switch", LINE_ACTION, NULL, tell_switch},
    {"drag", LINE_ACTION, NULL, tell_switch},
    {"cant", LINE_ACTION, NULL, tell_cant},
    {"faint", LINE_FAINT, NULL, tell_faint},
    {"win", LINE_RESULT, NULL, tell_win},
    {"tie", LINE_RESULT, "The battle is a draw.", NULL},
    {"player", LINE_EFFECT, NULL, tell_player},
    {"message", LINE_EFFECT, "$1", NULL},
    {"-message", LINE_EFFECT, "$1", NULL},
    {"-damage", LINE_EFFECT, NULL, tell_hp},
    {"-heal", LINE_EFFECT, NULL, tell_hp},
    {"-sethp", LINE_EFFECT, NULL, tell_hp},
    {"-crit", LINE_EFFECT, "A critical hit!", NULL},
    {"-supereffective", LINE_EFFECT, "It is super effective!", NULL},
    {"-resisted", LINE_EFFECT, "It is not very effective.", NULL},
    {"-immune", LINE_EFFECT, "It does not affect @1.", NULL},
    {"-miss", LINE_EFFECT, "@1 misses!", NULL},
    {"-fail", LINE_EFFECT, "But it failed.", NULL},
    {"-notarget", LINE_EFFECT, "But there was no target.", NULL},
    {"-nothing", LINE_EFFECT, "But nothing happened.", NULL},
    {"-ohko", LINE_EFFECT, "It is a one-hit knock-out!", NULL},
    {"-hitcount", LINE_EFFECT, "Hits: $2.", NULL},
    {"-status", LINE_EFFECT, NULL, tell_status},
    {"-curestatus", LINE_EFFECT, NULL, tell_cure},
    {"-boost", LINE_EFFECT, NULL, tell_boost},
    {"-unboost", LINE_EFFECT, NULL, tell_boost},
    {"-clearboost", LINE_EFFECT, "The stat changes of @1 are gone.", NULL},
    {"-clearallboost", LINE_EFFECT, "All stat changes are gone.", NULL},
    {"-clearnegativeboost", LINE_EFFECT, "The lowered stats of @1 are restored.", NULL},
    {"-clearpositiveboost", LINE_EFFECT, "The raised stats of @1 are back to normal.", NULL},
    {"-invertboost", LINE_EFFECT, "The stat changes of @1 are turned round.", NULL},
    {"-swapboost", LINE_EFFECT, "@1 and @2 swap their stat changes.", NULL},
    {"-copyboost", LINE_EFFECT, "@1 copies the stat changes of @2.", NULL},
    {"-setboost", LINE_EFFECT, "@1 raises its stats to the utmost.", NULL},
    {"-start", LINE_EFFECT, NULL, tell_start},
    {"-end", LINE_EFFECT, NULL, tell_end},
    {"-singleturn", LINE_EFFECT, NULL, tell_single},
    {"-singlemove", LINE_EFFECT, NULL, tell_single},
    {"-activate", LINE_EFFECT, NULL, tell_activate},
    {"replace", LINE_ACTION, NULL, tell_replace},
    {"detailschange", LINE_EFFECT, NULL, tell_forme},
    {"-formechange", LINE_EFFECT, NULL, tell_forme},
    {"-transform", LINE_EFFECT, "@1 takes the looks and moves of @2.", NULL},
    {"-terastallize", LINE_ACTION, "@1 terastallizes: its type is $2 now.", NULL},
    {"-mega", LINE_ACTION, "@1 mega evolves!", NULL},
    {"-zpower", LINE_ACTION, "@1 lets out its Z-Power!", NULL},
    {"-ability", LINE_EFFECT, "The ability of @1 is $2.", NULL},
    {"-endability", LINE_EFFECT, "The ability of @1 is of no use now.", NULL},
    {"-item", LINE_EFFECT, "@1 holds: $2.", NULL},
    {"-enditem", LINE_EFFECT, "@1 is without its $2 now.", NULL},
    {"-block", LINE_EFFECT, "It does not touch @1.", NULL},
    {"-cureteam", LINE_EFFECT, "The whole team of @1 is well again.", NULL},
    {"-prepare", LINE_EFFECT, "@1 prepares $2.", NULL},
    {"-mustrecharge", LINE_EFFECT, "@1 will have to recharge.", NULL},
    {"-weather", LINE_EFFECT, NULL, tell_weather},
    {"-sidestart", LINE_EFFECT, NULL, tell_side},
    {"-sideend", LINE_EFFECT, NULL, tell_side},
    {"-swapsideconditions", LINE_EFFECT, "Both sides swap what lies on them.", NULL},
    {"-fieldactivate", LINE_EFFECT, "$1 takes effect.", NULL},
    {"-fieldstart", LINE_EFFECT, "$1 is in effect.", NULL},
    {"-fieldend", LINE_EFFECT, "$1 is over.", NULL},
};

static void put_sentence(struct text *out, const struct showdown *s, const struct line *l, const char *sentence)
{
    for (; *sentence; sentence++) {
        if ((*sentence != '@' && *sentence != '$') || !isdigit((unsigned char)sentence[1])) {
            text_put_char(out, *sentence);
            continue;
        }
        const char *field = l->field[sentence[1] - '0'];
        if (*sentence == '@')
            put_pokemon(out, s, field);
        else
            text_puts(out, l->field[0][0] == '-' ? bare(field) : field);
        sentence++;
    }
}

enum showdown_kind showdown_line(struct showdown *s, const char *text, struct text *out)
{
    struct line line;
    cut(&line, text);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (strcmp(lines[i].command, line.field[0]) != 0)
            continue;
        struct text sentence = {0}; /* of its own, so that its first word is known to be the first */
        if (lines[i].tell)
            lines[i].tell(s, &line, &sentence);
        else
            put_sentence(&sentence, s, &line, lines[i].sentence);
        enum showdown_kind kind = sentence.len && !line.silent ? lines[i].kind : LINE_SILENT;
        if (kind != LINE_SILENT)
            text_put(out, sentence.ptr, sentence.len);
        text_free(&sentence);
        return kind;
    }
    return LINE_SILENT;
}
