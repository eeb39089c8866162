/*
 * routes.c - every address the server knows, in one table: what the access log names, what is measured, and what a
 * description for people or programs can be made from.
 */
#include "http/exchange.h"

/*
 * Adding a route is adding a row: the router, the log, the figures, /openapi.json and /llms.txt have it from then on.
 *
 *     GET("/api/things/:id", api_thing, "limit! from", "Thing 404 503=Tired", "One thing."),
 *
 * says that `limit` must be in the query, that `from` may be (in auth mode: a session key; `from!`: must), that the
 * answer is a Thing, that a 404 is an error as any other, and that a 503 is a Tired; a 304 would say that things have
 * tags (request_tag).  What is named here for the first time is described in documents/openapi.json: Thing and Tired
 * under schemas, `limit` and `things.id` under parameters.  tests/protocol/test_documents.py names what is missing, and
 * any test that gets an answer that is not as described fails.
 */
#define GET(path, handle, query, answers, about)                                                                       \
    {                                                                                                                  \
        "GET", path, handle, NULL, BODY_NONE, false, query, answers, about, NULL, false                                \
    }
#define POST(path, handle, body, fields, query, answers, about)                                                        \
    {                                                                                                                  \
        "POST", path, handle, fields, body, false, query, answers, about, NULL, false                                  \
    }
#define STREAM(path, handle, query, answers, about)                                                                    \
    {                                                                                                                  \
        "GET", path, handle, NULL, BODY_NONE, true, query, answers, about, NULL, false                                 \
    }
#define MCP(method, path, handle, takes, answers, about)                                                               \
    {                                                                                                                  \
        method, path, handle, NULL, BODY_NONE, false, "", answers, about, takes, false                                 \
    }
#define ADMIN(method, path, handle, body, fields, query, answers, about)                                               \
    {                                                                                                                  \
        method, path, handle, fields, body, false, query, answers, about, NULL, true                                   \
    }
#define MCP_ANSWERS "McpEvents 202 400=McpRefusal 406=McpError 415=McpError"

