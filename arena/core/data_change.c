/*
 * data_change.c - rule data is staged, promoted and rolled back.
 *
 *     what is asked ──> the operator checks the set ──> one commit of the book ──> seen, and answered
 *
 * Nothing is seen before it is durable, and a set that the operator finds a mistake in gets no further than the check.
 * Commits follow each other; what else is asked meanwhile waits in a queue and is looked at again when its turn comes.
 */
#include <jansson.h>
#include <stdlib.h>

#include "core/data_set.h"
#include "core/must.h"
#include "core/session.h"
#include "host/data.h"

enum { DIFFERENCES_TOLD = 1000 };

enum job_kind { JOB_STAGE, JOB_PROMOTE, JOB_ROLLBACK };

struct data_job {
    enum job_kind kind;
    struct data_rules *rules;
    struct data_version *version; /* staged: a new one, the job's until it is kept; else the goal */
    struct data_version *before;  /* of a roll-back: what was active when it was asked for */
    struct data_event *event;     /* the job's until it is kept */
    struct text set, differences;
    uint32_t difference_count;
};

/* Gives up what was not kept. */
static bool finish(struct request *request, bool kept)
{
    struct data_job *job = request->as.data;
    if (!kept && job->kind == JOB_STAGE)
        data_version_free(job->version);
    if (!kept)
        data_event_free(job->event);
    text_free(&job->set);
    text_free(&job->differences);
    free(job);
    request->as.data = NULL;
    return true;
}

/* Keeping. ------------------------------------------------------------------------------------------------- */

static void data_done(void *owner, enum store_result result);

static void name_version(struct data_version *version, uint32_t number)
{
    struct text name = {0};
    version->number = number;
    text_puts(&name, data_root(version)->name);
    text_printf(&name, "@%u", number);
    version->name = must_copy(text_slice(&name));
    text_free(&name);
}

static bool has_been_kept(const struct data_rules *rules, const struct data_version *base)
{
    for (const struct data_version *v = rules->versions; v; v = v->next)
        if (v->parent && data_root(v) == base)
            return true;
    return false;
}

/* Starts the first of the queue.  False: it was refused and is answered. */
static bool start(struct rule_data *data, struct request *request)
{
    struct data_job *job = request->as.data;
    struct data_rules *rules = job->rules;
    struct data_version *active = atomic_load(&rules->active);
    if (job->kind == JOB_STAGE) {
        const struct data_version *base = data_root(job->version);
        name_version(job->version, rules->last_number + 1);
        if (!has_been_kept(rules, base))
            data_put_base(&data->book, rules, base);
        data_put_version(&data->book, rules, job->version);
        book_write(&data->book, data_done);
        return true;
    }
    if (job->version == active)
        return !request_failf(request, ANSWER_CONFLICT, "ALREADY_ACTIVE", "%s is the active version already",
                              active->name);
    if (job->kind == JOB_ROLLBACK && job->before != active)
        return !request_failf(request, ANSWER_CONFLICT, "CHANGED_MEANWHILE",
                              "%s was made the active version meanwhile: look again", active->name);
    job->event->number = rules->events ? rules->events->number + 1 : 1;
    job->event->before = active;
    data_put_event(&data->book, rules, job->event);
    book_write(&data->book, data_done);
    return true;
}

/* Takes the first one off the queue. */
static struct request *take(struct rule_data *data, struct request *first)
{
    data->first = first->next;
    if (!data->first)
        data->end = &data->first;
    return first;
}

/* Starts until one is under way; returns those that were refused. */
static struct request *start_next(struct rule_data *data)
{
    struct request *refused = NULL;
    while (data->first && !start(data, data->first)) {
        struct request *request = take(data, data->first);
        request->next = refused;
        refused = request;
    }
    return refused;
}

static void put_hash(struct text *out, const struct data_version *version)
{
    text_lit(out, ",\"hash\":\"");
    text_hex(out, version->hash, DATA_HASH);
    text_put_char(out, '"');
}

