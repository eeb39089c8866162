#include "cli/http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "cli/sse.h"

enum { TRIES = 4, CONNECT_SECONDS = 5, ANSWER_SECONDS = 75 /* more than the longest long-poll */ };

struct http {
    CURL *curl;
    const char *url;
    char *key;
    bool (*stop)(void);
    bool reached; /* somebody was there before, so it is worth trying again */
};

static int on_progress(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    struct http *http = ctx;
    return http->stop && http->stop();
}

struct http *http_open(const char *url, const char *key, bool (*stop)(void))
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    struct http *http = calloc(1, sizeof *http);
    CURL *curl = curl_easy_init();
    if (!http || !curl)
        abort();
    *http = (struct http){.curl = curl, .url = url, .stop = stop};
    http_use_key(http, key);
    return http;
}

void http_use_key(struct http *http, const char *key)
{
    char *copy = key ? strdup(key) : NULL;
    if (key && !copy)
        abort();
    free(http->key);
    http->key = copy;
}

bool http_has_key(const struct http *http)
{
    return http->key != NULL;
}

void http_close(struct http *http)
{
    if (!http)
        return;
    curl_easy_cleanup(http->curl);
    curl_global_cleanup();
    free(http->key);
    free(http);
}

/* ------------------------------------------------------------------------------------------------- paths --- */

static void put_encoded(struct text *out, const char *s)
{
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        bool plain = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || strchr("-._~", c);
        if (plain)
            text_put_char(out, (char)c);
        else
            text_printf(out, "%%%02X", c);
    }
}

void path_segment(struct text *path, const char *segment)
{
    text_put_char(path, '/');
    put_encoded(path, segment);
}

void path_query(struct text *path, const char *name, const char *value)
{
    if (!value)
        return;
    text_put_char(path, path->len && memchr(path->ptr, '?', path->len) ? '&' : '?');
    text_puts(path, name);
    text_put_char(path, '=');
    put_encoded(path, value);
}

/* ---------------------------------------------------------------------------------------------- requests --- */

static struct curl_slist *add_header(struct curl_slist *list, const char *name, const char *value)
{
    struct text line = {0};
    text_puts(&line, name);
    text_puts(&line, ": ");
    text_puts(&line, value);
    list = curl_slist_append(list, text_cstr(&line));
    text_free(&line);
    return list;
}

/* What every request has in common. */
static struct curl_slist *prepare(struct http *http, const char *path, char *error)
{
    CURL *curl = http->curl;
    curl_easy_reset(curl);
    struct text url = {0};
    text_puts(&url, http->url);
    text_puts(&url, path);
    curl_easy_setopt(curl, CURLOPT_URL, text_cstr(&url));
    text_free(&url);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, http);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "arena-cli");
    curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
    struct text bearer = {0};
    struct curl_slist *headers = NULL;
    if (http->key) {
        text_printf(&bearer, "Bearer %s", http->key);
        headers = add_header(headers, "Authorization", text_cstr(&bearer));
    }
    text_free(&bearer);
    return headers;
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *ctx)
{
    text_put(ctx, bytes, size * count);
    return size * count;
}

