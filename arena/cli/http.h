/*
 * http.h - the HTTP client of arena(1): libcurl, JSON in and out, and event streams.
 *
 * One connection is kept and used again.  A request that was lost on the way is sent again, up to three times: a GET
 * because it changes nothing, a POST because it carries an Idempotency-Key, under which the server does the work once
 * and gives the first answer again.  A 503 ("busy, nothing changed") is tried again too.
 */
#ifndef CLI_HTTP_H
#define CLI_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "core/text.h"

struct http;

enum http_outcome {
    HTTP_OK,          /* 2xx with JSON */
    HTTP_REFUSED,     /* another status; error has the server's sentence */
    HTTP_UNREACHABLE, /* no answer; error has the network's sentence */
    HTTP_INTERRUPTED, /* the user pressed Ctrl-C */
};

struct http_answer {
    long status;
    json_t *body; /* the caller's to json_decref; NULL when there is none */
    char code[64];
    char error[512];
};

/* A client for the server at url (borrowed), which sends this key (NULL: none).  stop tells when to give up at once. */
struct http *http_open(const char *url, const char *key, bool (*stop)(void));

/* From here on this key is sent (NULL: none); it is copied. */
void http_use_key(struct http *http, const char *key);
bool http_has_key(const struct http *http);
void http_close(struct http *http);

/* Sends a request and waits for the answer.  body NULL: a GET, else a POST (the reference stays the caller's). */
enum http_outcome http_send(struct http *http, const char *path, const json_t *body, struct http_answer *answer);

/* Sends a text as it is to path and waits for the answer, whatever its status (answer->status) and form (reply). */
enum http_outcome http_send_text(struct http *http, const char *path, const char *body, struct text *reply,
                                 struct http_answer *answer);

/* Frees the answer's body. */
void http_answer_finish(struct http_answer *answer);

/* Reads the event stream at path until it ends or on_data says stop (returns false).  data is one event's data;
 * id its id or "".  last_id ("" for none) is sent as Last-Event-ID. */
enum http_outcome http_stream(struct http *http, const char *path, const char *last_id,
                              bool (*on_data)(void *ctx, const char *data, const char *id), void *ctx,
                              struct http_answer *answer);

/* Appends "?name=value" or "&name=value" to a path, the value percent-encoded.  Does nothing when value is NULL. */
void path_query(struct text *path, const char *name, const char *value);

/* Appends one segment of a path, percent-encoded, behind a slash. */
void path_segment(struct text *path, const char *segment);

#endif
