/* tag.h - whether a client has an answer already (RFC 9110, 13.1.2). */
#ifndef HTTP_TAG_H
#define HTTP_TAG_H

#include "core/text.h"

enum { NOT_MODIFIED = 304 };

/* Whether If-None-Match, a list such as `"a", W/"b"` or a star, has the tag, `"a"`.  An empty tag is in none. */
bool tag_is_listed(arena_text list, arena_text tag);

#endif