static void random_key(char out[33])
{
    unsigned char bytes[16];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        abort();
    for (int i = 0; i < 16; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* What the server said, as JSON and, when it refused, as a sentence. */
static enum http_outcome read_answer(const struct text *bytes, struct http_answer *answer)
{
    json_error_t where;
    answer->body = json_loadb(bytes->ptr ? bytes->ptr : "", bytes->len, JSON_DECODE_ANY, &where);
    if (answer->status / 100 == 2 && answer->body)
        return HTTP_OK;
    const char *error = json_string_value(json_object_get(answer->body, "error"));
    const char *code = json_string_value(json_object_get(answer->body, "code"));
    snprintf(answer->code, sizeof answer->code, "%s", code ? code : "");
    if (error)
        snprintf(answer->error, sizeof answer->error, "%s", error);
    else if (answer->status / 100 == 2)
        snprintf(answer->error, sizeof answer->error, "the answer is not JSON: is this an arena?");
    else
        snprintf(answer->error, sizeof answer->error, "the server answered %ld %.*s", answer->status,
                 (int)(bytes->len < 200 ? bytes->len : 200), bytes->ptr ? bytes->ptr : "");
    return HTTP_REFUSED;
}

/* One try.  HTTP_OK: there is an answer of whatever status; its body is in bytes. */
static enum http_outcome send_once(struct http *http, const char *path, const char *body, const char *key,
                                   struct text *bytes, struct http_answer *answer)
{
    char error[CURL_ERROR_SIZE] = "";
    struct curl_slist *headers = prepare(http, path, error);
    if (body) {
        headers = add_header(headers, "Content-Type", "application/json");
        headers = add_header(headers, "Accept", "application/json, text/event-stream");
        headers = add_header(headers, "Idempotency-Key", key);
        curl_easy_setopt(http->curl, CURLOPT_POSTFIELDS, body);
    }
    curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(http->curl, CURLOPT_TIMEOUT, (long)ANSWER_SECONDS);
    curl_easy_setopt(http->curl, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(http->curl, CURLOPT_WRITEDATA, bytes);
    CURLcode result = curl_easy_perform(http->curl);
    curl_slist_free_all(headers);
    http->reached |= result != CURLE_COULDNT_CONNECT && result != CURLE_COULDNT_RESOLVE_HOST;
    if (result == CURLE_OK) {
        curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &answer->status);
        return HTTP_OK;
    }
    if (http->stop && http->stop())
        return HTTP_INTERRUPTED;
    snprintf(answer->error, sizeof answer->error, "%s", error[0] ? error : curl_easy_strerror(result));
    return HTTP_UNREACHABLE;
}

static void sleep_ms(long ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

enum http_outcome http_send_text(struct http *http, const char *path, const char *body, struct text *reply,
                                 struct http_answer *answer)
{
    char key[33];
    random_key(key); /* one key for all tries: that is what makes them one request */
    enum http_outcome outcome = HTTP_UNREACHABLE;
    for (int i = 0; i < TRIES; i++) {
        if (i > 0)
            sleep_ms(100L << i);
        text_clear(reply);
        *answer = (struct http_answer){0};
        outcome = send_once(http, path, body, key, reply, answer);
        bool lost = outcome == HTTP_UNREACHABLE && http->reached;
        bool busy = outcome == HTTP_OK && answer->status == 503;
        if (!lost && !busy)
            break;
    }
    return outcome;
}

enum http_outcome http_send(struct http *http, const char *path, const json_t *body, struct http_answer *answer)
{
    char *json = body ? json_dumps(body, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    struct text bytes = {0};
    enum http_outcome outcome = http_send_text(http, path, json, &bytes, answer);
    if (outcome == HTTP_OK)
        outcome = read_answer(&bytes, answer);
    text_free(&bytes);
    free(json);
    return outcome;
}

void http_answer_finish(struct http_answer *answer)
{
    json_decref(answer->body);
    answer->body = NULL;
}

/* ----------------------------------------------------------------------------------------------- streams --- */

struct stream {
    CURL *curl;
    struct sse sse;
    struct text refusal; /* the body of an answer that is no stream */
    bool stopped;
};

static size_t on_stream_bytes(char *bytes, size_t size, size_t count, void *ctx)
{
    struct stream *stream = ctx;
    long status = 0;
    curl_easy_getinfo(stream->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200)
        return on_bytes(bytes, size, count, &stream->refusal);
    stream->stopped = !sse_feed(&stream->sse, bytes, size * count);
    return stream->stopped ? 0 : size * count;
}

enum http_outcome http_stream(struct http *http, const char *path, const char *last_id,
                              bool (*on_data)(void *ctx, const char *data, const char *id), void *ctx,
                              struct http_answer *answer)
{
    *answer = (struct http_answer){0};
    char error[CURL_ERROR_SIZE] = "";
    struct stream stream = {.curl = http->curl, .sse = {.on_data = on_data, .ctx = ctx}};
    struct curl_slist *headers = add_header(prepare(http, path, error), "Accept", "text/event-stream");
    if (last_id[0])
        headers = add_header(headers, "Last-Event-ID", last_id);
    curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(http->curl, CURLOPT_WRITEFUNCTION, on_stream_bytes);
    curl_easy_setopt(http->curl, CURLOPT_WRITEDATA, &stream);
    /* The server sends a comment every 30 s; silence of 90 s means that the line is dead. */
    curl_easy_setopt(http->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(http->curl, CURLOPT_LOW_SPEED_TIME, 90L);
    CURLcode result = curl_easy_perform(http->curl);
    curl_slist_free_all(headers);
    curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &answer->status);
    enum http_outcome outcome = HTTP_UNREACHABLE;
    if (http->stop && http->stop())
        outcome = HTTP_INTERRUPTED;
    else if (answer->status == 200 && (stream.stopped || result == CURLE_OK))
        outcome = HTTP_OK;
    else if (result == CURLE_OK)
        outcome = read_answer(&stream.refusal, answer);
    else
        snprintf(answer->error, sizeof answer->error, "%s", error[0] ? error : curl_easy_strerror(result));
    http->reached = http->reached || answer->status != 0;
    sse_finish(&stream.sse);
    text_free(&stream.refusal);
    return outcome;
}
