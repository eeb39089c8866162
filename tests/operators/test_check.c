/*
 * test_check.c - `arena check` finds each wrong operator by the check that is meant for it, and passes the right
 * ones.  A plain program: the check forks.
 */
#include "hosting.h"

#include "host/check.h"

static const struct {
    const char *module, *line; /* the line of the report that must be there */
} wrong[] = {
    {"crash", "FAIL  contract"},
    {"overflow-stack", "FAIL  contract"},
    {"abort", "FAIL  contract"},
    {"exit", "FAIL  contract"},
    {"loop", "FAIL  contract"},
    {"say-many", "FAIL  contract"},
    {"say-much", "FAIL  contract"},
    {"state-large", "FAIL  contract"},
    {"result-odd", "FAIL  contract"},
    {"reject-silent", "FAIL  garbage"},
    {"code-odd", "FAIL  garbage"},
    {"score-nan", "FAIL  contract"},
    {"say-nobody", "FAIL  contract"},
    {"say-latin1", "FAIL  contract"},
    {"finish-twice", "FAIL  contract"},
    {"random-in-view", "FAIL  views"},
    {"active-beyond", "FAIL  contract"},
    {"say-in-create", "FAIL  contract"},
    {"timer-beyond", "FAIL  contract"},
    {"alloc-much", "ok    contract"}, /* asks until it gets no more, and copes: not wrong */
    {"state-static", "FAIL  twice"},
    {"state-trace", "FAIL  trace"},
    {"state-clock", "FAIL  twice"},
    {"state-pointer", "FAIL  fresh"},
    {"restore-anything", "FAIL  damage"},
    {"damage-crash", "FAIL  damage"},
    {"resave-drifts", "FAIL  resave"},
    {"offer-rejected", "FAIL  offers"},
    {"offer-unknown", "FAIL  offers"},
    {"garbage-accepted", "FAIL  garbage"},
    {"garbage-crash", "FAIL  garbage"},
    {"no-reason", "FAIL  garbage"},
    {"view-not-json", "FAIL  views"},
    {"view-spectator-crash", "FAIL  views"},
    {"leak-view", "FAIL  secrets"},
    {"leak-say", "FAIL  secrets"},
    {"leak-spectator", "FAIL  secrets"},
    {"never-ends", "FAIL  ends"},
    {"stuck", "FAIL  ends"},
    {"freezes", "warn  ends"},
    {"exports", "warn  exports"},
    {"no-schema", "warn  metadata"},
    {"abi-next", "FAIL  load"},
    {"no-symbol", "FAIL  load"},
    {"struct-short", "FAIL  load"},
    {"no-view", "FAIL  load"},
    {"id-odd", "FAIL  load"},
    {"id-twice", "FAIL  load"},
    {"metadata-broken", "FAIL  load"},
    {"metadata-no-players", "FAIL  load"},
    {"quota-greedy", "FAIL  load"},
    {"constructor-crash", "FAIL  load"},
    {"good", "ok    secrets"},
};

/* Operators with rule data. */
static const struct {
    const char *module, *line;
} with_data[] = {
    {"points", "ok    data"},
    {"points-finds-mistakes", "FAIL  data"},
    {"points-loads-wrong", "FAIL  data"},
};

/* Only with the system call filter. */
static const struct {
    const char *module, *line;
} forbidden[] = {
    {"open-file", "FAIL  contract"},
    {"socket", "FAIL  contract"},
    {"fork", "FAIL  contract"},
    {"thread-signal", "FAIL  contract"},
};

static int run_check(const char *path, struct check_options options, char *report, size_t size)
{
    FILE *out = fmemopen(report, size, "w");
    if (!out)
        abort();
    options.turns = 300;
    int result = check_module(path, &options, out);
    fclose(out);
    return result;
}

static void expect_line(const char *module, const char *line)
{
    static char report[16384];
    bool loops = strcmp(module, "loop") == 0; /* waits for the end of its time in each game */
    const struct check_options options = {.seed = 1, .games = loops ? 1 : 12, .timeout_ms = loops ? 1000 : 20000};
    memset(report, 0, sizeof report);
    int result = run_check(module_path(module), options, report, sizeof report - 1);
    EXPECT(strstr(report, line), "%s in the report of %s:\n%s", line, module, report);
    EXPECT(result == (strncmp(line, "FAIL", 4) == 0), "result %d of %s:\n%s", result, module, report);
}

static bool has_filter(void)
{
    struct host *host = host_open(worker_path(), note, NULL);
    load(host, "good", HOSTING_SANDBOX, 0);
    host_close(host);
    return !journal.is_unfiltered;
}

int main(void)
{
    static char report[16384];
    bool filtered = has_filter();
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        expect_line(wrong[i].module, wrong[i].line);
    for (size_t i = 0; filtered && i < sizeof forbidden / sizeof forbidden[0]; i++)
        expect_line(forbidden[i].module, forbidden[i].line);
    for (size_t i = 0; getenv("POINTS_DIR") && i < sizeof with_data / sizeof with_data[0]; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s.so", getenv("POINTS_DIR"), with_data[i].module);
        expect_line(path, with_data[i].line);
    }
    const char *starter = getenv("STARTER");
    if (starter) {
        int result = run_check(starter, (struct check_options){.seed = 1, .games = 50}, report, sizeof report - 1);
        EXPECT(result == 0 && !strstr(report, "FAIL") && !strstr(report, "warn"), "the starter passes:\n%s", report);
    }
    int result = run_check(module_path("good"), (struct check_options){.id = "nobody"}, report, sizeof report - 1);
    EXPECT(result == 1 && strstr(report, "has no operator nobody"), "%s", report);
    printf("%d failures\n", failures);
    return failures != 0;
}
