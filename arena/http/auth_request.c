/* auth_request.c - what a request says of who sends it, in auth mode. */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "http/auth.h"
#include "http/log.h"

/* Whose key. ----------------------------------------------------------------------------------------------- */

/* The header wins over the query, as in the reference; EventSource can send no headers. */
static bool request_key_text(struct exchange *ex, arena_text *key)
{
    if (ex->has_bearer)
        *key = text_of(ex->bearer);
    return ex->has_bearer || (query_get(ex, "key", key) && key->len);
}

bool auth_player(struct exchange *ex, arena_text session, arena_text *player)
{
    struct text handle = {0};
    arena_text key;
    uint32_t seat;

    *player = (arena_text){"", 0};
    if (!request_key_text(ex, &key) || !session.len)
        return true;
    if (!auth_seat(ex->site->auth, key, session, &seat))
        return false;
    /* a session that was removed since has no players: who had its key is nobody, and hears that there is none */
    if (arena_handle(ex->site->arena, session, seat, &handle))
        *player = pool_copy(&ex->pool, text_slice(&handle));
    text_free(&handle);
    if (!player->ptr)
        *player = (arena_text){"", 0};
    return true;
}

static arena_text bare(arena_text session)
{
    static const char prefix[] = "challenge_";
    size_t len = sizeof prefix - 1;
    return text_starts(session, text_of(prefix)) ? (arena_text){session.ptr + len, session.len - len} : session;
}

/* The session that the request acts on.  A request that names two is refused: one of them would be checked and the
 * other one used. */
static bool named_session(struct exchange *ex, arena_text *session)
{
    static const char *const names[] = {"channel", "challengeId"};
    arena_text found[5];
    size_t count = 0;

    if (strstr(ex->route->path, "/sessions/:") || strstr(ex->route->path, ":channel"))
        found[count++] = ex->param;
    for (size_t i = 0; i < 2; i++)
        count += query_get(ex, names[i], &found[count]);
    for (size_t i = 0; i < 2; i++) {
        const struct json_member *m = json_get(&ex->json, names[i]);
        if (m && m->type == JSON_STRING)
            found[count++] = m->value;
    }
    *session = (arena_text){"", 0};
    for (size_t i = 0; i < count; i++) {
        arena_text one = bare(found[i]);
        if (one.len && session->len && !text_equal(one, *session))
            return false;
        *session = one.len ? one : *session;
    }
    return true;
}

bool auth_identify(struct exchange *ex)
{
    arena_text key, session;

    ex->player = (arena_text){"", 0};
    if (!request_key_text(ex, &key))
        return true;
    if (!named_session(ex, &session))
        return !exchange_refuse(ex, 400, "SESSION_MISMATCH",
                                "The request names more than one session: name the one that the key is for");
    return auth_player(ex, session, &ex->player) || !exchange_refuse(ex, 401, NULL, "Authentication required");
}

/* Joining. ------------------------------------------------------------------------------------------------- */

bool auth_text(struct exchange *ex, const char *name, arena_text *out)
{
    const struct json_member *m = json_get(&ex->json, name);

    *out = (arena_text){"", 0};
    if (!m || m->type == JSON_NULL)
        return true;
    if (m->type != JSON_STRING)
        return !exchange_expected(ex, JSON_STRING, m->type);
    *out = m->value;
    return true;
}

/* What JavaScript takes for nothing counts as missing. */
static bool is_missing(const struct json_member *m)
{
    int64_t n;

    if (!m || m->type == JSON_NULL)
        return true;
    if (m->type == JSON_STRING)
        return !m->value.len;
    if (m->type == JSON_BOOL)
        return text_equal(m->value, ARENA_TEXT("false"));
    return json_int(m, &n) && n == 0;
}

static bool is_fresh(int64_t timestamp)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    int64_t ms = now.tv_sec * 1000 + now.tv_nsec / 1000000;
    return timestamp >= ms - AUTH_WINDOW_MS && timestamp <= ms + AUTH_WINDOW_MS;
}

