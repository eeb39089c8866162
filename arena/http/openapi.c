/*
 * openapi.c - /openapi.json: OpenAPI 3.1, made from the table of routes.
 *
 * What the table cannot hold has its place in documents/openapi.json under the name by which the table calls it: shapes
 * of answers, query parameters by their word, path parameters by the segment before them and their name
 * (`sessions.id`), and for each status what it means.
 */
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "http/documents.h"
#include "http/route.h"

enum { WORD_MAX = 64 };

struct maker {
    bool auth;
    json_t *document;
};

/* Small things. --------------------------------------------------------------------------------------------- */

/* The next of some words between spaces. */
static bool next_word(const char **rest, char word[WORD_MAX])
{
    *rest += strspn(*rest, " ");
    size_t len = strcspn(*rest, " ");
    snprintf(word, WORD_MAX, "%.*s", (int)len, *rest);
    *rest += len;
    return len > 0;
}

static json_t *component(const struct maker *m, const char *kind, const char *name)
{
    return json_object_get(json_object_get(json_object_get(m->document, "components"), kind), name);
}

static json_t *reference(const char *kind, const char *name)
{
    return json_pack("{s:o}", "$ref", json_sprintf("#/components/%s/%s", kind, name));
}

static bool is_mcp(const struct route *route)
{
    const char *mcp = strstr(route->path, "/mcp");
    return mcp && !mcp[4];
}

/* Path, id, tag. -------------------------------------------------------------------------------------------- */

/* /api/sessions/:id/view as /api/sessions/{id}/view. */
static void put_path(struct text *out, const char *path)
{
    const char *colon = strchr(path, ':');
    size_t name = colon ? strcspn(colon + 1, "/") : 0;

    if (colon)
        text_printf(out, "%.*s{%.*s}%s", (int)(colon - path), path, (int)name, colon + 1, colon + 1 + name);
    else
        text_puts(out, path);
}

/* A name for programs that are made from the document: getSessionsIdView. */
static json_t *operation_id(const struct route *route)
{
    struct text id = {0};
    const char *at = strncmp(route->path, "/api/", 5) == 0 ? route->path + 4 : route->path;
    bool begins = false;

    for (const char *c = route->method; *c; c++)
        text_put_char(&id, (char)tolower((unsigned char)*c));
    for (; *at; at++) {
        bool letter = isalnum((unsigned char)*at) != 0;
        if (letter)
            text_put_char(&id, (char)(begins ? toupper((unsigned char)*at) : *at));
        begins = !letter;
    }
    if (id.len == strlen(route->method))
        text_lit(&id, "Page");
    json_t *name = json_stringn(id.ptr, id.len);
    text_free(&id);
    return name;
}

static json_t *tag(const struct route *route)
{
    if (is_mcp(route))
        return json_string("mcp");
    if (strncmp(route->path, "/api/", 5) != 0)
        return json_string("server");
    return json_stringn(route->path + 5, strcspn(route->path + 5, "/"));
}

/* What is asked. -------------------------------------------------------------------------------------------- */

static void add_path_parameter(json_t *parameters, const char *path)
{
    const char *colon = strchr(path, ':'), *segment;
    char name[WORD_MAX];

    if (!colon)
        return;
    for (segment = colon - 1; segment[-1] != '/'; segment--)
        ;
    snprintf(name, sizeof name, "%.*s.%.*s", (int)(colon - 1 - segment), segment, (int)strcspn(colon + 1, "/"),
             colon + 1);
    json_array_append_new(parameters, reference("parameters", name));
}

/* A parameter of the query; one that must be there is a copy that says so. */
static void add_query_parameter(const struct maker *m, json_t *parameters, const struct route *route, char *word)
{
    size_t len = strlen(word);
    bool must = word[len - 1] == '!';

    if (must)
        word[len - 1] = '\0';
    if (strcmp(word, "from") == 0 && m->auth)
        return; /* the session key says who asks */
    if (!must || strcmp(route->method, "POST") == 0) {
        json_array_append_new(parameters, reference("parameters", word));
        return;
    }
    json_t *copy = json_deep_copy(component(m, "parameters", word));
    json_object_set_new(copy, "required", json_true());
    json_array_append_new(parameters, copy);
}