static void tell_staged(struct request *request, const struct data_job *job)
{
    struct text *out = &request->body;
    text_lit(out, "{\"version\":");
    text_json_string(out, text_of(job->version->name));
    text_lit(out, ",\"parent\":");
    text_json_string(out, text_of(job->version->parent->name));
    put_hash(out, job->version);
    text_lit(out, ",\"active\":");
    text_json_string(out, text_of(atomic_load(&job->rules->active)->name));
    text_printf(out, ",\"differences\":%u,\"diff\":[", job->difference_count);
    text_put_text(out, text_slice(&job->differences));
    text_lit(out, "]}");
}

/* It is durable: seen from now on. */
static void adopt(struct rule_data *data, struct request *request, struct data_job *job)
{
    request->status = ANSWER_OK;
    text_clear(&request->body);
    if (job->kind == JOB_STAGE) {
        data_add_version(job->rules, job->version);
        tell_staged(request, job);
        return;
    }
    data_add_event(job->rules, job->event);
    data_tables_drop(&data->tables); /* others are asked for from now on */
    text_lit(&request->body, "{\"active\":");
    text_json_string(&request->body, text_of(job->version->name));
    text_lit(&request->body, ",\"before\":");
    text_json_string(&request->body, text_of(job->event->before->name));
    put_hash(&request->body, job->version);
    text_put_char(&request->body, '}');
}

static void data_done(void *owner, enum store_result result)
{
    struct rule_data *data = owner;
    pthread_mutex_lock(&data->lock);
    struct request *request = take(data, data->first);
    book_written(&data->book, result);
    if (result == STORE_OK)
        adopt(data, request, request->as.data);
    else
        request_fail(request, ANSWER_BUSY, result == STORE_FULL ? "STORE_FULL" : "STORE_FAILED",
                     "the change could not be kept: nothing was changed, try again later");
    struct request *refused = start_next(data);
    pthread_mutex_unlock(&data->lock);
    finish(request, result == STORE_OK);
    request->done(request);
    while (refused) {
        struct request *next = refused->next;
        finish(refused, false);
        refused->done(refused);
        refused = next;
    }
}

static bool keep(struct request *request)
{
    struct rule_data *data = &request->arena->data;
    bool answered = false;
    request->next = NULL;
    pthread_mutex_lock(&data->lock);
    bool idle = !data->first;
    *data->end = request;
    data->end = &request->next;
    if (idle && !start(data, request)) {
        take(data, request);
        answered = true;
    }
    pthread_mutex_unlock(&data->lock);
    return answered && finish(request, false);
}

/* Checking. ------------------------------------------------------------------------------------------------ */

/* A worker may send anything. */
static void put_told(struct text *out, arena_text told)
{
    text_json_string(out, text_is_utf8(told) ? told : ARENA_TEXT("?"));
}

static bool tell_mistakes(struct request *request, arena_text list)
{
    arena_text document, entry, sentence;
    struct text mistakes = {0};
    uint32_t count = 0;
    while (data_get(&list, &document) && data_get(&list, &entry) && data_get(&list, &sentence)) {
        text_puts(&mistakes, count++ ? ",{\"document\":" : "{\"document\":");
        put_told(&mistakes, document);
        text_lit(&mistakes, ",\"entry\":");
        put_told(&mistakes, entry);
        text_lit(&mistakes, ",\"error\":");
        put_told(&mistakes, sentence);
        text_put_char(&mistakes, '}');
    }
    request_failf(request, ANSWER_INVALID, "BAD_RULE_DATA",
                  "The operator found %u mistake%s in this set, so nothing was changed; mistakes names them", count,
                  count == 1 ? "" : "s");
    request->body.len--; /* the brace */
    text_lit(&request->body, ",\"mistakes\":[");
    text_put_text(&request->body, text_slice(&mistakes));
    text_lit(&request->body, "]}");
    text_free(&mistakes);
    return finish(request, false);
}

