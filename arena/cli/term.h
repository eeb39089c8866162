/*
 * term.h - writing on a terminal: colours where they are wanted, bars, columns.
 */
#ifndef CLI_TERM_H
#define CLI_TERM_H

#include <stdbool.h>
#include <stddef.h>

#include "core/text.h"

enum term_style { PLAIN, BOLD, DIM, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, TERM_STYLES };

/* Finds out whether standard output is a terminal that wants colours (NO_COLOR unset, TERM not "dumb"). */
void term_init(void);

/* The escape sequence of a style; "" without colours. */
const char *term(enum term_style style);

/* The escape sequence of a Pokémon type's colour ("Fire"); "" without colours or for an unknown type. */
const char *term_type(const char *type);

/* Columns that UTF-8 text takes, counting one for each code point. */
size_t term_width(const char *s);

/* Appends text, then spaces up to `columns`. */
void put_padded(struct text *out, const char *s, size_t columns);

/* The same in exactly `columns` (1 or more), which something stands right behind: what is longer ends with "…". */
void put_column(struct text *out, const char *s, size_t columns);

/* Appends a bar of `columns` cells, filled to part/whole in eighths of a cell, in the colours of HP bars. */
void put_bar(struct text *out, long part, long whole, int columns);

/* Appends text from a stranger, without what could steer the terminal (control characters but the newline). */
void put_safe(struct text *out, const char *s);

/* Appends text broken between words, so that no line is wider than the terminal (100 columns at most).  The first line
 * goes on in column `at`, all others begin in column `indent`.  Ends with a newline. */
void put_wrapped(struct text *out, const char *s, size_t at, size_t indent);

/* Prints what was written and empties it.  Ends the program when nobody reads any more (a closed pipe). */
void print_text(struct text *out);

/* Reads a line from standard input, without its newline.  1: a line; 0: the time is over (timeout_ms < 0: never);
 * -1: the input has ended or Ctrl-C was pressed. */
int read_line(char *line, size_t size, int timeout_ms);

#endif
