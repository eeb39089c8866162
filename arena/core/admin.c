/* admin.c - what administrators may do, and the record of it. */
#include <stdlib.h>

#include "core/must.h"
#include "core/session.h"

/* The record. ---------------------------------------------------------------------------------------------- */

static void keep(struct audit *audit, uint64_t number, char *json)
{
    if (audit->count == audit->cap) {
        audit->cap = audit->cap ? 2 * audit->cap : 64;
        audit->entries = must(realloc(audit->entries, audit->cap * sizeof *audit->entries));
    }
    audit->entries[audit->count++] = (struct audit_entry){number, json};
}

static void number_key(uint64_t number, char key[8])
{
    for (int i = 0; i < 8; i++)
        key[i] = (char)(number >> (56 - 8 * i));
}

static void load_entry(void *owner, arena_text key, arena_text bytes)
{
    uint64_t number = 0;
    for (size_t i = 0; i < key.len; i++)
        number = number << 8 | (unsigned char)key.ptr[i];
    keep(owner, number, must_copy(bytes));
}

void audit_open(struct audit *audit, struct arena *arena)
{
    *audit = (struct audit){.end = &audit->first};
    pthread_mutex_init(&audit->lock, NULL);
    book_open(&audit->book, arena, ARENA_TEXT(BOOK_MARK "audit"), load_entry, audit);
}

void audit_close(struct audit *audit)
{
    book_close(&audit->book);
    for (uint32_t i = 0; i < audit->count; i++)
        free(audit->entries[i].json);
    free(audit->entries);
    pthread_mutex_destroy(&audit->lock);
}

static void audit_done(void *owner, enum store_result result);

static uint64_t next_number(const struct audit *audit)
{
    return audit->count ? audit->entries[audit->count - 1].number + 1 : 1;
}

static void write_entry(struct audit *audit, const struct request *request)
{
    struct text json = {0};
    char key[8];
    text_lit(&json, "{\"number\":");
    text_int(&json, (int64_t)next_number(audit));
    text_lit(&json, ",\"at\":");
    text_int(&json, now_ms(audit->book.arena));
    text_lit(&json, ",\"action\":");
    text_json_string(&json, request->as.audit.action);
    text_lit(&json, ",\"subject\":");
    text_json_string(&json, request->as.audit.subject);
    text_lit(&json, ",\"details\":");
    text_put_text(&json, request->as.audit.details.len ? request->as.audit.details : ARENA_TEXT("{}"));
    text_put_char(&json, '}');
    number_key(next_number(audit), key);
    book_put(&audit->book, (arena_text){key, sizeof key}, text_slice(&json));
    if (audit->count >= AUDIT_KEPT) {
        number_key(audit->entries[0].number, key);
        book_put(&audit->book, (arena_text){key, sizeof key}, (arena_text){"", 0});
    }
    audit->next = must(strdup(text_cstr(&json)));
    text_free(&json);
    book_write(&audit->book, audit_done);
}

static void adopt(struct audit *audit)
{
    uint64_t number = next_number(audit);
    if (audit->count >= AUDIT_KEPT) {
        free(audit->entries[0].json);
        memmove(audit->entries, audit->entries + 1, --audit->count * sizeof *audit->entries);
    }
    keep(audit, number, audit->next);
}

static void audit_done(void *owner, enum store_result result)
{
    struct audit *audit = owner;
    pthread_mutex_lock(&audit->lock);
    struct request *request = audit->first;
    audit->first = request->next;
    if (!audit->first)
        audit->end = &audit->first;
    book_written(&audit->book, result);
    if (result == STORE_OK) {
        adopt(audit);
        request->status = ANSWER_OK;
        text_clear(&request->body);
        text_lit(&request->body, "{\"ok\":true}");
    } else {
        free(audit->next);
        request_fail(request, ANSWER_BUSY, "STORE_FAILED",
                     "the audit record could not be kept, so nothing was done: try again later");
    }
    if (audit->first)
        write_entry(audit, audit->first);
    pthread_mutex_unlock(&audit->lock);
    request->done(request);
}

bool arena_audit(struct arena *arena, struct request *request, arena_text action, arena_text subject,
                 arena_text details)
{
    struct audit *audit = &arena->audit;
    request->arena = arena;
    if (atomic_load(&arena->draining))
        return request_fail(request, ANSWER_BUSY, "SHUTTING_DOWN", "the arena is shutting down");
    request->as.audit.action = action;
    request->as.audit.subject = subject;
    request->as.audit.details = details;
    request->next = NULL;
    pthread_mutex_lock(&audit->lock);
    bool idle = !audit->first;
    *audit->end = request;
    audit->end = &request->next;
    if (idle)
        write_entry(audit, request);
    pthread_mutex_unlock(&audit->lock);
    return false;
}

bool arena_audit_list(struct arena *arena, struct request *request, uint32_t limit, uint64_t offset)
{
    struct audit *audit = &arena->audit;
    struct text *out = &request->body;
    request->status = ANSWER_OK;
    text_clear(out);
    pthread_mutex_lock(&audit->lock);
    text_lit(out, "{\"entries\":[");
    for (uint64_t i = offset; i < audit->count && i - offset < limit; i++) {
        if (i > offset)
            text_put_char(out, ',');
        text_puts(out, audit->entries[audit->count - 1 - i].json);
    }
    text_printf(out, "],\"total\":%u,\"limit\":%u,\"offset\":%llu}", audit->count, limit, (unsigned long long)offset);
    pthread_mutex_unlock(&audit->lock);
    return true;
}

/* Sessions. ------------------------------------------------------------------------------------------------ */

static bool done_answer(struct request *request)
{
    request->status = ANSWER_OK;
    text_clear(&request->body);
    text_lit(&request->body, "{\"ok\":true}");
    return false;
}

/* An open session was never played: it goes, as one that is too old does.  A running one ends as abandoned. */
static bool end_step(struct request *request)
{
    struct session *session = request->session;
    if (session->status == STATUS_ENDED) {
        request_fail(request, ANSWER_CONFLICT, "SESSION_ENDED", "the session has already ended");
        return answer_after(session, request);
    }
    struct change *change = change_begin(session);
    if (session->status == STATUS_OPEN) {
        session->dead = true;
        change_erase(change, request);
        return done_answer(request);
    }
    session->abandoned = true;
    channel_say(change, CHANNEL_GAME, ARENA_TEXT("operator"), NULL,
                ARENA_TEXT("The session was ended by the arena's administrator."), now_ms(session->arena));
    session_end(change);
    done_answer(request);
    change_commit(change, request);
    return false;
}

bool arena_end_session(struct arena *arena, struct request *request, arena_text id)
{
    request->arena = arena;
    struct session *session = session_find(arena, id);
    bool answered;
    if (!session || session->lobby || !text_equal(session_id(session), id))
        answered = request_fail(request, ANSWER_UNKNOWN, NULL, "Challenge not found");
    else
        answered = session_enter(session, request, end_step);
    session_put(session);
    return answered;
}
