#include "cli/sse.h"

#include <stdio.h>

static bool dispatch(struct sse *sse)
{
    if (sse->data.len == 0)
        return true;
    sse->data.len--; /* the newline behind the last line of data */
    bool go_on = sse->on_data(sse->ctx, text_cstr(&sse->data), sse->id);
    text_clear(&sse->data);
    return go_on;
}

static bool take_line(struct sse *sse)
{
    const char *line = text_cstr(&sse->line);
    size_t len = sse->line.len;
    text_clear(&sse->line);
    if (len == 0)
        return dispatch(sse);
    const char *colon = memchr(line, ':', len);
    size_t name_len = colon ? (size_t)(colon - line) : len;
    const char *value = colon ? colon + 1 : line + len;
    if (*value == ' ')
        value++;
    if (name_len == 4 && memcmp(line, "data", 4) == 0) {
        text_puts(&sse->data, value);
        text_put_char(&sse->data, '\n');
    } else if (name_len == 2 && memcmp(line, "id", 2) == 0) {
        snprintf(sse->id, sizeof sse->id, "%s", value);
    }
    return true; /* comments (no name) and other fields mean nothing here */
}

bool sse_feed(struct sse *sse, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = bytes[i];
        bool second_of_pair = c == '\n' && sse->after_cr;
        sse->after_cr = c == '\r';
        if (second_of_pair)
            continue;
        if (c != '\n' && c != '\r')
            text_put_char(&sse->line, c);
        else if (!take_line(sse))
            return false;
    }
    return true;
}

void sse_finish(struct sse *sse)
{
    text_free(&sse->line);
    text_free(&sse->data);
}
