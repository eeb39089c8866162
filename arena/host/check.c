#define _GNU_SOURCE
#include "host/check.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/check_internal.h"
#include "host/sandbox.h"

enum { DATA_PATIENCE = 4 }; /* of rule data every document is spoilt in ten ways, and the whole set checked each time */
enum { GAMES = 200, TURNS = 2000, TIMEOUT_MS = 30000, SLOW_WARN = 50000, SLOW_FAIL = 1000000 };

/* In the order of enum check. */
static const struct {
    const char *name, *promise;
} checks[CHECK_COUNT] = {
    {"exports", "only arena_operators is visible"},
    {"metadata", "methods have a schema and an example, agents a prompt"},
    {"contract", "no call breaks the contract, crashes, hangs or leaves the sandbox"},
    {"twice", "a turn played twice gives the same bytes and effects"},
    {"fresh", "a new process gives the same game"},
    {"replay", "the journal gives the same game"},
    {"resave", "restore and serialize give the same bytes"},
    {"offers", "what is offered exists and is accepted"},
    {"garbage", "nonsense is rejected with a code and a reason"},
    {"trace", "what was rejected leaves nothing behind"},
    {"damage", "damaged bytes are refused"},
    {"views", "views are JSON objects for every viewer"},
    {"secrets", "nobody sees what was dealt to another"},
    {"data", "rules as data pass their own check and are the same when loaded"},
    {"ends", "every game comes to its end"},
    {"budget", "turns are quick"},
};

uint64_t dice_roll(uint64_t *dice, uint64_t bound)
{
    uint64_t z = *dice += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (z ^ z >> 31) % bound;
}

void check_note(struct shared *shared, enum check check, enum level level, const char *format, ...)
{
    struct finding *finding = &shared->findings[check];
    va_list args;
    if (level >= finding->level)
        finding->count = level > finding->level ? 1 : finding->count + 1;
    if (level <= finding->level)
        return;
    finding->level = level;
    finding->seed = shared->seed;
    va_start(args, format);
    vsnprintf(finding->text, sizeof finding->text, format, args);
    va_end(args);
}

void check_doing(struct shared *shared, enum check check, const char *format, ...)
{
    va_list args;
    shared->doing = check;
    va_start(args, format);
    vsnprintf(shared->doing_text, sizeof shared->doing_text, format, args);
    va_end(args);
}

/* ---- children ------------------------------------------------------------------------------------------- */

enum job { JOB_LOAD, JOB_TREAT, JOB_FRESH, JOB_WATCH, JOB_DEALS, JOB_DATA };

/* What the loading child tells its parent beside the findings. */
struct loading {
    char problem[MODULE_PROBLEM_MAX];
    uint32_t count;
    char ids[MODULE_OPERATORS_MAX][HOST_CODE_MAX + 1];
};

struct run {
    const char *path;
    const struct check_options *options;
    struct shared *shared;
    struct loading *loading;
    pid_t parent;
};

static void child_load(const struct run *run, const struct module *module)
{
    char problem[MODULE_PROBLEM_MAX];
    for (uint32_t i = 0; i < module->count; i++) {
        const struct operator_facts *facts = &module->operators[i].facts;
        bool good = facts_check(facts, NULL, NULL, problem);
        for (uint32_t k = 0; k < i && good; k++) {
            good = strcmp(run->loading->ids[k], module->operators[i].code.id) != 0;
            if (!good)
                snprintf(problem, sizeof problem, "the id %.64s is there twice", run->loading->ids[k]);
        }
        if (!good) {
            memcpy(run->loading->problem, problem, sizeof problem);
            return;
        }
        memcpy(run->loading->ids[i], facts->id.ptr, facts->id.len);
    }
    run->loading->count = module->count;
}

static void child_game(const struct run *run, const struct module *module, enum job job, uint32_t index, uint64_t seed)
{
    static struct play play;
    char problem[MODULE_PROBLEM_MAX];
    struct subject subject = {.op = &module->operators[index], .options = run->options, .shared = run->shared};
    facts_check(&subject.op->facts, NULL, &subject.seats, problem);
    subject.quota = quota_resolve(subject.op->facts.quota);
    struct finding before = run->shared->findings[CHECK_METHODS];
    file_methods(&subject, run->shared);
    if (before.level) /* the same in each game: once is enough */
        run->shared->findings[CHECK_METHODS] = before;
    if (job == JOB_DEALS)
        secret_deals(&subject);
    else if (job == JOB_DATA)
        data_examine(&subject, seed);
    else
        play_game(&play, &subject, seed, job == JOB_TREAT ? PLAY_TREAT : job == JOB_FRESH ? PLAY_FRESH : PLAY_WATCH);
}

