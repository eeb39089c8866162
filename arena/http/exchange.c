#include "http/exchange.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "http/auth.h"
#include "http/limit.h"
#include "http/tag.h"

/* Memory that an exchange keeps for the next request on its connection. */
enum { KEEP_BYTES = 16 * 1024 };

void exchange_init(struct exchange *ex, struct site *site, void (*done)(struct request *), void *owner)
{
    ex->site = site;
    pool_init(&ex->pool, 4 * site->body_max + 64 * 1024);
    request_init(&ex->request, done, owner);
    ex->unlimited = true; /* until it is known who asks */
    exchange_reset(ex);
}

/* Frees what a handler of several operations holds. */
static void release_work(struct exchange *ex)
{
    if (ex->release)
        ex->release(ex);
    ex->release = NULL;
    ex->go_on = NULL;
    ex->work = NULL;
}

void exchange_finish(struct exchange *ex)
{
    release_work(ex);
    text_free(&ex->target);
    text_free(&ex->body);
    pool_finish(&ex->pool);
    request_finish(&ex->request);
}

static void shrink(struct text *t)
{
    if (t->cap > KEEP_BYTES)
        text_free(t);
    text_clear(t);
}

void exchange_reset(struct exchange *ex)
{
    release_work(ex);
    shrink(&ex->target);
    shrink(&ex->body);
    pool_reset(&ex->pool);
    request_reset(&ex->request);
    shrink(&ex->request.body);
    ex->route = NULL;
    ex->head = false;
    ex->path = ex->query = ex->param = ex->channel = ex->viewer = (arena_text){"", 0};
    ex->json.count = 0;
    memset(ex->member, 0, sizeof ex->member);
    ex->id[0] = ex->key[0] = '\0';
    ex->key_len = 0;
    ex->last_event_id = 0;
    ex->accepts_json = ex->accepts_events = ex->sends_json = false;
    ex->mcp_version[0] = '\0';
    ex->bearer[0] = '\0';
    ex->has_bearer = false;
    ex->host = ex->forwarded_host = ex->forwarded_proto = ex->known = (arena_text){"", 0};
    ex->player = (arena_text){"", 0};
    ex->complete = NULL;
    ex->type = "application/json";
    ex->is_page = false;
    ex->status = 0;
    ex->retry_s = 0;
}

void exchange_begin(struct exchange *ex, const char *target)
{
    text_puts(&ex->target, target);
    char *mark = ex->target.len ? memchr(ex->target.ptr, '?', ex->target.len) : NULL;
    ex->path = text_slice(&ex->target);
    if (!mark)
        return;
    ex->path.len = (size_t)(mark - ex->target.ptr);
    ex->query = (arena_text){mark + 1, ex->target.len - ex->path.len - 1};
}

/* Answers of the server's own. ---------------------------------------------------------------------------- */

bool exchange_not_found(struct exchange *ex)
{
    ex->type = "text/plain; charset=UTF-8";
    ex->page = ARENA_TEXT("404 Not Found");
    ex->is_page = true;
    ex->status = 404;
    return true;
}

bool exchange_refuse(struct exchange *ex, int status, const char *code, const char *error)
{
    ex->status = status;
    return request_fail(&ex->request, ANSWER_INVALID, code, error);
}

bool exchange_invalid(struct exchange *ex, const char *error)
{
    return exchange_refuse(ex, 400, NULL, error);
}

bool exchange_reserved(struct exchange *ex)
{
    return exchange_refuse(ex, 400, "RESERVED_NAME", "this name is the arena's own: players go by their invites");
}

bool exchange_ok(struct exchange *ex)
{
    ex->request.status = ANSWER_OK;
    return true;
}

int exchange_status(const struct exchange *ex)
{
    return ex->status ? ex->status : (int)ex->request.status;
}

arena_text exchange_answer(const struct exchange *ex)
{
    return ex->is_page ? ex->page : text_slice(&ex->request.body);
}

