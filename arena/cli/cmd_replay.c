/*
 * cmd_replay.c - a session played again, here, from its journal.
 *
 * From a server: GET /api/sessions/ID/replay gives the seed and every input with the digest of the state it led to.
 * From a data folder: the same out of the store, without a server.  Both run the operator's module and compare.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/agent.h"
#include "cli/cli.h"
#include "cli/local.h"
#include "cli/show.h"
#include "cli/term.h"
#include "host/data.h"

enum { DIGEST_BYTES = 16 };

/* What of a game is told instead of its turns: a log, a battle file. */
struct telling {
    bool logs;                 /* the log of a battle */
    int32_t viewer;            /* as this seat was told it; ARENA_ALL: as everybody was; ARENA_FULL: nothing hidden */
    const char *file;          /* for the battle file; NULL: none is wanted */
    struct text battle, log;   /* what the operator has put on record: all of the file; the turn's log */
    struct text out;           /* on its way to the terminal */
    struct turn_record record; /* for the operator, with ctx this struct */
};

/* One game as its journal unrolls it. */
struct replay {
    const json_t *journal;
    struct host *host;
    struct turn turn;
    struct text state;
    uint32_t state_version, seats, joined;
    const char *handles[ARENA_SEATS_MAX];
    struct show show;
    struct text out;
    bool quiet;
    struct telling telling;
};

static long number(const json_t *object, const char *name)
{
    return (long)json_integer_value(json_object_get(object, name));
}

static bool read_hex(const char *hex, uint8_t *bytes, size_t len)
{
    size_t got;
    return sodium_hex2bin(bytes, len, hex, strlen(hex), NULL, &got, NULL) == 0 && got == len;
}

static bool read_kind(const char *name, enum turn_kind *kind)
{
    static const char *const names[] = {"create", "join", "message", "timer"};
    for (int i = 0; i < 4; i++)
        if (strcmp(names[i], name) == 0)
            return *kind = (enum turn_kind)i, true;
    return false;
}

/* --------------------------------------------------------------------------------- logs and battle files --- */

static void on_record(void *ctx, const char *kind, arena_text piece)
{
    struct telling *telling = ctx;
    if (strcmp(kind, "battle") == 0)
        text_put_text(&telling->battle, piece);
    else if (strcmp(kind, "log") == 0)
        text_put_text(&telling->log, piece);
}

static void read_telling(struct telling *telling, const struct cli *cli, const struct args *args)
{
    static const struct {
        const char *name;
        int32_t viewer;
    } viewers[] = {{"public", ARENA_ALL}, {"p1", 0}, {"p2", 1}, {"full", ARENA_FULL}};
    const char *log = args_text(args, "log");
    for (size_t i = 0; log && i < sizeof viewers / sizeof viewers[0]; i++)
        if (strcmp(viewers[i].name, log) == 0)
            telling->viewer = viewers[i].viewer;
    telling->logs = log && !cli->json;
    telling->file = args_text(args, "battle");
    telling->record = (struct turn_record){on_record, telling};
}

static void telling_finish(struct telling *telling)
{
    text_free(&telling->battle);
    text_free(&telling->log);
    text_free(&telling->out);
}

/* Standard output is the log's, or the file's when its name is "-": verdicts go elsewhere then. */
static FILE *verdicts(const struct telling *telling)
{
    return telling->logs || (telling->file && strcmp(telling->file, "-") == 0) ? stderr : stdout;
}

/* The lines of "log" in what this turn told a seat, or everybody.  False when it told none. */
static bool log_lines(struct telling *telling, const struct turn_reply *reply, int32_t to)
{
    bool any = false;
    for (uint32_t i = 0; i < reply->effect_count; i++) {
        const struct effect *effect = &reply->effects[i];
        if (effect->kind != EFFECT_SAY || effect->to != to)
            continue;
        size_t k;
        json_t *line, *said = json_loadb(effect->text.ptr, effect->text.len, 0, NULL);
        json_array_foreach(json_object_get(said, "log"), k, line) {
            put_safe(&telling->out, json_is_string(line) ? json_string_value(line) : "");
            text_put_char(&telling->out, '\n');
            any = true;
        }
        json_decref(said);
    }
    return any;
}

