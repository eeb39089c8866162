/*
 * turn.h - one request carried out by calling an operator in this process.
 *
 * Used by the server for in-process modules, by the worker for its module and by `arena check`.
 */
#ifndef HOST_TURN_H
#define HOST_TURN_H

#include "host/host.h"

/*
 * Runs turn->request with code and fills in turn->reply; turn->op is not looked at.  code is a whole struct
 * (module.h fills in what an older module does not have), quota is resolved.  Whatever code does within C's
 * rules, the reply keeps the contract: what breaks it is TURN_FAILED with a sentence.
 */
void turn_call(const arena_operator *code, const arena_quota *quota, struct turn *turn);

/* Restores the request's state and serializes it again without an event: how `arena check` finds out whether
 * bytes are canonical.  The reply has the outcome and, when that is TURN_OK, the state. */
void turn_resave(const arena_operator *code, const arena_quota *quota, struct turn *turn);

#endif
