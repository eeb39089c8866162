/*
 * mcp_tools.h - the tools as tables; for mcp.c alone.
 */
#ifndef HTTP_MCP_TOOLS_H
#define HTTP_MCP_TOOLS_H

#include <jansson.h>

#include "http/mcp.h"

enum mcp_type { MCP_TEXT, MCP_NAME /* a text that is not empty */, MCP_TEXT_OR_NULL, MCP_COUNT, MCP_OBJECT, MCP_KEY };

/* Whether an argument must be given.  Those of the other mode are not listed, but taken: they have no effect there. */
enum mcp_need {
    MCP_REQUIRED,
    MCP_OPTIONAL,
    MCP_PLAYER, /* who acts: in auth mode the session key says it, and this may be left out */
    MCP_USER,   /* who joins, optional; in auth mode the signature says it */
    MCP_SIGNED, /* required in auth mode */
    MCP_KEYED,  /* optional in auth mode: a header may have it */
};

/* One argument of a tool. */
struct mcp_property {
    const char *name;   /* NULL ends the list */
    const char *as;     /* what the REST API calls it; NULL: the same */
    enum mcp_type type; /* MCP_KEY: the session key, which is no part of the request but says who sends it */
    enum mcp_need need;
    const char *about;
};

/* How a tool is done: by one request, or by several. */
enum mcp_way { MCP_ONE, MCP_WAIT, MCP_LEAVE };

struct mcp_tool {
    const char *name; /* NULL ends the table */
    const char *about;
    const char *method, *path; /* {name} in the path is that argument; the others go into the query or the body */
    const struct mcp_property *properties;
    enum mcp_way way;
    bool reads; /* changes nothing */
};

struct mcp_server {
    const char *name, *version, *instructions;
    bool reference; /* answers as the SpecArena server did: refusals of the arena are results like others, arguments
                       that are not in the schema do not matter */
    const struct mcp_tool *tools;
};

const struct mcp_server *mcp_server(enum mcp_endpoint endpoint);
const struct mcp_tool *mcp_tool(const struct mcp_server *server, const char *name);

/* What tools/list tells of them, in auth mode or not; the caller's to json_decref. */
json_t *mcp_list(const struct mcp_server *server, bool auth);

/* Checks a call's arguments (NULL: none).  False and a sentence in error when they do not fit. */
bool mcp_check(const struct mcp_server *server, bool auth, const struct mcp_tool *tool, const json_t *arguments,
               struct text *error);

/* The session key among a call's arguments; empty when there is none. */
arena_text mcp_session_key(const struct mcp_tool *tool, const json_t *arguments);

/* The request that a tool of one request is, into target and body (both cleared first). */
void mcp_request(const struct mcp_tool *tool, const json_t *arguments, struct text *target, struct text *body);

/* Appends text percent-encoded. */
void mcp_encode(struct text *out, const char *bytes, size_t len);

#endif
