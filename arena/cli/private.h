/*
 * private.h - files that are nobody else's business: keys of users and of sessions.
 *
 * They lie below $XDG_CONFIG_HOME/arena and $XDG_STATE_HOME/arena, in folders of mode 0700, and are of mode 0600.  A
 * file that others can read is not used: who could read it may have done so.
 */
#ifndef CLI_PRIVATE_H
#define CLI_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/text.h"

enum private_place {
    PRIVATE_CONFIG, /* $XDG_CONFIG_HOME, else ~/.config: what the user made */
    PRIVATE_STATE,  /* $XDG_STATE_HOME, else ~/.local/state: what the program remembers */
};

/* The path of arena/NAME in this place.  False when there is no such place: no home folder is known. */
bool private_path(enum private_place place, const char *name, struct text *path);

/* Makes the folders above path that are not there, for the user alone.  False after a sentence on standard error. */
bool private_folders(const char *path);

/* Reads a whole file into text.  False, with a sentence on standard error, when it cannot be read, is larger than
 * `most` bytes, or others may read or write it. */
bool private_read(const char *path, size_t most, struct text *text);

/* Writes a file of mode 0600 that is there wholly or not at all.  replace: one that is there already gives way, else
 * that is an error.  False after a sentence on standard error. */
bool private_write(const char *path, const char *bytes, size_t len, bool replace);

#endif
