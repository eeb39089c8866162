/*
 * natives_abilities2.c - what abilities do that sentences of the vocabulary do not say.
 */
#include "natives.h"

const struct native natives_abilities2[] = {{NULL, NULL}};
