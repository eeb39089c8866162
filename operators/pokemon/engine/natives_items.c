/*
 * natives_items.c - what items do that sentences of the vocabulary do not say.
 */
#include "natives.h"

const struct native natives_items[] = {{NULL, NULL}};
