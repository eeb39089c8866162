/*
 * log.h - a commit as bytes: what the log keeps until the commit is in the tables.
 *
 *   offset  bytes
 *        0      4  size of the whole record
 *        4      1  flags: 1 = erase, 2 = a further section
 *        5      1  status
 *        6      2  length of id
 *        8      8  LSN
 *       16      8  session
 *       24      8  created_ms
 *       32      8  wake_ms
 *       40      2  length of type
 *       42      2  zero
 *       44      4  length of the record
 *       48      4  names
 *       52      4  messages
 *       56      4  input number
 *       60      4  length of the input
 *       64      4  length of the answer
 *       68     16  the answer's key
 *       84         id, type, record, input, answer,
 *                  names: 2 bytes of length and the bytes, each;
 *                  messages: channel 1, index 4, length 4 and the bytes, each
 *
 * The further section is there when the commit ends the session or changes rows:
 *
 *                8  end number
 *                4  tags
 *                4  rows
 *                   tags: 2 bytes of length and the bytes, each;
 *                   rows: length of the key 2, length 4, the key and the bytes, each
 */
#ifndef STORE_LOG_H
#define STORE_LOG_H

#include <stdbool.h>

#include "store/store.h"

enum { LOG_NAME_MAX = 255, LOG_TAGS_MAX = 255 };

/* False when the commit holds what no store can keep: no serial number, a name, type, tag or row's key that is too
 * long, a channel that does not exist, tags without an end number or one of them twice, or more than 1 GiB. */
bool log_can_keep(const struct commit *commit);

/* Bytes that log_write will need. */
size_t log_size(const struct commit *commit);

/* Writes log_size bytes. */
void log_write(const struct commit *commit, uint8_t *out);

/* What stands in front of a record.  False when len bytes cannot hold it. */
bool log_peek(const uint8_t *bytes, size_t len, uint32_t *size, uint64_t *lsn, uint64_t *session);

/* The commit in a record of len bytes.  Its texts point into bytes, its arrays lie in pool; done, owner, after
 * and next are empty.  False when the bytes are not a record. */
bool log_read(const uint8_t *bytes, size_t len, struct pool *pool, struct commit *commit);

#endif
