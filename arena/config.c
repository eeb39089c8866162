#define _GNU_SOURCE
#include "config.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/json.h"
#include "http/log.h"

enum { FILE_MAX = 1 << 20, OPERATORS_MAX = 256 };
#define KIB 1024u
#define MIB (1024u * 1024u)
#define HOUR_MS (3600u * 1000u)

/* A whole number of the file, where it goes, and what it may be. */
struct number {
    const char *key;
    size_t offset, size; /* size: 4 or 8 bytes */
    uint64_t min, max;
};

#define NUMBER(key, member, min, max)                                                                                  \
    {                                                                                                                  \
        key, offsetof(struct config, member), sizeof((struct config *)NULL)->member, min, max                          \
    }

static const struct number limits[] = {
    NUMBER("threads", http.threads, 1, 64),
    NUMBER("connections", http.connections, 16, 1000000),
    NUMBER("connectionsPerAddress", http.per_address, 1, 1000000),
    NUMBER("headerBytes", http.header_bytes, 4 * KIB, 64 * KIB),
    NUMBER("bodyBytes", http.body_bytes, KIB, 16 * MIB),
    NUMBER("idleMs", http.idle_ms, 1000, HOUR_MS),
    NUMBER("requestMs", http.request_ms, 1000, HOUR_MS),
    NUMBER("messageBytes", arena.content_max, 1, 16 * MIB),
    NUMBER("streams", hub.streams, 1, 1000000),
    NUMBER("streamsPerAddress", hub.streams_per_address, 1, 1000000),
    NUMBER("streamBytes", hub.pending_bytes, KIB, 64 * MIB),
    NUMBER("pingMs", hub.ping_ms, 100, HOUR_MS),
    NUMBER("openAgeMs", arena.open_age_ms, 1000, 365ull * 24 * HOUR_MS),
    NUMBER("idleAgeMs", arena.idle_age_ms, 1000, 365ull * 24 * HOUR_MS),
    NUMBER("liveSessions", arena.live_max, 16, 100000000),
    NUMBER("sessions", arena.sessions_max, 1, 100000000),
    NUMBER("commitsWaiting", arena.commits_max, 1, 10000000),
    NUMBER("sessionQueue", arena.queue_max, 1, 1000000),
    NUMBER("longPolls", arena.waits_max, 1, 1000000),
    {0},
};

static const struct number store_numbers[] = {
    NUMBER("limitBytes", store.limit_bytes, MIB, UINT64_C(1) << 46),
    NUMBER("mapBytes", store.map_bytes, MIB, UINT64_C(1) << 46),
    {0},
};

/* What is being read, for the sentences. */
struct reading {
    struct config *config;
    const char *file;
    struct text *error;
};

static bool wrong(const struct reading *r, const char *key, const char *what)
{
    text_printf(r->error, "%s: %s %s", r->file, key, what);
    return false;
}

static bool unknown(const struct reading *r, const char *where, arena_text key)
{
    text_printf(r->error, "%s: %s%.*s is no setting of arenad", r->file, where, (int)key.len, key.ptr);
    return false;
}

/* The object in value; where names it in the sentences. */
static bool open_object(const struct reading *r, const struct json_member *m, const char *key,
                        struct json_object *object)
{
    enum json_type type;
    if (m->type != JSON_OBJECT)
        return wrong(r, key, "must be an object");
    const char *error = json_read(m->value, &r->config->pool, object, &type);
    return !error || wrong(r, key, error);
}

static bool is_key(const struct json_member *m, const char *key)
{
    return text_equal(m->name, text_of(key));
}

/* A copy that ends in NUL; a NUL within is refused, as an empty text is. */
static bool take_text(const struct reading *r, const struct json_member *m, const char *key, const char **out)
{
    if (m->type != JSON_STRING || !m->value.len || memchr(m->value.ptr, 0, m->value.len))
        return wrong(r, key, "must be a text that is not empty");
    *out = pool_copy(&r->config->pool, m->value).ptr;
    return true;
}

static bool take_bool(const struct reading *r, const struct json_member *m, const char *key, bool *out)
{
    if (m->type != JSON_BOOL)
        return wrong(r, key, "must be true or false");
    *out = m->value.ptr[0] == 't';
    return true;
}

