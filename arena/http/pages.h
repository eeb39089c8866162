/* pages.h - files that embed.py has compiled in: those of arena/web, and the sources of documents.h. */
#ifndef HTTP_PAGES_H
#define HTTP_PAGES_H

#include <stddef.h>

struct page {
    const char *name; /* of the file */
    const char *type; /* Content-Type */
    const char *bytes;
    size_t len;
    const char *hash; /* of the bytes */
};

extern const struct page pages[];
extern const size_t page_count;

extern const struct page templates[];
extern const size_t template_count;

#endif
