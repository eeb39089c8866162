/* tables.c - constants that all data versions share: the chart of types, natures. */
#include "tables.h"

/* clang-format off */
const uint8_t dex_type_chart[TYPES][TYPES] = { /* halves; the Stellar type is usual against all */
    {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2},
    {2, 2, 4, 2, 2, 1, 1, 1, 1, 1, 4, 2, 2, 2, 1, 4, 2, 1, 2, 2}, /* Bug */
    {2, 2, 1, 2, 2, 1, 1, 2, 2, 4, 2, 2, 2, 2, 2, 4, 2, 2, 2, 2}, /* Dark */
    {2, 2, 2, 4, 2, 0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 2, 2}, /* Dragon */
    {2, 2, 2, 1, 1, 2, 2, 2, 4, 2, 1, 0, 2, 2, 2, 2, 2, 2, 4, 2}, /* Electric */
    {2, 2, 4, 4, 2, 2, 4, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 1, 2, 2}, /* Fairy */
    {2, 1, 4, 2, 2, 1, 2, 2, 1, 0, 2, 2, 4, 4, 1, 1, 4, 4, 2, 2}, /* Fighting */
    {2, 4, 2, 1, 2, 2, 2, 1, 2, 2, 4, 2, 4, 2, 2, 2, 1, 4, 1, 2}, /* Fire */
    {2, 4, 2, 2, 1, 2, 4, 2, 2, 2, 4, 2, 2, 2, 2, 2, 1, 1, 2, 2}, /* Flying */
    {2, 2, 1, 2, 2, 2, 2, 2, 2, 4, 2, 2, 2, 0, 2, 4, 2, 2, 2, 2}, /* Ghost */
    {2, 1, 2, 1, 2, 2, 2, 1, 1, 2, 1, 4, 2, 2, 1, 2, 4, 1, 4, 2}, /* Grass */
    {2, 1, 2, 2, 4, 2, 2, 4, 0, 2, 1, 2, 2, 2, 4, 2, 4, 4, 2, 2}, /* Ground */
    {2, 2, 2, 4, 2, 2, 2, 1, 4, 2, 4, 4, 1, 2, 2, 2, 2, 1, 1, 2}, /* Ice */
    {2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 2, 2, 2, 2, 2, 2, 1, 1, 2, 2}, /* Normal */
    {2, 2, 2, 2, 2, 4, 2, 2, 2, 1, 4, 1, 2, 2, 1, 2, 1, 0, 2, 2}, /* Poison */
    {2, 2, 0, 2, 2, 2, 4, 2, 2, 2, 2, 2, 2, 2, 4, 1, 2, 1, 2, 2}, /* Psychic */
    {2, 4, 2, 2, 2, 2, 1, 4, 4, 2, 2, 1, 4, 2, 2, 2, 2, 1, 2, 2}, /* Rock */
    {2, 2, 2, 2, 1, 4, 2, 1, 2, 2, 2, 2, 4, 2, 2, 2, 4, 1, 1, 2}, /* Steel */
    {2, 2, 2, 1, 2, 2, 2, 4, 2, 2, 1, 4, 2, 2, 2, 2, 4, 2, 1, 2}, /* Water */
    {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2},
};

const struct dex_nature_row dex_natures[25] = {
    {"bashful", "Bashful", -1, -1},
    {"docile", "Docile", -1, -1},
    {"hardy", "Hardy", -1, -1},
    {"quirky", "Quirky", -1, -1},
    {"serious", "Serious", -1, -1},
    {"adamant", "Adamant", 0, 2},
    {"bold", "Bold", 1, 0},
    {"brave", "Brave", 0, 4},
    {"calm", "Calm", 3, 0},
    {"careful", "Careful", 3, 2},
    {"gentle", "Gentle", 3, 1},
    {"hasty", "Hasty", 4, 1},
    {"impish", "Impish", 1, 2},
    {"jolly", "Jolly", 4, 2},
    {"lax", "Lax", 1, 3},
    {"lonely", "Lonely", 0, 1},
    {"mild", "Mild", 2, 1},
    {"modest", "Modest", 2, 0},
    {"naive", "Naive", 4, 3},
    {"naughty", "Naughty", 0, 3},
    {"quiet", "Quiet", 2, 4},
    {"rash", "Rash", 2, 3},
    {"relaxed", "Relaxed", 1, 4},
    {"sassy", "Sassy", 3, 4},
    {"timid", "Timid", 4, 0},
};
/* clang-format on */
