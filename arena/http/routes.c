/*
 * routes.c - every address the server knows, in one table: what the access log names, what is measured, and what a
 * description for people or programs can be made from.
 */
#include "http/exchange.h"

#define GET(path, handle, query, about)                                                                                \
    {                                                                                                                  \
        "GET", path, handle, NULL, query, about, BODY_NONE, false, false                                               \
    }
#define POST(path, handle, body, fields, query, about)                                                                 \
    {                                                                                                                  \
        "POST", path, handle, fields, query, about, body, false, false                                                 \
    }
#define DELETE(path, handle, about)                                                                                    \
    {                                                                                                                  \
        "DELETE", path, handle, NULL, "", about, BODY_NONE, false, false                                               \
    }
#define STREAM(path, handle, query, about)                                                                             \
    {                                                                                                                  \
        "GET", path, handle, NULL, query, about, BODY_NONE, true, false                                                \
    }

#define ADMIN(method, path, handle, body, fields, query, about)                                                        \
    {                                                                                                                  \
        method, path, handle, fields, query, about, body, false, true                                                  \
    }

/* More specific paths stand before the ones with parameters.  What begins with /api/ is also there under /api/v1/. */
static const struct route routes[] = {
    POST("/api/arena/message", api_message, BODY_REQUIRED, message_fields, "from", "A player's move."),
    GET("/api/arena/sync", api_sync, "channel index from wait", "The messages of a session's operator channel."),
    POST("/api/arena/join", api_join, BODY_REQUIRED, join_fields, "", "Takes the seat of an invite."),
    POST("/api/chat/send", api_chat_send, BODY_REQUIRED, chat_fields, "from", "A message on any channel."),
    GET("/api/chat/sync", api_chat_sync, "channel index from wait", "The messages of any channel."),
    STREAM("/api/chat/ws/:channel", api_stream, "from lastEventId", "A channel as server-sent events."),
    GET("/api/challenges", api_list, "limit offset status", "Sessions of all types, newest first."),
    GET("/api/challenges/:name", api_list_of, "limit offset status", "Sessions of one type, newest first."),
    POST("/api/challenges/:name", api_create, BODY_OPTIONAL, create_fields, "", "A new session with its invites."),
    GET("/api/metadata", api_metadata, "", "All challenge types."),
    GET("/api/metadata/:name", api_metadata_of, "", "One challenge type."),
    GET("/api/invites/:id", api_invite, "", "The session of a free invite."),
    POST("/api/invites", api_announce, BODY_REQUIRED, announce_fields, "", "Announces an invite on `invites`."),
    GET("/api/sessions/:id", api_session, "", "A session as everybody may see it."),
    GET("/api/sessions/:id/view", api_view, "from", "A session as the caller may see it."),
    GET("/api/sessions/:id/actions", api_actions, "from", "What the caller may do now."),
    GET("/api/sessions/:id/replay", api_replay, "", "The journal of an ended session."),
    GET("/api/users", api_users, "limit offset", "Profiles of users."),
    GET("/api/users/batch", api_users_batch, "ids", "Profiles of several users, by their ids."),
    POST("/api/users", api_user_update, BODY_REQUIRED, user_fields, "from", "Changes a user's profile."),
    GET("/api/users/:id", api_user, "", "A user's profile."),
    GET("/api/users/:id/scores", api_user_scores, "", "A user's place on all boards."),
    GET("/api/users/:id/challenges", api_user_sessions, "limit offset", "The ended sessions that a user played in."),
    GET("/api/scoring", api_scoring, "strategy sort limit offset", "The global boards."),
    GET("/api/scoring/:type", api_scoring_of, "strategy sort limit offset", "The boards of one challenge type."),
    GET("/api/stats", api_stats, "", "How many games were played, and by how many."),
    ADMIN("GET", "/api/admin/status", admin_status, BODY_NONE, NULL, "", "What the server is at."),
    ADMIN("GET", "/api/admin/audit", admin_audit, BODY_NONE, NULL, "limit offset", "What administrators did."),
    ADMIN("POST", "/api/admin/sessions/:id/end", admin_end_session, BODY_NONE, NULL, "", "Ends a session."),
    ADMIN("POST", "/api/admin/users/:id", admin_user, BODY_REQUIRED, admin_user_fields, "", "Changes any profile."),
    POST("/mcp", mcp_play, BODY_NONE, NULL, "", "Tools for an agent that plays (MCP)."),
    POST("/api/arena/mcp", mcp_arena, BODY_NONE, NULL, "", "The tools of the SpecArena server (MCP)."),
    POST("/api/chat/mcp", mcp_chat, BODY_NONE, NULL, "", "Its tools for chat (MCP)."),
    GET("/mcp", mcp_no_stream, "", "MCP: the server has no stream of its own."),
    GET("/api/arena/mcp", mcp_no_stream, "", "MCP: the server has no stream of its own."),
    GET("/api/chat/mcp", mcp_no_stream, "", "MCP: the server has no stream of its own."),
    DELETE("/mcp", mcp_no_stream, "MCP: there are no sessions to delete."),
    DELETE("/api/arena/mcp", mcp_no_stream, "MCP: there are no sessions to delete."),
    DELETE("/api/chat/mcp", mcp_no_stream, "MCP: there are no sessions to delete."),
    GET("/health", page_health, "", "Whether the arena can keep what it is told."),
    GET("/metrics", page_metrics, "", "Figures for Prometheus."),
    GET("/", page_index, "", "The arena for a browser."),
    GET("/assets/:file", page_asset, "", "What the page is made of."),
};

