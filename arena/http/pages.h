/* pages.h - the files of arena/web, compiled in by embed.py. */
#ifndef HTTP_PAGES_H
#define HTTP_PAGES_H

#include <stddef.h>

struct page {
    const char *name; /* of the file */
    const char *type; /* Content-Type */
    const char *bytes;
    size_t len;
};

extern const struct page pages[];
extern const size_t page_count;

#endif