static bool checked(struct request *request)
{
    const struct turn_reply *reply = &request->turn.reply;
    if (reply->outcome == TURN_OK)
        return reply->view.len ? tell_mistakes(request, reply->view) : keep(request);
    if (reply->outcome == TURN_BUSY)
        request_fail(request, ANSWER_BUSY, "OPERATOR_BUSY", "the operator cannot check this now: try again later");
    else
        request_fail(request, ANSWER_FAILED, "OPERATOR_FAILED",
                     "the operator failed while it checked this set: nothing was changed");
    return finish(request, false);
}

static void checked_elsewhere(struct turn *turn)
{
    struct request *request = turn->owner;
    struct arena *arena = request->arena;
    if (checked(request))
        request->done(request);
    atomic_fetch_sub(&arena->turns_out, 1);
}

static bool check(struct request *request)
{
    struct turn *turn = &request->turn;
    struct data_job *job = request->as.data;
    pool_reset(&turn->pool);
    turn->op = job->rules->op;
    turn->owner = request;
    turn->done = checked_elsewhere;
    turn->request = (struct turn_request){.kind = TURN_DATA_CHECK, .seats = 1, .content = text_slice(&job->set)};
    atomic_fetch_add(&request->arena->turns_out, 1);
    if (!host_run(turn))
        return false;
    atomic_fetch_sub(&request->arena->turns_out, 1);
    return checked(request);
}

/* Asking. -------------------------------------------------------------------------------------------------- */

static struct data_job *begin(struct arena *arena, struct request *request, enum job_kind kind,
                              const struct data_change *change)
{
    struct data_rules *rules = data_rules_find(&arena->data, change->challenge);
    request->arena = arena;
    request->as.data = NULL;
    if (atomic_load(&arena->draining)) {
        request_fail(request, ANSWER_BUSY, "SHUTTING_DOWN", SHUTTING_DOWN);
    } else if (!rules) {
        request_fail(request, ANSWER_UNKNOWN, "NO_RULE_DATA", "There is no challenge of this name with rules as data");
    } else if (change->by.len > DATA_BY_MAX || change->note.len > DATA_NOTE_MAX ||
               memchr(change->by.ptr, 0, change->by.len) || memchr(change->note.ptr, 0, change->note.len)) {
        request_failf(request, ANSWER_INVALID, "INVALID_NOTE", "by may have at most %d bytes, note %d, and no NUL",
                      DATA_BY_MAX, DATA_NOTE_MAX);
    } else {
        struct data_job *job = must(calloc(1, sizeof *job));
        job->kind = kind;
        job->rules = rules;
        request->as.data = job;
        return job;
    }
    return NULL;
}

static bool unknown_version(struct request *request, arena_text name)
{
    request_failf(request, ANSWER_UNKNOWN, "UNKNOWN_DATA_VERSION", "There is no version %.*s",
                  (int)(name.len < 100 ? name.len : 100), name.ptr);
    return finish(request, false);
}

/* Whether a version is the one that is meant, if anybody said which.  False: the request is answered. */
static bool is_meant(struct request *request, const struct data_version *version, arena_text wanted)
{
    struct text hash = {0};
    text_hex(&hash, version->hash, DATA_HASH);
    bool good = !wanted.len || text_equal(wanted, text_slice(&hash));
    if (!good)
        request_failf(request, ANSWER_CONFLICT, "OTHER_HASH",
                      "This set has the hash %s, which is not the one that was sent: nothing was changed",
                      text_cstr(&hash));
    text_free(&hash);
    return good;
}