/* More specific paths stand before the ones with parameters.  What begins with /api/ is also there under /api/v1/. */
static const struct route routes[] = {
    POST("/api/arena/message", api_message, BODY_REQUIRED, message_fields, "from!", "Sent 409 500", "A player's move."),
    GET("/api/arena/sync", api_sync, "channel! index from wait", "Messages",
        "The messages of a session's operator channel."),
    POST("/api/arena/join", api_join, BODY_REQUIRED, join_fields, "", "Joined 500", "Takes the seat of an invite."),
    POST("/api/chat/send", api_chat_send, BODY_REQUIRED, chat_fields, "from!", "Said", "A message on any channel."),
    GET("/api/chat/sync", api_chat_sync, "channel! index from wait", "Messages", "The messages of any channel."),
    STREAM("/api/chat/ws/:channel", api_stream, "from lastEventId", "ChannelStream",
           "A channel as server-sent events."),
    GET("/api/challenges", api_list, "limit offset status", "Challenges", "Sessions of all types, newest first."),
    GET("/api/challenges/:name", api_list_of, "limit offset status", "Challenges",
        "Sessions of one type, newest first."),
    POST("/api/challenges/:name", api_create, BODY_OPTIONAL, create_fields, "", "Challenge 500",
         "A new session with its invites."),
    GET("/api/metadata", api_metadata, "", "MetadataOfAll", "All challenge types."),
    GET("/api/metadata/:name", api_metadata_of, "", "Metadata 404", "One challenge type."),
    GET("/api/invites/:id", api_invite, "", "Challenge 404 409", "The session of a free invite."),
    POST("/api/invites", api_announce, BODY_REQUIRED, announce_fields, "", "Success 404 409",
         "Announces an invite on the channel `invites`."),
    GET("/api/sessions/:id", api_session, "", "Session 404", "A session as everybody may see it."),
    GET("/api/sessions/:id/view", api_view, "from", "View 404 500", "A session as the caller may see it."),
    GET("/api/sessions/:id/actions", api_actions, "from!", "Actions 404 500", "What the caller may do now."),
    GET("/api/sessions/:id/replay", api_replay, "", "Replay 404 409", "The journal of an ended session."),
    GET("/api/users", api_users, "limit offset", "ProfileList", "Profiles of users."),
    GET("/api/users/batch", api_users_batch, "ids!", "Profiles", "Profiles of several users, by their ids."),
    POST("/api/users", api_user_update, BODY_REQUIRED, user_fields, "from", "Profile", "Changes a user's profile."),
    GET("/api/users/:id", api_user, "", "Profile 404", "A user's profile."),
    GET("/api/users/:id/scores", api_user_scores, "", "UserScores", "A user's place on all boards."),
    GET("/api/users/:id/challenges", api_user_sessions, "limit offset", "History",
        "The ended sessions that a user played in."),
    GET("/api/scoring", api_scoring, "strategy sort limit offset", "Board", "The global boards."),
    GET("/api/scoring/:type", api_scoring_of, "strategy sort limit offset", "Boards 404",
        "The boards of one challenge type."),
    GET("/api/data/:name", api_data, "version", "DataRules 304 404",
        "The rule data that games of a challenge may have."),
    GET("/api/data/:name/entries", api_data_entries, "document! q version limit offset", "DataCatalogue 304 404",
        "The entries of one document of the rule data: all Pokemon, all moves."),
    GET("/api/stats", api_stats, "", "Stats", "How many games were played, and by how many."),
    ADMIN("GET", "/api/admin/status", admin_status, BODY_NONE, NULL, "", "AdminStatus", "What the server is at."),
    ADMIN("GET", "/api/admin/audit", admin_audit, BODY_NONE, NULL, "limit offset", "Audit", "What was done here."),
    ADMIN("POST", "/api/admin/sessions/:id/end", admin_end_session, BODY_NONE, NULL, "", "Done 404 409",
          "Ends a session: an open one is removed, a running one is abandoned."),
    ADMIN("POST", "/api/admin/users/:id", admin_user, BODY_REQUIRED, admin_user_fields, "", "Profile",
          "Changes anybody's profile."),
    ADMIN("GET", "/api/admin/data/:name", admin_data, BODY_NONE, NULL, "version", "DataRules 304 404",
          "The versions of a challenge's rule data and how they came about."),
    ADMIN("GET", "/api/admin/data/:name/diff", admin_data_diff, BODY_NONE, NULL, "fromVersion toVersion!",
          "DataDifferences 404", "What differs between two versions."),
    ADMIN("GET", "/api/admin/data/:name/catalogue", admin_data_catalogue, BODY_NONE, NULL,
          "q document version limit offset", "DataCatalogue 304 404", "The entries of rule data, searched."),
    ADMIN("POST", "/api/admin/data/:name/stage", admin_data_stage, BODY_REQUIRED, admin_data_stage_fields, "",
          "DataStaged 400=DataMistakes 404 409 413 500",
          "A new version of rule data, checked and kept, not yet in use."),
    ADMIN("POST", "/api/admin/data/:name/promote", admin_data_promote, BODY_REQUIRED, admin_data_promote_fields, "",
          "DataActive 400=DataMistakes 404 409 500", "A version becomes the one that new games get."),
    ADMIN("POST", "/api/admin/data/:name/rollback", admin_data_rollback, BODY_OPTIONAL, admin_data_rollback_fields, "",
          "DataActive 400=DataMistakes 404 409 500", "What was active before is so again."),
    MCP("POST", "/mcp", mcp_play, "McpCall", MCP_ANSWERS, "Tools for an agent that plays (MCP)."),
    MCP("POST", "/api/arena/mcp", mcp_arena, "McpCall", MCP_ANSWERS, "The tools of the SpecArena server (MCP)."),
    MCP("POST", "/api/chat/mcp", mcp_chat, "McpCall", MCP_ANSWERS, "Its tools for chat (MCP)."),
    MCP("GET", "/mcp", mcp_no_stream, NULL, "405=McpError", "MCP: the server has no stream of its own."),
    MCP("GET", "/api/arena/mcp", mcp_no_stream, NULL, "405=McpError", "MCP: the server has no stream of its own."),
    MCP("GET", "/api/chat/mcp", mcp_no_stream, NULL, "405=McpError", "MCP: the server has no stream of its own."),
    MCP("DELETE", "/mcp", mcp_no_stream, NULL, "405=McpError", "MCP: there are no sessions to delete."),
    MCP("DELETE", "/api/arena/mcp", mcp_no_stream, NULL, "405=McpError", "MCP: there are no sessions to delete."),
    MCP("DELETE", "/api/chat/mcp", mcp_no_stream, NULL, "405=McpError", "MCP: there are no sessions to delete."),
    GET("/health", page_health, "", "Health 503=Degraded", "Whether the arena can keep what it is told."),
    GET("/metrics", page_metrics, "", "Figures", "Figures for Prometheus."),
    GET("/SKILL.md", document_skill, "", "Markdown 304",
        "How an agent plays here, from the first request to the last."),
    GET("/skill.md", document_skill_text, "", "Text 304", "The same as plain text."),
    GET("/skill.json", document_skill_json, "", "Skill 304", "What a program needs to find its way here."),
    GET("/openapi.json", document_openapi, "", "OpenApi 304", "Every address of this server, as OpenAPI 3.1."),
    GET("/llms.txt", document_llms, "", "Text 304", "A short map of this server for language models."),
    GET("/", page_index, "", "Page 304", "The arena for a browser."),
    GET("/assets/:file", page_asset, "", "Asset 304 404=NoSuchPath", "What the page is made of."),
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