/* The log that the operator has put on record, line by line: what is in it came from players. */
static void recorded_lines(struct telling *telling)
{
    char *rest = NULL, *all = strndup(telling->log.ptr ? telling->log.ptr : "", telling->log.len);
    for (char *line = all ? strtok_r(all, "\n", &rest) : NULL; line; line = strtok_r(NULL, "\n", &rest)) {
        put_safe(&telling->out, line);
        text_put_char(&telling->out, '\n');
    }
    free(all);
}

static void tell_log(struct telling *telling, const struct turn_reply *reply)
{
    if (telling->viewer == ARENA_FULL)
        recorded_lines(telling);
    else if (telling->viewer == ARENA_ALL || !log_lines(telling, reply, telling->viewer))
        log_lines(telling, reply, ARENA_ALL);
    text_clear(&telling->log);
    print_text(&telling->out);
}

/* A game that is still under way has no end yet; as a file it ends where it stands. */
static void close_battle(struct text *battle)
{
    static const char end[] = "\nend ";
    const size_t n = sizeof end - 1;
    size_t at = battle->len;
    while (at >= n && memcmp(battle->ptr + at - n, end, n) != 0)
        at--;
    if (at < n)
        text_puts(battle, "end -1\n");
}

/* Writes the battle file, if one is wanted.  False after a sentence. */
static bool write_battle(struct telling *telling)
{
    if (!telling->file)
        return true;
    if (!telling->battle.len) {
        complain("there is no battle file of it: no battle was fought, or the game is no battle.");
        return false;
    }
    close_battle(&telling->battle);
    const bool standard = strcmp(telling->file, "-") == 0;
    FILE *file = standard ? stdout : fopen(telling->file, "wb");
    bool good = file && fwrite(telling->battle.ptr, 1, telling->battle.len, file) == telling->battle.len;
    if (file)
        good = (standard ? fflush(file) : fclose(file)) == 0 && good;
    if (!good)
        complain("%s cannot be written.", telling->file);
    return good;
}

/* --------------------------------------------------------------------------------------- from a server --- */

/* What this turn told everybody. */
static void show_turn(struct replay *r, const json_t *entry, size_t turn_number)
{
    const struct turn_reply *reply = &r->turn.reply;
    if (r->telling.logs)
        tell_log(&r->telling, reply);
    if (r->quiet || r->telling.logs || r->telling.file)
        return;
    const char *content = member(entry, "content");
    text_printf(&r->out, "%s%4zu  %-8s", term(DIM), turn_number, member(entry, "kind"));
    if (number(entry, "player") >= 0 && strcmp(member(entry, "kind"), "create") != 0)
        text_printf(&r->out, "player %ld  ", number(entry, "player") + 1);
    put_safe(&r->out, member(entry, "method"));
    text_puts(&r->out, " ");
    char *start = strndup(content, 100);
    put_safe(&r->out, start ? start : "");
    free(start);
    text_printf(&r->out, "%s\n", term(PLAIN));
    for (uint32_t i = 0; i < reply->effect_count; i++) {
        const struct effect *effect = &reply->effects[i];
        char *said =
            effect->kind == EFFECT_SAY && effect->to == ARENA_ALL ? strndup(effect->text.ptr, effect->text.len) : NULL;
        if (said)
            show_content(&r->show, said, &r->out);
        free(said);
    }
    print_text(&r->out);
}

/* A house player sits before anybody joins; its seat is told by the effects of create. */
static void seat_house(struct replay *r)
{
    const struct turn_reply *reply = &r->turn.reply;
    static char names[ARENA_SEATS_MAX][48];
    for (uint32_t i = 0; i < reply->effect_count; i++) {
        const struct effect *effect = &reply->effects[i];
        if (effect->kind != EFFECT_HOUSE || effect->to < 0 || (uint32_t)effect->to >= r->seats)
            continue;
        snprintf(names[effect->to], sizeof names[0], "house:%.*s", (int)effect->name.len, effect->name.ptr);
        r->handles[effect->to] = names[effect->to];
        r->joined++;
    }
}

