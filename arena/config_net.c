#include "config_net.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/json.h"

/* Requests a minute by default: one client may not starve the others, and none that plays by itself shall notice. */
#define NUMBER(key, rate, per_minute)                                                                                  \
    {                                                                                                                  \
        key, rate, per_minute                                                                                          \
    }

static const struct {
    const char *key;
    enum rate rate;
    uint32_t per_minute;
} numbers[] = {
    NUMBER("create", RATE_CREATE, 240),         NUMBER("join", RATE_JOIN, 1200),
    NUMBER("write", RATE_WRITE, 12000),         NUMBER("read", RATE_READ, 30000),
    NUMBER("seatWrite", RATE_SEAT_WRITE, 3000), NUMBER("seatRead", RATE_SEAT_READ, 12000),
};

enum { NUMBERS = sizeof numbers / sizeof numbers[0] };
enum { BURST_SECONDS = 10, BURST_SECONDS_MAX = 3600 };

void config_net_init(struct config_net *net)
{
    *net = (struct config_net){.rates = {.burst_seconds = BURST_SECONDS}};
    for (int i = 0; i < NUMBERS; i++)
        net->rates.per_minute[numbers[i].rate] = numbers[i].per_minute;
}

__attribute__((format(printf, 2, 3))) static bool wrong(struct text *error, const char *format, ...)
{
    char sentence[256];
    va_list args;

    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    text_puts(error, sentence);
    return false;
}

static bool is_key(const struct json_member *m, const char *key)
{
    return text_equal(m->name, text_of(key));
}

/* A copy that ends in NUL.  NULL when the member is no text that could be a path or an address. */
static const char *text_member(const struct json_member *m, struct pool *pool)
{
    bool good = m->type == JSON_STRING && m->value.len && !memchr(m->value.ptr, 0, m->value.len);
    return good ? pool_copy(pool, m->value).ptr : NULL;
}

/* Rates. --------------------------------------------------------------------------------------------------- */

static bool set_burst(struct rate_config *rates, int64_t n, struct text *error)
{
    if (n < 1 || n > BURST_SECONDS_MAX)
        return wrong(error, "rates.burstSeconds must be a whole number from 1 to %d", BURST_SECONDS_MAX);
    rates->burst_seconds = (uint32_t)n;
    return true;
}

/* One rate, by its name. */
static bool set_rate(struct rate_config *rates, arena_text name, int64_t n, struct text *error)
{
    int len = (int)(name.len < 40 ? name.len : 40);

    for (int i = 0; i < NUMBERS; i++) {
        if (!text_equal(name, text_of(numbers[i].key)))
            continue;
        if (n < 0 || n > RATE_PER_MINUTE_MAX)
            return wrong(error, "rates.%.*s must be a whole number a minute from 0 (no limit) to %d", len, name.ptr,
                         RATE_PER_MINUTE_MAX);
        rates->per_minute[numbers[i].rate] = (uint32_t)n;
        return true;
    }
    return wrong(error, "rates.%.*s is no setting of arenad", len, name.ptr);
}

static bool read_rates(struct rate_config *rates, const struct json_object *object, struct text *error)
{
    for (uint32_t i = 0; i < object->count; i++) {
        const struct json_member *m = &object->members[i];
        int64_t n = -1;
        if (is_key(m, "loopback")) {
            if (m->type != JSON_BOOL)
                return wrong(error, "rates.loopback must be true or false");
            rates->loopback = m->value.ptr[0] == 't';
            continue;
        }
        if (!json_int(m, &n))
            n = -1; /* refused by whom it is for */
        if (is_key(m, "burstSeconds") ? !set_burst(rates, n, error) : !set_rate(rates, m->name, n, error))
            return false;
    }
    return true;
}

/* Proxies and TLS. ----------------------------------------------------------------------------------------- */

static bool add_proxy(struct config_net *net, arena_text text, struct text *error)
{
    if (net->proxy_count == CONFIG_PROXIES_MAX)
        return wrong(error, "proxies may be at most %d", CONFIG_PROXIES_MAX);
    if (!address_range_parse(text, &net->proxies[net->proxy_count]))
        return wrong(error, "proxies: \"%.*s\" is no address; it must be like 127.0.0.1, 10.0.0.0/8 or fd00::/8",
                     (int)(text.len < 60 ? text.len : 60), text.ptr);
    net->proxy_count++;
    return true;
}