static bool take_whole(const struct reading *r, const struct json_member *m, const char *key, uint64_t min,
                       uint64_t max, uint64_t *out)
{
    int64_t n;
    if (!json_int(m, &n) || n < 0 || (uint64_t)n < min || (uint64_t)n > max) {
        char what[96];
        snprintf(what, sizeof what, "must be a whole number from %llu to %llu", (unsigned long long)min,
                 (unsigned long long)max);
        return wrong(r, key, what);
    }
    *out = (uint64_t)n;
    return true;
}

static bool take_number(const struct reading *r, const struct number *number, const struct json_member *m,
                        const char *group)
{
    char key[64];
    uint64_t n;

    snprintf(key, sizeof key, "%s.%s", group, number->key);
    if (!take_whole(r, m, key, number->min, number->max, &n))
        return false;
    char *at = (char *)r->config + number->offset;
    if (number->size == sizeof(uint32_t))
        memcpy(at, &(uint32_t){(uint32_t)n}, sizeof(uint32_t));
    else
        memcpy(at, &n, sizeof n);
    return true;
}

static bool read_numbers(const struct reading *r, const struct json_member *m, const char *group,
                         const struct number *numbers)
{
    struct json_object object;
    char where[32];

    snprintf(where, sizeof where, "%s.", group);
    if (!open_object(r, m, group, &object))
        return false;
    for (uint32_t i = 0; i < object.count; i++) {
        const struct number *number = numbers;
        while (number->key && !is_key(&object.members[i], number->key))
            number++;
        if (!number->key)
            return unknown(r, where, object.members[i].name);
        if (!take_number(r, number, &object.members[i], group))
            return false;
    }
    return true;
}

/* Operators. ----------------------------------------------------------------------------------------------- */

static bool take_hosting(const struct reading *r, const struct json_member *m, const char *key, enum hosting *out)
{
    if (m->type == JSON_STRING && text_equal(m->value, ARENA_TEXT("inprocess")))
        *out = HOSTING_INPROCESS;
    else if (m->type == JSON_STRING && text_equal(m->value, ARENA_TEXT("sandbox")))
        *out = HOSTING_SANDBOX;
    else
        return wrong(r, key, "must be \"inprocess\" or \"sandbox\"");
    return true;
}

static bool read_operator_member(const struct reading *r, const struct json_member *m, const char *where,
                                 struct config_operator *op)
{
    char key[96];
    uint64_t n;

    snprintf(key, sizeof key, "%s%.*s", where, m->name.len < 32 ? (int)m->name.len : 32, m->name.ptr);
    if (is_key(m, "module"))
        return take_text(r, m, key, &op->module);
    if (is_key(m, "hosting"))
        return take_hosting(r, m, key, &op->settings.hosting);
    if (is_key(m, "deadlineMs")) {
        if (!take_whole(r, m, key, 1, HOUR_MS, &n))
            return false;
        op->settings.deadline_ms = (uint32_t)n;
    } else if (is_key(m, "memoryBytes")) {
        if (!take_whole(r, m, key, 16 * MIB, UINT32_MAX, &n))
            return false;
        op->settings.memory_bytes = (uint32_t)n;
    } else if (is_key(m, "workers")) {
        if (!take_whole(r, m, key, 1, 64, &n))
            return false;
        op->settings.workers = (uint32_t)n;
    } else {
        return unknown(r, where, m->name);
    }
    return true;
}

static bool read_operator(const struct reading *r, arena_text element, uint32_t index)
{
    struct config_operator *op = &r->config->operators[index];
    struct json_object object;
    enum json_type type;
    char where[48], self[48];

    snprintf(where, sizeof where, "operators[%u].", index);
    snprintf(self, sizeof self, "operators[%u]", index);
    const char *error = json_read(element, &r->config->pool, &object, &type);
    if (error || type != JSON_OBJECT)
        return wrong(r, self, error ? error : "must be an object like {\"module\":\"psi\"}");
    for (uint32_t i = 0; i < object.count; i++)
        if (!read_operator_member(r, &object.members[i], where, op))
            return false;
    return op->module || wrong(r, self, "needs \"module\": a path, or the name of one that came with the arena");
}

/* The next element of a JSON array's text, which is known to be well-formed.  *rest begins behind the bracket. */
static bool next_element(arena_text *rest, arena_text *element)
{
    int depth = 0;
    bool quoted = false;
    size_t i = 0;

    for (; i < rest->len; i++) {
        char c = rest->ptr[i];
        if (quoted) {
            if (c == '\\')
                i++;
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '[' || c == '{') {
            depth++;
        } else if (depth == 0 && (c == ',' || c == ']')) {
            break;
        } else if (c == ']' || c == '}') {
            depth--;
        }
    }
    *element = (arena_text){rest->ptr, i};
    i += i < rest->len;
    *rest = (arena_text){rest->ptr + i, rest->len - i};
    for (size_t k = 0; k < element->len; k++)
        if ((unsigned char)element->ptr[k] > ' ')
            return true; /* more than white space */
    return false;
}