static void prepare(struct replay *r, const json_t *entry, enum turn_kind kind, uint32_t turn_number)
{
    long player = number(entry, "player");
    if (kind == TURN_JOIN && player >= 0 && (uint32_t)player < r->seats) {
        r->handles[player] = member(entry, "handle");
        r->joined++;
    }
    r->turn.request = (struct turn_request){
        .kind = kind,
        .player = (int32_t)player,
        .seats = r->seats,
        .joined = r->joined,
        .turn = turn_number,
        .now_ms = json_integer_value(json_object_get(entry, "at")),
        .state_version = r->state_version,
        .state = text_slice(&r->state),
        .method = text_of(member(entry, "method")),
        .content = text_of(member(entry, "content")),
        .data = text_of(member(r->journal, "dataVersion")),
    };
    for (uint32_t i = 0; i < r->seats; i++)
        if (r->handles[i])
            r->turn.request.handles[i] = text_of(r->handles[i]);
}

/* Plays one entry; false with a sentence in why when it goes another way than it went. */
static bool play_entry(struct replay *r, const json_t *entry, size_t turn_number, const uint8_t *seed, struct text *why)
{
    enum turn_kind kind;
    uint8_t told[DIGEST_BYTES], digest[DIGEST_BYTES];
    if (!read_kind(member(entry, "kind"), &kind) || !read_hex(member(entry, "digest"), told, sizeof told)) {
        text_printf(why, "entry %zu of the journal cannot be read", turn_number);
        return false;
    }
    prepare(r, entry, kind, (uint32_t)turn_number);
    memcpy(r->turn.request.seed, seed, HOST_SEED_BYTES);
    pool_reset(&r->turn.pool);
    struct text options = {0};
    if (kind == TURN_CREATE && !r->turn.request.data.len)
        r->turn.request.content = host_data_before(r->turn.op, r->turn.request.content, &options);
    host_run_wait(&r->turn);
    text_free(&options);
    const struct turn_reply *reply = &r->turn.reply;
    if (reply->outcome != TURN_OK) {
        text_printf(why, "turn %zu did not go through: %.*s", turn_number, (int)reply->reason.len, reply->reason.ptr);
        return false;
    }
    crypto_generichash(digest, sizeof digest, (const unsigned char *)reply->state.ptr, reply->state.len, NULL, 0);
    if (memcmp(digest, told, sizeof digest) != 0) {
        text_printf(why, "turn %zu gives another state than the server had", turn_number);
        return false;
    }
    if (kind == TURN_CREATE)
        seat_house(r);
    show_turn(r, entry, turn_number);
    text_clear(&r->state);
    text_put_text(&r->state, reply->state);
    r->state_version = reply->state_version;
    return true;
}

/* The seed is the one whose hash was public while the game ran. */
static bool check_seed(const json_t *journal, uint8_t seed[HOST_SEED_BYTES], struct text *why)
{
    uint8_t told[32], hash[32];
    if (!read_hex(member(journal, "seed"), seed, HOST_SEED_BYTES) ||
        !read_hex(member(journal, "seedHash"), told, sizeof told)) {
        text_puts(why, "the answer has no seed");
        return false;
    }
    crypto_generichash(hash, sizeof hash, seed, HOST_SEED_BYTES, NULL, 0);
    if (memcmp(hash, told, sizeof hash) == 0)
        return true;
    text_puts(why, "the seed is not the one whose hash was told");
    return false;
}

static bool play_journal(struct replay *r, struct text *why)
{
    uint8_t seed[HOST_SEED_BYTES];
    size_t i;
    json_t *entry;
    long seats = number(r->journal, "seats");
    if (seats < 1 || seats > (long)ARENA_SEATS_MAX) {
        text_puts(why, "the answer is no journal");
        return false;
    }
    r->seats = (uint32_t)seats;
    if (!check_seed(r->journal, seed, why))
        return false;
    json_array_foreach(json_object_get(r->journal, "turns"), i, entry) {
        if (interrupted() || !play_entry(r, entry, i, seed, why))
            return false;
    }
    return true;
}