/* The words of a list, whatever stands between them. */
static arena_text next_word(const char **at, const char *between)
{
    *at += strspn(*at, between);
    arena_text word = {*at, strcspn(*at, between)};
    *at += word.len;
    return word;
}

/* An array of texts: what is between its quotes, none of which an address has in it. */
static bool read_proxies(struct config_net *net, const struct json_member *m, struct pool *pool, struct text *error)
{
    const char *at = m->type == JSON_ARRAY ? pool_copy(pool, m->value).ptr : NULL;

    net->proxy_count = 0;
    if (!at)
        return wrong(error, "proxies must be an array of addresses like [\"127.0.0.1\", \"10.0.0.0/8\"]");
    for (arena_text word; (word = next_word(&at, "[]\", \t\r\n")).len;)
        if (!add_proxy(net, word, error))
            return false;
    return true;
}

static bool read_tls(struct config_net *net, const struct json_object *object, struct pool *pool, struct text *error)
{
    for (uint32_t i = 0; i < object->count; i++) {
        const struct json_member *m = &object->members[i];
        bool certificate = is_key(m, "certificate");
        if (!certificate && !is_key(m, "key"))
            return wrong(error, "tls.%.*s is no setting of arenad", (int)(m->name.len < 40 ? m->name.len : 40),
                         m->name.ptr);
        const char *path = text_member(m, pool);
        if (!path)
            return wrong(error, "tls.%s must be the path of a PEM file", certificate ? "certificate" : "key");
        *(certificate ? &net->certificate : &net->key) = path;
    }
    return true;
}

/* All of it. ----------------------------------------------------------------------------------------------- */

bool config_net_member(struct config_net *net, const struct json_member *m, struct pool *pool, bool *mine,
                       struct text *error)
{
    struct json_object object;
    enum json_type type;
    bool tls = is_key(m, "tls"), rates = is_key(m, "rates");

    *mine = tls || rates || is_key(m, "proxies");
    if (!*mine)
        return true;
    if (!tls && !rates)
        return read_proxies(net, m, pool, error);
    if (m->type != JSON_OBJECT || json_read(m->value, pool, &object, &type))
        return wrong(error, "%s must be an object", tls ? "tls" : "rates");
    return tls ? read_tls(net, &object, pool, error) : read_rates(&net->rates, &object, error);
}

/* name=number, and loopback=0 or 1. */
static bool rate_word(struct rate_config *rates, arena_text word, struct text *error)
{
    const char *equals = memchr(word.ptr, '=', word.len);
    arena_text name = {word.ptr, equals ? (size_t)(equals - word.ptr) : word.len};
    char digits[12] = "";
    size_t len = equals ? word.len - name.len - 1 : 0;

    if (!len || len >= sizeof digits)
        return wrong(error, "ARENA_RATES must be like create=60,write=600,loopback=1");
    memcpy(digits, equals + 1, len);
    if (strspn(digits, "0123456789") != len)
        return wrong(error, "ARENA_RATES must be like create=60,write=600,loopback=1");
    if (text_equal(name, ARENA_TEXT("burstSeconds")))
        return set_burst(rates, atoll(digits), error);
    if (!text_equal(name, ARENA_TEXT("loopback")))
        return set_rate(rates, name, atoll(digits), error);
    rates->loopback = atoll(digits) != 0;
    return true;
}

bool config_net_environment(struct config_net *net, struct text *error)
{
    const char *certificate = getenv("ARENA_TLS_CERTIFICATE"), *key = getenv("ARENA_TLS_KEY");
    const char *proxies = getenv("ARENA_PROXIES"), *rates = getenv("ARENA_RATES");

    if (certificate && *certificate)
        net->certificate = certificate;
    if (key && *key)
        net->key = key;
    if (proxies && *proxies)
        net->proxy_count = 0;
    for (arena_text word; proxies && (word = next_word(&proxies, ", ")).len;)
        if (!add_proxy(net, word, error))
            return false;
    for (arena_text word; rates && (word = next_word(&rates, ", ")).len;)
        if (!rate_word(&net->rates, word, error))
            return false;
    return true;
}

bool config_net_check(const struct config_net *net, struct text *error)
{
    if (!net->certificate == !net->key)
        return true;
    return wrong(error, "tls: a %s needs a %s, too", net->certificate ? "certificate" : "key",
                 net->certificate ? "key" : "certificate");
}
