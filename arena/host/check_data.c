#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/check_internal.h"
#include "host/data.h"

enum { DATA_GAMES = 8 };

/* One version under examination: its documents as the operator tells them. */
struct examined {
    const struct subject *subject;
    struct turn turn;
    arena_text name;
    struct text set;
    arena_document documents[DATA_DOCUMENTS_MAX];
    uint32_t count;
};

#define FOUND(e, ...) check_note((e)->subject->shared, CHECK_DATA, LEVEL_FAIL, __VA_ARGS__)

/* Asks the operator; a failure is a finding. */
static bool ask(struct examined *e, enum turn_kind kind, arena_text method, arena_text content, const char *what)
{
    check_doing(e->subject->shared, CHECK_DATA, "%s", what);
    e->turn.request = (struct turn_request){.kind = kind, .seats = 1, .method = method, .content = content};
    data_call(&e->subject->op->code, &e->turn);
    if (e->turn.reply.outcome == TURN_OK)
        return true;
    FOUND(e, "%s: %.*s", what, (int)e->turn.reply.reason.len, e->turn.reply.reason.ptr);
    return false;
}

static void examine_documents(struct examined *e)
{
    for (uint32_t i = 0; i < e->count; i++) {
        const arena_document *document = &e->documents[i];
        json_t *json = json_loadb(document->json.ptr, document->json.len, JSON_REJECT_DUPLICATES, NULL);
        bool good = data_document_is_valid(document->name);
        for (uint32_t k = 0; k < i && good; k++)
            good = !text_equal(document->name, e->documents[k].name);
        if (!good)
            FOUND(e, "document %u of %.*s has no name of its own of [a-z0-9_/-]{1,%d}", i, (int)e->name.len,
                  e->name.ptr, HOST_DATA_NAME_MAX);
        if (!json_is_object(json) && !json_is_array(json))
            FOUND(e, "document %.*s of %.*s is neither a JSON object nor a list", (int)document->name.len,
                  document->name.ptr, (int)e->name.len, e->name.ptr);
        json_decref(json);
    }
}

static bool read_set(struct examined *e)
{
    if (!ask(e, TURN_DATA_SET, e->name, (arena_text){NULL, 0}, "the built-in rule data is told"))
        return false;
    text_clear(&e->set);
    text_put_text(&e->set, e->turn.reply.view);
    arena_text list = text_slice(&e->set);
    for (e->count = 0; list.len; e->count++)
        if (!data_get(&list, &e->documents[e->count].name) || !data_get(&list, &e->documents[e->count].json))
            return false;
    return true;
}

/* The set with one document's text replaced; without it when json.ptr is NULL. */
static void put_changed(const struct examined *e, uint32_t changed, arena_text json, struct text *out)
{
    text_clear(out);
    for (uint32_t i = 0; i < e->count; i++) {
        if (i == changed && !json.ptr)
            continue;
        data_put(out, e->documents[i].name);
        data_put(out, i == changed ? json : e->documents[i].json);
    }
}

/* What cannot be read must be found; whatever else is wrong must at least do no harm. */
static void examine_bad_sets(struct examined *e)
{
    static const char *const harmless[] = {"{}", "[]", "[[]]", "[{}]", "{\"\":{}}", "[null,1,\"x\"]", "{\"id\":[]}"};
    struct text set = {0};
    for (uint32_t i = 0; i < e->count; i++) {
        const arena_document *document = &e->documents[i];
        const arena_text cut = {document->json.ptr, document->json.len / 2}, noise = ARENA_TEXT("\x01{\xff");
        for (int k = 0; k < 2; k++) {
            put_changed(e, i, k ? noise : cut, &set);
            if (ask(e, TURN_DATA_CHECK, e->name, text_slice(&set), "check of a document that is cut or noise") &&
                !e->turn.reply.view.len)
                FOUND(e, "check finds nothing wrong when %.*s is %s", (int)document->name.len, document->name.ptr,
                      k ? "noise" : "cut in half");
        }
        for (size_t k = 0; k < sizeof harmless / sizeof harmless[0]; k++) {
            put_changed(e, i, text_of(harmless[k]), &set);
            ask(e, TURN_DATA_CHECK, e->name, text_slice(&set), "check of a document that is something else");
        }
        put_changed(e, i, (arena_text){NULL, 0}, &set);
        if (set.len)
            ask(e, TURN_DATA_CHECK, e->name, text_slice(&set), "check of a set without one document");
    }
    text_free(&set);
}

/* ---- the same game with the set built in and loaded --------------------------------------------------------- */

/* Text with every `from` in it replaced. */
static arena_text replaced(struct text *out, arena_text text, arena_text from, arena_text to)
{
    text_clear(out);
    for (size_t i = 0; i < text.len;) {
        if (text.len - i >= from.len && memcmp(text.ptr + i, from.ptr, from.len) == 0) {
            text_put_text(out, to);
            i += from.len;
        } else {
            text_put_char(out, text.ptr[i++]);
        }
    }
    return text_slice(out);
}

struct twins {
    struct play own, loaded;
    arena_text name, loaded_name;
    struct text scratch;
};

