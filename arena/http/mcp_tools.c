/*
 * mcp_tools.c - the tools that agents are offered, and how their arguments become requests of the REST API.
 */
#include "http/mcp_tools.h"

#include <stdlib.h>

/* Arguments of auth mode, see docs/http.md. ------------------------------------------------------------------ */

/* What a join is signed with. */
#define SIGNATURE                                                                                                      \
    {"publicKey", NULL, MCP_NAME, MCP_SIGNED, "Your Ed25519 key: its SubjectPublicKeyInfo (DER) in hex"},              \
        {"signature", NULL, MCP_NAME, MCP_SIGNED, "Of the text arena:v1:join:{invite}:{timestamp} by it, in hex"},     \
    {                                                                                                                  \
        "timestamp", NULL, MCP_COUNT, MCP_SIGNED, "Now, in milliseconds since 1970"                                    \
    }
#define SESSION_KEY                                                                                                    \
    {                                                                                                                  \
        "sessionKey", NULL, MCP_KEY, MCP_KEYED,                                                                        \
            "The key that joining answered with: it says who you are. Not needed where a header has it"                \
    }

/* The tools of the SpecArena server. ----------------------------------------------------------------------- */

static const struct mcp_property challenge_join[] = {
    {"invite", NULL, MCP_TEXT, MCP_REQUIRED, "The invite whose seat is taken"},
    {"userId", NULL, MCP_TEXT, MCP_USER, "Who joins; told to nobody before the end"},
    SIGNATURE,
    {0},
};

static const struct mcp_property challenge_message[] = {
    {"challengeId", NULL, MCP_TEXT, MCP_REQUIRED, "The session's id"},
    {"from", NULL, MCP_TEXT, MCP_PLAYER, "The invite of the player who acts"},
    {"messageType", NULL, MCP_TEXT, MCP_REQUIRED, "One of the challenge's methods"},
    {"content", NULL, MCP_TEXT, MCP_REQUIRED, "What the method's description asks for"},
    SESSION_KEY,
    {0},
};

static const struct mcp_property reference_sync[] = {
    {"channel", NULL, MCP_TEXT, MCP_REQUIRED, "The session's id; of chat, any channel's name"},
    {"from", NULL, MCP_TEXT, MCP_PLAYER, "The invite of the player who reads"},
    {"index", NULL, MCP_COUNT, MCP_REQUIRED, "The first message that is wanted; messages count 1, 2, 3"},
    SESSION_KEY,
    {0},
};

static const struct mcp_property send_chat[] = {
    {"channel", NULL, MCP_TEXT, MCP_REQUIRED, "The channel's name; a session's id is its players' chat"},
    {"from", NULL, MCP_TEXT, MCP_PLAYER, "The invite of the player who speaks"},
    {"to", NULL, MCP_TEXT_OR_NULL, MCP_OPTIONAL, "The only player who shall read it; without it, all do"},
    {"content", NULL, MCP_TEXT, MCP_REQUIRED, "What is said"},
    SESSION_KEY,
    {0},
};

static const struct mcp_tool arena_tools[] = {
    {"challenge_join", "Join a challenge with an invite.", "POST", "/api/arena/join", challenge_join, MCP_ONE, false},
    {"challenge_message", "Send a move to the operator of a challenge.", "POST", "/api/arena/message",
     challenge_message, MCP_ONE, false},
    {"challenge_sync", "Read the messages of a challenge's operator channel.", "GET", "/api/arena/sync", reference_sync,
     MCP_ONE, true},
    {0},
};

static const struct mcp_tool chat_tools[] = {
    {"send_chat", "Say something on a channel.", "POST", "/api/chat/send", send_chat, MCP_ONE, false},
    {"sync", "Read the messages of a channel.", "GET", "/api/chat/sync", reference_sync, MCP_ONE, true},
    {0},
};

/* Everything that an agent needs to play. ------------------------------------------------------------------- */

#define SESSION                                                                                                        \
    {                                                                                                                  \
        "session", NULL, MCP_NAME, MCP_REQUIRED, "The session's id"                                                    \
    }
#define SESSION_AS(as)                                                                                                 \
    {                                                                                                                  \
        "session", as, MCP_NAME, MCP_REQUIRED, "The session's id"                                                      \
    }