/* Where an Idempotency-Key has a meaning: setting a profile twice is setting it once. */
static bool keeps_answers(const struct route *route)
{
    return route->fields && !route->admin && strcmp(route->path, "/api/users") != 0;
}

/* Whose answers may be kept and asked for again. */
static bool has_tag(const struct route *route)
{
    return route->answers && strstr(route->answers, " 304");
}

static void add_parameters(const struct maker *m, json_t *operation, const struct route *route)
{
    json_t *parameters = json_array();
    const char *rest = route->query;
    char word[WORD_MAX];

    add_path_parameter(parameters, route->path);
    while (next_word(&rest, word))
        add_query_parameter(m, parameters, route, word);
    if (keeps_answers(route))
        json_array_append_new(parameters, reference("parameters", "Idempotency-Key"));
    if (route->stream)
        json_array_append_new(parameters, reference("parameters", "Last-Event-ID"));
    if (has_tag(route))
        json_array_append_new(parameters, reference("parameters", "If-None-Match"));
    if (json_array_size(parameters))
        json_object_set(operation, "parameters", parameters);
    json_decref(parameters);
}

static json_t *fields_schema(const struct maker *m, const struct route *route)
{
    /* in the order of enum json_type */
    static const char *const types[] = {"null", "boolean", "integer", "number", "string", "array", "object"};
    json_t *properties = json_object(), *required = json_array();

    for (const struct field *f = route->fields; f->name; f++) {
        json_object_set_new(properties, f->name,
                            json_pack("{s:s, s:s}", "type", types[f->type], "description", f->about));
        if (!f->optional)
            json_array_append_new(required, json_string(f->name));
    }
    if (strstr(route->query, "from") && !m->auth)
        json_object_set_new(properties, "from",
                            json_pack("{s:[s, s], s:s}", "type", "string", "number", "description",
                                      "who acts, unless the query says it: one of the two is needed"));
    json_t *schema =
        json_pack("{s:o, s:o}", "type",
                  route->body == BODY_OPTIONAL ? json_pack("[s, s]", "object", "null") : json_string("object"),
                  "properties", properties);
    if (json_array_size(required))
        json_object_set(schema, "required", required);
    json_decref(required);
    return schema;
}

/* The shape of a body that must be signed in auth mode, or NULL. */
static const char *signed_body(const struct maker *m, const struct route *route)
{
    static const char *const shapes[][2] = {{"/api/arena/join", "SignedJoin"}, {"/api/users", "SignedProfile"}};

    for (size_t i = 0; m->auth && i < sizeof shapes / sizeof shapes[0]; i++)
        if (strcmp(route->path, shapes[i][0]) == 0 && strcmp(route->method, "POST") == 0)
            return shapes[i][1];
    return NULL;
}

static void add_body(const struct maker *m, json_t *operation, const struct route *route)
{
    json_t *schema;

    if (route->takes)
        schema = reference("schemas", route->takes);
    else if (signed_body(m, route))
        schema = reference("schemas", signed_body(m, route));
    else if (route->fields)
        schema = fields_schema(m, route);
    else
        return;
    json_object_set_new(operation, "requestBody",
                        json_pack("{s:b, s:{s:{s:o}}}", "required", route->body != BODY_OPTIONAL, "content",
                                  "application/json", "schema", schema));
}

/* Administrators have their token; in auth mode: who must have a key, and who may. */
static void add_security(const struct maker *m, json_t *operation, const struct route *route)
{
    if (route->admin)
        json_object_set_new(operation, "security", json_pack("[{s:[]}]", "adminToken"));
    if (route->admin || signed_body(m, route))
        return;
    if (!m->auth || !(strstr(route->query, "from") || route->takes))
        return;
    json_t *ways = json_pack("[{s:[]}, {s:[]}]", "sessionKey", "sessionKeyInQuery");
    if (!strstr(route->query, "from!"))
        json_array_insert_new(ways, 0, json_object());
    json_object_set_new(operation, "security", ways);
}

/* What is answered. ----------------------------------------------------------------------------------------- */

/* {media type: schema} of a shape. */
static json_t *content(const struct maker *m, const char *shape)
{
    const char *type = json_string_value(json_object_get(component(m, "schemas", shape), "contentMediaType"));
    return json_pack("{s:{s:o}}", type ? type : "application/json", "schema", reference("schemas", shape));
}

