/*
 * forward.h - who asks when a proxy that is trusted stands in between.
 */
#ifndef HTTP_FORWARD_H
#define HTTP_FORWARD_H

#include "http/exchange.h"

/* A connection's peer is known: the client, unless it is a proxy whose headers count.  Once a connection. */
void forward_peer(struct exchange *exchange, const struct sockaddr *peer);

/* Before a request's headers are read. */
void forward_begin(struct exchange *exchange);

/* A line of X-Forwarded-For, in the order of the request's lines; one of X-Forwarded-Proto. */
void forward_for(struct exchange *exchange, arena_text line);
void forward_proto(struct exchange *exchange, arena_text value);

#endif
