/* fake_host.c - see fake_host.h. */
#include "fake_host.h"

enum phase { IN_CREATE = 1, IN_TURN = 2, IN_QUERY = 4 };

struct block {
    struct block *next;
    _Alignas(16) unsigned char bytes[];
};

struct session { /* one call into the operator */
    arena_host host;
    struct fake *game;
    struct fake_run *run;
    struct block *blocks;
    enum phase phase;
    uint64_t rng;
};

extern const arena_entry arena_operators;

const arena_operator *fake_operator(void)
{
    CHECK(arena_operators.abi == ARENA_OPERATOR_ABI && arena_operators.count == 1);
    return arena_operators.operators[0];
}

_Noreturn void fake_die(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
    exit(1);
}

void fake_check_text(const char *file, int line, const char *got, const char *want)
{
    if (strcmp(got, want)) {
        fprintf(stderr, "got:  %s\nwant: %s\n", got, want);
        fake_die(file, line, "texts are equal");
    }
}

uint64_t fake_draw(uint64_t *state, uint64_t bound)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (z ^ z >> 31) % bound;
}

static char *copy(const void *ptr, size_t len)
{
    char *out = malloc(len + 1);
    CHECK(out);
    if (len)
        memcpy(out, ptr, len);
    out[len] = 0;
    return out;
}

/* ------------------------------------------------------------------------------------------------ services --- */

static void *block_new(struct block **list, size_t size)
{
    struct block *block = calloc(1, sizeof *block + (size ? size : 1));
    CHECK(block);
    block->next = *list;
    *list = block;
    return block->bytes;
}

static void blocks_free(struct block *block)
{
    while (block) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
}

static size_t quota(uint32_t own, size_t usual)
{
    return own ? own : usual;
}

static void *host_alloc(const arena_host *h, size_t size)
{
    struct session *s = h->self;
    s->run->memory += size;
    if (s->run->memory > quota(s->game->op->quota.memory_bytes, 1 << 20))
        return NULL;
    return block_new(&s->blocks, size);
}

static uint64_t host_random(const arena_host *h, uint64_t bound)
{
    struct session *s = h->self;
    CHECK(bound > 0 && s->phase != IN_QUERY);
    return fake_draw(&s->rng, bound);
}

static arena_text host_handle(const arena_host *h, uint32_t player)
{
    static const char *const names[ARENA_SEATS_MAX] = {"inv_ann", "inv_bob", "inv_cid", "inv_dot"};
    CHECK(player < h->seats);
    return (arena_text){names[player], strlen(names[player])};
}

