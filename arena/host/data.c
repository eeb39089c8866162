#include "host/data.h"

#include <stdio.h>
#include <stdlib.h>

#include "host/rules.h"

/* Lists of texts. ------------------------------------------------------------------------------------------ */

void data_put(struct text *list, arena_text text)
{
    uint32_t len = (uint32_t)text.len;
    text_put(list, (char[]){(char)len, (char)(len >> 8), (char)(len >> 16), (char)(len >> 24)}, 4);
    text_put_text(list, text);
}

bool data_get(arena_text *list, arena_text *text)
{
    const unsigned char *at = (const unsigned char *)list->ptr;
    if (list->len < 4)
        return false;
    size_t len = at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16 | (size_t)at[3] << 24;
    if (len > list->len - 4)
        return false;
    *text = (arena_text){list->ptr + 4, len};
    *list = (arena_text){list->ptr + 4 + len, list->len - 4 - len};
    return true;
}

static bool is_made_of(arena_text name, const char *others, bool capitals, size_t most)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (capitals && c >= 'A' && c <= 'Z');
        if (!letter && (!c || !strchr(others, c)))
            return false;
    }
    return name.len >= 1 && name.len <= most;
}

bool data_version_is_valid(arena_text name)
{
    return is_made_of(name, "._-", true, 40);
}

bool data_document_is_valid(arena_text name)
{
    return is_made_of(name, "_/-", false, HOST_DATA_NAME_MAX);
}

/* What is loaded. ------------------------------------------------------------------------------------------ */

bool data_is_loaded(const struct data_loaded *loaded, arena_text name)
{
    while (loaded && !text_equal((arena_text){loaded->name, loaded->len}, name))
        loaded = loaded->next;
    return loaded;
}

struct data_loaded *data_loaded_new(struct data_loaded *next, arena_text name)
{
    struct data_loaded *loaded = malloc(sizeof *loaded + name.len);
    if (!loaded)
        abort();
    loaded->next = next;
    loaded->len = name.len;
    memcpy(loaded->name, name.ptr, name.len);
    return loaded;
}

void data_loaded_free(struct data_loaded *loaded)
{
    while (loaded) {
        struct data_loaded *next = loaded->next;
        free(loaded);
        loaded = next;
    }
}

/* Calls. --------------------------------------------------------------------------------------------------- */

__attribute__((format(printf, 2, 3))) static void fail(struct turn *turn, const char *format, ...)
{
    char reason[RULES_PROBLEM_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    turn->reply = (struct turn_reply){.outcome = TURN_FAILED};
    turn->reply.reason = pool_copy(&turn->pool, text_of(reason));
}

static bool returned_ok(struct turn *turn, const char *function, int result)
{
    if (result == ARENA_OK)
        return true;
    if (result == ARENA_NOMEM)
        fail(turn, "%s of the rule data ran out of memory", function);
    else
        fail(turn, "%s of the rule data returned %d", function, result);
    return false;
}

static const arena_data_1 *extension(const arena_operator *code)
{
    const arena_data_1 *data = code->extension ? code->extension(ARENA_DATA_1) : NULL;
    return data && data->size >= sizeof *data && data->versions && data->builtin && data->check && data->load ? data
                                                                                                              : NULL;
}

static void list(const arena_data_1 *data, struct text *out)
{
    for (int i = 0; data && data->versions[i] && i <= HOST_DATA_VERSIONS; i++)
        data_put(out, (arena_text){data->versions[i], strnlen(data->versions[i], HOST_DATA_NAME_MAX + 1)});
}

static void tell_set(const arena_data_1 *data, struct turn *turn, struct text *out)
{
    const arena_document *documents = NULL;
    uint32_t count = 0;
    size_t bytes = 0;
    const char *version = pool_copy(&turn->pool, turn->request.method).ptr;
    if (!returned_ok(turn, "builtin", data->builtin(version, &documents, &count)))
        return;
    for (uint32_t i = 0; i < count && count <= DATA_DOCUMENTS_MAX; i++)
        bytes += documents[i].name.len + documents[i].json.len + 8;
    if (count < 1 || count > DATA_DOCUMENTS_MAX || bytes > HOST_DATA_MAX) {
        fail(turn, "the set %.40s has %u documents of %zu bytes, expected 1 to %d of at most %d", version, count, bytes,
             DATA_DOCUMENTS_MAX, HOST_DATA_MAX);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        data_put(out, documents[i].name);
        data_put(out, documents[i].json);
    }
}

/* The documents of the request's content, in the turn's memory. */
static bool read_documents(struct turn *turn, const arena_document **documents, uint32_t *count)
{
    arena_text list = turn->request.content;
    arena_document *read = pool_alloc(&turn->pool, DATA_DOCUMENTS_MAX * sizeof *read);
    *count = 0;
    *documents = read;
    while (*count < DATA_DOCUMENTS_MAX && data_get(&list, &read[*count].name) && data_get(&list, &read[*count].json))
        ++*count;
    if (*count && !list.len)
        return true;
    fail(turn, "the request's set cannot be read");
    return false;
}

struct mistakes {
    arena_mistakes host; /* first */
    struct text list;
    uint32_t count;
};

/* Text of the operator's, cut and without what is no text. */
static void put_clean(struct text *list, arena_text text, size_t most)
{
    text.len = text_cut(text, most);
    data_put(list, text_is_utf8(text) ? text : ARENA_TEXT("?"));
}

static void add_mistake(const arena_mistakes *m, arena_text document, arena_text entry, const char *sentence)
{
    struct mistakes *mistakes = m->self;
    if (mistakes->count++ >= DATA_MISTAKES_MAX)
        return;
    put_clean(&mistakes->list, document, HOST_DATA_NAME_MAX);
    put_clean(&mistakes->list, entry, HOST_DATA_NAME_MAX);
    put_clean(&mistakes->list, (arena_text){sentence, strnlen(sentence, DATA_SENTENCE_MAX)}, DATA_SENTENCE_MAX);
}

static void check(const arena_data_1 *data, struct turn *turn, struct text *out)
{
    struct mistakes mistakes = {.host = {.size = sizeof mistakes.host, .self = &mistakes, .add = add_mistake}};
    const arena_document *documents;
    uint32_t count;
    if (read_documents(turn, &documents, &count) &&
        returned_ok(turn, "check", data->check(documents, count, &mistakes.host)))
        text_put_text(out, text_slice(&mistakes.list));
    text_free(&mistakes.list);
}

static void load(const arena_data_1 *data, struct turn *turn)
{
    const arena_document *documents;
    uint32_t count;
    const char *version = pool_copy(&turn->pool, turn->request.method).ptr;
    if (read_documents(turn, &documents, &count))
        returned_ok(turn, "load", data->load(version, documents, count));
}

void data_call(const arena_operator *code, struct turn *turn)
{
    const arena_data_1 *data = extension(code);
    struct text out = {0};
    pool_reset(&turn->pool);
    turn->reply = (struct turn_reply){.outcome = TURN_OK};
    if (turn->request.kind == TURN_DATA_LIST)
        list(data, &out);
    else if (!data)
        fail(turn, "the operator has no rule data (%s)", ARENA_DATA_1);
    else if (turn->request.kind == TURN_DATA_SET)
        tell_set(data, turn, &out);
    else if (turn->request.kind == TURN_DATA_CHECK)
        check(data, turn, &out);
    else
        load(data, turn);
    if (turn->reply.outcome == TURN_OK)
        turn->reply.view = pool_copy(&turn->pool, text_slice(&out));
    text_free(&out);
}
