#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host/check_internal.h"
#include "host/turn.h"

enum { START_MS_MAX = 5000, OFFERS_TRIED = 4, SILENT_EVERY = 8 };
#define CLOCK_START_MS INT64_C(1767225600000) /* any fixed day; 2026-01-01 */

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

arena_text play_keep(arena_text text)
{
    char *copy = must(malloc(text.len + 1));
    if (text.len)
        memcpy(copy, text.ptr, text.len);
    copy[text.len] = 0;
    return (arena_text){copy, text.len};
}

static const char *kind_name(enum turn_kind kind)
{
    static const char *const names[] = {"create", "join", "message", "timer", "actions", "view"};
    return kind <= TURN_VIEW ? names[kind] : "rule data";
}

void play_init(struct play *play, const struct subject *subject, uint64_t seed, enum play_how how)
{
    *play = (struct play){.subject = subject, .how = how, .now_ms = CLOCK_START_MS};
    play->dice = seed;
    play->probe_dice = ~seed;
    uint64_t stream = seed ^ 0x5EEDu;
    for (unsigned i = 0; i < sizeof play->seed; i++)
        play->seed[i] = (uint8_t)dice_roll(&stream, 256);
    play->silent = how != PLAY_WATCH && seed % SILENT_EVERY == SILENT_EVERY - 1;
    pool_init(&play->turn.pool, 0);
}

/* ---- one request ---------------------------------------------------------------------------------------- */

static void request_set(struct play *play, enum turn_kind kind, int32_t player, arena_text method, arena_text content)
{
    static const char *const names[ARENA_SEATS_MAX] = {"inv_a0",  "inv_b1",  "inv_c2",  "inv_d3", "inv_e4",  "inv_f5",
                                                       "inv_g6",  "inv_h7",  "inv_i8",  "inv_j9", "inv_k10", "inv_l11",
                                                       "inv_m12", "inv_n13", "inv_o14", "inv_p15"};
    struct turn_request *request = &play->turn.request;
    *request = (struct turn_request){
        .kind = kind,
        .player = player,
        .seats = play->subject->seats,
        .joined = play->joined,
        .turn = play->turn_number,
        .now_ms = play->now_ms,
        .state_version = play->subject->op->code.state_version,
        .state = play->state,
        .method = method,
        .content = content,
    };
    memcpy(request->seed, play->seed, sizeof request->seed);
    for (uint32_t i = 0; i < request->seats; i++)
        if (play->taken & 1u << i || (kind == TURN_JOIN && player == (int32_t)i))
            request->handles[i] = (arena_text){names[i], strlen(names[i])};
    if (kind == TURN_JOIN)
        request->joined++;
}

/* Runs what request_set prepared; a broken contract is noted wherever it shows. */
static enum turn_outcome request_run(struct play *play)
{
    const struct subject *subject = play->subject;
    const struct turn_reply *reply = &play->turn.reply;
    turn_call(&subject->op->code, &subject->quota, &play->turn);
    const char *kind = kind_name(play->turn.request.kind);
    if (reply->outcome == TURN_FAILED)
        check_note(subject->shared, subject->shared->doing, LEVEL_FAIL, "turn %u, %s: %.*s", play->turn_number, kind,
                   (int)reply->reason.len, reply->reason.ptr);
    else if (reply->outcome == TURN_CORRUPT && subject->shared->doing != CHECK_DAMAGE)
        check_note(subject->shared, CHECK_RESAVE, LEVEL_FAIL, "turn %u, %s: restore refuses bytes that serialize wrote",
                   play->turn_number, kind);
    else if (reply->outcome == TURN_REJECTED && !reply->reason.len)
        check_note(subject->shared, CHECK_GARBAGE, LEVEL_FAIL, "turn %u, %s: rejected with %s but no reason",
                   play->turn_number, kind, reply->code);
    return reply->outcome;
}

