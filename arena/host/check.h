/*
 * check.h - plays the operators of a module at random and tests that they keep the contract.
 *
 * Every test game runs in a process of its own, under the sandbox's filter and with a time limit: a crash, a hang
 * or a forbidden system call is a finding like any other.  docs/operators.md describes each check and what it
 * cannot find.
 */
#ifndef HOST_CHECK_H
#define HOST_CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct check_options {
    const char *id;      /* only this operator of the module; NULL: all */
    uint64_t seed;       /* of the first game; game n has seed + n */
    uint32_t games;      /* 0 = 200 */
    uint32_t turns;      /* a game must end within so many; 0 = 2,000 */
    uint32_t timeout_ms; /* for one test game; 0 = 30,000 */
    bool verbose;        /* a line per game */
};

/* Checks the module at path and writes one line per check to out: "ok", "warn" or "FAIL", and how to reproduce
 * it.  Returns 0 when nothing failed, else 1.  Call it while the process has one thread. */
int check_module(const char *path, const struct check_options *options, FILE *out);

#endif
