#define _GNU_SOURCE
#include "host/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the sandbox knows the system calls of x86_64 and aarch64 only"
#endif

bool sandbox_is_real(void)
{
    return !SANITIZED;
}

/* One allowed system call.  With a mask, (argument & mask) must be equal to value. */
struct rule {
    int number;
    int argument; /* -1: no condition */
    uint32_t mask, value;
};

#define ALWAYS(name)                                                                                                   \
    {                                                                                                                  \
        SYS_##name, -1, 0, 0                                                                                           \
    }

/* What an operator needs, and what libc's own allocator, abort and exit do. */
static const struct rule rules_run[] = {
    ALWAYS(read),
    ALWAYS(write),
    ALWAYS(recvfrom),
    ALWAYS(sendto),
    ALWAYS(ppoll),
#ifdef SYS_poll
    ALWAYS(poll),
#endif
    ALWAYS(brk),
    ALWAYS(munmap),
    ALWAYS(mremap),
    ALWAYS(madvise),
    {SYS_mmap, 2, PROT_EXEC, 0},
    {SYS_mprotect, 2, PROT_EXEC, 0},
    ALWAYS(futex),
    ALWAYS(clock_gettime),
    ALWAYS(getpid),
    ALWAYS(gettid),
    ALWAYS(rt_sigprocmask),
    ALWAYS(rt_sigreturn),
    ALWAYS(restart_syscall),
    ALWAYS(exit),
    ALWAYS(exit_group),
};

/* What the dynamic linker does beside that; code pages have to be mapped. */
static const struct rule rules_load[] = {
    {SYS_openat, 2, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY},
#ifdef SYS_open
    {SYS_open, 1, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY},
    ALWAYS(access),
    ALWAYS(readlink),
    ALWAYS(stat),
#endif
    ALWAYS(faccessat),
    ALWAYS(readlinkat),
    ALWAYS(newfstatat),
    ALWAYS(fstat),
    ALWAYS(statx),
    ALWAYS(pread64),
    ALWAYS(lseek),
    ALWAYS(close),
    ALWAYS(getcwd),
    ALWAYS(getrandom),
    ALWAYS(mmap),
    ALWAYS(mprotect),
    ALWAYS(prctl),                     /* sandbox_close comes after */
    ALWAYS(seccomp),                   /* a filter can only take away */
    {SYS_prlimit64, 0, UINT32_MAX, 0}, /* its own limits only */
    ALWAYS(sched_getaffinity),
    ALWAYS(sysinfo),
    ALWAYS(uname),
    ALWAYS(set_robust_list),
    ALWAYS(rt_sigaction),
};

enum { COUNT_RUN = sizeof rules_run / sizeof rules_run[0], COUNT_LOAD = sizeof rules_load / sizeof rules_load[0] };

struct program {
    struct sock_filter lines[8 + 6 * (COUNT_RUN + COUNT_LOAD + 1)];
    unsigned short count;
};

static void put(struct program *program, struct sock_filter line)
{
    program->lines[program->count++] = line;
}

#define DATA(field) ((uint32_t)offsetof(struct seccomp_data, field))
#define LOAD(offset) ((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (offset)))
#define JUMP_EQUAL(value, yes, no) ((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), yes, no))
#define RETURN(value) ((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, (value)))

/* The number is in the accumulator before and after.  Arguments are 64 bits; their low half is looked at, as all
 * of ours are ints to the kernel. */
static void put_rule(struct program *program, const struct rule *rule)
{
    if (rule->argument < 0) {
        put(program, JUMP_EQUAL(rule->number, 0, 1));
        put(program, RETURN(SECCOMP_RET_ALLOW));
        return;
    }
    put(program, JUMP_EQUAL(rule->number, 0, 5));
    put(program, LOAD(DATA(args) + 8 * (uint32_t)rule->argument)); /* little-endian: the low half is first */
    put(program, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, rule->mask));
    put(program, JUMP_EQUAL(rule->value, 0, 1));
    put(program, RETURN(SECCOMP_RET_ALLOW));
    put(program, LOAD(DATA(nr)));
}

static bool install(const struct rule *more, size_t count)
{
    struct program program = {.count = 0};
    /* Raising a signal in itself is how a process aborts; the reason then tells the truth. */
    const struct rule raise_rule = {SYS_tgkill, 0, UINT32_MAX, (uint32_t)getpid()};
    put(&program, LOAD(DATA(arch)));
    put(&program, JUMP_EQUAL(ARCHITECTURE, 1, 0));
    put(&program, RETURN(SECCOMP_RET_KILL_PROCESS));
    put(&program, LOAD(DATA(nr))); /* x32's numbers have bit 30 and so are on no list */
    put_rule(&program, &raise_rule);
    for (size_t i = 0; i < COUNT_RUN; i++)
        put_rule(&program, &rules_run[i]);
    for (size_t i = 0; i < count; i++)
        put_rule(&program, &more[i]);
    put(&program, RETURN(SECCOMP_RET_KILL_PROCESS));
    const struct sock_fprog fprog = {program.count, program.lines};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &fprog) == 0;
}

static bool limit(int what, rlim_t value)
{
    return setrlimit((__rlimit_resource_t)what, &(struct rlimit){value, value}) == 0;
}

bool sandbox_begin(pid_t parent, uint64_t memory_bytes, const char **problem)
{
    *problem = "the system refuses to tie the worker to its parent";
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
        return false;
    *problem = "the system refuses to set the worker's limits";
    if (!limit(RLIMIT_CORE, 0) || !limit(RLIMIT_FSIZE, 0) || prctl(PR_SET_DUMPABLE, 0) != 0)
        return false;
    *problem = "the system refuses no_new_privs";
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return false;
    if (SANITIZED)
        return true;
    *problem = "the system refuses to set the worker's limits";
    if (!limit(RLIMIT_NPROC, 0) || (memory_bytes && !limit(RLIMIT_AS, memory_bytes)))
        return false;
    *problem = "the system refuses a seccomp filter";
    return install(rules_load, COUNT_LOAD);
}

static int by_byte(const void *a, const void *b)
{
    return *(const char *)a - *(const char *)b;
}

/* The C library asks how much memory there is when it first sorts more than a kilobyte, and remembers the answer; in
 * the sandbox it could not ask. */
static void sort_once(void)
{
    char bytes[4096] = {1};
    qsort(bytes, sizeof bytes, 1, by_byte);
}

bool sandbox_close(const char **problem)
{
    sort_once();
    *problem = "the system refuses to set the worker's limits";
    if (!SANITIZED && !limit(RLIMIT_NOFILE, 0)) /* what is open stays open */
        return false;
    *problem = "the system refuses a seccomp filter";
    return SANITIZED || install(NULL, 0);
}
