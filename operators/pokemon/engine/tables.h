/* tables.h - constants that all data versions share; for the engine only. */
#ifndef TABLES_H
#define TABLES_H

#include "dex.h"

extern const uint8_t dex_type_chart[TYPES][TYPES]; /* [attack][target], in halves; of versions without one */

struct dex_nature_row {
    char id[12], name[12];
    int8_t plus, minus; /* enum battle_stat, -1 none */
};
extern const struct dex_nature_row dex_natures[25];

struct dex_text { /* a file of a built-in data version */
    const char *version, *name, *text;
    size_t len;
};
extern const struct dex_text dex_texts[]; /* ends with a NULL version */

#endif
