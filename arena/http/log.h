/*
 * log.h - the server's log: logfmt lines to standard error, or one line per request.
 *
 * Writing a line costs a copy into a buffer: a thread of its own writes the buffer out within a second, warnings at
 * once.  When the reader of the log is too slow, lines are dropped and counted, and the server goes on.
 */
#ifndef HTTP_LOG_H
#define HTTP_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "arena/operator.h"

/* One log per process. */
void log_open(int fd, enum arena_level level);

/* Writes out what is there and stops.  Lines after it are written directly. */
void log_close(void);

/* Level names: debug, info, warn, error.  Returns -1 for another word. */
int log_level_of(const char *name);

/* A line; msg is escaped. */
void log_line(enum arena_level level, const char *msg);
__attribute__((format(printf, 2, 3))) void log_printf(enum arena_level level, const char *format, ...);

/* For callbacks that take a context. */
void log_callback(void *ctx, enum arena_level level, const char *msg);

/* The line of a request.  Never its query, which may hold an invite or a key. */
void log_access(const char *id, const char *method, const char *route, int status, size_t bytes, int64_t microseconds);

#endif