#define PLAYER                                                                                                         \
    {                                                                                                                  \
        "from", NULL, MCP_NAME, MCP_PLAYER, "Your invite: it is who you are in the session"                            \
    }
#define READER                                                                                                         \
    {                                                                                                                  \
        "from", NULL, MCP_TEXT, MCP_OPTIONAL, "Your invite; without it you read as a spectator"                        \
    }
#define INDEX                                                                                                          \
    {                                                                                                                  \
        "index", NULL, MCP_COUNT, MCP_OPTIONAL,                                                                        \
            "The first message you do not have yet, counted from 1; without it, all"                                   \
    }

static const struct mcp_property nothing[] = {{0}};

static const struct mcp_property create_session[] = {
    {"challenge", NULL, MCP_NAME, MCP_REQUIRED, "The challenge's id, as list_challenges tells it"},
    {"options", NULL, MCP_OBJECT, MCP_OPTIONAL, "Settings of the challenge, as its description offers them"},
    {0},
};

static const struct mcp_property join[] = {
    {"invite", NULL, MCP_NAME, MCP_REQUIRED, "The invite whose seat you take; from then on it is your `from`"},
    {"user", "userId", MCP_TEXT, MCP_USER, "Who you are; told to nobody before the end"},
    SIGNATURE,
    {0},
};

static const struct mcp_property view[] = {SESSION, READER, SESSION_KEY, {0}};
static const struct mcp_property actions[] = {SESSION, PLAYER, SESSION_KEY, {0}};

static const struct mcp_property act[] = {
    SESSION_AS("challengeId"),
    PLAYER,
    {"method", "messageType", MCP_NAME, MCP_REQUIRED, "The action's method, as actions or wait tell it"},
    {"content", NULL, MCP_TEXT, MCP_REQUIRED,
     "The action's content; where the offered content is empty, what the method's description asks for"},
    {"turn", NULL, MCP_COUNT, MCP_OPTIONAL,
     "The turn that actions or wait told: the move is refused in any other turn"},
    SESSION_KEY,
    {0},
};

static const struct mcp_property wait_for[] = {
    SESSION,     PLAYER,
    INDEX,       {"timeoutSeconds", NULL, MCP_COUNT, MCP_OPTIONAL, "How long to wait at most, 0 to 60; 25 without it"},
    SESSION_KEY, {0},
};

static const struct mcp_property messages[] = {SESSION_AS("channel"), READER, INDEX, SESSION_KEY, {0}};

static const struct mcp_property chat[] = {
    SESSION_AS("channel"),
    PLAYER,
    {"content", NULL, MCP_TEXT, MCP_REQUIRED, "What you say"},
    {"to", NULL, MCP_TEXT_OR_NULL, MCP_OPTIONAL, "The invite of the only player who shall read it; without it, all do"},
    SESSION_KEY,
    {0},
};

static const struct mcp_tool play_tools[] = {
    {"list_challenges", "All challenge types with their rules, methods and options.", "GET", "/api/metadata", nothing,
     MCP_ONE, true},
    {"create_session", "Makes a session of a challenge; the answer has its id and one invite for each free seat.",
     "POST", "/api/challenges/{challenge}", create_session, MCP_ONE, false},
    {"join", "Takes a seat. The answer has the session's id (ChallengeID), the rules and the methods.", "POST",
     "/api/arena/join", join, MCP_ONE, false},
    {"view", "The game as you may see it now.", "GET", "/api/sessions/{session}/view", view, MCP_ONE, true},
    {"actions", "What you may do now. Empty content: whatever the method's description admits.", "GET",
     "/api/sessions/{session}/actions", actions, MCP_ONE, true},
    {"act", "Sends your move. A move that is refused changes nothing, and the answer says why.", "POST",
     "/api/arena/message", act, MCP_ONE, false},
    {"wait",
     "Waits until there is something for you to do or the session has ended. The answer has ready, ended, turn, "
     "actions, the messages from index on, and next: the index for the next call. Not ready: call it again.",
     "GET", "/api/arena/sync", wait_for, MCP_WAIT, true},
    {"messages", "What the operator and the players said in the game.", "GET", "/api/arena/sync", messages, MCP_ONE,
     true},
    {"chat", "Says something to the other players.", "POST", "/api/chat/send", chat, MCP_ONE, false},
    {"chat_messages", "What the players said to one another.", "GET", "/api/chat/sync", messages, MCP_ONE, true},
    {"leave", "Gives up, where the challenge has a method `forfeit`.", "GET", "/api/sessions/{session}/actions",
     actions, MCP_LEAVE, false},
    {0},
};