/* Fills the gaps where a module and its memory lay in the other process. */
static void move_memory(void)
{
    static void *volatile kept; /* volatile: or the compiler leaves it out */
    for (int i = 0; i < 64; i++)
        kept = mmap(NULL, 16384, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    kept = malloc(50000);
    if (!kept)
        abort();
}

static _Noreturn void child_main(const struct run *run, enum job job, uint32_t index, uint64_t seed)
{
    static struct module module;
    const char *refused = NULL;
    char problem[MODULE_PROBLEM_MAX];
    if (!sandbox_begin(run->parent, 0, &refused)) {
        snprintf(run->loading->problem, sizeof run->loading->problem, "%s", refused);
        _exit(1);
    }
    if (job == JOB_FRESH) /* elsewhere in memory, so that an address in the bytes shows */
        move_memory();
    if (!module_open(&module, run->path, problem)) {
        memcpy(run->loading->problem, problem, sizeof problem);
        _exit(1);
    }
    void *symbol = dlsym(module.handle, "json_object_seed"); /* its own copy of jansson, if it has one */
    void (*seed_json)(size_t);
    if (symbol) {
        memcpy(&seed_json, &symbol, sizeof seed_json);
        seed_json(1);
    }
    if (!sandbox_close(&refused)) {
        snprintf(run->loading->problem, sizeof run->loading->problem, "%s", refused);
        _exit(1);
    }
    if (job == JOB_LOAD)
        child_load(run, &module);
    else
        child_game(run, &module, job, index, seed);
    run->shared->is_complete = true;
    _exit(0);
}

/* Runs one job in a child.  False when it did not end well; how says so. */
static bool run_child(const struct run *run, enum job job, uint32_t index, uint64_t seed, char *how, size_t size)
{
    int ends[2], status = 0;
    if (pipe(ends) != 0) {
        snprintf(how, size, "the check cannot make a pipe: %s", strerror(errno));
        return false;
    }
    run->shared->seed = seed;
    run->shared->is_complete = false;
    check_doing(run->shared, CHECK_CONTRACT, "loading the module");
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        child_main(run, job, index, seed);
    }
    close(ends[1]);
    struct pollfd fd = {ends[0], POLLIN, 0}; /* hangs up with the child */
    const uint32_t patience = run->options->timeout_ms * (job == JOB_DATA ? DATA_PATIENCE : 1);
    int ready = pid < 0 ? -1 : poll(&fd, 1, (int)patience);
    if (pid > 0 && ready <= 0)
        kill(pid, SIGKILL);
    close(ends[0]);
    if (pid < 0) {
        snprintf(how, size, "the check cannot start a process: %s", strerror(errno));
        return false;
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (ready <= 0)
        snprintf(how, size, "no end within %u ms", patience);
    else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
        snprintf(how, size, "made a system call that the sandbox forbids");
    else if (WIFSIGNALED(status))
        snprintf(how, size, "crashed: %s", strsignal(WTERMSIG(status)));
    else if (!run->shared->is_complete)
        snprintf(how, size, "ended the process with status %d", WEXITSTATUS(status));
    return ready > 0 && WIFEXITED(status) && run->shared->is_complete;
}

/* ---- the report ----------------------------------------------------------------------------------------- */

static void run_job(const struct run *run, enum job job, uint32_t index, uint64_t seed)
{
    struct shared *shared = run->shared;
    char how[160] = "";
    if (run_child(run, job, index, seed, how, sizeof how))
        return;
    enum check check = shared->doing < CHECK_COUNT ? (enum check)shared->doing : CHECK_CONTRACT;
    shared->doing_text[sizeof shared->doing_text - 1] = 0;
    check_note(shared, check, LEVEL_FAIL, "%s, in: %.280s", how, shared->doing_text);
}

static int compare_times(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The median time of a turn, in tenths of a microsecond. */
static uint32_t judge_budget(struct shared *shared)
{
    uint32_t count = shared->time_count < CHECK_TIMES_MAX ? shared->time_count : CHECK_TIMES_MAX;
    if (!count)
        return 0;
    qsort(shared->times, count, sizeof shared->times[0], compare_times);
    uint32_t median = shared->times[count / 2];
    if (median > SLOW_WARN)
        check_note(shared, CHECK_BUDGET, median > SLOW_FAIL ? LEVEL_FAIL : LEVEL_WARN,
                   "half of the turns take more than %.1f ms", median / 10000.0);
    return median;
}

/* Text that came from the module, without what would move the terminal's cursor. */
static void print_clean(FILE *out, const char *text, size_t most)
{
    for (size_t i = 0; i < most && text[i]; i++)
        fputc((unsigned char)text[i] < ' ' || text[i] == 0x7F ? '?' : text[i], out);
}

static int report(const struct run *run, const char *id, FILE *out)
{
    static const char *const words[] = {"ok  ", "warn", "FAIL"};
    struct shared *shared = run->shared;
    int failed = 0;
    uint32_t median = judge_budget(shared);
    for (int i = 0; i < CHECK_COUNT; i++) {
        const struct finding *finding = &shared->findings[i];
        uint32_t level = finding->level < 3 ? finding->level : LEVEL_FAIL;
        fprintf(out, "  %s  %-9s ", words[level], checks[i].name);
        if (level == LEVEL_OK) {
            fprintf(out, "%s\n", checks[i].promise);
            continue;
        }
        print_clean(out, finding->text, sizeof finding->text);
        fputc('\n', out);
        failed |= level == LEVEL_FAIL;
        if (level == LEVEL_FAIL && i != CHECK_EXPORTS && i != CHECK_METHODS && i != CHECK_BUDGET)
            fprintf(out, "                  %u time%s; again: arena check %s%s%s --seed %llu --games 1\n",
                    finding->count, finding->count == 1 ? "" : "s", run->path,
                    run->loading->count > 1 ? " --only " : "", run->loading->count > 1 ? id : "",
                    (unsigned long long)finding->seed);
    }
    fprintf(out,
            "  games %llu of %u over, turns %llu (longest game %u), offers %llu, probes %llu, secrets %llu\n"
            "  largest state %u bytes, most effects %u, median turn %.1f us\n",
            (unsigned long long)shared->games_over, run->options->games, (unsigned long long)shared->turns,
            shared->turns_most, (unsigned long long)shared->offers, (unsigned long long)shared->probes,
            (unsigned long long)shared->secrets, shared->state_most, shared->effects_most, median / 10.0);
    return failed;
}

static int check_operator(const struct run *run, uint32_t index, FILE *out)
{
    const struct check_options *options = run->options;
    const char *id = run->loading->ids[index];
    struct shared *shared = run->shared;
    memset(shared, 0, sizeof *shared);
    file_exports(run->path, shared);
    for (uint64_t i = 0; i < options->games; i++) {
        uint64_t seed = options->seed + i, turns = shared->turns;
        shared->digest_count = 0;
        run_job(run, JOB_TREAT, index, seed);
        run_job(run, JOB_FRESH, index, seed);
        run_job(run, JOB_WATCH, index, seed);
        if (options->verbose)
            fprintf(out, "  game %llu: %llu turns, last digest %016llx\n", (unsigned long long)seed,
                    (unsigned long long)(shared->turns - turns),
                    (unsigned long long)(shared->digest_count && shared->digest_count <= CHECK_TURNS_MAX
                                             ? shared->digests[shared->digest_count - 1]
                                             : 0));
    }
    run_job(run, JOB_DEALS, index, options->seed);
    run_job(run, JOB_DATA, index, options->seed);
    fprintf(out, "%s\n", id);
    return report(run, id, out);
}

int check_module(const char *path, const struct check_options *asked, FILE *out)
{
    struct check_options options = *asked;
    options.games = options.games ? options.games : GAMES;
    options.turns = options.turns && options.turns < CHECK_TURNS_MAX ? options.turns : TURNS;
    options.timeout_ms = options.timeout_ms ? options.timeout_ms : TIMEOUT_MS;
    struct run run = {.path = path, .options = &options, .parent = getpid()};
    int failed = 0;
    bool found = false;
    char how[160] = "";
    if (sodium_init() < 0)
        abort();
    json_object_seed(1);
    run.shared = mmap(NULL, sizeof *run.shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    run.loading = mmap(NULL, sizeof *run.loading, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (run.shared == MAP_FAILED || run.loading == MAP_FAILED)
        abort();
    fflush(out);
    bool loaded = run_child(&run, JOB_LOAD, 0, options.seed, how, sizeof how) && !*run.loading->problem;
    if (!loaded) {
        fprintf(out, "%s\n  FAIL  load      ", path);
        run.loading->problem[MODULE_PROBLEM_MAX - 1] = 0;
        print_clean(out, *run.loading->problem ? run.loading->problem : how, MODULE_PROBLEM_MAX);
        fputc('\n', out);
        failed = found = true;
    }
    for (uint32_t i = 0; loaded && i < run.loading->count && i < MODULE_OPERATORS_MAX; i++) {
        run.loading->ids[i][HOST_CODE_MAX] = 0;
        if (options.id && strcmp(options.id, run.loading->ids[i]) != 0)
            continue;
        found = true;
        failed |= check_operator(&run, i, out);
    }
    if (!found)
        fprintf(out, "%s\n  FAIL  load      has no operator %s\n", path, options.id);
    munmap(run.shared, sizeof *run.shared);
    munmap(run.loading, sizeof *run.loading);
    return failed || !found;
}