static int host_reject(const arena_host *h, const char *code, const char *reason)
{
    struct session *s = h->self;
    CHECK(s->phase != IN_QUERY && *code && *reason);
    for (const char *c = code; *c; c++)
        CHECK((*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || *c == '_');
    snprintf(s->run->code, sizeof s->run->code, "%s", code);
    snprintf(s->run->reason, sizeof s->run->reason, "%s", reason);
    return ARENA_REJECTED;
}

static struct fake_effect *effect(const arena_host *h, enum fake_kind kind, unsigned phases)
{
    struct session *s = h->self;
    CHECK(s->phase & phases);
    CHECK(s->run->count < quota(s->game->op->quota.effects, 256));
    struct fake_effect *e = &s->run->effects[s->run->count++];
    *e = (struct fake_effect){.kind = kind};
    return e;
}

static void host_house(const arena_host *h, uint32_t player, const char *name)
{
    CHECK(player < h->seats && *name);
    struct fake_effect *e = effect(h, FAKE_HOUSE, IN_CREATE);
    e->to = (int32_t)player;
    e->name = copy(name, strlen(name));
}

static void host_say(const arena_host *h, int32_t to, arena_text content)
{
    struct session *s = h->self;
    CHECK(to == ARENA_ALL || (to >= 0 && (uint32_t)to < h->seats));
    CHECK(content.len && !memchr(content.ptr, 0, content.len));
    struct fake_effect *e = effect(h, FAKE_SAY, IN_TURN);
    e->to = to;
    e->text = copy(content.ptr, content.len);
    e->len = content.len;
    s->run->said += content.len;
    CHECK(s->run->said <= quota(s->game->op->quota.said_bytes, 256 << 10));
}

static void host_deadline(const arena_host *h, uint32_t id, int64_t at_ms)
{
    CHECK(id < 16);
    struct fake_effect *e = effect(h, FAKE_DEADLINE, IN_TURN);
    e->to = (int32_t)id;
    e->at_ms = at_ms;
}

static void host_blame(const arena_host *h, uint32_t from, uint32_t to, const char *type)
{
    CHECK(from < h->seats && to < h->seats);
    struct fake_effect *e = effect(h, FAKE_BLAME, IN_TURN);
    e->from = (int32_t)from;
    e->to = (int32_t)to;
    e->name = copy(type, strlen(type));
}

static void host_finish(const arena_host *h, const arena_score *scores)
{
    struct session *s = h->self;
    struct fake_effect *e = effect(h, FAKE_FINISH, IN_TURN);
    e->text = copy(scores, h->seats * sizeof *scores);
    e->len = h->seats * sizeof *scores;
    CHECK(!s->game->finished);
}

static void host_offer(const arena_host *h, const char *method, arena_text content)
{
    struct fake_effect *e = effect(h, FAKE_OFFER, IN_QUERY);
    e->name = copy(method, strlen(method));
    e->text = copy(content.ptr, content.len);
    e->len = content.len;
}

static void host_log(const arena_host *h, enum arena_level level, arena_text line)
{
    (void)h;
    fprintf(stderr, "operator's log (%d): %.*s\n", (int)level, (int)line.len, line.ptr);
}

static const void *host_extension(const arena_host *h, const char *id)
{
    (void)h;
    (void)id;
    return NULL;
}

static arena_host host_table(void *self)
{
    return (arena_host){.size = sizeof(arena_host),
                        .seats = 2,
                        .self = self,
                        .alloc = host_alloc,
                        .random = host_random,
                        .handle = host_handle,
                        .reject = host_reject,
                        .house = host_house,
                        .say = host_say,
                        .deadline = host_deadline,
                        .blame = host_blame,
                        .finish = host_finish,
                        .offer = host_offer,
                        .log = host_log,
                        .extension = host_extension};
}

/* --------------------------------------------------------------------------------------------------- turns --- */

struct event {
    enum { CREATE, JOIN, MESSAGE, TIMER } kind;
    uint32_t player;
    arena_text method, content;
};

static void run_clear(struct fake_run *run)
{
    for (uint32_t i = 0; i < run->count; i++) {
        free(run->effects[i].name);
        free(run->effects[i].text);
    }
    run->count = 0;
    run->memory = run->said = 0;
    run->code[0] = run->reason[0] = 0;
}

/* The number behind the first "players": of the metadata; those of options come later. */
static uint32_t seats_of(const arena_operator *op)
{
    static const char key[] = "\"players\":";
    for (size_t i = 0; i + sizeof key <= op->metadata.len; i++)
        if (!memcmp(op->metadata.ptr + i, key, sizeof key - 1))
            return (uint32_t)(op->metadata.ptr[i + sizeof key - 1] - '0');
    fake_die(__FILE__, __LINE__, "the metadata has players");
}

static void session_open(struct session *s, struct fake *f, struct fake_run *run, enum phase phase)
{
    *s = (struct session){.game = f, .run = run, .phase = phase, .rng = f->seed + 0x1234567u * f->turn};
    s->host = host_table(s);
    s->host.seats = seats_of(f->op);
    s->host.joined = f->joined;
    s->host.turn = f->turn;
    s->host.now_ms = f->now_ms;
    run_clear(run);
}

struct result {
    int code;
    char *state;
    size_t len;
    uint32_t active;
};

static int call(const struct fake *f, const arena_host *h, const struct event *e, void **game)
{
    const arena_operator *op = f->op;
    if (e->kind == CREATE)
        return op->create(h, e->content, game);
    CHECK(op->restore(h, op->state_version, f->state, f->state_len, game) == ARENA_OK);
    switch (e->kind) {
    case JOIN: return op->join(h, *game, e->player);
    case MESSAGE: return op->message(h, *game, e->player, e->method, e->content);
    default: return op->timer(h, *game, e->player);
    }
}

static struct result play(struct fake *f, struct fake_run *run, const struct event *e)
{
    struct session s;
    struct result r = {0};
    void *game = NULL;
    session_open(&s, f, run, e->kind == CREATE ? IN_CREATE : IN_TURN);
    r.code = call(f, &s.host, e, &game);
    if (r.code == ARENA_OK) {
        const void *bytes;
        CHECK(f->op->serialize(&s.host, game, &bytes, &r.len) == ARENA_OK);
        CHECK(r.len <= quota(f->op->quota.state_bytes, 64 << 10));
        r.state = copy(bytes, r.len);
        s.phase = IN_QUERY;
        r.active = e->kind == CREATE ? 0 : f->op->active(&s.host, game);
    }
    CHECK((r.code == ARENA_REJECTED) == (run->code[0] != 0));
    blocks_free(s.blocks);
    return r;
}

/* The same turn in other memory: the same bytes and effects. */
static void play_again(struct fake *f, const struct event *e, const struct result *first)
{
    struct fake_run *run = calloc(1, sizeof *run);
    CHECK(run);
    struct result r = play(f, run, e);
    CHECK(r.code == first->code && r.len == first->len && run->count == f->run.count);
    CHECK(!r.len || !memcmp(r.state, first->state, r.len));
    for (uint32_t i = 0; i < run->count; i++) {
        const struct fake_effect *a = &run->effects[i], *b = &f->run.effects[i];
        CHECK(a->kind == b->kind && a->to == b->to && a->from == b->from && a->at_ms == b->at_ms);
        CHECK(a->len == b->len && (!a->len || !memcmp(a->text, b->text, a->len)));
    }
    run_clear(run);
    free(run);
    free(r.state);
    if (first->code == ARENA_OK)
        CHECK(fake_restore(f->op, first->state, first->len) == ARENA_OK);
}

static void take_effects(struct fake *f)
{
    for (uint32_t i = 0; i < f->run.count; i++) {
        const struct fake_effect *e = &f->run.effects[i];
        if (e->kind == FAKE_HOUSE)
            snprintf(f->house[e->to], sizeof f->house[e->to], "%s", e->name);
        if (e->kind == FAKE_HOUSE)
            f->joined++;
        if (e->kind == FAKE_FINISH) {
            f->finished = true;
            memcpy(f->scores, e->text, e->len);
        }
    }
}

static int turn(struct fake *f, const struct event *e)
{
    struct result r = play(f, &f->run, e);
    if (!f->once)
        play_again(f, e, &r);
    if (r.code != ARENA_OK) {
        CHECK(!r.state);
        return r.code;
    }
    free(f->state);
    f->state = (uint8_t *)r.state;
    f->state_len = r.len;
    take_effects(f);
    f->active = f->finished ? 0 : r.active;
    CHECK(!f->finished || !r.active);
    f->turn++;
    return ARENA_OK;
}

int fake_create(struct fake *f, const arena_operator *op, uint64_t seed, const char *options)
{
    bool once = f->once;
    *f = (struct fake){.op = op, .seed = seed, .now_ms = 1700000000000, .once = once};
    return turn(f, &(struct event){.kind = CREATE, .content = {options, strlen(options)}});
}

int fake_join(struct fake *f, uint32_t player)
{
    f->joined++;
    int result = turn(f, &(struct event){.kind = JOIN, .player = player});
    if (result != ARENA_OK)
        f->joined--;
    return result;
}

int fake_message_bytes(struct fake *f, uint32_t player, arena_text method, arena_text content)
{
    return turn(f, &(struct event){.kind = MESSAGE, .player = player, .method = method, .content = content});
}

int fake_message(struct fake *f, uint32_t player, const char *method, const char *content)
{
    return fake_message_bytes(f, player, (arena_text){method, strlen(method)}, (arena_text){content, strlen(content)});
}

int fake_timer(struct fake *f, uint32_t id)
{
    return turn(f, &(struct event){.kind = TIMER, .player = id});
}

/* ------------------------------------------------------------------------------------------------- queries --- */

static void *open_query(struct session *s, struct fake *f, struct fake_run *run)
{
    void *game = NULL;
    session_open(s, f, run, IN_QUERY);
    CHECK(f->op->restore(&s->host, f->op->state_version, f->state, f->state_len, &game) == ARENA_OK);
    return game;
}

const char *fake_view(struct fake *f, int32_t viewer)
{
    struct fake_run *run = calloc(1, sizeof *run);
    struct session s;
    arena_text json;
    CHECK(run);
    void *game = open_query(&s, f, run);
    CHECK(f->op->view(&s.host, game, viewer, &json) == ARENA_OK);
    free(f->json);
    f->json = copy(json.ptr, json.len);
    blocks_free(s.blocks);
    run_clear(run);
    free(run);
    return f->json;
}

void fake_actions(struct fake *f, uint32_t player)
{
    struct session s;
    void *game = open_query(&s, f, &f->run);
    CHECK(f->op->actions(&s.host, game, player) == ARENA_OK);
    blocks_free(s.blocks);
}

int fake_restore(const arena_operator *op, const void *bytes, size_t len)
{
    struct fake *f = calloc(1, sizeof *f);
    CHECK(f);
    f->op = op;
    f->joined = seats_of(op);
    f->turn = 9;
    struct session s;
    session_open(&s, f, &f->run, IN_QUERY);
    void *game = NULL;
    char *exact = copy(bytes, len), *lone = realloc(exact, len ? len : 1); /* a read past the end is seen */
    int result = op->restore(&s.host, op->state_version, lone, len, &game);
    CHECK(result == ARENA_OK || result == ARENA_CORRUPT);
    if (result == ARENA_OK) {
        const void *again;
        size_t again_len;
        arena_text json;
        CHECK(op->serialize(&s.host, game, &again, &again_len) == ARENA_OK);
        CHECK(again_len == len && !memcmp(again, lone, len));
        op->active(&s.host, game);
        for (int32_t viewer = ARENA_FULL; viewer < (int32_t)s.host.seats; viewer++)
            CHECK(op->view(&s.host, game, viewer, &json) == ARENA_OK && json.len);
        for (uint32_t player = 0; player < s.host.seats; player++) {
            run_clear(&f->run); /* a query each */
            CHECK(op->actions(&s.host, game, player) == ARENA_OK);
        }
    }
    blocks_free(s.blocks);
    run_clear(&f->run);
    free(lone);
    free(f);
    return result;
}

void fake_said(const struct fake *f, uint32_t n, int32_t to, const char *text)
{
    CHECK(n < f->run.count && f->run.effects[n].kind == FAKE_SAY && f->run.effects[n].to == to);
    CHECK_TEXT(f->run.effects[n].text, text);
}

void fake_refused(const struct fake *f, int result, const char *code, const char *reason)
{
    CHECK(result == ARENA_REJECTED && !f->run.count);
    CHECK_TEXT(f->run.code, code);
    if (reason)
        CHECK_TEXT(f->run.reason, reason);
}

void fake_finish(struct fake *f)
{
    run_clear(&f->run);
    free(f->state);
    free(f->json);
    *f = (struct fake){.once = f->once};
}

/* --------------------------------------------------------------------------------- what every operator refuses --- */

void fake_options_refused(const struct fake_options *list)
{
    struct fake f = {0};
    for (; list->options; list++) {
        fake_refused(&f, fake_create(&f, fake_operator(), 1, list->options), "INVALID_OPTIONS", list->reason);
        fake_finish(&f);
    }
}

void fake_options_taken(const char *const *list)
{
    struct fake f = {0};
    for (; *list; list++) {
        CHECK(fake_create(&f, fake_operator(), 1, *list) == ARENA_OK);
        fake_finish(&f);
    }
}

uint32_t fake_noise(struct fake *f, uint32_t seats, const char *method)
{
    static const char digits[] = "0123456789 0000";
    char noise[600];
    uint64_t rng = 6;
    uint32_t taken = 0;
    for (int i = 0; i < 5000 && !f->finished; i++) {
        const size_t len = fake_draw(&rng, fake_draw(&rng, 2) ? sizeof noise : 8);
        const bool numbers = fake_draw(&rng, 2), known = fake_draw(&rng, 2);
        for (size_t k = 0; k < len; k++)
            noise[k] = numbers ? digits[fake_draw(&rng, sizeof digits - 1)] : (char)fake_draw(&rng, 256);
        const arena_text content = {noise, len}, name = known ? (arena_text){method, strlen(method)} : content;
        const int result = fake_message_bytes(f, (uint32_t)fake_draw(&rng, seats), name, content);
        CHECK(result == ARENA_OK || result == ARENA_REJECTED);
        taken += result == ARENA_OK;
    }
    return taken;
}

/* ----------------------------------------------------------------------------------------------- bare host --- */

static void *bare_alloc(const arena_host *h, size_t size)
{
    struct fake_host *f = h->self;
    struct block *list = f->blocks;
    void *ptr = block_new(&list, size);
    f->blocks = list;
    return ptr;
}

static uint64_t bare_random(const arena_host *h, uint64_t bound)
{
    struct fake_host *f = h->self;
    return fake_draw(&f->rng, bound);
}

void fake_host_open(struct fake_host *f, uint64_t seed)
{
    *f = (struct fake_host){.rng = seed};
    f->host = host_table(f);
    f->host.alloc = bare_alloc;
    f->host.random = bare_random;
    f->host.joined = 2;
}

void fake_host_close(struct fake_host *f)
{
    blocks_free(f->blocks);
    f->blocks = NULL;
}
