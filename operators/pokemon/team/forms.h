/* forms.h - what the three forms of a team share; for this library only. */
#ifndef TEAM_FORMS_H
#define TEAM_FORMS_H

#include "team.h"

struct team_piece { /* a part of a text */
    const char *ptr;
    size_t len;
};

struct team_piece piece(const char *text);
struct team_piece piece_trim(struct team_piece p);
/* Takes what comes before the first `c` (all, if there is none) out of *rest; false when *rest was used up. */
bool piece_cut(struct team_piece *rest, char c, struct team_piece *out);
bool piece_is(struct team_piece p, const char *text); /* case does not count */
/* A whole number with an optional sign, held within TEAM_NUMBER_MAX. */
bool piece_number(struct team_piece p, int16_t *out);

/* A new empty set; NULL, with a mistake, when the team is longer than can be held. */
struct team_set *forms_add(struct team *team, struct team_problems *why);
/* A move more; a mistake when there are more than can be held. */
void forms_move(struct team *team, struct team_piece name, struct team_problems *why);
/* A text becomes the nickname of the last set: no signs that a form needs, no blanks beside blanks, valid UTF-8; a
 * mistake when it has what no nickname may have.  Call it when the species is known: the species' own name is none. */
void forms_nickname(const struct team_facts *facts, struct team *team, struct team_piece name,
                    struct team_problems *why);
/* The species in a text, "" when there is none. */
void forms_species(struct team_set *set, struct team_piece name);

/* Names for what has ids; the id when the facts do not know it. */
const char *forms_species_name(const struct team_facts *facts, const char *id);
const char *forms_move_name(const struct team_facts *facts, const char *id);
const char *forms_ability_name(const struct team_facts *facts, const char *id);
const char *forms_item_name(const struct team_facts *facts, const char *id);
const char *forms_nature_name(const struct team_facts *facts, const char *id);
const char *forms_type_name(const char *id);

struct team_out { /* a text being written; len counts on when it is full */
    char *ptr;
    size_t size, len;
};
void out_text(struct team_out *out, const char *text);
void out_number(struct team_out *out, int n);
void out_bytes(struct team_out *out, const char *text, size_t len);
/* Letters and digits of a text only. */
void out_packed(struct team_out *out, const char *text);

bool forms_read_text(const struct team_facts *facts, struct team_piece text, struct team *out,
                     struct team_problems *why);
bool forms_read_packed(const struct team_facts *facts, struct team_piece text, struct team *out,
                       struct team_problems *why);
void forms_write_text(const struct team_facts *facts, const struct team *team, struct team_out *out);
void forms_write_packed(const struct team_facts *facts, const struct team *team, struct team_out *out);

extern const char *const forms_stats[6], *const forms_stat_names[6]; /* "hp", "HP" */
int forms_stat(struct team_piece name);                              /* 0..5, -1 */

#endif
