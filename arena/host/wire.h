/*
 * wire.h - turns as bytes, for the socket between the server and a worker.
 *
 * A frame is flat, little-endian and has no padding:
 *
 *     u32 length of the body   u32 kind, 'AQ01' | 'AR01' | 'AH01'   body
 *
 *     text    = u32 length, bytes                     i32, i64, f64 as their two's complement / IEEE bits
 *     request = u32 operator, u8 kind, i32 player, u32 seats, u32 joined, u32 turn, i64 now_ms, 32 bytes seed,
 *               u32 state_version, text state, text method, text content, seats x text handle
 *     reply   = u8 outcome, text code, text reason, u32 state_version, text state, u32 active, u8 finished,
 *               finished ? 16 x (f64 security, f64 utility), text view, effects, effects (the log lines)
 *     effects = u32 count, count x (u8 kind, i32 to, i32 from, i64 at_ms, text name, text text)
 *     hello   = text problem; when that is empty: u8 sandboxed, u32 count,
 *               count x (text id, text version, u32 state_version, 4 x u32 quota, text metadata)
 *
 * Whatever comes from a worker is hostile.  Decoding checks every length before use, refuses values outside their
 * enum and bytes left over, and gives texts that point into the frame: nothing is copied.  Meaning is checked
 * elsewhere (rules.h, facts_check).
 */
#ifndef HOST_WIRE_H
#define HOST_WIRE_H

#include <stdbool.h>

#include "host/module.h"

enum wire_kind { WIRE_REQUEST = 0x31305141, WIRE_REPLY = 0x31305241, WIRE_HELLO = 0x31304841 };

enum {
    WIRE_HEADER_BYTES = 8,
    WIRE_BODY_MAX = 160 << 20, /* above what the largest quotas allow */
    WIRE_WORKER_FD = 3,        /* where a worker finds its socket */
};

/* A growing frame; reused, so that a worker's steady state allocates nothing. */
struct wire_frame {
    unsigned char *bytes; /* malloc; the frame's */
    size_t len, room;
};

/* Frees the bytes. */
void wire_finish(struct wire_frame *frame);

/* Write a whole frame, header included, over what frame held. */
void wire_put_request(struct wire_frame *frame, uint32_t operator_index, const struct turn_request *request);
void wire_put_reply(struct wire_frame *frame, const struct turn_reply *reply);
void wire_put_hello(struct wire_frame *frame, const char *problem, bool sandboxed, const struct module *module);

/* Reads a header; false when the kind is not `kind` or the length is above the limit. */
bool wire_get_header(const unsigned char header[WIRE_HEADER_BYTES], enum wire_kind kind, uint32_t *length);

/* Read a body.  Results point into bytes; effects lie in pool.  False when malformed; the result is then
 * undefined but safe to overwrite. */
bool wire_get_request(const unsigned char *bytes, size_t len, uint32_t *operator_index, struct turn_request *request);
bool wire_get_reply(const unsigned char *bytes, size_t len, struct pool *pool, struct turn_reply *reply);

/* problem is NUL-ended; operators has MODULE_OPERATORS_MAX entries and count tells how many were read. */
bool wire_get_hello(const unsigned char *bytes, size_t len, char problem[MODULE_PROBLEM_MAX], bool *sandboxed,
                    struct operator_facts *operators, uint32_t *count);

#endif