/* What the target says. ----------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Percent-decoded; as it is when that is not possible or gives no text. */
static arena_text decoded(struct exchange *ex, arena_text raw, bool plus_is_space)
{
    if (!raw.len || (!memchr(raw.ptr, '%', raw.len) && (!plus_is_space || !memchr(raw.ptr, '+', raw.len))))
        return raw;
    char *bytes = pool_alloc(&ex->pool, raw.len), *to = bytes;
    if (!bytes)
        return raw;
    for (size_t i = 0; i < raw.len; i++) {
        if (raw.ptr[i] == '%') {
            int high = i + 2 < raw.len ? hex_digit(raw.ptr[i + 1]) : -1;
            int low = i + 2 < raw.len ? hex_digit(raw.ptr[i + 2]) : -1;
            if (high < 0 || low < 0)
                return raw;
            *to++ = (char)(high << 4 | low);
            i += 2;
        } else {
            *to++ = plus_is_space && raw.ptr[i] == '+' ? ' ' : raw.ptr[i];
        }
    }
    arena_text text = {bytes, (size_t)(to - bytes)};
    return text_is_utf8(text) ? text : raw;
}

/* The next parameter of the query; *rest moves on. */
static bool next_parameter(arena_text *rest, arena_text *name, arena_text *value)
{
    if (!rest->len)
        return false;
    const char *end = memchr(rest->ptr, '&', rest->len);
    size_t len = end ? (size_t)(end - rest->ptr) : rest->len;
    const char *equals = memchr(rest->ptr, '=', len);
    size_t name_len = equals ? (size_t)(equals - rest->ptr) : len;
    *name = (arena_text){rest->ptr, name_len};
    *value = equals ? (arena_text){equals + 1, len - name_len - 1} : (arena_text){"", 0};
    size_t step = end ? len + 1 : len;
    *rest = (arena_text){rest->ptr + step, rest->len - step};
    return true;
}

/* Who asks for what must not depend on which of two values a reader takes.  False when such a parameter is given twice
 * and the request is answered. */
static bool query_is_clear(struct exchange *ex)
{
    static const char *const names[] = {"from", "channel", "key"};
    enum { NAMES = sizeof names / sizeof names[0] };
    unsigned count[NAMES] = {0};
    arena_text rest = ex->query, name, value;
    char error[64];

    while (next_parameter(&rest, &name, &value))
        for (int i = 0; i < NAMES; i++) {
            if (!text_equal(name, text_of(names[i])) || ++count[i] == 1)
                continue;
            snprintf(error, sizeof error, "%s is given more than once", names[i]);
            return !exchange_refuse(ex, 400, "AMBIGUOUS_QUERY", error);
        }
    return true;
}

bool query_get(struct exchange *ex, const char *name, arena_text *value)
{
    arena_text wanted = text_of(name), rest = ex->query, found, raw;

    while (next_parameter(&rest, &found, &raw)) {
        if (!text_equal(found, wanted))
            continue;
        *value = decoded(ex, raw, true);
        return true;
    }
    return false;
}

/* The text NUL-ended and without leading space, for the C library's readers of numbers. */
static bool number_text(arena_text text, char *out, size_t size)
{
    while (text.len && isspace((unsigned char)*text.ptr)) {
        text.ptr++;
        text.len--;
    }
    while (text.len && isspace((unsigned char)text.ptr[text.len - 1]))
        text.len--;
    if (text.len >= size || memchr(text.len ? text.ptr : "", '\0', text.len))
        return false;
    memcpy(out, text.len ? text.ptr : "", text.len);
    out[text.len] = '\0';
    return true;
}

int64_t query_int(struct exchange *ex, const char *name, int64_t fallback)
{
    arena_text text;
    char digits[64];

    if (!query_get(ex, name, &text) || !number_text(text, digits, sizeof digits))
        return fallback;
    errno = 0;
    long long n = strtoll(digits, NULL, 10);
    return n ? n : fallback;
}

