/*
 * mcp.h - the Model Context Protocol: the arena as tools for an agent.
 *
 *   mcp_http.c    the transport (Streamable HTTP, stateless) on an exchange
 *   mcp.c         JSON-RPC: one POST's messages in, the events of the answer out; free of HTTP and of the arena
 *   mcp_call.c    one call of a tool
 *   mcp_tools.c   the tools: their schemas, and which request of the REST API each of them is
 *
 * A tool is one request of the REST API, or a few one after the other: mcp.c says which (mcp_next), somebody runs it
 * and hands back the answer (mcp_answered).  So a tool can do exactly what its caller could do with curl.
 */
#ifndef HTTP_MCP_H
#define HTTP_MCP_H

#include <stdbool.h>

#include "core/text.h"

/* Which tools an address offers. */
enum mcp_endpoint { MCP_PLAY, MCP_ARENA, MCP_CHAT };

/* A request of the REST API; the texts stay until the next call. */
struct mcp_ask {
    const char *method;
    const char *target; /* path and query, percent-encoded */
    arena_text body;
    arena_text key; /* the session key that the call gave; empty: what the POST's header says */
};

struct mcp;

/* Reads the body of a POST to a server in auth mode or not.  NULL when it is no JSON-RPC: *code and *error then say
 * why. */
struct mcp *mcp_open(enum mcp_endpoint endpoint, bool auth, arena_text body, int *code, const char **error);
void mcp_close(struct mcp *mcp);

/* True: *ask is to be run, then mcp_answered is due.  False: all is answered. */
bool mcp_next(struct mcp *mcp, struct mcp_ask *ask);
void mcp_answered(struct mcp *mcp, int status, arena_text body);

/* The answer, as server-sent events; empty when nothing that was sent wants one. */
const struct text *mcp_reply(const struct mcp *mcp);

/* True when the first message is `initialize`, which comes before a version has been agreed on; and when there are
 * several messages. */
bool mcp_is_initialize(const struct mcp *mcp);
bool mcp_is_batch(const struct mcp *mcp);

/* Whether this is a version of the protocol that the arena speaks. */
bool mcp_knows_version(const char *version);

/* {"jsonrpc":"2.0","error":{…},"id":null}: what answers a request that has no message to answer. */
void mcp_put_error(struct text *out, int code, const char *error);

#endif