/* Reads the changes and makes them.  False: the request is answered. */
static bool make_version(struct request *request, struct data_version *parent, const struct data_change *change)
{
    struct data_job *job = request->as.data;
    struct data_documents before, after;
    json_error_t error;
    const char *bad = NULL;
    json_t *changes = json_loadb(change->changes.ptr, change->changes.len, JSON_REJECT_DUPLICATES, &error);
    bool opened = set_open(&before, parent), good = set_open(&after, parent) && opened && json_is_object(changes);
    if (!good)
        request_fail(request, changes ? ANSWER_FAILED : ANSWER_INVALID, changes ? "DATA_DAMAGED" : "INVALID_CHANGES",
                     changes ? "the record of this rule data is damaged"
                             : "changes must be an object of changes by the names of documents, without a name twice");
    if (good && (bad = set_patch(&after, changes)))
        good = !request_failf(request, ANSWER_INVALID, "UNKNOWN_DOCUMENT",
                              "%.100s is no document of this set, or cannot be changed so: documents are neither made "
                              "nor taken away, only changed",
                              bad);
    if (good) {
        set_put(&after, &job->set);
        struct data_version *version = job->version = must(calloc(1, sizeof *version));
        data_hash(text_slice(&job->set), version->hash);
        version->parent = parent;
        version->at_ms = now_ms(request->arena);
        version->by = must_copy(change->by);
        version->note = must_copy(change->note);
        version->changes = must(json_dumps(changes, JSON_COMPACT));
        job->difference_count = set_diff(&before, &after, DIFFERENCES_TOLD, &job->differences);
        if (memcmp(version->hash, parent->hash, DATA_HASH) == 0 || !job->difference_count)
            good = !request_failf(request, ANSWER_INVALID, "NOTHING_CHANGES", "With these changes %s stays as it is",
                                  parent->name);
    }
    if (good && job->set.len > HOST_DATA_MAX)
        good = !request_failf(request, ANSWER_TOO_LARGE, "DATA_TOO_LARGE", "A set may have at most %d bytes",
                              HOST_DATA_MAX);
    good = good && is_meant(request, job->version, change->hash);
    set_close(&before);
    set_close(&after);
    json_decref(changes);
    return good;
}

bool arena_data_stage(struct arena *arena, struct request *request, const struct data_change *change)
{
    struct data_job *job = begin(arena, request, JOB_STAGE, change);
    if (!job)
        return true;
    struct data_version *parent =
        change->onto.len ? data_version_find(&arena->data, job->rules, change->onto) : atomic_load(&job->rules->active);
    if (!parent)
        return unknown_version(request, change->onto);
    if (!make_version(request, parent, change))
        return finish(request, false);
    return check(request);
}

/* The version was good when it was staged; the module may be another one since. */
static bool activate(struct request *request, const struct data_change *change)
{
    struct data_job *job = request->as.data;
    job->event = must(calloc(1, sizeof *job->event));
    job->event->version = job->version;
    job->event->back = job->kind == JOB_ROLLBACK;
    job->event->at_ms = now_ms(request->arena);
    job->event->by = must_copy(change->by);
    job->event->note = must_copy(change->note);
    if (data_set(job->version, &job->set))
        return check(request);
    request_fail(request, ANSWER_FAILED, "DATA_DAMAGED", "the record of this rule data is damaged");
    return finish(request, false);
}

bool arena_data_promote(struct arena *arena, struct request *request, const struct data_change *change)
{
    struct data_job *job = begin(arena, request, JOB_PROMOTE, change);
    if (!job)
        return true;
    job->version = data_version_find(&arena->data, job->rules, change->version);
    if (!job->version)
        return unknown_version(request, change->version);
    return is_meant(request, job->version, change->hash) ? activate(request, change) : finish(request, false);
}

bool arena_data_rollback(struct arena *arena, struct request *request, const struct data_change *change)
{
    struct data_job *job = begin(arena, request, JOB_ROLLBACK, change);
    if (!job)
        return true;
    struct data_version *named =
        change->version.len ? data_version_find(&arena->data, job->rules, change->version) : NULL;
    pthread_mutex_lock(&arena->data.lock);
    job->before = atomic_load(&job->rules->active);
    job->version = change->version.len ? named : data_before(job->rules);
    bool below = job->version && data_lies_below(job->rules, job->version);
    pthread_mutex_unlock(&arena->data.lock);
    if (below)
        return activate(request, change);
    if (change->version.len && !named)
        return unknown_version(request, change->version);
    request_failf(request, ANSWER_CONFLICT, "NOTHING_BEFORE",
                  "%s was not active before the present version: promote a version instead",
                  named ? named->name : "Another version");
    return finish(request, false);
}