bool query_number(struct exchange *ex, const char *name, double *number)
{
    arena_text text;
    char digits[64], *end;

    *number = 0;
    if (!query_get(ex, name, &text))
        return true;
    if (!number_text(text, digits, sizeof digits) || digits[strcspn(digits, "xXpPnN")] != '\0')
        return false;
    *number = floor(strtod(digits, &end));
    return *end == '\0';
}

void exchange_route(struct exchange *ex, const char *method)
{
    arena_text raw = {"", 0};

    ex->head = strcmp(method, "HEAD") == 0;
    ex->route = route_find(ex->head ? "GET" : method, ex->path, &raw);
    ex->param = decoded(ex, raw, false);
}

/* What the body says. ------------------------------------------------------------------------------------- */

static const char *type_name(enum json_type type)
{
    static const char *const names[] = {"null", "boolean", "number", "number", "string", "array", "object"};
    return names[type];
}

static bool is_number(enum json_type type)
{
    return type == JSON_INT || type == JSON_REAL;
}

bool exchange_expected(struct exchange *ex, enum json_type wanted, enum json_type found)
{
    char error[64];

    if (wanted == JSON_INT && found == JSON_REAL)
        return exchange_invalid(ex, "Expected integer, received float");
    snprintf(error, sizeof error, "Expected %s, received %s", type_name(wanted), type_name(found));
    return exchange_invalid(ex, error);
}

/* Finds the route's fields among the members.  False when something is wrong and the request is answered. */
static bool take_fields(struct exchange *ex)
{
    for (int i = 0; ex->route->fields[i].name; i++) {
        const struct field *field = &ex->route->fields[i];
        const struct json_member *m = json_get(&ex->json, field->name);
        if (!m && field->optional)
            continue;
        if (!m)
            return !exchange_invalid(ex, "Required");
        if (m->type != field->type && !(field->type == JSON_REAL && is_number(m->type)))
            return !exchange_expected(ex, field->type, m->type);
        ex->member[i] = m;
    }
    return true;
}

/* The reference ignores the body where the arena has its own optional members: what cannot have members still is. */
static bool is_ignored(const struct exchange *ex, arena_text body)
{
    while (body.len && isspace((unsigned char)*body.ptr)) {
        body.ptr++;
        body.len--;
    }
    return ex->route->body == BODY_OPTIONAL && (!body.len || *body.ptr != '{');
}

/* Takes the route's fields from the body.  False when something is wrong and the request is answered. */
static bool read_body(struct exchange *ex)
{
    enum json_type type;
    arena_text body = text_slice(&ex->body);

    if (!ex->route->fields || is_ignored(ex, body))
        return true;
    if (json_read(body, &ex->pool, &ex->json, &type))
        return !exchange_invalid(ex, "Invalid JSON in request body");
    if (type != JSON_OBJECT)
        return !exchange_expected(ex, JSON_OBJECT, type);
    if (ex->site->auth && (ex->route->handle == api_join || ex->route->handle == api_user_update))
        return true; /* what is missing there is told in other words */
    return take_fields(ex);
}

/* Bytes beyond ASCII may stand in a target unescaped, but they must be text: they may be told back. */
static bool target_is_text(struct exchange *ex)
{
    return text_is_utf8(text_slice(&ex->target)) ||
           !exchange_invalid(ex, "The address is not well-formed UTF-8: percent-encode it");
}

/* What is for administrators is for those who show their token. */
static bool is_admitted(struct exchange *ex)
{
    if (!ex->route->admin || (ex->site->admin && ex->has_bearer && auth_is(ex->site->admin, text_of(ex->bearer))))
        return true;
    return !exchange_refuse(ex, 401, "ADMIN_TOKEN_REQUIRED",
                            "This is for administrators: send Authorization: Bearer with the token that the server "
                            "keeps in admin-token in its data folder");
}

