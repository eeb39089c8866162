/*
 * base.h - rows of a data version laid over those of the version that it builds on.  Knows nothing but JSON.
 *
 * Both may be NULL (absent).  The answer is a new value, the caller's.
 */
#ifndef DATA_BASE_H
#define DATA_BASE_H

#include <jansson.h>

/* Objects: the keys of both, own ones count.  Lists of rows: a row in place of the one with its id, new ones behind. */
json_t *laid_over(json_t *base, json_t *own);
/* Learnsets: a row may say "plus", which is added to what the base has.  Own rows come first, as others may name them.
 */
json_t *learnsets_over(json_t *base, json_t *own);

#endif