static bool read_operators(const struct reading *r, const struct json_member *m)
{
    if (m->type != JSON_ARRAY)
        return wrong(r, "operators", "must be an array of objects like {\"module\":\"psi\"}");
    arena_text rest = {m->value.ptr + 1, m->value.len - 1}, element;
    r->config->operators = pool_alloc(&r->config->pool, OPERATORS_MAX * sizeof *r->config->operators);
    r->config->operator_count = 0;
    while (next_element(&rest, &element)) {
        if (r->config->operator_count == OPERATORS_MAX)
            return wrong(r, "operators", "are too many");
        if (!read_operator(r, element, r->config->operator_count))
            return false;
        r->config->operator_count++;
    }
    return true;
}

/* Challenges. ---------------------------------------------------------------------------------------------- */

static bool read_challenge(const struct reading *r, const struct json_member *m, struct arena_challenge *challenge)
{
    struct json_object object;
    char where[128];

    challenge->id = pool_copy(&r->config->pool, m->name).ptr;
    snprintf(where, sizeof where, "challenges.%.80s", challenge->id);
    if (!open_object(r, m, where, &object))
        return false;
    for (uint32_t i = 0; i < object.count; i++) {
        const struct json_member *inner = &object.members[i];
        if (!is_key(inner, "options"))
            return unknown(r, strncat(where, ".", sizeof where - strlen(where) - 1), inner->name);
        if (inner->type != JSON_OBJECT)
            return wrong(r, where, "has options that are no object");
        challenge->options = pool_copy(&r->config->pool, inner->value).ptr;
    }
    return true;
}

static bool read_challenges(const struct reading *r, const struct json_member *m)
{
    struct json_object object;

    if (!open_object(r, m, "challenges", &object))
        return false;
    r->config->challenges = pool_alloc(&r->config->pool, (object.count + 1) * sizeof *r->config->challenges);
    r->config->challenge_count = object.count;
    for (uint32_t i = 0; i < object.count; i++)
        if (!read_challenge(r, &object.members[i], &r->config->challenges[i]))
            return false;
    return true;
}

/* Scoring. ------------------------------------------------------------------------------------------------- */

enum { NAMES_MAX = 64 };

/* What is kept when the configuration does not say: averages of everything, and what fits the games that came along. */
static const char *const usual_defaults[] = {"average"}, *const usual_globals[] = {"global-average"};
static const char *const usual_secrets[] = {"win-rate", "red-team", "consecutive"};
static const char *const usual_dining[] = {"win-rate", "consecutive"}, *const usual_pokemon[] = {"win-rate", "elo"};

#define NAMES(list)                                                                                                    \
    {                                                                                                                  \
        (const char **)(uintptr_t)(list), sizeof(list) / sizeof(list)[0]                                               \
    }

static struct config_board_names usual_challenges[] = {
    {"psi", NAMES(usual_secrets)},         {"ultimatum", NAMES(usual_secrets)},
    {"millionaire", NAMES(usual_secrets)}, {"dining-cryptographers", NAMES(usual_dining)},
    {"pokemon", NAMES(usual_pokemon)},
};

static const struct config_scoring usual_scoring = {
    .defaults = NAMES(usual_defaults),
    .globals = NAMES(usual_globals),
    .challenges = usual_challenges,
    .challenge_count = sizeof usual_challenges / sizeof usual_challenges[0],
};

static bool take_names(const struct reading *r, const struct json_member *m, const char *key, struct config_names *out)
{
    if (m->type != JSON_ARRAY)
        return wrong(r, key, "must be an array of names");
    arena_text rest = {m->value.ptr + 1, m->value.len - 1}, element;
    *out = (struct config_names){pool_alloc(&r->config->pool, NAMES_MAX * sizeof *out->names), 0};
    while (next_element(&rest, &element)) {
        struct json_object object;
        struct text wrapped = {0};
        enum json_type type;
        text_lit(&wrapped, "{\"name\":"); /* an element is read as the member of an object */
        text_put_text(&wrapped, element);
        text_put_char(&wrapped, '}');
        arena_text kept = pool_copy(&r->config->pool, text_slice(&wrapped));
        text_free(&wrapped);
        bool good = !json_read(kept, &r->config->pool, &object, &type) && out->count < NAMES_MAX &&
                    take_text(r, &object.members[0], key, &out->names[out->count]);
        if (!good)
            return r->error->len ? false : wrong(r, key, "has an element that is no name");
        out->count++;
    }
    return true;
}

