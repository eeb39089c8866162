/*
 * sandbox.h - takes away from this process what an operator has no use for.
 *
 * There are two steps, because the dynamic linker needs more than an operator does and a module's constructors
 * run while it works:
 *
 *     sandbox_begin   before dlopen: dies with its parent, no core dumps, no new privileges, no new processes,
 *                     no file written, no socket made; files may be opened for reading
 *     sandbox_close   after dlopen: only memory, its clock, and the descriptors it already has
 *
 * Any other system call kills the process with SIGSYS.  There is no switch to turn this off.  Builds with
 * AddressSanitizer, ThreadSanitizer or MemorySanitizer do not have the filters nor the memory limit, since the
 * sanitizers' own system calls and address space do not fit; sandbox_is_real tells which build this is.
 */
#ifndef HOST_SANDBOX_H
#define HOST_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Whether this build enforces anything. */
bool sandbox_is_real(void);

/* The first step.  parent is the process to die with; memory_bytes bounds the address space, 0 for no bound.
 * False with a sentence when the system refuses: the caller must then not load anything. */
bool sandbox_begin(pid_t parent, uint64_t memory_bytes, const char **problem);

/* The second step. */
bool sandbox_close(const char **problem);

#endif
