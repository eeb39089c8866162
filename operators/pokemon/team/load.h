/* load.h - a data version being compiled; for load.c and load_rules.c only. */
#ifndef TEAM_LOAD_H
#define TEAM_LOAD_H

#include "names.h"

struct loader {
    struct team_facts *facts;
    team_source *source;
    void *ctx;
    const char *file; /* being read */
    const char *row;  /* its id */
    json_t *rows;
    team_mistake *tell; /* NULL: nobody asks */
    void *tell_ctx;
    char *why;
    size_t size;
    unsigned mistakes;
    bool failed; /* what follows cannot be read at all */
};

/* Tells a mistake and goes on; the first is kept, with file and row.  Always false. */
__attribute__((format(printf, 2, 3))) bool load_fail(struct loader *l, const char *format, ...);
/* One after which nothing more can be read. */
bool load_stop(struct loader *l, const char *sentence);

/* Opens a file as l->rows; load_close in any case. */
bool load_open(struct loader *l, const char *file);
void load_close(struct loader *l);

void *load_room(struct loader *l, size_t n, size_t size); /* zeroed; NULL is a failure */

/* Members and items, with a harmless value where there is none. */
const char *load_text(const json_t *row, const char *key);
int load_number(const json_t *row, const char *key);
int load_item(const json_t *list, size_t i);
const char *load_list_text(const json_t *list, size_t i);

/* id and name of a row; both must be there and fit. */
bool load_names(struct loader *l, const json_t *row, char id[TEAM_ID], char name[TEAM_NAME]);

/* The number of an id in a row's text; "" is 0, an unknown one a failure. */
typedef uint16_t load_find(const struct team_facts *, const char *);
uint16_t load_refer(struct loader *l, load_find *find, const char *id);

uint8_t load_tags(struct loader *l, const json_t *list); /* enum team_tag */

/* load_rules.c: legality.json, clauses.json, formats.json. */
void load_legality(struct loader *l);
void load_clauses(struct loader *l);
void load_formats(struct loader *l);

#endif
