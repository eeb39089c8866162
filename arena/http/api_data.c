/*
 * api_data.c - rule data: what there is, for everybody; staging, promoting and rolling back, for administrators.
 */
#include "http/exchange.h"

enum { CATALOGUE_DEFAULT = 50, CATALOGUE_MAX = 1000, RECORD_CHANGES_MAX = 2000 };

enum { STAGE_CHANGES, STAGE_ONTO, STAGE_NOTE, STAGE_BY, STAGE_HASH };
const struct field admin_data_stage_fields[] = {
    {"changes", JSON_OBJECT, false,
     "by the names of documents, a merge patch each (RFC 7396; lists of entries with "
     "ids are changed entry by entry)"},
    {"onto", JSON_STRING, true, "the version to change; left out: the active one"},
    {"note", JSON_STRING, true, "why, for the history"},
    {"by", JSON_STRING, true, "who, for the history"},
    {"hash", JSON_STRING, true, "what the whole set must come to; nothing is staged if it does not"},
    {0},
};

enum { PROMOTE_VERSION, PROMOTE_NOTE, PROMOTE_BY, PROMOTE_HASH };
const struct field admin_data_promote_fields[] = {
    {"version", JSON_STRING, false, "the version that new games are to get"},
    {"note", JSON_STRING, true, "why, for the history"},
    {"by", JSON_STRING, true, "who, for the history"},
    {"hash", JSON_STRING, true, "of the set that is meant; nothing is promoted if it is another"},
    {0},
};
const struct field admin_data_rollback_fields[] = {
    {"version", JSON_STRING, true, "how far back; left out: to what was active before"},
    {"note", JSON_STRING, true, "why, for the history"},
    {"by", JSON_STRING, true, "who, for the history"},
    {0},
};

static arena_text asked(struct exchange *ex, const char *name)
{
    arena_text value = {"", 0};
    query_get(ex, name, &value);
    return value;
}

bool api_data(struct exchange *ex)
{
    return arena_data(ex->site->arena, &ex->request, ex->param, asked(ex, "version"), false);
}

bool admin_data(struct exchange *ex)
{
    return arena_data(ex->site->arena, &ex->request, ex->param, asked(ex, "version"), true);
}

bool admin_data_diff(struct exchange *ex)
{
    arena_text to = asked(ex, "toVersion");
    return to.len ? arena_data_diff(ex->site->arena, &ex->request, ex->param, asked(ex, "fromVersion"), to)
                  : exchange_invalid(ex, "toVersion is required");
}

static bool catalogue(struct exchange *ex, bool all)
{
    int64_t limit = query_int(ex, "limit", CATALOGUE_DEFAULT), offset = query_int(ex, "offset", 0);
    const struct data_query query = {
        .version = asked(ex, "version"),
        .document = asked(ex, "document"),
        .text = asked(ex, "q"),
        .limit = (uint32_t)(limit < 1               ? 1
                            : limit > CATALOGUE_MAX ? CATALOGUE_MAX
                                                    : limit),
        .offset = offset < 0 ? 0 : (uint64_t)offset,
    };
    return arena_data_catalogue(ex->site->arena, &ex->request, ex->param, &query, all);
}

bool admin_data_catalogue(struct exchange *ex)
{
    return catalogue(ex, true);
}

/* One document at a time: to search all of them costs what only an administrator may ask for. */
bool api_data_entries(struct exchange *ex)
{
    return asked(ex, "document").len ? catalogue(ex, false) : exchange_invalid(ex, "document is required");
}

/* What is asked for as the record keeps it: the texts as they are, changes only when they are short. */
static arena_text details(struct exchange *ex)
{
    struct text out = {0};
    for (int i = 0; ex->route->fields[i].name; i++) {
        const struct json_member *m = ex->member[i];
        if (!m)
            continue;
        text_puts(&out, out.len ? ",\"" : "{\"");
        text_puts(&out, ex->route->fields[i].name);
        text_lit(&out, "\":");
        if (m->type == JSON_STRING)
            text_json_string(&out, m->value);
        else if (m->value.len <= RECORD_CHANGES_MAX)
            text_put_text(&out, m->value);
        else
            text_printf(&out, "{\"bytes\":%zu}", m->value.len);
    }
    text_puts(&out, out.len ? "}" : "{}");
    arena_text kept = pool_copy(&ex->pool, text_slice(&out));
    text_free(&out);
    return kept;
}

static bool on_record(struct exchange *ex, arena_text action, bool (*act)(struct exchange *))
{
    arena_text kept = details(ex);
    return kept.ptr ? admin_on_record(ex, action, kept, act)
                    : exchange_refuse(ex, 413, NULL, "The request is too large");
}

static bool stage(struct exchange *ex)
{
    const struct data_change change = {
        .challenge = ex->param,
        .changes = exchange_text(ex, STAGE_CHANGES),
        .onto = exchange_text(ex, STAGE_ONTO),
        .note = exchange_text(ex, STAGE_NOTE),
        .by = exchange_text(ex, STAGE_BY),
        .hash = exchange_text(ex, STAGE_HASH),
    };
    ex->go_on = NULL;
    return ex->request.status != ANSWER_OK || arena_data_stage(ex->site->arena, &ex->request, &change);
}

bool admin_data_stage(struct exchange *ex)
{
    return on_record(ex, ARENA_TEXT("stage-data"), stage);
}

/* The fields of promote and rollback have the same order. */
static struct data_change to_version(const struct exchange *ex)
{
    return (struct data_change){
        .challenge = ex->param,
        .version = exchange_text(ex, PROMOTE_VERSION),
        .note = exchange_text(ex, PROMOTE_NOTE),
        .by = exchange_text(ex, PROMOTE_BY),
    };
}

static bool promote(struct exchange *ex)
{
    struct data_change change = to_version(ex);
    change.hash = exchange_text(ex, PROMOTE_HASH);
    ex->go_on = NULL;
    return ex->request.status != ANSWER_OK || arena_data_promote(ex->site->arena, &ex->request, &change);
}

bool admin_data_promote(struct exchange *ex)
{
    return on_record(ex, ARENA_TEXT("promote-data"), promote);
}

static bool roll_back(struct exchange *ex)
{
    const struct data_change change = to_version(ex);
    ex->go_on = NULL;
    return ex->request.status != ANSWER_OK || arena_data_rollback(ex->site->arena, &ex->request, &change);
}

bool admin_data_rollback(struct exchange *ex)
{
    return on_record(ex, ARENA_TEXT("rollback-data"), roll_back);
}
