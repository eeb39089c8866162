/*
 * call.h - one call's host: what an operator's services are made of, shared by services.c and turn.c alone.
 */
#ifndef HOST_CALL_H
#define HOST_CALL_H

#include "host/random.h"
#include "host/rules.h"

/* What runs right now, as the tags in operator.h name it. */
enum phase { PHASE_OTHER, PHASE_CREATE, PHASE_TURN, PHASE_ACTIONS };

/*
 * One call's host.  Services only note down what they were asked for, within the quota; whether that makes
 * sense is reply_problem's business at the end, so there is one set of rules for every hosting.  What leaves no
 * mark in the reply (a misplaced random, a second finish) is kept as the first problem here.
 */
struct call {
    arena_host host; /* first: services get its address */
    struct turn *turn;
    const arena_quota *quota;
    enum phase phase;
    struct random random;
    size_t allocated, said;
    struct effect *effects, *logs;
    uint32_t effect_room;
    bool rejected, bad;
    char problem[RULES_PROBLEM_MAX];
};

/* A call with its services in place, and turn->reply empty.  quota and turn are borrowed. */
void call_init(struct call *call, const arena_quota *quota, struct turn *turn);

/* Keeps the first problem: the later ones are mostly its consequences. */
__attribute__((format(printf, 2, 3))) void call_problem(struct call *call, const char *format, ...);

/* A copy of what the operator passed, in the reply's memory; notes a problem when there is none left. */
arena_text call_keep(struct call *call, arena_text text);

#endif
