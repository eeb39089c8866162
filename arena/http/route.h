/*
 * route.h - the table of all addresses (routes.c): what the router, the access log, the figures and the documents read.
 */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/text.h"

struct exchange;

/* A member of a request's body.  Order matters: of several things wrong, the first is told. */
struct field {
    const char *name;
    unsigned char type; /* enum json_type; JSON_REAL: any number */
    bool optional;
    const char *about; /* for people */
};

enum body { BODY_NONE, BODY_OPTIONAL, BODY_REQUIRED };

struct route {
    const char *method;
    const char *path; /* one segment may be a parameter, as :id */
    bool (*handle)(struct exchange *exchange);
    const struct field *fields; /* of the body, ended by a NULL name; NULL: none is read */
    enum body body;
    bool stream; /* the answer is a stream of events */

    /* The rest is for people and for /openapi.json.  Words are separated by spaces. */
    const char *query; /* names of query parameters; with `!` it must be there */

    /* What is answered.  The first word is the shape of the 200, by its name in documents/openapi.json.  Then the other
     * statuses that are this route's own: `404` for {error, code}, `503=Degraded` for another shape, `202` for nothing.
     * What every route may answer (a bad key, a body too large) is not said here. */
    const char *answers;
    const char *about; /* one sentence */
    const char *takes; /* the shape of a body that has no fields; NULL: none */
    bool admin;        /* for who has the administrators' token */
};

void routes_prepare(void);
const struct route *route_find(const char *method, arena_text path, arena_text *param);
size_t route_count(void);
const struct route *route_at(size_t index);
size_t route_index(const struct route *route); /* route_count() for NULL */

#endif