enum turn_outcome play_try(struct play *play, enum turn_kind kind, int32_t player, arena_text method,
                           arena_text content)
{
    request_set(play, kind, player, method, content);
    return request_run(play);
}

static uint64_t digest_of(const struct wire_frame *frame)
{
    unsigned char hash[crypto_generichash_BYTES_MIN];
    uint64_t digest;
    crypto_generichash(hash, sizeof hash, frame->bytes, frame->len, NULL, 0);
    memcpy(&digest, hash, sizeof digest);
    return digest;
}

/* ---- after a turn --------------------------------------------------------------------------------------- */

static void examine_view(struct play *play, int32_t viewer)
{
    struct shared *shared = play->subject->shared;
    const arena_text none = {NULL, 0};
    check_doing(shared, CHECK_VIEWS, "view for %d after turn %u", viewer, play->turn_number - 1);
    if (play_try(play, TURN_VIEW, viewer, none, none) != TURN_OK)
        return;
    json_error_t error;
    const arena_text view = play->turn.reply.view;
    json_t *json = json_loadb(view.ptr, view.len, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(json))
        check_note(shared, CHECK_VIEWS, LEVEL_FAIL, "the view for %d after turn %u is not JSON: %s at byte %d", viewer,
                   play->turn_number - 1, json ? "not an object" : error.text, error.position);
    json_decref(json);
}

const struct method *method_find(const struct subject *subject, arena_text name)
{
    for (size_t i = 0; i < subject->method_count; i++)
        if (text_equal(subject->methods[i].name, name))
            return &subject->methods[i];
    return NULL;
}

/* What a seat is offered exists, and is accepted when it is sent. */
static void examine_offers(struct play *play, int32_t seat)
{
    const struct subject *subject = play->subject;
    struct shared *shared = subject->shared;
    const arena_text none = {NULL, 0};
    check_doing(shared, CHECK_OFFERS, "actions of seat %d after turn %u", seat, play->turn_number - 1);
    if (play_try(play, TURN_ACTIONS, seat, none, none) != TURN_OK)
        return;
    uint32_t count = play->turn.reply.effect_count;
    if (count && play->over)
        check_note(shared, CHECK_OFFERS, LEVEL_FAIL, "seat %d is offered something after the end", seat);
    shared->offers += count;
    if (!count || play->over || play->joined < subject->seats)
        return;
    struct effect tried[OFFERS_TRIED];
    uint32_t tries = 0;
    for (uint32_t i = 0; i < OFFERS_TRIED && i < count; i++) {
        const struct effect *offer =
            &play->turn.reply.effects[count <= OFFERS_TRIED ? i : dice_roll(&play->probe_dice, count)];
        if (!method_find(subject, offer->name))
            check_note(shared, CHECK_OFFERS, LEVEL_FAIL, "offers the method %.*s, which the metadata does not have",
                       (int)offer->name.len, offer->name.ptr);
        if (offer->text.len)
            tried[tries++] = (struct effect){.name = play_keep(offer->name), .text = play_keep(offer->text)};
    }
    for (uint32_t i = 0; i < tries; i++) {
        check_doing(shared, CHECK_OFFERS, "seat %d sends %s %.100s as turn %u", seat, tried[i].name.ptr,
                    tried[i].text.ptr, play->turn_number);
        if (play_try(play, TURN_MESSAGE, seat, tried[i].name, tried[i].text) == TURN_REJECTED)
            check_note(shared, CHECK_OFFERS, LEVEL_FAIL, "offers seat %d %s %.100s as turn %u, but rejects it: %s",
                       seat, tried[i].name.ptr, tried[i].text.ptr, play->turn_number, play->turn.reply.code);
        free((char *)tried[i].name.ptr);
        free((char *)tried[i].text.ptr);
    }
}

