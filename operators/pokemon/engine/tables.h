/* tables.h - what data/pokemon/tables.py generates; for the engine only. */
#ifndef TABLES_H
#define TABLES_H

#include "dex.h"

struct dex_nature_row {
    char id[12], name[12];
    int8_t plus, minus; /* enum battle_stat, -1 none */
};

extern const struct dex dex_gen1_v1;
extern const uint8_t dex_type_chart[TYPES][TYPES]; /* [attack][target], in halves */
extern const struct dex_nature_row dex_natures[25];

#endif
