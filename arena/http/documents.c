#define _GNU_SOURCE
#include "http/documents.h"

#include <sodium.h>
#include <stdlib.h>
#include <strings.h>

#include "http/exchange.h"
#include "http/pages.h"

enum document { SKILL, SKILL_JSON, OPENAPI, LLMS, DOCUMENTS };

struct documents {
    struct text text[DOCUMENTS];
    uint8_t hash[DOCUMENTS][crypto_generichash_BYTES];
};

/* Making. -------------------------------------------------------------------------------------------------- */

static arena_text template_named(const char *name)
{
    for (size_t i = 0; i < template_count; i++)
        if (strcmp(templates[i].name, name) == 0)
            return (arena_text){templates[i].bytes, templates[i].len};
    abort(); /* meson.build lists them */
}

/* What stands in a template's place of this name. */
static void put_place(struct text *out, arena_text name, const struct site *site, arena_text challenges)
{
    if (text_equal(name, ARENA_TEXT("mode")))
        text_puts(out, site->auth ? "auth" : "standalone");
    else if (text_equal(name, ARENA_TEXT("challenge")))
        skill_first(out, challenges);
    else if (text_equal(name, ARENA_TEXT("challenges")))
        skill_challenges(out, challenges);
    else if (text_equal(name, ARENA_TEXT("links")))
        skill_links(out, challenges);
    else if (text_equal(name, ARENA_TEXT("routes")))
        skill_routes(out);
    else if (text_equal(name, ARENA_TEXT("tools")))
        skill_tools(out);
}

/* A line with its {{places}} filled in. */
static void put_line(struct text *out, arena_text line, const struct site *site, arena_text challenges)
{
    const char *open, *close;

    while ((open = memmem(line.ptr, line.len, "{{", 2)) &&
           (close = memmem(open, line.len - (size_t)(open - line.ptr), "}}", 2))) {
        text_put(out, line.ptr, (size_t)(open - line.ptr));
        put_place(out, (arena_text){open + 2, (size_t)(close - open) - 2}, site, challenges);
        line.len -= (size_t)(close + 2 - line.ptr);
        line.ptr = close + 2;
    }
    text_put_text(out, line);
}

/* Takes a mark off the line's beginning; false when it has none. */
static bool take_mark(arena_text *line, arena_text mark)
{
    if (!text_starts(*line, mark))
        return false;
    line->ptr += mark.len;
    line->len -= mark.len;
    return true;
}

/* A template: lines that are marked [auth] or [standalone] are for that mode alone. */
static void fill(struct text *out, arena_text words, const struct site *site, arena_text challenges)
{
    while (words.len) {
        const char *end = memchr(words.ptr, '\n', words.len);
        arena_text line = {words.ptr, end ? (size_t)(end + 1 - words.ptr) : words.len};
        words.ptr += line.len;
        words.len -= line.len;
        bool auth = take_mark(&line, ARENA_TEXT("[auth] "));
        bool standalone = !auth && take_mark(&line, ARENA_TEXT("[standalone] "));
        if ((auth && !site->auth) || (standalone && site->auth))
            continue;
        put_line(out, line, site, challenges);
    }
}

struct documents *documents_open(const struct site *site)
{
    struct documents *documents = calloc(1, sizeof *documents);
    struct request all;

    if (!documents)
        abort();
    request_init(&all, NULL, NULL);
    arena_metadata(site->arena, &all);
    arena_text challenges = text_slice(&all.body);
    fill(&documents->text[SKILL], template_named("skill.md"), site, challenges);
    fill(&documents->text[LLMS], template_named("llms.txt"), site, challenges);
    skill_write(&documents->text[SKILL_JSON], site->auth, challenges);
    openapi_write(&documents->text[OPENAPI], site->auth, template_named("openapi.json"));
    request_finish(&all);
    for (size_t i = 0; i < DOCUMENTS; i++)
        crypto_generichash(documents->hash[i], sizeof documents->hash[i], (const unsigned char *)documents->text[i].ptr,
                           documents->text[i].len, NULL, 0);
    return documents;
}

void documents_close(struct documents *documents)
{
    if (!documents)
        return;
    for (size_t i = 0; i < DOCUMENTS; i++)
        text_free(&documents->text[i]);
    free(documents);
}

/* The address. --------------------------------------------------------------------------------------------- */

/* What the proxy that the client talked to wrote: each further one appends. */
static arena_text first_of(arena_text list)
{
    const char *comma = list.len ? memchr(list.ptr, ',', list.len) : NULL;

    if (comma)
        list.len = (size_t)(comma - list.ptr);
    while (list.len && list.ptr[list.len - 1] == ' ')
        list.len--;
    return list;
}

/* A host and perhaps a port: nothing that would mean something in the documents it is put into. */
static bool is_authority(arena_text text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:[]";
    enum { AUTHORITY_MAX = 255 };

    for (size_t i = 0; i < text.len; i++)
        if (!memchr(plain, text.ptr[i], sizeof plain - 1))
            return false;
    return text.len > 0 && text.len <= AUTHORITY_MAX;
}

static bool is_https(arena_text scheme)
{
    return scheme.len == 5 && strncasecmp(scheme.ptr, "https", 5) == 0;
}

void documents_address(const struct exchange *ex, struct text *out)
{
    bool proxied =
        ex->behind_proxy || address_is_loopback(ex->peer); /* links are believed to any proxy on this machine */
    arena_text authority = proxied ? first_of(ex->forwarded_host) : (arena_text){"", 0};

    if (!is_authority(authority))
        authority = is_authority(ex->host) ? ex->host : text_of(ex->site->authority);
    bool secure = ex->secure || (proxied && is_https(first_of(ex->forwarded_proto)));
    text_puts(out, secure ? "https://" : "http://");
    text_put_text(out, authority);
}

/* Serving. ------------------------------------------------------------------------------------------------- */

static bool serve(struct exchange *ex, enum document which, const char *type)
{
    static const char place[] = DOCUMENT_ADDRESS;
    const struct documents *documents = ex->site->documents;
    struct text address = {0}, *out = &ex->request.body;

    if (!documents)
        return exchange_not_found(ex);
    arena_text rest = text_slice(&documents->text[which]);
    documents_address(ex, &address);
    const arena_text parts[] = {{(const char *)documents->hash[which], sizeof documents->hash[which]},
                                text_slice(&address)};
    request_tag(&ex->request, parts, sizeof parts / sizeof parts[0]);
    text_reserve(out, rest.len + rest.len / 4);
    for (const char *at; (at = memmem(rest.ptr, rest.len, place, sizeof place - 1));) {
        size_t before = (size_t)(at - rest.ptr);
        text_put(out, rest.ptr, before);
        text_put_text(out, text_slice(&address));
        rest.ptr = at + sizeof place - 1;
        rest.len -= before + sizeof place - 1;
    }
    text_put_text(out, rest);
    text_free(&address);
    ex->type = type;
    return exchange_ok(ex);
}

bool document_skill(struct exchange *ex)
{
    return serve(ex, SKILL, "text/markdown; charset=UTF-8");
}
bool document_skill_text(struct exchange *ex)
{
    return serve(ex, SKILL, "text/plain; charset=UTF-8");
}
bool document_skill_json(struct exchange *ex)
{
    return serve(ex, SKILL_JSON, "application/json");
}
bool document_openapi(struct exchange *ex)
{
    return serve(ex, OPENAPI, "application/json");
}
bool document_llms(struct exchange *ex)
{
    return serve(ex, LLMS, "text/plain; charset=UTF-8");
}