static bool is_signed(arena_text purpose, int64_t timestamp, arena_text key, arena_text signature,
                      char user[AUTH_USER_BYTES])
{
    struct text message = {0};

    text_lit(&message, "arena:v1:");
    text_put_text(&message, purpose);
    text_printf(&message, ":%" PRId64, timestamp);
    bool good = auth_verify(key, signature, text_slice(&message), user);
    text_free(&message);
    return good;
}

bool auth_prove(struct exchange *ex, arena_text purpose, struct proof *proof)
{
    const struct json_member *stamp = json_get(&ex->json, "timestamp");
    arena_text key, signature;

    if (!auth_text(ex, "publicKey", &key) || !auth_text(ex, "signature", &signature))
        return false;
    if (!key.len || !signature.len || is_missing(stamp))
        return !exchange_invalid(ex, "publicKey, signature, and timestamp are required");
    if (!json_int(stamp, &proof->timestamp))
        return !exchange_invalid(ex, "timestamp must be a whole number of milliseconds");
    if (!is_fresh(proof->timestamp))
        return !exchange_refuse(ex, 401, NULL, "Timestamp expired");
    return is_signed(purpose, proof->timestamp, key, signature, proof->user) ||
           !exchange_refuse(ex, 401, NULL, "Invalid signature");
}

/* The signature is checked before anything is asked about the invite: without a key of one's own nothing is learned. */
bool auth_join(struct exchange *ex)
{
    struct text purpose = {0};
    struct proof proof;
    arena_text invite;

    if (!auth_text(ex, "invite", &invite))
        return true;
    if (!invite.len)
        return exchange_invalid(ex, "invite is required");
    text_lit(&purpose, "join:");
    text_put_text(&purpose, invite);
    bool proven = auth_prove(ex, text_slice(&purpose), &proof);
    text_free(&purpose);
    if (!proven || !exchange_key(ex, invite))
        return true;
    arena_text kept = pool_copy(&ex->pool, text_of(proof.user));
    if (!kept.ptr)
        return exchange_refuse(ex, 413, NULL, "The request is too large");
    ex->player = invite; /* whose key the answer will hold */
    return arena_join(ex->site->arena, &ex->request, invite, kept);
}

/* The answer as the arena gave it, and as it keeps it for a repeated request, has no key: that is not to be stored. */
static void add_session_key(struct exchange *ex)
{
    struct text *body = &ex->request.body, session = {0};
    char key[AUTH_KEY_BYTES];
    uint32_t seat;

    if (!arena_seated(ex->site->arena, ex->player, &session, &seat)) {
        exchange_refuse(ex, 503, "BUSY", "the seat cannot be looked up; try again");
    } else {
        auth_session_key(ex->site->auth, text_slice(&session), seat, key);
        body->len--; /* the closing brace */
        text_printf(body, ",\"sessionKey\":\"%s\"}", key);
    }
    text_free(&session);
}

/* Why a join failed, in words that hold nothing of the request's. */
static const char *refusal(struct exchange *ex, char *out, size_t size)
{
    static const char code[] = "\",\"code\":\"", error[] = "{\"error\":\"";
    const char *body = text_cstr(&ex->request.body), *from = strstr(body, code);

    if (!from && strncmp(body, "{\"error\":\"Challenge not found", 28) == 0)
        return "there is no such invite";
    from = from ? from + sizeof code - 1 : body + sizeof error - 1;
    snprintf(out, size, "%.*s", (int)strcspn(from, "\""), from);
    return out;
}

void auth_joined(struct exchange *ex)
{
    char reason[128];

    if (exchange_status(ex) == 200 && ex->site->auth)
        add_session_key(ex);
    if (exchange_status(ex) == 200 || !ex->site->opaque)
        return;
    log_printf(ARENA_INFO, "request %s: join refused with %d: %s", ex->id, exchange_status(ex),
               refusal(ex, reason, sizeof reason));
    exchange_invalid(ex, "This invite cannot be used.");
}