static void examine_resave(struct play *play)
{
    struct shared *shared = play->subject->shared;
    const arena_text none = {NULL, 0};
    check_doing(shared, CHECK_RESAVE, "restore and serialize after turn %u", play->turn_number - 1);
    request_set(play, TURN_VIEW, ARENA_ALL, none, none);
    turn_resave(&play->subject->op->code, &play->subject->quota, &play->turn);
    const struct turn_reply *reply = &play->turn.reply;
    if (reply->outcome == TURN_CORRUPT)
        check_note(shared, CHECK_RESAVE, LEVEL_FAIL, "after turn %u: restore refuses bytes that serialize wrote",
                   play->turn_number - 1);
    else if (reply->outcome != TURN_OK)
        check_note(shared, CHECK_RESAVE, LEVEL_FAIL, "after turn %u: %.*s", play->turn_number - 1,
                   (int)reply->reason.len, reply->reason.ptr);
    else if (!text_equal(reply->state, play->state))
        check_note(shared, CHECK_RESAVE, LEVEL_FAIL,
                   "after turn %u: restore and serialize make other bytes of the same game", play->turn_number - 1);
}

static void examine(struct play *play)
{
    examine_resave(play);
    for (int32_t viewer = ARENA_FULL; viewer < (int32_t)play->subject->seats; viewer++)
        examine_view(play, viewer);
    for (int32_t seat = 0; seat < (int32_t)play->subject->seats; seat++)
        examine_offers(play, seat);
}

/* ---- turns ---------------------------------------------------------------------------------------------- */

static void measure(struct shared *shared, const struct timespec *from)
{
    struct timespec to;
    clock_gettime(CLOCK_MONOTONIC, &to);
    uint64_t tenths =
        (uint64_t)(to.tv_sec - from->tv_sec) * 10000000u + (uint64_t)(to.tv_nsec - from->tv_nsec + 50) / 100u;
    if (shared->time_count < CHECK_TIMES_MAX)
        shared->times[shared->time_count++] = tenths < UINT32_MAX ? (uint32_t)tenths : UINT32_MAX;
}

static void journal_add(struct play *play, const struct event *event, uint64_t digest)
{
    if (play->journal_count == play->journal_room) {
        play->journal_room = play->journal_room ? 2 * play->journal_room : 64;
        play->journal = must(realloc(play->journal, play->journal_room * sizeof *play->journal));
    }
    struct event *kept = &play->journal[play->journal_count++];
    *kept = *event;
    kept->digest = digest;
    kept->joined = play->turn.request.joined;
    kept->now_ms = play->now_ms;
    kept->method = play_keep(event->method);
    kept->content = play_keep(event->content);
}

/* The reply becomes the game. */
static void adopt(struct play *play, const struct event *event)
{
    const struct turn_reply *reply = &play->turn.reply;
    free((char *)play->state.ptr);
    play->state = play_keep(reply->state);
    play->active = reply->active;
    play->over = reply->finished;
    play->turn_number++;
    if (event->kind == TURN_JOIN) {
        play->taken |= 1u << event->player;
        play->joined++;
    }
    if (event->kind == TURN_TIMER)
        play->deadlines[event->player] = 0;
    for (uint32_t i = 0; i < reply->effect_count; i++) {
        const struct effect *effect = &reply->effects[i];
        if (effect->kind == EFFECT_DEADLINE) {
            play->deadlines[effect->to] = effect->at_ms;
        } else if (effect->kind == EFFECT_HOUSE) {
            play->taken |= 1u << effect->to;
            play->joined++;
        }
    }
}

