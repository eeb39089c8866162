#include "http/tag.h"

static void skip(arena_text *list, size_t n)
{
    list->ptr += n;
    list->len -= n;
}

/* A proxy that packs answers makes their tags weak, so those count as well.  A list that is malformed has nothing from
 * there on: then the answer is sent, which is never wrong. */
bool tag_is_listed(arena_text list, arena_text tag)
{
    if (!list.len || !tag.len)
        return false;
    if (text_equal(list, ARENA_TEXT("*")))
        return true;
    for (;;) {
        while (list.len && (*list.ptr == ' ' || *list.ptr == '\t' || *list.ptr == ','))
            skip(&list, 1);
        if (text_starts(list, ARENA_TEXT("W/")))
            skip(&list, 2);
        const char *end = list.len > 1 && *list.ptr == '"' ? memchr(list.ptr + 1, '"', list.len - 1) : NULL;
        if (!end)
            return false;
        const arena_text one = {list.ptr, (size_t)(end + 1 - list.ptr)};
        if (text_equal(one, tag))
            return true;
        skip(&list, one.len);
    }
}