static const struct mcp_server servers[] = {
    [MCP_PLAY] =
        {"arena", "0.1.0",
         "Play: list_challenges; create_session or be given an invite; join; then again and again wait, view if "
         "you need more, and act with one of the actions and its turn, until wait says ended. Nothing is "
         "remembered between calls: name the session and your invite (from) each time. Where join asks for a "
         "signature its answer has a sessionKey: give that each time too.",
         false, play_tools},
    [MCP_ARENA] = {"mcp-typescript server on vercel", "0.1.0", NULL, true, arena_tools},
    [MCP_CHAT] = {"mcp-typescript server on vercel", "0.1.0", NULL, true, chat_tools},
};

const struct mcp_server *mcp_server(enum mcp_endpoint endpoint)
{
    return &servers[endpoint];
}

const struct mcp_tool *mcp_tool(const struct mcp_server *server, const char *name)
{
    for (const struct mcp_tool *tool = server->tools; tool->name; tool++)
        if (strcmp(tool->name, name) == 0)
            return tool;
    return NULL;
}

/* Schemas. --------------------------------------------------------------------------------------------------- */

static json_t *property_schema(const struct mcp_property *property)
{
    const char *about = property->about;
    switch (property->type) {
    case MCP_TEXT: return json_pack("{s:s, s:s}", "type", "string", "description", about);
    case MCP_KEY:
    case MCP_NAME: return json_pack("{s:s, s:i, s:s}", "type", "string", "minLength", 1, "description", about);
    case MCP_TEXT_OR_NULL:
        return json_pack("{s:[{s:s}, {s:s}], s:s}", "anyOf", "type", "string", "type", "null", "description", about);
    case MCP_COUNT:
        return json_pack("{s:s, s:i, s:I, s:s}", "type", "integer", "minimum", 0, "maximum",
                         (json_int_t)9007199254740991, "description", about);
    case MCP_OBJECT: return json_pack("{s:s, s:s}", "type", "object", "description", about);
    }
    return NULL;
}

static bool is_listed(enum mcp_need need, bool auth)
{
    return need == MCP_SIGNED || need == MCP_KEYED ? auth : need != MCP_USER || !auth;
}

static bool is_required(enum mcp_need need, bool auth)
{
    return need == MCP_REQUIRED || need == (auth ? MCP_SIGNED : MCP_PLAYER);
}

static json_t *input_schema(const struct mcp_tool *tool, bool auth)
{
    json_t *properties = json_object(), *required = json_array();
    for (const struct mcp_property *p = tool->properties; p->name; p++) {
        if (is_listed(p->need, auth))
            json_object_set_new(properties, p->name, property_schema(p));
        if (is_required(p->need, auth))
            json_array_append_new(required, json_string(p->name));
    }
    json_t *schema = json_pack("{s:s, s:o}", "type", "object", "properties", properties);
    if (json_array_size(required))
        json_object_set(schema, "required", required);
    json_decref(required);
    json_object_set_new(schema, "additionalProperties", json_false());
    json_object_set_new(schema, "$schema", json_string("http://json-schema.org/draft-07/schema#"));
    return schema;
}

json_t *mcp_list(const struct mcp_server *server, bool auth)
{
    json_t *list = json_array();
    for (const struct mcp_tool *tool = server->tools; tool->name; tool++) {
        json_t *entry = json_pack("{s:s, s:s, s:o, s:{s:s}}", "name", tool->name, "description", tool->about,
                                  "inputSchema", input_schema(tool, auth), "execution", "taskSupport", "forbidden");
        if (!server->reference)
            json_object_set_new(entry, "annotations", json_pack("{s:b}", "readOnlyHint", tool->reads));
        json_array_append_new(list, entry);
    }
    return json_pack("{s:o}", "tools", list);
}

/* Arguments. ------------------------------------------------------------------------------------------------- */