enum { ROUTES = sizeof routes / sizeof routes[0] };
_Static_assert(sizeof routes / sizeof routes[0] <= METRICS_ROUTES + 0u, "metrics.h has too little room");

/* A path cut at its parameter. */
static struct {
    arena_text before, after;
    bool parameter;
} cuts[ROUTES];

void routes_prepare(void)
{
    for (size_t i = 0; i < ROUTES; i++) {
        arena_text path = text_of(routes[i].path);
        const char *colon = strchr(path.ptr, ':');
        cuts[i].parameter = colon != NULL;
        cuts[i].before = colon ? (arena_text){path.ptr, (size_t)(colon - path.ptr)} : path;
        cuts[i].after = text_of(colon ? colon + strcspn(colon, "/") : "");
    }
}

/* True when path is this route's; *param is what stands in the parameter's place. */
static bool matches(arena_text before, arena_text after, bool parameter, arena_text path, arena_text *param)
{
    if (!text_starts(path, before))
        return false;
    path.ptr += before.len;
    path.len -= before.len;
    if (!parameter)
        return !path.len;
    if (path.len <= after.len || !text_equal((arena_text){path.ptr + path.len - after.len, after.len}, after))
        return false;
    *param = (arena_text){path.ptr, path.len - after.len};
    return !memchr(param->ptr, '/', param->len);
}

const struct route *route_find(const char *method, arena_text path, arena_text *param)
{
    enum { API = 4 }; /* bytes of /api */
    bool v1 = text_starts(path, ARENA_TEXT("/api/v1/"));

    if (v1) {
        path.ptr += sizeof "/api/v1" - 1;
        path.len -= sizeof "/api/v1" - 1;
    }
    for (size_t i = 0; i < ROUTES; i++) {
        arena_text before = cuts[i].before;
        if (v1 && !text_starts(before, ARENA_TEXT("/api/")))
            continue;
        if (v1)
            before = (arena_text){before.ptr + API, before.len - API};
        if (matches(before, cuts[i].after, cuts[i].parameter, path, param) && strcmp(routes[i].method, method) == 0)
            return &routes[i];
    }
    return NULL;
}

size_t route_count(void)
{
    return ROUTES;
}
const struct route *route_at(size_t index)
{
    return &routes[index];
}
size_t route_index(const struct route *route)
{
    return route ? (size_t)(route - routes) : ROUTES;
}
