/*
 * dump.h - a whole store as JSON lines, to keep, to look at, and to move to another kind of store.
 *
 *     {"arena_export":2}
 *     {"session":1,"id":"...","type":"...","status":0,"created_ms":0,"wake_ms":0,"names":[...],
 *      "end":0,"tags":[...],"record":"<base64>","rows":{"<key>":"<base64>"},"channels":[[...],[...]],
 *      "inputs":["<base64>"],"answers":{"<hex key>":"<base64>"}}
 *
 * with one line per session, by number.  Bytes are base64, but a message that is a JSON object or array stands in the
 * line as it is, when parsing and writing it again gives the same bytes.  An id, type, name or tag that is not UTF-8 is
 * {"base64":"..."}.  If a row's key is not UTF-8 or has a NUL in it, the session's rows are a list of pairs [key,
 * bytes].
 *
 * Exports of version 1 are read as well: their sessions have no end number, no tags and no rows.
 */
#ifndef STORE_DUMP_H
#define STORE_DUMP_H

#include <stdio.h>

#include "store/store.h"

/* Writes every session, by serial number.  Nobody should write to the store meanwhile: open it read_only.
 * 0, or -1 and a sentence. */
int store_export(struct store *store, FILE *out, char *error, size_t error_size);

/* Reads an export into an empty store; all is durable and settled when it returns.  0, or -1 and a sentence;
 * then the sessions in front of the faulty line are in the store. */
int store_import(struct store *store, FILE *in, char *error, size_t error_size);

#endif