enum turn_outcome play_commit(struct play *play, const struct event *event)
{
    struct shared *shared = play->subject->shared;
    struct timespec from;
    check_doing(shared, CHECK_CONTRACT, "%s as turn %u of seat or timer %d: %.*s %.*s", kind_name(event->kind),
                play->turn_number, event->player, (int)text_cut(event->method, 60), event->method.ptr,
                (int)text_cut(event->content, 100), event->content.ptr);
    clock_gettime(CLOCK_MONOTONIC, &from);
    enum turn_outcome outcome = play_try(play, event->kind, event->player, event->method, event->content);
    measure(shared, &from);
    if (outcome != TURN_OK)
        return outcome;
    wire_put_reply(&play->first, &play->turn.reply);
    journal_add(play, event, digest_of(&play->first));
    struct event *kept = &play->journal[play->journal_count - 1];
    if (play->how == PLAY_TREAT && play->journal_count <= CHECK_TURNS_MAX) {
        shared->digests[play->journal_count - 1] = kept->digest;
        shared->digest_count = (uint32_t)play->journal_count;
    }
    if (play->turn.reply.state.len > shared->state_most)
        shared->state_most = (uint32_t)play->turn.reply.state.len;
    if (play->turn.reply.effect_count > shared->effects_most)
        shared->effects_most = play->turn.reply.effect_count;
    kept->says = must(calloc(play->turn.reply.effect_count + 1u, sizeof *kept->says));
    for (uint32_t i = 0; play->how == PLAY_WATCH && i < play->turn.reply.effect_count; i++)
        if (play->turn.reply.effects[i].kind == EFFECT_SAY)
            kept->says[kept->say_count++] = (struct effect){.to = play->turn.reply.effects[i].to,
                                                            .text = play_keep(play->turn.reply.effects[i].text)};
    adopt(play, event);
    return TURN_OK;
}

/* Runs event again on the present state: is the reply the one in play->first? */
static bool is_same_again(struct play *play, const struct event *event)
{
    play_try(play, event->kind, event->player, event->method, event->content);
    wire_put_reply(&play->again, &play->turn.reply);
    return play->first.len == play->again.len && !memcmp(play->first.bytes, play->again.bytes, play->first.len);
}

/* The event before it counts: twice in a row, and again after strangers have tried this and that. */
static void rehearse(struct play *play, const struct event *event, uint64_t roll)
{
    struct shared *shared = play->subject->shared;
    check_doing(shared, CHECK_CONTRACT, "%s as turn %u: %.*s %.*s", kind_name(event->kind), play->turn_number,
                (int)text_cut(event->method, 60), event->method.ptr, (int)text_cut(event->content, 100),
                event->content.ptr);
    if (play_try(play, event->kind, event->player, event->method, event->content) == TURN_FAILED)
        return;
    wire_put_reply(&play->first, &play->turn.reply);
    if (!is_same_again(play, event)) {
        check_note(shared, CHECK_TWICE, LEVEL_FAIL,
                   "turn %u (%s), played twice from the same bytes, gives two results: state outside the bytes, "
                   "or memory that was not set",
                   play->turn_number, kind_name(event->kind));
        return;
    }
    if (event->kind == TURN_CREATE)
        return;
    if (play->joined == play->subject->seats)
        probe_garbage(play, roll % 16 == 0);
    if (roll % 4 == 0)
        probe_damage(play);
    check_doing(shared, CHECK_TRACE, "turn %u again after rejected messages", play->turn_number);
    if (!is_same_again(play, event))
        check_note(shared, CHECK_TRACE, LEVEL_FAIL,
                   "turn %u (%s) gives another result after messages that were rejected, queries, or other games",
                   play->turn_number, kind_name(event->kind));
}

static enum turn_outcome advance(struct play *play, const struct event *event)
{
    if (play->how == PLAY_TREAT)
        rehearse(play, event, dice_roll(&play->probe_dice, 64));
    enum turn_outcome outcome = play_commit(play, event);
    struct shared *shared = play->subject->shared;
    if (outcome == TURN_OK && play->how == PLAY_TREAT) {
        shared->turns++;
        examine(play);
    } else if (outcome == TURN_REJECTED) {
        shared->rejections++;
    } else if (outcome == TURN_OK && play->how == PLAY_WATCH) {
        secret_watch(play);
    } else if (outcome == TURN_OK && play->how == PLAY_FRESH && play->journal_count <= shared->digest_count &&
               play->journal[play->journal_count - 1].digest != shared->digests[play->journal_count - 1]) {
        check_note(shared, CHECK_FRESH, LEVEL_FAIL,
                   "turn %u (%s) gives another result in a new process: state outside the bytes", play->turn_number - 1,
                   kind_name(event->kind));
        play->over = true; /* the two games have parted */
    }
    return outcome;
}