bool exchange_run(struct exchange *ex)
{
    if (limit_client(ex))
        return true;
    if (!ex->route)
        return exchange_not_found(ex);
    if (!target_is_text(ex) || !query_is_clear(ex) || !is_admitted(ex))
        return true;
    bool good = read_body(ex); /* a bad key is told before a bad body, which may name the session */
    if (ex->site->auth && !ex->route->admin && !auth_identify(ex))
        return true;
    if (!good || limit_seat(ex))
        return true;
    return ex->route->handle(ex);
}

bool exchange_go_on(struct exchange *ex)
{
    return !ex->go_on || ex->go_on(ex);
}

void exchange_complete(struct exchange *ex)
{
    if (ex->complete)
        ex->complete(ex);
    ex->complete = NULL;
    if (exchange_status(ex) == 200 && tag_is_listed(ex->known, text_of(ex->request.tag)))
        ex->status = NOT_MODIFIED;
}

/* Who asks, and whether it asked before. ------------------------------------------------------------------ */

/* The name as most readers would take it: in small letters, without spaces and control characters.  Cut at size. */
static arena_text as_it_reads(arena_text name, char *out, size_t size)
{
    size_t len = 0;

    for (size_t i = 0; i < name.len && len < size; i++)
        if ((unsigned char)name.ptr[i] > ' ' && name.ptr[i] != 0x7F)
            out[len++] = (char)tolower((unsigned char)name.ptr[i]);
    return (arena_text){out, len};
}

/* The core refuses these to writers; here readers are refused too, and names that only look the same. */
bool exchange_is_reserved(arena_text name)
{
    char bytes[sizeof "operator"]; /* one more than needed, so that a longer name is not taken for it */
    arena_text read = as_it_reads(name, bytes, sizeof bytes);
    return text_equal(read, ARENA_TEXT("operator")) || text_starts(read, ARENA_TEXT("house:"));
}

/* The body's `from`.  The reference never checked its type; of a number its text counts. */
static bool body_from(struct exchange *ex, arena_text *from)
{
    const struct json_member *m = json_get(&ex->json, "from");

    if (!m || m->type == JSON_NULL)
        return true;
    if (m->type != JSON_STRING && !is_number(m->type))
        return !exchange_expected(ex, JSON_STRING, m->type);
    *from = m->value;
    return true;
}

bool exchange_identity(struct exchange *ex, arena_text *from)
{
    *from = ex->player;
    if (ex->site->auth)
        return true;
    query_get(ex, "from", from);
    if (!from->len && !body_from(ex, from))
        return false;
    if (text_equal(*from, ARENA_TEXT("viewer")))
        *from = (arena_text){"", 0};
    return !exchange_is_reserved(*from) || !exchange_reserved(ex);
}

static bool is_visible(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (s[i] < 0x20 || s[i] > 0x7E)
            return false;
    return true;
}

bool exchange_key(struct exchange *ex, arena_text who)
{
    if (!ex->key_len)
        return true;
    if (ex->key_len > IDEMPOTENCY_KEY_MAX || !is_visible(ex->key, ex->key_len))
        return !exchange_refuse(ex, 400, "INVALID_IDEMPOTENCY_KEY",
                                "Idempotency-Key must be 1 to 255 visible ASCII characters");
    struct text scope = {0}, fingerprint = {0};
    text_puts(&scope, ex->route->path);
    text_put_char(&scope, '\0');
    if (who.len)
        text_put_text(&scope, who);
    else /* nobody in particular: what tells one from another is where it comes from */
        text_hex(&scope, ex->address, sizeof ex->address);
    text_put_text(&fingerprint, ex->param);
    text_put_char(&fingerprint, '\0');
    text_put_text(&fingerprint, ex->query);
    text_put_char(&fingerprint, '\0');
    text_put_text(&fingerprint, text_slice(&ex->body));
    request_key(&ex->request, text_slice(&scope), (arena_text){ex->key, ex->key_len}, text_slice(&fingerprint));
    text_free(&scope);
    text_free(&fingerprint);
    return true;
}
