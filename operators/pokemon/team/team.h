/*
 * team.h - teams of Pokémon as people write them: read, written, checked against a format, and made up.
 *
 * A library of its own (libpoketeam), without I/O and without state.  A team is text ids and numbers and nothing is
 * looked up while it is read, so that a team with mistakes can be held and every mistake be told.  What is true of
 * the game comes from struct team_facts (facts.h).
 *
 *     struct team team;
 *     struct team_problems why = {0};
 *     if (team_read(facts, text, len, &team, &why) && team_check(facts, format, &team, &why))
 *         ...                                       // legal
 *     else
 *         for (int i = 0; i < why.stored; i++)      // all mistakes, each with slot and field
 *             puts(why.list[i].text);
 *
 * An id is what is left of a name when only letters and digits are kept, in small letters: "Mr. Mime" is "mrmime".
 */
#ifndef TEAM_H
#define TEAM_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts.h"

enum {
    TEAM_SIZE = 6,      /* of a legal team */
    TEAM_MOVES = 4,     /* of a legal set */
    TEAM_SETS_MAX = 24, /* that are read, so that too many can be told */
    TEAM_MOVES_MAX = 8,
    TEAM_NICKNAME = 76,       /* bytes with the NUL; longer ones are cut */
    TEAM_NICKNAME_UNITS = 18, /* of a legal nickname, in UTF-16 units */
    TEAM_PROBLEMS_MAX = 64,
    TEAM_NUMBER_MAX = 9999, /* numbers beyond are held as this, and are a mistake anyhow */
};

/* -------------------------------------------------------------------------------------------------- teams --- */

struct team_set { /* {0} but ivs is a set that says nothing; see team_set_empty */
    char species[TEAM_ID], ability[TEAM_ID], item[TEAM_ID], nature[TEAM_ID], tera[TEAM_ID], pokeball[TEAM_ID];
    char moves[TEAM_MOVES_MAX][TEAM_ID];
    char nickname[TEAM_NICKNAME]; /* UTF-8; "" when it goes by its species' name */
    int moves_n;
    int16_t evs[6], ivs[6]; /* HP, Attack, Defense, Sp. Atk, Sp. Def, Speed */
    int16_t level;          /* 0: not said */
    int16_t happiness;      /* -1: not said, which means 255 */
    char gender;            /* 'M', 'F', or 0: not said, or none */
    bool shiny;
};

struct team {
    int count;
    struct team_set sets[TEAM_SETS_MAX];
};

/* A set with IVs of 31 and nothing said. */
void team_set_empty(struct team_set *set);

/* The id in a text; cut when it is too long for any. */
void team_id(const char *text, size_t len, char out[TEAM_ID]);

/* Whether these bytes are a nickname as teams hold them: UTF-8 without control characters, blanks beside blanks, and
 * signs that a form or a log uses.  Its length is the formats' affair, but below TEAM_NICKNAME. */
bool team_nickname(const char *name, size_t len);

/* ----------------------------------------------------------------------------------------------- mistakes --- */

struct team_problem {
    int slot;          /* 1..; 0: the team as a whole */
    const char *field; /* "species", "nickname", "ability", "item", "moves", "nature", "evs", "ivs", "level", "gender",
                          "shiny", "happiness", "tera", "pokeball", "team", "text" */
    char text[200];    /* a sentence that says what to do */
};

struct team_problems { /* {0} to begin with; calls add to it */
    int count, stored; /* all, and those that found room in list */
    struct team_problem list[TEAM_PROBLEMS_MAX];
};

/* Adds one. */
__attribute__((format(printf, 4, 5))) void team_problem(struct team_problems *why, int slot, const char *field,
                                                        const char *format, ...);

/* --------------------------------------------------------------------------------------- reading, writing --- */

enum team_form {
    TEAM_TEXT,   /* Showdown's export text */
    TEAM_PACKED, /* its one-line form, sets with ] between */
    TEAM_JSON,   /* a list of objects: species, moves, ability, item, nature, evs, ivs, level, ... */
    TEAM_FORMS
};

/* "text", "packed", "json"; -1 if it is none. */
extern const char *const team_form_names[TEAM_FORMS];
int team_form_find(const char *name);

/* The form that a text is in: a list is JSON; one line with | is packed; anything else is export text. */
enum team_form team_form_guess(const char *text, size_t len);

/* Reads a team in any form, or in the one named.  False when something in it makes no sense; `out` then holds what
 * could be read.  Whether it is legal is not looked at.  Facts turn names of formes into ids and packed ability slots
 * into abilities; they may be NULL. */
bool team_read(const struct team_facts *facts, const char *text, size_t len, struct team *out,
               struct team_problems *why);
bool team_read_as(const struct team_facts *facts, enum team_form form, const char *text, size_t len, struct team *out,
                  struct team_problems *why);
bool team_read_json(const struct team_facts *facts, const json_t *list, struct team *out, struct team_problems *why);

/* Writes a team, with the names of the facts (ids where they have none).  Returns the bytes of the whole text without
 * its NUL, which is cut when size is too small (as snprintf).  What is written and read again is the same team; only
 * that the packed form has no word for "no ability", which it reads as the first one. */
size_t team_write(const struct team_facts *facts, const struct team *team, enum team_form form, char *out, size_t size);

/* A list of new objects, the caller's to json_decref. */
json_t *team_json(const struct team_facts *facts, const struct team *team);

/* --------------------------------------------------------------------------------------------- legality --- */

/* Adds every mistake that the format sees to `why`.  True when there was none. */
bool team_check(const struct team_facts *facts, const struct team_format *format, const struct team *team,
                struct team_problems *why);

/* Fills in what a player may leave out: the first ability, a neutral nature, the Tera type, the format's level, the
 * only gender there is.  Call it before team_check where a short form is welcome. */
void team_fill(const struct team_facts *facts, const struct team_format *format, struct team *team);

/* Makes each species the forme in which it begins a battle: formes that only a battle brings become what they come
 * from, held items and moves bring the formes that are theirs.  team_check looks at this forme. */
void team_settle(const struct team_facts *facts, struct team *team);

/* What a legal team is when its battle begins: settled, filled in, and of the format's level. */
void team_begin(const struct team_facts *facts, const struct team_format *format, struct team *team);

/* ------------------------------------------------------------------------------------------ random teams --- */

/* A legal team of `size` different species with sensible sets: a pure function of facts, format, size and seed.
 * docs/teams.md says how they are made. */
void team_random(const struct team_facts *facts, const struct team_format *format, int size, uint64_t seed,
                 struct team *out);

#endif
