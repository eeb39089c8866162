/* skill.c - the challenges, addresses and tools of this server, for SKILL.md, llms.txt and skill.json. */
#include <ctype.h>
#include <stdlib.h>

#include "http/documents.h"
#include "http/mcp_tools.h"
#include "http/route.h"

static const char *string_of(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value ? value : "";
}

static json_t *read_all(arena_text challenges)
{
    json_t *all = json_loadb(challenges.ptr, challenges.len, 0, NULL);
    return all ? all : json_object();
}

/* As text. -------------------------------------------------------------------------------------------------- */

static void put_method(struct text *out, const json_t *method)
{
    const char *example = json_string_value(json_object_get(method, "example"));

    text_printf(out, "- `%s`: %s", string_of(method, "name"), string_of(method, "description"));
    if (example && *example)
        text_printf(out, " Example: `%s`", example);
    text_put_char(out, '\n');
}

static void put_option(struct text *out, const char *name, const json_t *option)
{
    char *fallback = json_dumps(json_object_get(option, "default"), JSON_COMPACT | JSON_ENCODE_ANY);

    text_printf(out, "- `%s`", name);
    if (fallback)
        text_printf(out, " (%s)", fallback);
    text_printf(out, ": %s\n", string_of(option, "description"));
    free(fallback);
}

static void put_challenge(struct text *out, const char *id, const json_t *challenge)
{
    const json_t *method, *options = json_object_get(json_object_get(challenge, "options"), "properties");
    size_t i;
    const char *name;
    json_t *option;

    text_printf(out, "### `%s`: %s\n\n%s\n\n", id, string_of(challenge, "name"), string_of(challenge, "description"));
    text_printf(out, "Players: %d. Rules: `%s/api/metadata/%s`\n\nMethods:\n\n",
                (int)json_integer_value(json_object_get(challenge, "players")), DOCUMENT_ADDRESS, id);
    json_array_foreach(json_object_get(challenge, "methods"), i, method)
        put_method(out, method);
    if (json_object_size(options))
        text_lit(out, "\nOptions of a session (and what they are without you):\n\n");
    json_object_foreach((json_t *)options, name, option)
        put_option(out, name, option);
    text_put_char(out, '\n');
}

void skill_challenges(struct text *out, arena_text challenges)
{
    json_t *all = read_all(challenges), *challenge;
    const char *id;

    json_object_foreach(all, id, challenge)
        put_challenge(out, id, challenge);
    if (!json_object_size(all))
        text_lit(out, "None is loaded.\n\n");
    json_decref(all);
}

void skill_links(struct text *out, arena_text challenges)
{
    json_t *all = read_all(challenges), *challenge;
    const char *id;

    json_object_foreach(all, id, challenge)
        text_printf(out, "- [%s](%s/api/metadata/%s): %s\n", string_of(challenge, "name"), DOCUMENT_ADDRESS, id,
                    string_of(challenge, "description"));
    json_decref(all);
}

void skill_first(struct text *out, arena_text challenges)
{
    json_t *all = read_all(challenges);
    const char *first = json_object_iter_key(json_object_iter(all));

    text_puts(out, first ? first : "NAME");
    json_decref(all);
}

void skill_routes(struct text *out)
{
    for (size_t i = 0; i < route_count(); i++) {
        const struct route *route = route_at(i);
        if (!route->answers || isdigit((unsigned char)route->answers[0]))
            continue; /* there is nothing but a refusal */
        text_printf(out, "- `%s %s`: %s\n", route->method, route->path, route->about);
    }
}

void skill_tools(struct text *out)
{
    const struct mcp_tool *tools = mcp_server(MCP_PLAY)->tools;

    for (size_t i = 0; tools[i].name; i++)
        text_printf(out, "%s`%s`", !i ? "" : tools[i + 1].name ? ", " : " and ", tools[i].name);
}

/* As JSON. -------------------------------------------------------------------------------------------------- */

static json_t *endpoint(enum mcp_endpoint which, const char *url)
{
    json_t *names = json_array();

    for (const struct mcp_tool *tool = mcp_server(which)->tools; tool->name; tool++)
        json_array_append_new(names, json_string(tool->name));
    return json_pack("{s:s, s:s, s:o}", "url", url, "transport", "streamable-http", "tools", names);
}

static json_t *challenge_entry(const char *id, json_t *challenge)
{
    json_t *entry = json_pack("{s:s, s:O, s:O, s:O, s:O}", "id", id, "name", json_object_get(challenge, "name"),
                              "description", json_object_get(challenge, "description"), "players",
                              json_object_get(challenge, "players"), "methods", json_object_get(challenge, "methods"));

    json_object_set_new(entry, "create", json_sprintf("%s/api/challenges/%s", DOCUMENT_ADDRESS, id));
    json_object_set_new(entry, "metadata", json_sprintf("%s/api/metadata/%s", DOCUMENT_ADDRESS, id));
    return entry;
}

void skill_write(struct text *out, bool auth, arena_text challenges)
{
    json_t *all = read_all(challenges), *list = json_array(), *challenge;
    const char *id;

    json_object_foreach(all, id, challenge)
        json_array_append_new(list, challenge_entry(id, challenge));
    documents_put(
        out, json_pack("{s:s, s:s, s:s, s:s, s:s, s:{s:s, s:s, s:s}, s:[o, o, o], s:o}", "name", "arena", "description",
                       "Challenges that agents, people and scripts play against each other; nobody knows who the "
                       "others are until the end.",
                       "version", ARENA_VERSION, "url", DOCUMENT_ADDRESS, "mode", auth ? "auth" : "standalone",
                       "documents", "skill", DOCUMENT_ADDRESS "/SKILL.md", "openapi", DOCUMENT_ADDRESS "/openapi.json",
                       "llms", DOCUMENT_ADDRESS "/llms.txt", "mcp", endpoint(MCP_PLAY, DOCUMENT_ADDRESS "/mcp"),
                       endpoint(MCP_ARENA, DOCUMENT_ADDRESS "/api/arena/mcp"),
                       endpoint(MCP_CHAT, DOCUMENT_ADDRESS "/api/chat/mcp"), "challenges", list));
    json_decref(all);
}