/* What is wrong with this value; NULL: nothing. */
static const char *complaint(const struct mcp_property *property, const json_t *value)
{
    switch (property->type) {
    case MCP_TEXT: return json_is_string(value) ? NULL : "must be a string";
    case MCP_KEY:
    case MCP_NAME: return json_string_length(value) ? NULL : "must be a string that is not empty";
    case MCP_TEXT_OR_NULL: return json_is_string(value) || json_is_null(value) ? NULL : "must be a string or null";
    case MCP_COUNT:
        return json_is_integer(value) && json_integer_value(value) >= 0 ? NULL : "must be a whole number from 0 on";
    case MCP_OBJECT: return json_is_object(value) ? NULL : "must be an object";
    }
    return NULL;
}

static const struct mcp_property *find_property(const struct mcp_tool *tool, const char *name)
{
    for (const struct mcp_property *p = tool->properties; p->name; p++)
        if (strcmp(p->name, name) == 0)
            return p;
    return NULL;
}

bool mcp_check(const struct mcp_server *server, bool auth, const struct mcp_tool *tool, const json_t *arguments,
               struct text *error)
{
    if (arguments && !json_is_object(arguments)) {
        text_lit(error, "the arguments must be an object");
        return false;
    }
    for (const struct mcp_property *p = tool->properties; p->name; p++) {
        const json_t *value = json_object_get(arguments, p->name);
        const char *wrong = value ? complaint(p, value) : is_required(p->need, auth) ? "is required" : NULL;
        if (wrong) {
            text_printf(error, "%s %s (%s)", p->name, wrong, p->about);
            return false;
        }
    }
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)arguments, name, value) {
        if (server->reference || find_property(tool, name))
            continue;
        text_printf(error, "there is no argument %.64s", name);
        return false;
    }
    return true;
}

/* Requests. -------------------------------------------------------------------------------------------------- */

void mcp_encode(struct text *out, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if ((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || (c && strchr("-._~", c)))
            text_put_char(out, (char)c);
        else
            text_printf(out, "%%%02X", c);
    }
}

static void encode_value(struct text *out, const json_t *value)
{
    if (json_is_integer(value))
        text_int(out, json_integer_value(value));
    else
        mcp_encode(out, json_string_value(value), json_string_length(value));
}

/* True when the path names this argument, which is then no part of query or body. */
static bool in_path(const struct mcp_tool *tool, const char *name)
{
    const char *brace = strchr(tool->path, '{');
    size_t len = strlen(name);
    return brace && strncmp(brace + 1, name, len) == 0 && brace[1 + len] == '}';
}

static void put_path(const struct mcp_tool *tool, const json_t *arguments, struct text *target)
{
    const char *brace = strchr(tool->path, '{');
    if (!brace) {
        text_puts(target, tool->path);
        return;
    }
    text_put(target, tool->path, (size_t)(brace - tool->path));
    for (const struct mcp_property *p = tool->properties; p->name; p++)
        if (in_path(tool, p->name))
            encode_value(target, json_object_get(arguments, p->name));
    text_puts(target, strchr(brace, '}') + 1);
}

arena_text mcp_session_key(const struct mcp_tool *tool, const json_t *arguments)
{
    for (const struct mcp_property *p = tool->properties; p->name; p++) {
        const json_t *value = p->type == MCP_KEY ? json_object_get(arguments, p->name) : NULL;
        if (value)
            return (arena_text){json_string_value(value), json_string_length(value)};
    }
    return (arena_text){"", 0};
}

void mcp_request(const struct mcp_tool *tool, const json_t *arguments, struct text *target, struct text *body)
{
    bool query = strcmp(tool->method, "GET") == 0;
    char separator = '?';
    json_t *members = json_object();

    text_clear(target);
    text_clear(body);
    put_path(tool, arguments, target);
    for (const struct mcp_property *p = tool->properties; p->name; p++) {
        json_t *value = json_object_get(arguments, p->name);
        const char *name = p->as ? p->as : p->name;
        if (!value || json_is_null(value) || p->type == MCP_KEY || in_path(tool, p->name))
            continue;
        if (!query) {
            json_object_set(members, name, value);
            continue;
        }
        text_put_char(target, separator);
        text_puts(target, name);
        text_put_char(target, '=');
        encode_value(target, value);
        separator = '&';
    }
    char *json = query ? NULL : json_dumps(members, JSON_COMPACT);
    if (json)
        text_puts(body, json);
    free(json);
    json_decref(members);
}