static bool read_board_names(const struct reading *r, const struct json_member *m)
{
    struct config_scoring *scoring = &r->config->scoring;
    struct json_object object;
    char key[96];

    if (!open_object(r, m, "scoring.challenges", &object))
        return false;
    scoring->challenges = pool_alloc(&r->config->pool, (object.count + 1) * sizeof *scoring->challenges);
    scoring->challenge_count = object.count;
    for (uint32_t i = 0; i < object.count; i++) {
        scoring->challenges[i].type = pool_copy(&r->config->pool, object.members[i].name).ptr;
        snprintf(key, sizeof key, "scoring.challenges.%.60s", scoring->challenges[i].type);
        if (!take_names(r, &object.members[i], key, &scoring->challenges[i].names))
            return false;
    }
    return true;
}

/* What is left out stays as usual. */
static bool read_scoring(const struct reading *r, const struct json_member *m)
{
    struct config_scoring *scoring = &r->config->scoring;
    struct json_object object;

    if (!open_object(r, m, "scoring", &object))
        return false;
    for (uint32_t i = 0; i < object.count; i++) {
        const struct json_member *inner = &object.members[i];
        bool good = is_key(inner, "default")      ? take_names(r, inner, "scoring.default", &scoring->defaults)
                    : is_key(inner, "global")     ? take_names(r, inner, "scoring.global", &scoring->globals)
                    : is_key(inner, "modules")    ? take_names(r, inner, "scoring.modules", &scoring->modules)
                    : is_key(inner, "challenges") ? read_board_names(r, inner)
                                                  : unknown(r, "scoring.", inner->name);
        if (!good)
            return false;
    }
    return true;
}

/* The file. ------------------------------------------------------------------------------------------------ */

static bool take_level(const struct reading *r, const char *key, const char *word)
{
    int level = log_level_of(word);
    if (level < 0)
        return wrong(r, key, "must be debug, info, warn or error");
    r->config->log = (enum arena_level)level;
    return true;
}

static bool read_member(const struct reading *r, const struct json_member *m)
{
    const char *word;

    if (is_key(m, "listen"))
        return take_text(r, m, "listen", &r->config->listen);
    if (is_key(m, "data"))
        return take_text(r, m, "data", &r->config->data);
    if (is_key(m, "log"))
        return take_text(r, m, "log", &word) && take_level(r, "log", word);
    if (is_key(m, "accessLog"))
        return take_bool(r, m, "accessLog", &r->config->access_log);
    if (is_key(m, "insecure"))
        return take_bool(r, m, "insecure", &r->config->insecure);
    if (is_key(m, "auth"))
        return take_bool(r, m, "auth", &r->config->auth);
    if (is_key(m, "opaque"))
        return take_bool(r, m, "opaque", &r->config->opaque);
    if (is_key(m, "operators"))
        return read_operators(r, m);
    if (is_key(m, "challenges"))
        return read_challenges(r, m);
    if (is_key(m, "scoring"))
        return read_scoring(r, m);
    if (is_key(m, "limits"))
        return read_numbers(r, m, "limits", limits);
    if (is_key(m, "store"))
        return read_numbers(r, m, "store", store_numbers);
    bool mine;
    struct text error = {0};
    bool good = config_net_member(&r->config->net, m, &r->config->pool, &mine, &error);
    if (!good)
        text_printf(r->error, "%s: %s", r->file, text_cstr(&error));
    text_free(&error);
    return mine ? good : unknown(r, "", m->name);
}

static bool load(const struct reading *r, struct text *out)
{
    FILE *file = fopen(r->file, "rb");

    if (!file) {
        text_printf(r->error, "%s: %s", r->file, strerror(errno));
        return false;
    }
    text_reserve(out, FILE_MAX + 1);
    out->len = fread(out->ptr, 1, FILE_MAX + 1, file);
    bool failed = ferror(file);
    fclose(file);
    if (failed || out->len > FILE_MAX)
        return wrong(r, "the file", failed ? "cannot be read" : "is too large");
    return true;
}