/* Without the module there is nothing to compare with; the inputs are still worth a look. */
static int show_inputs(const json_t *journal)
{
    struct text out = {0};
    size_t i;
    json_t *entry;
    json_array_foreach(json_object_get(journal, "turns"), i, entry) {
        text_printf(&out, "%4zu  ", i);
        put_padded(&out, member(entry, "kind"), 8);
        text_printf(&out, "%3ld  ", number(entry, "player") + 1);
        put_safe(&out, member(entry, "method"));
        text_puts(&out, " ");
        put_safe(&out, member(entry, "content"));
        text_put_char(&out, '\n');
    }
    print_text(&out);
    text_free(&out);
    complain("not verified: there is no module for %s here; name it with --module FILE.",
             member(journal, "challengeType"));
    return CLI_REFUSED;
}

static void report(struct cli *cli, const char *id, bool good, size_t turns, const struct text *why, FILE *to)
{
    if (cli->json) {
        json_t *line = json_pack("{s:s, s:b, s:I, s:s%}", "session", id, "agrees", good, "turns", (json_int_t)turns,
                                 "reason", why->ptr ? why->ptr : "", why->len);
        print_json(line);
        json_decref(line);
    } else if (good) {
        fprintf(to, "%s%s agrees%s: %zu turns played again, every digest equal\n", term(GREEN), id, term(PLAIN), turns);
    } else {
        fprintf(to, "%s%s DIFFERS%s: %.*s\n", term(RED), id, term(PLAIN), (int)why->len, why->ptr ? why->ptr : "");
    }
}

/* The rule data that the game was made with, from the server it was played on. */
static bool find_data(void *ctx, const char *challenge, arena_text version, struct text *set)
{
    struct cli *cli = ctx;
    struct text path = {0};
    const char *name, *wanted = strndup(version.ptr, version.len);
    json_t *answer = NULL, *document;
    text_puts(&path, "/api/data");
    path_segment(&path, challenge);
    path_query(&path, "version", wanted);
    bool good = wanted && cli_get(cli, text_cstr(&path), &answer) == CLI_OK;
    json_object_foreach(json_object_get(answer, "documents"), name, document) {
        char *json = json_dumps(document, JSON_COMPACT);
        data_put(set, text_of(name));
        data_put(set, text_of(json));
        free(json);
    }
    json_decref(answer);
    text_free(&path);
    free((char *)wanted);
    return good;
}

static int replay_from_server(struct cli *cli, const struct args *args)
{
    struct text why = {0};
    json_t *journal;
    int code = get_session(cli, args->words[0], "/replay", NULL, &journal);
    if (code)
        return code;
    struct replay r = {.journal = journal, .show = {.battle.me = -1, .indent = 6}};
    r.quiet = cli->json || args_flag(args, "quiet");
    read_telling(&r.telling, cli, args);
    r.host = local_host(args_text(args, "module"), member(journal, "challengeType"));
    const struct host_operator *op = host_find(r.host, text_of(member(journal, "challengeType")));
    host_data_source(r.host, find_data, cli);
    if (op) {
        pool_init(&r.turn.pool, 0);
        r.turn.op = op;
        r.turn.record = &r.telling.record;
        bool good = play_journal(&r, &why);
        report(cli, member(journal, "id"), good, json_array_size(json_object_get(journal, "turns")), &why,
               verdicts(&r.telling));
        good = good && write_battle(&r.telling);
        code = good ? CLI_OK : interrupted() ? CLI_INTERRUPTED : CLI_REFUSED;
        turn_finish(&r.turn);
    } else {
        code = show_inputs(journal);
    }
    host_close(r.host);
    text_free(&why);
    text_free(&r.state);
    text_free(&r.out);
    telling_finish(&r.telling);
    json_decref(journal);
    return code;
}

/* ------------------------------------------------------------------------------------------ from a folder --- */

static void on_played(void *ctx, const struct turn_reply *reply)
{
    struct telling *telling = ctx;
    if (telling->logs)
        tell_log(telling, reply);
}

/* A session that is still under way is played as far as it has come.  telling: NULL, only the verdict. */
static bool replay_one(struct cli *cli, struct store *store, struct host *host, uint64_t serial, const char *name,
                       struct telling *telling, uint64_t *turns)
{
    struct text why = {0};
    uint32_t played = 0;
    const struct replay_ear ear = {on_played, telling, telling ? &telling->record : NULL};
    bool good = replay_stored(store, host, serial, telling ? &ear : NULL, &played, &why);
    *turns += played;
    if (name || !good) {
        char number_name[32];
        snprintf(number_name, sizeof number_name, "session %llu", (unsigned long long)serial);
        report(cli, name ? name : number_name, good, played, &why, telling ? verdicts(telling) : stdout);
    }
    text_free(&why);
    return good;
}

