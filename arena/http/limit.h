/*
 * limit.h - which rates a request is measured by.
 */
#ifndef HTTP_LIMIT_H
#define HTTP_LIMIT_H

#include "http/exchange.h"
#include "http/rate.h"

/* Takes a token of the client's address; before anything else is read of the request.  True: there is none, and the
 * request has been answered with 429. */
bool limit_client(struct exchange *exchange);

/* The same for whom the request speaks; when it is known who that is. */
bool limit_seat(struct exchange *exchange);

#endif
