/* base64.h - bytes as text, RFC 4648 with padding. */
#ifndef STORE_BASE64_H
#define STORE_BASE64_H

#include <stdbool.h>

#include "core/pool.h"

/* NUL-ended text in pool. */
arena_text base64_write(struct pool *pool, arena_text bytes);

/* False when the text is not base64. */
bool base64_read(struct pool *pool, arena_text text, arena_text *bytes);

#endif