static int replay_all(struct cli *cli, struct store *store, struct host *host)
{
    uint64_t sessions = 0, turns = 0, bad = 0;
    struct pool pool;
    pool_init(&pool, 0);
    for (uint64_t serial = 1; serial <= store->last_session && !interrupted(); serial++) {
        arena_text record;
        pool_reset(&pool);
        if (!store_record(store, serial, &pool, &record) || !record.len)
            continue; /* pruned; or rows alone, no session */
        sessions++;
        bad += !replay_one(cli, store, host, serial, NULL, NULL, &turns);
        if (term(BOLD)[0] && sessions % 64 == 0) {
            printf("\r%llu sessions ...", (unsigned long long)sessions);
            fflush(stdout);
        }
    }
    pool_finish(&pool);
    if (cli->json) {
        json_t *line = json_pack("{s:I, s:I, s:I}", "sessions", (json_int_t)sessions, "turns", (json_int_t)turns,
                                 "differ", (json_int_t)bad);
        print_json(line);
        json_decref(line);
    } else {
        printf("%s%llu sessions, %llu turns played again; %llu differ%s\n", term(BOLD)[0] ? "\r" : "",
               (unsigned long long)sessions, (unsigned long long)turns, (unsigned long long)bad,
               bad ? "" : ": every digest is equal");
    }
    return interrupted() ? CLI_INTERRUPTED : bad ? CLI_REFUSED : CLI_OK;
}

static int replay_from_folder(struct cli *cli, const struct args *args)
{
    struct store *store = local_store(args_text(args, "data"), true);
    if (!store)
        return CLI_REFUSED;
    struct host *host = local_host(args_text(args, "module"), NULL);
    struct rule_data *data = rule_data_read(store, host);
    const char *id = args->words[0] ? bare_session(args->words[0]) : NULL;
    uint64_t serial, turns = 0;
    int code = CLI_OK;
    if (!id) {
        code = replay_all(cli, store, host);
    } else if (!store_find(store, text_of(id), &serial)) {
        complain("there is no session %s in %s.", id, args_text(args, "data"));
        code = CLI_REFUSED;
    } else {
        struct telling telling = {0};
        read_telling(&telling, cli, args);
        bool good = replay_one(cli, store, host, serial, id, &telling, &turns) && write_battle(&telling);
        telling_finish(&telling);
        code = good ? CLI_OK : CLI_REFUSED;
    }
    store_close(store);
    host_close(host);
    rule_data_free(data);
    return code;
}

const struct option_row replay_options[] = {
    {"data", "DIR", "from this data folder, without a server"},
    {"all", NULL, "every session of the folder"},
    {"module", "FILE", "the operator's module (default: looked for, see `arena demo --help`)"},
    {"quiet", NULL, "only the verdict"},
    {"log", "public|p1|p2|full",
     "the log of a battle instead of the turns: as everybody or a player was told it, or all of it"},
    {"battle", "FILE", "writes the battle as a battle file, for `arena battle replay`; - is standard output"},
    {0},
};

int run_replay(struct cli *cli, const struct args *args)
{
    bool from_folder = args_text(args, "data"), all = args_flag(args, "all");
    if (all == (args->words[0] != NULL) || (all && !from_folder)) {
        complain("which session?  `arena replay SESSION`, or from a folder `arena replay --data DIR --all`.");
        return CLI_USAGE;
    }
    const char *battle = args_text(args, "battle");
    if (all && (args_text(args, "log") || battle)) {
        complain("--log and --battle are for one session: name it instead of --all.");
        return CLI_USAGE;
    }
    if (args_text(args, "log") && battle && strcmp(battle, "-") == 0) {
        complain("--log and --battle - would both write to standard output: name a file for the battle.");
        return CLI_USAGE;
    }
    return from_folder ? replay_from_folder(cli, args) : replay_from_server(cli, args);
}
