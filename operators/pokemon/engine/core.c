/*
 * core.c - what plays, once more, for core rules alone (core_rules.h).
 *
 * All of it is one source here, so the compiler sees every call: only core_play_step() is known outside.  What is not
 * here is seldom needed, or never, and shared with all other rules.  Without CORE_RULES, which wants gcc's
 * -fwhole-program beside it, there is nothing here.
 */
#ifdef CORE_RULES
// NOLINTBEGIN(bugprone-suspicious-include)
#include "arrivals.c"
#include "choices.c"
#include "conditions_status.c"
#include "damage.c"
#include "effects.c"
#include "event.c"
#include "faint.c"
#include "field.c"
#include "formes.c"
#include "hit.c"
#include "listeners.c"
#include "mon.c"
#include "move.c"
#include "operations.c"
#include "operations_answer.c"
#include "operations_field.c"
#include "plain.c"
#include "program.c"
#include "queue.c"
#include "residuals.c"
#include "sets.c"
#include "sides.c"
#include "steps.c"
#include "switching.c"
#include "turn.c"
#include "typing.c"
#include "vitals.c"
#include "volatile.c"
#include "volatile_begins.c"
// NOLINTEND(bugprone-suspicious-include)
#endif