bool config_read_file(struct config *config, const char *path, struct text *error)
{
    const struct reading r = {config, path, error};
    struct json_object object;
    struct text text = {0};
    enum json_type type;
    bool good = load(&r, &text);

    if (good) {
        const char *slip = json_read(text_slice(&text), &config->pool, &object, &type);
        good = !slip || wrong(&r, "is not JSON:", slip);
        if (good && type != JSON_OBJECT)
            good = wrong(&r, "the file", "must hold one JSON object");
    }
    for (uint32_t i = 0; good && i < object.count; i++)
        good = read_member(&r, &object.members[i]);
    text_free(&text); /* what is kept was copied */
    return good;
}

/* Environment and address. --------------------------------------------------------------------------------- */

/* The secrets are taken out of the environment: nothing that is started or shown from here on has them. */
static bool read_auth(const struct reading *r)
{
    const char *auth = getenv("ARENA_AUTH"), *secret = getenv("AUTH_SECRET");

    if (secret && *secret)
        r->config->auth_secret = pool_copy(&r->config->pool, text_of(secret)).ptr;
    unsetenv("AUTH_SECRET");
    const char *token = getenv("ARENA_ADMIN_TOKEN");
    if (token && *token)
        r->config->admin_token = pool_copy(&r->config->pool, text_of(token)).ptr;
    unsetenv("ARENA_ADMIN_TOKEN");
    if (!auth || !*auth)
        return true;
    if (strcmp(auth, "0") != 0 && strcmp(auth, "1") != 0)
        return wrong(r, "ARENA_AUTH", "must be 1 or 0");
    r->config->auth = auth[0] == '1';
    return true;
}

bool config_read_environment(struct config *config, struct text *error)
{
    const struct reading r = {config, "environment", error};
    const char *port = getenv("PORT"), *listen = getenv("ARENA_LISTEN"), *data = getenv("ARENA_DATA");
    const char *level = getenv("ARENA_LOG");

    if (listen && *listen) {
        config->listen = listen;
    } else if (port && *port) {
        char address[64];
        if (strspn(port, "0123456789") != strlen(port) || strlen(port) > 5)
            return wrong(&r, "PORT", "must be a number from 0 to 65535");
        int len = snprintf(address, sizeof address, "127.0.0.1:%s", port);
        config->listen = pool_copy(&config->pool, (arena_text){address, (size_t)len}).ptr;
    }
    if (data && *data)
        config->data = data;
    return (!level || !*level || take_level(&r, "ARENA_LOG", level)) && read_auth(&r) &&
           config_net_environment(&config->net, error);
}

static bool is_loopback(const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
    return ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr) >> 24 == 127;
}

/* HOST:PORT or [HOST]:PORT into an address. */
static bool resolve(const char *listen, struct sockaddr_storage *address)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV | AI_PASSIVE}, *found;
    const char *colon = strrchr(listen, ':');
    char host[256];

    if (!colon || colon == listen || strspn(colon + 1, "0123456789") != strlen(colon + 1) || !colon[1] ||
        strlen(colon + 1) > 5 || atoi(colon + 1) > 65535)
        return false;
    size_t len = (size_t)(colon - listen);
    bool brackets = listen[0] == '[' && colon[-1] == ']';
    if (len >= sizeof host || (!brackets && memchr(listen, ':', len)))
        return false;
    snprintf(host, sizeof host, "%.*s", (int)(brackets ? len - 2 : len), listen + brackets);
    if (getaddrinfo(host, colon + 1, &hints, &found) != 0)
        return false;
    memcpy(address, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return address->ss_family == AF_INET || address->ss_family == AF_INET6;
}

bool config_check(struct config *config, struct text *error)
{
    if (!resolve(config->listen, &config->address)) {
        text_printf(error, "listen: \"%s\" is no address; it must be like 127.0.0.1:3001 or [::1]:3001",
                    config->listen);
        return false;
    }
    if (!config_net_check(&config->net, error))
        return false;
    if (is_loopback(&config->address) || config->insecure || config->auth)
        return true;
    text_printf(error,
                "listen: %s can be reached from other machines, and this server asks nobody who they are: whoever "
                "learns an invite can play for it. Switch authentication on (\"auth\": true), or listen on 127.0.0.1, "
                "or say --insecure when everybody who can reach it may do everything",
                config->listen);
    return false;
}

void config_init(struct config *config)
{
    *config = (struct config){
        .listen = "127.0.0.1:3001",
        .data = "./arena-data",
        .log = ARENA_INFO,
        .scoring = usual_scoring,
    };
    config_net_init(&config->net);
    pool_init(&config->pool, 0);
}

void config_finish(struct config *config)
{
    pool_finish(&config->pool);
}
