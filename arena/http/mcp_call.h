/*
 * mcp_call.h - one call of a tool on its way through one request of the REST API or several; for mcp.c alone.
 */
#ifndef HTTP_MCP_CALL_H
#define HTTP_MCP_CALL_H

#include "http/mcp_tools.h"

enum mcp_stage { STAGE_ONE, STAGE_MESSAGES, STAGE_ACTIONS, STAGE_LEAVE };

struct mcp_call {
    const struct mcp_server *server;
    bool auth;
    const struct mcp_tool *tool; /* NULL: none is under way */
    const json_t *arguments;     /* borrowed from the message */
    enum mcp_stage stage;
    struct text target, body; /* of the request */
    const char *method;

    /* of wait */
    json_t *messages;
    int64_t index;       /* of the next message */
    int64_t deadline_ms; /* of all calls in one POST together: they may not wait one after the other for ever */
    int64_t asked_ms;
    int64_t slice_ms; /* how long the request may wait */
    bool over;

    /* the result */
    struct text said;
    bool failed;
};

void mcp_call_open(struct mcp_call *call, const struct mcp_server *server, bool auth);
void mcp_call_close(struct mcp_call *call);

/* Begins a call whose arguments have been checked; its first request is then ready. */
void mcp_call_begin(struct mcp_call *call, const struct mcp_tool *tool, const json_t *arguments);

/* The request to run. */
void mcp_call_ask(struct mcp_call *call, struct mcp_ask *ask);

/* The request's answer.  True: the call is done, said and failed are its result; false: another request is ready. */
bool mcp_call_answered(struct mcp_call *call, int status, arena_text body);

/* Reads JSON as strictly as the REST API does; NULL when it is none. */
json_t *mcp_json(arena_text text);

#endif
