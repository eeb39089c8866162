/*
 * seats.h - the session keys of seats that were taken from here, so that later commands act for them without flags.
 *
 * $XDG_STATE_HOME/arena/seats/SESSION.json, mode 0600: {"seats":[{"url","invite","key"}]}.  A key is only ever sent to
 * the server that gave it.  Files that nobody has touched for 90 days are removed.
 */
#ifndef CLI_SEATS_H
#define CLI_SEATS_H

#include <stdbool.h>

struct seat_key {
    char invite[96], key[256];
};

/* Keeps a seat's key.  False after a sentence on standard error. */
bool seats_keep(const char *url, const char *session, const char *invite, const char *key);

/* How many seats there are of this session at this server (invite not NULL: with this invite), the last one in *seat.
 * -1 after a sentence on standard error when the file cannot be used. */
int seats_find(const char *url, const char *session, const char *invite, struct seat_key *seat);

#endif