/* ---- games ---------------------------------------------------------------------------------------------- */

/* Folds the journal from nothing: does it give the same replies? */
static void replay(const struct play *played)
{
    struct play again;
    struct shared *shared = played->subject->shared;
    play_init(&again, played->subject, 0, PLAY_FRESH);
    memcpy(again.seed, played->seed, sizeof again.seed);
    for (size_t i = 0; i < played->journal_count; i++) {
        again.now_ms = played->journal[i].now_ms;
        if (play_commit(&again, &played->journal[i]) == TURN_OK && again.journal[i].digest == played->journal[i].digest)
            continue;
        check_note(shared, CHECK_REPLAY, LEVEL_FAIL, "the journal, played again, departs from the record at turn %zu",
                   i);
        return;
    }
}

static void end_note(const struct play *play, bool stuck)
{
    struct shared *shared = play->subject->shared;
    if (play->over) {
        shared->games_over++;
    } else if (stuck && play->silent && play->refusals < REFUSALS_MAX) {
        check_note(shared, CHECK_ENDS, LEVEL_WARN,
                   "when the players fall silent (turn %u) no deadline is set: the game waits for ever",
                   play->turn_number);
    } else if (stuck && play->refusals >= REFUSALS_MAX) {
        check_note(shared, CHECK_ENDS, LEVEL_WARN,
                   "at turn %u the check could not find content that is accepted; give the methods examples, or "
                   "offer content",
                   play->turn_number);
    } else if (stuck) {
        check_note(shared, CHECK_ENDS, LEVEL_FAIL, "at turn %u nobody has an action and no deadline is set",
                   play->turn_number);
    } else {
        check_note(shared, CHECK_ENDS, LEVEL_FAIL, "not over after %u turns", play->subject->options->turns);
    }
}

bool play_deal(struct play *play)
{
    const struct event create = {.kind = TURN_CREATE, .content = play->options};
    enum turn_outcome outcome = advance(play, &create);
    if (outcome == TURN_REJECTED)
        check_note(play->subject->shared, CHECK_CONTRACT, LEVEL_FAIL,
                   "create rejects empty options with %s: a game must be possible without any", play->turn.reply.code);
    while (outcome == TURN_OK && play->joined < play->subject->seats && !play->over) {
        struct event event;
        if (!play_choose(play, &event))
            return false;
        outcome = advance(play, &event);
        if (outcome == TURN_REJECTED)
            check_note(play->subject->shared, CHECK_CONTRACT, LEVEL_FAIL, "join of seat %d is rejected with %s",
                       event.player, play->turn.reply.code);
    }
    return outcome == TURN_OK;
}

void play_game(struct play *play, const struct subject *subject, uint64_t seed, enum play_how how)
{
    play_init(play, subject, seed, how);
    bool stuck = false, broken = !play_deal(play);
    while (!broken && !stuck && !play->over && play->turn_number < subject->options->turns) {
        struct event event;
        stuck = !play_choose(play, &event);
        if (stuck)
            break;
        enum turn_outcome outcome = advance(play, &event);
        broken = outcome == TURN_FAILED || outcome == TURN_CORRUPT;
        if (outcome == TURN_REJECTED && event.kind == TURN_TIMER)
            play->deadlines[event.player] = 0;
        play->refusals = outcome == TURN_REJECTED ? play->refusals + 1 : 0;
        play->now_ms += (int64_t)dice_roll(&play->dice, START_MS_MAX);
        free((char *)event.method.ptr);
        free((char *)event.content.ptr);
    }
    if (how != PLAY_TREAT)
        return;
    if (play->turn_number > subject->shared->turns_most)
        subject->shared->turns_most = play->turn_number;
    if (!broken)
        end_note(play, stuck);
    replay(play);
}