static const char *description(const struct maker *m, const char *kind, const char *name, const char *fallback)
{
    const char *about = json_string_value(json_object_get(component(m, kind, name), "description"));
    return about ? about : fallback;
}

static void add_answer(const struct maker *m, json_t *responses, const char *status, const char *shape)
{
    if (json_object_get(responses, status))
        return;
    if (shape)
        json_object_set_new(
            responses, status,
            json_pack("{s:s, s:o}", "description",
                      description(m, "responses", status, description(m, "schemas", shape, "It is done.")), "content",
                      content(m, shape)));
    else if (status[0] < '3')
        json_object_set_new(responses, status,
                            json_pack("{s:s}", "description", "It is taken, and there is nothing to answer."));
    else
        json_object_set_new(responses, status, reference("responses", status));
}

/* What any route may answer beside its own. */
static void add_common_answers(const struct maker *m, json_t *responses, const struct route *route)
{
    add_answer(m, responses, "400", NULL);
    add_answer(m, responses, "413", NULL);
    add_answer(m, responses, "429", NULL);
    add_answer(m, responses, "431", NULL);
    if (m->auth || route->admin)
        add_answer(m, responses, "401", NULL);
    if (keeps_answers(route))
        add_answer(m, responses, "422", NULL);
    if (strncmp(route->path, "/api/", 5) == 0)
        add_answer(m, responses, "503", NULL);
}

static void add_answers(const struct maker *m, json_t *operation, const struct route *route)
{
    json_t *responses = json_object();
    const char *rest = route->answers ? route->answers : "";
    char word[WORD_MAX];

    while (next_word(&rest, word)) {
        char *equals = strchr(word, '=');
        if (equals)
            *equals = '\0';
        if (isdigit((unsigned char)word[0]))
            add_answer(m, responses, word, equals ? equals + 1 : NULL);
        else
            add_answer(m, responses, "200", word);
    }
    if (has_tag(route))
        json_object_set_new(json_object_get(responses, "200"), "headers",
                            json_pack("{s:o}", "ETag", reference("headers", "ETag")));
    add_common_answers(m, responses, route);
    json_object_set_new(operation, "responses", responses);
}

/* The whole. ------------------------------------------------------------------------------------------------ */

static void add_route(const struct maker *m, json_t *paths, const struct route *route)
{
    struct text name = {0}, method = {0};
    json_t *operation =
        json_pack("{s:o, s:s, s:[o]}", "operationId", operation_id(route), "summary", route->about, "tags", tag(route));

    add_parameters(m, operation, route);
    add_body(m, operation, route);
    add_security(m, operation, route);
    add_answers(m, operation, route);
    put_path(&name, route->path);
    for (const char *c = route->method; *c; c++)
        text_put_char(&method, (char)tolower((unsigned char)*c));
    if (!json_object_get(paths, text_cstr(&name)))
        json_object_set_new(paths, text_cstr(&name), json_object());
    json_object_set_new(json_object_get(paths, text_cstr(&name)), text_cstr(&method), operation);
    text_free(&name);
    text_free(&method);
}

void documents_put(struct text *out, void *json)
{
    char *bytes = json_dumps(json, JSON_COMPACT);

    if (!bytes)
        abort();
    text_puts(out, bytes);
    free(bytes);
    json_decref(json);
}

void openapi_write(struct text *out, bool auth, arena_text words)
{
    struct maker m = {auth, json_loadb(words.ptr, words.len, 0, NULL)};
    json_t *paths = json_object();

    if (!m.document || !paths)
        abort(); /* no memory: the words are part of the program, and tested */
    for (size_t i = 0; i < route_count(); i++)
        add_route(&m, paths, route_at(i));
    json_object_set_new(json_object_get(m.document, "info"), "version", json_string(ARENA_VERSION));
    json_object_set_new(m.document, "servers", json_pack("[{s:s}]", "url", DOCUMENT_ADDRESS));
    json_object_set_new(m.document, "paths", paths);
    for (int i = 0; !auth && i < 2; i++)
        json_object_del(json_object_get(json_object_get(m.document, "components"), "securitySchemes"),
                        (const char *[]){"sessionKey", "sessionKeyInQuery"}[i]);
    documents_put(out, m.document);
}
