/* stored_lines.h - files of bytes that were stored once: lines of text and hex, "#" begins a comment. */
#ifndef STORED_LINES_H
#define STORED_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The next line without its end, past comments; false at the end of the file.  number: counts all lines. */
static inline bool next_line(FILE *in, char *line, int room, int *number)
{
    do {
        if (!fgets(line, room, in))
            return false;
        (*number)++;
    } while (*line == '#');
    line[strcspn(line, "\n")] = 0;
    return true;
}

/* How many bytes; 0: it is no hex, or there are more than `room`. */
static inline size_t from_hex(const char *text, uint8_t *out, size_t room)
{
    size_t n = 0;
    unsigned byte;
    for (; n < room && sscanf(text + 2 * n, "%2x", &byte) == 1; n++)
        out[n] = (uint8_t)byte;
    return text[2 * n] ? 0 : n;
}

#endif