static bool same_text(struct twins *t, arena_text own, arena_text loaded)
{
    return text_equal(own, replaced(&t->scratch, loaded, t->loaded_name, t->name));
}

static bool same_replies(struct twins *t)
{
    const struct turn_reply *a = &t->own.turn.reply, *b = &t->loaded.turn.reply;
    bool same = a->outcome == b->outcome && a->active == b->active && a->finished == b->finished &&
                a->effect_count == b->effect_count && strcmp(a->code, b->code) == 0;
    for (uint32_t i = 0; same && i < a->effect_count; i++) {
        const struct effect *x = &a->effects[i], *y = &b->effects[i];
        same = x->kind == y->kind && x->to == y->to && x->from == y->from && x->at_ms == y->at_ms &&
               text_equal(x->name, y->name) && same_text(t, x->text, y->text);
    }
    for (uint32_t i = 0; same && a->finished && i < t->own.subject->seats; i++)
        same = a->scores[i].security == b->scores[i].security && a->scores[i].utility == b->scores[i].utility;
    return same && same_text(t, a->view, b->view);
}

static bool step(struct twins *t, const struct event *event)
{
    struct event other = *event;
    const arena_text none = {NULL, 0};
    if (event->kind == TURN_CREATE)
        other.content = t->loaded.options;
    t->loaded.now_ms = t->own.now_ms;
    bool over = play_commit(&t->own, event) != TURN_OK;
    play_commit(&t->loaded, &other);
    bool same = same_replies(t);
    for (int32_t viewer = ARENA_FULL; same && !over && viewer < (int32_t)t->own.subject->seats; viewer++) {
        play_try(&t->own, TURN_VIEW, viewer, none, none);
        play_try(&t->loaded, TURN_VIEW, viewer, none, none);
        same = same_replies(t);
    }
    if (!same)
        check_note(t->own.subject->shared, CHECK_DATA, LEVEL_FAIL,
                   "turn %u goes another way with the same rule data loaded than built in", t->own.turn.request.turn);
    return same && !over;
}

static void play_twins(const struct subject *subject, arena_text name, arena_text loaded_name, uint64_t seed)
{
    static struct twins t;
    char options[2][128];
    snprintf(options[0], sizeof options[0], "{\"data\":\"%.*s\"}", (int)name.len, name.ptr);
    snprintf(options[1], sizeof options[1], "{\"data\":\"%.*s\"}", (int)loaded_name.len, loaded_name.ptr);
    t.name = name;
    t.loaded_name = loaded_name;
    play_init(&t.own, subject, seed, PLAY_FRESH);
    play_init(&t.loaded, subject, seed, PLAY_FRESH);
    t.own.options = text_of(options[0]);
    t.loaded.options = text_of(options[1]);
    struct event event = {.kind = TURN_CREATE, .content = t.own.options};
    bool good = step(&t, &event);
    while (good && !t.own.over && t.own.turn_number < subject->options->turns && play_choose(&t.own, &event))
        if (!step(&t, &event) && t.own.turn.reply.outcome != TURN_REJECTED)
            return;
}

static void examine_loading(struct examined *e, uint64_t seed)
{
    char loaded[HOST_DATA_NAME_MAX];
    snprintf(loaded, sizeof loaded, "%.*s@1", (int)e->name.len, e->name.ptr);
    if (!ask(e, TURN_DATA_LOAD, text_of(loaded), text_slice(&e->set), "the built-in rule data is loaded again"))
        return;
    for (uint64_t game = 0; game < DATA_GAMES; game++)
        play_twins(e->subject, e->name, text_of(loaded), seed + game);
}

void data_examine(const struct subject *subject, uint64_t seed)
{
    static struct examined e;
    struct text names = {0};
    arena_text list;
    e.subject = subject;
    pool_init(&e.turn.pool, 0);
    if (!ask(&e, TURN_DATA_LIST, (arena_text){NULL, 0}, (arena_text){NULL, 0}, "the names of rule data are told"))
        return;
    text_put_text(&names, e.turn.reply.view);
    list = text_slice(&names);
    while (data_get(&list, &e.name)) {
        if (!data_version_is_valid(e.name)) {
            FOUND(&e, "a built-in set of rule data is not called [A-Za-z0-9._-]{1,40}");
            return;
        }
        if (!read_set(&e))
            return;
        examine_documents(&e);
        if (ask(&e, TURN_DATA_CHECK, e.name, text_slice(&e.set), "check of the built-in rule data") &&
            e.turn.reply.view.len) {
            arena_text mistakes = e.turn.reply.view, document, entry, sentence;
            if (data_get(&mistakes, &document) && data_get(&mistakes, &entry) && data_get(&mistakes, &sentence))
                FOUND(&e, "the built-in set %.*s does not pass its own check: %.*s, %.*s: %.*s", (int)e.name.len,
                      e.name.ptr, (int)document.len, document.ptr, (int)entry.len, entry.ptr, (int)sentence.len,
                      sentence.ptr);
            continue;
        }
        examine_bad_sets(&e);
        examine_loading(&e, seed);
    }
}
